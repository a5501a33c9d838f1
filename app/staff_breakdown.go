package app

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// breakdownView compares the groups of one kind.
type breakdownView struct {
	By     string
	Heads  []string
	Groups []groupRow
	Axis   template.HTML // of the changes; "" without pictures
	Words  string        // what the pictures show
}

// groupRow is one group: its figures, or that they are left out.
type groupRow struct {
	Name       string
	Suppressed bool
	Whole      bool // everyone, to compare with
	Cells      []figure
	Picture    template.HTML
}

// breakdownOf makes the table of one breakdown, with everyone first.
func breakdownOf(m *outcomes.MeasureResult, b outcomes.Breakdown, before, after string) breakdownView {
	view := breakdownView{By: breakdownKind(b), Heads: breakdownHeads(m, before, after)}
	everyone := outcomes.GroupResult{Name: "Everyone", N: m.Base(), Result: m.Result}
	axis := axisOf(m, append([]outcomes.GroupResult{everyone}, b.Groups...))
	for i, g := range append([]outcomes.GroupResult{everyone}, b.Groups...) {
		row := groupRow{Name: groupName(b, g), Suppressed: g.Suppressed, Whole: i == 0}
		if !g.Suppressed {
			row.Cells, row.Picture = groupCells(g, len(m.Top) > 0), pictureOf(m, g, row.Name, axis)
		}
		view.Groups = append(view.Groups, row)
		if row.Picture != "" {
			view.Axis, view.Words = axisMarks(m.Result, axis), pictureWords(m.Result)
		}
	}
	return view
}

// breakdownKind names what a breakdown is by.
func breakdownKind(b outcomes.Breakdown) string {
	if b.By == "item" {
		return labelOf(b.Label)
	}
	return cmp.Or(reachKinds[b.By], b.By)
}

// groupName is what a group is called.
func groupName(b outcomes.Breakdown, g outcomes.GroupResult) string {
	switch {
	case b.By == "language" && g.Name != "Everyone":
		return languageName(g.Name)
	case len(g.Label) > 0:
		return labelOf(g.Label)
	}
	return g.Name
}

func breakdownHeads(m *outcomes.MeasureResult, before, after string) []string {
	switch {
	case m.Paired != nil:
		return []string{"People", before, after, "Change", "95% interval", "Improved"}
	case m.Binary != nil:
		return []string{"People", before, after, "Change, points", "95% interval"}
	case m.Unlinked != nil:
		return []string{"People", before, after, "Difference", "95% interval"}
	case m.Single != nil && len(m.Top) > 0:
		return []string{"Answers", "Mean", "Top answers", "95% interval"}
	case m.Single != nil:
		return []string{"Answers", "Mean"}
	}
	return nil
}

// Lower is the kind within a sentence.
func (b breakdownView) Lower() string { return lowerFirst(b.By) }

// Columns is how many columns a suppressed row spans behind its name.
func (b breakdownView) Columns() int {
	if b.Axis != "" {
		return len(b.Heads) + 1
	}
	return len(b.Heads)
}

func groupCells(g outcomes.GroupResult, top bool) []figure {
	n := said(thousands(g.N))
	switch {
	case g.Paired != nil:
		p := g.Paired
		return []figure{n, shown(p.Pre.Mean, 2), shown(p.Post.Mean, 2), shownChange(p.Diff.Mean, 2), shownInterval(p.Diff.CI, 2), shownPercent(p.Change.ImprovedPct)}
	case g.Binary != nil:
		b := g.Binary
		return []figure{n, shownPercent(b.PrePct), shownPercent(b.PostPct), shownChange(b.DiffPP, 0), shownInterval(b.DiffCI, 0)}
	case g.Unlinked != nil && g.Unlinked.Share != nil:
		share := g.Unlinked.Share
		return []figure{n, shownPercent(share.PrePct), shownPercent(share.PostPct), shownChange(share.DiffPP, 0), shownInterval(share.DiffCI, 0)}
	case g.Unlinked != nil:
		u := g.Unlinked
		return []figure{n, shown(u.Pre.Mean, 2), shown(u.Post.Mean, 2), shownChange(u.Welch.Diff, 2), shownInterval(u.Welch.CI, 2)}
	case g.Single != nil && top:
		return []figure{n, shown(g.Single.Mean, 2), shownPercent(g.Single.TopPct), shownInterval(g.Single.TopCI, 0)}
	case g.Single != nil:
		return []figure{n, shown(g.Single.Mean, 2)}
	}
	return nil
}

// point is what of a result is drawn: its change, or of what was asked once the share
// of top answers, with its limits.
type point struct {
	at, low, high float64
	decimals      int
	share         bool // a percentage from 0 to 100 and no change
	points        bool // a change in percentage points
}

// pointOf is the point of a result, if it is estimable.
func pointOf(r outcomes.Result) (p point, ok bool) {
	var at outcomes.Estimate
	var limits outcomes.Interval
	switch {
	case r.Paired != nil:
		at, limits, p.decimals = r.Paired.Diff.Mean, r.Paired.Diff.CI, 2
	case r.Binary != nil:
		at, limits, p.points = r.Binary.DiffPP, r.Binary.DiffCI, true
	case r.Unlinked != nil && r.Unlinked.Share != nil:
		at, limits, p.points = r.Unlinked.Share.DiffPP, r.Unlinked.Share.DiffCI, true
	case r.Unlinked != nil:
		at, limits, p.decimals = r.Unlinked.Welch.Diff, r.Unlinked.Welch.CI, 2
	case r.Single != nil:
		at, limits, p.share = r.Single.TopPct, r.Single.TopCI, true
	default:
		return p, false
	}
	var lowOK, highOK bool
	p.at, ok = at.Float()
	p.low, lowOK = limits.Low.Float()
	p.high, highOK = limits.High.Float()
	return p, ok && lowOK && highOK
}

// words is the point in words: "change +0.36, 95% interval 0.31 to 0.41".
func (p point) words() string {
	if p.share {
		return fmt.Sprintf("%s%%, 95%% interval %s%% to %s%%", number(p.at, 0), number(p.low, 0), number(p.high, 0))
	}
	unit := ""
	if p.points {
		unit = " percentage points"
	}
	return fmt.Sprintf("change %s%s, 95%% interval %s to %s", signed(p.at, p.decimals), unit, signed(p.low, p.decimals), signed(p.high, p.decimals))
}

// axisOf is the common axis of the groups: of changes it holds 0, of shares it is 0
// to 100.
func axisOf(m *outcomes.MeasureResult, groups []outcomes.GroupResult) span {
	var axis span
	for _, g := range groups {
		p, ok := pointOf(g.Result)
		switch {
		case !ok || g.Suppressed:
		case p.share:
			return span{0, 100}
		default:
			axis = axis.with(p.at, p.low, p.high)
		}
	}
	return axis.wide(m.MinChange)
}

// axisMarks are the ticks of the axis of a result.
func axisMarks(r outcomes.Result, s span) template.HTML {
	p, _ := pointOf(r)
	return axisTicks(s, p.share)
}

// pictureWords say what the pictures of a breakdown show.
func pictureWords(r outcomes.Result) string {
	if p, _ := pointOf(r); p.share {
		return "Share of top answers, with its 95% interval"
	}
	return "Change with its 95% interval; the dashed line is no change"
}

// pictureOf draws a group's change; "" if there is none to draw.
func pictureOf(m *outcomes.MeasureResult, g outcomes.GroupResult, name string, axis span) template.HTML {
	p, ok := pointOf(g.Result)
	if !ok {
		return ""
	}
	return interval(name+": "+p.words(), axis, p.at, p.low, p.high, p.class(m))
}

// class is how a point is coloured: by whether it is better, unless it is no change.
func (p point) class(m *outcomes.MeasureResult) string {
	if p.share {
		return "same"
	}
	return betterOf(m, p.at)
}

func mapsKeysSorted(t questionnaire.Text) []string { return slices.Sorted(maps.Keys(t)) }

// changeOfEveryone draws the change of all who answered both times; nil if there is
// none to draw.
func changeOfEveryone(m *outcomes.MeasureResult) *changeChart {
	p, ok := pointOf(m.Result)
	if !ok || p.share {
		return nil
	}
	axis := span{}.with(p.low, p.high, -p.high, -p.low).wide(m.MinChange)
	text := upperFirst(p.words()) + "."
	switch {
	case p.low > 0 || p.high < 0:
		text += " The interval does not include zero: chance alone is an unlikely cause."
	default:
		text += " The interval includes zero, so this may be chance."
	}
	if m.MinChange != nil {
		text += " The smallest change that counts was set to " + number(*m.MinChange, 2) + " beforehand."
	}
	return &changeChart{SVG: interval(text, axis, p.at, p.low, p.high, p.class(m)), Axis: axisTicks(axis, false), Text: text}
}
