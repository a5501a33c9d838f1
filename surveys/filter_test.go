package surveys_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func TestFilterNormal(t *testing.T) {
	t.Parallel()
	got := surveys.Filter{
		Cohorts: []surveys.CohortID{"b", "a", "b", ""}, Phases: []string{""}, From: "2026-01-01",
		Answers: map[questionnaire.ItemID][]string{"sex": {"m", "f", "m"}, "age": {""}},
	}.Normal()
	want := surveys.Filter{
		Cohorts: []surveys.CohortID{"a", "b"}, From: "2026-01-01", Answers: map[questionnaire.ItemID][]string{"sex": {"f", "m"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Normal() (-want +got):\n%s", diff)
	}
	if !(surveys.Filter{Areas: []string{""}}).Normal().Empty() {
		t.Error("a filter of nothing is not empty")
	}
}
