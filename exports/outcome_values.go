package exports

import (
	"strings"

	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// values are the figures of a row by its method.
func (t *outcomeTable) values(r *outcomeRow, w *why) []any {
	rating := t.book.ratesOnly()
	switch {
	case r.Paired != nil:
		return t.paired(r, w)
	case r.Binary != nil:
		return t.binary(r, w)
	case r.Unlinked != nil:
		return t.unlinked(r, w)
	case r.NPS != nil && rating:
		return t.ratedNPS(r, w)
	case r.Single != nil && rating:
		return t.rated(r, w)
	case r.NPS != nil:
		w.say("Asked once: there is no change")
		return []any{nil, r.NPS.N, nil, nil, nil, w.take("score", r.NPS.Printed())}
	case r.Single != nil:
		w.say("Asked once: there is no change")
		values := make([]any, 28)
		values[1], values[5] = r.Single.N, w.take("mean", r.Single.Mean)
		values[10], values[24] = w.take("SD", r.Single.SD), w.share("good answers", r.Single.TopPct)
		return values
	}
	return nil
}

func (t *outcomeTable) paired(r *outcomeRow, w *why) []any {
	p, m := r.Paired, r.measure
	live := t.liveCells(r)
	change := p.Change
	effect, limits := effectOf(m, p)
	base := baseOfCounts(p.Counts)
	below, above := distances(effect, limits)
	row := []any{base.before, base.after, live.count(p.NMatched), w.rate(base),
		live.mean("before", w.take("means", p.Pre.Mean)), live.mean("after", w.take("means", p.Post.Mean)), live.mean("change", w.take("change", p.Diff.Mean)),
		w.take("95% CI", p.Diff.CI.Low), w.take("95% CI", p.Diff.CI.High),
		w.take("SD", p.Pre.SD), w.take("SD", p.Post.SD), w.take("SD", p.Diff.SD),
		w.take("effect size", effect), w.take("effect size's CI", limits.Low), w.take("effect size's CI", limits.High), below, above, w.take("p value", r.p(p.T.P)),
		live.anyStep(better, w.share("shares", change.ImprovedPct)), live.anyStep(same, w.share("shares", change.SamePct)), live.anyStep(worse, w.share("shares", change.WorsePct)),
	}
	row = append(row, t.byLeast(live, r, w)...)
	row = append(row, t.good(p.Top, w))
	row = append(row, t.alpha(r, 0, w), t.alpha(r, 1, w))
	if p.NPreOnly == 0 {
		return append(row, nil) // nobody was lost
	}
	return append(row, w.take("difference of those lost", p.Attrition.SMD))
}

// unlinked fills the row of a measure whose two waves nobody can link: bases are those
// of each wave, and who moved is not known.
func (t *outcomeTable) unlinked(r *outcomeRow, w *why) []any {
	u := r.Unlinked
	row := []any{u.NPre, u.NPost, nil, nil}
	w.say("Nobody is linked: who improved is not known")
	if s := u.Share; s != nil && r.measure.Type == questionnaire.MeasureBinary {
		row = append(row, w.take("percentages", s.PrePct), w.take("percentages", s.PostPct), w.take("change", s.DiffPP), w.take("95% CI", s.DiffCI.Low), w.take("95% CI", s.DiffCI.High))
		return append(row, nil, nil, nil, nil, nil, nil, nil, nil, w.take("p value", r.p(outcomes.NotEstimable(outcomes.NotApplicable))))
	}
	effect, limits := turned(r.measure, u.Effect.GS, u.Effect.GSCI)
	below, above := distances(effect, limits)
	return append(row, w.take("means", u.Pre.Mean), w.take("means", u.Post.Mean), w.take("change", u.Welch.Diff), w.take("95% CI", u.Welch.CI.Low), w.take("95% CI", u.Welch.CI.High),
		w.take("SD", u.Pre.SD), w.take("SD", u.Post.SD), nil, w.take("effect size", effect), w.take("effect size's CI", limits.Low), w.take("effect size's CI", limits.High), below, above,
		w.take("p value", r.p(u.Welch.P)))
}

// effectOf is the headline effect, turned so that plus is better.
func effectOf(m *outcomes.MeasureResult, p *outcomes.Paired) (outcomes.Estimate, outcomes.Interval) {
	return turned(m, p.Effect.GAv, p.Effect.GAvCI)
}

// turned is an effect and its limits, turned so that plus is better.
func turned(m *outcomes.MeasureResult, effect outcomes.Estimate, limits outcomes.Interval) (outcomes.Estimate, outcomes.Interval) {
	if m.Direction != questionnaire.DirectionLower {
		return effect, limits
	}
	return negative(effect), outcomes.Interval{Low: negative(limits.High), High: negative(limits.Low)}
}

// binary fills the row of a yes or no, in per cent.
func (t *outcomeTable) binary(r *outcomeRow, w *why) []any {
	b := r.Binary
	base := baseOfCounts(b.Counts)
	gained, lost := b.N01, b.N10
	if r.measure.Direction == questionnaire.DirectionLower {
		gained, lost = lost, gained
	}
	row := []any{base.before, base.after, b.NMatched, w.rate(base),
		w.take("percentages", b.PrePct), w.take("percentages", b.PostPct), w.take("change", b.DiffPP),
		w.take("95% CI", b.DiffCI.Low), w.take("95% CI", b.DiffCI.High),
		nil, nil, nil, nil, nil, nil, nil, nil, w.take("p value", r.p(b.McNemarP)),
	}
	if !movesKnown(b) {
		row = append(row, w.take("shares", outcomes.NotEstimable(outcomes.Suppressed)))
		row = append(row, without(outcomes.Suppressed, 2)...)
	} else {
		row = append(row, share(gained, b.NMatched), share(b.N11+b.N00, b.NMatched), share(lost, b.NMatched))
	}
	row = append(row, nil, nil, nil)
	w.say("A yes or no has no SD and no effect size")
	return row
}

// movesKnown reports whether it is known who moved: where one of the four counts is of
// few people, a summary has none of them.
func movesKnown(b *outcomes.Binary) bool {
	return b.N11+b.N10+b.N01+b.N00 > 0 || b.NMatched == 0
}

func (t *outcomeTable) ratedNPS(r *outcomeRow, w *why) []any {
	n := r.NPS
	return []any{n.N, w.take("score", n.Printed()), w.take("95% CI", n.CI.Low), w.take("95% CI", n.CI.High), w.take("SD", n.SD), w.take("median", n.Median),
		nil, nil, nil, w.share("shares", n.PromotersPct), w.share("shares", n.PassivesPct), w.share("shares", n.DetractorsPct)}
}

func (t *outcomeTable) rated(r *outcomeRow, w *why) []any {
	s := r.Single
	row := []any{s.N, w.take("mean", s.Mean), nil, nil, w.take("SD", s.SD), w.take("median", s.Median),
		w.share("good answers", s.TopPct), w.share("95% CI", s.TopCI.Low), w.share("95% CI", s.TopCI.High), nil, nil, nil}
	return append(row, t.alpha(r, 0, w))
}

// p is the p-value to show: of a group, adjusted for the groups looked at.
func (r *outcomeRow) p(p outcomes.Estimate) outcomes.Estimate {
	switch {
	case r.adjusted != nil:
		return *r.adjusted
	case r.Lead != nil && r.Lead.Test.Name != "":
		return r.Lead.Test.P
	}
	return p
}

// lead are the last cells of a row: the test of its p value, the effect that was fixed
// beforehand where it is another than the one beside it, and what must be said.
func (r *outcomeRow) lead(w *why) []any {
	row := []any{"", "", nil, ""}
	if r.Lead != nil {
		row[0], row[1], row[2] = upperFirst(r.Lead.Test.Words()), upperFirst(r.Lead.Effect.Words()), w.take("effect that leads", r.Lead.Effect.Value)
	}
	if r.by == "everyone" {
		var notes []string
		for _, n := range r.measure.Notes {
			notes = append(notes, n.Text)
		}
		row[3] = strings.Join(notes, " ")
	}
	return row
}

// good is the share of good answers after, where the measure says which are good.
func (t *outcomeTable) good(top *outcomes.Table, w *why) any {
	if top == nil {
		return nil
	}
	return w.share("good answers", top.PostPct)
}

// alpha is the reliability of a scale at its first or second wave, over everyone.
func (t *outcomeTable) alpha(r *outcomeRow, wave int, w *why) any {
	if r.by != "everyone" {
		return nil
	}
	of := t.book.scales[r.measure.ID]
	for _, s := range t.book.report.Reliable {
		if s.Scale != of {
			continue
		}
		if wave == 0 {
			return w.take("alpha", s.Alpha)
		}
		wave--
	}
	return nil
}
