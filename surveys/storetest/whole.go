package storetest

import (
	"context"
	"slices"
	"testing"

	"soundings/surveys"
)

var wholeChecks = []check{
	{"everything_is_read_in_order", wholeReadsAll},
	{"longer_than_one_batch", wholeLong},
	{"kept_as_it_is", wholeKept},
	{"kept_again_in_its_place", wholeKeptAgain},
	{"a_taken_key_is_refused", wholeTakenKey},
	{"stands_still_if_it_says_so", wholeStill},
	{"what_was_there_before_is_seen", wholeSeesBefore},
	{"counts_follow", wholeCounts},
	{"schema", wholeSchema},
}

// readWhole reads everything there is.
func readWhole(t testing.TB, ctx context.Context, s surveys.Store) ([]surveys.Record, []surveys.Whole) {
	t.Helper()
	view, err := s.Snapshot(ctx)
	must(t, err)
	defer func() { must(t, view.Close()) }()
	return collect(t, view.Records(ctx)), collect(t, view.Responses(ctx))
}

// putWhole puts records of kinds whose names begin alike and responses of two
// programmes, with and without linkages, and returns them in order.
func putWhole(t testing.TB, ctx context.Context, s surveys.Store) (records []surveys.Record, responses []surveys.Whole) {
	t.Helper()
	for i, kind := range []surveys.RecordKind{"note_two", "other", "note"} {
		for _, id := range []string{"b/1", "a", "b"} {
			r := record(id)
			r.Kind, r.Scope = kind, string(rune('z'-i))
			if id == "a" {
				r.Key = "key of " + id
			}
			revision, err := s.PutRecord(ctx, r)
			must(t, err)
			r.Revision = revision
			records = append(records, r)
		}
	}
	for _, id := range []surveys.ResponseID{"c", "a", "b", "d"} {
		r, l := fullResponse(id), linkage(id, "aa", "", string(id))
		if id == "b" {
			r.Programme, l.Programme = "p2", "p2"
			r.Status = surveys.StatusWithdrawn
		}
		if id == "d" {
			r.Coded, l = false, nil
		}
		r = putLinked(t, ctx, s, r, l)
		responses = append(responses, surveys.Whole{Response: r, Linkage: l})
	}
	slices.SortFunc(records, func(a, b surveys.Record) int {
		return slices.Compare([]string{string(a.Kind), a.ID}, []string{string(b.Kind), b.ID})
	})
	slices.SortFunc(responses, func(a, b surveys.Whole) int { return slices.Compare([]byte(a.ID), []byte(b.ID)) })
	return records, responses
}

func wholeReadsAll(t *testing.T, ctx context.Context, s surveys.Store) {
	records, responses := putWhole(t, ctx, s)
	gotRecords, gotResponses := readWhole(t, ctx, s)
	wantSame(t, "records", gotRecords, records)
	wantSame(t, "responses", gotResponses, responses)
}

func wholeLong(t *testing.T, ctx context.Context, s surveys.Store) {
	putMany(t, ctx, s, manyResponses)
	_, got := readWhole(t, ctx, s)
	if len(got) != manyResponses {
		t.Fatalf("%d responses, want %d", len(got), manyResponses)
	}
	for i, r := range got {
		if r.Linkage == nil || r.Linkage.Response != r.ID || i > 0 && got[i-1].ID >= r.ID {
			t.Fatalf("response %d, %s, is out of order or has the linkage %v", i, r.ID, r.Linkage)
		}
	}
}

func wholeKept(t *testing.T, ctx context.Context, s surveys.Store) {
	kept, linked := record("a"), surveys.Whole{Response: fullResponse("a"), Linkage: linkage("a", "aa")}
	kept.Revision, kept.Key, linked.Revision = 17, "k", 5
	must(t, s.KeepRecords(ctx, []surveys.Record{kept}))
	must(t, s.KeepResponses(ctx, []surveys.Whole{linked}))
	records, responses := readWhole(t, ctx, s)
	wantSame(t, "records", records, []surveys.Record{kept})
	wantSame(t, "responses", responses, []surveys.Whole{linked})
	must(t, s.KeepRecords(ctx, nil))
	must(t, s.KeepResponses(ctx, nil))
	next := linked.Response
	must(t, s.PutResponse(ctx, next, nil)) // goes on from the revision that was kept
}

func wholeKeptAgain(t *testing.T, ctx context.Context, s surveys.Store) {
	records, responses := putWhole(t, ctx, s)
	for i := range records {
		records[i].Body, records[i].Revision = []byte(`{"words":"again"}`), 9
	}
	for i := range responses {
		responses[i].Language, responses[i].Revision, responses[i].Linkage = "de", 9, nil
		if i == 1 {
			responses[i].Linkage = linkage(responses[i].ID, "zz")
			responses[i].Linkage.Programme = responses[i].Programme
		}
	}
	must(t, s.KeepRecords(ctx, records))
	must(t, s.KeepResponses(ctx, responses))
	gotRecords, gotResponses := readWhole(t, ctx, s)
	wantSame(t, "records", gotRecords, records)
	wantSame(t, "responses", gotResponses, responses)
}

func wholeTakenKey(t *testing.T, ctx context.Context, s surveys.Store) {
	first, second := record("a"), record("b")
	first.Key, second.Key, first.Revision, second.Revision = "k", "k", 1, 1
	must(t, s.KeepRecords(ctx, []surveys.Record{first}))
	wantKind(t, "keeping a taken key", s.KeepRecords(ctx, []surveys.Record{second}), surveys.KindConflict)
}

// wholeStill: what is written after the snapshot began is not in it, if it says so.
func wholeStill(t *testing.T, ctx context.Context, s surveys.Store) {
	records, responses := putWhole(t, ctx, s)
	view, err := s.Snapshot(ctx)
	must(t, err)
	defer view.Close()
	if !view.Still() {
		t.Skip("this server keeps no moments")
	}
	late := record("late")
	_, err = s.PutRecord(ctx, late)
	must(t, err)
	must(t, s.PutResponse(ctx, fullResponse("late"), nil))
	must(t, s.DeleteResponse(ctx, "a"))
	for range 2 {
		wantSame(t, "records", collect(t, view.Records(ctx)), records)
		wantSame(t, "responses", collect(t, view.Responses(ctx)), responses)
	}
}

// wholeSeesBefore: a document that was there is seen whole, whatever is written meanwhile.
func wholeSeesBefore(t *testing.T, ctx context.Context, s surveys.Store) {
	putMany(t, ctx, s, 50)
	view, err := s.Snapshot(ctx)
	must(t, err)
	defer view.Close()
	before, seen := 0, 0
	for r, err := range view.Responses(ctx) {
		must(t, err)
		if r.Linkage == nil || len(r.Answers) != 5 {
			t.Fatalf("%s has %d answers and the linkage %v", r.ID, len(r.Answers), r.Linkage)
		}
		if seen < 20 {
			late := ExampleResponse(1000+seen, 5)
			late.Coded = true
			l := linkage(late.ID, "aa")
			must(t, s.PutResponse(ctx, late, l))
		}
		if seen++; r.Submitted.Before(ExampleResponse(1000, 0).Submitted) {
			before++
		}
	}
	if before != 50 {
		t.Errorf("%d of the 50 that were there before were seen", before)
	}
}

func wholeCounts(t *testing.T, ctx context.Context, s surveys.Store) {
	r := fullResponse("a")
	r.Revision = 3
	for _, cohort := range []surveys.CohortID{"c1", "c2"} {
		r.Cohort = cohort
		must(t, s.KeepResponses(ctx, []surveys.Whole{{Response: r}}))
		counts, err := s.CountResponses(ctx, programme)
		must(t, err)
		want := map[surveys.CountKey]int{{Cohort: cohort, Strand: strand, Wave: r.Wave, Status: r.Status}: 1}
		wantSame(t, "counts", counts, want)
	}
}

func wholeSchema(t *testing.T, ctx context.Context, s surveys.Store) {
	schema, err := s.Schema(ctx)
	must(t, err)
	if schema.Store == "" || schema.Version < 1 {
		t.Errorf("the schema is %+v", schema)
	}
}
