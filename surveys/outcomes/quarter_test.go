package outcomes_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"soundings/surveys/outcomes"
)

func TestQuarterOf(t *testing.T) {
	t.Parallel()
	for day, want := range map[string]string{
		"2023-03-31": "2022/23 Q4", "2023-04-01": "2023/24 Q1", "2023-06-30": "2023/24 Q1", "2023-07-01": "2023/24 Q2",
		"2023-12-31": "2023/24 Q3", "2024-01-01": "2023/24 Q4", "1999-12-31": "1999/00 Q3",
	} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcomes.QuarterOf(at); got != want {
			t.Errorf("QuarterOf(%s) = %q, want %q", day, got, want)
		}
	}
	if got, want := outcomes.QuarterWords("2023/24 Q3"), "October to December 2023 (Q3 of 2023/24)"; got != want {
		t.Errorf("QuarterWords = %q, want %q", got, want)
	}
	for _, name := range []string{"", "2023/25 Q1", "2023/24 Q5", "2023/24 Q3 ", "2023-10"} {
		if first, ok := outcomes.QuarterStart(name); ok {
			t.Errorf("QuarterStart(%q) = %v, want none", name, first)
		}
	}
}

// TestPropertyQuarters: each day lies in the quarter that begins last before it.
func TestPropertyQuarters(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(2000, 1, rapid.IntRange(1, 30000).Draw(t, "day"), 12, 0, 0, 0, time.UTC)
		first, ok := outcomes.QuarterStart(outcomes.QuarterOf(day))
		if !ok || day.Before(first) || !day.Before(first.AddDate(0, 3, 0)) {
			t.Fatalf("%v lies in %s, which begins %v", day, outcomes.QuarterOf(day), first)
		}
	})
}
