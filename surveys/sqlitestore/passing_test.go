package sqlitestore_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestPassingResponses: what passes is what Responses streams, less what a report
// does not need, whoever had the Answers before.
func TestPassingResponses(t *testing.T) {
	t.Parallel()
	store := open(t)
	for n := range 700 {
		r := storetest.ExampleResponse(n, 1+n%7)
		if n%5 == 0 {
			r.Answers[questionnaire.ItemID(fmt.Sprintf("own%d", n))] = questionnaire.Answer{Choice: `a "quoted"} code`, Text: "sea"}
		}
		if err := store.PutResponse(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
	}
	want := held(t, store.Responses(t.Context(), "p1", "pupils"))
	got := held(t, store.PassingResponses(t.Context(), "p1", "pupils"))
	without := cmpopts.IgnoreFields(surveys.Response{}, "Started", "Page", "Coded", "Device", "Batch", "Digest", "Notes", "Aside", "History", "Revision")
	if diff := cmp.Diff(want, got, without); diff != "" || len(got) == 0 {
		t.Errorf("%d passed (-want +got):\n%s", len(got), diff)
	}
}

// TestPassingResponsesEndEarly: a stream that is left, or whose context ends, says so
// and leaves nothing running.
func TestPassingResponsesEndEarly(t *testing.T) {
	t.Parallel()
	store := open(t)
	for n := range 100 {
		if err := store.PutResponse(t.Context(), storetest.ExampleResponse(n, 3), nil); err != nil {
			t.Fatal(err)
		}
	}
	for range store.PassingResponses(t.Context(), "p1", "pupils") {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ended error
	for _, err := range store.PassingResponses(ctx, "p1", "pupils") {
		cancel()
		ended = err
	}
	if !errors.Is(ended, context.Canceled) {
		t.Errorf("the stream ended with %v, want %v", ended, context.Canceled)
	}
}

// held keeps a stream with answers of its own.
func held(t *testing.T, stream iter.Seq2[surveys.Response, error]) (all []surveys.Response) {
	t.Helper()
	for r, err := range stream {
		if err != nil {
			t.Fatal(err)
		}
		r.Answers = maps.Clone(r.Answers)
		all = append(all, r)
	}
	return all
}
