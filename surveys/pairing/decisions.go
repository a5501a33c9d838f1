package pairing

import (
	"cmp"
)

// link is a pre and a post response id.
type link struct{ pre, post string }

// ruling is what the decisions of people come to.
type ruling struct {
	accepted  []Pair
	paired    map[string]bool // ids in accepted
	refused   map[link]bool
	unapplied []Decision
}

// rule turns decisions into pairs made and pairs forbidden. pre and post are the
// responses that count; decisions about repeats are moved to those.
func rule(decisions []Decision, pre, post []Response, repeats []Repeat) ruling {
	if len(decisions) == 0 {
		return ruling{}
	}
	counted := countedIDs(repeats)
	waves := [2]map[string]*Response{byID(pre), byID(post)}
	said := map[link]map[bool]bool{}
	r := ruling{paired: map[string]bool{}, refused: map[link]bool{}}
	linkOf := func(d Decision) link { return link{counted(d.Pre), counted(d.Post)} }

	for _, d := range decisions {
		l := linkOf(d)
		if said[l] == nil {
			said[l] = map[bool]bool{}
		}
		said[l][d.Accepted] = true
	}
	claims := claimsOn(said)
	for _, d := range decisions {
		l := linkOf(d)
		a, b := waves[0][l.pre], waves[1][l.post]
		switch {
		case a == nil || b == nil, len(said[l]) == 2,
			d.Accepted && (claims[l.pre] > 1 || claims[l.post] > 1):
			r.unapplied = append(r.unapplied, d)
		case !d.Accepted:
			r.refused[l] = true
		case !r.paired[l.pre]:
			r.paired[l.pre], r.paired[l.post] = true, true
			r.accepted = append(r.accepted, Pair{l.pre, l.post, Reviewed, Differing(a.Elements, b.Elements)})
		}
	}
	return r
}

// sortDecisions parts those about two responses of one wave from all others.
func sortDecisions(decisions []Decision, pre, post []Response) (between, withinPre, withinPost []Decision) {
	if len(decisions) == 0 {
		return nil, nil, nil
	}
	waves := [2]map[string]*Response{byID(pre), byID(post)}
	for _, d := range decisions {
		switch {
		case waves[0][d.Pre] != nil && waves[0][d.Post] != nil:
			withinPre = append(withinPre, d)
		case waves[1][d.Pre] != nil && waves[1][d.Post] != nil:
			withinPost = append(withinPost, d)
		default:
			between = append(between, d)
		}
	}
	return between, withinPre, withinPost
}

// claimsOn counts, for every response id, the different pairs it was accepted for.
func claimsOn(said map[link]map[bool]bool) map[string]int {
	claims := map[string]int{}
	for l, verdicts := range said {
		if verdicts[true] {
			claims[l.pre]++
			claims[l.post]++
		}
	}
	return claims
}

// countedIDs returns a function from an id to that of the response that counts.
func countedIDs(repeats []Repeat) func(string) string {
	of := make(map[string]string, len(repeats))
	for _, r := range repeats {
		of[r.ID] = r.Of
	}
	return func(id string) string {
		if first, ok := of[id]; ok {
			return first
		}
		return id
	}
}

// byID returns the responses of a wave by their ids.
func byID(wave []Response) map[string]*Response {
	m := make(map[string]*Response, len(wave))
	for i := range wave {
		m[wave[i].ID] = &wave[i]
	}
	return m
}

// Differing returns the positions in which two codes do not agree, nil if none. A
// blank agrees with nothing, nor does a position only one of them has.
func Differing(a, b []ElementHash) []int {
	var positions []int
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] || a[i].IsBlank() {
			positions = append(positions, i)
		}
	}
	return positions
}

func compareDecisions(a, b Decision) int {
	return cmp.Or(
		cmp.Compare(a.Pre, b.Pre),
		cmp.Compare(a.Post, b.Post),
		compareBools(a.Accepted, b.Accepted),
	)
}

// compareBools orders false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
