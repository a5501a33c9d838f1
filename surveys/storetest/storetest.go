package storetest

import (
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"soundings/surveys"
)

// patience bounds each test, so that a store that waits for itself is found.
const patience = 2 * time.Minute

// check is one rule of the contract, tried on a new empty store.
type check struct {
	name string
	run  func(*testing.T, context.Context, surveys.Store)
}

// Run tries every rule of the contract, each on a new empty store, which open
// makes and closes when its test ends. It skips the rules named in except.
func Run(t *testing.T, open func(testing.TB) surveys.Store, except ...string) {
	groups := []struct {
		name   string
		checks []check
	}{
		{"Records", recordChecks},
		{"Responses", responseChecks},
		{"Linkages", linkageChecks},
		{"Answers", answerChecks},
		{"Streams", streamChecks},
		{"Whole", wholeChecks},
		{"Contexts", contextChecks},
		{"Concurrency", concurrencyChecks},
		{"Life", lifeChecks},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.checks {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					if slices.Contains(except, group.name+"/"+c.name) {
						t.Skip("beyond what this server can do: see StandInLimits")
					}
					c.run(t, limited(t), open(t))
				})
			}
		})
	}
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// must stops the test at an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantKind checks that err is an *surveys.Error of that kind.
func wantKind(t testing.TB, doing string, err error, want surveys.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("%s gave no error, want %v", doing, want)
	}
	if got := surveys.KindOf(err); got != want {
		t.Fatalf("%s gave kind %v (%v), want %v", doing, got, err, want)
	}
}

// wantSame compares, taking nil and empty collections as the same.
func wantSame(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

// collect reads a stream to its end.
func collect[T any](t testing.TB, stream iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range stream {
		must(t, err)
		all = append(all, v)
	}
	return all
}
