package app

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// measureView is one measure: a sentence, how answers were spread, the change,
// its groups.
type measureView struct {
	ID         string
	Title      string
	Sentence   string
	Copy       string // the sentence with its caveat, to be copied
	Base       string // who is behind the figures
	Withheld   string // why nothing is shown; "" if there is something
	Lower      bool   // a lower value is better
	Notes      []string
	Figures    []figureRow
	Bar        template.HTML // improved, same, worse; or what an NPS is made of
	BarLegend  []part
	Change     *changeChart
	Dots       *dotsChart
	Spread     *spreadView
	Trends     []trendView
	Tables     []tableView // what the result depends on, later waves, bands
	Breakdowns []breakdownView
}

// figureRow is one line of a measure's figures.
type figureRow struct {
	Label string
	figure
}

// measureOf makes the view of measure i.
func measureOf(data *surveys.Dataset, r *outcomes.Report, i int, line outcomes.Headline) measureView {
	m := &r.Measures[i]
	view := measureView{
		ID: "measure-" + string(m.ID), Title: line.Label, Sentence: line.Text, Lower: lowerIsBetter(m),
		Copy: line.Text + " " + outcomes.Caveat(r.Design), Spread: spreadOf(data, m),
	}
	if m.Withheld != "" {
		view.Withheld = outcomes.ReasonWords(m.Withheld)
		return view
	}
	for _, note := range m.Notes {
		view.Notes = append(view.Notes, note.Text)
	}
	before, after := momentsOf(m)
	view.Base = baseOf(m.Result, before, after)
	view.Figures = resultFigures(m, m.Result, before, after)
	switch {
	case m.Paired != nil:
		view.BarLegend, view.Dots = changeParts(m.Paired.Change), dotsOf(m)
	case m.NPS != nil:
		view.BarLegend = npsParts(m.NPS)
	}
	if wholeBar(m.Result) && shares(view.BarLegend) != nil {
		view.Bar = stacked(view.Title, view.BarLegend)
	}
	view.Change = changeOfEveryone(m)
	view.Trends, view.Tables = trendsOf(m), tablesOf(m, before, after)
	for _, b := range m.Breakdowns {
		view.Breakdowns = append(view.Breakdowns, breakdownOf(m, b, before, after))
	}
	return view
}

// wholeBar reports whether every part of a result's bar is there: a profile may hide
// one, whose number is then 0 and its share not estimable.
func wholeBar(r outcomes.Result) bool {
	var all []outcomes.Estimate
	switch {
	case r.Paired != nil:
		c := r.Paired.Change
		all = []outcomes.Estimate{c.ImprovedPct, c.SamePct, c.WorsePct}
	case r.NPS != nil:
		all = []outcomes.Estimate{r.NPS.PromotersPct, r.NPS.PassivesPct, r.NPS.DetractorsPct}
	}
	return !slices.ContainsFunc(all, func(e outcomes.Estimate) bool { return !e.OK() })
}

// Few reports whether the answers take so little room that a trend fits below them.
func (v measureView) Few() bool {
	items := 0
	if v.Spread != nil {
		for _, set := range v.Spread.Sets {
			items += len(set.Items)
		}
	}
	return items < 3
}

// lowerIsBetter reports whether a lower value of m is an improvement.
func lowerIsBetter(m *outcomes.MeasureResult) bool {
	return m.Direction == questionnaire.DirectionLower
}

// resultFigures are the figures of a result by its method.
func resultFigures(m *outcomes.MeasureResult, r outcomes.Result, before, after string) []figureRow {
	switch {
	case r.Paired != nil:
		return pairedFigures(m, r.Paired, before, after)
	case r.Binary != nil:
		return binaryFigures(r.Binary, r.Lead, before, after)
	case r.Unlinked != nil:
		return unlinkedFigures(r.Unlinked, before, after)
	case r.NPS != nil:
		return npsFigures(r.NPS)
	case r.Single != nil:
		return singleFigures(m)
	}
	return nil
}

// baseOf says who is behind the figures of a comparison: "825 before, 777 after, 698
// of them both times: 85% of those before".
func baseOf(r outcomes.Result, before, after string) string {
	var n outcomes.Counts
	var kept outcomes.Estimate
	switch {
	case r.Paired != nil:
		n, kept = r.Paired.Counts, r.Paired.Attrition.RetainedPct
	case r.Binary != nil:
		n = r.Binary.Counts
		kept = outcomes.NotEstimable(outcomes.NoAnswers)
		if n.NPre > 0 {
			kept = outcomes.Est(100 * float64(n.NMatched) / float64(n.NPre))
		}
	case r.Unlinked != nil:
		return fmt.Sprintf("Base: %s %s and %s %s, two groups that are not linked.", thousands(r.Unlinked.NPre), strings.ToLower(before), thousands(r.Unlinked.NPost), strings.ToLower(after))
	case r.NPS != nil:
		return fmt.Sprintf("Base: %s who answered.", thousands(r.NPS.N))
	case r.Single != nil:
		return fmt.Sprintf("Base: %s who answered.", thousands(r.Single.N))
	default:
		return ""
	}
	text := fmt.Sprintf("Base: %s %s, %s %s, %s both times", thousands(n.NPre), strings.ToLower(before), thousands(n.NPost), strings.ToLower(after), thousands(n.NMatched))
	if v, ok := kept.Float(); ok {
		text += fmt.Sprintf(" (%s%% of those %s)", number(v, 0), strings.ToLower(before))
	}
	return text + ". All figures of change are of those who answered both times."
}

// momentsOf names the two sides of a comparison.
func momentsOf(m *outcomes.MeasureResult) (before, after string) {
	if m.FromMemory {
		return "Then", "Now"
	}
	return "Before", "After"
}

func pairedFigures(m *outcomes.MeasureResult, p *outcomes.Paired, before, after string) []figureRow {
	rows := []figureRow{
		{"People in it", said(thousands(p.NMatched))},
		{before + ", mean", shown(p.Pre.Mean, 2)},
		{after + ", mean", shown(p.Post.Mean, 2)},
		{"Change", shownChange(p.Diff.Mean, 2)},
		{"95% interval", shownInterval(p.Diff.CI, 2)},
	}
	rows = append(rows, leadFigures(m.Lead, figureRow{"Effect size g", shownChange(p.Effect.GAv, 2)}, figureRow{"95% interval of g", shownInterval(p.Effect.GAvCI, 2)})...)
	if p.Top != nil {
		rows = append(rows, figureRow{before + ", top answers", shownPercent(p.Top.PrePct)}, figureRow{after + ", top answers", shownPercent(p.Top.PostPct)})
	}
	if p.ChangeMid != nil && m.MinChange != nil {
		least := number(*m.MinChange, 2)
		rows = append(rows, figureRow{"Better by at least " + least, shownPercent(p.ChangeMid.ImprovedPct)},
			figureRow{"Worse by at least " + least, shownPercent(p.ChangeMid.WorsePct)})
	}
	if before != momentWords["pre"] {
		return rows // both moments are in one form: nobody leaves between them
	}
	return append(rows, figureRow{before + ", mean of those who answered again", shown(p.Attrition.MeanCompleters, 2)},
		figureRow{before + ", mean of those who did not", shown(p.Attrition.MeanDropouts, 2)})
}

// changeParts are worse, same and improved, so that better is to the right.
func changeParts(c outcomes.Change) []part {
	return []part{{"k0", "Worse", c.WorseN}, {"k3", "Same", c.SameN}, {"k6", "Improved", c.ImprovedN}}
}

// leadFigures are the one effect and the one test that were chosen before answers
// came in; otherwise is what stands there without them.
func leadFigures(lead *outcomes.Lead, otherwise ...figureRow) []figureRow {
	if lead == nil {
		return otherwise
	}
	rows := []figureRow{{upperFirst(lead.Effect.Words()), shownChange(lead.Effect.Value, 2)}}
	if lead.Effect.CI.Low.OK() {
		rows = append(rows, figureRow{"95% interval of it", shownInterval(lead.Effect.CI, 2)})
	}
	return append(rows, figureRow{"p, " + lead.Test.Words(), shownP(lead.Test.P)})
}

// shownP is a p-value, never 0.
func shownP(e outcomes.Estimate) figure {
	if v, ok := e.Float(); ok && v < 0.001 {
		return said("below 0.001")
	}
	return shown(e, 3)
}

func binaryFigures(b *outcomes.Binary, lead *outcomes.Lead, before, after string) []figureRow {
	rows := []figureRow{
		{"People in it", said(thousands(b.NMatched))},
		{before, shownPercent(b.PrePct)},
		{after, shownPercent(b.PostPct)},
		{"Change, percentage points", shownChange(b.DiffPP, 0)},
		{"95% interval", shownInterval(b.DiffCI, 0)},
	}
	if b.N00+b.N01+b.N10+b.N11 == b.NMatched { // not rounded, none hidden
		rows = append(rows, figureRow{"Turned to yes", said(thousands(b.N01))}, figureRow{"Turned to no", said(thousands(b.N10))})
	}
	return append(rows, leadP(lead)...)
}

// leadP is the p-value of the test that leads, if there is one.
func leadP(lead *outcomes.Lead) []figureRow {
	if lead == nil {
		return nil
	}
	return []figureRow{{"p, " + lead.Test.Words(), shownP(lead.Test.P)}}
}

// unlinkedFigures are those of two groups.
func unlinkedFigures(u *outcomes.Unlinked, before, after string) []figureRow {
	rows := []figureRow{
		{before + ", people", said(thousands(u.NPre))},
		{after + ", people", said(thousands(u.NPost))},
		{before + ", mean", shown(u.Pre.Mean, 2)},
		{after + ", mean", shown(u.Post.Mean, 2)},
		{"Difference of the two groups", shownChange(u.Welch.Diff, 2)},
		{"95% interval", shownInterval(u.Welch.CI, 2)},
	}
	if share := u.Share; share != nil {
		rows = append(rows, figureRow{before + ", that answer", shownPercent(share.PrePct)}, figureRow{after + ", that answer", shownPercent(share.PostPct)},
			figureRow{"Difference, percentage points", shownChange(share.DiffPP, 0)}, figureRow{"95% interval", shownInterval(share.DiffCI, 0)})
	}
	return rows
}

func npsFigures(n *outcomes.NetPromoter) []figureRow {
	rows := []figureRow{{"Answers", said(thousands(n.N))}, {"Net promoter score", shownChange(n.Printed(), 0)}}
	if n.Printed().OK() {
		rows = append(rows, figureRow{"95% interval", shownInterval(n.CI, 0)})
	}
	return append(rows, figureRow{"Mean, 0 to 10", shown(n.Mean, 1)})
}

func npsParts(n *outcomes.NetPromoter) []part {
	return []part{{"k0", "0 to 6", n.DetractorsN}, {"k3", "7 or 8", n.PassivesN}, {"k6", "9 or 10", n.PromotersN}}
}

func singleFigures(m *outcomes.MeasureResult) []figureRow {
	one := m.Single
	rows := []figureRow{{"Answers", said(thousands(one.N))}, {"Mean", shown(one.Mean, 2)}, {"Median", shown(one.Median, 1)}}
	if len(m.Top) > 0 {
		rows = append(rows, figureRow{"Top answers", shownPercent(one.TopPct)}, figureRow{"95% interval", shownInterval(one.TopCI, 0)})
	}
	return rows
}
