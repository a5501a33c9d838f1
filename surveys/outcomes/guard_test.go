package outcomes_test

import (
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// somePublished is a published report on some people beside what was released before.
func (b *builder) somePublished(f surveys.Filter, earlier ...surveys.Release) (*outcomes.Report, error) {
	return outcomes.Build(b.Context(), b.dataset(), outcomes.Options{Profile: surveys.ProfilePublished, Filter: f, Earlier: earlier})
}

// silent takes an item out of the answers of a cohort.
func (b *builder) silent(cohort surveys.CohortID, item questionnaire.ItemID) {
	for _, r := range b.held.responses {
		if r.Cohort == cohort {
			delete(r.Answers, item)
		}
	}
}

// TestFilterOfAllButFew: a report on all but few people shows nothing, and a measure
// that all but few of them answered is not in it.
func TestFilterOfAllButFew(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		others           int // who are not in the report
		silent           bool
		report, withheld outcomes.Reason // of the report; of stress
	}{
		"many others":                      {40, false, "", ""},
		"few others":                       {4, false, outcomes.Suppressed, outcomes.Suppressed},
		"others who left one question out": {40, true, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := twice(t, map[string]int{"1 Elm P": 40, "2 Oak S": test.others}, 0)
			if test.silent {
				b.silent("2 Oak S", "stress")
			}
			r, err := b.somePublished(cohorts("1 Elm P"))
			if err != nil {
				t.Fatal(err)
			}
			if got := measure(t, r, "stress").Withheld; r.Withheld != test.report || got != test.withheld {
				t.Errorf("withheld: %q, stress %q; want %q and %q", r.Withheld, got, test.report, test.withheld)
			}
		})
	}
}

// TestFilterOfAllButFewWhoAnswered: of many others few answered one question; with the
// report on everybody they would be seen in its measure.
func TestFilterOfAllButFewWhoAnswered(t *testing.T) {
	t.Parallel()
	b := twice(t, map[string]int{"1 Elm P": 40, "2 Oak S": 36, "3 Ash S": 4}, 0)
	b.silent("2 Oak S", "stress")
	r, err := b.somePublished(cohorts("1 Elm P"))
	if err != nil {
		t.Fatal(err)
	}
	if stress, events := measure(t, r, "stress"), measure(t, r, "events"); r.Withheld != "" || stress.Withheld != outcomes.Suppressed || events.Withheld != "" {
		t.Errorf("withheld: %q, stress %q, events %q; want stress alone", r.Withheld, stress.Withheld, events.Withheld)
	}
}

// TestFilterOfDaysIsOfMonths: two reports whose days differ by one would tell of those
// who answered on it.
func TestFilterOfDaysIsOfMonths(t *testing.T) {
	t.Parallel()
	b := twice(t, map[string]int{"1 Elm P": 40}, 0)
	r, err := b.somePublished(surveys.Filter{From: "2024-02-11", To: "2024-03-20"})
	if err != nil {
		t.Fatal(err)
	}
	if want := (surveys.Filter{From: "2024-02-01", To: "2024-03-31"}); r.Filter.From != want.From || r.Filter.To != want.To {
		t.Errorf("the report is of %s to %s, want %s to %s", r.Filter.From, r.Filter.To, want.From, want.To)
	}
}

// released is what a report tells, as it is remembered.
func released(t *testing.T, b *builder, f surveys.Filter, id string) surveys.Release {
	t.Helper()
	r, err := b.somePublished(f)
	if err != nil {
		t.Fatal(err)
	}
	release := *r.Release
	release.ID, release.Filter, release.At = id, f, time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)
	return release
}

// TestReleasesTogether: two files and a third leave few people over, none of them alone
// with the third.
func TestReleasesTogether(t *testing.T) {
	t.Parallel()
	for others, refused := range map[int]bool{4: true, 40: false} {
		b := twice(t, map[string]int{"1 Elm P": 40, "2 Oak S": 40, "3 Ash S": others}, 0)
		elm, oak := released(t, b, cohorts("1 Elm P"), "elm"), released(t, b, cohorts("2 Oak S"), "oak")
		_, err := b.somePublished(surveys.Filter{}, elm, oak)
		if got := surveys.KindOf(err) == surveys.KindConflict && err != nil; got != refused {
			t.Errorf("%d in neither: refused %v (%v), want %v", others, got, err, refused)
		}
	}
}

// TestReleaseBeforeSomeAnsweredAgain: who was in a release with one answer and has given
// another since is not the same in both.
func TestReleaseBeforeSomeAnsweredAgain(t *testing.T) {
	t.Parallel()
	for late, refused := range map[int]bool{0: false, 3: true, 12: false} {
		b := twice(t, map[string]int{"1 Elm P": 40}, 0)
		all := b.held.responses
		b.held.responses = nil
		for _, r := range all { // those after of the last few are not there yet
			var serial int
			if _, err := fmt.Sscanf(string(r.ID), "post%d", &serial); err != nil || serial < 40-late {
				b.held.responses = append(b.held.responses, r)
			}
		}
		before := released(t, b, surveys.Filter{}, "before")
		for i := range all {
			var serial int
			if _, err := fmt.Sscanf(string(all[i].ID), "post%d", &serial); err == nil && serial >= 40-late {
				all[i].Submitted = before.Through.Add(time.Hour)
			}
		}
		b.held.responses = all
		_, err := b.somePublished(surveys.Filter{}, before)
		if got := surveys.KindOf(err) == surveys.KindConflict && err != nil; got != refused {
			t.Errorf("%d answered again: refused %v (%v), want %v", late, got, err, refused)
		}
	}
}
