package outcomes

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// hierarchy says which groups lie within which. A group is a set of classes, which
// are the people who are in the same group of every division; node 0 is everyone.
type hierarchy struct {
	nodes   map[groupKey]int
	members [][]int // by node: classes; of everyone: all

	// inside lists by node the nodes within it, those of most classes first. There
	// is one such list for each choice of divisions, since where institutions and
	// phases overlap the one may hide what the other shows.
	inside [][][]int
}

type groupKey struct {
	by   string
	item questionnaire.ItemID
	name string
}

// newHierarchy works out what lies within what.
func newHierarchy(where []division) *hierarchy {
	h := &hierarchy{nodes: map[groupKey]int{}, members: make([][]int, 1)}
	classes := crossClasses(where)
	for i := range where {
		h.addDivision(&where[i], i, classes)
	}
	for _, leftOut := range []string{"", "institution", "phase"} {
		h.inside = append(h.inside, h.within(leftOut))
	}
	return h
}

// crossClasses lists the classes: of each its group in every division.
func crossClasses(where []division) [][]int {
	if len(where) == 0 {
		return nil
	}
	var classes [][]int
	known, key := map[string]bool{}, []byte{}
	for _, entry := range where[0].classed() {
		key = key[:0]
		for i := range where {
			key = binary.AppendVarint(key, int64(where[i].of[entry]))
		}
		if known[string(key)] {
			continue
		}
		known[string(key)] = true
		class := make([]int, len(where))
		for i := range where {
			class[i] = where[i].of[entry]
		}
		classes = append(classes, class)
	}
	return classes
}

// classed lists the entries that are sorted into classes.
func (v *division) classed() []int {
	if v.people != nil {
		return v.people
	}
	all := make([]int, len(v.of))
	for i := range all {
		all[i] = i
	}
	return all
}

// placesOf are the divisions by place of all entries: the table of reach counts
// responses where they were sent from, beside people.
func placesOf(where []division) []division {
	var places []division
	for _, one := range where {
		if one.counted() {
			one.people = nil
			places = append(places, one)
		}
	}
	return places
}

// addDivision adds the groups of division number n.
func (h *hierarchy) addDivision(v *division, n int, classes [][]int) {
	first := len(h.members)
	for _, g := range v.groups {
		h.nodes[groupKey{v.by, v.item, g.name}] = len(h.members)
		h.members = append(h.members, nil)
	}
	for class, of := range classes {
		if g := of[n]; g != noGroup {
			h.members[first+g] = append(h.members[first+g], class)
		}
	}
}

// flat is the hierarchy of rows that lie beside each other.
func flat(rows []ReachRow, by string) *hierarchy {
	h := &hierarchy{nodes: map[groupKey]int{}, members: make([][]int, 1)}
	for i := range rows {
		if rows[i].By == by {
			h.nodes[groupKey{by: by, name: rows[i].Name}] = len(h.members)
			h.members = append(h.members, []int{i})
		}
	}
	h.inside = [][][]int{h.within("")}
	return h
}

// calendarOf is the hierarchy of months within quarters. The members of a node are
// rows of months.
func calendarOf(rows []ReachRow) *hierarchy {
	h := &hierarchy{nodes: map[groupKey]int{}, members: make([][]int, 1)}
	add := func(by, name string, row int) {
		key := groupKey{by: by, name: name}
		if h.nodes[key] == 0 {
			h.nodes[key] = len(h.members)
			h.members = append(h.members, nil)
		}
		node := h.nodes[key]
		h.members[node] = append(h.members[node], row)
	}
	for i := range rows {
		if rows[i].By != "month" {
			continue
		}
		add("month", rows[i].Name, i)
		if at, err := time.Parse("2006-01", rows[i].Name); err == nil {
			add("quarter", QuarterOf(at), i)
		}
	}
	h.inside = [][][]int{h.within("")}
	return h
}

// within lists by node what lies within it, without the groups of one division.
func (h *hierarchy) within(leftOut string) [][]int {
	kept := slices.Sorted(maps.Values(h.nodes))
	for key, node := range h.nodes {
		if key.by == leftOut {
			kept = slices.DeleteFunc(kept, func(n int) bool { return n == node })
		}
	}
	slices.SortStableFunc(kept, func(a, b int) int { return cmp.Compare(len(h.members[b]), len(h.members[a])) })
	around := map[int][]int{} // by class: the groups it is in
	for node := 1; node < len(h.members); node++ {
		for _, class := range h.members[node] {
			around[class] = append(around[class], node)
		}
	}
	inside := make([][]int, len(h.members))
	inside[0] = kept
	for _, node := range kept {
		shared := map[int]int{} // by group: how many of the node's classes it has
		for _, class := range h.members[node] {
			for _, other := range around[class] {
				shared[other]++
			}
		}
		for other, n := range shared {
			if n == len(h.members[node]) && n < len(h.members[other]) {
				inside[other] = append(inside[other], node)
			}
		}
	}
	return inside
}

// node returns the node of a group, 0 if there is none.
func (h *hierarchy) node(by string, item questionnaire.ItemID, name string) int {
	return h.nodes[groupKey{by, item, name}]
}

// cells are the counts of the groups of a hierarchy, and which are hidden.
type cells struct {
	*hierarchy
	counts [][]int // by node
	hidden []bool  // by node; everyone never is
}

func newCells(h *hierarchy, everyone []int) *cells {
	c := &cells{h, make([][]int, len(h.members)), make([]bool, len(h.members))}
	for i := range c.counts {
		c.counts[i] = make([]int, len(everyone))
	}
	c.counts[0] = everyone
	return c
}

// protect hides more groups until what is hidden in each one that is shown is
// nobody or at least smallest people. A group that is shown is known, so what can
// be worked out is its count without those of the groups shown within it.
func (c *cells) protect(smallest int) {
	for again := true; again; {
		again = false
		for _, inside := range c.inside {
			for node := range c.members {
				again = !c.hidden[node] && c.protectNode(node, inside[node], smallest) || again
			}
		}
	}
}

// protectNode hides the smallest group shown in node if what can be worked out
// there is too little, and tells whether it did.
func (c *cells) protectNode(node int, inside []int, smallest int) bool {
	rest, least := slices.Clone(c.counts[node]), 0
	taken := map[int]bool{} // classes
	for _, inner := range inside {
		if c.hidden[inner] || c.size(inner) == 0 {
			continue
		}
		if slices.ContainsFunc(c.members[inner], func(class int) bool { return taken[class] }) {
			continue
		}
		for _, class := range c.members[inner] {
			taken[class] = true
		}
		for k, n := range c.counts[inner] {
			rest[k] -= n
		}
		if least == 0 || c.size(inner) < c.size(least) {
			least = inner
		}
	}
	if least == 0 || !few(rest, smallest) {
		return false
	}
	c.hidden[least] = true
	return true
}

// size is the last count of a group: its people.
func (c *cells) size(node int) int { return c.counts[node][len(c.counts[node])-1] }
