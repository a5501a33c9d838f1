package app

import (
	"html"
	"html/template"
	"slices"
	"strings"

	"soundings/surveys/pairing"
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
	ID    string // for the script; "" if nothing is shown and hidden
	Title template.HTML
	Items []itemView
}

// itemView is one item: templates/respond/parts/<kind>.html shows it.
type itemView struct {
	Lang     string
	Kind     string
	ID       string
	Label    template.HTML
	Plain    string // Label without marks
	Hint     template.HTML
	Required bool
	Coded    bool
	Quotable bool
	Grid     bool
	Live     bool       // a script shows and hides it
	Groups   string     // ids of the groups around it
	Needs    string     // what the script says of it if it needs an answer and is blank; "" if that does not change
	Linked   bool       // hidden, from the link
	Heads    []headView // of the groups that begin here
	Picture  string     // address
	Alt      string
	Audio    string      // address of a recording that reads it aloud
	Order    string      // control that holds the order in which the choices stand; "" if that is always the same
	Ordered  []string    // the order, as codes
	Fields   []fieldView // one for each variable or prompt
	Card     *fieldView  // linkage_code: the code of an issued card; nil if none is taken
	Either   string      // what the script says if neither card nor prompts are given; "" if that may be
	Opened   bool        // linkage_code with a card: the prompts are shown
	Doc      bool        // linkage_code: in the document for the script
}

// Asks tells whether the script asks once more for each prompt that is left blank.
func (i itemView) Asks() bool { return !i.Required && i.Card == nil }

// IsFixed tells whether the item is shown and cannot be changed.
func (i itemView) IsFixed() bool { return len(i.Fields) > 0 && i.Fields[0].Fixed }

// headView is the heading of a group.
type headView struct {
	ID    string
	Label template.HTML
	Level int // of the heading
	Live  bool
}

// fieldView is one thing to answer: a fieldset of choices, or one control.
type fieldView struct {
	Lang     string
	Kind     string // of the item; of a prompt its element
	Name     string // of the control
	DOM      string // id of the first control; -e and -h are those of its error and hint
	Label    template.HTML
	Plain    string // Label without marks
	Hint     template.HTML
	Error    string
	Need     string // what to say if it is left blank; "" if it may be
	Value    string
	Unit     string
	Input    string // inputmode, or the type of an input
	Length   int    // letters of a code, digits of a year
	Many     bool   // checkboxes
	Choices  []choiceView
	Place    string      // of a choice in the definition, from 0, if a filter may hide it: for the script
	Pieces   []fieldView // date: day, month, year; ranking: one a choice
	Row      string      // then_now: the words of the row, on its first half only
	Required bool
	Fixed    bool // read only: Shown says what stands there
	Shown    string
	Anyway   *fieldView // of the code of a card: the box to go on with it though it is not known
}

// MostLetters is how many signs fit into a box for the first letters of a word: a
// letter may have marks of its own, and more than is needed does no harm. 0 is no
// limit: the last letters are found in the whole word.
func (f fieldView) MostLetters() int { return max(0, 4*f.Length) }

// HasApart tells whether some choice is no ordinary answer.
func (f fieldView) HasApart() bool {
	return slices.ContainsFunc(f.Choices, func(c choiceView) bool { return c.Apart })
}

// HasPlain tells whether some choice has no picture.
func (f fieldView) HasPlain() bool {
	return slices.ContainsFunc(f.Choices, func(c choiceView) bool { return c.Picture == "" })
}

// controlDOMID is the id of a control in the page. Item ids have no "-", so it
// meets no other id there.
func controlDOMID(control string) string { return "a-" + control }

// partView is a part as it stands on a page: the items that are shown, each group's
// heading where it begins.
func (s *Server) partView(v visit, part *questionnaire.Part, f filled) partView {
	view := partView{Title: v.words(part.Title)}
	if v.scripted() {
		view.ID = string(part.ID)
	}
	heads := v.headings(len(view.Title) > 0)
	for _, item := range v.itemsOf(part) {
		one := s.itemView(v, item, f)
		one.Heads = heads.of(item)
		view.Items = append(view.Items, one)
	}
	return view
}

func (s *Server) itemView(v visit, item *questionnaire.Item, f filled) itemView {
	view := itemView{
		Lang: v.lang, Kind: string(item.Kind), ID: string(item.ID), Label: v.words(item.Label), Plain: v.plain(item.Label), Hint: v.words(item.Hint),
		Required: v.needs(item), Coded: f.coded, Quotable: item.Quotable, Grid: item.Grid, Live: v.scripted(),
		Picture: v.mediaPath(item.Picture), Alt: v.plain(item.Alt), Audio: v.mediaPath(item.Audio[v.lang]), Fields: s.fieldsOf(v, item),
	}
	if item.Kind == questionnaire.KindLinkageCode {
		view.Fields, view.Doc = s.promptsOf(v, item), v.doc
		s.addCard(v, item, &view, f)
	}
	if v.scripted() {
		s.forScript(v, item, &view)
	}
	if item.Shuffle {
		view.Order, view.Ordered = questionnaire.OrderControl(item.ID), v.orderOf(item)
	}
	for i := range view.Fields {
		s.fill(v, &view.Fields[i], f)
		if item.Kind == questionnaire.KindLinkageCode {
			view.Opened = view.Opened || view.Fields[i].Value != "" || view.Fields[i].Error != ""
			if f.coded || item.Card {
				view.Fields[i].Need = ""
			}
		}
	}
	return view
}

// addCard adds to a linkage code the box for the code of a card, if it takes one.
func (s *Server) addCard(v visit, item *questionnaire.Item, view *itemView, f filled) {
	if !item.Card {
		return
	}
	name := questionnaire.CardControl(item.ID)
	card := fieldView{
		Lang: v.lang, Kind: "card", Name: name, DOM: controlDOMID(name), Label: textHTML(s.locales.say(v.lang, "respond.card_code")),
		Plain: s.locales.say(v.lang, "respond.card_code"), Length: pairing.DefaultCode + 1,
	}
	missing := ""
	if item.Required && !f.coded {
		missing = s.message(v, questionnaire.CodeMissing(item))
	}
	if card.Required = item.Required && len(item.Prompts) == 0; card.Required {
		card.Need = missing
	} else {
		view.Either = missing
	}
	s.fill(v, &card, f)
	anyway := fieldView{Lang: v.lang, Name: questionnaire.AnywayControl(item.ID)}
	s.fill(v, &anyway, f)
	card.Anyway, view.Card = &anyway, &card
}

// fieldsOf are the fields of an item, empty. A linkage code has none here, since
// nothing of it is an answer; what is only shown or never shown has none at all.
func (s *Server) fieldsOf(v visit, item *questionnaire.Item) []fieldView {
	var fields []fieldView
	add := func(id questionnaire.ItemID, label string, text questionnaire.Text) *fieldView {
		fields = append(fields, s.newField(v, item, string(id), label, text))
		return &fields[len(fields)-1]
	}
	switch item.Kind {
	case questionnaire.KindRating:
		for _, row := range item.Rows {
			add(row.ID, "", row.Label)
		}
	case questionnaire.KindThenNow:
		// "Now" comes first: who judges the past first tends to rate the present
		// so that it shows a gain.
		for _, row := range item.Rows {
			add(questionnaire.MomentID(row.ID, questionnaire.MomentNow), "respond.now", row.Label)
			add(questionnaire.MomentID(row.ID, questionnaire.MomentThen), "respond.then", row.Label)
		}
	case questionnaire.KindStatement, questionnaire.KindLinkageCode, questionnaire.KindCalculated, questionnaire.KindHidden:
	default:
		field := add(item.ID, "", item.Label)
		field.Hint, field.Unit, field.Input = v.words(item.Hint), v.plain(item.Unit), inputOf(item)
		field.Pieces = s.piecesOf(v, item)
	}
	return fields
}

// newField is a field with text as its label, inside the sentence of a key if
// there is one.
func (s *Server) newField(v visit, item *questionnaire.Item, name, key string, text questionnaire.Text) fieldView {
	field := fieldView{
		Lang: v.lang, Kind: string(item.Kind), Name: name, DOM: controlDOMID(name), Label: v.words(text), Plain: v.plain(text),
		Many:     item.Kind == questionnaire.KindMultipleChoice || item.Kind == questionnaire.KindAcknowledge,
		Required: v.needs(item), Choices: s.choicesOf(v, item, name), Fixed: v.fixed(item),
	}
	if key != "" {
		around := s.locales.say(v.lang, key)
		field.Label = template.HTML(strings.ReplaceAll(html.EscapeString(around), "{0}", string(field.Label))) //nolint:gosec // both are escaped
		field.Plain = strings.ReplaceAll(around, "{0}", field.Plain)
	}
	if field.Required {
		field.Need = s.needOf(v, item)
	}
	return field
}

// needOf is what is said of an item that needs an answer and was left blank.
func (s *Server) needOf(v visit, item *questionnaire.Item) string {
	if said := v.plain(item.RequiredMessage); said != "" {
		return said
	}
	return s.locales.say(v.lang, needKey(item.Kind))
}

// needKey is the key of what is said of a blank item that needs an answer.
func needKey(kind questionnaire.Kind) string {
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

// inputOf is the keyboard that a phone shows for an item, or the type of its
// input. The keyboard of numbers has no minus sign.
func inputOf(item *questionnaire.Item) string {
	switch {
	case item.Kind == questionnaire.KindTime:
		return "time"
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
		field := s.newField(v, item, name, "", prompt.Label)
		field.Kind, field.Hint, field.Length = prompt.Element, v.words(prompt.Hint), prompt.Length
		field.Choices = s.elementChoices(v.lang, prompt.Element)
		fields[i] = field
	}
	return fields
}

// textHTML is text without marks as a page shows it.
func textHTML(text string) template.HTML { return template.HTML(html.EscapeString(text)) } //nolint:gosec // escaped
