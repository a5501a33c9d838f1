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
// the repeats of them.
func setRepeatsAside(wave []Response) ([]Response, []Repeat) {
	wave = slices.Clone(wave)
	slices.SortFunc(wave, func(a, b Response) int {
		return cmp.Or(a.Submitted.Compare(b.Submitted), cmp.Compare(a.ID, b.ID))
	})
	first := make(map[sending]string, len(wave))
	var repeats []Repeat
	counted := wave[:0]
	for _, r := range wave {
		s, ok := sendingOf(r)
		if of := first[s]; ok && of != "" {
			repeats = append(repeats, Repeat{ID: r.ID, Of: of})
			continue
		}
		if ok {
			first[s] = r.ID
		}
		counted = append(counted, r)
	}
	slices.SortFunc(counted, func(a, b Response) int { return cmp.Compare(a.ID, b.ID) })
	return counted, repeats
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
