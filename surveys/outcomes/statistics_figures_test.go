package outcomes_test

import (
	"math"
	"slices"
	"testing"

	"soundings/surveys/outcomes"
)

// figures maps "part key" of expected.json to an Estimate or a Method.
type figures map[string]any

// part adds figures under the name of a part of a set.
func (f figures) part(part string, keys map[string]any) {
	for key, value := range keys {
		if n, ok := value.(int); ok {
			value = outcomes.Est(float64(n))
		}
		f[part+" "+key] = value
	}
}

// person is one respondent of a set: the answers by wave and item.
type person struct {
	id, group string
	answers   map[string]outcomes.Number // by wave + " " + item
}

// people reads data.csv, the respondents in the order of their first row.
func (s referenceSet) people(t *testing.T) []*person {
	t.Helper()
	byID := map[string]*person{}
	var all []*person
	for _, row := range s.readRows(t, "data.csv") {
		p := byID[row["id"]]
		if p == nil {
			p = &person{id: row["id"], group: row["group"], answers: map[string]outcomes.Number{}}
			byID[p.id] = p
			all = append(all, p)
		}
		p.answers[row["wave"]+" "+row["item"]] = number(t, row["value"])
	}
	return all
}

// observations pairs the single answers of two waves.
func observations(people []*person, pre, post string) []outcomes.Observation {
	result := make([]outcomes.Observation, len(people))
	for i, p := range people {
		result[i] = outcomes.Observation{Pre: p.answers[pre+" "], Post: p.answers[post+" "]}
	}
	return result
}

// answered returns the single answers given at a wave.
func answered(people []*person, wave string) []float64 {
	var values []float64
	for _, p := range people {
		if a := p.answers[wave+" "]; a.OK {
			values = append(values, a.V)
		}
	}
	return values
}

// computeSet returns every figure the package has for set.
func computeSet(t *testing.T, set referenceSet) figures {
	t.Helper()
	people, got := set.people(t), figures{}
	switch set.Kind {
	case "paired":
		got.paired("all", outcomes.ComparePaired(observations(people, "pre", "post"), set.params()))
	case "threeway":
		for _, c := range [][2]string{{"post", "pre"}, {"post", "then"}, {"then", "pre"}} {
			result := outcomes.ComparePaired(observations(people, c[1], c[0]), set.params())
			got.paired("contrast="+c[0]+"-"+c[1], result)
		}
	case "binary":
		got.binary(outcomes.ComparePairedBinary(observations(people, "pre", "post"), []float64{1}))
	case "unpaired":
		got.unpaired("all", "", outcomes.CompareUnpaired(answered(people, "pre"), answered(people, "post")))
	case "nps":
		got.nps(outcomes.NPS(answered(people, "")))
	case "groups":
		got.groups(set, people)
	case "alpha":
		got.reliability("all", set, outcomes.Alpha(set.keyed(people, ""), len(set.Params.Items)))
	case "scale":
		got.scale(t, set, people)
	default:
		t.Fatalf("%s: kind %q that the test does not know", set.Name, set.Kind)
	}
	return got
}

func (f figures) sample(part, prefix string, s outcomes.Sample) {
	f.part(part, map[string]any{
		prefix + ".mean": s.Mean, prefix + ".sd": s.SD, prefix + ".median": s.Median,
		prefix + ".q1": s.Q1, prefix + ".q3": s.Q3, prefix + ".iqr": s.IQR,
	})
}

func (f figures) counts(part string, c outcomes.Counts) {
	f.part(part, map[string]any{
		"n_pre": c.NPre, "n_post": c.NPost, "n_matched": c.NMatched,
		"n_pre_only": c.NPreOnly, "n_post_only": c.NPostOnly,
	})
}

func (f figures) paired(part string, r outcomes.Paired) {
	f.unpaired(part, "unpaired_all.", r.Unpaired)
	f.counts(part, r.Counts)
	f.sample(part, "all_pre", r.AllPre)
	f.sample(part, "all_post", r.AllPost)
	f.sample(part, "pre", r.Pre)
	f.sample(part, "post", r.Post)
	f.change(part, r)
	f.part(part, map[string]any{
		"diff.mean": r.Diff.Mean, "diff.sd": r.Diff.SD, "diff.median": r.Diff.Median, "diff.se": r.Diff.SE,
		"diff.ci_lo": r.Diff.CI.Low, "diff.ci_hi": r.Diff.CI.High,
		"cor.pearson": r.Correlation, "t.statistic": r.T.Statistic, "t.df": r.T.DF, "t.p": r.T.P,
		"wilcoxon.n_nonzero": r.Wilcoxon.NNonzero, "wilcoxon.V": r.Wilcoxon.V, "wilcoxon.p": r.Wilcoxon.P,
		"wilcoxon.method": r.Wilcoxon.Method, "wilcoxon.rank_biserial": r.Wilcoxon.RankBiserial,
		"sign.n_pos": r.Sign.NPos, "sign.n_neg": r.Sign.NNeg, "sign.p": r.Sign.P,
		"effect.dz": r.Effect.Dz, "effect.dz_ci_lo": r.Effect.DzCI.Low, "effect.dz_ci_hi": r.Effect.DzCI.High,
		"effect.hedges_j": r.Effect.HedgesJ, "effect.d_av_lakens": r.Effect.DAvLakens, "wilcoxon.p_exact_midranks": r.Wilcoxon.PMidranks,
		"effect.gz": r.Effect.Gz, "effect.gz_ci_lo": r.Effect.GzCI.Low, "effect.gz_ci_hi": r.Effect.GzCI.High,
		"effect.d_av": r.Effect.DAv, "effect.d_av_ci_lo": r.Effect.DAvCI.Low, "effect.d_av_ci_hi": r.Effect.DAvCI.High,
		"effect.g_av": r.Effect.GAv, "effect.g_av_ci_lo": r.Effect.GAvCI.Low, "effect.g_av_ci_hi": r.Effect.GAvCI.High,
		"attrition.retained_pct":             r.Attrition.RetainedPct,
		"attrition.baseline_mean_completers": r.Attrition.MeanCompleters,
		"attrition.baseline_mean_dropouts":   r.Attrition.MeanDropouts,
		"attrition.smd":                      r.Attrition.SMD, "attrition.p_welch": r.Attrition.PWelch,
	})
}

func (f figures) change(part string, r outcomes.Paired) {
	f.part(part, map[string]any{
		"change.improved_n": r.Change.ImprovedN, "change.same_n": r.Change.SameN, "change.worse_n": r.Change.WorseN,
		"change.improved_pct": r.Change.ImprovedPct, "change.same_pct": r.Change.SamePct, "change.worse_pct": r.Change.WorsePct,
		"change.improved_pct_ci_lo": r.Change.ImprovedCI.Low, "change.improved_pct_ci_hi": r.Change.ImprovedCI.High,
	})
	if c := r.ChangeMid; c != nil {
		f.part(part, map[string]any{
			"change_mid.improved_n": c.ImprovedN, "change_mid.same_n": c.SameN, "change_mid.worse_n": c.WorseN,
			"change_mid.improved_pct": c.ImprovedPct,
		})
	}
	if r.Ceiling != nil {
		f.part(part, map[string]any{"ceiling.pre_pct": r.Ceiling.PrePct, "ceiling.post_pct": r.Ceiling.PostPct})
	}
	if r.Floor != nil {
		f.part(part, map[string]any{"floor.pre_pct": r.Floor.PrePct, "floor.post_pct": r.Floor.PostPct})
	}
	if t := r.Top; t != nil {
		f.part(part, map[string]any{
			"top2.n11": t.N11, "top2.n10": t.N10, "top2.n01": t.N01, "top2.n00": t.N00,
			"top2.pre_pct": t.PrePct, "top2.post_pct": t.PostPct, "top2.diff_pp": t.DiffPP,
			"top2.ci_lo": t.DiffCI.Low, "top2.ci_hi": t.DiffCI.High, "top2.mcnemar_p_exact": t.McNemarP,
		})
	}
}

func (f figures) binary(r outcomes.Binary) {
	f.counts("all", r.Counts)
	f.part("all", map[string]any{
		"all_pre.pct": r.AllPrePct, "all_post.pct": r.AllPostPct,
		"n11": r.N11, "n10": r.N10, "n01": r.N01, "n00": r.N00,
		"pre.pct": r.PrePct, "post.pct": r.PostPct, "diff_pp": r.DiffPP,
		"newcombe.ci_lo": r.DiffCI.Low, "newcombe.ci_hi": r.DiffCI.High, "mcnemar.p_exact": r.McNemarP,
		"pre.pct_ci_lo": r.PreCI.Low, "pre.pct_ci_hi": r.PreCI.High,
		"post.pct_ci_lo": r.PostCI.Low, "post.pct_ci_hi": r.PostCI.High,
	})
}

func (f figures) unpaired(part, prefix string, r outcomes.Unpaired) {
	if prefix == "" {
		f.part(part, map[string]any{"n_pre": r.NPre, "n_post": r.NPost})
		f.sample(part, "pre", r.Pre)
		f.sample(part, "post", r.Post)
	}
	f.part(part, map[string]any{
		prefix + "welch.diff": r.Welch.Diff, prefix + "welch.t": r.Welch.T, prefix + "welch.df": r.Welch.DF,
		prefix + "welch.p": r.Welch.P, prefix + "welch.ci_lo": r.Welch.CI.Low, prefix + "welch.ci_hi": r.Welch.CI.High,
		prefix + "mw.W": r.MannWhitney.W, prefix + "mw.p": r.MannWhitney.P, prefix + "mw.method": r.MannWhitney.Method,
		prefix + "mw.prob_superiority": r.MannWhitney.ProbSuperiority,
		prefix + "effect.d_s":          r.Effect.DS, prefix + "effect.d_s_ci_lo": r.Effect.DSCI.Low,
		prefix + "effect.d_s_ci_hi": r.Effect.DSCI.High, prefix + "effect.g_s": r.Effect.GS,
	})
}

func (f figures) nps(r outcomes.NetPromoter) {
	f.part("all", map[string]any{
		"n": r.N, "nps.promoters_n": r.PromotersN, "nps.passives_n": r.PassivesN, "nps.detractors_n": r.DetractorsN,
		"nps.promoters_pct": r.PromotersPct, "nps.passives_pct": r.PassivesPct, "nps.detractors_pct": r.DetractorsPct,
		"nps.score": r.Score, "nps.se": r.SE, "nps.ci_lo": r.CI.Low, "nps.ci_hi": r.CI.High,
		"mean": r.Mean, "sd": r.SD, "median": r.Median,
	})
}

func (f figures) groups(set referenceSet, people []*person) {
	grouped := make([]outcomes.GroupObservation, len(people))
	for i, o := range observations(people, "pre", "post") {
		grouped[i] = outcomes.GroupObservation{Group: people[i].group, Observation: o}
	}
	r := outcomes.CompareGroups(grouped, set.params())
	f.paired("all", r.All)
	f.part("all", map[string]any{
		"groups.n_groups": r.NGroups, "groups.n_tested": r.NTested,
		"groups.icc1_change": r.ICC, "groups.design_effect": r.DesignEffect,
		"groups.kruskal_H": r.Compared.KruskalH, "groups.kruskal_p": r.Compared.KruskalP,
		"groups.welch_anova_F": r.Compared.WelchF, "groups.welch_anova_p": r.Compared.WelchP,
	})
	for _, g := range r.Groups {
		f.paired("group="+g.Name, g.Paired)
		f.part("group="+g.Name, map[string]any{"holm.t.p": g.HolmT, "holm.wilcoxon.p": g.HolmWilcoxon})
	}
}

// spec returns how the set scores its items.
func (s referenceSet) spec() outcomes.ScaleSpec {
	spec := outcomes.ScaleSpec{
		Min: *s.Params.Min, Max: *s.Params.Max,
		MinAnswered: s.Params.MinAnswered, Sum: s.Params.Score == "sum",
	}
	for _, item := range s.Params.Items {
		spec.Reverse = append(spec.Reverse, slices.Contains(s.Params.Reverse, item))
	}
	return spec
}

// raw returns the answers of p at a wave, by item.
func (s referenceSet) raw(p *person, wave string) []outcomes.Number {
	row := make([]outcomes.Number, len(s.Params.Items))
	for i, item := range s.Params.Items {
		row[i] = p.answers[wave+" "+item]
	}
	return row
}

// keyed returns the keyed answers of everyone at a wave.
func (s referenceSet) keyed(people []*person, wave string) [][]outcomes.Number {
	rows := make([][]outcomes.Number, len(people))
	for i, p := range people {
		rows[i] = s.spec().Keyed(s.raw(p, wave))
	}
	return rows
}

func (f figures) reliability(part string, set referenceSet, r outcomes.Reliability) {
	f.part(part, map[string]any{
		"alpha.n_complete": r.NComplete, "alpha.k": r.K, "alpha.raw": r.Alpha,
		"alpha.ci_lo": r.CI.Low, "alpha.ci_hi": r.CI.High,
	})
	for i, item := range set.Params.Items {
		f.part(part, map[string]any{"item_rest_r." + item: r.ItemRestR[i], "alpha_if_dropped." + item: r.IfDropped[i]})
	}
}

func (f figures) scale(t *testing.T, set referenceSet, people []*person) {
	t.Helper()
	pre, post := set.score(people, "pre"), set.score(people, "post")
	set.checkScores(t, people, pre, post)
	scores := make([]outcomes.Observation, len(people))
	for i := range people {
		scores[i] = outcomes.Observation{Pre: pre.scores[i], Post: post.scores[i]}
	}
	f.paired("all", outcomes.ComparePaired(scores, set.params()))
	alphas := map[string]outcomes.Reliability{}
	for _, wave := range []string{"pre", "post"} {
		alphas[wave] = outcomes.Alpha(set.keyed(people, wave), len(set.Params.Items))
		f.reliability("wave="+wave, set, alphas[wave])
	}
	reliability := alphas["pre"].Alpha
	if set.Params.Reliability != nil {
		reliability = outcomes.Est(*set.Params.Reliability)
	}
	r := outcomes.ReliableChange(scores, set.params(), reliability)
	f.part("all", map[string]any{
		"rci.reliability": r.Reliability, "rci.sd_pre": r.SDPre, "rci.sdiff": r.SDiff, "rci.threshold": r.Threshold,
		"rci.improved_n": r.ImprovedN, "rci.worse_n": r.WorseN, "rci.no_reliable_change_n": r.SameN,
		"scored.n_pre_prorated": pre.prorated, "scored.n_pre_unscorable": pre.unscorable,
		"scored.n_post_prorated": post.prorated, "scored.n_post_unscorable": post.unscorable,
	})
	preItems, postItems := set.keyed(people, "pre"), set.keyed(people, "post")
	for i, item := range set.Params.Items {
		answers := make([]outcomes.Observation, len(people))
		for j := range people {
			answers[j] = outcomes.Observation{Pre: preItems[j][i], Post: postItems[j][i]}
		}
		f.paired("item="+item, outcomes.ComparePaired(answers, set.params()))
	}
}

// scoredWave is one wave of a scale after scoring.
type scoredWave struct {
	scores               []outcomes.Number
	prorated, unscorable int // respondents
}

func (s referenceSet) score(people []*person, wave string) scoredWave {
	var w scoredWave
	for _, p := range people {
		row := s.raw(p, wave)
		score, prorated := outcomes.ScoreScale(row, s.spec())
		w.scores = append(w.scores, score)
		if prorated {
			w.prorated++
		}
		if !score.OK && slices.ContainsFunc(row, func(n outcomes.Number) bool { return n.OK }) {
			w.unscorable++
		}
	}
	return w
}

// checkScores compares every score with scores.csv.
func (s referenceSet) checkScores(t *testing.T, people []*person, pre, post scoredWave) {
	t.Helper()
	want := map[string]map[string]string{}
	for _, row := range s.readRows(t, "scores.csv") {
		want[row["id"]] = row
	}
	for i, p := range people {
		for column, got := range map[string]outcomes.Number{"pre_score": pre.scores[i], "post_score": post.scores[i]} {
			expected := number(t, want[p.id][column])
			if got.OK != expected.OK || math.Abs(got.V-expected.V) > 1e-10 {
				t.Errorf("%s of %s = %v, want %v", column, p.id, got, expected)
			}
		}
	}
}
