package outcomes

import (
	"math"
	"testing"
)

// The correction is near 1-3/(4 df-1), as Hedges gives it, and below 1.
func TestHedgesJ(t *testing.T) {
	t.Parallel()
	if got, want := hedgesJ(2), 1/math.Sqrt(math.Pi); !near(got, want, 1e-14) {
		t.Errorf("hedgesJ(2) = %v, want Gamma(1)/Gamma(1/2) = %v", got, want)
	}
	for df := 10.0; df < 1e7; df *= 1.7 {
		got, want := hedgesJ(df), 1-3/(4*df-1)
		if got >= 1 || math.Abs(got-want) > 0.2/(df*df) {
			t.Errorf("hedgesJ(%v) = %v, want about %v", df, got, want)
		}
	}
}

// The two forms of the logarithm meet without a step.
func TestLogGammaStep(t *testing.T) {
	t.Parallel()
	for _, a := range []float64{20, 20.5, 33, 50} {
		want := logGamma(a+0.5) - logGamma(a)
		if got := logGammaStep(a); math.Abs(got-want) > 1e-13 {
			t.Errorf("logGammaStep(%v) = %v, want %v", a, got, want)
		}
	}
}
