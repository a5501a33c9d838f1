package pairing

import (
	"math/bits"
	"slices"
)

// shelves sorts the members still left by their codes with some elements left out:
// all members on one shelf agree on all others. That is how everybody at most k
// elements away is found without comparing everybody with everybody.
type shelves struct {
	left  []int32 // members without a pair, in order
	shelf map[code]int32
	first [][2]int32 // shelf → its first member of each wave, or none
	next  []int32    // member → next member of its wave on its shelf, or none
	of    []int32    // member → its shelf, or none
}

const none int32 = -1

func newShelves(b *block) *shelves {
	s := &shelves{next: make([]int32, len(b.members)), of: make([]int32, len(b.members))}
	for i := range b.members {
		s.of[i] = none
		if !b.members[i].done {
			s.left = append(s.left, int32(i))
		}
	}
	s.shelf = make(map[code]int32, len(s.left))
	return s
}

// fill puts every member left on the shelf of its code without mask. Members are
// put in front, in falling order, so that each shelf is sorted by id.
func (s *shelves) fill(b *block, mask mask) {
	clear(s.shelf)
	s.first = s.first[:0]
	for _, i := range slices.Backward(s.left) {
		m := &b.members[i]
		s.of[i] = none
		c, ok := m.code.without(mask, b.size)
		if !ok {
			continue
		}
		n, ok := s.shelf[c]
		if !ok {
			n = int32(len(s.first))
			s.shelf[c] = n
			s.first = append(s.first, [2]int32{none, none})
		}
		s.of[i], s.next[i], s.first[n][m.wave] = n, s.first[n][m.wave], i
	}
}

// masks returns all sets of k of size elements, each with the parts in also.
func masks(size, k int, also mask) []mask {
	var sets []mask
	for m := range mask(1) << size {
		if bits.OnesCount16(uint16(m)) == k {
			sets = append(sets, m|also)
		}
	}
	return sets
}

// candidates returns, for every member left, up to limit members of the other wave
// that agree with it on everything but one of the masks, without those refused.
// Lists are shorter than limit only if there are no more.
func (b *block) candidates(masks []mask, limit int) [][]int32 {
	found := make([][]int32, len(b.members))
	s := newShelves(b)
	backing := make([]int32, len(s.left)*limit)
	for k, i := range s.left {
		found[i] = backing[k*limit : k*limit : (k+1)*limit]
	}
	for _, mask := range masks {
		s.fill(b, mask)
		for _, i := range s.left {
			found[i] = s.collect(b, i, found[i])
		}
	}
	return found
}

// collect adds those of the other wave on member i's shelf to found until it is
// full. A member is on the shelf of a candidate once per mask they agree under.
func (s *shelves) collect(b *block, i int32, found []int32) []int32 {
	if s.of[i] == none {
		return found
	}
	other := 1 - b.members[i].wave
	for j := s.first[s.of[i]][other]; j != none && len(found) < cap(found); j = s.next[j] {
		if !slices.Contains(found, j) && !b.forbids(i, j) {
			found = append(found, j)
		}
	}
	return found
}

// sharing returns which of the members left have the complete code of another
// member left of their wave and block.
func (b *block) sharing() []bool {
	s := newShelves(b)
	s.fill(b, anyUnit)
	shared := make([]bool, len(b.members))
	for i, n := range s.of {
		if n != none {
			head := s.first[n][b.members[i].wave]
			shared[i] = s.next[head] != none
		}
	}
	return shared
}

// onlyEachOther returns the pairs of a pre and a post member that are each the
// only candidate of the other. Such pairs are no candidates of anybody else, so
// taking one never changes another: once is enough, and the order is no matter.
func (b *block) onlyEachOther(found [][]int32) [][2]int32 {
	var pairs [][2]int32
	for i, c := range found {
		if b.members[i].wave == 0 && len(c) == 1 && len(found[c[0]]) == 1 {
			pairs = append(pairs, [2]int32{int32(i), c[0]})
		}
	}
	return pairs
}
