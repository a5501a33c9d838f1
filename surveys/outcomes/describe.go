package outcomes

import (
	"math"
	"slices"
)

// The least numbers of values behind a figure.
const (
	leastForSD        = 2 // values, for a standard deviation
	leastForInference = 3 // values, for a test, an interval or an effect size
)

// decimals is the power of ten that differences and scores are rounded to.
const decimals = 1e10

// Sample describes one set of values, in their own unit.
type Sample struct {
	N      int      `json:"n"`      // values, 0 or more
	Mean   Estimate `json:"mean"`   // needs 1 value, as do median, quartiles, minimum and maximum
	SD     Estimate `json:"sd"`     // divisor n-1; needs 2 values
	Median Estimate `json:"median"` //
	Q1     Estimate `json:"q1"`     // lower quartile, type 7
	Q3     Estimate `json:"q3"`     // upper quartile, type 7
	IQR    Estimate `json:"iqr"`    // Q3 - Q1
	Min    Estimate `json:"min"`    //
	Max    Estimate `json:"max"`    //
}

// Describe returns the descriptives of values. Without values every figure is
// not estimable, NoAnswers; with one value the SD is, FewerThanTwo.
func Describe(values []float64) Sample {
	return describe(values, NoAnswers)
}

// describe is Describe with the reason to give when there are no values.
func describe(values []float64, empty Reason) Sample {
	if len(values) == 0 {
		none := NotEstimable(empty)
		return Sample{0, none, none, none, none, none, none, none, none}
	}
	sorted := sorted(values)
	q1, q3 := quantile(sorted, 0.25), quantile(sorted, 0.75)
	return Sample{
		N:      len(values),
		Mean:   Est(mean(values)),
		SD:     standardDeviation(values, empty),
		Median: Est(quantile(sorted, 0.5)),
		Q1:     Est(q1),
		Q3:     Est(q3),
		IQR:    Est(q3 - q1),
		Min:    Est(sorted[0]),
		Max:    Est(sorted[len(sorted)-1]),
	}
}

// standardDeviation returns the SD of values with divisor n-1; without values
// it is not estimable for the reason empty.
func standardDeviation(values []float64, empty Reason) Estimate {
	if len(values) == 0 {
		return NotEstimable(empty)
	}
	if len(values) < leastForSD {
		return NotEstimable(FewerThanTwo)
	}
	return Est(math.Sqrt(variance(values)))
}

// mean returns the arithmetic mean of one or more values. The second pass takes
// out the rounding of the first, so that the mean of equal values is that value.
func mean(values []float64) float64 {
	n := float64(len(values))
	m := sum(values) / n
	rest := 0.0
	for _, v := range values {
		rest += v - m
	}
	return m + rest/n
}

// sum returns the sum of values, 0 if there are none.
func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

// variance returns the variance of two or more values with divisor n-1. It is
// exactly 0 if all are equal: rounding noise must not pass for spread.
func variance(values []float64) float64 {
	if allEqual(values) {
		return 0
	}
	m, total := mean(values), 0.0
	for _, v := range values {
		total += (v - m) * (v - m)
	}
	return total / float64(len(values)-1)
}

// allEqual reports whether one or more values are the same.
func allEqual(values []float64) bool {
	for _, v := range values {
		if v != values[0] {
			return false
		}
	}
	return true
}

// covariance returns the covariance of two or more pairs with divisor n-1.
func covariance(x, y []float64) float64 {
	mx, my := mean(x), mean(y)
	total := 0.0
	for i := range x {
		total += (x[i] - mx) * (y[i] - my)
	}
	return total / float64(len(x)-1)
}

// correlation returns Pearson's r, -1 to 1. It needs 3 pairs and spread on both
// sides; without pairs it is not estimable for the reason empty.
func correlation(x, y []float64, empty Reason) Estimate {
	if reason := tooFewFor(len(x), empty); reason != "" {
		return NotEstimable(reason)
	}
	vx, vy := variance(x), variance(y)
	if vx == 0 || vy == 0 {
		return NotEstimable(ZeroVariance)
	}
	r := covariance(x, y) / math.Sqrt(vx) / math.Sqrt(vy)
	return Est(min(1, max(-1, r)))
}

// quantile returns the p-quantile (0 to 1) of one or more sorted values, with
// linear interpolation between order statistics.
//
// Source: type 7 of Hyndman & Fan (1996), The American Statistician 50:361; the
// default of R and numpy, and QUARTILE.INC of Excel.
func quantile(sorted []float64, p float64) float64 {
	h := p * float64(len(sorted)-1)
	low := int(h)
	if low+1 >= len(sorted) {
		return sorted[low]
	}
	part := h - float64(low)
	return (1-part)*sorted[low] + part*sorted[low+1]
}

// round10 rounds v to 10 decimals, so that one number computed in two ways is
// one number. From about 900,000 a float64 does not hold 10 decimals and v is
// returned as it is.
func round10(v float64) float64 {
	const exact = 1 << 53 // above it every float64 is whole
	if !(math.Abs(v)*decimals < exact) {
		return v
	}
	return math.Round(v*decimals)/decimals + 0 // +0 turns -0 into 0
}

// tooFewFor returns why n values are too few for inference, "" if they are not.
func tooFewFor(n int, empty Reason) Reason {
	if n == 0 {
		return empty
	}
	if n < leastForInference {
		return FewerThanThree
	}
	return ""
}

// percent returns 100*part/whole, or the reason empty if whole is 0.
func percent(part, whole int, empty Reason) Estimate {
	if whole == 0 {
		return NotEstimable(empty)
	}
	return Est(100 * float64(part) / float64(whole))
}

// sorted returns the values in order, in a slice of its own.
func sorted(values []float64) []float64 {
	if l := levelsOf(values); l != nil {
		return l.sorted()
	}
	own := slices.Clone(values)
	slices.Sort(own)
	return own
}
