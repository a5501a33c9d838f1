package exports

import (
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"
)

// Charts on Outcomes stand in a grid above the table, so that nothing is below it.
const (
	chartsAcross = 3
	chartWidth   = 440 // pixels
	chartHeight  = 250
	chartRows    = 13 // of the standard height, with a gap
	mostCharts   = 2*chartsAcross - 1
)

// outcomeChart is one chart of the sheet, drawn once the rows are known.
type outcomeChart struct {
	chart    func() chart
	whiskers func() (below, above cells) // nil: none
}

// charts chooses what is drawn: before and after of each measure, those that the
// programme is judged by first, and the effects with their intervals; of ratings,
// the shares of good answers.
func (t *outcomeTable) charts() []outcomeChart {
	if t.book.ratesOnly() {
		return t.ratingCharts()
	}
	var charts []outcomeChart
	first, last := t.compared()
	for _, headline := range []bool{true, false} {
		for i := range last - first + 1 {
			r := &t.rows[i]
			if r.measure.Headline == headline && len(charts) < mostCharts && r.drawable() {
				charts = append(charts, outcomeChart{chart: func() chart { return t.beforeAfter(i) }})
			}
		}
	}
	scores := 0 // a yes or no has no effect size, and stands last
	for scores <= last-first && t.rows[scores].Paired != nil {
		scores++
	}
	if effects := t.effects(scores); effects.chart != nil {
		charts = append(charts, effects)
	}
	return charts
}

// drawable says that both sides have a mean.
func (r *outcomeRow) drawable() bool {
	if r.Binary != nil {
		return r.Binary.PrePct.OK() && r.Binary.PostPct.OK()
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
	if r.Binary != nil {
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

// effects draws the effect sizes of the first n rows with their intervals, on an
// axis that holds both: automatic axes ignore whiskers. Without any it has no chart.
func (t *outcomeTable) effects(n int) outcomeChart {
	low, high, found := 0.0, 0.0, false
	for i := range n {
		_, limits := effectOf(t.rows[i].measure, t.rows[i].Paired)
		from, okFrom := limits.Low.Float()
		to, okTo := limits.High.Float()
		if okFrom && okTo {
			low, high, found = min(low, from), max(high, to), true
		}
	}
	if !found {
		return outcomeChart{}
	}
	column := func(head string) cells {
		return cells{sheetOutcomes, t.column(head), t.first, t.first + n - 1}
	}
	return outcomeChart{
		chart:    func() chart { return t.effectChart(n, math.Floor(low*5)/5, math.Ceil(high*5)/5) },
		whiskers: func() (below, above cells) { return column(headBelow), column(headAbove) },
	}
}

func (t *outcomeTable) effectChart(n int, low, high float64) chart {
	values := cells{sheetOutcomes, t.column(headEffect), t.first, t.first + n - 1}
	return chart{
		kind: excelize.Bar, title: "Effect size, 95% interval (right of 0 is better)", format: asSigned1, bare: true, downwards: true, axis: true,
		categories: cells{sheetOutcomes, 1, t.first, t.first + n - 1}.String(), low: &low, high: &high,
		series: []series{{values.heading(t.first - 1), values, midTeal, ink}}, width: chartWidth, height: chartHeight,
		alt: "Bars of the effect size with whiskers for its 95% interval, one for each measure: the three columns Effect of the table below.",
	}
}

// ratingCharts draws the shares of good answers.
func (t *outcomeTable) ratingCharts() []outcomeChart {
	n := 0
	for n < len(t.rows) && t.rows[n].by == "everyone" && t.rows[n].Single != nil && t.rows[n].Single.TopPct.OK() {
		n++
	}
	if n == 0 {
		return nil
	}
	return []outcomeChart{{chart: func() chart {
		values := cells{sheetOutcomes, t.column(headGood), t.first, t.first + n - 1}
		return chart{
			kind: excelize.Bar, title: "Share of good answers", format: asPercent, downwards: true, low: number(0), high: number(1),
			categories: cells{sheetOutcomes, 1, t.first, t.first + n - 1}.String(),
			series:     []series{{values.heading(t.first - 1), values, teal, ink}}, width: 2 * chartWidth, height: chartHeight,
			alt: "Bars of the column Good answers of the table below, one for each measure.",
		}
	}}}
}

// draw places the charts from row top on.
func (t *outcomeTable) draw(charts []outcomeChart, top int) error {
	for i, c := range charts {
		made, cell := c.chart(), ""
		cell, made.shift = t.page.at(i%chartsAcross*(chartWidth+20), top+i/chartsAcross*chartRows)
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
