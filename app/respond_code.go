package app

import (
	"html"
	"strings"
	"unicode"

	"github.com/valyala/fasthttp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Names of posted controls about the linkage code. They are sent by pages that show
// a part once more, to be let through when it is posted again.
const (
	controlSkipCode = "_skip_code" // has read, once, what a code left out costs
	controlCodeSeen = "_code_seen" // has looked at this code, as the page showed it
)

// codeTyped is what a posted part says of its linkage code.
type codeTyped struct {
	item  *questionnaire.Item
	card  string
	typed []string       // what was posted of each prompt that says something
	words []string       // the same as the person knows it
	blank []fieldProblem // what says too little to pair by
}

// given reports whether something of a self-made code was given.
func (t codeTyped) given() bool { return len(t.words) > 0 }

// wantsCode shows a part that was saved once more: if its linkage code says too
// little to pair by, since many leave it out without knowing what for; or, with a
// self-made code, for the person to see whether it looks like theirs. It never
// refuses: the page it shows goes on when it is posted again.
func (s *Server) wantsCode(v visit, r surveys.Response, n int, raw questionnaire.Raw, sent *fasthttp.Args) (partPage, bool) {
	part := v.parts()[n-1]
	typed, ok := s.codeOf(v, part, raw)
	if !ok || typed.card != "" || r.Coded && !typed.given() { // a code given before is kept
		return partPage{}, false
	}
	page := s.partPage(v, r, n, part, filled{raw: raw})
	if len(typed.blank) > 0 {
		page.Asked, page.Problems = true, typed.blank
		return page, !typed.item.Required && !sent.Has(controlSkipCode)
	}
	page.Look, page.Seen = typed.words, strings.Join(typed.typed, " ")
	return page, page.Seen != string(sent.Peek(controlCodeSeen))
}

// codeOf reads what was posted of the code that a part asks for; false if it asks
// for none.
func (s *Server) codeOf(v visit, part *questionnaire.Part, raw questionnaire.Raw) (codeTyped, bool) {
	item, ok := v.Instrument.LinkageCode(v.Link.Wave)
	if !ok || v.follows() && !v.way.Shows(item.ID) || !controlsOf([]*questionnaire.Part{part}, v.Link.Wave)[questionnaire.CodeControl(item)] {
		return codeTyped{}, false
	}
	typed := codeTyped{item: item}
	if item.Card {
		typed.card = strings.TrimSpace(strings.Join(raw[questionnaire.CardControl(item.ID)], ""))
	}
	for _, field := range s.promptsOf(v, item) {
		given := strings.TrimSpace(strings.Join(raw[field.Name], ""))
		if given != "" {
			typed.typed, typed.words = append(typed.typed, given), append(typed.words, shownElement(field, given))
		}
		if !saysElement(field.Kind, given) {
			typed.blank = append(typed.blank, fieldProblem{"#" + field.DOM, field.Plain})
		}
	}
	if item.Card && !typed.given() { // the card comes first, and its questions instead
		control := questionnaire.CardControl(item.ID)
		typed.blank = []fieldProblem{{"#" + controlDOMID(control), s.locales.say(v.lang, "respond.card_code")}}
	}
	return typed, true
}

// shownElement is one element as the person knows it: letters in capitals, the
// words of what was chosen.
func shownElement(field fieldView, given string) string {
	for _, choice := range field.Choices {
		if choice.Value == given {
			return html.UnescapeString(string(choice.Label))
		}
	}
	return strings.ToUpper(given)
}

// saysElement reports whether what was typed can stand for an element of a code:
// "-" and "?" say nothing, and would pair with everybody else's.
func saysElement(element, typed string) bool {
	if element == questionnaire.ElementLetters {
		return strings.ContainsFunc(typed, unicode.IsLetter)
	}
	return strings.ContainsFunc(typed, unicode.IsDigit)
}
