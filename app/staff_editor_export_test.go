package app

import (
	"net/url"

	"soundings/surveys/questionnaire"
)

// ItemFormValues is what a browser posts of an item's form that nobody touched.
func ItemFormValues(def *questionnaire.Definition, id questionnaire.ItemID, langs ...string) url.Values {
	b := &binder{langs: langs}
	describeItem(b, def, id, "")
	values := url.Values{}
	for _, one := range b.shown() {
		values.Add(one.name, one.value)
	}
	return values
}

// ReadItemForm reads a posted item's form into def. It returns what is wrong, by
// the control's name.
func ReadItemForm(def *questionnaire.Definition, id questionnaire.ItemID, posted url.Values, langs ...string) map[string]string {
	b := &binder{langs: langs, posted: posted}
	describeItem(b, def, id, posted.Get("do"))
	wrong := map[string]string{}
	for _, one := range wrongIn(b) {
		wrong[one.Target] = one.Sentence
	}
	return wrong
}

// ScoringFormValues and ReadScoringForm do so for a scale or a measure.
func ScoringFormValues(def *questionnaire.Definition, id questionnaire.ItemID, langs ...string) url.Values {
	b := &binder{langs: langs}
	if !describeScale(b, def, id, "") {
		describeMeasure(b, def, id)
	}
	values := url.Values{}
	for _, one := range b.shown() {
		values.Add(one.name, one.value)
	}
	return values
}

// ReadScoringForm reads a posted form of a scale or a measure into def.
func ReadScoringForm(def *questionnaire.Definition, id questionnaire.ItemID, posted url.Values, langs ...string) {
	b := &binder{langs: langs, posted: posted}
	if !describeScale(b, def, id, posted.Get("do")) {
		describeMeasure(b, def, id)
	}
}

// OutlineChange makes the change that a button of the outline asks for.
func OutlineChange(def *questionnaire.Definition, verb, rest string) (bool, error) {
	ch, ok := outlineChange("q", def, verb, rest)
	if !ok {
		return false, nil
	}
	return true, ch.edit(def)
}

var (
	ProposeID    = proposeID
	ProposeCode  = proposeCode
	TurnInto     = turnInto
	OfKind       = beginItem
	EditorGroups = kindGroups
)

// PastedLine is a line of a pasted range.
type PastedLine struct {
	Words questionnaire.Text
	Score *float64
}

// PastedLines reads a pasted range.
func PastedLines(text string, languages []string, scored bool) []PastedLine {
	var all []PastedLine
	for _, line := range pastedLines(text, languages, scored) {
		all = append(all, PastedLine{line.words, line.score})
	}
	return all
}
