package app

import (
	"cmp"
	"slices"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// On paper nobody hides a question: conditions are put into plain instructions,
// where the questions begin that they are about.

// scope is one condition with all that it is about.
type scope struct {
	of     string // "part x", "group y", "items <expression>"
	source string
}

// scopesOf are the conditions of an item: of its part, its groups, and its own.
func (m *paperMaker) scopesOf(part *questionnaire.Part, item *questionnaire.Item) []scope {
	var scopes []scope
	add := func(of, source string) {
		if source != "" {
			scopes = append(scopes, scope{of, source})
		}
	}
	add("part "+string(part.ID), part.Relevant)
	groups := m.v.Instrument.Version().Definition.Groups
	var chain []questionnaire.Group
	for in, depth := item.Group, 0; in != "" && depth < len(groups); depth++ {
		i := slices.IndexFunc(groups, func(g questionnaire.Group) bool { return g.ID == in })
		if i < 0 {
			break
		}
		chain, in = append(chain, groups[i]), groups[i].In
	}
	for _, group := range slices.Backward(chain) {
		add("group "+string(group.ID), group.Relevant)
	}
	add("items "+item.Relevant, item.Relevant)
	return scopes
}

// ways are the instructions before item i: one for each condition that begins to
// hold there.
func (m *paperMaker) ways(i int) []string {
	var before []scope
	if i > 0 {
		before = m.shown[i-1].scopes
	}
	var ways []string
	for depth, s := range m.shown[i].scopes {
		if depth < len(before) && slices.Equal(before[:depth+1], m.shown[i].scopes[:depth+1]) {
			continue
		}
		first, after := m.span(i, depth)
		ways = append(ways, m.way(s.source, first, after))
	}
	return ways
}

// span is the number of the first question within the condition at depth of item
// i, and of the first after it; "" if there is none.
func (m *paperMaker) span(i, depth int) (first, after string) {
	within := m.shown[i].scopes[:depth+1]
	for _, shown := range m.shown[i:] {
		number := m.numbers[shown.item.ID]
		inside := len(shown.scopes) > depth && slices.Equal(shown.scopes[:depth+1], within)
		switch {
		case inside && first == "":
			first = number
		case !inside && number != "":
			return first, number
		}
	}
	return first, ""
}

// way is one instruction in the language of the form.
func (m *paperMaker) way(source, first, after string) string {
	say := func(key string, args ...any) string { return m.s.locales.say(m.v.lang, key, args...) }
	condition, ok := m.condition(source)
	switch {
	case first == "" && ok:
		return say("respond.paper_only_if", condition)
	case ok && after == "":
		return say("respond.paper_if_end", condition, first)
	case ok:
		return say("respond.paper_if", condition, first, after)
	case after == "":
		return say("respond.paper_unless_end")
	}
	return say("respond.paper_unless", after)
}

// condition is an expression in words: "the answer to question 4 is “Yes”". It is
// not ok if the expression says more than can be put so, or looks at what no
// question on the form asks.
func (m *paperMaker) condition(source string) (words string, ok bool) {
	tree, err := expression.Parse(source, expression.SlotRelevant)
	if err != nil {
		return "", false
	}
	all, clauses, ok := expression.Clauses(tree)
	if !ok {
		return "", false
	}
	join := "respond.paper_or"
	if all {
		join = "respond.paper_and"
	}
	for _, clause := range clauses {
		said, ok := m.clause(clause)
		if !ok {
			return "", false
		}
		if words != "" {
			said = m.s.locales.say(m.v.lang, join, words, said)
		}
		words = said
	}
	return words, words != ""
}

// clauseKeys are the keys of comparisons in words.
var clauseKeys = map[expression.Comparison]string{
	expression.Is: "respond.paper_is", expression.IsNot: "respond.paper_is_not", expression.Includes: "respond.paper_includes", expression.Excludes: "respond.paper_excludes",
	expression.More: "respond.paper_more", expression.AtLeast: "respond.paper_at_least", expression.Less: "respond.paper_less", expression.AtMost: "respond.paper_at_most",
	expression.Answered: "respond.paper_answered", expression.NotAnswered: "respond.paper_not_answered",
}

func (m *paperMaker) clause(c expression.Clause) (string, bool) {
	id := m.variableOf(c.Name)
	number := m.numbers[id]
	variable, ok := m.v.Instrument.Variable(id)
	if !ok || number == "" {
		return "", false
	}
	return m.s.locales.say(m.v.lang, clauseKeys[c.Is], number, m.valueWords(variable, c.Value)), true
}

// valueWords are the words of what an answer is compared with, as they stand beside
// its box.
func (m *paperMaker) valueWords(variable *questionnaire.Variable, value string) string {
	switch {
	case variable.Kind == questionnaire.KindConsent || variable.Kind == questionnaire.KindAcknowledge:
		return m.s.locales.say(m.v.lang, map[bool]string{true: "respond.no", false: "respond.yes"}[value == questionnaire.ConsentNo])
	}
	choice, ok := variable.Choice(value)
	if !ok {
		return value
	}
	return cmp.Or(m.v.plain(choice.Label), value)
}
