package outcomes_test

import (
	"testing"

	"soundings/surveys/outcomes"
)

func TestCompareUnpaired_edges(t *testing.T) {
	t.Parallel()
	const none = outcomes.Reason("")
	flat := outcomes.ZeroVariance
	tests := []struct {
		name                    string
		pre, post               []float64
		welchT, diff, mwP, w, d outcomes.Reason
		method                  outcomes.Method
	}{
		{"nobody", nil, nil, outcomes.NoAnswers, outcomes.NoAnswers, outcomes.NoAnswers, outcomes.NoAnswers, outcomes.NoAnswers, ""},
		{"two at post", []float64{1, 2, 3}, []float64{1, 2}, outcomes.FewerThanThree, outcomes.FewerThanThree,
			outcomes.FewerThanThree, outcomes.FewerThanThree, outcomes.FewerThanThree, ""},
		{"untied", []float64{1, 2, 3}, []float64{4, 5, 6.5}, none, none, none, none, none, outcomes.MethodExact},
		{"tied", []float64{1, 2, 3}, []float64{3, 4, 5}, none, none, none, none, none, outcomes.MethodNormalCC},
		{"one constant", []float64{1, 1, 1}, []float64{2, 3, 5}, none, none, none, none, none, outcomes.MethodNormalCC},
		{"both constant", []float64{1, 1, 1}, []float64{2, 2, 2}, flat, none, none, none, flat, outcomes.MethodNormalCC},
		{"all equal", []float64{2, 2, 2}, []float64{2, 2, 2}, flat, none, flat, none, flat, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := outcomes.CompareUnpaired(tt.pre, tt.post)
			for _, c := range []struct {
				figure string
				got    outcomes.Estimate
				want   outcomes.Reason
			}{
				{"Welch t", r.Welch.T, tt.welchT}, {"Welch p", r.Welch.P, tt.welchT}, {"Welch limit", r.Welch.CI.Low, tt.welchT},
				{"difference", r.Welch.Diff, tt.diff}, {"W", r.MannWhitney.W, tt.w}, {"Mann-Whitney p", r.MannWhitney.P, tt.mwP},
				{"d_s", r.Effect.DS, tt.d}, {"d_s limit", r.Effect.DSCI.High, tt.d}, {"g_s", r.Effect.GS, tt.d},
			} {
				if c.got.Reason() != c.want {
					t.Errorf("%s = %v, want reason %q", c.figure, c.got, c.want)
				}
			}
			if r.MannWhitney.Method != tt.method {
				t.Errorf("method = %q, want %q", r.MannWhitney.Method, tt.method)
			}
		})
	}
}

// TestCompareUnpaired_oneConstant compares with t.test of R 4.2.2.
func TestCompareUnpaired_oneConstant(t *testing.T) {
	t.Parallel()
	r := outcomes.CompareUnpaired([]float64{1, 1, 1}, []float64{2, 3, 5})
	if p, _ := r.Welch.P.Float(); p < 0.118082896311 || p > 0.118082896313 {
		t.Errorf("p = %v, want 0.118082896312", p)
	}
	if r.Welch.DF.String() != "2" {
		t.Errorf("df = %v, want 2", r.Welch.DF)
	}
}
