package outcomes_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys/outcomes"
)

// row returns answers from values, NaN being a missing one.
func row(values ...float64) []outcomes.Number {
	result := make([]outcomes.Number, len(values))
	for i, v := range values {
		if !math.IsNaN(v) {
			result[i] = outcomes.Num(v)
		}
	}
	return result
}

func TestScoreScale(t *testing.T) {
	t.Parallel()
	skip := math.NaN()
	mean := outcomes.ScaleSpec{Min: 1, Max: 6, Reverse: []bool{false, true, false}, MinAnswered: 2}
	total := mean
	total.Sum = true
	tests := []struct {
		name         string
		spec         outcomes.ScaleSpec
		answers      []outcomes.Number
		want         outcomes.Number
		wantProrated bool
	}{
		{"mean, one item reversed", mean, row(6, 1, 6), outcomes.Num(6), false},
		{"sum", total, row(1, 6, 2), outcomes.Num(4), false},
		{"sum, prorated", total, row(1, skip, 2), outcomes.Num(4.5), true},
		{"rounded to 10 decimals", mean, row(1, 6, 2), outcomes.Num(1.3333333333), false},
		{"too few", mean, row(4, skip, skip), outcomes.Number{}, false},
		{"none", mean, row(skip, skip, skip), outcomes.Number{}, false},
		{"none needed, none answered", outcomes.ScaleSpec{}, row(skip), outcomes.Number{}, false},
		{"no items", mean, nil, outcomes.Number{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, prorated := outcomes.ScoreScale(tt.answers, tt.spec)
			if got != tt.want || prorated != tt.wantProrated {
				t.Errorf("ScoreScale(%v) = %v, %v, want %v, %v", tt.answers, got, prorated, tt.want, tt.wantProrated)
			}
		})
	}
}

// Reversing twice is the identity, and a mean score lies within the item range.
func TestScaleSpec_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "items")
		spec := outcomes.ScaleSpec{Min: 1, Max: 7, Reverse: rapid.SliceOfN(rapid.Bool(), 0, n).Draw(t, "reverse")}
		answers := make([]outcomes.Number, n)
		for i := range answers {
			answers[i] = outcomes.Number{V: float64(rapid.IntRange(1, 7).Draw(t, "answer")), OK: rapid.Bool().Draw(t, "ok")}
		}
		for i, again := range spec.Keyed(spec.Keyed(answers)) {
			if again != answers[i] {
				t.Errorf("item %d reversed twice is %v, was %v", i, again, answers[i])
			}
		}
		if score, _ := outcomes.ScoreScale(answers, spec); score.OK && (score.V < 1 || score.V > 7) {
			t.Errorf("score %v of %v outside 1 to 7", score.V, answers)
		}
	})
}

func TestAlpha_edges(t *testing.T) {
	t.Parallel()
	skip := math.NaN()
	tests := []struct {
		name                    string
		rows                    [][]outcomes.Number
		k                       int
		alpha, restR, ifDropped string // of the first item
	}{
		{"nobody", nil, 3, "not estimable: no_answers", "not estimable: no_answers", "not estimable: no_answers"},
		{"nobody complete", [][]outcomes.Number{row(1, skip), row(skip, 2)}, 2,
			"not estimable: no_answers", "not estimable: no_answers", "not estimable: not_applicable"},
		{"two complete", [][]outcomes.Number{row(1, 2, 3), row(3, 4, 6), row(1, skip, 2)}, 3,
			"not estimable: n_lt_3", "not estimable: n_lt_3", "not estimable: n_lt_3"},
		{"one item", [][]outcomes.Number{row(1), row(2), row(3)}, 1,
			"not estimable: not_applicable", "not estimable: not_applicable", "not estimable: not_applicable"},
		{"two like items", [][]outcomes.Number{row(1, 1), row(2, 2), row(4, 4)}, 2, "1", "1", "not estimable: not_applicable"},
		{"sum never varies", [][]outcomes.Number{row(1, 3), row(2, 2), row(3, 1)}, 2,
			"not estimable: zero_variance", "-1", "not estimable: not_applicable"},
		{"first item never varies", [][]outcomes.Number{row(2, 1, 1), row(2, 2, 2), row(2, 4, 4)}, 3,
			"0.75", "not estimable: zero_variance", "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := outcomes.Alpha(tt.rows, tt.k)
			got := []string{rounded(r.Alpha), rounded(r.ItemRestR[0]), rounded(r.IfDropped[0])}
			for i, want := range []string{tt.alpha, tt.restR, tt.ifDropped} {
				if got[i] != want {
					t.Errorf("%s = %s, want %s", []string{"alpha", "item-rest r", "alpha if dropped"}[i], got[i], want)
				}
			}
			if r.CI.Low.OK() != r.Alpha.OK() {
				t.Errorf("alpha %v has the interval %v", r.Alpha, r.CI)
			}
		})
	}
}

// rounded is the text of e without the noise of the last digits.
func rounded(e outcomes.Estimate) string {
	v, ok := e.Float()
	if !ok {
		return e.String()
	}
	return outcomes.Est(math.Round(v*1e12) / 1e12).String()
}
