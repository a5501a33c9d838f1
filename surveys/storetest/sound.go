package storetest

import (
	"testing"

	"soundings/surveys"
)

// WantSound checks that what a store holds of a strand agrees with itself: the counts and
// tallies count the responses, each linkage has its response, and what was sent has
// answers and the moment it came.
func WantSound(tb testing.TB, store surveys.Store, programme surveys.ProgrammeID, strand surveys.StrandID) {
	tb.Helper()
	ctx := tb.Context()
	counted, coded := map[surveys.CountKey]int{}, map[surveys.ResponseID]bool{}
	for r, err := range store.ResponseHeads(ctx, programme, strand) {
		if err != nil {
			tb.Fatal(err)
		}
		counted[surveys.CountKey{Cohort: r.Cohort, Strand: r.Strand, Wave: r.Wave, Status: r.Status}]++
		coded[r.ID] = r.Coded
		if r.Status == surveys.StatusSubmitted && (r.Submitted.IsZero() || r.Digest == "") {
			tb.Errorf("response %s was sent by halves", r.ID)
		}
	}
	wantCounted(tb, store, programme, strand, counted)
	for l, err := range store.Linkages(ctx, programme, strand) {
		if err != nil {
			tb.Fatal(err)
		}
		if _, there := coded[l.Response]; !there {
			tb.Errorf("a linkage is there of response %s, which is not", l.Response)
		}
	}
}

func wantCounted(tb testing.TB, store surveys.Store, programme surveys.ProgrammeID, strand surveys.StrandID, want map[surveys.CountKey]int) {
	tb.Helper()
	counts, err := store.CountResponses(tb.Context(), programme)
	if err != nil {
		tb.Fatal(err)
	}
	all, err := store.Tallies(tb.Context(), programme)
	if err != nil {
		tb.Fatal(err)
	}
	tallied := map[surveys.CountKey]int{}
	for _, t := range all {
		tallied[surveys.CountKey{Cohort: t.Cohort, Strand: t.Strand, Wave: t.Wave, Status: t.Status}] += t.Responses
	}
	for name, got := range map[string]map[surveys.CountKey]int{"counted": counts, "tallied": tallied} {
		for key, n := range got {
			if key.Strand == strand && n != want[key] {
				tb.Errorf("%s: %d of %+v, want %d", name, n, key, want[key])
			}
		}
		for key, n := range want {
			if got[key] != n {
				tb.Errorf("%s: %d of %+v, want %d", name, got[key], key, n)
			}
		}
	}
}
