package outcomes

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	none, one := Describe(nil), Describe([]float64{-2.5})
	if none.N != 0 || none.Mean.Reason() != NoAnswers || none.SD.Reason() != NoAnswers || none.Max.Reason() != NoAnswers {
		t.Errorf("Describe(nil) = %+v, want no figures", none)
	}
	if one.Mean.value != -2.5 || one.Q1.value != -2.5 || one.IQR.value != 0 || one.SD.Reason() != FewerThanTwo {
		t.Errorf("Describe(-2.5) = %+v, want -2.5 without an SD", one)
	}
	// quantile(c(1,2,4,8,16,32), c(.25,.5,.75)) in R: 2.5, 6, 14
	got := Describe([]float64{32, 1, 2, 16, 4, 8})
	if got.Q1.value != 2.5 || got.Median.value != 6 || got.Q3.value != 14 || got.IQR.value != 11.5 {
		t.Errorf("quartiles = %v %v %v, want 2.5 6 14", got.Q1, got.Median, got.Q3)
	}
	if got.Min.value != 1 || got.Max.value != 32 {
		t.Errorf("range = %v to %v, want 1 to 32", got.Min, got.Max)
	}
}

// Equal values have an SD of exactly 0 and a mean of exactly themselves.
func TestDescribe_equalValues(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{0.1, 0.7, 1e-9, 123456.789} {
		s := Describe([]float64{v, v, v, v, v, v, v, v, v, v})
		if s.SD.value != 0 || s.Mean.value != v {
			t.Errorf("Describe of ten times %v: mean %v, SD %v", v, s.Mean, s.SD)
		}
	}
}

func TestRound10(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want float64 }{
		{1.1 - (-0.2), 1.3},
		{0.1 - (-1.2), 1.3},
		{-1e-12, 0},
		{5.22222222222, 5.2222222222},
		{123456.7 - 0.1, 123456.6},
		{1e6 + 1.0/3, 1e6 + 1.0/3},
		{1e300, 1e300},
	}
	for _, tt := range tests {
		if got := round10(tt.in); got != tt.want || math.Signbit(got) && got == 0 {
			t.Errorf("round10(%v) = %v, want %v", tt.in, got, tt.want)
		}
	}
}

func TestCorrelation(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		x, y       []float64
		wantReason Reason
		want       float64
	}{
		{"none", nil, nil, NoPairs, 0},
		{"two", []float64{1, 2}, []float64{1, 2}, FewerThanThree, 0},
		{"constant", []float64{1, 1, 1}, []float64{1, 2, 3}, ZeroVariance, 0},
		{"perfect", []float64{1, 2, 3}, []float64{2, 4, 6}, "", 1},
		{"reversed", []float64{1, 2, 3}, []float64{6, 4, 2}, "", -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := correlation(tt.x, tt.y, NoPairs)
			if got.Reason() != tt.wantReason || math.Abs(got.value-tt.want) > 1e-15 {
				t.Errorf("correlation(%v, %v) = %v, want %v %s", tt.x, tt.y, got, tt.want, tt.wantReason)
			}
		})
	}
}

// Quartiles and mean lie within the range; the quartiles keep their order.
func TestDescribe_order(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 40).Draw(t, "values")
		s := Describe(values)
		chain := []float64{s.Min.value, s.Q1.value, s.Median.value, s.Q3.value, s.Max.value}
		for i := 1; i < len(chain); i++ {
			if chain[i] < chain[i-1]-1e-9 {
				t.Fatalf("minimum, quartiles and maximum %v out of order", chain)
			}
		}
		if s.Mean.value < s.Min.value-1e-9 || s.Mean.value > s.Max.value+1e-9 {
			t.Errorf("mean %v outside %v to %v", s.Mean, s.Min, s.Max)
		}
	})
}
