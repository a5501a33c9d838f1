package questionnaire

import (
	"fmt"
	"slices"

	"soundings/surveys/expression"
)

// Warnings lists what does not keep d from being published but is seldom meant:
// a relevance that looks at a later item, which is blank when the page without
// JavaScript asks; a choice compared with a code that it does not have; what is
// never shown; names that two items share; groups with nothing in them. Wording
// is not looked at.
func (d Definition) Warnings() []Problem {
	c := newChecker(&d)
	c.groupsOf()
	c.parseAll()
	c.rememberAll()
	c.problems = nil // those that Check reports
	c.forward()
	for _, p := range c.trees {
		c.comparisons(p)
	}
	c.neverShown()
	c.sharedNames()
	c.emptyGroups()
	return c.problems
}

// forward reports every relevance that looks at an item that is asked later.
func (c *checker) forward() {
	places := c.positions()
	for _, p := range c.trees {
		if p.place != placeRelevant {
			continue
		}
		for _, name := range p.tree.References() {
			if later := c.askedAfter(name, places[p.owner], places, map[string]bool{}); later != "" {
				c.fail(p.where, "looks at item %s, which is asked later", quoted(string(later)))
				break
			}
		}
	}
}

// positions numbers the items in the order of the form; a group and a part stand
// where their first item does.
func (c *checker) positions() map[ItemID]int {
	places, n := map[ItemID]int{}, 0
	first := func(id ItemID) {
		if _, ok := places[id]; !ok {
			places[id] = n
		}
	}
	for i := range c.definition.Parts {
		first(c.definition.Parts[i].ID)
		for j := range c.definition.Parts[i].Items {
			item := &c.definition.Parts[i].Items[j]
			first(item.ID)
			for group, ok := c.groups[item.Group]; ok && places[group.ID] == 0; group, ok = c.groups[group.In] {
				first(group.ID)
				if group.In == group.ID {
					break
				}
			}
			n++
		}
	}
	return places
}

// askedAfter is an item that a name leads to, through calculations, and that is
// asked after a place; "" if there is none.
func (c *checker) askedAfter(name string, place int, places map[ItemID]int, seen map[string]bool) ItemID {
	r := c.names[name]
	if seen[name] || r.wrong(name) != "" || r.item.Kind == KindHidden {
		return ""
	}
	seen[name] = true
	if r.item.Kind != KindCalculated {
		if places[r.item.ID] > place {
			return r.item.ID
		}
		return ""
	}
	for _, p := range c.trees {
		if p.owner != r.item.ID || p.place != placeCalculation {
			continue
		}
		for _, other := range p.tree.References() {
			if later := c.askedAfter(other, place, places, seen); later != "" {
				return later
			}
		}
	}
	return ""
}

// neverShown reports every condition that is false whatever the answers are.
func (c *checker) neverShown() {
	for _, p := range c.trees {
		if p.place == placeRelevant && c.isNever(p, p.tree) {
			c.fail(p.where, "is never true, so this is never shown")
		}
	}
}

// isNever says whether a condition is false whatever the answers are: it looks at
// none, or asks for a choice that is not there.
func (c *checker) isNever(p parsed, t *expression.Tree) bool {
	if isConstant(t, false) {
		return true
	}
	never := func(arg *expression.Tree) bool { return c.isNever(p, arg) }
	switch {
	case t.Op == "and":
		return slices.ContainsFunc(t.Args, never)
	case t.Op == "or":
		return !slices.ContainsFunc(t.Args, func(arg *expression.Tree) bool { return !never(arg) })
	case t.Op == "!=":
		return false
	}
	one, ok := comparisonOf(t)
	if !ok {
		return false
	}
	v := c.compared(p, one.of)
	return v != nil && v.cannotBe(one) != ""
}

// sharedNames reports names that lead to several items and that nothing looks at;
// one that is looked at is a problem.
func (c *checker) sharedNames() {
	told := map[string]bool{}
	c.definition.eachItem(func(item *Item) {
		name := item.ReferenceName()
		if r := c.names[name]; len(r.places) > 1 && !told[name] {
			told[name] = true
			c.fail(whereItem(item), "has the name %s like %d other items, so no expression can look at it by name", quoted(name), len(r.places)-1)
		}
	})
}

func (c *checker) emptyGroups() {
	held := map[ItemID]bool{}
	c.definition.eachItem(func(item *Item) { held[item.Group] = true })
	for i := range c.definition.Groups {
		held[c.definition.Groups[i].In] = true
	}
	for i := range c.definition.Groups {
		if g := &c.definition.Groups[i]; !held[g.ID] {
			c.fail(whereGroup(g), "has nothing in it")
		}
	}
}

// String is where, a colon, the cause.
func (p Problem) String() string { return fmt.Sprintf("%s: %s", p.Where, p.Cause) }
