package app

import (
	"html"
	"html/template"
	"strings"

	"soundings/surveys"
	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// What stands on a page depends on who asks for it. Without JavaScript a page
// follows the path of one person, as far as it is known when the page is made. The
// document for the script has everything, since it is the same for everyone; the
// script shows and hides, and fills in what is piped.

// walk sets the path of a response: what it has answered, and what it had
// answered before that was off the path.
func (s *Server) walk(v *visit, r surveys.Response) {
	v.way = v.Instrument.Walk(s.surveys.Sitting(v.Invitation, r, nil), r.Typed())
}

// follows reports whether what stands on a page depends on a person's path.
func (v visit) follows() bool { return v.live && !v.doc && v.way != nil }

// itemsOf are the items of a part that stand on its page.
func (v visit) itemsOf(part *questionnaire.Part) []*questionnaire.Item {
	all := v.withoutCodes(part.ItemsAt(v.Link.Wave))
	if !v.follows() {
		return all
	}
	return itemsThat(all, v.way.Offers)
}

// pathOf are the items of a part that are asked or shown as the path is now.
func (v visit) pathOf(part *questionnaire.Part) []*questionnaire.Item {
	items := v.itemsOf(part)
	if !v.follows() {
		return items
	}
	return itemsThat(items, v.way.Shows)
}

// itemsThat are those of items for which keep is true.
func itemsThat(items []*questionnaire.Item, keep func(questionnaire.ItemID) bool) []*questionnaire.Item {
	var kept []*questionnaire.Item
	for _, item := range items {
		if keep(item.ID) {
			kept = append(kept, item)
		}
	}
	return kept
}

// asked reports whether a part has anything to show.
func (v visit) asked(part *questionnaire.Part) bool {
	if v.emptied(part) {
		return false
	}
	return !v.follows() || v.way.Asks(part.ID)
}

// place is which part of how many number n is on the path as it is now; both
// numbers are from 1.
func (v visit) place(n int) (number, of int) {
	for i, part := range v.parts() {
		if !v.asked(part) {
			continue
		}
		of++
		if i < n {
			number++
		}
	}
	return max(1, number), max(1, of)
}

// from is the first part on the path from number n on, or 0 if there is none.
func (v visit) from(n int) int {
	parts := v.parts()
	for n = max(1, n); n <= len(parts); n++ {
		if v.asked(parts[n-1]) {
			return n
		}
	}
	return 0
}

// unseen is the first part on the path that nothing was ever saved of, though
// those after it may have been; 0 if there is none.
func (v visit) unseen(r surveys.Response) int {
	if !v.follows() {
		return 0
	}
	for i, part := range v.parts()[:min(r.Page, len(v.parts()))] {
		if v.asked(part) && !v.saved(r, part) {
			return i + 1
		}
	}
	return 0
}

// saved reports whether something of a part was saved, or it asks nothing.
func (v visit) saved(r surveys.Response, part *questionnaire.Part) bool {
	asks := false
	for _, variable := range v.Instrument.Variables() {
		if variable.Part != part.ID || variable.Kind == questionnaire.KindCalculated || variable.Kind == questionnaire.KindHidden || !v.way.Shows(variable.Item.ID) {
			continue
		}
		asks = true
		if given, ok := r.Answers[variable.ID]; ok && given.Missing != questionnaire.NotAsked {
			return true
		}
	}
	return !asks
}

// before is the last part on the path before number n, or 0 if there is none.
func (v visit) before(n int) int {
	parts := v.parts()
	for n = min(n-1, len(parts)); n > 0; n-- {
		if v.asked(parts[n-1]) {
			return n
		}
	}
	return 0
}

// needs reports whether an item needs an answer. Where a script reads the
// condition, only one that always does says so in the page.
func (v visit) needs(item *questionnaire.Item) bool {
	if item.RequiredIf == "" || !v.follows() {
		return item.Required
	}
	return v.way.Required(item.ID)
}

// fixed reports whether an item is shown and cannot be changed.
func (v visit) fixed(item *questionnaire.Item) bool {
	return item.ReadOnly != "" && v.follows() && v.way.ReadOnly(item.ID)
}

// choices are the choices of an item that stand on the page, in their order.
func (v visit) choices(item *questionnaire.Item) []questionnaire.Choice {
	if v.doc || v.way == nil {
		return item.Choices
	}
	return v.way.Offered(item)
}

// orderOf is the order in which the choices of an item stand on the page; the
// script has one of its own.
func (v visit) orderOf(item *questionnaire.Item) []string {
	if v.doc {
		return nil
	}
	var codes, apart []string
	for _, choice := range v.choices(item) {
		if standsApart(choice) {
			apart = append(apart, choice.Code)
			continue
		}
		codes = append(codes, choice.Code)
	}
	return append(codes, apart...)
}

// words is a wording of the questionnaire in the language of the page, with its
// marks and earlier answers.
func (v visit) words(text questionnaire.Text) template.HTML {
	return wordsHTML(v.in(text), v.pipe)
}

// plain is the same without marks.
func (v visit) plain(text questionnaire.Text) string {
	return wordsPlain(v.in(text), func(name string) string {
		if v.piped != nil {
			return v.piped(name)
		}
		if piece, ok := v.piece(name); ok {
			return piece.Words
		}
		return "${" + name + "}"
	})
}

// pipe is what stands in a page for ${name}.
func (v visit) pipe(name string) string {
	if v.piped != nil {
		return html.EscapeString(v.piped(name))
	}
	piece, ok := v.piece(name)
	switch {
	case !ok:
		return html.EscapeString("${" + name + "}")
	case v.doc:
		return `<span data-pipe="` + html.EscapeString(string(piece.Of)) + `"></span>`
	}
	return html.EscapeString(piece.Words)
}

// piece is the answer that ${name} stands for; false if there is nothing of
// that name.
func (v visit) piece(name string) (questionnaire.Piece, bool) {
	if v.way == nil {
		return questionnaire.Piece{}, false
	}
	for _, piece := range v.way.Pieces(questionnaire.Text{v.lang: "${" + name + "}"}, v.lang) {
		if piece.Of != "" {
			piece.Words = v.dated(piece.Of, piece.Words)
			return piece, true
		}
	}
	return questionnaire.Piece{}, false
}

// dated is an answer as the language of the page writes it, if it is a date.
func (v visit) dated(id questionnaire.ItemID, words string) string {
	variable, ok := v.Instrument.Variable(id)
	if ok && (variable.Kind == questionnaire.KindDate || variable.Kind == questionnaire.KindDateTime) {
		return v.own.showDateText(v.lang, strings.Replace(words, " ", "T", 1))
	}
	return words
}

// shownOf is what a variable holds, in words.
func (v visit) shownOf(id questionnaire.ItemID) string {
	if v.way == nil {
		return ""
	}
	return v.dated(id, v.Instrument.Show(id, v.way.Value(id), v.lang))
}

// given are the controls as the page of a response has them at first: what was
// answered, what was answered before it was off the path, and defaults.
func (v visit) given(r surveys.Response, part *questionnaire.Part) questionnaire.Raw {
	raw := v.Instrument.Raw(r.Typed())
	for _, item := range v.itemsOf(part) {
		given, answered := r.Answers[item.ID]
		_, aside := r.Aside[item.ID]
		if item.Default == "" || aside || answered && given.Missing != questionnaire.NotAsked {
			continue
		}
		if variable, ok := v.Instrument.Variable(item.ID); ok {
			for control, values := range variable.Raw(v.way.Value(item.ID)) {
				raw[control] = values
			}
		}
	}
	return raw
}

// defaults are the controls of the document at first: the defaults that are the
// same for everyone.
func (v visit) defaults() questionnaire.Raw {
	raw := questionnaire.Raw{}
	for _, part := range v.parts() {
		for _, item := range part.ItemsAt(v.Link.Wave) {
			if item.Default == "" || expression.Dynamic(item.Default) {
				continue
			}
			raw[string(item.ID)] = []string{item.Default}
			if item.Kind == questionnaire.KindMultipleChoice || item.Kind == questionnaire.KindRanking {
				raw[string(item.ID)] = strings.Fields(item.Default)
			}
		}
	}
	return raw
}
