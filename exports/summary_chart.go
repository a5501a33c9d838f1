package exports

import (
	"fmt"
	"math"
	"strings"

	"soundings/surveys/outcomes"
)

// summaryChart is the one picture of a summary: stacked bars in per cent of people,
// one for each measure that is counted in the same way as the first.
type summaryChart struct {
	Title  string
	Series []chartSeries
	Bars   []chartBar
}

// chartSeries is one colour of the bars, with the colour of figures on it.
type chartSeries struct{ Name, Colour, Ink string }

// chartBar is one bar; a part that the report hides is 0 in its own series, and its
// share in the last one.
type chartBar struct {
	Label string
	Parts []float64 // per cent, by series
}

// barsOnPage is how many bars a page has room for.
const barsOnPage = 5

// The ways in which a chart counts.
type chartKind int

const (
	chartNone chartKind = iota
	chartMoved
	chartTwice
	chartOnce
)

func chartKindOf(m *outcomes.MeasureResult) chartKind {
	switch {
	case m.Paired != nil && m.Paired.NMatched > 0:
		return chartMoved
	case m.Binary != nil && m.Binary.NMatched > 0:
		return chartTwice
	case m.Unlinked != nil && m.Unlinked.Share != nil && m.Unlinked.Share.NPost > 0:
		return chartTwice
	case m.Single != nil && m.Single.TopPct.OK():
		return chartOnce
	}
	return chartNone
}

// chartOf draws the measures that the programme is judged by, or all; nil if there
// is nothing to draw.
func chartOf(r *outcomes.Report, language string) *summaryChart {
	measures := judged(r)
	var chart *summaryChart
	kind := chartNone
	for _, m := range measures {
		one := chartKindOf(m)
		if one == chartNone || kind != chartNone && one != kind {
			continue
		}
		if kind == chartNone {
			kind, chart = one, frame(one, r)
		}
		chart.add(kind, m, wording(m.Label, language))
	}
	if chart == nil || len(chart.Bars) == 0 {
		return nil
	}
	chart.Bars = chart.Bars[:min(len(chart.Bars), barsOnPage)]
	return chart.trimmed()
}

// judged are the measures that are marked as headlines; all if none is.
func judged(r *outcomes.Report) []*outcomes.MeasureResult {
	var marked, all []*outcomes.MeasureResult
	for i := range r.Measures {
		all = append(all, &r.Measures[i])
		if r.Measures[i].Headline {
			marked = append(marked, &r.Measures[i])
		}
	}
	if len(marked) > 0 {
		return marked
	}
	return all
}

var hiddenSeries = chartSeries{"Not shown: few people", grey, ink}

// frame is a chart without bars.
func frame(kind chartKind, r *outcomes.Report) *summaryChart {
	switch kind {
	case chartMoved:
		return &summaryChart{Title: "Share of " + r.People + " who improved, stayed the same or got worse",
			Series: []chartSeries{{"Improved", teal, white}, {"The same", neutral, ink}, {"Got worse", orange, white}, hiddenSeries}}
	case chartTwice:
		return &summaryChart{Title: "Share of " + r.People + " who gave the answer that counts",
			Series: []chartSeries{{"Did", teal, white}, {"Did not", neutral, ink}, hiddenSeries}}
	}
	return &summaryChart{Title: "Share of " + r.People + " who gave a good rating",
		Series: []chartSeries{{"Good rating", teal, white}, {"Other ratings", neutral, ink}, hiddenSeries}}
}

func (c *summaryChart) add(kind chartKind, m *outcomes.MeasureResult, label string) {
	switch kind {
	case chartMoved:
		change := m.Paired.Change
		c.bar(fmt.Sprintf("%s (%s people)", label, grouped(m.Paired.NMatched)), change.ImprovedPct, change.SamePct, change.WorsePct)
	case chartTwice:
		if m.Unlinked != nil {
			share := m.Unlinked.Share
			c.bar(fmt.Sprintf("%s: before (%s people)", label, grouped(share.NPre)), share.PrePct, otherSide(share.PrePct))
			c.bar(fmt.Sprintf("%s: after (%s people)", label, grouped(share.NPost)), share.PostPct, otherSide(share.PostPct))
			return
		}
		c.bar(label+": before", m.Binary.PrePct, otherSide(m.Binary.PrePct))
		c.bar(fmt.Sprintf("%s: after (%s people)", label, grouped(m.Binary.NMatched)), m.Binary.PostPct, otherSide(m.Binary.PostPct))
	case chartOnce:
		c.bar(fmt.Sprintf("%s (%s people)", label, grouped(m.Single.N)), m.Single.TopPct, otherSide(m.Single.TopPct))
	}
}

// otherSide is the other side of a percentage.
func otherSide(pct outcomes.Estimate) outcomes.Estimate {
	if v, ok := pct.Float(); ok {
		return outcomes.Est(100 - v)
	}
	return pct
}

// bar adds a bar; what is hidden is together in its last part. Of a measure that is
// wholly hidden there is none.
func (c *summaryChart) bar(label string, parts ...outcomes.Estimate) {
	bar, rest, hidden := chartBar{Label: label, Parts: make([]float64, len(c.Series))}, 100.0, false
	for i, e := range parts {
		v, ok := e.Float()
		hidden = hidden || !ok
		bar.Parts[i] = v
		rest -= v
	}
	if hidden && rest >= 100 {
		return
	}
	if hidden && rest > 0 {
		bar.Parts[len(bar.Parts)-1] = rest
	}
	c.Bars = append(c.Bars, bar)
}

// trimmed leaves the series of what is hidden away where nothing is.
func (c *summaryChart) trimmed() *summaryChart {
	last := len(c.Series) - 1
	for _, bar := range c.Bars {
		if bar.Parts[last] > 0 {
			return c
		}
	}
	c.Series = c.Series[:last]
	for i := range c.Bars {
		c.Bars[i].Parts = c.Bars[i].Parts[:last]
	}
	return c
}

// Alt is the picture in words.
func (c *summaryChart) Alt() string {
	var bars []string
	for _, bar := range c.Bars {
		var parts []string
		for i, v := range bar.Parts {
			if v > 0 {
				parts = append(parts, fmt.Sprintf("%s %.0f%%", lowerFirst(c.Series[i].Name), math.Round(v)))
			}
		}
		bars = append(bars, bar.Label+": "+strings.Join(parts, ", "))
	}
	return c.Title + ". " + strings.Join(bars, "; ") + "."
}

// label is the figure on a part of a bar, "" where there is no room for it or the
// part is what is not shown.
func (s chartSeries) label(v float64) string {
	if v < 5 || s == hiddenSeries {
		return ""
	}
	return fmt.Sprintf("%.0f%%", math.Round(v))
}
