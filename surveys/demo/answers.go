package demo

import (
	"fmt"
	"strconv"
	"strings"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// asked is a form with the instrument that gives its lines their meaning.
type asked struct {
	*form
	instrument *questionnaire.Instrument
}

// submission is what the phone of the one who filled f in would have sent.
func (a asked) submission(f *filled) (surveys.Submission, error) {
	raw := a.code(f)
	draw := a.drawOf(f)
	for i := range a.instrument.Variables() {
		v := &a.instrument.Variables()[i]
		cell, held := f.cells[column(v)]
		posted, err := post(v, cell)
		if err != nil {
			return surveys.Submission{}, fmt.Errorf("reading %s of %s: %w", v.ID, f.id, err)
		}
		if !held && v.AskedAt(f.wave) {
			posted = draw.answer(v)
		}
		if len(posted) > 0 {
			raw[string(v.ID)] = posted
		}
	}
	return surveys.Submission{ID: f.id, Language: language(f), Mode: a.mode(), Started: draw.started(f), Raw: raw}, nil
}

// code is the linkage code of f as typed.
func (a asked) code(f *filled) questionnaire.Raw {
	raw := questionnaire.Raw{}
	item, ok := a.instrument.LinkageCode(f.wave)
	if !ok {
		return raw
	}
	for _, prompt := range item.Prompts {
		raw[questionnaire.PromptControl(item.ID, prompt.ID)] = []string{f.cells["code_"+string(prompt.ID)]}
	}
	return raw
}

// column is the column of the data that holds v.
func column(v *questionnaire.Variable) string {
	if v.Moment != "" {
		return string(v.Moment) + "_" + string(v.Row)
	}
	return string(v.ID)
}

// post is what a phone posts for a field of the data; nil if it was left blank.
func post(v *questionnaire.Variable, cell string) ([]string, error) {
	switch {
	case cell == "":
		return nil, nil
	case len(v.Choices) == 0, v.IsScale():
		return []string{cell}, nil
	}
	for _, choice := range v.Choices {
		if means(v, choice, cell) {
			return []string{choice.Code}, nil
		}
	}
	return nil, fmt.Errorf("no choice means %q", cell)
}

// means reports whether a field of the data stands for choice.
func means(v *questionnaire.Variable, choice questionnaire.Choice, cell string) bool {
	switch {
	case v.Kind == questionnaire.KindConsent:
		return (choice.Code == questionnaire.ConsentYes) == (cell == "1")
	case choice.Score != nil:
		return strconv.FormatFloat(*choice.Score, 'f', -1, 64) == cell
	}
	return strings.EqualFold(choice.Label["en"], cell)
}
