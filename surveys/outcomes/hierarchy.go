package outcomes

import (
	"cmp"
	"encoding/binary"
	"fmt"
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
	sets   []classSet // members, by node
	alike  [][]int    // nodes with the same members
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
	h.nest(choices(where)...)
	return h
}

// choices are the choices of divisions that groups are taken from to be taken out
// of what is around them: all by place; these without one of them, since where
// institutions and phases overlap the one may hide what the other shows; and each
// division by itself.
func choices(where []division) []func(groupKey) bool {
	placed := func(key groupKey) bool { return slices.Contains(placed, key.by) }
	all := []func(groupKey) bool{placed}
	for i := range where {
		v := &where[i]
		if v.cohorts != nil {
			all = append(all, func(key groupKey) bool { return placed(key) && key.by != v.by })
		}
		all = append(all, func(key groupKey) bool { return key.by == v.by && key.item == v.item })
	}
	return all
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
	h.nest(func(groupKey) bool { return true })
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
	h.nest(func(groupKey) bool { return true })
	return h
}

// nest works out what lies within what for each choice of groups.
func (h *hierarchy) nest(choices ...func(groupKey) bool) {
	classes := 0
	for _, members := range h.members {
		for _, class := range members {
			classes = max(classes, class+1)
		}
	}
	h.sets = make([]classSet, len(h.members))
	for node, members := range h.members {
		h.sets[node] = newClassSet(classes, members)
	}
	order := slices.Sorted(maps.Values(h.nodes))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(h.members[b]), len(h.members[a])) })
	within := make([][]int, len(h.members))
	within[0] = order
	for node := 1; node < len(h.members); node++ {
		for _, inner := range order {
			if len(h.members[inner]) < len(h.members[node]) && h.sets[inner].within(h.sets[node]) {
				within[node] = append(within[node], inner)
			}
		}
	}
	h.alike = h.twins()
	keys := make([]groupKey, len(h.members))
	for key, node := range h.nodes {
		keys[node] = key
	}
	for _, chosen := range choices {
		inside := make([][]int, len(within))
		for node, inner := range within {
			for _, one := range inner {
				if chosen(keys[one]) {
					inside[node] = append(inside[node], one)
				}
			}
		}
		h.inside = append(h.inside, inside)
	}
}

// twins lists the nodes that have the same members as another: an institution and
// its only cohort.
func (h *hierarchy) twins() (alike [][]int) {
	same := map[string][]int{}
	for node := 1; node < len(h.members); node++ {
		if len(h.members[node]) > 0 {
			key := fmt.Sprint(h.sets[node])
			same[key] = append(same[key], node)
		}
	}
	for _, nodes := range same {
		if len(nodes) > 1 {
			alike = append(alike, nodes)
		}
	}
	return alike
}

// classSet is a set of classes.
type classSet []uint64

func newClassSet(classes int, members []int) classSet {
	set := make(classSet, (classes+63)/64)
	for _, class := range members {
		set[class/64] |= 1 << (class % 64)
	}
	return set
}

// within reports whether all of b is in other.
func (b classSet) within(other classSet) bool {
	for i, word := range b {
		if word&^other[i] != 0 {
			return false
		}
	}
	return true
}

// meets reports whether something of b is in other.
func (b classSet) meets(other classSet) bool {
	for i, word := range b {
		if word&other[i] != 0 {
			return true
		}
	}
	return false
}

// add puts all of other into b.
func (b classSet) add(other classSet) {
	for i, word := range other {
		b[i] |= word
	}
}

// node returns the node of a group, 0 if there is none.
func (h *hierarchy) node(by string, item questionnaire.ItemID, name string) int {
	return h.nodes[groupKey{by, item, name}]
}

// cells are the counts of the groups of a hierarchy, and which are hidden.
type cells struct {
	*hierarchy
	counts [][]int // by node
	hidden []bool  // by node

	// small reports whether counts are too small to be worked out.
	small func(counts []int, smallest int) bool
}

// newCells is everyone with these counts, and all groups hidden and empty.
func newCells(h *hierarchy, everyone []int) *cells {
	c := &cells{h, make([][]int, len(h.members)), make([]bool, len(h.members)), few}
	for i := range c.counts {
		c.counts[i], c.hidden[i] = make([]int, len(everyone)), i > 0
	}
	c.counts[0] = everyone
	return c
}

// protect hides more groups until what is hidden in each one that is shown is
// nobody or at least smallest people. A group that is shown is known, so what can
// be worked out is its count without those of the groups shown within it. Last,
// groups that were hidden for another's sake and need not be are shown again.
func (c *cells) protect(smallest int) {
	small := slices.Clone(c.hidden)
	for again := true; again; {
		again = c.hideTwins()
		for _, inside := range c.inside {
			for node := range c.members {
				if least := c.leak(node, inside[node], smallest); least > 0 {
					c.hidden[least], again = true, true
				}
			}
		}
	}
	c.showAgain(small, smallest)
}

// showAgain shows those groups, the largest first, that are neither small nor needed
// to hide one that is.
func (c *cells) showAgain(small []bool, smallest int) {
	needed := map[int]bool{}
	for _, nodes := range c.alike {
		if slices.ContainsFunc(nodes, func(node int) bool { return small[node] }) {
			for _, node := range nodes {
				needed[node] = true
			}
		}
	}
	var order []int
	for node := range c.members {
		if c.hidden[node] && !small[node] && !needed[node] {
			order = append(order, node)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.size(b), c.size(a)) })
	for _, node := range order {
		if !c.hidden[node] {
			continue // with its twin
		}
		together := c.twinsOf(node)
		for _, one := range together {
			c.hidden[one] = false
		}
		if c.leaks(smallest) {
			for _, one := range together {
				c.hidden[one] = true
			}
		}
	}
}

// twinsOf lists the nodes with the same members as a node, and it.
func (c *cells) twinsOf(node int) []int {
	for _, nodes := range c.alike {
		if slices.Contains(nodes, node) {
			return nodes
		}
	}
	return []int{node}
}

// leaks reports whether too little can be worked out anywhere.
func (c *cells) leaks(smallest int) bool {
	for _, inside := range c.inside {
		for node := range c.members {
			if c.leak(node, inside[node], smallest) > 0 {
				return true
			}
		}
	}
	return false
}

// hideTwins hides what has the same members as something hidden, and tells whether
// there was any.
func (c *cells) hideTwins() (did bool) {
	for _, nodes := range c.alike {
		if !slices.ContainsFunc(nodes, func(node int) bool { return c.hidden[node] }) {
			continue
		}
		for _, node := range nodes {
			did = did || !c.hidden[node]
			c.hidden[node] = true
		}
	}
	return did
}

// leak returns the smallest group shown in node if what can be worked out there is
// too little, 0 if it is not or node is hidden.
func (c *cells) leak(node int, inside []int, smallest int) int {
	if c.hidden[node] {
		return 0
	}
	rest, least := slices.Clone(c.counts[node]), 0
	taken := make(classSet, len(c.sets[node]))
	for _, inner := range inside {
		if c.hidden[inner] || c.size(inner) == 0 {
			continue
		}
		if c.sets[inner].meets(taken) {
			continue
		}
		taken.add(c.sets[inner])
		for k, n := range c.counts[inner] {
			rest[k] -= n
		}
		if least == 0 || c.size(inner) < c.size(least) {
			least = inner
		}
	}
	if least == 0 || !c.small(rest, smallest) {
		return 0
	}
	return least
}

// size is the last count of a group: its people.
func (c *cells) size(node int) int { return c.counts[node][len(c.counts[node])-1] }
