package app

import (
	"fmt"
	"html/template"
	"slices"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// spreadView is how the answers to a measure's questions were spread.
type spreadView struct {
	Sets []spreadSet

	last *spreadItem // added
}

// spreadSet is the questions that have the same answers: one legend, one table.
type spreadSet struct {
	Legend []part
	Items  []*spreadItem
}

// spreadItem is one question with a bar for each time it was asked.
type spreadItem struct {
	Label    string
	Reversed bool // agreeing is worse
	Bars     []spreadBar
}

// spreadBar is one bar, with its numbers for the table.
type spreadBar struct {
	When       string
	N          int
	Suppressed bool
	Parts      []part
	SVG        template.HTML
}

// momentWords name when a distribution is of.
var momentWords = map[string]string{"pre": "Before", "post": "After", "follow_up": "Follow-up", "then": "Then", "now": "Now"}

// spreadOf draws the distributions of m; nil if it has none.
func spreadOf(data *surveys.Dataset, m *outcomes.MeasureResult) *spreadView {
	var view spreadView
	for _, d := range m.Distributions {
		turned := turnedRound(data, m, d.Variable)
		bar := spreadBar{When: whenOf(data.Strand.Design, d.When), N: d.N, Suppressed: d.Suppressed, Parts: partsOf(d, turned)}
		item := spreadItem{Label: labelOf(d.Label), Reversed: turned != (m.Direction == questionnaire.DirectionLower)}
		view.add(item, bar, d.When)
	}
	view.draw()
	if len(view.Sets) == 0 {
		return nil
	}
	return &view
}

func labelOf(t questionnaire.Text) string { return t.In(sourceLanguage, mapsKeysSorted(t)...) }

func whenOf(d surveys.Design, when string) string {
	if d == surveys.DesignRating {
		return "Answers"
	}
	return momentWords[when]
}

// turnedRound reports whether a higher answer to variable is the worse one: by
// the measure's direction, or because its scale counts it the other way round.
func turnedRound(data *surveys.Dataset, m *outcomes.MeasureResult, variable questionnaire.ItemID) bool {
	turned := m.Direction == questionnaire.DirectionLower
	measure, ok := data.Latest.Measure(m.ID)
	if !ok {
		return turned
	}
	if scale, ok := data.Latest.Scale(measure.Of); ok && scale.Reverses(variable, data.Latest.Scale) {
		return !turned
	}
	return turned
}

// partsOf are the choices from the worst to the best, coloured so.
func partsOf(d outcomes.Distribution, turned bool) []part {
	choices := slices.Clone(d.Choices)
	if !slices.ContainsFunc(choices, func(c outcomes.ChoiceCount) bool { return c.Score == nil }) {
		slices.SortStableFunc(choices, func(a, b outcomes.ChoiceCount) int {
			if *a.Score < *b.Score {
				return -1
			}
			return 1
		})
	}
	if turned {
		slices.Reverse(choices)
	}
	colours := palette(len(choices))
	parts := make([]part, len(choices))
	hidden, shown := false, 0
	for i, choice := range choices {
		label := labelOf(choice.Label)
		if label == "" {
			label = choice.Code
		}
		parts[i] = part{colours[i], label, choice.N}
		hidden, shown = hidden || choice.Suppressed, shown+choice.N
	}
	if hidden {
		parts = append(parts, part{hiddenClass, "not shown: few people", max(0, d.N-shown)})
	}
	return parts
}

// hiddenClass is the colour of answers that are hidden, whichever they are.
const hiddenClass = "kx"

// add puts a bar beside those of the same question, and a question beside those
// with the same answers in the same order: those turned round come after the others.
func (v *spreadView) add(item spreadItem, bar spreadBar, when string) {
	if last := v.last; last != nil && when != "pre" && when != "then" && last.Label == item.Label {
		last.Bars = append(last.Bars, bar)
		return
	}
	item.Bars = []spreadBar{bar}
	v.last = v.place(item, bar.Parts)
}

// place puts a question into the set with its answers, or a new one.
func (v *spreadView) place(item spreadItem, answers []part) *spreadItem {
	at := slices.IndexFunc(v.Sets, func(s spreadSet) bool { return sameLabels(s.Legend, answers) })
	if at < 0 && len(answers) == 0 {
		at = len(v.Sets) - 1 // nothing of it is shown
	}
	if at < 0 {
		v.Sets = append(v.Sets, spreadSet{Legend: answers})
		at = len(v.Sets) - 1
	}
	set := &v.Sets[at]
	set.Items = append(set.Items, &item)
	return &item
}

func sameLabels(a, b []part) bool {
	return slices.EqualFunc(a, b, func(x, y part) bool { return x.Label == y.Label })
}

// draw makes the pictures, all bars of a set on one scale.
func (v *spreadView) draw() {
	for s := range v.Sets {
		set := &v.Sets[s]
		var all [][]part
		for _, item := range set.Items {
			for _, bar := range item.Bars {
				all = append(all, bar.Parts)
			}
		}
		scale := reach(all...)
		for i := range set.Items {
			item := set.Items[i]
			for b := range item.Bars {
				bar := &item.Bars[b]
				bar.SVG = diverging(fmt.Sprintf("%s, %s", item.Label, bar.When), bar.Parts, scale)
			}
		}
	}
}
