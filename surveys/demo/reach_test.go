package demo_test

import (
	"testing"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// TestReachIsThatOfTheReference: with everybody known the demonstration reached
// exactly as many as the reference programme says; pairing by codes bounds that.
func TestReachIsThatOfTheReference(t *testing.T) {
	l := demonstration(t)
	known := reportsByPeople(t, l)
	for _, test := range []struct {
		questionnaire        string
		people               int
		institutions, groups int
		matched              int
	}{
		{"parenting", 57, 0, 4, 44}, {"pupil_workshop", 891, 7, 7, 731}, {"trainee_day", 1500, 51, 82, 0},
		{"teacher_feedback", 63, 7, 7, 0}, {"staff_training", 449, 0, 8, 333},
	} {
		reach := known[test.questionnaire].Reach
		whole := reach.Rows[0]
		if whole.AtMost != test.people || whole.Matched != test.matched || reach.Institutions != test.institutions || reach.Cohorts != test.groups {
			t.Errorf("%s: %d people, %d matched, %d institutions, %d groups, want %+v", test.questionnaire, whole.AtMost, whole.Matched, reach.Institutions, reach.Cohorts, test)
		}
		d := l.dataset(t, test.questionnaire)
		paired := build(t, d, nil).Reach.Rows[0]
		// Each wrong pair makes of two people one.
		if paired.People > test.people || paired.AtMost < test.people-2 {
			t.Errorf("%s: %d to %d people by codes, and there are %d", test.questionnaire, paired.People, paired.AtMost, test.people)
		}
		sumsUp(t, test.questionnaire, reach)
		censusOf(t, d)
	}
}

// sumsUp: the people of the quarters, and of the cohorts, are everyone.
func sumsUp(t *testing.T, name string, reach outcomes.Reach) {
	t.Helper()
	sums := map[string]int{}
	for _, row := range reach.Rows {
		sums[row.By] += row.AtMost
	}
	for _, by := range []string{"cohort", "quarter", "month", "language"} {
		if sums[by] != sums["everyone"] {
			t.Errorf("%s: %d people by %s, %d in all", name, sums[by], by, sums["everyone"])
		}
	}
}

// censusOf compares every number of people with the list behind it.
func censusOf(t *testing.T, d *surveys.Dataset) {
	t.Helper()
	census, err := outcomes.TakeCensus(t.Context(), d, outcomes.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range build(t, d, nil).Reach.Rows {
		for of, want := range map[outcomes.Counted]int{
			outcomes.CountedPre: row.Pre, outcomes.CountedPost: row.Post, outcomes.CountedMatched: row.Matched,
			outcomes.CountedPeople: row.People, outcomes.CountedAtMost: row.AtMost,
		} {
			if got := len(census.People(row.By, row.Name, of)); got != want {
				t.Errorf("%s, %s %q: %d %s listed, %d counted", d.Strand.ID, row.By, row.Name, got, of, want)
			}
		}
	}
}
