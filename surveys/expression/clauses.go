package expression

import (
	"slices"
	"strings"
)

// Comparison is what a clause says of an answer.
type Comparison string

// The comparisons. A clause of the last two has no value.
const (
	Is          Comparison = "is"
	IsNot       Comparison = "is_not"
	Includes    Comparison = "includes" // of several choices
	Excludes    Comparison = "excludes" // does not include
	More        Comparison = "more"     // than
	AtLeast     Comparison = "at_least"
	Less        Comparison = "less" // than
	AtMost      Comparison = "at_most"
	Answered    Comparison = "answered"
	NotAnswered Comparison = "not_answered"
)

// Comparisons lists them in the order in which an author is offered them.
var Comparisons = []Comparison{Is, IsNot, Includes, Excludes, More, AtLeast, Less, AtMost, Answered, NotAnswered}

// signs are the operators of the comparisons that are one.
var signs = map[Comparison]string{Is: "=", IsNot: "!=", More: ">", AtLeast: ">=", Less: "<", AtMost: "<=", Answered: "!=", NotAnswered: "="}

// Clause is one plain-language condition of the editor.
type Clause struct {
	Name   string // of the question; "." is the answer itself, in a constraint
	Is     Comparison
	Value  string // a code, text, a number or a date; "" of Answered and NotAnswered
	Number bool   // Value stands there without quotes; ignored unless it is a number
}

// Clauses reads t as clauses that all hold, or of which any one does. It is not ok
// if t says more than clauses can; an expression of one clause is all.
func Clauses(t *Tree) (all bool, clauses []Clause, ok bool) {
	if t == nil {
		return true, nil, false
	}
	parts := []*Tree{t}
	if t.Op == "and" || t.Op == "or" {
		parts = t.Args
	}
	for _, part := range parts {
		clause, ok := readClause(part)
		if !ok {
			return false, nil, false
		}
		clauses = append(clauses, clause)
	}
	return t.Op != "or", clauses, true
}

func readClause(t *Tree) (Clause, bool) {
	negated := t.Op == "call" && t.Text == "not" && len(t.Args) == 1
	if negated {
		t = t.Args[0]
	}
	if t.Op == "call" && t.Text == "selected" && len(t.Args) == 2 {
		is := Includes
		if negated {
			is = Excludes
		}
		return valueClause(t, is)
	}
	if negated || len(t.Args) != 2 {
		return Clause{}, false
	}
	for _, is := range Comparisons[:8] {
		if signs[is] == t.Op {
			return valueClause(t, is)
		}
	}
	return Clause{}, false
}

// valueClause reads the question and the value out of t.
func valueClause(t *Tree, is Comparison) (Clause, bool) {
	c := Clause{Is: is}
	switch question := t.Args[0]; question.Op {
	case "ref":
		c.Name = question.Text
	case "self":
		c.Name = "."
	default:
		return Clause{}, false
	}
	switch value := t.Args[1].joined(); value.Op {
	case "num":
		c.Value, c.Number = value.String(), true
	case "str":
		c.Value = value.Text
	default:
		return Clause{}, false
	}
	if c.Value == "" && is == Is {
		c.Is = NotAnswered
	}
	if c.Value == "" && is == IsNot {
		c.Is = Answered
	}
	return c, true
}

// FromClauses writes clauses as an expression; "" for none.
func FromClauses(all bool, clauses []Clause) string {
	word := " or "
	if all {
		word = " and "
	}
	var parts []string
	for _, c := range clauses {
		parts = append(parts, c.source())
	}
	return strings.Join(parts, word)
}

func (c Clause) source() string {
	question, value := "${"+c.Name+"}", quote(c.Value)
	if c.Name == "." {
		question = "."
	}
	if t, err := Parse(c.Value, SlotDefault); c.Number && err == nil && t.Op == "num" {
		value = c.Value
	}
	switch c.Is {
	case Includes:
		return "selected(" + question + ", " + value + ")"
	case Excludes:
		return "not(selected(" + question + ", " + value + "))"
	case Answered, NotAnswered:
		value = "''"
	}
	if !slices.Contains(Comparisons, c.Is) {
		return "false()" // of no meaning: never true rather than always
	}
	return question + " " + signs[c.Is] + " " + value
}
