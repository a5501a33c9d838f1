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

// node returns the node of a group, 0 if there is none.
func (h *hierarchy) node(by string, item questionnaire.ItemID, name string) int {
	return h.nodes[groupKey{by, item, name}]
}
