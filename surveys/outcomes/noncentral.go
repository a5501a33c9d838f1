package outcomes

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mathext"
)

// Probabilities outside the limits of a 95 % interval.
const (
	outside = 0.05        // on both sides together
	oneSide = outside / 2 // on each side
)

// studentP returns the two-sided p of a central t statistic with df > 0 degrees
// of freedom, precise to about 11 digits however small it is:
// I(df/(df+t^2); df/2, 1/2), I being the regularised incomplete beta function.
//
// The tail is computed in logarithms by the continued fraction, because 1-CDF
// is 0 from about t = 9 and gonum's RegIncBeta is 0 below 1e-308.
func studentP(t, df float64) Estimate {
	t2 := t * t
	if math.IsInf(t2, 0) || math.IsNaN(t2) || !(df > 0) {
		return NotEstimable(OutOfRange)
	}
	a, x := df/2, df/(df+t2)
	if x >= (a+1)/(a+2.5) { // the fraction converges slowly here, and p is large
		return pValue(1 - mathext.RegIncBeta(0.5, a, t2/(df+t2)))
	}
	logBeta := math.Log(math.Pi)/2 - logGammaStep(a)
	logP := -a*math.Log1p(t2/df) - math.Log1p(df/t2)/2 - math.Log(a) - logBeta
	return pValue(math.Exp(logP + math.Log(betaFraction(a, 0.5, x))))
}

// betaFraction returns the continued fraction of the incomplete beta function at
// x < (a+1)/(a+b+2), by Lentz's algorithm.
//
// Source: 8.17.22 of the NIST Digital Library of Mathematical Functions.
func betaFraction(a, b, x float64) float64 {
	const tiny, steps, precision = 1e-300, 20000, 1e-16
	c, d := 1.0, 1/nudge(1-(a+b)*x/(a+1), tiny)
	value := d
	for i := 1; i <= steps; i++ {
		m := float64(i)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/nudge(1+even*d, tiny), nudge(1+even/c, tiny)
		value *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/nudge(1+odd*d, tiny), nudge(1+odd/c, tiny)
		value *= d * c
		if math.Abs(d*c-1) < precision {
			break
		}
	}
	return value
}

// nudge returns v, or tiny if v is too near 0 to be divided by.
func nudge(v, tiny float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

// studentLimit returns the 0.975 quantile of the t distribution with df >= 1
// degrees of freedom, which need not be whole: 12.7 at 1, towards 1.96.
// gonum's StudentsT.Quantile loses digits there.
func studentLimit(df float64) float64 {
	return root(1.9, 13, func(t float64) float64 {
		return studentP(t, df).value - outside
	})
}

// noncentralLimits returns the two noncentrality parameters at which a
// noncentral t variable with df >= 2 degrees of freedom stays below t with
// probability 0.975 and 0.025.
func noncentralLimits(t, df float64) Interval {
	const largest = 1e100 // of |t|; the square must stay a float64
	if !(math.Abs(t) < largest) {
		return noInterval(OutOfRange)
	}
	if t < 0 { // the distribution is mirrored by the sign of both t and delta
		mirrored := noncentralLimits(-t, df)
		return interval(-mirrored.High.value, -mirrored.Low.value)
	}
	cdf := noncentralCDF(t, df)
	reach := 6*math.Sqrt(1+t*t/(2*df)) + 2 // well beyond 1.96 standard errors of delta
	solve := func(p float64) float64 {
		return root(t-reach, t+reach, func(delta float64) float64 { return cdf(delta) - p })
	}
	return interval(solve(1-oneSide), solve(oneSide))
}

// noncentralCDF returns, as a function of the noncentrality delta, the
// probability that T = (Z+delta)/S stays below t >= 0, where Z is standard
// normal and S^2 a chi-squared variable divided by its df >= 2 degrees of
// freedom. Absolute error below 1e-13.
//
// It is the defining double integral with one of the two done in closed form,
// by Gauss-Legendre panels: over S while t is small against the spread of S,
// over Z beyond. Unlike the series of AS 243 it needs no approximation for large
// delta. Source: Johnson, Kotz & Balakrishnan (1995), Continuous Univariate
// Distributions 2, section 31.
func noncentralCDF(t, df float64) func(delta float64) float64 {
	const widest = 8 // ratio of the two scales up to which the panels over S stay few
	if ratio := t / math.Sqrt(2*df); ratio <= widest {
		return noncentralOverScale(t, df, ratio)
	}
	return func(delta float64) float64 { return noncentralOverNormal(t, df, delta) }
}

// noncentralOverScale integrates Phi(t s - delta) over the density of S,
// s^(df-1) exp(-df s^2/2). Its factor is the sum of the weights: a gamma
// function would cost digits at large df, as would s^(df-1) not set against its
// peak.
func noncentralOverScale(t, df, ratio float64) func(delta float64) float64 {
	mode, sd := math.Sqrt((df-1)/df), 1/math.Sqrt(2*df)
	low, high := max(0, mode-10*sd), mode+14*sd // the density outside is below 1e-20 of its peak
	nodes, weights := panels(low, high, 6+int(5*ratio))
	total := 0.0
	for i, s := range nodes {
		weights[i] *= math.Exp((df-1)*math.Log(s/mode) - df*(s-mode)*(s+mode)/2)
		total += weights[i]
	}
	return func(delta float64) float64 {
		p := 0.0
		for i, s := range nodes {
			p += weights[i] * normalCDF(t*s-delta)
		}
		return p / total
	}
}

// noncentralOverNormal integrates P(S >= (z+delta)/t) over the density of Z;
// below z = -delta that probability is 1.
func noncentralOverNormal(t, df, delta float64) float64 {
	const farthest = 9 // of |z|; beyond lies less than 1e-18
	low := max(-delta, -farthest)
	if low >= farthest {
		return 1
	}
	p := normalCDF(-delta)
	nodes, weights := panels(low, farthest, 12)
	for i, z := range nodes {
		s := (z + delta) / t
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		p += weights[i] * density * mathext.GammaIncRegComp(df/2, df/2*s*s)
	}
	return p
}

// panels returns Gauss-Legendre nodes and weights, 16 in each of count equal
// parts of low to high.
func panels(low, high float64, count int) (nodes, weights []float64) {
	const points = 16
	nodes, weights = make([]float64, points*count), make([]float64, points*count)
	step := (high - low) / float64(count)
	for i := range count {
		from, to := i*points, (i+1)*points
		left := low + float64(i)*step
		quad.Legendre{}.FixedLocations(nodes[from:to], weights[from:to], left, left+step)
	}
	return nodes, weights
}

// normalCDF returns the standard normal distribution function at x.
func normalCDF(x float64) float64 {
	return math.Erfc(-x/math.Sqrt2) / 2
}

// root returns where f crosses 0 between a and b, to about 14 digits. f must be
// monotone, with different signs at a and b.
//
// It is the false position rule with halving of the end that stays (Illinois):
// Dowell & Jarratt (1971), BIT 11:168.
func root(a, b float64, f func(float64) float64) float64 {
	const steps, precision = 200, 1e-15
	fa, fb := f(a), f(b)
	for range steps {
		if fb == 0 || math.Abs(b-a) <= precision*math.Abs(b) {
			break
		}
		c := b - fb*(b-a)/(fb-fa)
		if c == b {
			break
		}
		fc := f(c)
		if (fc < 0) != (fb < 0) {
			a, fa = b, fb
		} else {
			fa /= 2
		}
		b, fb = c, fc
	}
	return b
}
