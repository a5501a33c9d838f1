package storetest_test

import (
	"testing"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestInspectNew: a new store of either kind says how it is and lacks nothing.
func TestInspectNew(t *testing.T) {
	for name, open := range map[string]func(testing.TB) surveys.Store{"sqlite": storetest.SQLite, "mongodb": storetest.Mongo} {
		t.Run(name, func(t *testing.T) {
			seen, err := open(t).(surveys.Inspector).Inspect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(seen.Wrong) > 0 {
				t.Errorf("a new store is wrong: %q", seen.Wrong)
			}
			if len(seen.Said)+len(seen.Advice) == 0 {
				t.Error("it said nothing of itself")
			}
		})
	}
}
