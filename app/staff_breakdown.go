package app

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// breakdownView compares the groups of one kind.
type breakdownView struct {
	By     string
	Heads  []string
	Groups []groupRow
	Axis   string // the ends of the axis of changes; "" without pictures
}

// groupRow is one group: its figures, or that they are left out.
type groupRow struct {
	Name       string
	Suppressed bool
	Cells      []figure
	Picture    template.HTML
}

// breakdownOf makes the table of one breakdown.
func breakdownOf(m *outcomes.MeasureResult, b outcomes.Breakdown, before, after string) breakdownView {
	view := breakdownView{By: b.Title("en")}
	switch {
	case m.Paired != nil:
		view.Heads = []string{"People", before, after, "Change", "95% interval", "Improved"}
	case m.Binary != nil:
		view.Heads = []string{"People", before, after, "Change, points", "95% interval"}
	case m.Single != nil:
		view.Heads = []string{"Answers", "Mean"}
		if len(m.Top) > 0 {
			view.Heads = append(view.Heads, "Top answers")
		}
	}
	axis := axisOf(b)
	for _, g := range b.Groups {
		row := groupRow{Name: g.Name, Suppressed: g.Suppressed}
		if !g.Suppressed {
			row.Cells, row.Picture = groupCells(g, len(m.Top) > 0), pictureOf(m, g, axis)
		}
		view.Groups = append(view.Groups, row)
		if row.Picture != "" {
			view.Axis = fmt.Sprintf("%s to %s", number(axis.low, 1), number(axis.high, 1))
		}
	}
	return view
}

// Lower is the kind within a sentence.
func (b breakdownView) Lower() string { return strings.ToLower(b.By) }

// Columns is how many columns a suppressed row spans behind its name.
func (b breakdownView) Columns() int {
	if b.Axis != "" {
		return len(b.Heads) + 1
	}
	return len(b.Heads)
}

func groupCells(g outcomes.GroupResult, top bool) []figure {
	switch {
	case g.Paired != nil:
		p := g.Paired
		return []figure{said(fmt.Sprint(g.N)), shown(p.Pre.Mean, 2), shown(p.Post.Mean, 2), shownChange(p.Diff.Mean, 2),
			shownInterval(p.Diff.CI, 2), shownPercent(p.Change.ImprovedPct)}
	case g.Binary != nil:
		b := g.Binary
		return []figure{said(fmt.Sprint(g.N)), shownPercent(b.PrePct), shownPercent(b.PostPct), shownChange(b.DiffPP, 0), shownInterval(b.DiffCI, 0)}
	case g.Single != nil:
		cells := []figure{said(fmt.Sprint(g.N)), shown(g.Single.Mean, 2)}
		if top {
			cells = append(cells, shownPercent(g.Single.TopPct))
		}
		return cells
	}
	return nil
}

// changeOf is a group's change with its limits, if they are estimable.
func changeOf(g outcomes.GroupResult) (change, low, high float64, ok bool) {
	var at outcomes.Estimate
	var limits outcomes.Interval
	switch {
	case g.Paired != nil:
		at, limits = g.Paired.Diff.Mean, g.Paired.Diff.CI
	case g.Binary != nil:
		at, limits = g.Binary.DiffPP, g.Binary.DiffCI
	}
	change, ok = at.Float()
	low, lowOK := limits.Low.Float()
	high, highOK := limits.High.Float()
	return change, low, high, ok && lowOK && highOK
}

// axisOf is the common axis of the groups' changes, from 0 to wherever they reach.
func axisOf(b outcomes.Breakdown) span {
	var axis span
	for _, g := range b.Groups {
		if change, low, high, ok := changeOf(g); ok && !g.Suppressed {
			axis = axis.with(change, low, high)
		}
	}
	return axis
}

// pictureOf draws a group's change; "" if there is none to draw.
func pictureOf(m *outcomes.MeasureResult, g outcomes.GroupResult, axis span) template.HTML {
	change, low, high, ok := changeOf(g)
	if !ok {
		return ""
	}
	better := "same"
	up := change > 0
	if change != 0 {
		better = "worse"
		if up != (m.Direction == questionnaire.DirectionLower) {
			better = "better"
		}
	}
	title := fmt.Sprintf("%s: change %s, 95%% interval %s to %s", g.Name, number(change, 2), number(low, 2), number(high, 2))
	return interval(title, axis, change, low, high, better)
}

func mapsKeysSorted(t questionnaire.Text) []string { return slices.Sorted(maps.Keys(t)) }
