package pairing

import "slices"

// match pairs the members of b by policy and adds the outcome to result.
func (b *block) match(policy Policy, result *Result) {
	reasons := make([]Reason, len(b.members))
	switch {
	case policy.DecisionsOnly:
		fillReasons(reasons, ReasonUndecided)
	case b.size == 0:
		fillReasons(reasons, ReasonNoCode)
	case b.size > MaxElements:
		fillReasons(reasons, ReasonTooLong)
	default:
		b.pairExact(result)
		shared := b.sharing()
		b.pairNear(policy, result)
		b.pairWeighed(policy, result)
		b.offerNear(reasons, result)
		b.offerFar(reasons, result)
		b.explain(shared, reasons)
	}
	for i, m := range b.members {
		switch {
		case m.done:
		case m.wave == 0:
			result.PreOnly = append(result.PreOnly, Unmatched{m.id, reasons[i]})
		default:
			result.PostOnly = append(result.PostOnly, Unmatched{m.id, reasons[i]})
		}
	}
}

// pairExact pairs members whose codes are equal and nobody else's, within units
// and then across them.
func (b *block) pairExact(result *Result) {
	for _, across := range []mask{0, anyUnit} {
		for _, p := range b.onlyEachOther(b.candidates(masks(b.size, 0, across), 2)) {
			b.take(p[0], p[1], Exact, result)
		}
		if len(b.units) == 1 {
			return
		}
	}
}

// pairNear pairs members of one unit one element apart that have no other
// candidate there.
func (b *block) pairNear(policy Policy, result *Result) {
	if !policy.AcceptNear || b.size < MinElements {
		return
	}
	for _, p := range b.onlyEachOther(b.candidates(masks(b.size, 1, 0), 2)) {
		b.take(p[0], p[1], Near, result)
	}
}

// offerNear offers members left that are at most one element apart: ties, pairs
// across units, and all near pairs if the policy wants them reviewed.
func (b *block) offerNear(reasons []Reason, result *Result) {
	off := 0 // elements that may differ
	if b.size >= MinElements {
		off = 1
	}
	found := b.candidates(masks(b.size, off, anyUnit), MaxOffers)
	for i, candidates := range found {
		if len(candidates) > 0 {
			reasons[i] = ReasonTie
		}
	}
	for _, p := range b.onlyEachOther(found) {
		reasons[p[0]], reasons[p[1]] = ReasonReview, ReasonReview
	}
	for _, p := range pairsIn(found) {
		b.offer(p[0], p[1], reasons[p[0]] == ReasonReview, result)
	}
}

// pairsIn returns each pair of members of which one is a candidate of the other,
// once. A full list may lack somebody whose own list has its owner.
func pairsIn(found [][]int32) [][2]int32 {
	var pairs [][2]int32
	for i, candidates := range found {
		for _, j := range candidates {
			if int32(i) < j || !slices.Contains(found[j], int32(i)) {
				pairs = append(pairs, [2]int32{min(int32(i), j), max(int32(i), j)})
			}
		}
	}
	return pairs
}

// offerFar offers members two elements apart if nobody else left is as near to
// either. They are never paired: by themselves they cost more than they win.
func (b *block) offerFar(reasons []Reason, result *Result) {
	if b.size < MinElements {
		return
	}
	for _, p := range b.onlyEachOther(b.candidates(masks(b.size, 2, anyUnit), 2)) {
		if len(b.differs(p[0], p[1])) < 2 {
			continue // already offered as near
		}
		b.offer(p[0], p[1], true, result)
		reasons[p[0]], reasons[p[1]] = ReasonReview, ReasonReview
	}
}

// explain completes the reasons of members left, the first that applies winning.
func (b *block) explain(shared []bool, reasons []Reason) {
	for i := range reasons {
		switch {
		case b.members[i].code.blank():
			reasons[i] = ReasonNoCode
		case shared[i]:
			reasons[i] = ReasonShared
		case reasons[i] == "":
			reasons[i] = ReasonAlone
		}
	}
}

// take makes a pair of a pre member i and a post member j.
func (b *block) take(i, j int32, kind Kind, result *Result) {
	b.members[i].done, b.members[j].done = true, true
	result.Pairs = append(result.Pairs,
		Pair{b.members[i].id, b.members[j].id, kind, b.differs(i, j)})
}

// offer makes a candidate of a pre member i and a post member j. Members are in
// the order of their waves, so i is the smaller.
func (b *block) offer(i, j int32, alone bool, result *Result) {
	result.Candidates = append(result.Candidates, Candidate{
		Pre: b.members[i].id, Post: b.members[j].id,
		Differs: b.differs(i, j), Alone: alone, Chance: b.chance(i, j),
		SameUnit: b.members[i].code[unit] == b.members[j].code[unit],
	})
}

func fillReasons(reasons []Reason, r Reason) {
	for i := range reasons {
		reasons[i] = r
	}
}
