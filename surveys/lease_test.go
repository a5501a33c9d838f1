package surveys_test

import (
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// instances are n services over one store, with one clock.
func instances(t *testing.T, n int) ([]*surveys.Service, *clock) {
	t.Helper()
	store, at := storetest.SQLite(t), &clock{now: origin}
	all := make([]*surveys.Service, n)
	for i := range all {
		all[i] = surveys.NewService(store, at.Now, rand.Reader)
	}
	return all, at
}

// TestOnce: of all who ask at once, on any instance, one is first.
func TestOnce(t *testing.T) {
	t.Parallel()
	all, _ := instances(t, 4)
	for round := range 5 {
		var firsts atomic.Int32
		var asked sync.WaitGroup
		for _, s := range all {
			for range 5 {
				asked.Go(func() {
					first, err := surveys.Once(s, t.Context(), fmt.Sprint("letter ", round), origin.Add(time.Hour))
					if err != nil {
						t.Error(err)
					}
					if first {
						firsts.Add(1)
					}
				})
			}
		}
		asked.Wait()
		if firsts.Load() != 1 {
			t.Errorf("round %d: %d were told that they are first, want 1", round, firsts.Load())
		}
	}
}

// TestHold: who holds a lease keeps it while it asks; who falls silent loses it.
func TestHold(t *testing.T) {
	t.Parallel()
	all, at := instances(t, 2)
	holds := func(i int) bool {
		t.Helper()
		held, err := surveys.Hold(all[i], t.Context(), "mailing")
		must(t, err)
		return held
	}
	for minute := range 3 {
		if !holds(0) || holds(1) {
			t.Fatalf("minute %d: the first to ask does not hold the lease alone", minute)
		}
		at.pass(time.Minute)
	}
	at.pass(time.Minute) // the first one's claim on the next slot has passed too
	if !holds(1) || holds(0) {
		t.Error("after a silence the lease has not gone to who asked for it")
	}
}
