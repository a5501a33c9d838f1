package outcomes

import "soundings/surveys/questionnaire"

// Lead is the one test and the one effect that lead a result, as they were fixed in
// the questionnaire before answers came in. All other tests and effects of the
// method are for the appendix.
type Lead struct {
	Test   LeadTest   `json:"test"`
	Effect LeadEffect `json:"effect"`
}

// LeadTest is the test that leads.
type LeadTest struct {
	Name questionnaire.Test `json:"name"`
	P    Estimate           `json:"p"` // two-sided
}

// LeadEffect is the effect that leads.
type LeadEffect struct {
	Name  questionnaire.Effect `json:"name"`
	Value Estimate             `json:"value"`
	CI    Interval             `json:"ci"` // 95 %; NotApplicable for an effect without one
}

var testWords = map[questionnaire.Test]string{
	questionnaire.TestT: "paired t test", questionnaire.TestWilcoxon: "Wilcoxon signed-rank test", questionnaire.TestSign: "sign test",
	questionnaire.TestMcNemar: "McNemar’s exact test", questionnaire.TestWelch: "Welch’s t test", questionnaire.TestMannWhitney: "Mann–Whitney test",
}

// Words is what the test is called in a note: "paired t test"; "" of none.
func (t LeadTest) Words() string { return testWords[t.Name] }

var effectWords = map[questionnaire.Effect]string{
	questionnaire.EffectGAv: "Hedges’ g (average SD)", questionnaire.EffectDAv: "Cohen’s d (average SD)", questionnaire.EffectDz: "Cohen’s d (SD of the changes)",
	questionnaire.EffectRankBiserial: "rank-biserial correlation", questionnaire.EffectDifference: "difference in percentage points",
	questionnaire.EffectGS: "Hedges’ g (two groups)", questionnaire.EffectSuperiority: "probability that an answer after is higher than one before",
}

// Words is what the effect is called in a note: "Hedges’ g (average SD)".
func (e LeadEffect) Words() string { return effectWords[e.Name] }

// leadOf takes the test and the effect that lead from the figures of one group. A
// rating given once has neither.
//
// Which lead if the author chose none: for a scale the paired t test, for a single
// question the Wilcoxon signed-rank test, with g_av; for a yes or no McNemar's exact
// test with the difference of percentages; where nobody is linked Welch's t test and
// the Mann–Whitney test with g_s in their stead.
func (p *plan) leadOf(r *Result) *Lead {
	test, effect := p.test(r), p.effect(r)
	switch {
	case r.Paired != nil:
		return &Lead{pairedTest(r.Paired, test), pairedLead(r.Paired, effect)}
	case r.Binary != nil:
		return &Lead{LeadTest{questionnaire.TestMcNemar, r.Binary.McNemarP}, LeadEffect{questionnaire.EffectDifference, r.Binary.DiffPP, r.Binary.DiffCI}}
	case r.Unlinked != nil && r.Unlinked.Share != nil && p.measure.Type == questionnaire.MeasureBinary:
		s := r.Unlinked.Share
		return &Lead{LeadTest{"", NotEstimable(NotApplicable)}, LeadEffect{questionnaire.EffectDifference, s.DiffPP, s.DiffCI}}
	case r.Unlinked != nil:
		return &Lead{unlinkedTest(&r.Unlinked.Unpaired, test), unlinkedLead(&r.Unlinked.Unpaired, effect)}
	}
	return nil
}

// test is the name of the test that leads.
func (p *plan) test(r *Result) questionnaire.Test {
	chosen, scale := p.measure.Test, p.pre.spec != nil
	if r.Unlinked != nil {
		if chosen == questionnaire.TestT || chosen == "" && scale {
			return questionnaire.TestWelch
		}
		return questionnaire.TestMannWhitney
	}
	switch {
	case chosen == questionnaire.TestT, chosen == questionnaire.TestWilcoxon, chosen == questionnaire.TestSign:
		return chosen
	case scale:
		return questionnaire.TestT
	}
	return questionnaire.TestWilcoxon
}

// effect is the name of the effect that leads.
func (p *plan) effect(r *Result) questionnaire.Effect {
	chosen := p.measure.Effect
	if r.Unlinked != nil {
		if chosen == questionnaire.EffectRankBiserial {
			return questionnaire.EffectSuperiority
		}
		return questionnaire.EffectGS
	}
	if chosen == "" {
		return questionnaire.EffectGAv
	}
	return chosen
}

func pairedTest(r *Paired, name questionnaire.Test) LeadTest {
	switch name {
	case questionnaire.TestWilcoxon:
		return LeadTest{name, r.Wilcoxon.P}
	case questionnaire.TestSign:
		return LeadTest{name, r.Sign.P}
	}
	return LeadTest{name, r.T.P}
}

func pairedLead(r *Paired, name questionnaire.Effect) LeadEffect {
	e := &r.Effect
	switch name {
	case questionnaire.EffectDAv:
		return LeadEffect{name, e.DAv, e.DAvCI}
	case questionnaire.EffectDz:
		return LeadEffect{name, e.Dz, e.DzCI}
	case questionnaire.EffectRankBiserial:
		return LeadEffect{name, r.Wilcoxon.RankBiserial, noInterval(NotApplicable)}
	}
	return LeadEffect{name, e.GAv, e.GAvCI}
}

func unlinkedTest(u *Unpaired, name questionnaire.Test) LeadTest {
	if name == questionnaire.TestWelch {
		return LeadTest{name, u.Welch.P}
	}
	return LeadTest{name, u.MannWhitney.P}
}

func unlinkedLead(u *Unpaired, name questionnaire.Effect) LeadEffect {
	if name == questionnaire.EffectSuperiority {
		return LeadEffect{name, u.MannWhitney.ProbSuperiority, noInterval(NotApplicable)}
	}
	return LeadEffect{name, u.Effect.GS, u.Effect.GSCI}
}
