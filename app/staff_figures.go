package app

import (
	"math"
	"strconv"
	"strings"

	"soundings/surveys/outcomes"
)

// figure is one cell: a number in words of the page, or why there is none.
type figure struct {
	Text string
	Why  string // "nobody changed"; then Text is empty
}

// said is a figure that is always there.
func said(text string) figure { return figure{Text: text} }

// shown is an estimate with so many decimals.
func shown(e outcomes.Estimate, decimals int) figure {
	v, ok := e.Float()
	if !ok {
		return figure{Why: outcomes.ReasonWords(e.Reason())}
	}
	return said(number(v, decimals))
}

// shownPercent is a percentage, 0 to 100.
func shownPercent(e outcomes.Estimate) figure {
	f := shown(e, 0)
	if f.Why == "" {
		f.Text += "%"
	}
	return f
}

// shownChange is an estimate with its sign.
func shownChange(e outcomes.Estimate, decimals int) figure {
	f := shown(e, decimals)
	if v, ok := e.Float(); ok && v > 0 {
		f.Text = "+" + f.Text
	}
	return f
}

// shownInterval is a 95 % interval: "0.21 to 0.63".
func shownInterval(i outcomes.Interval, decimals int) figure {
	low, high := shown(i.Low, decimals), shown(i.High, decimals)
	if low.Why != "" {
		return low
	}
	return said(low.Text + " to " + high.Text)
}

// percent is times e as a whole percentage, or a dash.
func percent(e outcomes.Estimate, times float64) string {
	v, ok := e.Float()
	if !ok {
		return "–"
	}
	return number(v*times, 0) + "%"
}

// number writes v with so many decimals and a true minus, a half away from 0 as
// spreadsheets do; never "−0".
func number(v float64, decimals int) string {
	factor := math.Pow10(decimals)
	text := strconv.FormatFloat(math.Round(v*factor)/factor, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return strings.Replace(text, "-", "−", 1)
}
