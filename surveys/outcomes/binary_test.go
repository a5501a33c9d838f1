package outcomes_test

import (
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys/outcomes"
)

// table returns observations of 0 and 1 that cross to the four counts.
func table(n11, n10, n01, n00 int) []outcomes.Observation {
	var result []outcomes.Observation
	for cell, n := range map[[2]float64]int{{1, 1}: n11, {1, 0}: n10, {0, 1}: n01, {0, 0}: n00} {
		for range n {
			result = append(result, pairs(cell)...)
		}
	}
	return result
}

func TestComparePairedBinary_edges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name               string
		n11, n10, n01, n00 int
		wantP, wantLow     string
	}{
		{"nobody", 0, 0, 0, 0, "not estimable: no_pairs", "not estimable: no_pairs"},
		{"two", 1, 0, 1, 0, "not estimable: n_lt_3", "not estimable: n_lt_3"},
		{"nobody moved", 2, 0, 0, 2, "1", ""},
		{"all yes", 5, 0, 0, 0, "1", ""},
		{"all moved up", 0, 0, 5, 0, "0.0625", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := outcomes.ComparePairedBinary(table(tt.n11, tt.n10, tt.n01, tt.n00), []float64{1})
			p, _ := r.McNemarP.Float()
			if r.McNemarP.OK() && tt.wantP != outcomes.Est(round(p)).String() || !r.McNemarP.OK() && tt.wantP != r.McNemarP.String() {
				t.Errorf("McNemar p = %v, want %s", r.McNemarP, tt.wantP)
			}
			if tt.wantLow != "" && r.DiffCI.Low.String() != tt.wantLow {
				t.Errorf("lower limit = %v, want %s", r.DiffCI.Low, tt.wantLow)
			}
		})
	}
}

// round cuts what is left of floating point noise.
func round(v float64) float64 {
	return float64(int(v*1e12+0.5)) / 1e12
}

// The interval of the difference encloses it and stays within -100 to 100.
func TestComparePairedBinary_interval(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SliceOfN(rapid.IntRange(0, 30), 4, 4).Draw(t, "cells")
		r := outcomes.ComparePairedBinary(table(n[0], n[1], n[2], n[3]), []float64{1})
		low, ok := r.DiffCI.Low.Float()
		high, _ := r.DiffCI.High.Float()
		diff, _ := r.DiffPP.Float()
		if ok != (r.NMatched >= 3) {
			t.Fatalf("interval %v of %d pairs", r.DiffCI, r.NMatched)
		}
		if ok && (low < -100 || low > diff+1e-9 || high < diff-1e-9 || high > 100) {
			t.Errorf("%v to %v does not enclose %v within -100 to 100", low, high, diff)
		}
	})
}
