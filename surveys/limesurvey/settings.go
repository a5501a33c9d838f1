package limesurvey

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// mandatory says whether a question needs an answer.
func (c *converter) mandatory(q *question) bool {
	if q.mandatory == "S" {
		c.warn(OptionalNow, q, "The question is “soft mandatory”, which asks once and lets people go on; it is not required here.")
	}
	return q.mandatory == "Y"
}

// settings takes over what the attributes of a question say about one item.
func (c *converter) settings(q *question, item *questionnaire.Item) {
	if q.attributes["random_order"] == "1" && slices.Contains([]string{"L", "!", "O", "M", "P", "R"}, q.letter) {
		item.Shuffle = true
	}
	switch item.Kind {
	case questionnaire.KindNumber:
		c.bounds(q, item)
	case questionnaire.KindShortText, questionnaire.KindLongText:
		if n := q.attributes["maximum_chars"]; number(n) > 0 {
			item.Constraint = "string-length(.) <= " + strconv.Itoa(number(n))
		}
		c.pattern(q, item)
	case questionnaire.KindMultipleChoice:
		c.howMany(q, item)
	case questionnaire.KindDate:
		item.Precision = "day"
		if strings.ContainsAny(q.attributes["date_format"], "Hh") {
			item.Kind, item.Precision = questionnaire.KindDateTime, ""
		}
	}
	if q.letter != "Q" && q.letter != "K" {
		c.preset(q, item)
	}
}

// bounds takes over the least and the greatest number, if they are numbers.
func (c *converter) bounds(q *question, item *questionnaire.Item) {
	item.Min = c.bound(q, "min_num_value_n")
	item.Max = c.bound(q, "max_num_value_n")
	item.Whole = q.attributes["num_value_int_only"] == "1"
	if q.attributes["slider_layout"] == "1" {
		item.Min, item.Max = c.bound(q, "slider_min"), c.bound(q, "slider_max")
	}
	if item.Min != nil && item.Max != nil && *item.Min > *item.Max {
		item.Min, item.Max = nil, nil
		c.warn(AttributeDropped, q, "The least number is above the greatest, so both were left out.")
	}
	if unit := q.localised["suffix"]; unit != nil {
		item.Unit = c.text(q, unit, 100)
	}
}

func (c *converter) bound(q *question, name string) *float64 {
	text := q.attributes[name]
	if text == "" {
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n > 1e15 || n < -1e15 || n != n {
		c.warn(AttributeDropped, q, "The setting %s is %s, which is no number, so it was left out.", name, shown(text))
		return nil
	}
	return &n
}

// howMany makes a constraint of the least and the greatest number of choices.
func (c *converter) howMany(q *question, item *questionnaire.Item) {
	var rules []string
	for _, rule := range []struct{ name, sign string }{{"min_answers", ">="}, {"max_answers", "<="}} {
		text := q.attributes[rule.name]
		n, err := strconv.Atoi(text)
		switch {
		case text == "" || text == "0":
		case err != nil:
			c.warn(AttributeDropped, q, "The setting %s is %s, which is no number, so it was left out.", rule.name, shown(text))
		default:
			rules = append(rules, "count-selected(.) "+rule.sign+" "+strconv.Itoa(n))
		}
	}
	item.Constraint = strings.Join(rules, " and ")
}

// wholePattern is a regular expression of LimeSurvey that is about the whole
// of an answer, as ours always are.
var wholePattern = regexp.MustCompile(`^/\^(.*)\$/$`)

func (c *converter) pattern(q *question, item *questionnaire.Item) {
	if q.preg == "" {
		return
	}
	found := wholePattern.FindStringSubmatch(q.preg)
	if found == nil || strings.Contains(found[1], "'") {
		c.warn(AttributeDropped, q, "The pattern %s that answers must have was left out.", shown(q.preg))
		return
	}
	if _, err := regexp.Compile(found[1]); err != nil {
		c.warn(AttributeDropped, q, "The pattern %s that answers must have was left out: %v.", shown(q.preg), err)
		return
	}
	rule := "regex(., '" + found[1] + "')"
	if item.Constraint != "" {
		rule = item.Constraint + " and " + rule
	}
	item.Constraint = rule
}

// preset takes over a default value that is plain text or codes.
func (c *converter) preset(q *question, item *questionnaire.Item) {
	var codes []string
	for _, d := range q.defaults {
		switch {
		case strings.ContainsAny(d.value, "{}$") || d.special != "" || strings.ContainsRune(d.value, '\n'):
			c.warn(DefaultDropped, q, "The default value %s was left out.", shown(d.value))
		case q.letter == "M" || q.letter == "P":
			if code := q.subCode(d.sub); code != "" && d.value == "Y" {
				codes = append(codes, code)
			}
		case len(item.Choices) > 0 && !slices.Contains(codesIn(item.Choices), d.value):
			c.warn(DefaultDropped, q, "The default value %s is none of the answers and was left out.", shown(d.value))
		case q.letter == "R" || q.letter == "D" || q.letter == "X":
			c.warn(DefaultDropped, q, "The default value %s was left out.", shown(d.value))
		default:
			codes = append(codes, d.value)
		}
	}
	item.Default = strings.Join(codes, " ")
}

func (q *question) subCode(id string) string {
	for _, sub := range q.subs {
		if sub.id == id {
			return sub.code
		}
	}
	return ""
}

func codesIn(choices []questionnaire.Choice) []string {
	list := make([]string, len(choices))
	for i, choice := range choices {
		list[i] = choice.Code
	}
	return list
}

// hidden takes over a question that LimeSurvey does not show: it can be filled
// from the link's address, as there. Questions with several answers cannot.
func (c *converter) hidden(q *question, item questionnaire.Item) []questionnaire.Item {
	if c.plans[q].shape != shapeOne || q.letter == "X" || q.letter == "R" {
		c.warn(TypeDropped, q, "The question %s is hidden and takes no single answer, so it was left out.", c.named(q))
		return nil
	}
	c.preset(q, &item)
	made := questionnaire.Item{
		ID: item.ID, Kind: questionnaire.KindHidden, Name: item.Name, From: "link", Default: item.Default, Label: c.label(q, q.text, q.code),
	}
	c.warn(AttributeDropped, q, "The question is hidden: it is never shown and takes its value from the link's address, under the name %q.", item.ID)
	return []questionnaire.Item{made}
}

// calculated puts the equation of a computed question into an expression. It
// lies in an attribute since version 3 and before that in the text, in braces.
func (c *converter) calculated(q *question, item questionnaire.Item) []questionnaire.Item {
	equation := q.attributes["equation"]
	if equation == "" {
		text, _ := plain(q.text[c.survey.languages[0]])
		equation = strings.TrimSpace(text)
	}
	inner, isBraced := strings.CutPrefix(equation, "{")
	inner, isClosed := strings.CutSuffix(inner, "}")
	var expression string
	err := untranslated("it is a text with equations in it")
	if isBraced && isClosed && !strings.ContainsAny(inner, "{}") {
		expression, err = translate(inner, false, c.resolve)
	}
	if err != nil {
		c.warn(EquationDropped, q, "The computed question %s was left out: %s. %s", c.named(q), reason(err), shown(equation))
		return nil
	}
	item.Calculation, item.Label = expression, questionnaire.Text{c.d.Languages[0]: q.code} // its text is the equation
	return []questionnaire.Item{item}
}

// told are the settings whose loss changes what is asked; others are about looks.
var told = []struct{ name, words string }{
	{"array_filter", "shows only rows chosen in another question"},
	{"array_filter_exclude", "hides rows chosen in another question"},
	{"em_validation_q", "checks the answers by an equation"},
	{"em_validation_sq", "checks each row by an equation"},
	{"equals_num_value", "wants the numbers to add up"},
	{"min_num_value", "wants the numbers to add up to a least sum"},
	{"max_num_value", "wants the numbers to add up to a greatest sum"},
	{"time_limit", "has a time limit"},
	{"random_group", "comes in a random order within its group"},
	{"other_numbers_only", "takes only numbers as “other”"},
	{"other_comment_mandatory", "wants a comment with “other”"},
	{"numbers_only", "takes only numbers"},
	{"prefix", "shows words before the answer"},
	{"min_answers", "wants a least number of answers"},
	{"max_answers", "takes a greatest number of answers"},
	{"random_order", "shows its rows in a random order"},
}

// rest names what is left out of a question that was taken over.
func (c *converter) rest(q *question) {
	for _, setting := range told {
		value := q.attributes[setting.name]
		if value == "" && setting.name == "prefix" {
			value = q.localised["prefix"][c.survey.languages[0]]
		}
		if value == "" || value == "0" || takenOver(setting.name, q) {
			continue
		}
		c.warn(AttributeDropped, q, "The setting %s (%s) was left out; it is %s.", setting.name, setting.words, shown(value))
	}
	conditional := ""
	for _, sub := range q.subs {
		if sub.relevance != "" && sub.relevance != "1" && strings.ContainsAny(sub.relevance, "=!<>(") {
			conditional += " " + sub.code
		}
	}
	if conditional != "" {
		c.note(SubRelevanceDropped, "subquestions", q, "The conditions on single rows or choices were left out, so all are shown:%s.", conditional)
	}
	if q.other && !q.hasOther() && q.letter != "M" && q.letter != "P" {
		c.warn(OtherDropped, q, "“Other” was left out: questions of type %q have none.", q.letter)
	}
}

// takenOver says whether settings made something of an attribute.
func takenOver(name string, q *question) bool {
	boxes := q.letter == "M" || q.letter == "P"
	switch name {
	case "min_answers", "max_answers":
		return boxes
	case "random_order":
		return boxes || slices.Contains([]string{"L", "!", "O", "R"}, q.letter)
	default:
		return false
	}
}
