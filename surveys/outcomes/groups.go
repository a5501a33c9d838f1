package outcomes

import (
	"cmp"
	"maps"
	"slices"
)

// GroupObservation is the observation of a respondent who belongs to one group
// (a school, a series, a phase), or to none ("").
type GroupObservation struct {
	Group string
	Observation
}

// Group holds the figures of one group. The Holm p-values are adjusted over all
// groups whose test is estimable; without one they are GroupNotTested.
type Group struct {
	Name         string   `json:"name"`
	Paired       Paired   `json:"paired"`
	HolmT        Estimate `json:"holm_t_p"`
	HolmWilcoxon Estimate `json:"holm_wilcoxon_p"`
}

// Groups holds the figures of every group and of all respondents together.
type Groups struct {
	NGroups int     `json:"n_groups"` // groups with at least one observation
	NTested int     `json:"n_tested"` // groups with at least 3 pairs
	All     Paired  `json:"all"`
	Groups  []Group `json:"groups"` // by name

	// ICC is the share of the variance of change that lies between the tested
	// groups, at most 1, below 0 if groups are more alike than chance. DesignEffect,
	// 1 or more, is by how much clustering widens the variance of the overall mean.
	ICC          Estimate `json:"icc1_change"`
	DesignEffect Estimate `json:"design_effect"`

	Compared Compared `json:"compared"` // the changes of the tested groups
}

// CompareGroups runs ComparePaired on all observations and on each group.
// Respondents of no group count in All only.
func CompareGroups(observations []GroupObservation, p Params) Groups {
	all := make([]Observation, len(observations))
	byName := map[string][]Observation{}
	for i, o := range observations {
		all[i] = o.Observation
		if o.Group != "" {
			byName[o.Group] = append(byName[o.Group], o.Observation)
		}
	}
	result := Groups{NGroups: len(byName), All: ComparePaired(all, p)}
	var changes [][]float64
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		result.Groups = append(result.Groups, Group{Name: name, Paired: ComparePaired(byName[name], p)})
		if d := split(byName[name]).diff; len(d) >= leastForInference {
			changes = append(changes, d)
		}
	}
	result.NTested = len(changes)
	result.ICC, result.Compared = ICC(changes), compareChanges(changes)
	result.DesignEffect = designEffect(result.ICC, changes)
	adjust(result.Groups)
	return result
}

// adjust fills in the Holm p-values of groups.
func adjust(groups []Group) {
	t, w := make([]Estimate, len(groups)), make([]Estimate, len(groups))
	for i, g := range groups {
		t[i], w[i] = g.Paired.T.P, g.Paired.Wilcoxon.P
	}
	t, w = Holm(t), Holm(w)
	for i := range groups {
		groups[i].HolmT, groups[i].HolmWilcoxon = t[i], w[i]
	}
}

// Holm returns the p-values adjusted for being looked at together: the i-th
// smallest of m is multiplied by m-i+1, made no smaller than the one before, and
// cut at 1. Those not estimable stay out of the family and come back as
// GroupNotTested.
//
// Source: Holm (1979), Scand J Statist 6:65.
func Holm(ps []Estimate) []Estimate {
	var family []int
	adjusted := make([]Estimate, len(ps))
	for i, p := range ps {
		adjusted[i] = NotEstimable(GroupNotTested)
		if p.OK() {
			family = append(family, i)
		}
	}
	slices.SortStableFunc(family, func(a, b int) int { return cmp.Compare(ps[a].value, ps[b].value) })
	before := 0.0
	for rank, i := range family {
		before = max(before, min(1, float64(len(family)-rank)*ps[i].value))
		adjusted[i] = Est(before)
	}
	return adjusted
}

// ICC returns the one-way intraclass correlation of values in groups of 1 or
// more: (MSB - MSW)/(MSB + (n0-1) MSW), n0 the size of groups corrected for
// being unequal. It needs 2 groups, one of them with 2 values (NotApplicable),
// and some spread (ZeroVariance).
//
// Source: ICC(1) of Shrout & Fleiss (1979), Psychol Bull 86:420.
func ICC(groups [][]float64) Estimate {
	all := slices.Concat(groups...)
	n, k := float64(len(all)), float64(len(groups))
	if k < 2 || n <= k {
		return NotEstimable(NotApplicable)
	}
	grand, between, within, squares := mean(all), 0.0, 0.0, 0.0
	for _, g := range groups {
		size, m := float64(len(g)), mean(g)
		squares += size * size
		between += size * (m - grand) * (m - grand)
		for _, v := range g {
			within += (v - m) * (v - m)
		}
	}
	n0 := (n - squares/n) / (k - 1)
	msb, msw := between/(k-1), within/(n-k)
	if slices.Min(all) == slices.Max(all) || msb+(n0-1)*msw == 0 {
		return NotEstimable(ZeroVariance)
	}
	return Est((msb - msw) / (msb + (n0-1)*msw))
}

// designEffect returns 1 + (mean group size - 1) ICC, an ICC below 0 counting
// as 0.
//
// Source: Kish (1965), Survey Sampling.
func designEffect(icc Estimate, groups [][]float64) Estimate {
	size := float64(len(slices.Concat(groups...))) / float64(len(groups))
	return icc.then(func(v float64) float64 { return 1 + (size-1)*max(0, v) })
}
