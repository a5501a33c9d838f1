package mongostore_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys/mongostore"
	"soundings/surveys/storetest"
)

// TestNewerRefused: what a newer program wrote is left alone, with a sentence.
func TestNewerRefused(t *testing.T) {
	uri := storetest.MongoURI(t)
	store := storetest.OpenMongo(t, uri).(*mongostore.Store)
	if from, to := store.Migrated(); from != 0 || to != mongostore.Newest() {
		t.Errorf("a new database went from %d to %d", from, to)
	}
	if err := store.SetSchema(t.Context(), 99); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"Open": second(mongostore.Open(t.Context(), uri)), "Pending": pendingError(t.Context(), uri)} {
		if err == nil || !strings.Contains(err.Error(), "schema 99 and this program knows up to") || !strings.Contains(err.Error(), "start the newer Soundings") {
			t.Errorf("%s gave %v", name, err)
		}
	}
	if err := store.SetSchema(t.Context(), 1); err != nil { // so that the test's end can open it
		t.Fatal(err)
	}
	if at, steps, err := mongostore.Pending(t.Context(), uri); at != 1 || len(steps) != mongostore.Newest()-1 || err != nil {
		t.Errorf("at %d with %q to come, %v", at, steps, err)
	}
}

func second[T any](_ T, err error) error { return err }

func pendingError(ctx context.Context, uri string) error {
	_, _, err := mongostore.Pending(ctx, uri)
	return err
}

// TestTurns: of several programs that start at once one migrates; a turn whose holder
// was killed is taken over, one whose holder lives is waited for.
func TestTurns(t *testing.T) {
	store := storetest.Mongo(t).(*mongostore.Store)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.SetSchema(t.Context(), 1))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := store.MigrateAgain(t.Context(), 20*time.Millisecond, 1000); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(store.SetSchema(t.Context(), 1))
	must(store.BeginTurn(t.Context()))
	brief, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := store.MigrateAgain(brief, 20*time.Millisecond, 1000); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("not waiting for the turn of another gave %v", err)
	}
	must(store.MigrateAgain(t.Context(), 20*time.Millisecond, 5))
	schema, err := store.Schema(t.Context())
	must(err)
	if schema.Version != mongostore.Newest() {
		t.Errorf("the schema is %d in the end, want %d", schema.Version, mongostore.Newest())
	}
	must(store.BeginTurn(t.Context())) // it is not left behind
}
