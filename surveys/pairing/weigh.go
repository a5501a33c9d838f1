package pairing

// What weighing takes for granted of two codes of one respondent. The figures say
// where the line lies, not who is likeliest. They were chosen on seeds of the
// made-up reference programme other than those that the tests assert.
//
// Sources: one element in twenty to thirty is given otherwise after weeks, and one
// respondent in twenty-five is in another unit (the error rates of Galanti et al.
// 2007); about three of four of those left who are like somebody are somebody.
const (
	agreeAgain    = 0.93 // an element given twice is given the same
	sameUnitAgain = 0.96 // the unit is the same
	loners        = 0.3  // odds that somebody left has no partner among those left
)

// surelyOne is the chance that two responses are of one respondent, among all who
// could be, from which they are paired without a person. It is the least: of the
// pairs made so, few are near it.
const surelyOne = 0.65

// tellsApart is the least odds of a pair made so: among few people who all share
// what these two share, being the last ones left proves nothing.
const tellsApart = 20

// crowd is how many members of the other wave a member is compared with on one
// shelf. Whoever has more has a code too common to tell anybody apart.
const crowd = 400

// rival is what weighing knows of one member: its likeliest partner, the odds of
// that one, and those of all who could be.
type rival struct {
	best    int32
	odds    float64
	all     float64
	crowded bool
}

// pairWeighed pairs members left whose codes say almost surely that they are of
// one respondent: ties of which one is far likelier than the others, near codes of
// two units, and codes two elements apart that share rare values. Pairs made leave
// fewer rivals to those left, so it goes on until it makes none.
func (b *block) pairWeighed(policy Policy, result *Result) {
	if !policy.AcceptNear || b.size < MinElements {
		return
	}
	for {
		made := false
		rivals, none := b.weighAll()
		for i, r := range rivals {
			if r.odds < tellsApart || b.members[i].wave == 1 || r.crowded || rivals[r.best].crowded || rivals[r.best].best != int32(i) {
				continue
			}
			// What speaks against it: any rival of either, or that neither has a partner.
			if chance := r.odds / (r.all + rivals[r.best].all - r.odds + none); chance >= surelyOne {
				b.take(int32(i), r.best, Near, result)
				made = true
			}
		}
		if !made {
			return
		}
	}
}

// weighAll compares every member left with all of the other wave at most two
// elements apart. none is the odds that a member has no partner at all.
func (b *block) weighAll() (rivals []rival, none float64) {
	rivals = make([]rival, len(b.members))
	s := newShelves(b)
	scale := b.scale()
	sets := masks(b.size, 2, anyUnit)
	for n, mask := range sets {
		s.fill(b, mask)
		for _, i := range s.left {
			b.weighShelf(s, i, sets[:n], scale, &rivals[i])
		}
	}
	waves := [2]float64{}
	for _, i := range s.left {
		waves[b.members[i].wave]++
	}
	return rivals, loners * max(waves[0], waves[1])
}

// weighShelf weighs the members of the other wave on the shelf of member i, but
// for those that an earlier mask had on a shelf with it.
func (b *block) weighShelf(s *shelves, i int32, earlier []mask, scale *scale, r *rival) {
	if s.of[i] == none {
		return
	}
	seen := 0
	for j := s.first[s.of[i]][1-b.members[i].wave]; j != none; j = s.next[j] {
		if seen++; seen > crowd {
			r.crowded = true
			return
		}
		if b.forbids(i, j) || b.agreesUnder(earlier, i, j) {
			continue
		}
		odds := scale.odds(b, i, j)
		r.all += odds
		if odds > r.odds {
			r.best, r.odds = j, odds
		}
	}
}

// agreesUnder tells whether one of the masks covers all that i and j differ in.
func (b *block) agreesUnder(masks []mask, i, j int32) bool {
	off := b.off(i, j)
	for _, m := range masks {
		if off&^m == 0 {
			return true
		}
	}
	return false
}

// off is the elements in which members i and j do not agree.
func (b *block) off(i, j int32) mask {
	var off mask
	for k := range b.size {
		if c := b.members[i].code[k]; c == 0 || c != b.members[j].code[k] {
			off |= 1 << k
		}
	}
	return off
}

// scale is how much an element says, learnt from the block.
type scale struct {
	differ [MaxElements]float64 // (1-m)/(1-u) when both were given and differ
	units  []float64            // by unit: its share of the members; nil: the block is one unit
	moved  float64              // the same as differ, for units
}

func (b *block) scale() *scale {
	s := &scale{}
	n := float64(len(b.members))
	for k := range b.size {
		alike := 0.0 // chance that two unrelated members agree
		for _, number := range b.elements[k] {
			share := float64(b.times[number]) / n
			alike += share * share
		}
		s.differ[k] = (1 - agreeAgain) / max(1-alike, 1-agreeAgain)
	}
	if len(b.units) < 2 {
		return s
	}
	s.units = make([]float64, len(b.units)+1)
	for i := range b.members {
		s.units[b.members[i].code[unit]] += 1 / n
	}
	alike := 0.0
	for _, share := range s.units {
		alike += share * share
	}
	s.moved = (1 - sameUnitAgain) / max(1-alike, 1-sameUnitAgain)
	return s
}

// odds is how many times likelier members i and j have what they have if they are
// one respondent than if they are two. A blank says nothing either way.
//
//	∏ m/u over the elements that agree · ∏ (1-m)/(1-u) over those that differ
//
// Source: Fellegi & Sunter (1969), as Candidate.Chance.
func (s *scale) odds(b *block, i, j int32) float64 {
	odds, n := 1.0, float64(len(b.members))
	x, y := &b.members[i].code, &b.members[j].code
	for k := range b.size {
		switch {
		case x[k] == 0 || y[k] == 0:
		case x[k] == y[k]:
			odds *= agreeAgain * n / float64(b.times[x[k]])
		default:
			odds *= s.differ[k]
		}
	}
	switch {
	case s.units == nil:
	case x[unit] == y[unit]:
		odds *= sameUnitAgain / s.units[x[unit]]
	default:
		odds *= s.moved
	}
	return odds
}
