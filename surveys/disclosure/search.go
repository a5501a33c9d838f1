package disclosure

import "slices"

// search looks for whole numbers that fit. It narrows the bounds of all counts by
// the sums they are in until nothing moves, halves the range of one count that is
// still open, and goes on: constraint propagation with backtracking.
type search struct {
	*Table
	low, high []int // by cell
	undo      []change
	steps     int
}

// change is what the bounds of a cell were.
type change struct{ cell, low, high int }

// mostSteps is after how many halvings the search for one bound is given up.
const mostSteps = 200_000

func newSearch(t *Table) *search {
	s := &search{Table: t}
	for _, c := range t.cells {
		s.low, s.high = append(s.low, c.low), append(s.high, c.high)
	}
	return s
}

// narrowAll narrows the bounds by every sum; false if nothing fits.
func (s *search) narrowAll() bool {
	all := make([]int, len(s.sums))
	for i := range all {
		all[i] = i
	}
	for i := range s.low {
		if s.low[i] > s.high[i] {
			return false
		}
	}
	return s.narrow(all)
}

// narrow narrows the bounds by those sums, and by what that moves.
func (s *search) narrow(queue []int) bool {
	waiting := make(map[int]bool, len(queue))
	for _, i := range queue {
		waiting[i] = true
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		waiting[at] = false
		moved, ok := s.narrowSum(&s.sums[at])
		if !ok {
			return false
		}
		for _, cell := range moved {
			for _, next := range s.uses[cell] {
				if !waiting[next] {
					waiting[next], queue = true, append(queue, next)
				}
			}
		}
	}
	return true
}

// narrowSum narrows the bounds of a total by its parts and of each part by the
// total and the others, and lists what moved.
func (s *search) narrowSum(one *sum) (moved []int, ok bool) {
	low, high := 0, 0
	for _, p := range one.parts {
		low, high = low+s.low[p], high+s.high[p]
	}
	set := func(cell, least, most int) bool {
		changed, fits := s.set(cell, least, most)
		if changed {
			moved = append(moved, cell)
		}
		return fits
	}
	if !set(one.total, low, high) {
		return nil, false
	}
	for _, p := range one.parts {
		least, most := s.low[one.total]-(high-s.high[p]), s.high[one.total]-(low-s.low[p])
		before := [2]int{s.low[p], s.high[p]}
		if !set(p, least, most) {
			return nil, false
		}
		low, high = low+s.low[p]-before[0], high+s.high[p]-before[1]
	}
	return moved, true
}

// set narrows the bounds of a cell, and tells whether they moved and still fit.
func (s *search) set(cell, low, high int) (changed, fits bool) {
	low, high = max(low, s.low[cell]), min(high, s.high[cell])
	if low > high {
		return false, false
	}
	if low == s.low[cell] && high == s.high[cell] {
		return false, true
	}
	s.undo = append(s.undo, change{cell, s.low[cell], s.high[cell]})
	s.low[cell], s.high[cell] = low, high
	return true, true
}

// back takes back all changes since there were so many.
func (s *search) back(to int) {
	for i := len(s.undo) - 1; i >= to; i-- {
		c := s.undo[i]
		s.low[c.cell], s.high[c.cell] = c.low, c.high
	}
	s.undo = s.undo[:to]
}

// extreme returns the least value of a cell that fits, from below, or the greatest,
// from above with step -1.
func (s *search) extreme(cell, step int) (int, error) {
	from, to := s.low[cell], s.high[cell]
	if step < 0 {
		from, to = to, from
	}
	for v := from; ; v += step {
		s.steps = 0
		at := len(s.undo)
		fits := s.try(cell, v, v)
		s.back(at)
		switch {
		case fits:
			return v, nil
		case s.steps > mostSteps:
			return 0, ErrTooHard
		case v == to:
			return 0, ErrContradiction
		}
	}
}

// try reports whether there are numbers that fit with a cell from low to high.
func (s *search) try(cell, low, high int) bool {
	if s.steps++; s.steps > mostSteps {
		return false
	}
	changed, fits := s.set(cell, low, high)
	if !fits || changed && !s.narrow(slices.Clone(s.uses[cell])) {
		return false
	}
	open := s.open()
	if open < 0 {
		return true
	}
	at, middle := len(s.undo), (s.low[open]+s.high[open])/2
	low, high = s.low[open], s.high[open]
	if s.try(open, low, middle) {
		return true
	}
	s.back(at)
	return s.try(open, middle+1, high)
}

// open returns the cell in a sum with the fewest values left, of those that have
// more than one; -1 if there is none.
func (s *search) open() int {
	best, width := -1, Unknown*2
	for i := range s.low {
		if w := s.high[i] - s.low[i]; w > 0 && w < width && len(s.uses[i]) > 0 {
			best, width = i, w
		}
	}
	return best
}
