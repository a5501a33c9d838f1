package outcomes

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// near reports whether got is want up to the relative error tol.
func near(got, want, tol float64) bool {
	return math.Abs(got-want) <= tol*math.Abs(want)
}

// TestStudentP compares with 2*pt(t, df, lower.tail=FALSE) of R 4.2.2.
func TestStudentP(t *testing.T) {
	t.Parallel()
	tests := []struct{ t, df, want float64 }{
		{0, 7, 1},
		{1, 10, 0.34089313230206},
		{-1, 10, 0.34089313230206},
		{5, 10, 0.000537333602756452},
		{40, 10, 2.28085774308575e-12},
		{3, 2.5, 0.0725760955490318},
		{60, 448, 2.9228731174674e-216},
	}
	for _, tt := range tests {
		if got, _ := studentP(tt.t, tt.df).Float(); !near(got, tt.want, 1e-12) {
			t.Errorf("studentP(%v, %v) = %v, want %v", tt.t, tt.df, got, tt.want)
		}
	}
}

// A p-value too small for a float64 is the smallest one, never 0.
func TestStudentP_underflow(t *testing.T) {
	t.Parallel()
	got, ok := studentP(1e5, 2000).Float()
	if !ok || got != math.SmallestNonzeroFloat64 {
		t.Errorf("studentP(1e5, 2000) = %v, %v, want the smallest positive float64", got, ok)
	}
	if e := studentP(1e200, 3); e.Reason() != OutOfRange {
		t.Errorf("studentP(1e200, 3) = %v, want %v", e, OutOfRange)
	}
}

// The two ways of computing p meet without a step.
func TestStudentP_seam(t *testing.T) {
	t.Parallel()
	for _, df := range []float64{1, 2, 3.7, 10, 99, 1628, 1e5, 1e6} {
		a := df / 2
		edge := math.Sqrt(df * (1.5 / (a + 1))) // where df/(df+t^2) = (a+1)/(a+2.5)
		below, above := studentP(edge*(1-1e-13), df).value, studentP(edge*(1+1e-13), df).value
		if !near(below, above, 1e-9) {
			t.Errorf("df %v: p = %v below and %v above t = %v", df, below, above, edge)
		}
	}
}

// TestStudentLimit compares with qt(0.975, df) of R 4.2.2.
func TestStudentLimit(t *testing.T) {
	t.Parallel()
	tests := []struct{ df, want float64 }{
		{1, 12.7062047361747},
		{1.5, 6.01666310442793},
		{2, 4.30265272974946},
		{3.7, 2.86752070719119},
		{100.5, 1.9838506553358},
		{1e6, 1.9599663567},
	}
	for _, tt := range tests {
		if got := studentLimit(tt.df); !near(got, tt.want, 1e-10) {
			t.Errorf("studentLimit(%v) = %v, want %v", tt.df, got, tt.want)
		}
	}
}

// TestNoncentralLimits compares with lib.R's ncp_ci in R 4.2.2. R changes to a
// normal approximation from delta = 37.62, good to about 1e-4 only.
func TestNoncentralLimits(t *testing.T) {
	t.Parallel()
	tests := []struct{ t, df, low, high float64 }{
		{3, 2, -0.394674406584156, 6.28283257539719},
		{20, 9, 10.7171366795037, 29.2647059330804},
		{-5, 30, -7.30010427476447, -2.64041174479713},
		{40, 448, 36.720639789375, math.NaN()},
		{36, 448, 32.9261451679133, math.NaN()},
	}
	for _, tt := range tests {
		got := noncentralLimits(tt.t, tt.df)
		if !near(got.Low.value, tt.low, 1e-9) {
			t.Errorf("lower limit at t = %v, df = %v is %v, want %v", tt.t, tt.df, got.Low, tt.low)
		}
		if !math.IsNaN(tt.high) && !near(got.High.value, tt.high, 1e-9) {
			t.Errorf("upper limit at t = %v, df = %v is %v, want %v", tt.t, tt.df, got.High, tt.high)
		}
	}
	if got := noncentralLimits(1e200, 5); got.Low.Reason() != OutOfRange {
		t.Errorf("noncentralLimits(1e200, 5) = %v, want %v", got, OutOfRange)
	}
}

// TestNoncentralCDF compares with pt(t, df, ncp) of R 4.2.2.
func TestNoncentralCDF(t *testing.T) {
	t.Parallel()
	tests := []struct{ t, df, delta, want float64 }{
		{2, 10, 1, 0.807611562530311},
		{2, 10, 3, 0.168485838587907},
		{2, 3, -1, 0.990031499367255},
		{0, 4, 1, 0.158655253931457},
		{50, 20, 30, 0.995608453273184},
	}
	for _, tt := range tests {
		if got := noncentralCDF(tt.t, tt.df)(tt.delta); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("noncentralCDF(%v, %v)(%v) = %v, want %v", tt.t, tt.df, tt.delta, got, tt.want)
		}
	}
}

// An independent algorithm, the series of AS 243 in gonum, agrees wherever it
// works, which is for delta up to about 37.
func TestNoncentralCDF_againstSeries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := float64(rapid.IntRange(2, 400).Draw(t, "df"))
		at := rapid.Float64Range(0, 25).Draw(t, "t")
		delta := rapid.Float64Range(-5, 25).Draw(t, "delta")
		got := noncentralCDF(at, df)(delta)
		want := distuv.NoncentralT{Nu: df, Mu: delta}.CDF(at)
		if math.Abs(got-want) > 1e-10 {
			t.Errorf("noncentralCDF(%v, %v)(%v) = %v, want %v", at, df, delta, got, want)
		}
	})
}

// Both integrals give the same probability where both apply, tails included.
func TestNoncentralCDF_bothIntegrals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := float64(rapid.IntRange(2, 2000).Draw(t, "df"))
		ratio := rapid.Float64Range(5, 12).Draw(t, "ratio")
		at := ratio * math.Sqrt(2*df)
		delta := at + rapid.Float64Range(-5, 5).Draw(t, "off")*ratio
		a, b := noncentralOverScale(at, df, ratio)(delta), noncentralOverNormal(at, df, delta)
		if math.Abs(a-b) > 1e-12 {
			t.Errorf("t %v, df %v, delta %v: %v over scale, %v over normal", at, df, delta, a, b)
		}
	})
}

// With delta = 0 it is the central distribution; with large df the normal one.
func TestNoncentralCDF_limits(t *testing.T) {
	t.Parallel()
	for _, at := range []float64{0.1, 1, 3, 8, 30} {
		for _, df := range []float64{2, 5, 29, 1628} {
			want := 1 - studentP(at, df).value/2
			if got := noncentralCDF(at, df)(0); math.Abs(got-want) > 1e-12 {
				t.Errorf("noncentralCDF(%v, %v)(0) = %v, want %v", at, df, got, want)
			}
		}
		want := normalCDF(at - 2)
		if got := noncentralCDF(at, 1e9)(2); math.Abs(got-want) > 1e-8 {
			t.Errorf("noncentralCDF(%v, 1e9)(2) = %v, want %v", at, got, want)
		}
	}
}

// The limits mirror with t, enclose it and keep their probabilities, however
// large t is.
func TestNoncentralLimits_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		df := float64(rapid.IntRange(2, 3000).Draw(t, "df"))
		at := math.Pow(10, rapid.Float64Range(-6, 9).Draw(t, "log10 t"))
		got, mirrored := noncentralLimits(at, df), noncentralLimits(-at, df)
		if !got.Low.Equal(mirrored.High.times(-1)) || !got.High.Equal(mirrored.Low.times(-1)) {
			t.Fatalf("limits at %v are %v, at %v %v", at, got, -at, mirrored)
		}
		cdf := noncentralCDF(at, df)
		if p := cdf(got.Low.value); math.Abs(p-0.975) > 1e-9 {
			t.Errorf("P(T < %v) at the lower limit %v, df %v is %v, want 0.975", at, got.Low, df, p)
		}
		if p := cdf(got.High.value); math.Abs(p-0.025) > 1e-9 {
			t.Errorf("P(T < %v) at the upper limit %v, df %v is %v, want 0.025", at, got.High, df, p)
		}
	})
}

func TestRoot(t *testing.T) {
	t.Parallel()
	got := root(0, 2, func(x float64) float64 { return x*x - 2 })
	if !near(got, math.Sqrt2, 1e-15) {
		t.Errorf("root of x^2-2 = %v, want %v", got, math.Sqrt2)
	}
	if got := root(-1, 3, func(x float64) float64 { return x }); got != 0 {
		t.Errorf("root of x = %v, want 0", got)
	}
}

func BenchmarkNoncentralLimits(b *testing.B) {
	for b.Loop() {
		noncentralLimits(6, 48)
	}
}
