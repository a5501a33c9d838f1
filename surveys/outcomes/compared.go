package outcomes

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Compared asks whether the changes differ between groups, over those with 3 pairs
// or more. It belongs in an appendix: the groups are compared by their intervals.
type Compared struct {
	WelchF   Estimate `json:"welch_anova_f"` // one-way, without assuming equal variances
	WelchP   Estimate `json:"welch_anova_p"`
	KruskalH Estimate `json:"kruskal_h"` // corrected for ties
	KruskalP Estimate `json:"kruskal_p"`
}

// compareChanges compares the changes of two groups or more (NotApplicable).
func compareChanges(groups [][]float64) Compared {
	var c Compared
	c.WelchF, c.WelchP = welchANOVA(groups)
	c.KruskalH, c.KruskalP = kruskal(groups)
	return c
}

// welchANOVA tests whether the means of groups are the same. Each group needs some
// spread (ZeroVarianceInAGroup).
//
// Source: Welch (1951), Biometrika 38:330; as oneway.test of R.
func welchANOVA(groups [][]float64) (f, p Estimate) {
	k := float64(len(groups))
	if k < 2 {
		return NotEstimable(NotApplicable), NotEstimable(NotApplicable)
	}
	weights, total, grand := make([]float64, len(groups)), 0.0, 0.0
	for i, g := range groups {
		v := variance(g)
		if v == 0 {
			return NotEstimable(ZeroVarianceInAGroup), NotEstimable(ZeroVarianceInAGroup)
		}
		weights[i] = float64(len(g)) / v
		total += weights[i]
		grand += weights[i] * mean(g)
	}
	grand /= total
	between, spread := 0.0, 0.0
	for i, g := range groups {
		off, left := mean(g)-grand, 1-weights[i]/total
		between += weights[i] * off * off
		spread += left * left / float64(len(g)-1)
	}
	spread /= k*k - 1
	f = Est(between / (k - 1) / (1 + 2*(k-2)*spread))
	return f, f.then(func(v float64) float64 { return upperF(v, k-1, 1/(3*spread)) })
}

// upperF is the probability that F with these degrees of freedom is v or more.
func upperF(v, df1, df2 float64) float64 {
	return max(math.SmallestNonzeroFloat64, mathext.RegIncBeta(df2/2, df1/2, df2/(df2+df1*v)))
}

// kruskal tests whether groups are of one distribution, by ranks.
//
// Source: Kruskal & Wallis (1952), J Am Stat Assoc 47:583.
func kruskal(groups [][]float64) (h, p Estimate) {
	all, k := slices.Concat(groups...), float64(len(groups))
	if k < 2 {
		return NotEstimable(NotApplicable), NotEstimable(NotApplicable)
	}
	if slices.Min(all) == slices.Max(all) {
		return NotEstimable(ZeroVariance), NotEstimable(ZeroVariance)
	}
	ranks, ties := midranks(all)
	n, squares := float64(len(all)), 0.0
	for _, g := range groups {
		r := sum(ranks[:len(g)])
		ranks = ranks[len(g):]
		squares += r * r / float64(len(g))
	}
	h = Est((12/(n*(n+1))*squares - 3*(n+1)) / (1 - ties/(n*n*n-n)))
	return h, h.then(func(v float64) float64 {
		return max(math.SmallestNonzeroFloat64, mathext.GammaIncRegComp((k-1)/2, max(0, v)/2))
	})
}

// mostMidranks is up to how many differing pairs the exact distribution of signed
// mid-ranks is worked out.
const mostMidranks = 100

// midrankP returns the exact two-sided p of the rank sum v of the positive among
// differences with these mid-ranks, zeros dropped, whatever the ties; NotApplicable
// if there are more than mostMidranks.
//
// Source: the conditional distribution over all 2^m signs; as wilcox.exact of R's
// exactRankTests. Ranks are counted in halves.
func midrankP(v float64, ranks []float64) Estimate {
	if len(ranks) > mostMidranks {
		return NotEstimable(NotApplicable)
	}
	total := int(math.Round(2 * sum(ranks)))
	tail := min(int(math.Round(2*v)), total-int(math.Round(2*v)))
	counts := make([]float64, tail+1)
	counts[0] = 1
	for _, r := range ranks {
		step := int(math.Round(2 * r))
		for s := tail; s >= step; s-- {
			counts[s] += counts[s-step]
		}
	}
	return pValue(2 * math.Ldexp(sum(counts), -len(ranks)))
}
