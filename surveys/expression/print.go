package expression

import (
	"slices"
	"strconv"
	"strings"
)

// String is t as an author would write it, in one way: Parse reads the same tree back.
func (t *Tree) String() string {
	if t == nil {
		return ""
	}
	switch t.Op {
	case "num":
		return strconv.FormatFloat(t.Number, 'f', -1, 64)
	case "str":
		return quote(t.Text)
	case "ref":
		return "${" + t.Text + "}"
	case "column":
		return t.Text
	case "self":
		return "."
	case "node":
		return "self::node()"
	case "call":
		return t.Text + "(" + strings.Join(t.printed(0), ", ") + ")"
	case "neg":
		return "-" + t.Args[0].within(len(levels))
	}
	between := " " + t.Op + " "
	return strings.Join(t.printed(t.level()), between)
}

// printed writes the arguments. The first binds as tight as the operator itself, as
// in a - b - c; the others tighter, as in a - (b - c).
func (t *Tree) printed(level int) []string {
	var parts []string
	for i, arg := range t.Args {
		need := level
		if t.Op != "call" && (i > 0 || isRun(t.Op) && arg.Op == t.Op) {
			need++
		}
		parts = append(parts, arg.within(need))
	}
	return parts
}

// within writes t in brackets if it binds less tight than needed.
func (t *Tree) within(level int) string {
	if t.level() < level {
		return "(" + t.String() + ")"
	}
	return t.String()
}

// level is how tight t binds: an index into levels, then the minus, |, and values.
func (t *Tree) level() int {
	for i, ops := range levels {
		if slices.Contains(ops, t.Op) {
			return i
		}
	}
	switch {
	case t.Op == "neg", t.Op == "num" && strconv.FormatFloat(t.Number, 'f', -1, 64)[0] == '-':
		return len(levels)
	case t.Op == "|":
		return len(levels) + 1
	}
	return len(levels) + 2
}

// quote writes a text in the quotes that it does not have itself. XPath cannot
// write both kinds in one text; curly quotes can be read here but not in ODK, so
// such a text is put together.
func quote(text string) string {
	if !strings.ContainsRune(text, '\'') {
		return "'" + text + "'"
	}
	if !strings.ContainsRune(text, '"') {
		return `"` + text + `"`
	}
	parts := strings.Split(text, "'")
	return "concat('" + strings.Join(parts, `', "'", '`) + "')"
}

// joined undoes quote: a concat of nothing but texts is one text.
func (t *Tree) joined() *Tree {
	if t.Op != "call" || t.Text != "concat" {
		return t
	}
	var text strings.Builder
	for _, part := range t.Args {
		if part.Op != "str" {
			return t
		}
		text.WriteString(part.Text)
	}
	return &Tree{Op: "str", Text: text.String()}
}
