package outcomes

import (
	"cmp"
	"math"
	"slices"
)

// Counting the different values of a list beats sorting it if the list is long and
// they are few, as the scores of a scale are.
const (
	longList   = 128
	mostLevels = 96
	levelSlots = 256 // a power of two, above twice mostLevels, so that a search ends soon
)

// levels are the different values of a list.
type levels struct {
	slots  [levelSlots]uint8 // by hash of a value: its index from 1; 0 is free
	values []float64
	counts []int // how often each occurs
}

// levelsOf counts the values of a long list; nil if there are too many different
// ones, or the list is not long.
func levelsOf(list []float64) *levels {
	if len(list) < longList {
		return nil
	}
	l := &levels{values: make([]float64, 0, mostLevels+1), counts: make([]int, 0, mostLevels+1)}
	for _, v := range list {
		l.counts[l.index(v)]++
		if len(l.values) > mostLevels {
			return nil
		}
	}
	return l
}

// index returns where v is in values, at the end if it is new.
func (l *levels) index(v float64) int {
	v += 0 // one zero, not two
	const spread = 0x9E3779B97F4A7C15
	for slot := math.Float64bits(v) * spread >> 56; ; slot = (slot + 1) % levelSlots {
		at := int(l.slots[slot]) - 1
		if at < 0 {
			l.values, l.counts = append(l.values, v), append(l.counts, 0)
			l.slots[slot] = uint8(len(l.values))
			return len(l.values) - 1
		}
		if l.values[at] == v {
			return at
		}
	}
}

// order lists the indices of the values from the lowest.
func (l *levels) order() []int {
	order := make([]int, len(l.values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(l.values[a], l.values[b]) })
	return order
}

// sorted returns the list in order.
func (l *levels) sorted() []float64 {
	n := 0
	for _, c := range l.counts {
		n += c
	}
	list := make([]float64, 0, n)
	for _, i := range l.order() {
		for range l.counts[i] {
			list = append(list, l.values[i])
		}
	}
	return list
}

// midranks is midranks of the list.
func (l *levels) midranks(list []float64) (ranks []float64, ties float64) {
	rank, before := make([]float64, len(l.values)), 0
	for _, i := range l.order() {
		n := l.counts[i]
		rank[i] = float64(2*before+n+1) / 2
		t := float64(n)
		ties += t*t*t - t
		before += n
	}
	ranks = make([]float64, len(list))
	for i, v := range list {
		ranks[i] = rank[l.index(v)]
	}
	return ranks, ties
}
