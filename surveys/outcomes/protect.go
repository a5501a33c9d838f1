package outcomes

import (
	"cmp"
	"slices"
)

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
