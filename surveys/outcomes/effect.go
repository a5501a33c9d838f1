package outcomes

import "math"

// PairedEffect holds standardised mean differences of the matched, without unit,
// with the sign of post - pre. GAv is the headline effect: it can be set beside
// other studies. Dz depends on the correlation of the waves and is for planning.
type PairedEffect struct {
	Dz      Estimate `json:"dz"` // mean(d)/SD(d)
	DzCI    Interval `json:"dz_ci"`
	HedgesJ Estimate `json:"hedges_j"` // small-sample correction for n-1 degrees of freedom, 0 to 1
	Gz      Estimate `json:"gz"`       // J dz
	GzCI    Interval `json:"gz_ci"`
	DAv     Estimate `json:"d_av"` // mean(d)/sqrt((var(pre)+var(post))/2)
	DAvCI   Interval `json:"d_av_ci"`
	GAv     Estimate `json:"g_av"` // J d_av
	GAvCI   Interval `json:"g_av_ci"`

	DAvLakens Estimate `json:"d_av_lakens"` // mean(d)/((SD(pre)+SD(post))/2), for the appendix: Lakens (2013), Front Psychol 4:863
}

// pairedEffect returns the effect sizes of the matched in w, whose t test is t.
// If all differences are equal d_av stands without an interval; if pre and post
// are constant it is not estimable either.
//
// Sources: limits from the noncentral t distribution, Cumming & Finch (2001),
// Educ Psychol Meas 61:532; for d_av Algina & Keselman (2003), same journal
// 63:537: limits of the noncentrality times sqrt(2 var(d)/(n (var(pre)+var(post)))).
func pairedEffect(w waves, t TTest) PairedEffect {
	n := float64(len(w.diff))
	if reason := tooFewFor(len(w.diff), NoPairs); reason != "" {
		return noEffect(reason)
	}
	ncp := noncentrality(t.Statistic, n-1)
	spread, j := variance(w.pre)+variance(w.post), hedgesJ(n-1)
	e := PairedEffect{
		HedgesJ: Est(j),
		Dz:      t.Statistic.times(1 / math.Sqrt(n)),
		DzCI:    ncp.times(1 / math.Sqrt(n)),
		DAv:     NotEstimable(ZeroVariance),
		DAvCI:   noInterval(ZeroVariance),

		DAvLakens: NotEstimable(ZeroVariance),
	}
	if spread > 0 {
		e.DAvLakens = Est(mean(w.diff) / ((math.Sqrt(variance(w.pre)) + math.Sqrt(variance(w.post))) / 2))
		e.DAv = Est(mean(w.diff) / math.Sqrt(spread/2))
		e.DAvCI = ncp.times(math.Sqrt(2 * variance(w.diff) / (n * spread)))
	}
	e.Gz, e.GzCI = e.Dz.times(j), e.DzCI.times(j)
	e.GAv, e.GAvCI = e.DAv.times(j), e.DAvCI.times(j)
	return e
}

// noEffect returns effect sizes withheld for reason.
func noEffect(reason Reason) PairedEffect {
	none, open := NotEstimable(reason), noInterval(reason)
	return PairedEffect{none, open, none, none, open, none, open, none, open, none}
}

// hedgesJ returns the factor, 0 to 1, that takes the small-sample bias out of a
// standardised mean difference with df >= 2 degrees of freedom:
// Gamma(df/2)/(sqrt(df/2) Gamma((df-1)/2)), about 1-3/(4 df-1).
//
// Source: Hedges (1981), J Educ Stat 6:107.
func hedgesJ(df float64) float64 {
	return math.Exp(logGammaStep((df-1)/2)) / math.Sqrt(df/2)
}

// noncentrality returns the 95 % limits of the noncentrality parameter behind an
// observed t with df degrees of freedom, withheld for the reason t is.
func noncentrality(t Estimate, df float64) Interval {
	if !t.OK() {
		return noInterval(t.Reason())
	}
	return noncentralLimits(t.value, df)
}
