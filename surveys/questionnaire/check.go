package questionnaire

import (
	"fmt"
	"strconv"
	"strings"
)

// The most a questionnaire may hold. They are far above what anybody answers,
// and keep a page, a workbook and a report of it within their budgets.
const (
	maxLanguages = 20
	maxParts     = 500
	maxItems     = 1_000
	maxGroups    = 300
	maxRows      = 50
	maxChoices   = 1_000 // of one item
	maxScales    = 100
	maxMeasures  = 100
)

// Problem is one thing wrong with a definition.
type Problem struct {
	Where string // `item "stress"`, `scale "wellbeing"`, `title`, or the path in a JSON text
	Cause string // what is wrong, in plain English
}

// Problems are all that is wrong with a definition, in its own order.
type Problems []Problem

// Error has a line for each problem: where, a colon, the cause.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Where + ": " + problem.Cause
	}
	return strings.Join(lines, "\n")
}

// checker collects the problems of one definition.
type checker struct {
	definition *Definition
	problems   Problems
	variables  map[ItemID]*Variable
	waves      map[ItemID][]Wave // of items
	items      map[ItemID]*Item
	rows       map[ItemID]*Item // of then-and-now batteries
	groups     map[ItemID]*Group
	names      map[string]target
	trees      []parsed // expressions that could be read
}

// Check returns nil or Problems: everything that keeps d from being published,
// each naming where it is and why. Words that a language other than the source
// language lacks are no problem; Untranslated lists them.
func (d Definition) Check() error {
	c := newChecker(&d)
	c.languages()
	c.texts()
	c.groupsOf()
	c.parseAll()
	c.parts()
	c.ids()
	for i := range d.Scales {
		c.scale(&d.Scales[i])
	}
	c.measures()
	c.cells("sheet", "settings", d.Sheet)
	c.logic()
	if len(c.problems) == 0 {
		return nil
	}
	return c.problems
}

func newChecker(d *Definition) *checker {
	return &checker{
		definition: d, variables: map[ItemID]*Variable{}, waves: map[ItemID][]Wave{},
		items: map[ItemID]*Item{}, rows: map[ItemID]*Item{}, groups: map[ItemID]*Group{},
	}
}

func (c *checker) fail(where, cause string, args ...any) {
	c.problems = append(c.problems, Problem{Where: where, Cause: fmt.Sprintf(cause, args...)})
}

// atMost reports a list that is too long.
func (c *checker) atMost(where, what string, n, limit int) {
	if n > limit {
		c.fail(where, "has %d %s, may have at most %d", n, what, limit)
	}
}

// parts checks all parts and items, and remembers their variables.
func (c *checker) parts() {
	d := c.definition
	count, codes := 0, 0
	for i := range d.Parts {
		part := &d.Parts[i]
		count += len(part.Items)
		if len(part.Items) == 0 {
			c.fail("part "+quoted(string(part.ID)), "has no items")
		}
		c.waveList("part "+quoted(string(part.ID)), part.Waves)
		c.short("part "+quoted(string(part.ID)), "name", part.Name)
		c.cells("part "+quoted(string(part.ID)), "sheet", part.Sheet)
		for j := range part.Items {
			if part.Items[j].Kind == KindLinkageCode {
				codes++
			}
		}
	}
	c.rememberAll()
	c.eachItem()
	if len(d.Parts) == 0 {
		c.fail("parts", "there must be at least one")
	}
	if codes > 1 {
		c.fail("parts", "have %d linkage codes, may have one", codes)
	}
	c.atMost("parts", "parts", len(d.Parts), maxParts)
	c.atMost("parts", "items", count, maxItems)
	c.atMost("scales", "scales", len(d.Scales), maxScales)
	c.atMost("measures", "measures", len(d.Measures), maxMeasures)
}

func (c *checker) rememberAll() {
	for i := range c.definition.Parts {
		part := &c.definition.Parts[i]
		for j := range part.Items {
			c.remember(part, &part.Items[j])
		}
	}
	for _, p := range c.trees {
		if v := c.variables[p.owner]; v != nil && v.Kind == KindCalculated && p.place == placeCalculation {
			v.Numeric = isNumber(p.tree)
		}
	}
}

// remember makes an item and its variables known, so that others can refer to
// what comes later. The first of two with the same id wins; names reports it.
func (c *checker) remember(part *Part, item *Item) {
	if _, ok := c.items[item.ID]; ok {
		return
	}
	c.items[item.ID] = item
	c.waves[item.ID] = part.wavesOf(item)
	variables, err := item.variables(part, c.definition.Languages)
	if err != nil {
		return // eachItem reports the unknown kind
	}
	for i := range variables {
		c.variables[variables[i].ID] = &variables[i]
	}
	if item.Kind == KindThenNow {
		for _, row := range item.Rows {
			c.rows[row.ID] = item
		}
	}
}

func (c *checker) eachItem() {
	for i := range c.definition.Parts {
		part := &c.definition.Parts[i]
		for j := range part.Items {
			item := &part.Items[j]
			c.waveList(whereItem(item), item.Waves)
			if len(part.Waves) > 0 && len(part.wavesOf(item)) < len(item.Waves) {
				c.fail(whereItem(item), "is asked at a wave at which its part %s is not", quoted(string(part.ID)))
			}
			behaviour, err := behaviourOf(item.Kind)
			if err != nil {
				c.fail(whereItem(item), "%v", err)
				continue
			}
			behaviour.check(c, item)
			c.everyKind(item)
		}
	}
}

func (c *checker) waveList(where string, waves []Wave) {
	seen := map[Wave]bool{}
	for _, wave := range waves {
		switch wave {
		case WavePre, WavePost, WaveFollowUp:
		default:
			c.fail(where, "wave %s is not one of pre, post, follow_up", quoted(string(wave)))
		}
		if seen[wave] {
			c.fail(where, "wave %s is there twice", quoted(string(wave)))
		}
		seen[wave] = true
	}
}

func whereItem(item *Item) string { return "item " + quoted(string(item.ID)) }

// quoted quotes what an author wrote, and shortens it if it is very long.
func quoted(text string) string {
	const limit = 60
	if runes := []rune(text); len(runes) > limit {
		text = string(runes[:limit]) + "…"
	}
	return strconv.Quote(text)
}
