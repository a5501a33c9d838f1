package outcomes_test

import (
	"testing"

	"soundings/surveys/outcomes"
)

func TestChange_direction(t *testing.T) {
	t.Parallel()
	observations := pairs([2]float64{1, 2}, [2]float64{5, 3}, [2]float64{2, 2}, [2]float64{1.1, 1.4}, [2]float64{4, 1})
	least := 0.3
	higher := outcomes.ComparePaired(observations, outcomes.Params{MinChange: &least})
	lower := outcomes.ComparePaired(observations, outcomes.Params{MinChange: &least, LowerIsBetter: true})
	if c := higher.Change; c.ImprovedN != 2 || c.SameN != 1 || c.WorseN != 2 {
		t.Errorf("higher is better: %+v, want 2 improved, 1 same, 2 worse", c)
	}
	if c := higher.ChangeMid; c.ImprovedN != 2 {
		t.Errorf("1.4-1.1 does not count as a change of 0.3: %+v", c)
	}
	if lower.Change.ImprovedN != 2 || !lower.Diff.Mean.Equal(higher.Diff.Mean) {
		t.Errorf("lower is better: %+v, mean change %v, want the sign of post - pre", lower.Change, lower.Diff.Mean)
	}
}

// A share of 0 or all has limits of exactly 0 or 100.
func TestChange_limits(t *testing.T) {
	t.Parallel()
	r := outcomes.ComparePaired(pairs([2]float64{1, 2}, [2]float64{1, 2}, [2]float64{1, 3}), outcomes.Params{})
	if got := r.Change.ImprovedCI.High.String(); got != "100" {
		t.Errorf("upper limit of 3 of 3 = %s, want 100", got)
	}
	r = outcomes.ComparePaired(pairs([2]float64{2, 1}, [2]float64{2, 1}, [2]float64{3, 3}), outcomes.Params{})
	if got := r.Change.ImprovedCI.Low.String(); got != "0" {
		t.Errorf("lower limit of 0 of 3 = %s, want 0", got)
	}
}

func TestReliableChange(t *testing.T) {
	t.Parallel()
	spread := pairs([2]float64{1, 9}, [2]float64{2, 2}, [2]float64{3, 3}, [2]float64{9, 1})
	flat := pairs([2]float64{2, 3}, [2]float64{2, 4}, [2]float64{2, 2})
	tests := []struct {
		name         string
		observations []outcomes.Observation
		reliability  outcomes.Estimate
		want         [3]string // improved, same, worse
	}{
		{"counts", spread, outcomes.Est(0.9), [3]string{"1", "2", "1"}},
		{"alpha below 0", spread, outcomes.Est(-0.5), [3]string{"0", "4", "0"}},
		{"no spread", flat, outcomes.Est(0.9), same3("zero_variance")},
		{"perfect reliability", spread, outcomes.Est(1), same3("zero_variance")},
		{"impossible reliability", spread, outcomes.Est(1.2), same3("not_applicable")},
		{"no reliability", spread, outcomes.NotEstimable(outcomes.FewerThanThree), same3("n_lt_3")},
		{"one at pre", spread[:1], outcomes.Est(0.9), same3("n_lt_2")},
		{"nobody", nil, outcomes.Est(0.9), same3("no_answers")},
		{"no pairs", []outcomes.Observation{{Pre: outcomes.Num(1)}, {Pre: outcomes.Num(2)}}, outcomes.Est(0.9), same3("no_pairs")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := outcomes.ReliableChange(tt.observations, outcomes.Params{}, tt.reliability)
			if got := [3]string{r.ImprovedN.String(), r.SameN.String(), r.WorseN.String()}; got != tt.want {
				t.Errorf("improved, same, worse = %q, want %q", got, tt.want)
			}
		})
	}
}

// same3 is the text of three figures withheld for one reason.
func same3(reason string) [3]string {
	text := "not estimable: " + reason
	return [3]string{text, text, text}
}
