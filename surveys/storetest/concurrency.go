package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

var concurrencyChecks = []check{
	{"one_insert_of_an_id_wins", concurrentInserts},
	{"one_holder_of_a_key_wins", concurrentKeys},
	{"one_response_of_an_id_wins", concurrentResponses},
	{"one_update_of_a_revision_wins", concurrentUpdates},
	{"no_update_is_lost", concurrentIncrements},
	{"every_acknowledged_write_once", concurrentLoad},
}

// contenders is how many try the same thing at once.
const contenders = 100

// contest runs try from many goroutines at once and checks that one succeeds
// and the others meet a conflict. It returns the winner.
func contest(t *testing.T, try func(i int) error) (winner int) {
	t.Helper()
	outcomes := together(contenders, try)
	won := 0
	for i, err := range outcomes {
		if err == nil {
			won, winner = won+1, i
			continue
		}
		wantKind(t, fmt.Sprintf("contender %d", i), err, surveys.KindConflict)
	}
	if won != 1 {
		t.Fatalf("%d of %d contenders won, want 1", won, contenders)
	}
	return winner
}

// together runs n calls at once and returns what each gave.
func together(n int, call func(i int) error) []error {
	outcomes := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			outcomes[i] = call(i)
		})
	}
	close(start)
	all.Wait()
	return outcomes
}

func contender(i int) surveys.Record {
	r := record("a")
	r.Body = fmt.Appendf(nil, `{"contender":%d}`, i)
	return r
}

func concurrentInserts(t *testing.T, ctx context.Context, s surveys.Store) {
	winner := contest(t, func(i int) error {
		_, err := s.PutRecord(ctx, contender(i))
		return err
	})
	want := contender(winner)
	want.Revision = 1
	wantRecord(t, ctx, s, want)
}

func concurrentKeys(t *testing.T, ctx context.Context, s surveys.Store) {
	winner := contest(t, func(i int) error {
		r := record(fmt.Sprint(i))
		r.Key = "k"
		_, err := s.PutRecord(ctx, r)
		return err
	})
	got, err := s.RecordByKey(ctx, kindNote, "k")
	must(t, err)
	if got.ID != fmt.Sprint(winner) {
		t.Errorf("the key is held by %s, want %d", got.ID, winner)
	}
}

func concurrentResponses(t *testing.T, ctx context.Context, s surveys.Store) {
	try := func(i int) surveys.Response {
		r := fullResponse("a")
		r.Answers = questionnaire.Answers{"calm": {Text: fmt.Sprint(i)}}
		return r
	}
	winner := contest(t, func(i int) error { return s.PutResponse(ctx, try(i), nil) })
	want := try(winner)
	want.Revision = 1
	wantResponse(t, ctx, s, want)
}

func concurrentUpdates(t *testing.T, ctx context.Context, s surveys.Store) {
	put(t, ctx, s, record("a"))
	winner := contest(t, func(i int) error {
		r := contender(i)
		r.Revision = 1
		_, err := s.PutRecord(ctx, r)
		return err
	})
	want := contender(winner)
	want.Revision = 2
	wantRecord(t, ctx, s, want)
}

func concurrentIncrements(t *testing.T, ctx context.Context, s surveys.Store) {
	const each, writers = 5, 10
	put(t, ctx, s, record("a"))
	outcomes := together(writers, func(int) error {
		for range each {
			if err := increment(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
	must(t, errors.Join(outcomes...))
	got, err := s.Record(ctx, kindNote, "a")
	must(t, err)
	if want := int64(1 + each*writers); got.Revision != want {
		t.Errorf("revision %d after %d increments, want %d", got.Revision, each*writers, want)
	}
}

// increment writes the next revision of record a, again after each conflict.
func increment(ctx context.Context, s surveys.Store) error {
	for {
		r, err := s.Record(ctx, kindNote, "a")
		if err != nil {
			return err
		}
		_, err = s.PutRecord(ctx, r)
		if err == nil || surveys.KindOf(err) != surveys.KindConflict {
			return err
		}
	}
}

// concurrentLoad: good writes and conflicts mixed. Each response that was
// acknowledged is there once, nothing else is, and no conflict spoils another's write.
func concurrentLoad(t *testing.T, ctx context.Context, s surveys.Store) {
	const writers, each = 16, 15
	put(t, ctx, s, record("taken"))
	outcomes := together(writers, func(w int) error {
		for k := range each {
			r := ExampleResponse(w*each+k, 3)
			if err := s.PutResponse(ctx, r, linkage(r.ID, fmt.Sprint(w))); err != nil {
				return err
			}
			if _, err := s.PutRecord(ctx, record("taken")); err == nil || surveys.KindOf(err) != surveys.KindConflict {
				return fmt.Errorf("insert of a taken id gave %w", err)
			}
		}
		return nil
	})
	must(t, errors.Join(outcomes...))
	var want []surveys.Response
	for n := range writers * each {
		r := ExampleResponse(n, 3)
		r.Revision = 1
		want = append(want, r)
	}
	wantSame(t, "stream", collect(t, s.Responses(ctx, programme, strand)), want)
	if n := len(collect(t, s.Linkages(ctx, programme, strand))); n != writers*each {
		t.Errorf("%d linkages, want %d", n, writers*each)
	}
}
