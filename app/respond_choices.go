package app

import (
	"html/template"
	"slices"
	"strconv"

	"soundings/surveys/questionnaire"
)

// choiceView is one choice, with its words for "other" beside it.
type choiceView struct {
	Name    string // of the control
	DOM     string // id of the control; on the first choice only
	Many    bool   // a checkbox
	Value   string
	Label   template.HTML
	Checked bool
	Apart   bool   // not an ordinary answer: "prefer not to say", "none of these"
	Alone   bool   // excludes all others
	Missing bool   // "prefer not to say", "don't know": marked for the script
	Place   string // in the definition, from 0, if a filter may hide it: for the script
	Face    string // outline of the mouth and brows
	Picture string // address
	Number  bool   // of the 0–10 ladder, and of a scale
	Other   *fieldView
}

// mostCounted is the last count in the list of a code's element; it stands for more too.
const mostCounted = 10

// elementChoices are the lines of the list that asks for one element of a code.
func (s *Server) elementChoices(lang, element string) []choiceView {
	switch element {
	case questionnaire.ElementDay:
		return numbered(1, 31)
	case questionnaire.ElementMonth:
		return s.monthChoices(lang)
	case questionnaire.ElementCount:
		most := s.locales.say(lang, "respond.or_more", mostCounted)
		return append(numbered(0, mostCounted-1), choiceView{Value: strconv.Itoa(mostCounted), Label: textHTML(most)})
	}
	return nil
}

// monthChoices are the twelve months by name.
func (s *Server) monthChoices(lang string) []choiceView {
	choices := numbered(1, 12)
	for i, name := range s.locales.months(lang) {
		choices[i].Label = textHTML(name)
	}
	return choices
}

// numbered are the whole numbers from one to another.
func numbered(from, to int) []choiceView {
	choices := make([]choiceView, 0, to-from+1)
	for n := from; n <= to; n++ {
		choices = append(choices, choiceView{Value: strconv.Itoa(n), Label: template.HTML(strconv.Itoa(n))}) //nolint:gosec // digits
	}
	return choices
}

// choicesOf are the choices of an item as one field shows them.
func (s *Server) choicesOf(v visit, item *questionnaire.Item, name string) []choiceView {
	var choices []choiceView
	switch item.Kind {
	case questionnaire.KindConsent:
		return []choiceView{
			{Value: questionnaire.ConsentYes, Label: textHTML(s.locales.say(v.lang, "respond.yes"))},
			{Value: questionnaire.ConsentNo, Label: textHTML(s.locales.say(v.lang, "respond.no"))},
		}
	case questionnaire.KindAcknowledge:
		return []choiceView{{Value: questionnaire.Acknowledged, Label: v.words(item.Label)}}
	case questionnaire.KindRanking:
		return nil // see piecesOf
	case questionnaire.KindScale0To10:
		choices = ladder(v.words(item.Low), v.words(item.High))
	case questionnaire.KindScale:
		return s.pointsOf(v, item, name)
	}
	for i, choice := range v.choices(item) {
		view := s.choiceView(v, name, choice)
		view.Place = v.placeOf(item, i)
		choices = append(choices, view)
	}
	if item.Kind == questionnaire.KindFaces {
		drawFaces(choices)
	}
	slices.SortStableFunc(choices, func(a, b choiceView) int { return order(a) - order(b) })
	return choices
}

// order puts what is no ordinary answer last.
func order(c choiceView) int {
	if c.Apart {
		return 1
	}
	return 0
}

func ladder(low, high template.HTML) []choiceView {
	steps := make([]choiceView, 11)
	for i := range steps {
		steps[i] = choiceView{Value: strconv.Itoa(i), Number: true}
	}
	steps[0].Label, steps[10].Label = low, high
	return steps
}

// standsApart tells whether a choice is no ordinary answer, which stands below the others.
func standsApart(choice questionnaire.Choice) bool {
	return choice.Meaning.Missing() != questionnaire.Answered || choice.Meaning == questionnaire.MeaningExclusive
}

func (s *Server) choiceView(v visit, name string, choice questionnaire.Choice) choiceView {
	missing, apart := choice.Meaning.Missing() != questionnaire.Answered, standsApart(choice)
	view := choiceView{
		Value: choice.Code, Label: v.words(choice.Label), Picture: v.mediaPath(choice.Picture),
		Apart: apart, Alone: apart, Missing: missing && v.scripted(),
	}
	if choice.Meaning == questionnaire.MeaningOther {
		control := questionnaire.OtherControl(questionnaire.ItemID(name))
		view.Other = &fieldView{Lang: v.lang, Name: control, DOM: controlDOMID(control)}
	}
	return view
}
