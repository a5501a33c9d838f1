package app

import (
	"slices"

	"soundings/surveys/questionnaire"
)

// fill puts what was given, and what is wrong with it, into a field and its choices.
func (s *Server) fill(v visit, field *fieldView, f filled) {
	given := f.raw[field.Name]
	if len(given) > 0 {
		field.Value = given[0]
	}
	if e, ok := f.errs.For(field.Name); ok {
		field.Error = s.message(v, e)
	}
	if field.Fixed {
		field.Shown = v.shownOf(questionnaire.ItemID(field.Name))
	}
	for i := range field.Choices {
		choice := &field.Choices[i]
		choice.Name, choice.Many, choice.Checked = field.Name, field.Many, slices.Contains(given, choice.Value)
		if i == 0 {
			choice.DOM = field.DOM
		}
		if choice.Other != nil {
			s.fill(v, choice.Other, f)
		}
	}
	s.fillPieces(v, field, f)
}

// labelOf names the field that an error is about.
func (s *Server) labelOf(v visit, e questionnaire.FieldError) string {
	item, ok := v.Instrument.Item(e.Item)
	if variable, found := v.Instrument.Variable(e.Item); found {
		item, ok = variable.Item, true
	}
	if !ok {
		return ""
	}
	if item.Card && e.Control == questionnaire.CardControl(item.ID) {
		return s.locales.say(v.lang, "respond.card_code")
	}
	for _, field := range append(s.fieldsOf(v, item), s.promptsOf(v, item)...) {
		if field.Name == e.Control || field.Name == string(e.Item) {
			return field.Plain
		}
	}
	return v.plain(item.Label)
}
