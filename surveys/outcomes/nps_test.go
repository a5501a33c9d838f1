package outcomes_test

import (
	"testing"

	"soundings/surveys/outcomes"
)

func TestNPS_edges(t *testing.T) {
	t.Parallel()
	repeat := func(v float64, n int) []float64 {
		values := make([]float64, n)
		for i := range values {
			values[i] = v
		}
		return values
	}
	tests := []struct {
		name                          string
		answers                       []float64
		score, printed, se, low, high string
	}{
		{"nobody", nil, "not estimable: no_answers", "not estimable: too_few", "not estimable: no_answers",
			"not estimable: no_answers", "not estimable: no_answers"},
		{"one promoter", []float64{10}, "100", "not estimable: too_few", "0", "100", "100"},
		{"nine promoters", repeat(9, 9), "100", "not estimable: too_few", "0", "100", "100"},
		{"ten promoters", repeat(9, 10), "100", "100", "0", "100", "100"},
		{"ten passives", repeat(8, 10), "0", "0", "0", "0", "0"},
		{"ten detractors", repeat(0, 10), "-100", "-100", "0", "-100", "-100"},
		{"cut at 100", append(repeat(10, 12), 7), "92.307692307692", "92.307692307692", "7.390530175619", "77.822519336822", "100"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := outcomes.NPS(tt.answers)
			got := [5]string{rounded(r.Score), rounded(r.Printed()), rounded(r.SE), rounded(r.CI.Low), rounded(r.CI.High)}
			if want := [5]string{tt.score, tt.printed, tt.se, tt.low, tt.high}; got != want {
				t.Errorf("score, printed, SE, limits = %q, want %q", got, want)
			}
		})
	}
}
