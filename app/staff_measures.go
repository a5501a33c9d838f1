package app

import (
	"fmt"
	"html/template"

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
	Withheld   string // why nothing is shown; "" if there is something
	Lower      bool   // a lower value is better
	Figures    []figureRow
	Bar        template.HTML // improved, same, worse; or what an NPS is made of
	BarLegend  []part
	Spread     *spreadView
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
		ID: "measure-" + string(m.ID), Title: line.Label, Sentence: line.Text, Lower: m.Direction == questionnaire.DirectionLower,
		Spread: spreadOf(data, m),
	}
	if m.Withheld != "" {
		view.Withheld = outcomes.ReasonWords(m.Withheld)
		return view
	}
	before, after := momentsOf(r.Design)
	switch {
	case m.Paired != nil:
		view.Figures = pairedFigures(m, before, after)
		view.BarLegend = changeParts(m.Paired.Change)
	case m.Binary != nil:
		view.Figures = binaryFigures(m.Binary, before, after)
	case m.NPS != nil:
		view.Figures = npsFigures(m.NPS)
		view.BarLegend = npsParts(m.NPS)
	case m.Single != nil:
		view.Figures = singleFigures(m)
	}
	if shares(view.BarLegend) != nil {
		view.Bar = stacked(view.Title, view.BarLegend)
	}
	for _, b := range m.Breakdowns {
		view.Breakdowns = append(view.Breakdowns, breakdownOf(m, b, before, after))
	}
	return view
}

// momentsOf names the two sides of a comparison.
func momentsOf(d surveys.Design) (before, after string) {
	if d == surveys.DesignThenNow {
		return "Then", "Now"
	}
	return "Before", "After"
}

func pairedFigures(m *outcomes.MeasureResult, before, after string) []figureRow {
	p := m.Paired
	rows := []figureRow{
		{"People in it", said(fmt.Sprint(p.NMatched))},
		{before + ", mean", shown(p.Pre.Mean, 2)},
		{after + ", mean", shown(p.Post.Mean, 2)},
		{"Change", shownChange(p.Diff.Mean, 2)},
		{"95% interval", shownInterval(p.Diff.CI, 2)},
		{"Effect size g", shownChange(p.Effect.GAv, 2)},
		{"95% interval of g", shownInterval(p.Effect.GAvCI, 2)},
	}
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

func binaryFigures(b *outcomes.Binary, before, after string) []figureRow {
	return []figureRow{
		{"People in it", said(fmt.Sprint(b.NMatched))},
		{before, shownPercent(b.PrePct)},
		{after, shownPercent(b.PostPct)},
		{"Change, percentage points", shownChange(b.DiffPP, 0)},
		{"95% interval", shownInterval(b.DiffCI, 0)},
		{"Turned to yes", said(fmt.Sprint(b.N01))},
		{"Turned to no", said(fmt.Sprint(b.N10))},
	}
}

func npsFigures(n *outcomes.NetPromoter) []figureRow {
	rows := []figureRow{{"Answers", said(fmt.Sprint(n.N))}, {"Net promoter score", shownChange(n.Printed(), 0)}}
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
	rows := []figureRow{{"Answers", said(fmt.Sprint(one.N))}, {"Mean", shown(one.Mean, 2)}, {"Median", shown(one.Median, 1)}}
	if len(m.Top) > 0 {
		rows = append(rows, figureRow{"Top answers", shownPercent(one.TopPct)}, figureRow{"95% interval", shownInterval(one.TopCI, 0)})
	}
	return rows
}
