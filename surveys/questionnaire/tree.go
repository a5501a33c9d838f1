package questionnaire

import (
	"slices"

	"soundings/surveys/expression"
)

// What can be seen of an expression without any answer.

// numbers are the functions that always give a number.
var numbers = []string{
	"number", "int", "round", "floor", "ceiling", "sum", "count-selected", "count-non-empty", "string-length", "abs", "pow", "sqrt",
	"exp", "exp10", "log", "log10", "pi", "decimal-date-time", "decimal-time", "checklist", "weighted-checklist", "random", "min", "max",
}

// changing are the functions whose value does not depend on answers alone.
var changing = []string{"today", "now", "random", "uuid", "once"}

// isNumber says whether t gives a number whatever the answers are.
func isNumber(t *expression.Tree) bool {
	switch t.Op {
	case "num", "neg", "+", "-", "*", "div", "mod":
		return true
	case "call":
		if t.Text == "if" && len(t.Args) == 3 {
			return isNumber(t.Args[1]) && isNumber(t.Args[2])
		}
		if t.Text == "coalesce" || t.Text == "once" {
			return len(t.Args) > 0 && !slices.ContainsFunc(t.Args, func(arg *expression.Tree) bool { return !isNumber(arg) })
		}
		return slices.Contains(numbers, t.Text)
	default:
		return false
	}
}

// calls says whether t calls one of some functions.
func calls(t *expression.Tree, functions ...string) bool {
	if t.Op == "call" && slices.Contains(functions, t.Text) {
		return true
	}
	return slices.ContainsFunc(t.Args, func(arg *expression.Tree) bool { return calls(arg, functions...) })
}

// constant gives the value of an expression that looks at nothing.
func constant(t *expression.Tree) (expression.Value, bool) {
	if looksOut(t) || calls(t, changing...) {
		return expression.Value{}, false
	}
	value, err := t.Eval(&expression.Env{})
	return value, err == nil
}

// looksOut says whether t looks at answers or at columns.
func looksOut(t *expression.Tree) bool {
	switch t.Op {
	case "ref", "self", "column", "node":
		return true
	}
	return len(t.References()) > 0 || slices.ContainsFunc(t.Args, looksOut)
}

// isConstant says whether t is want whatever the answers are.
func isConstant(t *expression.Tree, want bool) bool {
	value, ok := constant(t)
	return ok && value.Truth() == want
}
