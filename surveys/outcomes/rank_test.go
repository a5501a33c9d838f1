package outcomes

import (
	"math"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestMidranks(t *testing.T) {
	t.Parallel()
	ranks, ties := midranks([]float64{3, 1, 3, 2, 3})
	if want := []float64{4, 1, 4, 2, 4}; !slices.Equal(ranks, want) || ties != 24 {
		t.Errorf("midranks = %v, ties %v, want %v, ties 24", ranks, ties, want)
	}
	if ranks, ties := midranks(nil); len(ranks) != 0 || ties != 0 {
		t.Errorf("midranks(nil) = %v, %v, want none", ranks, ties)
	}
}

// TestSignedRankP compares with 2*psignrank(v, 49) of R 4.2.2.
func TestSignedRankP(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]float64{
		100: 1.78285972651793e-08, 400: 0.0341261507155544, 600: 0.905843557195151,
		1225 - 100: 1.78285972651793e-08, 0: math.Ldexp(1, -48),
	} {
		if got := signedRankP(v, 49); !near(got.value, want, 1e-13) {
			t.Errorf("signedRankP(%v, 49) = %v, want %v", v, got, want)
		}
	}
}

// TestRankSumP compares with 2*pwilcox(w, m, n) of R 4.2.2.
func TestRankSumP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		w, m, n int
		want    float64
	}{
		{0, 49, 49, 7.85002919296329e-29},
		{10, 49, 49, 1.0911540578219e-26},
		{500, 49, 49, 2.35172466179772e-07},
		{1000, 49, 49, 0.155936324046855},
		{3, 5, 7, 0.0176767676767677},
		{32, 5, 7, 0.0176767676767677},
	}
	for _, tt := range tests {
		if got := rankSumP(tt.w, tt.m, tt.n); !near(got.value, tt.want, 1e-12) {
			t.Errorf("rankSumP(%d, %d, %d) = %v, want %v", tt.w, tt.m, tt.n, got, tt.want)
		}
	}
}

// The exact distributions agree with counting every assignment.
func TestExactDistributions_byCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, n := rapid.IntRange(1, 5).Draw(t, "m"), rapid.IntRange(1, 5).Draw(t, "n")
		v := rapid.IntRange(0, m*(m+1)/2).Draw(t, "v")
		w := rapid.IntRange(0, m*n).Draw(t, "w")
		below, all := 0, 1<<m
		for set := range uint(all) {
			if s := rankSum(set); s <= min(v, m*(m+1)/2-v) {
				below++
			}
		}
		if got, want := signedRankP(float64(v), m).value, min(1, 2*float64(below)/float64(all)); !near(got, want, 1e-12) {
			t.Errorf("signedRankP(%d, %d) = %v, want %v", v, m, got, want)
		}
		below, all = 0, 0
		for set := range uint(1) << (m + n) {
			if bits.OnesCount(set) != m {
				continue
			}
			all++
			if rankSum(set)-m*(m+1)/2 <= min(w, m*n-w) {
				below++
			}
		}
		if got, want := rankSumP(w, m, n).value, min(1, 2*float64(below)/float64(all)); !near(got, want, 1e-12) {
			t.Errorf("rankSumP(%d, %d, %d) = %v, want %v", w, m, n, got, want)
		}
	})
}

// rankSum returns the sum of the ranks, from 1, whose bits are set.
func rankSum(set uint) int {
	total := 0
	for rank := 1; set != 0; rank, set = rank+1, set>>1 {
		total += rank * int(set&1)
	}
	return total
}

// TestCoinP compares with binom.test(a, a+b)$p.value of R 4.2.2.
func TestCoinP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b int
		want float64
	}{
		{0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {2, 0, 0.5}, {8, 9, 1}, {10, 10, 1},
		{3, 14, 0.012725830078125},
		{14, 3, 0.012725830078125},
		{100, 1000, 2.32744981382597e-187},
		{0, 1200, math.SmallestNonzeroFloat64},
	}
	for _, tt := range tests {
		if got := coinP(tt.a, tt.b); !near(got.value, tt.want, 1e-11) {
			t.Errorf("coinP(%d, %d) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestWilcoxon(t *testing.T) {
	t.Parallel()
	long := make([]float64, 50)
	for i := range long {
		long[i] = float64(i+1) + 0.5
	}
	tests := []struct {
		name       string
		d          []float64
		wantMethod Method
		wantReason Reason
	}{
		{"no pairs", nil, "", NoPairs},
		{"two pairs", []float64{1, 2}, "", FewerThanThree},
		{"all zero", []float64{0, 0, 0}, "", AllDifferencesZero},
		{"untied", []float64{1, -2, 3}, MethodExact, ""},
		{"49 untied", long[:49], MethodExact, ""},
		{"50 untied", long, MethodNormalCC, ""},
		{"one zero", []float64{0, 1, 2}, MethodNormalCC, ""},
		{"all equal", []float64{2, 2, 2}, MethodNormalCC, ""},
		{"one tie of unlike sign", []float64{1, -1, 2, 3}, MethodNormalCC, ""},
		{"one pair differs", []float64{0, 0, 4}, MethodNormalCC, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := wilcoxon(tt.d)
			if got.Method != tt.wantMethod || got.P.Reason() != tt.wantReason || got.V.Reason() != tt.wantReason {
				t.Errorf("wilcoxon(%v) = %+v, want method %q, reason %q", tt.d, got, tt.wantMethod, tt.wantReason)
			}
		})
	}
}
