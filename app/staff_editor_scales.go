package app

import (
	"cmp"
	"fmt"
	"slices"

	"soundings/surveys/questionnaire"
)

// scorable are the variables that a scale can count, in the order of the form.
func scorable(def *questionnaire.Definition) []choiceOption {
	var options []choiceOption
	for _, n := range namesBefore(def, nil) {
		switch n.item.Kind {
		case questionnaire.KindRating, questionnaire.KindThenNow, questionnaire.KindScale0To10, questionnaire.KindScale, questionnaire.KindFaces,
			questionnaire.KindSingleChoice, questionnaire.KindNumber, questionnaire.KindPictures, questionnaire.KindCalculated, questionnaire.KindConsent:
			options = append(options, choiceOption{variableOf(n), cmp.Or(cut(n.Words, 70), n.Name), ""})
		}
	}
	return options
}

// variableOf is the id of what expressions may call by another name.
func variableOf(n namedAnswer) string {
	if n.item.Name != "" && n.Name == n.item.Name {
		return string(n.item.ID)
	}
	return n.Name
}

// describeScale runs the form of a scale.
func describeScale(b *binder, def *questionnaire.Definition, id questionnaire.ItemID, do string) bool {
	for i := range def.Scales {
		scale := &def.Scales[i]
		if scale.ID != id {
			continue
		}
		items := scorable(def)
		b.section("", "A scale is items scored together into one number.")
		b.text(&scale.Label, control{Name: "label", Label: "Name of the scale"})
		pick(b, &scale.Method, control{Name: "method", Label: "Its score is", Options: []choiceOption{{"mean", "the mean of its items", ""}, {"sum", "the sum of its items", ""}}})
		b.boundary(scale)
		boxes(b, &scale.Items, control{Name: "items", Label: "Items", Options: items})
		boxes(b, &scale.Reverse, control{Name: "reverse", Label: "Of these, counted the other way round", Hint: "Items worded so that agreeing is worse", Options: items})
		pick(b, &scale.Direction, control{Name: "direction", Label: "Better is", Options: directionOptions})
		b.folded("Rules of published instruments", "From the instrument’s manual.")
		b.flag(&scale.Round, control{Name: "round", Label: "Round the sum to a whole number"})
		b.figure(&scale.Multiply, control{Name: "multiply", Label: "Multiply by", Hint: "Blank: by 1"})
		bands(b, def, scale, do)
		b.line(&scale.Source, control{Name: "source", Label: "Where it is published"})
		b.line(&scale.Licence, control{Name: "licence", Label: "Who allows its use, with address and date"})
		return true
	}
	return false
}

// boundary is what one item can score, and how many have to be answered.
func (b *binder) boundary(scale *questionnaire.Scale) {
	low, high := &scale.Min, &scale.Max
	b.number(&low, control{Name: "min", Label: "Lowest score of one item"})
	b.number(&high, control{Name: "max", Label: "Highest score of one item"})
	if scale.Min = 0; low != nil {
		scale.Min = *low
	}
	if scale.Max = 0; high != nil {
		scale.Max = *high
	}
	b.whole(&scale.MinAnswered, control{Name: "min_answered", Label: "Items that need an answer", Hint: "With fewer there is no score. Half of them is usual."})
}

var directionOptions = []choiceOption{{"", "not said", ""}, {"higher", "a higher score", ""}, {"lower", "a lower score", ""}}

// bands are the words for ranges of a score.
func bands(b *binder, def *questionnaire.Definition, scale *questionnaire.Scale, do string) {
	scale.Bands = bindList(b, scale.Bands, do, listed[questionnaire.Band]{
		name: "bands", each: "range",
		key:   func(band questionnaire.Band) string { return inDigits(band.Min) + "-" + inDigits(band.Max) },
		empty: func(band questionnaire.Band) bool { return len(band.Label) == 0 && band.Min == 0 && band.Max == 0 },
		controls: func(b *binder, band *questionnaire.Band, stem string) {
			b.text(&band.Label, control{Name: stem + ".label", Label: "Called"})
			b.figure(&band.Min, control{Name: stem + ".min", Label: "From"})
			b.figure(&band.Max, control{Name: stem + ".max", Label: "To"})
		},
		heading: func(band questionnaire.Band) string {
			return cmp.Or(band.Label.In(sourceOf(def), def.Languages...), fmt.Sprintf("%v to %v", band.Min, band.Max))
		},
	})
}

// describeMeasure runs the form of an outcome measure.
func describeMeasure(b *binder, def *questionnaire.Definition, id questionnaire.ItemID) bool {
	for i := range def.Measures {
		m := &def.Measures[i]
		if m.ID != id {
			continue
		}
		b.section("", "A measure is what a report shows. Fix it before answers come in.")
		pick(b, &m.Of, control{Name: "of", Label: "It measures", Options: measurable(def)})
		pick(b, &m.Type, control{Name: "type", Label: "How", Options: []choiceOption{
			{string(questionnaire.MeasureScore), "The change of a score", ""},
			{string(questionnaire.MeasureBinary), "How many gave one answer, before and after", ""},
			{string(questionnaire.MeasureNPS), "Would recommend: promoters less detractors", ""},
		}})
		b.text(&m.Label, control{Name: "label", Label: "Called in reports", Hint: "Blank: as what it measures"})
		pick(b, &m.Direction, control{Name: "direction", Label: "Better is", Options: directionOptions})
		b.number(&m.MinChange, control{Name: "min_change", Label: "Smallest change that matters to a person"})
		top(b, def, m)
		leads(b, def, m)
		b.text(&m.TopText, control{Name: "top_text", Label: "What those did who gave the good answer", Hint: "As in: answered correctly"})
		b.flag(&m.Headline, control{Name: "headline", Label: "Show it at the top of the report"})
		return true
	}
	return false
}

// leads are the test and the effect that the report gives for the measure.
func leads(b *binder, def *questionnaire.Definition, m *questionnaire.Measure) {
	pick(b, &m.Test, control{Name: "test", Label: "The test that leads", Hint: "Fixed now, so that nobody chooses after looking. Designs without pairs use the test of that kind for two groups.", Options: []choiceOption{
		{"", "What suits it: the t test for a scale, Wilcoxon’s for one question, McNemar’s for a yes or no", ""},
		{string(questionnaire.TestT), "Paired t test of the mean change", ""},
		{string(questionnaire.TestWilcoxon), "Wilcoxon signed-rank test", ""},
		{string(questionnaire.TestSign), "Sign test", ""},
		{string(questionnaire.TestMcNemar), "McNemar’s exact test, of a yes or no", ""},
	}})
	pick(b, &m.Effect, control{Name: "effect", Label: "The effect that leads", Options: []choiceOption{
		{"", "What suits it: Hedges’ g by the average SD, or the difference in percentage points", ""},
		{string(questionnaire.EffectGAv), "Hedges’ g by the average SD: comparable with other studies", ""},
		{string(questionnaire.EffectDAv), "Cohen’s d by the average SD", ""},
		{string(questionnaire.EffectDz), "Cohen’s d by the SD of the changes: for planning", ""},
		{string(questionnaire.EffectRankBiserial), "Rank-biserial correlation", ""},
		{string(questionnaire.EffectDifference), "Difference in percentage points, of a yes or no", ""},
	}})
	if m.Before != "" || isThenNow(def, m.Of) {
		pick(b, &m.Before, control{Name: "before", Label: "What asked the same before", Hint: "For a then-and-now row: the report then shows before and after, then and now, and how far people judge their beginning otherwise, each by itself", Options: append([]choiceOption{{"", "Nothing", ""}}, scorable(def)...)})
	}
}

// isThenNow reports whether id is a row of then and now.
func isThenNow(def *questionnaire.Definition, id questionnaire.ItemID) bool {
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			item := &def.Parts[i].Items[j]
			if item.Kind == questionnaire.KindThenNow && slices.ContainsFunc(item.Rows, func(row questionnaire.Row) bool { return row.ID == id }) {
				return true
			}
		}
	}
	return false
}

// top are the scores that count as a good answer.
func top(b *binder, def *questionnaire.Definition, m *questionnaire.Measure) {
	text := numbersInWords(m.Top)
	b.checked(&text, control{Name: "top", Label: "Scores that count as a good answer", Hint: "With blanks between, as in 4 5" + scoresOf(def, m.Of)}, func(typed string) error {
		numbers, err := numbersOf(typed)
		if err == nil {
			m.Top = numbers
		}
		return err
	})
}

// measurable is what a measure can be of: scales, variables, rows of then and now.
func measurable(def *questionnaire.Definition) []choiceOption {
	options := []choiceOption{{"", "Choose …", ""}}
	for _, scale := range def.Scales {
		options = append(options, choiceOption{string(scale.ID), "Scale: " + cmp.Or(scale.Label.In(sourceOf(def), def.Languages...), string(scale.ID)), ""})
	}
	seen := map[string]bool{}
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			item := &def.Parts[i].Items[j]
			if item.Kind != questionnaire.KindThenNow {
				continue
			}
			for _, row := range item.Rows {
				options = append(options, choiceOption{string(row.ID), "Then and now: " + cmp.Or(cut(row.Label.In(sourceOf(def), def.Languages...), 60), string(row.ID)), ""})
				seen[string(questionnaire.MomentID(row.ID, questionnaire.MomentThen))] = true
				seen[string(questionnaire.MomentID(row.ID, questionnaire.MomentNow))] = true
			}
		}
	}
	for _, o := range scorable(def) {
		if !seen[o.Value] {
			options = append(options, o)
		}
	}
	return options
}
