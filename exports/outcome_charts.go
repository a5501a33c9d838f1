package exports

import (
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"

	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// Charts on Outcomes stand above the table, so that nothing is below it, in an area
// that is as high whatever there is to draw: the table stays where it is.
const (
	mostBeforeAfter = 6
	chartWidth      = 440 // pixels
	chartHeight     = 250
	movedHeight     = 340 // and effects
	chartRows       = 13  // of the standard height, with a gap
	movedRows       = 18
)

// chartArea is how many rows the charts of the design take.
func (t *outcomeTable) chartArea() int {
	if t.book.ratesOnly() {
		return chartRows
	}
	return chartRows + movedRows
}

// outcomeChart is one chart of the sheet, drawn once the rows are known.
type outcomeChart struct {
	chart    func() chart
	whiskers func() (below, above picked) // nil: none
	line     int                          // from 0
}

// charts chooses what is drawn: before and after of each measure, those that the
// programme is judged by first; below them the effects with their intervals, and
// who improved. Of ratings, the shares of good answers.
func (t *outcomeTable) charts() []outcomeChart {
	if t.book.ratesOnly() {
		return t.ratingCharts()
	}
	var charts []outcomeChart
	compared := t.which(t.compared)
	for _, headline := range []bool{true, false} {
		for _, i := range compared {
			r := &t.rows[i]
			if r.measure.Headline == headline && len(charts) < mostBeforeAfter && r.drawable() {
				charts = append(charts, outcomeChart{chart: func() chart { return t.beforeAfter(i) }})
			}
		}
	}
	scores := t.which(func(r *outcomeRow) bool { return t.compared(r) && r.effectShown() })
	if effects := t.effects(scores); effects.chart != nil {
		effects.line = 1
		charts = append(charts, effects)
	}
	if len(t.moves()) > 0 {
		charts = append(charts, outcomeChart{line: 1, chart: func() chart { return t.moved(2*chartWidth, movedHeight) }})
	}
	return charts
}

// moved draws who improved, stayed the same and got worse.
func (t *outcomeTable) moved(width, height uint) chart {
	rows := t.moves()
	c := chart{
		kind: excelize.BarStacked, title: "Any change: share of people who improved, stayed the same, or got worse",
		alt:        "Stacked bars of the columns Improved, The same and Got worse of the table on the sheet Outcomes, one bar for each measure.",
		categories: t.picked(1, rows).String(),
		format:     asShare, high: number(1), low: number(0), legend: true, downwards: true, width: width, height: height,
	}
	for _, s := range []struct{ head, colour, ink string }{{headImproved, teal, white}, {headSame, neutral, ink}, {headWorse, orange, white}} {
		values := t.picked(t.column(s.head), rows)
		c.series = append(c.series, series{values.heading(t.first - 1), values, s.colour, s.ink})
	}
	return c
}

// effectShown says that the row has an effect size, or could have one: a cell that
// says in brackets why there is none would be drawn as 0.
func (r *outcomeRow) effectShown() bool {
	effect, _, ok := r.effect()
	return ok && effect.Reason() != outcomes.Suppressed
}

// effect is the effect size of a score, so that plus is better.
func (r *outcomeRow) effect() (outcomes.Estimate, outcomes.Interval, bool) {
	switch {
	case r.Paired != nil:
		effect, limits := effectOf(r.measure, r.Paired)
		return effect, limits, true
	case r.Unlinked != nil && r.measure.Type != questionnaire.MeasureBinary:
		effect, limits := turned(r.measure, r.Unlinked.Effect.GS, r.Unlinked.Effect.GSCI)
		return effect, limits, true
	}
	return outcomes.Estimate{}, outcomes.Interval{}, false
}

// drawable says that both sides have a mean.
func (r *outcomeRow) drawable() bool {
	if r.Binary != nil {
		return r.Binary.PrePct.OK() && r.Binary.PostPct.OK()
	}
	if u := r.Unlinked; u != nil && u.Share != nil && r.measure.Type == questionnaire.MeasureBinary {
		return u.Share.PrePct.OK() && u.Share.PostPct.OK()
	}
	if r.Unlinked != nil {
		return r.Unlinked.Pre.Mean.OK() && r.Unlinked.Post.Mean.OK()
	}
	return r.Paired != nil && r.Paired.Pre.Mean.OK() && r.Paired.Post.Mean.OK()
}

// beforeAfter sets one measure's two means side by side, over its possible scores.
func (t *outcomeTable) beforeAfter(i int) chart {
	r, h, row := &t.rows[i], t.book.heads(), t.first+i
	c := chart{
		kind: excelize.Col, title: wording(r.measure.Label, t.language), format: asHundreds, axisFormat: asGeneral, legend: true, axis: true,
		low: r.measure.Min, high: r.measure.Max, width: chartWidth, height: chartHeight,
		alt: fmt.Sprintf("Two columns, %s and %s, from row %d of the table below.", h.before, h.after, row),
	}
	if r.measure.Type == questionnaire.MeasureBinary {
		c.low, c.high, c.title = number(0), number(100), c.title+" (% who "+r.measure.TopWords(t.language)+")"
	} else if words := possible(r.measure); words != "" {
		c.title += " (" + words + ")"
	}
	for _, side := range []struct{ head, colour string }{{h.before, grey}, {h.after, teal}} {
		values := cells{sheetOutcomes, t.column(side.head), row, row}
		c.series = append(c.series, series{values.heading(t.first - 1), values, side.colour, ink})
		c.categories = cells{sheetOutcomes, 1, row, row}.String()
	}
	return c
}

// effects draws the effect sizes of some rows with their intervals, on an axis that
// holds both: automatic axes ignore whiskers. Without any it has no chart.
func (t *outcomeTable) effects(rows []int) outcomeChart {
	low, high, found := 0.0, 0.0, false
	for _, i := range rows {
		_, limits, _ := t.rows[i].effect()
		from, okFrom := limits.Low.Float()
		to, okTo := limits.High.Float()
		if okFrom && okTo {
			low, high, found = min(low, from), max(high, to), true
		}
	}
	if !found {
		return outcomeChart{}
	}
	column := func(head string) picked { return t.picked(t.column(head), rows) }
	return outcomeChart{
		chart:    func() chart { return t.effectChart(rows, math.Floor(low*5)/5, math.Ceil(high*5)/5) },
		whiskers: func() (below, above picked) { return column(headBelow), column(headAbove) },
	}
}

func (t *outcomeTable) effectChart(rows []int, low, high float64) chart {
	values := t.picked(t.column(headEffect), rows)
	return chart{
		kind: excelize.Bar, title: "Effect size, 95% interval (right of 0 is better)", format: asSigned1, bare: true, downwards: true, axis: true,
		categories: t.picked(1, rows).String(), low: &low, high: &high, step: math.Ceil((high-low)/1.2) / 5,
		series: []series{{values.heading(t.first - 1), values, midTeal, ink}}, width: chartWidth, height: movedHeight,
		alt: "Bars of the effect size with whiskers for its 95% interval, one for each measure: the three columns Effect of the table below.",
	}
}

// ratingCharts draws the shares of good answers that are shown.
func (t *outcomeTable) ratingCharts() []outcomeChart {
	rows := t.which(func(r *outcomeRow) bool { return r.Single != nil && r.Single.TopPct.OK() })
	if len(rows) == 0 {
		return nil
	}
	return []outcomeChart{{chart: func() chart {
		values := t.picked(t.column(headGood), rows)
		return chart{
			kind: excelize.Bar, title: "Share of good answers", format: asPercent, downwards: true, low: number(0), high: number(1),
			categories: t.picked(1, rows).String(),
			series:     []series{{values.heading(t.first - 1), values, teal, ink}}, width: 2 * chartWidth, height: chartHeight,
			alt: "Bars of the column Good answers of the table below, one for each measure.",
		}
	}}}
}

// draw places the charts from row top on, line by line.
func (t *outcomeTable) draw(charts []outcomeChart, top int) error {
	x := map[int]int{} // pixels that are taken, by line
	for _, c := range charts {
		made, cell := c.chart(), ""
		cell, made.shift = t.page.at(x[c.line], top+c.line*chartRows)
		x[c.line] += int(made.width) + 20
		if err := t.book.addChart(sheetOutcomes, cell, made); err != nil {
			return err
		}
		if c.whiskers == nil {
			continue
		}
		if err := t.book.addWhiskers(c.whiskers()); err != nil {
			return err
		}
	}
	return nil
}
