package limesurvey

import (
	"strings"

	"soundings/surveys/questionnaire"
)

// shape is how a question becomes items.
type shape uint8

const (
	shapeNone    shape = iota // dropped
	shapeOne                  // one item
	shapeBoxes                // one item whose choices are the subquestions
	shapeBattery              // one item with a row a subquestion
	shapeEach                 // a group with an item a subquestion
)

// plan is what a question becomes, and the ids it was given.
type plan struct {
	shape    shape
	id       questionnaire.ItemID   // of the item, or of the group
	subs     []questionnaire.ItemID // of rows or items, by subquestion
	comments []questionnaire.ItemID // O: one; P: one a subquestion
	codes    []string               // of the choices, "other" among them
	why      string                 // shapeNone: the reason
}

// The most a battery may hold; see the check of rating in package questionnaire.
const (
	maxPoints      = 11
	maxBatteryRows = 50
)

// otherCode is what LimeSurvey stores for "other" of a single choice.
const otherCode = "-oth-"

// plan gives a question and its parts their ids and makes them known by the
// names equations use.
func (c *converter) plan(q *question) {
	p := &plan{}
	c.plans[q] = p
	p.codes = codes(q)
	p.shape, p.why = shapeOf(q, len(p.codes))
	switch p.shape {
	case shapeOne:
		p.id = c.ids.give(q.code, columnCodes(p.codes)...)
		c.know(q, "", &target{id: p.id, number: isNumber(q)})
		c.planOther(q, p)
	case shapeBoxes:
		p.id = c.ids.give(q.code, columnCodes(p.codes)...)
		c.know(q, "", &target{id: p.id, all: true})
		c.planBoxes(q, p)
	case shapeBattery, shapeEach:
		p.id = c.ids.give(q.code)
		whole := &target{id: p.id, rows: []*target{}}
		c.know(q, "", whole)
		for _, sub := range q.subs {
			id := c.ids.give(q.code+"_"+sub.code, columnCodes(p.codes)...)
			p.subs = append(p.subs, id)
			row := &target{id: id, number: isNumber(q)}
			whole.rows = append(whole.rows, row)
			c.know(q, sub.code, row)
		}
	}
}

func (c *converter) planOther(q *question, p *plan) {
	if q.hasOther() {
		c.know(q, "other", &target{id: p.id, other: otherCode})
	}
	if q.letter == "O" {
		id := c.ids.give(q.code + "_comment")
		p.comments = append(p.comments, id)
		c.know(q, "comment", &target{id: id})
	}
}

func (c *converter) planBoxes(q *question, p *plan) {
	for _, sub := range q.subs {
		c.know(q, sub.code, &target{id: p.id, code: sub.code})
		if q.letter == "P" {
			id := c.ids.give(q.code + "_" + sub.code + "_comment")
			p.comments = append(p.comments, id)
			c.know(q, sub.code+"comment", &target{id: id})
		}
	}
	if q.other {
		c.know(q, "other", &target{id: p.id, code: boxesOther(q)})
	}
}

// know makes a target known as Q, Q_SUB and as 1X2X3SUB.
func (c *converter) know(q *question, sub string, t *target) {
	name := q.code
	if sub != "" {
		name += "_" + sub
	}
	if _, taken := c.names[name]; !taken {
		c.names[name] = t
	}
	c.names[c.survey.settings.get("sid")+"X"+q.group+"X"+q.id+sub] = t
}

// resolve finds what an equation means by a name.
func (c *converter) resolve(name string) (*target, error) {
	base, suffix, _ := strings.Cut(name, ".")
	whole := base == "that" && suffix != ""
	if whole {
		base, suffix, _ = strings.Cut(suffix, ".")
	}
	switch suffix {
	case "", "NAOK", "value", "code", "value.NAOK", "NAOK.value":
	default:
		return nil, untranslated("%s asks for more than an answer", name)
	}
	t := c.names[base]
	if t == nil {
		return nil, untranslated("%s is not the code of a question that was taken over", name)
	}
	if whole && !t.all && t.rows == nil {
		return nil, untranslated("%s is a question without rows", name)
	}
	return t, nil
}

// shapeOf decides by the type; choices is how many a person can choose from.
func shapeOf(q *question, choices int) (shape, string) {
	switch q.letter {
	case "S", "T", "U", "N", "D", "X", "*":
		return shapeOne, ""
	case "L", "!", "O", "5", "Y", "G", "R":
		if choices < 2 {
			return shapeNone, "it has fewer than two answers to choose from"
		}
		return shapeOne, ""
	case "M", "P":
		if choices == 0 {
			return shapeNone, "it has nothing to choose from"
		}
		return shapeBoxes, ""
	case "F", "H", "A", "B", "C", "E":
		return shapeOfArray(q, choices)
	case "Q", "K":
		if len(q.subs) == 0 {
			return shapeNone, "it has no rows"
		}
		return shapeEach, ""
	default:
		return shapeNone, typeWords[q.letter]
	}
}

func shapeOfArray(q *question, choices int) (shape, string) {
	switch {
	case len(q.subs) == 0 || choices < 2:
		return shapeNone, "it has no rows, or fewer than two answers"
	case choices > maxPoints || len(q.subs) > maxBatteryRows:
		return shapeEach, ""
	default:
		return shapeBattery, ""
	}
}

// typeWords say why a type is not taken over.
var typeWords = map[string]string{
	":": "a table of numbers has no counterpart; ask the numbers one by one",
	";": "a table of texts has no counterpart; ask the texts one by one",
	"1": "an array with two scales has no counterpart; make two batteries of it",
	"|": "files cannot be uploaded",
	"I": "the language is changed at any time with the buttons of the page",
	"":  "it has no type",
}

func isNumber(q *question) bool {
	return strings.Contains("N K 5 A B", q.letter) && q.letter != ""
}

// boxesOther is the code of "other" among subquestions that may have taken it.
func boxesOther(q *question) string {
	for _, sub := range q.subs {
		if strings.EqualFold(sub.code, "other") {
			return otherCode
		}
	}
	return "other"
}

// codes are what a question can be answered with, by its type.
func codes(q *question) []string {
	var list []string
	switch {
	case builtIns[q.letter] != nil:
		for _, choice := range builtIns[q.letter] {
			list = append(list, choice.code)
		}
	case q.letter == "M" || q.letter == "P":
		for _, sub := range q.subs {
			list = append(list, sub.code)
		}
		if q.other {
			list = append(list, boxesOther(q))
		}
	case strings.Contains("L!ORFH", q.letter) && q.letter != "":
		for _, a := range q.ownAnswers() {
			list = append(list, a.code)
		}
		if q.hasOther() {
			list = append(list, otherCode)
		}
	}
	return list
}

// hasOther says whether a single choice has "other"; O and R never do.
func (q *question) hasOther() bool { return q.other && (q.letter == "L" || q.letter == "!") }

// ownAnswers are the answers of the first scale that have a code.
func (q *question) ownAnswers() []*answer {
	var own []*answer
	for _, a := range q.answers {
		if a.scale == 0 && a.code != "" {
			own = append(own, a)
		}
	}
	return own
}

// columnCodes are the codes for which columns are kept free.
func columnCodes(codes []string) []string {
	if len(codes) == 0 {
		return nil
	}
	return append([]string{"_other", "_order"}, codes...)
}
