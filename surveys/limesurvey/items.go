package limesurvey

import (
	"soundings/surveys/questionnaire"
)

// kindOf is the kind of item of a type that becomes one, or one a row.
var kindOf = map[string]questionnaire.Kind{
	"S": questionnaire.KindShortText, "T": questionnaire.KindLongText, "U": questionnaire.KindLongText,
	"N": questionnaire.KindNumber, "D": questionnaire.KindDate, "X": questionnaire.KindStatement, "*": questionnaire.KindCalculated,
	"L": questionnaire.KindSingleChoice, "!": questionnaire.KindSingleChoice, "O": questionnaire.KindSingleChoice,
	"5": questionnaire.KindSingleChoice, "Y": questionnaire.KindSingleChoice, "G": questionnaire.KindSingleChoice,
	"M": questionnaire.KindMultipleChoice, "P": questionnaire.KindMultipleChoice, "R": questionnaire.KindRanking,
	"Q": questionnaire.KindShortText, "K": questionnaire.KindNumber,
	"F": questionnaire.KindSingleChoice, "H": questionnaire.KindSingleChoice, "A": questionnaire.KindSingleChoice,
	"B": questionnaire.KindSingleChoice, "C": questionnaire.KindSingleChoice, "E": questionnaire.KindSingleChoice,
}

// items are what a question becomes, in order; none if it is dropped.
func (c *converter) items(q *question) []questionnaire.Item {
	p := c.plans[q]
	if p.shape == shapeNone {
		why := p.why
		if why == "" {
			why = "this type is not known"
		}
		c.warn(TypeDropped, q, "The question %s of type %q was left out: %s.", c.named(q), q.letter, why)
		return nil
	}
	var items []questionnaire.Item
	switch p.shape {
	case shapeOne:
		items = c.one(q, p)
	case shapeBoxes:
		items = c.boxes(q, p)
	case shapeBattery:
		items = c.battery(q, p)
	case shapeEach:
		items = c.each(q, p)
	}
	if len(items) > 0 {
		c.rest(q)
	}
	return items
}

// named is a question in words, for a notice.
func (c *converter) named(q *question) string {
	text, _ := plain(q.text[c.survey.languages[0]])
	if text == "" {
		return "“" + q.code + "”"
	}
	return "“" + q.code + "” " + shown(text)
}

// stem is what all items have: id, kind, words, condition.
func (c *converter) stem(q *question, id questionnaire.ItemID, kind questionnaire.Kind) questionnaire.Item {
	item := questionnaire.Item{ID: id, Kind: kind, Name: q.code, Relevant: c.relevance(q, "questions", q.relevance)}
	if item.Relevant == "" {
		item.Relevant = c.conditions(q)
	}
	item.Required = kind != questionnaire.KindStatement && kind != questionnaire.KindCalculated && c.mandatory(q)
	return item
}

// worded gives an item its label and hint. Words too long for a label stand in
// a statement before the item.
func (c *converter) worded(q *question, item questionnaire.Item) []questionnaire.Item {
	if item.Kind == questionnaire.KindStatement {
		item.Label = c.passage(q, q.text)
		if item.Label == nil {
			item.Label = c.label(q, q.help, q.code)
		}
		return []questionnaire.Item{item}
	}
	item.Hint = c.text(q, q.help, maxLabel)
	if !isLong(q.text) {
		item.Label = c.label(q, q.text, q.code)
		return []questionnaire.Item{item}
	}
	passage := c.passage(q, q.text)
	if passage == nil {
		item.Label = c.label(q, words{}, q.code)
		return []questionnaire.Item{item}
	}
	c.warn(LabelShortened, q, "The text is too long for a question, so it stands as a statement before it; write a short one.")
	before := questionnaire.Item{ID: c.ids.give(string(item.ID) + "_text"), Kind: questionnaire.KindStatement, Label: passage, Relevant: item.Relevant}
	item.Label = firstSentence(passage)
	return []questionnaire.Item{before, item}
}

// one makes the item of a question that becomes just one.
func (c *converter) one(q *question, p *plan) []questionnaire.Item {
	item := c.stem(q, p.id, kindOf[q.letter])
	if q.letter == "*" {
		return c.calculated(q, item)
	}
	if q.attributes["hidden"] == "1" {
		return c.hidden(q, item)
	}
	item.Choices = c.choices(q)
	c.settings(q, &item)
	items := c.worded(q, item)
	if q.letter == "O" {
		items = append(items, questionnaire.Item{
			ID: p.comments[0], Kind: questionnaire.KindLongText, Label: c.own(wordComment), Relevant: item.Relevant, Name: q.code + "_comment",
		})
	}
	return items
}

// boxes makes a multiple choice, and for P a text for each choice that is asked
// of those who chose it.
func (c *converter) boxes(q *question, p *plan) []questionnaire.Item {
	item := c.stem(q, p.id, questionnaire.KindMultipleChoice)
	if q.attributes["hidden"] == "1" {
		return c.hidden(q, item)
	}
	item.Choices = c.choices(q)
	c.settings(q, &item)
	items := c.worded(q, item)
	for i, id := range p.comments {
		box := &target{id: p.id, code: q.subs[i].code}
		items = append(items, questionnaire.Item{
			ID: id, Kind: questionnaire.KindShortText, Label: c.beside(item.Choices[i].Label), Relevant: both(item.Relevant, box.selected()),
			Name: q.code + "_" + q.subs[i].code + "_comment",
		})
	}
	return items
}

// battery makes a rating with a row a subquestion.
func (c *converter) battery(q *question, p *plan) []questionnaire.Item {
	item := c.stem(q, p.id, questionnaire.KindRating)
	if q.attributes["hidden"] == "1" {
		return c.hidden(q, item)
	}
	item.Choices = c.choices(q)
	for i, sub := range q.subs {
		item.Rows = append(item.Rows, questionnaire.Row{ID: p.subs[i], Label: c.label(q, sub.text, sub.code)})
	}
	return c.worded(q, item)
}

// each makes a group with an item a subquestion, under the question as heading.
func (c *converter) each(q *question, p *plan) []questionnaire.Item {
	stem := c.stem(q, p.id, kindOf[q.letter])
	if q.attributes["hidden"] == "1" {
		return c.hidden(q, stem)
	}
	heading := c.worded(q, stem)
	group := questionnaire.Group{ID: p.id, Label: heading[len(heading)-1].Label, Relevant: stem.Relevant}
	items := heading[:len(heading)-1]
	for i := range items {
		items[i].Relevant, items[i].Group = "", group.ID
	}
	if hint := heading[len(heading)-1].Hint; hint != nil {
		items = append(items, questionnaire.Item{ID: c.ids.give(string(p.id) + "_help"), Kind: questionnaire.KindStatement, Label: hint, Group: group.ID})
	}
	for i, sub := range q.subs {
		item := questionnaire.Item{
			ID: p.subs[i], Kind: stem.Kind, Name: q.code + "_" + sub.code, Group: group.ID, Required: stem.Required,
			Label: c.label(q, sub.text, sub.code), Choices: c.choices(q),
		}
		c.settings(q, &item)
		items = append(items, item)
	}
	c.d.Groups = append(c.d.Groups, group)
	return items
}

// both joins two conditions.
func both(a, b string) string {
	if a == "" {
		return b
	}
	return "(" + a + ") and " + b
}
