package storetest_test

import (
	"errors"
	"testing"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestFaultyKeepsTheContract: a store that never fails is a store.
func TestFaultyKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) surveys.Store { return storetest.Faulty(storetest.SQLite(tb), 0) })
}

func TestFaulty(t *testing.T) {
	store := storetest.Faulty(storetest.SQLite(t), 3)
	for n := range 5 {
		err := store.PutResponse(t.Context(), storetest.ExampleResponse(n, 3), nil)
		if failed := errors.Is(err, storetest.ErrFault); failed != (n == 2) {
			t.Errorf("call %d gave %v", n+1, err)
		}
		if err != nil && surveys.KindOf(err) != surveys.KindUnavailable {
			t.Errorf("call %d gave kind %v, want unavailable", n+1, surveys.KindOf(err))
		}
	}
	if store.Calls() != 5 {
		t.Errorf("Calls() = %d, want 5", store.Calls())
	}
}

func TestFaultyStream(t *testing.T) {
	store := storetest.SQLite(t)
	for n := range 3 {
		if err := store.PutResponse(t.Context(), storetest.ExampleResponse(n, 3), nil); err != nil {
			t.Fatal(err)
		}
	}
	r := storetest.ExampleResponse(0, 0)
	values, failed := 0, 0
	for _, err := range storetest.Faulty(store, 1).Responses(t.Context(), r.Programme, r.Strand) {
		if errors.Is(err, storetest.ErrFault) {
			failed++
			continue
		}
		values++
	}
	if values != 1 || failed != 1 {
		t.Errorf("the stream gave %d values and %d faults, want 1 and 1", values, failed)
	}
}
