package limesurvey

import (
	"fmt"
	"strconv"
	"strings"

	"soundings/surveys/questionnaire"
)

// target is what a name in an equation refers to.
type target struct {
	id     questionnaire.ItemID // of the item or the row
	code   string               // a choice of a multiple choice: its box
	other  string               // the words beside a choice with this code
	number bool                 // its answer is a number
	all    bool                 // a multiple choice as a whole
	rows   []*target            // a question with rows as a whole
}

func (t *target) reference() string { return "${" + string(t.id) + "}" }

// selected says that the box of a choice is ticked.
func (t *target) selected() string {
	return fmt.Sprintf("selected(%s, '%s')", t.reference(), t.code)
}

// answered says that a variable has an answer.
func (t *target) answered() string {
	switch {
	case t.code != "":
		return t.selected()
	case t.other != "":
		return fmt.Sprintf("selected(%s, '%s')", t.reference(), t.other)
	default: // one answer, or a multiple choice as a whole
		return t.reference() + " != ''"
	}
}

// opposite turns a comparison round, for a value that stands first.
var opposite = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// compare writes a comparison. That of a ticked box with "Y", and of words
// with nothing, are no comparisons with us.
func (p *equationParser) compare(operator string, left, right term) (term, error) {
	if right.kind == kindVariable && left.kind != kindVariable {
		left, right, operator = right, left, opposite[operator]
	}
	if left.kind == kindVariable && (left.choice.code != "" || left.choice.other != "" || left.choice.all) {
		return p.compareBox(operator, left.choice, right)
	}
	if right.kind == kindString && strings.TrimSpace(right.text) == "" {
		right.text = ""
	}
	if right.kind == kindString && operator != "=" && operator != "!=" && !isNumeral(right.text) {
		return term{}, untranslated("%s compares with the text %q by the alphabet", operator, right.text)
	}
	return joined(operator, left, right, p.value)
}

// compareBox writes the comparison of a box of a multiple choice, or of the
// words of "other", with "Y", with a number of boxes, or with nothing.
func (p *equationParser) compareBox(operator string, box *target, right term) (term, error) {
	if operator != "=" && operator != "!=" || right.kind != kindString {
		return term{}, untranslated("a box that is ticked or not is compared with more than \"Y\" or nothing")
	}
	ticked := operator == "="
	if code := strings.TrimSpace(right.text); box.all && code != "" {
		box = &target{id: box.id, code: code} // as the table of conditions has it
		right.text = "Y"
	}
	switch {
	case strings.TrimSpace(right.text) == "":
		ticked = !ticked
	case right.text == "N" && box.code != "":
		ticked = !ticked
	case right.text != "Y" || box.code == "":
		return term{}, untranslated("a box, or the words beside it, are compared with %q", right.text)
	}
	if ticked {
		return term{text: box.answered(), kind: kindBoolean}, nil
	}
	return term{text: "not(" + box.answered() + ")", kind: kindBoolean}, nil
}

func isNumeral(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// call writes a function; the opening parenthesis has been read.
func (p *equationParser) call(name string, depth int) (term, error) {
	arguments, err := p.arguments(depth)
	if err != nil {
		return term{}, err
	}
	switch name := strings.ToLower(name); {
	case name == "is_empty" && len(arguments) == 1:
		return p.isEmpty(arguments[0])
	case name == "count" && len(arguments) > 0:
		return p.count(arguments)
	case name == "strlen" && len(arguments) == 1:
		return p.function("string-length", kindNumber, arguments)
	case name == "if" && len(arguments) == 3:
		return p.choose(arguments)
	default:
		return term{}, untranslated("there is no function %s for %d values", name, len(arguments))
	}
}

func (p *equationParser) arguments(depth int) ([]term, error) {
	var list []term
	if p.take(")") {
		return nil, nil
	}
	for {
		argument, err := p.expression(0, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, argument)
		switch {
		case p.take(")"):
			return list, nil
		case !p.take(","):
			return nil, untranslated("a comma or a parenthesis is missing")
		}
	}
}

func (p *equationParser) isEmpty(of term) (term, error) {
	if of.kind != kindVariable {
		return term{}, untranslated("is_empty is asked of something other than a question")
	}
	if of.choice.rows != nil {
		return term{text: "(" + countOf(of.choice.rows) + ") = 0", kind: kindBoolean}, nil
	}
	if of.choice.code != "" || of.choice.other != "" {
		return term{text: "not(" + of.choice.answered() + ")", kind: kindBoolean}, nil
	}
	return term{text: of.choice.reference() + " = ''", kind: kindBoolean}, nil
}

// count adds up how many of the variables have an answer.
func (p *equationParser) count(of []term) (term, error) {
	parts := make([]string, len(of))
	for i, t := range of {
		switch {
		case t.kind != kindVariable:
			return term{}, untranslated("count is asked of something other than questions")
		case t.choice.rows != nil:
			parts[i] = countOf(t.choice.rows)
		case t.choice.all:
			parts[i] = "count-selected(" + t.choice.reference() + ")"
		default:
			parts[i] = "if(" + t.choice.answered() + ", 1, 0)"
		}
	}
	text := strings.Join(parts, " + ")
	if strings.Contains(text, " + ") {
		text = "(" + text + ")"
	}
	return term{text: text, kind: kindNumber}, nil
}

func countOf(rows []*target) string {
	parts := make([]string, len(rows))
	for i, row := range rows {
		parts[i] = "if(" + row.answered() + ", 1, 0)"
	}
	return strings.Join(parts, " + ")
}

func (p *equationParser) function(name string, kind termKind, arguments []term) (term, error) {
	texts := make([]string, len(arguments))
	for i, argument := range arguments {
		text, err := p.value(argument)
		if err != nil {
			return term{}, err
		}
		texts[i] = text
	}
	return term{text: name + "(" + strings.Join(texts, ", ") + ")", kind: kind}, nil
}

// choose writes if(): its first argument is a condition.
func (p *equationParser) choose(arguments []term) (term, error) {
	condition, err := p.truth(arguments[0])
	if err != nil {
		return term{}, err
	}
	then := term{text: bare(condition), kind: kindMixed}
	return p.function("if", kindMixed, append([]term{then}, arguments[1:]...))
}
