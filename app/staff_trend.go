package app

import (
	"strings"

	"soundings/surveys/outcomes"
)

// trendView is a measure over groups that follow one another.
type trendView struct {
	By, Text  string
	Low, High string // ends of the axis
	Points    []trendPoint
}

// mostTrend is how many groups a trend has at most: beyond that nobody sees a line.
const mostTrend = 16

// trendsOf are the trends of a measure over quarters and cohorts, where two of them
// or more are shown.
func trendsOf(m *outcomes.MeasureResult) []trendView {
	var all []trendView
	for _, b := range m.Breakdowns {
		if b.By == "quarter" || b.By == "cohort" {
			if view, ok := trendOf(m, b); ok {
				all = append(all, view)
			}
		}
	}
	return all
}

func trendOf(m *outcomes.MeasureResult, b outcomes.Breakdown) (trendView, bool) {
	axis := axisOf(m, b.Groups)
	view, drawn, share := trendView{By: breakdownKind(b)}, 0, false
	var words []string
	for _, g := range b.Groups {
		p, ok := pointOf(g.Result)
		ok = ok && !g.Suppressed
		one := trendPoint{ok: ok, at: p.at, low: p.low, high: p.high, Name: groupName(b, g), Suppressed: g.Suppressed, N: g.N}
		if ok {
			drawn++
			share = p.share
			one.class, one.Text = p.class(m), signed(p.at, p.decimals)
			if p.share {
				one.Text = number(p.at, 0) + "%"
			}
			words = append(words, one.Name+" "+one.Text)
		}
		view.Points = append(view.Points, one)
	}
	if drawn < 2 || len(view.Points) > mostTrend {
		return view, false
	}
	drawTrend(view.Points, axis, !share)
	decimals := 2
	if m.Paired == nil {
		decimals = 0
	}
	view.Low, view.High = signed(axis.low, decimals), signed(axis.high, decimals)
	if share {
		view.Low, view.High = "0%", "100%"
	}
	view.Text = pictureWords(m.Result) + ", over " + lowerFirst(view.By) + "s: " + strings.Join(words, ", ") + "."
	return view, true
}
