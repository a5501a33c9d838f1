package outcomes_test

import (
	"testing"

	"soundings/surveys/outcomes"
)

func TestAttrition_edges(t *testing.T) {
	t.Parallel()
	left := func(observations []outcomes.Observation, pre ...float64) []outcomes.Observation {
		for _, v := range pre {
			observations = append(observations, outcomes.Observation{Pre: outcomes.Num(v)})
		}
		return observations
	}
	tests := []struct {
		name                          string
		observations                  []outcomes.Observation
		retained, stayers, smd, welch string
	}{
		{"nobody", nil, "not estimable: no_answers", "not estimable: n_lt_2", "not estimable: n_lt_2", "not estimable: n_lt_2"},
		{"nobody left", pairs([2]float64{1, 2}, [2]float64{2, 2}), "100", "not estimable: n_lt_2", "not estimable: n_lt_2", "not estimable: n_lt_2"},
		{"everybody left", left(nil, 1, 2), "0", "not estimable: n_lt_2", "not estimable: n_lt_2", "not estimable: n_lt_2"},
		{"one left", left(pairs([2]float64{1, 2}, [2]float64{2, 2}, [2]float64{3, 3}), 4), "75",
			"not estimable: n_lt_2", "not estimable: n_lt_2", "not estimable: n_lt_2"},
		{"two and two", left(pairs([2]float64{1, 2}, [2]float64{3, 2}), 2, 4), "50", "2", "-0.707106781187", "0.5527864045"},
		{"no spread", left(pairs([2]float64{1, 2}, [2]float64{1, 3}), 2, 2), "50", "1", "not estimable: zero_variance", "not estimable: zero_variance"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := outcomes.ComparePaired(tt.observations, outcomes.Params{}).Attrition
			got := [4]string{rounded(a.RetainedPct), rounded(a.MeanCompleters), rounded(a.SMD), rounded(a.PWelch)}
			if want := [4]string{tt.retained, tt.stayers, tt.smd, tt.welch}; got != want {
				t.Errorf("retained, stayers' mean, SMD, p = %q, want %q", got, want)
			}
		})
	}
}
