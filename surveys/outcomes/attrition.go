package outcomes

// Attrition compares, at pre, those who stayed with those who left. A
// standardised difference of 0.25 or more in size is a warning: the change of
// the stayers then says little about everyone who started.
type Attrition struct {
	RetainedPct    Estimate `json:"retained_pct"`             // matched of all at pre, 0 to 100
	MeanCompleters Estimate `json:"baseline_mean_completers"` // of the matched, at pre
	MeanDropouts   Estimate `json:"baseline_mean_dropouts"`   // of those at pre only
	SMD            Estimate `json:"smd"`                      // (completers - drop-outs)/pooled SD, without unit
	PWelch         Estimate `json:"p_welch"`                  // of the difference of the two means, two-sided
}

// attrition compares the matched in w with those at pre only. Everything but
// RetainedPct needs 2 respondents on each side: below, a mean would show what
// one person answered.
func attrition(w waves) Attrition {
	a := Attrition{RetainedPct: percent(len(w.pre), len(w.allPre), NoAnswers)}
	if min(len(w.pre), len(w.preOnly)) < leastForSD {
		none := NotEstimable(FewerThanTwo)
		a.MeanCompleters, a.MeanDropouts, a.SMD, a.PWelch = none, none, none, none
		return a
	}
	test := welch(w.preOnly, w.pre)
	a.MeanCompleters, a.MeanDropouts = Est(mean(w.pre)), Est(mean(w.preOnly))
	a.PWelch, a.SMD = test.P, NotEstimable(ZeroVariance)
	if pooled := pooledSD(w.preOnly, w.pre); pooled > 0 {
		a.SMD = test.Diff.times(1 / pooled)
	}
	return a
}
