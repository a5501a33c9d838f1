package questionnaire

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"soundings/surveys/expression"
)

// parsed is an expression with its tree.
type parsed struct {
	expressionAt
	tree *expression.Tree
}

// parseAll reads every expression, and remembers those that can be read.
func (c *checker) parseAll() {
	c.names = c.definition.references()
	for _, e := range c.definition.expressions() {
		tree, err := expression.Parse(e.source, e.slot)
		if err != nil {
			c.fail(e.where, "%s", wordsOfError(e.source, err))
			continue
		}
		c.trees = append(c.trees, parsed{e, tree})
	}
}

// wordsOfError says what is wrong with an expression, and at which character.
func wordsOfError(source string, err error) string {
	var wrong *expression.Error
	if !errors.As(err, &wrong) || wrong.Offset < 0 || wrong.Offset > len(source) {
		return err.Error()
	}
	return fmt.Sprintf("%s (character %d)", wrong.Error(), utf8.RuneCountInString(source[:wrong.Offset])+1)
}

// logic checks what expressions and words look at: that it is there, and that it
// does not go round in a circle. Warnings says what can never be equal: forms in
// use elsewhere have such slips.
func (c *checker) logic() {
	for _, p := range c.trees {
		for _, name := range p.tree.References() {
			if cause := c.names[name].wrong(name); cause != "" {
				c.fail(p.where, "%s", cause)
			}
		}
		c.filterColumns(p)
	}
	for _, w := range c.definition.wordings() {
		c.piping(w)
	}
	c.circles()
}

// piping checks the names that words look at; each once, whatever the language.
func (c *checker) piping(w wording) {
	var told []string
	for _, tag := range c.definition.Languages {
		for _, name := range piped(w.text[tag]) {
			cause := c.names[name].wrong(name)
			if cause != "" && !slices.Contains(told, name) {
				c.fail(w.where, "%s", cause)
				told = append(told, name)
			}
		}
	}
}

// filterColumns checks that some choice has each column that a filter looks at.
func (c *checker) filterColumns(p parsed) {
	if p.place != placeFilter {
		return
	}
	for _, name := range p.tree.Columns() {
		known := name == "name" || slices.ContainsFunc(p.item.Choices, func(choice Choice) bool {
			_, ok := choice.Columns[name]
			return ok
		})
		if !known {
			c.fail(p.where, "no choice has the column %s", quoted(name))
		}
	}
}

// comparisons checks what an expression compares answers with.
func (c *checker) comparisons(p parsed) {
	eachComparison(p.tree, func(one comparison) {
		v := c.compared(p, one.of)
		if v == nil {
			return
		}
		if cause := v.cannotBe(one); cause != "" {
			c.fail(p.where, "%s", cause)
		}
	})
}

// compared is the variable that a node looks at; nil if it is no single one.
func (c *checker) compared(p parsed, node *expression.Tree) *Variable {
	if node.Op == "self" && p.item != nil {
		if len(p.item.Rows) > 0 {
			return c.variables[p.item.Rows[0].ID]
		}
		return c.variables[p.item.ID]
	}
	r := c.names[node.Text]
	if node.Op != "ref" || r.wrong(node.Text) != "" || r.name != string(r.variable) {
		return nil
	}
	return c.variables[r.variable]
}

// comparison is an answer set beside a text or a number that stands in the
// expression.
type comparison struct {
	of       *expression.Tree // ref or self
	text     string
	isNumber bool
	one      bool // is asked for as one of several: selected(${x}, 'a')
}

// eachComparison calls visit with every comparison for equality.
func eachComparison(t *expression.Tree, visit func(comparison)) {
	if one, ok := comparisonOf(t); ok {
		visit(one)
	}
	for _, arg := range t.Args {
		eachComparison(arg, visit)
	}
}

func comparisonOf(t *expression.Tree) (comparison, bool) {
	selected := t.Op == "call" && t.Text == "selected"
	if len(t.Args) != 2 || !selected && t.Op != "=" && t.Op != "!=" {
		return comparison{}, false
	}
	of, literal := t.Args[0], t.Args[1]
	if !selected && (of.Op == "str" || of.Op == "num") {
		of, literal = literal, of
	}
	if of.Op != "ref" && of.Op != "self" {
		return comparison{}, false
	}
	switch literal.Op {
	case "str":
		return comparison{of: of, text: literal.Text, one: selected}, true
	case "num":
		return comparison{of: of, text: formatNumber(literal.Number), isNumber: true, one: selected}, true
	default:
		return comparison{}, false
	}
}

// cannotBe says why an answer to v is never what it is compared with, "" if it
// can be.
func (v *Variable) cannotBe(one comparison) string {
	text := strings.TrimSpace(one.text)
	_, key := readNumber(text, false)
	switch {
	case text == "":
		return ""
	case v.IsScale() || v.Kind == KindNumber:
		if _, ok := v.Choice(text); ok || key == "" {
			return ""
		}
		return fmt.Sprintf("compares %s, which is a number, with %s", quoted(string(v.ID)), quoted(text))
	case len(v.Choices) == 0:
		return ""
	case v.Kind == KindRanking || v.Kind == KindMultipleChoice && !one.one:
		for _, code := range strings.Fields(text) {
			if !v.hasCode(code, one.isNumber) {
				return v.noChoice(code)
			}
		}
		return ""
	case v.hasCode(text, one.isNumber):
		return ""
	default:
		return v.noChoice(text)
	}
}

// hasCode says whether v has a choice with this code or, compared as a number,
// with one that is this number.
func (v *Variable) hasCode(code string, isNumber bool) bool {
	return slices.ContainsFunc(v.Choices, func(c Choice) bool {
		if c.Code == code {
			return true
		}
		number, key := readNumber(c.Code, false)
		return isNumber && key == "" && formatNumber(number) == code
	})
}

func (v *Variable) noChoice(code string) string {
	return fmt.Sprintf("%s has no choice with the code %s", quoted(string(v.ID)), quoted(code))
}
