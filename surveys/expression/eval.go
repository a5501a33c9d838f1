package expression

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// machine works out one expression. Its first error stays.
type machine struct {
	env   *Env
	zone  *time.Location
	steps int
	depth int
	err   error
}

var (
	errSteps = errors.New("too many steps")
	errDepth = errors.New("nested too deep")
)

func (m *machine) fail(err error) Value {
	if m.err == nil {
		m.err = err
	}
	return Value{Number: math.NaN(), zone: m.zone}
}

// spend counts a node and the text that it makes.
func (m *machine) spend(bytes int) bool {
	m.steps += 1 + bytes/64
	if m.steps > maxSteps {
		m.fail(errSteps)
	}
	return m.err == nil
}

func (m *machine) text(s string) Value {
	if !m.spend(len(s)) {
		s = ""
	}
	return Value{Text: s, Number: math.NaN(), zone: m.zone}
}

func number(f float64) Value               { return Value{Kind: KindNumber, Number: f} }
func boolean(b bool) Value                 { return Value{Kind: KindBool, Bool: b} }
func (m *machine) date(days float64) Value { return dateValue(days, m.zone) }

func (m *machine) eval(t *Tree) Value {
	if m.depth++; m.depth > MaxDepth {
		m.fail(errDepth)
	}
	defer func() { m.depth-- }()
	if !m.spend(0) {
		return Value{Number: math.NaN(), zone: m.zone}
	}
	switch t.Op {
	case "num":
		return number(t.Number)
	case "str":
		return m.text(t.Text)
	case "ref":
		return m.text(look(m.env.Answer, t.Text))
	case "column":
		return m.text(look(m.env.Column, t.Text))
	case "self":
		return m.text(m.env.Self)
	case "node":
		v := m.text(m.env.Self)
		v.node = true
		return v
	case "call":
		return m.call(t)
	}
	return m.operate(t)
}

func look(find func(string) string, name string) string {
	if find == nil {
		return ""
	}
	return find(name)
}

func (m *machine) operate(t *Tree) Value {
	if len(t.Args) == 0 {
		return m.fail(fmt.Errorf("the operator %q has no values", t.Op))
	}
	if t.Op == "or" || t.Op == "and" {
		for _, arg := range t.Args {
			if m.eval(arg).Truth() == (t.Op == "or") {
				return boolean(t.Op == "or")
			}
		}
		return boolean(t.Op == "and")
	}
	left := m.eval(t.Args[0])
	if t.Op == "neg" {
		return number(-left.Float())
	}
	if t.Op == "|" {
		return left
	}
	for _, arg := range t.Args[1:] {
		left = m.binary(t.Op, left, m.eval(arg))
	}
	return left
}

func (m *machine) binary(op string, left, right Value) Value {
	switch op {
	case "=":
		return boolean(equal(left, right))
	case "!=":
		return boolean(!equal(left, right))
	}
	a, b := numbers(left, right)
	switch op {
	case "<":
		return boolean(a < b)
	case "<=":
		return boolean(a <= b)
	case ">":
		return boolean(a > b)
	case ">=":
		return boolean(a >= b)
	case "+":
		return number(a + b)
	case "-":
		return number(a - b)
	case "*":
		return number(a * b)
	case "div":
		return number(a / b)
	case "mod":
		return number(math.Mod(a, b))
	}
	return m.fail(fmt.Errorf("there is no operator %q", op))
}

// equal compares as XPath does: booleans win over numbers, numbers and dates
// over text. NaN equals nothing.
func equal(a, b Value) bool {
	if a.Kind == KindBool || b.Kind == KindBool {
		return a.Truth() == b.Truth()
	}
	if a.isNumeric() || b.isNumeric() {
		x, y := numbers(a, b)
		return x == y
	}
	return a.Text == b.Text
}

// isNumeric counts a text that is a date too, so that 2012-7-24 is 2012-07-24.
func (v Value) isNumeric() bool {
	return v.Kind != KindText || !math.IsNaN(parseDate(v.Text, v.zone))
}

// numbers casts both sides. Beside a date a text is read as the function date reads it.
func numbers(a, b Value) (float64, float64) {
	if a.Kind == KindDate && b.Kind == KindText {
		return a.Number, readDate(b.Text, b.zone)
	}
	if b.Kind == KindDate && a.Kind == KindText {
		return readDate(a.Text, a.zone), b.Number
	}
	return a.Float(), b.Float()
}

// each works out the values of a call, those of a union one by one.
func (m *machine) each(args []*Tree) []Value {
	var values []Value
	for _, arg := range args {
		if arg.Op == "|" {
			values = append(values, m.each(arg.Args)...)
			continue
		}
		values = append(values, m.eval(arg))
	}
	return values
}

// ticked tells which conditions of a checklist hold. There an answer of blanks is none.
func (m *machine) ticked(arg *Tree) bool {
	v := m.eval(arg)
	if arg.isNode() || arg.Op == "|" {
		return strings.TrimFunc(v.Text, isSpace) != ""
	}
	return v.Truth()
}
