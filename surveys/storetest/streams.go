package storetest

import (
	"context"
	"iter"
	"slices"
	"testing"

	"soundings/surveys"
)

var streamChecks = []check{
	{"longer_than_one_batch", streamLong},
	{"read_twice", streamTwice},
	{"stopped_early", streamStopped},
	{"writes_and_reads_inside", streamWritesInside},
	{"context_ends_inside", streamContextEnds},
}

// manyResponses is more than any store sends at once.
const manyResponses = 250

func putMany(t *testing.T, ctx context.Context, s surveys.Store, n int) []surveys.Response {
	t.Helper()
	want := make([]surveys.Response, n)
	for i := range want {
		r := ExampleResponse(i, 5)
		l := &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: []string{"aa", "bb"}}
		want[i] = putLinked(t, ctx, s, r, l)
	}
	return want
}

func streamLong(t *testing.T, ctx context.Context, s surveys.Store) {
	want := putMany(t, ctx, s, manyResponses)
	wantSame(t, "stream", collect(t, s.Responses(ctx, programme, strand)), want)
	linkages := collect(t, s.Linkages(ctx, programme, strand))
	sorted := slices.IsSortedFunc(linkages, func(a, b surveys.Linkage) int {
		if a.Response < b.Response {
			return -1
		}
		return 1
	})
	if len(linkages) != manyResponses || !sorted {
		t.Errorf("%d linkages, sorted by response %v, want %d sorted", len(linkages), sorted, manyResponses)
	}
}

func streamTwice(t *testing.T, ctx context.Context, s surveys.Store) {
	want := putMany(t, ctx, s, 3)
	stream := s.Responses(ctx, programme, strand)
	for range 2 {
		wantSame(t, "stream", collect(t, stream), want)
	}
}

func streamStopped(t *testing.T, ctx context.Context, s surveys.Store) {
	putMany(t, ctx, s, 5)
	putMinutes(t, ctx, s, kindNote, 5)
	for range 100 { // a cursor left open each time would be noticed
		stopAtFirst(t, s.Responses(ctx, programme, strand))
		stopAtFirst(t, s.Linkages(ctx, programme, strand))
		stopAtFirst(t, s.Records(ctx, kindNote, "*"))
	}
	putResponse(t, ctx, s, fullResponse("after"))
	must(t, s.Close())
}

func stopAtFirst[T any](t *testing.T, stream iter.Seq2[T, error]) {
	t.Helper()
	for _, err := range stream {
		must(t, err)
		return
	}
	t.Fatal("the stream is empty")
}

func streamWritesInside(t *testing.T, ctx context.Context, s surveys.Store) {
	putMany(t, ctx, s, 20)
	seen := 0
	for r, err := range s.Responses(ctx, programme, strand) {
		must(t, err)
		seen++
		r.Notes = []string{"read"}
		wantResponse(t, ctx, s, putResponse(t, ctx, s, r))
		for range s.Linkages(ctx, programme, strand) {
			put(t, ctx, s, record(string(r.ID)))
			break
		}
	}
	if seen != 20 {
		t.Errorf("saw %d responses, want 20", seen)
	}
}

func streamContextEnds(t *testing.T, ctx context.Context, s surveys.Store) {
	putMany(t, ctx, s, manyResponses)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seen := 0
	for _, err := range s.Responses(ctx, programme, strand) {
		if err != nil {
			wantCancelled(t, "the stream", err)
			return
		}
		if seen++; seen == 3 {
			cancel()
		}
	}
	t.Errorf("the stream gave %d responses and no error after its context ended", seen)
}
