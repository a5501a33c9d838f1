package pairing

import (
	"cmp"
	"maps"
	"slices"
)

// code is a linkage code within one block, its elements numbered from 1 in order
// of appearance; 0 is blank, or left out. The unit, numbered likewise, comes last.
type code [MaxElements + 1]int32

const unit = MaxElements

// mask is the parts of a code to leave out, one bit each.
type mask uint16

// anyUnit leaves the unit out, so that units of a block meet.
const anyUnit mask = 1 << unit

// without returns c with the parts in mask left out, and false if one of the other
// elements is blank, so that c agrees with nobody on them.
func (c code) without(mask mask, size int) (code, bool) {
	if mask&anyUnit != 0 {
		c[unit] = 0
	}
	for i := range size {
		if mask&(1<<i) != 0 {
			c[i] = 0
			continue
		}
		if c[i] == 0 {
			return code{}, false
		}
	}
	return c, true
}

// member is a response within its block.
type member struct {
	id   string
	code code
	wave int // 0 pre, 1 post
	done bool
}

// blank tells whether no element was given.
func (c code) blank() bool {
	c[unit] = 0
	return c == code{}
}

// block is the responses that may meet each other: those of one Block with codes
// of one size. Members are the pre ones by id, then the post ones by id.
type block struct {
	size    int // elements of a code
	members []member
	refused map[link]bool // pairs never to be made
	times   []int32       // element number → how many members gave it

	// What add knows: numbers of the units, and of the elements of each position.
	units    map[string]int32
	elements [MaxElements]map[ElementHash]int32
}

type blockKey struct {
	name string
	size int
}

// makeBlocks returns the blocks of all responses that no decision has paired, in
// order of name and size. pre and post are sorted by id.
func makeBlocks(pre, post []Response, ruling ruling) []*block {
	blocks := map[blockKey]*block{}
	for w, wave := range [][]Response{pre, post} {
		for i := range wave {
			r := &wave[i]
			key := blockKey{r.Block, len(r.Elements)}
			b := blocks[key]
			if b == nil {
				b = &block{size: key.size, refused: ruling.refused, times: []int32{0}, units: map[string]int32{}}
				blocks[key] = b
			}
			b.add(member{id: r.ID, wave: w, done: ruling.paired[r.ID]}, r)
		}
	}
	keys := slices.SortedFunc(maps.Keys(blocks), func(a, b blockKey) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.size, b.size))
	})
	ordered := make([]*block, len(keys))
	for i, k := range keys {
		ordered[i] = blocks[k]
	}
	return ordered
}

// add puts a response into the block as member m. Of a code that is too long
// only the beginning is kept; it meets nobody.
func (b *block) add(m member, r *Response) {
	if b.units[r.Unit] == 0 {
		b.units[r.Unit] = int32(len(b.units) + 1)
	}
	m.code[unit] = b.units[r.Unit]
	for i := range m.code[:unit] {
		if i < b.size && !r.Elements[i].IsBlank() {
			m.code[i] = b.number(i, r.Elements[i])
			b.times[m.code[i]]++
		}
	}
	b.members = append(b.members, m)
}

// number returns the number of element e in position i, a new one if need be.
func (b *block) number(i int, e ElementHash) int32 {
	if n := b.elements[i][e]; n != 0 {
		return n
	}
	if b.elements[i] == nil {
		b.elements[i] = map[ElementHash]int32{}
	}
	n := int32(len(b.times))
	b.elements[i][e] = n
	b.times = append(b.times, 0)
	return n
}

// differs returns the positions in which members i and j do not agree.
func (b *block) differs(i, j int32) []int {
	var positions []int
	for k := range b.size {
		if c := b.members[i].code[k]; c == 0 || c != b.members[j].code[k] {
			positions = append(positions, k)
		}
	}
	return positions
}

// chance returns Candidate.Chance for members i and j.
func (b *block) chance(i, j int32) float64 {
	p := 1.0
	for k := range b.size {
		if c := b.members[i].code[k]; c != 0 && c == b.members[j].code[k] {
			p *= float64(b.times[c]) / float64(len(b.members))
		}
	}
	return p
}

// forbids tells whether a person has refused members i and j as a pair.
func (b *block) forbids(i, j int32) bool {
	if len(b.refused) == 0 {
		return false
	}
	if b.members[i].wave == 1 {
		i, j = j, i
	}
	return b.refused[link{b.members[i].id, b.members[j].id}]
}
