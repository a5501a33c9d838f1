package app

import (
	"strings"
	"unicode"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// controlSkipCode is posted by who has read, once, what a code left out costs.
const controlSkipCode = "_skip_code"

// wantsCode shows a part that was saved once more, if its linkage code says too
// little to pair by: many leave it out without knowing what for. It never
// refuses: the page it shows goes on when it is posted again.
func (s *Server) wantsCode(v visit, r surveys.Response, n int, raw questionnaire.Raw) (partPage, bool) {
	part := v.parts()[n-1]
	item, ok := v.Instrument.LinkageCode(v.Link.Wave)
	if !ok || item.Required || v.follows() && !v.way.Shows(item.ID) || !controlsOf([]*questionnaire.Part{part}, v.Link.Wave)[questionnaire.CodeControl(item)] {
		return partPage{}, false
	}
	var blank []fieldProblem
	given := false
	for _, field := range s.promptsOf(v, item) {
		typed := strings.Join(raw[field.Name], "")
		given = given || typed != ""
		if !saysElement(field.Kind, typed) {
			blank = append(blank, fieldProblem{"#" + field.DOM, field.Plain})
		}
	}
	if len(blank) == 0 || r.Coded && !given { // a code given before is kept
		return partPage{}, false
	}
	page := s.partPage(v, r, n, part, filled{raw: raw})
	page.Asked, page.Problems = true, blank
	return page, true
}

// saysElement reports whether what was typed can stand for an element of a code:
// "-" and "?" say nothing, and would pair with everybody else's.
func saysElement(element, typed string) bool {
	if element == questionnaire.ElementLetters {
		return strings.ContainsFunc(typed, unicode.IsLetter)
	}
	return strings.ContainsFunc(typed, unicode.IsDigit)
}
