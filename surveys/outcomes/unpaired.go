package outcomes

import "math"

// Unpaired compares two waves whose respondents are not linked, as if they were
// different people. Differences are post - pre.
type Unpaired struct {
	NPre        int            `json:"n_pre"`
	NPost       int            `json:"n_post"`
	Pre         Sample         `json:"pre"`
	Post        Sample         `json:"post"`
	Welch       Welch          `json:"welch"`
	MannWhitney MannWhitney    `json:"mw"`
	Effect      UnpairedEffect `json:"effect"`
}

// Welch is the t test of two means without assuming equal variances.
type Welch struct {
	Diff Estimate `json:"diff"` // mean(post) - mean(pre), in the measure's unit
	T    Estimate `json:"t"`
	DF   Estimate `json:"df"` // Satterthwaite, 1 or more, need not be whole
	P    Estimate `json:"p"`  // two-sided
	CI   Interval `json:"ci"` // of Diff
}

// MannWhitney is the rank sum test of two independent samples.
type MannWhitney struct {
	W               Estimate `json:"w"`                // pairs with post > pre plus half the ties, 0 to NPre*NPost
	P               Estimate `json:"p"`                // two-sided
	Method          Method   `json:"method,omitempty"` // of P
	ProbSuperiority Estimate `json:"prob_superiority"` // W/(NPre NPost), 0 to 1
}

// UnpairedEffect holds standardised mean differences, without unit.
type UnpairedEffect struct {
	DS   Estimate `json:"d_s"` // Diff/pooled SD
	DSCI Interval `json:"d_s_ci"`
	GS   Estimate `json:"g_s"` // d_s with Hedges's correction
	GSCI Interval `json:"g_s_ci"`
}

// CompareUnpaired compares all answers at pre with all answers at post. Tests,
// intervals and effect need 3 answers at each wave (NoAnswers, FewerThanThree)
// and some spread (ZeroVariance).
func CompareUnpaired(pre, post []float64) Unpaired {
	return compareDescribed(pre, post, Describe(pre), Describe(post))
}

// compareDescribed is CompareUnpaired of what is described already.
func compareDescribed(pre, post []float64, before, after Sample) Unpaired {
	u := Unpaired{NPre: len(pre), NPost: len(post), Pre: before, Post: after}
	if reason := tooFewFor(min(len(pre), len(post)), NoAnswers); reason != "" {
		none, open := NotEstimable(reason), noInterval(reason)
		u.Welch = Welch{none, none, none, none, open}
		u.MannWhitney = MannWhitney{W: none, P: none, ProbSuperiority: none}
		u.Effect = UnpairedEffect{none, open, none, open}
		return u
	}
	u.Welch = welch(pre, post)
	u.MannWhitney = mannWhitney(pre, post)
	u.Effect = unpairedEffect(pre, post)
	return u
}

// welch tests the difference of the means of two samples of 2 or more values.
// One sample may be constant; if both are, only Diff stands. As in R's t.test a
// standard error below rounding counts as none.
//
// Source: Welch (1947), Biometrika 34:28.
func welch(pre, post []float64) Welch {
	const epsilon = 2.220446049250313e-16 // R's .Machine$double.eps
	mPre, mPost := mean(pre), mean(post)
	a, b := variance(pre)/float64(len(pre)), variance(post)/float64(len(post))
	se := math.Sqrt(a + b)
	result := Welch{Diff: Est(mPost - mPre)}
	if se == 0 || se < 10*epsilon*max(math.Abs(mPre), math.Abs(mPost)) {
		none := NotEstimable(ZeroVariance)
		result.T, result.DF, result.P, result.CI = none, none, none, noInterval(ZeroVariance)
		return result
	}
	// Shares instead of squares of the variances, which overflow sooner.
	shareA, shareB := a/(a+b), b/(a+b)
	df := 1 / (shareA*shareA/float64(len(pre)-1) + shareB*shareB/float64(len(post)-1))
	result.T, result.DF = Est((mPost-mPre)/se), Est(df)
	if !result.T.OK() || !result.DF.OK() {
		result.P, result.CI = NotEstimable(OutOfRange), noInterval(OutOfRange)
		return result
	}
	half := studentLimit(df) * se
	result.P, result.CI = studentP(result.T.value, df), interval(mPost-mPre-half, mPost-mPre+half)
	return result
}

// mannWhitney compares the ranks of two samples. P is exact if both have fewer
// than 50 values and nothing ties, otherwise normal with tie and continuity
// correction; with all values equal it is not estimable, ZeroVariance.
//
// Source: Mann & Whitney (1947), Ann Math Stat 18:50; conventions of R 4.2.
func mannWhitney(pre, post []float64) MannWhitney {
	ranks, ties := midranks(append(append([]float64{}, post...), pre...))
	m, n := float64(len(post)), float64(len(pre))
	w := sum(ranks[:len(post)]) - m*(m+1)/2
	result := MannWhitney{W: Est(w), ProbSuperiority: Est(w / (m * n))}
	if len(pre) < exactBelow && len(post) < exactBelow && ties == 0 {
		result.P, result.Method = rankSumP(int(w), len(post), len(pre)), MethodExact
		return result
	}
	all := m + n
	sigma2 := m * n / 12 * (all + 1 - ties/(all*(all-1)))
	if ties == all*all*all-all {
		result.P = NotEstimable(ZeroVariance)
		return result
	}
	result.P, result.Method = normalP(w-m*n/2, math.Sqrt(sigma2)), MethodNormalCC
	return result
}

// rankSumP returns the exact two-sided p of w in samples of m and n untied
// values, both below 50.
func rankSumP(w, m, n int) Estimate {
	tail := min(w, m*n-w)
	counts := make([][]float64, m+1) // [k][s]: k of the ranks so far, summing to s above their least sum
	for k := range counts {
		counts[k] = make([]float64, tail+1)
	}
	counts[0][0] = 1
	for rank := 1; rank <= m+n; rank++ {
		for k := min(m, rank); k >= 1; k-- {
			addShifted(counts[k], counts[k-1], rank-k)
		}
	}
	return pValue(2 * math.Exp(math.Log(sum(counts[m]))-logChoose(m+n, m)))
}

// addShifted adds from, moved up by shift places, to into.
func addShifted(into, from []float64, shift int) {
	for s := len(into) - 1; s >= shift; s-- {
		into[s] += from[s-shift]
	}
}

// unpairedEffect returns the difference of the means in pooled SDs, with limits
// from the noncentral t distribution.
//
// Source: Cumming & Finch (2001), Educ Psychol Meas 61:532.
func unpairedEffect(pre, post []float64) UnpairedEffect {
	n1, n2 := float64(len(pre)), float64(len(post))
	pooled := pooledSD(pre, post)
	if pooled == 0 {
		none := NotEstimable(ZeroVariance)
		return UnpairedEffect{none, noInterval(ZeroVariance), none, noInterval(ZeroVariance)}
	}
	d, k := Est((mean(post)-mean(pre))/pooled), math.Sqrt(1/n1+1/n2)
	j, limits := hedgesJ(n1+n2-2), noncentrality(d.times(1/k), n1+n2-2).times(k)
	return UnpairedEffect{DS: d, DSCI: limits, GS: d.times(j), GSCI: limits.times(j)}
}

// pooledSD returns the SD within two samples of 2 or more values.
func pooledSD(x, y []float64) float64 {
	nx, ny := float64(len(x)-1), float64(len(y)-1)
	return math.Sqrt((nx*variance(x) + ny*variance(y)) / (nx + ny))
}
