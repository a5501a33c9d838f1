package pairing

import (
	"cmp"
	"slices"
)

// sending is what double sends have in common.
type sending struct {
	block, digest, code string
}

// setRepeatsAside returns the responses of one wave that count, sorted by id, and
// the repeats of them: those that say so themselves (see sendingOf) and those that
// a person said are of one respondent, without those that a person said are not.
// unapplied are the decisions that contradict each other.
func setRepeatsAside(wave []Response, decisions []Decision) (counted []Response, repeats []Repeat, unapplied []Decision) {
	wave = slices.Clone(wave)
	slices.SortFunc(wave, func(a, b Response) int {
		return cmp.Or(a.Submitted.Compare(b.Submitted), cmp.Compare(a.ID, b.ID))
	})
	t := newTwice(decisions)
	t.joinSendings(wave)
	unapplied = t.contradictions()
	of := t.representatives(wave)
	for _, r := range wave {
		if of[r.ID] != r.ID {
			repeats = append(repeats, Repeat{ID: r.ID, Of: of[r.ID]})
			continue
		}
		counted = append(counted, r)
	}
	slices.SortFunc(counted, func(a, b Response) int { return cmp.Compare(a.ID, b.ID) })
	return counted, repeats, unapplied
}

// twice groups the responses of one wave that are of one respondent.
type twice struct {
	decisions []Decision // those followed, unless contradictions says otherwise
	broken    []Decision // both accepted and refused
	refused   map[link]bool
	aside     map[string]bool   // ids that a person named as the repeat
	parent    map[string]string // a forest of groups, by id
}

func newTwice(decisions []Decision) *twice {
	t := &twice{refused: map[link]bool{}, aside: map[string]bool{}, parent: map[string]string{}}
	said := map[link]map[bool]bool{}
	for _, d := range decisions {
		l := eitherWay(d.Pre, d.Post)
		if said[l] == nil {
			said[l] = map[bool]bool{}
		}
		said[l][d.Accepted] = true
	}
	for _, d := range decisions {
		l := eitherWay(d.Pre, d.Post)
		switch {
		case len(said[l]) == 2 || d.Pre == d.Post:
			t.broken = append(t.broken, d)
			continue
		case d.Accepted:
			t.join(d.Pre, d.Post)
			t.aside[d.Post] = true
		default:
			t.refused[l] = true
		}
		t.decisions = append(t.decisions, d)
	}
	return t
}

// eitherWay is a link of two responses of one wave, in either order.
func eitherWay(a, b string) link { return link{min(a, b), max(a, b)} }

// root is the id that stands for the group of id.
func (t *twice) root(id string) string {
	for {
		up, ok := t.parent[id]
		if !ok {
			return id
		}
		id = up
	}
}

func (t *twice) join(a, b string) {
	if a, b = t.root(a), t.root(b); a != b {
		t.parent[max(a, b)] = min(a, b)
	}
}

// joinSendings joins each response to the first of the same sending, of those it
// was not parted from.
func (t *twice) joinSendings(wave []Response) {
	heads := make(map[sending][]string, len(wave))
	for _, r := range wave {
		s, ok := sendingOf(r)
		if !ok {
			continue
		}
		i := slices.IndexFunc(heads[s], func(head string) bool { return !t.refused[eitherWay(head, r.ID)] })
		if i < 0 {
			heads[s] = append(heads[s], r.ID)
			continue
		}
		t.join(heads[s][i], r.ID)
	}
}

// contradictions are the decisions that cannot be followed: those said both ways,
// and refusals of two who are one respondent by way of others.
func (t *twice) contradictions() []Decision {
	all := t.broken
	for _, d := range t.decisions {
		if !d.Accepted && t.root(d.Pre) == t.root(d.Post) {
			all = append(all, d)
		}
	}
	return all
}

// representatives returns for each response the one that counts: of a group the
// first submitted that no person named as the repeat.
func (t *twice) representatives(wave []Response) map[string]string {
	first := make(map[string]string, len(wave)) // by root
	for _, named := range []bool{false, true} {
		for _, r := range wave {
			root := t.root(r.ID)
			if _, ok := first[root]; !ok && t.aside[r.ID] == named {
				first[root] = r.ID
			}
		}
	}
	of := make(map[string]string, len(wave))
	for _, r := range wave {
		of[r.ID] = first[t.root(r.ID)]
	}
	return of
}

// sendingOf returns what a repeat of r would share with it, and false if r says
// too little of itself to be known again.
func sendingOf(r Response) (sending, bool) {
	if r.Digest == "" || len(r.Elements) == 0 {
		return sending{}, false
	}
	code := make([]byte, 0, len(r.Elements)*HashSize)
	blanks := 0
	for _, e := range r.Elements {
		code = append(code, e[:]...)
		if e.IsBlank() {
			blanks++
		}
	}
	mayMiss := 0
	if len(r.Elements) >= MinElements {
		mayMiss = 1
	}
	return sending{r.Block, r.Digest, string(code)}, blanks <= mayMiss
}
