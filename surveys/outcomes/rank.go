package outcomes

import (
	"cmp"
	"math"
	"slices"
)

// exactBelow is the number of values from which a rank test uses the normal
// approximation even without ties, as R does.
const exactBelow = 50

// Method names how a rank test's p-value was computed; "" if there is none.
type Method string

// The ways to a p-value of a rank test.
const (
	MethodExact    Method = "exact"     // the exact distribution of the ranks
	MethodNormalCC Method = "normal_cc" // normal approximation, tie and continuity correction
)

// Wilcoxon is the signed rank test of the differences.
type Wilcoxon struct {
	NNonzero     int      `json:"n_nonzero"`        // pairs that differ
	V            Estimate `json:"v"`                // sum of the ranks of the positive differences
	P            Estimate `json:"p"`                // two-sided
	Method       Method   `json:"method,omitempty"` // of P
	RankBiserial Estimate `json:"rank_biserial"`    // (W+ - W-)/(W+ + W-), -1 to 1
	PMidranks    Estimate `json:"p_exact_midranks"` // exact whatever the ties, for the appendix; up to 100 pairs that differ
}

// wilcoxon tests the differences d. Zeros are dropped; P is exact for fewer than
// 50 pairs without zero and tie, otherwise normal with tie correction and a
// continuity correction of 0.5.
//
// Sources: Wilcoxon (1945), Biometrics Bulletin 1:80; conventions of R 4.2
// wilcox.test; rank-biserial: Kerby (2014), Comprehensive Psychology 3:1.
func wilcoxon(d []float64) Wilcoxon {
	moved, sizes := nonzero(d)
	if reason := noRankTest(d); reason != "" {
		none := NotEstimable(reason)
		return Wilcoxon{NNonzero: len(moved), V: none, P: none, RankBiserial: none, PMidranks: none}
	}
	ranks, ties := midranks(sizes)
	v := 0.0
	for i, r := range ranks {
		if moved[i] > 0 {
			v += r
		}
	}
	m := float64(len(moved))
	total := m * (m + 1) / 2
	result := Wilcoxon{NNonzero: len(moved), V: Est(v), RankBiserial: Est((2*v - total) / total), PMidranks: midrankP(v, ranks)}
	if len(d) < exactBelow && len(moved) == len(d) && ties == 0 {
		result.P, result.Method = signedRankP(v, len(d)), MethodExact
		return result
	}
	sigma := math.Sqrt(m*(m+1)*(2*m+1)/24 - ties/48)
	result.P, result.Method = normalP(v-total/2, sigma), MethodNormalCC
	return result
}

// nonzero returns the values that are not 0, and their sizes.
func nonzero(d []float64) (values, sizes []float64) {
	n := 0
	for _, v := range d {
		if v != 0 {
			n++
		}
	}
	values, sizes = make([]float64, 0, n), make([]float64, 0, n)
	for _, v := range d {
		if v != 0 {
			values = append(values, v)
			sizes = append(sizes, math.Abs(v))
		}
	}
	return values, sizes
}

// noRankTest returns why the differences allow no rank or sign test, "" if they
// do. Equal differences that are not 0 are no obstacle.
func noRankTest(d []float64) Reason {
	if reason := tooFewFor(len(d), NoPairs); reason != "" {
		return reason
	}
	if allZero(d) {
		return AllDifferencesZero
	}
	return ""
}

// midranks returns the ranks of values, from 1, tied values sharing the mean of
// their ranks, and the sum of t^3-t over the groups of t tied values.
func midranks(values []float64) (ranks []float64, ties float64) {
	if l := levelsOf(values); l != nil {
		return l.midranks(values)
	}
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	ranks = make([]float64, len(values))
	for i := 0; i < len(order); {
		j := i + 1
		for j < len(order) && values[order[j]] == values[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			ranks[k] = float64(i+1+j) / 2
		}
		t := float64(j - i)
		ties += t*t*t - t
		i = j
	}
	return ranks, ties
}

// signedRankP returns the exact two-sided p of the rank sum v of n untied
// differences, n below 50.
func signedRankP(v float64, n int) Estimate {
	top := n * (n + 1) / 2
	tail := min(int(v), top-int(v))
	counts := make([]float64, tail+1) // subsets of the ranks so far, by their sum; below 2^53, thus exact
	counts[0] = 1
	for rank := 1; rank <= n; rank++ {
		for s := tail; s >= rank; s-- {
			counts[s] += counts[s-rank]
		}
	}
	return pValue(2 * math.Ldexp(sum(counts), -n))
}

// normalP returns the two-sided p of a rank sum that lies off from its
// expectation, whose standard deviation is sigma > 0, with continuity correction.
func normalP(off, sigma float64) Estimate {
	z := max(0, math.Abs(off)-0.5) / sigma
	return pValue(math.Erfc(z / math.Sqrt2))
}

// SignTest tests whether as many went up as down.
type SignTest struct {
	NPos int      `json:"n_pos"` // differences above 0
	NNeg int      `json:"n_neg"` // differences below 0
	P    Estimate `json:"p"`     // two-sided, exact
}

// signTest counts the signs of d and compares them with a fair coin. Zeros are
// left out.
func signTest(d []float64) SignTest {
	var s SignTest
	for _, v := range d {
		if v > 0 {
			s.NPos++
		}
		if v < 0 {
			s.NNeg++
		}
	}
	s.P = coinP(s.NPos, s.NNeg)
	if reason := noRankTest(d); reason != "" {
		s.P = NotEstimable(reason)
	}
	return s
}

// coinP returns the exact two-sided binomial p of a against b under even
// chances; 1 if both are 0. At a chance of 1/2 the distribution is symmetric, so
// R's binom.test also doubles the smaller tail.
func coinP(a, b int) Estimate {
	low, n := min(a, b), a+b
	if n-2*low <= 1 {
		return Est(1)
	}
	term, tail := 1.0, 0.0 // relative to the probability of exactly low
	for k := low; k >= 0; k-- {
		tail += term
		term *= float64(k) / float64(n-k+1)
	}
	return pValue(math.Exp(logChoose(n, low) + math.Log(tail) + float64(1-n)*math.Ln2))
}

// logChoose returns the natural logarithm of n over k.
func logChoose(n, k int) float64 {
	return logGamma(float64(n+1)) - logGamma(float64(k+1)) - logGamma(float64(n-k+1))
}

// logGammaStep returns the natural logarithm of Gamma(a+1/2)/Gamma(a), a > 0. For
// large a the difference of the two logarithms would lose its digits.
//
// Source: 5.11.13 of the NIST Digital Library of Mathematical Functions.
func logGammaStep(a float64) float64 {
	const large = 20 // from here the series below is exact to 1e-15
	if a < large {
		return logGamma(a+0.5) - logGamma(a)
	}
	r := 1 / a
	r2 := r * r
	return math.Log(a)/2 - r*(1.0/8-r2*(1.0/192-r2*(1.0/640-r2*17/14336)))
}

// logGamma returns the natural logarithm of the gamma function at x > 0.
func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
