package app

import (
	"slices"
	"strconv"

	"soundings/surveys/questionnaire"
)

// filled is what a form shows besides its questions.
type filled struct {
	raw   questionnaire.Raw         // what was given or typed
	errs  questionnaire.FieldErrors // what is wrong with it
	coded bool                      // a linkage code was given before
}

// partView is one part of the form.
type partView struct {
	Title string
	Items []itemView
}

// itemView is one item: templates/respond/parts/<kind>.html shows it.
type itemView struct {
	Lang     string
	Kind     string
	ID       string
	Label    string
	Hint     string
	Required bool
	Coded    bool
	Quotable bool
	Fields   []fieldView // one for each variable or prompt
}

// fieldView is one thing to answer: a fieldset of choices, or one control.
type fieldView struct {
	Lang     string
	Kind     string // of the item; of a prompt its element
	Name     string // of the control
	DOM      string // id of the first control; -e and -h are those of its error and hint
	Label    string
	Hint     string
	Error    string
	Need     string // what to say if it is left blank; "" if it may be
	Value    string
	Unit     string
	Input    string // inputmode
	Length   int    // letters of a code
	Many     bool   // checkboxes
	Choices  []choiceView
	Row      string // then_now: the words of the row, on its first half only
	Required bool
}

// choiceView is one choice, with its words for "other" beside it.
type choiceView struct {
	Name    string // of the control
	DOM     string // id of the control; on the first choice only
	Many    bool   // a checkbox
	Value   string
	Label   string
	Checked bool
	Apart   bool   // not an ordinary answer: "prefer not to say", "none of these"
	Alone   bool   // excludes all others
	Face    string // outline of the mouth and brows
	Number  bool   // of the 0–10 ladder
	Other   *fieldView
}

// HasApart tells whether some choice is no ordinary answer.
func (f fieldView) HasApart() bool {
	return slices.ContainsFunc(f.Choices, func(c choiceView) bool { return c.Apart })
}

// controlDOMID is the id of a control in the page. Item ids have no "-", so it
// meets no other id there.
func controlDOMID(control string) string { return "a-" + control }

func (s *Server) partView(v visit, part *questionnaire.Part, f filled) partView {
	view := partView{Title: v.in(part.Title)}
	for _, item := range part.ItemsAt(v.Link.Wave) {
		view.Items = append(view.Items, s.itemView(v, item, f))
	}
	return view
}

func (s *Server) itemView(v visit, item *questionnaire.Item, f filled) itemView {
	view := itemView{
		Lang: v.lang, Kind: string(item.Kind), ID: string(item.ID), Label: v.in(item.Label), Hint: v.in(item.Hint),
		Required: item.Required, Coded: f.coded, Quotable: item.Quotable, Fields: s.fieldsOf(v, item),
	}
	if item.Kind == questionnaire.KindLinkageCode {
		view.Fields = s.promptsOf(v, item)
	}
	for i := range view.Fields {
		s.fill(v, &view.Fields[i], f)
		if f.coded && item.Kind == questionnaire.KindLinkageCode {
			view.Fields[i].Need = ""
		}
	}
	return view
}

// fieldsOf are the fields of an item, empty. A linkage code and a statement have
// none here: nothing of them is an answer.
func (s *Server) fieldsOf(v visit, item *questionnaire.Item) []fieldView {
	var fields []fieldView
	add := func(id questionnaire.ItemID, label string) *fieldView {
		fields = append(fields, s.newField(v, item, string(id), label))
		return &fields[len(fields)-1]
	}
	switch item.Kind {
	case questionnaire.KindRating:
		for _, row := range item.Rows {
			add(row.ID, v.in(row.Label))
		}
	case questionnaire.KindThenNow:
		// "Now" comes first: who judges the past first tends to rate the present
		// so that it shows a gain.
		for _, row := range item.Rows {
			label := v.in(row.Label)
			add(questionnaire.MomentID(row.ID, questionnaire.MomentNow), s.locales.say(v.lang, "respond.now", label))
			add(questionnaire.MomentID(row.ID, questionnaire.MomentThen), s.locales.say(v.lang, "respond.then", label))
		}
	case questionnaire.KindStatement, questionnaire.KindLinkageCode:
	default:
		field := add(item.ID, v.in(item.Label))
		field.Hint, field.Unit, field.Input = v.in(item.Hint), v.in(item.Unit), inputMode(item)
	}
	return fields
}

func (s *Server) newField(v visit, item *questionnaire.Item, name, label string) fieldView {
	field := fieldView{
		Lang: v.lang, Kind: string(item.Kind), Name: name, DOM: controlDOMID(name), Label: label,
		Many: item.Kind == questionnaire.KindMultipleChoice, Required: item.Required, Choices: s.choicesOf(v, item, name),
	}
	if item.Required {
		field.Need = s.locales.say(v.lang, needOf(item.Kind))
	}
	return field
}

// needOf is what is said of a required item that was left blank.
func needOf(kind questionnaire.Kind) string {
	switch kind {
	case questionnaire.KindMultipleChoice:
		return questionnaire.KeyChooseAtLeastOne
	case questionnaire.KindNumber:
		return questionnaire.KeyWriteNumber
	case questionnaire.KindShortText, questionnaire.KindLongText:
		return questionnaire.KeyWriteAnswer
	case questionnaire.KindConsent:
		return questionnaire.KeyChooseYesNo
	case questionnaire.KindLinkageCode:
		return questionnaire.KeyCodeElement
	}
	return questionnaire.KeyChooseOne
}

// inputMode is the keyboard a phone shows. That of numbers has no minus sign.
func inputMode(item *questionnaire.Item) string {
	switch {
	case item.Kind != questionnaire.KindNumber, item.Min != nil && *item.Min < 0:
		return "text"
	case item.Whole:
		return "numeric"
	}
	return "decimal"
}

// promptsOf are the fields of a linkage code.
func (s *Server) promptsOf(v visit, item *questionnaire.Item) []fieldView {
	fields := make([]fieldView, len(item.Prompts))
	for i, prompt := range item.Prompts {
		name := questionnaire.PromptControl(item.ID, prompt.ID)
		field := s.newField(v, item, name, v.in(prompt.Label))
		field.Kind, field.Hint, field.Length = prompt.Element, v.in(prompt.Hint), prompt.Length
		field.Choices = s.elementChoices(v.lang, prompt.Element)
		fields[i] = field
	}
	return fields
}

// mostCounted is the last count in the list of a code's element; it stands for more too.
const mostCounted = 10

// elementChoices are the lines of the list that asks for one element of a code.
func (s *Server) elementChoices(lang, element string) []choiceView {
	var choices []choiceView
	switch element {
	case questionnaire.ElementDay:
		for day := 1; day <= 31; day++ {
			choices = append(choices, choiceView{Value: strconv.Itoa(day), Label: strconv.Itoa(day)})
		}
	case questionnaire.ElementMonth:
		for i, name := range s.locales.months(lang) {
			choices = append(choices, choiceView{Value: strconv.Itoa(i + 1), Label: name})
		}
	case questionnaire.ElementCount:
		for n := range mostCounted {
			choices = append(choices, choiceView{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
		}
		most := strconv.Itoa(mostCounted)
		choices = append(choices, choiceView{Value: most, Label: s.locales.say(lang, "respond.or_more", mostCounted)})
	}
	return choices
}

// choicesOf are the choices of an item as one field shows them.
func (s *Server) choicesOf(v visit, item *questionnaire.Item, name string) []choiceView {
	var choices []choiceView
	switch item.Kind {
	case questionnaire.KindConsent:
		return []choiceView{
			{Value: questionnaire.ConsentYes, Label: s.locales.say(v.lang, "respond.yes")},
			{Value: questionnaire.ConsentNo, Label: s.locales.say(v.lang, "respond.no")},
		}
	case questionnaire.KindScale0To10:
		choices = ladder(v.in(item.Low), v.in(item.High))
	}
	for _, choice := range item.Choices {
		choices = append(choices, s.choiceView(v, item, name, choice))
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

func ladder(low, high string) []choiceView {
	steps := make([]choiceView, 11)
	for i := range steps {
		steps[i] = choiceView{Value: strconv.Itoa(i), Number: true}
	}
	steps[0].Label, steps[10].Label = low, high
	return steps
}

func (s *Server) choiceView(v visit, item *questionnaire.Item, name string, choice questionnaire.Choice) choiceView {
	missing := choice.Meaning.Missing() != questionnaire.Answered
	exclusive := choice.Meaning == questionnaire.MeaningExclusive
	view := choiceView{Value: choice.Code, Label: v.in(choice.Label), Apart: missing || exclusive, Alone: missing || exclusive}
	if choice.Meaning == questionnaire.MeaningOther {
		control := questionnaire.OtherControl(questionnaire.ItemID(name))
		view.Other = &fieldView{Lang: v.lang, Name: control, DOM: controlDOMID(control)}
	}
	return view
}

// fill puts what was given, and what is wrong with it, into a field and its choices.
func (s *Server) fill(v visit, field *fieldView, f filled) {
	given := f.raw[field.Name]
	if len(given) > 0 {
		field.Value = given[0]
	}
	if e, ok := f.errs.For(field.Name); ok {
		field.Error = s.message(v, e)
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
	for _, field := range append(s.fieldsOf(v, item), s.promptsOf(v, item)...) {
		if field.Name == e.Control || field.Name == string(e.Item) {
			return field.Label
		}
	}
	return v.in(item.Label)
}
