package app

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"soundings/surveys/outcomes"
)

// changeChart is the change of everyone on an axis with the line of no change.
type changeChart struct {
	SVG, Axis template.HTML
	Text      string // what it shows, in a sentence
}

// ticks are round values of an axis, no more than most of them.
func (s span) ticks(most int) []float64 {
	step := tickStep((s.high - s.low) / float64(most))
	var at []float64
	for v := math.Ceil(s.low/step) * step; v <= s.high+step/1e6; v += step {
		at = append(at, math.Round(v/step)*step)
	}
	return at
}

func tickStep(v float64) float64 {
	if v <= 0 || math.IsInf(v, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 2, 5} {
		if step*power >= v*(1-1e-9) {
			return step * power
		}
	}
	return 10 * power
}

// tickDecimals is how many decimals tell ticks apart.
func tickDecimals(ticks []float64) int {
	for decimals := range 3 {
		if !slices.ContainsFunc(ticks, func(v float64) bool {
			scaled := v * math.Pow10(decimals)
			return math.Abs(scaled-math.Round(scaled)) > 1e-6
		}) {
			return decimals
		}
	}
	return 3
}

// signed writes a change with its sign.
func signed(v float64, decimals int) string {
	text := number(v, decimals)
	if v > 0 && strings.Trim(text, "0.") != "" {
		return "+" + text
	}
	return text
}

// axisTicks draws the ticks of an axis with their numbers: of changes, or of shares.
func axisTicks(s span, share bool) template.HTML {
	ticks := s.ticks(4)
	decimals := tickDecimals(ticks)
	var out strings.Builder
	for _, v := range ticks {
		text := signed(v, decimals)
		if share {
			text = number(v, 0) + "%"
		}
		fmt.Fprintf(&out, `<line x1="%s%%" x2="%[1]s%%" y1="0" y2="4"/><text x="%[1]s%%" y="16">%s</text>`, short(s.at(v)), text)
	}
	return template.HTML(fmt.Sprintf(`<svg class="axis" height="20" aria-hidden="true">%s</svg>`, out.String())) //nolint:gosec // numbers
}

// wide widens an axis so that an interval of little change does not look large: it
// always shows the least change that counts, to both sides.
func (s span) wide(least *float64) span {
	if least != nil {
		return s.with(*least, -*least)
	}
	return s.with(s.low, s.high)
}

// dots is the picture of individual changes.
type dotsChart struct {
	Columns []dotColumn
	Text    string
	People  int
	Each    bool // one dot is one person; else bars
}

// dotColumn is one bin of changes.
type dotColumn struct {
	Label string
	Class string // better, worse, same
	N     int
	SVG   template.HTML
}

// The picture of individual changes: up to so many people are dots, beside one another
// in rows of so many.
const (
	mostDots   = 200
	dotsAcross = 4
	dotSize    = 9   // pixels from dot to dot
	dotsHeight = 150 // pixels, of the tallest column of bars
)

// dotsOf draws the moves of m; nil if there are none, or nobody changed, when there
// is nothing to see.
func dotsOf(m *outcomes.MeasureResult) *dotsChart {
	view := dotsChart{}
	tallest := 0
	for _, move := range m.Moves {
		view.People += move.N
		tallest = max(tallest, move.N)
	}
	if len(m.Moves) < 2 || view.People == 0 {
		return nil
	}
	view.Each = view.People <= mostDots
	var words []string
	for _, move := range m.Moves {
		column := dotColumn{Label: moveLabel(move), Class: betterOf(m, move.Low+move.High), N: move.N}
		column.SVG = column.draw(view.Each, tallest)
		view.Columns = append(view.Columns, column)
		if move.N > 0 {
			words = append(words, fmt.Sprintf("%s by %s", thousands(move.N), column.Label))
		}
	}
	view.Text = "How far each of " + thousands(view.People) + " people moved: " + strings.ReplaceAll(strings.Join(words, ", "), " by same", " not at all") + "."
	return &view
}

// moveLabel names a bin: "+1", "+0.5 to +1", "no change".
func moveLabel(m outcomes.Move) string {
	if m.Low == 0 && m.High == 0 {
		return "same"
	}
	decimals := tickDecimals([]float64{m.Low, m.High})
	if m.Low == m.High {
		return signed(m.Low, decimals)
	}
	near, far := m.Low, m.High
	if far <= 0 {
		near, far = far, near
	}
	if near == 0 {
		return "up to " + signed(far, decimals)
	}
	return signed(near, decimals) + " to " + signed(far, decimals)
}

// betterOf is the class of a change.
func betterOf(m *outcomes.MeasureResult, change float64) string {
	switch {
	case change == 0:
		return "same"
	case (change > 0) != lowerIsBetter(m):
		return "better"
	}
	return "worse"
}

// draw draws a column of n dots, the lowest row first, or a bar.
func (c dotColumn) draw(each bool, tallest int) template.HTML {
	if !each {
		height := max(1, int(math.Round(dotsHeight*float64(c.N)/float64(tallest))))
		if c.N == 0 {
			height = 0
		}
		return template.HTML(fmt.Sprintf(`<svg class="dots" height="%d" aria-hidden="true"><rect class="%s" x="12%%" width="76%%" y="%d" height="%d"/></svg>`, //nolint:gosec // numbers
			dotsHeight, c.Class, dotsHeight-height, height))
	}
	rows := (tallest + dotsAcross - 1) / dotsAcross
	height := rows*dotSize + 2
	var dots strings.Builder
	for i := range c.N {
		x, y := (i%dotsAcross)*dotSize+dotSize/2+1, height-(i/dotsAcross)*dotSize-dotSize/2-1
		fmt.Fprintf(&dots, `<circle cx="%d" cy="%d" r="3.5"/>`, x, y)
	}
	return template.HTML(fmt.Sprintf(`<svg class="dots" width="%d" height="%d" aria-hidden="true"><g class="%s">%s</g></svg>`, //nolint:gosec // numbers
		dotsAcross*dotSize+2, height, c.Class, dots.String()))
}

// trendPoint is one group of a trend.
type trendPoint struct {
	ok            bool
	at, low, high float64
	class         string
	Name, Text    string
	N             int
	Suppressed    bool
	SVG           template.HTML
}

// trendHeight is the height of a trend in pixels.
const trendHeight = 120

// drawTrend draws each point in a cell of its own, all of one width, so that the
// line between neighbours is straight.
func drawTrend(points []trendPoint, s span, zero bool) {
	y := func(v float64) float64 { return trendHeight * (1 - s.at(v)/100) }
	for i := range points {
		p := &points[i]
		var shapes strings.Builder
		if zero {
			fmt.Fprintf(&shapes, `<line class="mid" x1="0" x2="100%%" y1="%s" y2="%[1]s"/>`, short(y(0)))
		}
		if p.ok {
			for _, side := range []struct{ other, edge int }{{i - 1, 0}, {i + 1, 100}} {
				if side.other >= 0 && side.other < len(points) && points[side.other].ok {
					fmt.Fprintf(&shapes, `<line class="path" x1="50%%" y1="%s" x2="%d%%" y2="%s"/>`, short(y(p.at)), side.edge, short((y(p.at)+y(points[side.other].at))/2))
				}
			}
			fmt.Fprintf(&shapes, `<line class="limits %s" x1="50%%" x2="50%%" y1="%s" y2="%s"/><circle class="%[1]s" cx="50%%" cy="%[4]s" r="4.5"/>`,
				p.class, short(y(p.low)), short(y(p.high)), short(y(p.at)))
		}
		p.SVG = template.HTML(fmt.Sprintf(`<svg class="interval" height="%d" aria-hidden="true">%s</svg>`, trendHeight, shapes.String())) //nolint:gosec // numbers
	}
}
