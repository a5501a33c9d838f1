package app

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// Charts are plain SVG made on the server: shapes by class, so that the sheet
// colours them for light, dark and print; numbers as text; and every figure in
// the text alternative. Widths are per cent, so that a chart fits any screen.

// part is one piece of a stacked bar.
type part struct {
	Class string // colour, by the sheet
	Label string
	N     int
}

// barHeight is the height of a stacked bar in pixels.
const barHeight = 22

// The least share of a piece, in per cent of its bar, whose number is printed:
// on any screen, and on a wide one.
const (
	printedAlways = 15
	printedWide   = 6
)

// shares are the parts in per cent of all; nil if there is nobody.
func shares(parts []part) []float64 {
	total := 0
	for _, p := range parts {
		total += p.N
	}
	if total == 0 {
		return nil
	}
	out := make([]float64, len(parts))
	for i, p := range parts {
		out[i] = 100 * float64(p.N) / float64(total)
	}
	return out
}

// sides are how far a diverging bar reaches to the left and to the right of its
// middle, in per cent of people; a middle piece straddles it.
func sides(parts []part) (left, right float64) {
	for i, share := range shares(parts) {
		switch place := 2*i + 1 - len(parts); {
		case place < 0:
			left += share
		case place > 0:
			right += share
		default:
			left += share / 2
			right += share / 2
		}
	}
	return left, right
}

// reach is the longer side of all the bars: they share one scale, so that they
// can be compared.
func reach(bars ...[]part) float64 {
	longest := 10.0
	for _, parts := range bars {
		left, right := sides(parts)
		longest = max(longest, left, right)
	}
	return longest
}

// diverging draws a stacked bar about a middle line; reach is per cent of people
// from the middle to either edge.
func diverging(title string, parts []part, reach float64) template.HTML {
	left, _ := sides(parts)
	scale := 50 / reach
	return stack(title, parts, 50-scale*left, scale, `<line class="mid" x1="50%" x2="50%" y1="-4" y2="26"/>`)
}

// stacked draws a stacked bar over the whole width.
func stacked(title string, parts []part) template.HTML { return stack(title, parts, 0, 1, "") }

// stack draws the parts side by side from x; scale turns per cent of people into
// per cent of width.
func stack(title string, parts []part, x, scale float64, under string) template.HTML {
	var shapes strings.Builder
	for i, share := range shares(parts) {
		if share == 0 {
			continue
		}
		width := share * scale
		fmt.Fprintf(&shapes, `<rect class="%s" x="%s%%" width="%s%%" height="%d"/>`, parts[i].Class, short(x), short(width), barHeight)
		if share >= printedWide {
			wide := ""
			if share < printedAlways {
				wide = " wide"
			}
			fmt.Fprintf(&shapes, `<text class="t-%s%s" x="%s%%" y="15.5">%s</text>`, parts[i].Class, wide, short(x+width/2), number(share, 0))
		}
		x += width
	}
	return template.HTML(fmt.Sprintf(`<svg class="bar" height="%d" role="img" aria-label="%s">%s%s</svg>`, //nolint:gosec // labels are escaped
		barHeight, template.HTMLEscapeString(title+": "+inWords(parts)), under, shapes.String()))
}

// inWords is the text alternative of a stacked bar.
func inWords(parts []part) string {
	all := shares(parts)
	if all == nil {
		return "nobody"
	}
	words := make([]string, len(parts))
	for i, p := range parts {
		words[i] = fmt.Sprintf("%s %s%% (%d)", p.Label, number(all[i], 0), p.N)
	}
	return strings.Join(words, ", ")
}

// span is the range of an axis of changes.
type span struct{ low, high float64 }

// with widens the span to hold v.
func (s span) with(values ...float64) span {
	for _, v := range values {
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
	return s
}

// at is the place of v on the axis in per cent, with a margin on both sides.
func (s span) at(v float64) float64 {
	const margin = 4
	if s.high <= s.low {
		return 50
	}
	return margin + (100-2*margin)*(v-s.low)/(s.high-s.low)
}

// interval draws a change with its limits against the line of no change.
func interval(title string, axis span, change, low, high float64, better string) template.HTML {
	return template.HTML(fmt.Sprintf( //nolint:gosec // the title is escaped
		`<svg class="interval" height="16" role="img" aria-label="%s"><line class="mid" x1="%[2]s%%" x2="%[2]s%%" y1="0" y2="16"/>`+
			`<line class="limits %[3]s" x1="%[4]s%%" x2="%[5]s%%" y1="8" y2="8"/><circle class="%[3]s" cx="%[6]s%%" cy="8" r="4.5"/></svg>`,
		template.HTMLEscapeString(title), short(axis.at(0)), better, short(axis.at(low)), short(axis.at(high)), short(axis.at(change))))
}

// short writes a coordinate with one decimal at most.
func short(v float64) string {
	text := fmt.Sprintf("%.1f", math.Round(v*10)/10+0)
	return strings.TrimSuffix(text, ".0")
}

// palette are the colours of n answers from worst to best: brown over grey to
// teal, which also the colour-blind tell apart.
func palette(n int) []string {
	steps := map[int][]int{1: {3}, 2: {1, 5}, 3: {1, 3, 5}, 4: {0, 2, 4, 6}, 5: {0, 2, 3, 4, 6}, 6: {0, 1, 2, 4, 5, 6}, 7: {0, 1, 2, 3, 4, 5, 6}}[n]
	classes := make([]string, n)
	for i := range classes {
		step := 0
		if steps != nil {
			step = steps[i]
		} else {
			step = int(math.Round(float64(i) * 6 / float64(n-1)))
		}
		classes[i] = fmt.Sprintf("k%d", step)
	}
	return classes
}
