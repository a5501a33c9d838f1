package expression

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// The limits of an expression. No author comes near them; a hostile file does.
const (
	MaxSource = 32 << 10 // bytes
	MaxDepth  = 200      // brackets in brackets, and levels of a tree
	maxSteps  = 200_000  // of one evaluation: nodes, and pieces of 64 bytes of text
)

// Slot is where an expression stands, which decides what bare words mean.
type Slot uint8

const (
	SlotRelevant     Slot = iota // yes, no, true, false alone are booleans
	SlotRequired                 // likewise
	SlotReadOnly                 // likewise
	SlotConstraint               // likewise; "." is the answer
	SlotCalculation              // likewise
	SlotDefault                  // an expression only if Dynamic says so
	SlotChoiceFilter             // bare names are columns of the choices
)

// Tree is one node of a parsed expression. Its JSON is a compact array that the
// browser walks: ["and",[">",["ref","age"],["num",17]],["call","selected",["ref","topics"],["str","maths"]]].
// A Tree is not changed once it is made, and may be shared.
type Tree struct {
	Op     string  // ref, self, node (self::node()), column, str, num, call, neg, or an operator: or and = != < <= > >= + - * div mod |
	Text   string  // ref, column: the name; str: the text; call: the function
	Number float64 // num
	Args   []*Tree // of a call or an operator; two or more of or and + - * div mod |, worked out from the left

	pattern *regexp.Regexp // call of regex: its pattern, for the whole text
}

// Code says what kind of thing is wrong, as the profile of spreadsheet
// questionnaires names it.
type Code string

const (
	CodeSyntax       Code = "E_EXPR_SYNTAX"
	CodeFunction     Code = "E_EXPR_FUNCTION" // unknown to ODK too
	CodeArguments    Code = "E_EXPR_ARGS"     // too few or too many
	CodeBareword     Code = "E_EXPR_BAREWORD" // = yes without quotes
	CodeRegex        Code = "E_REGEX"         // a pattern we do not run
	CodeReference    Code = "E_BAD_REFERENCE" // malformed ${
	CodePath         Code = "U_PATH"          // a location path such as ../x
	CodeNoFunction   Code = "U_FUNCTION"      // known to ODK, not here
	CodeExternalData Code = "U_EXTERNAL_DATA" // pulldata, search, instance
	CodeLastSaved    Code = "U_LAST_SAVED"    // ${last-saved#name}
)

// Error says what is wrong with an expression, where, and what to write instead.
type Error struct {
	Code   Code
	Offset int    // in bytes of the source
	Cause  string // plain English, without a full stop
	Hint   string // "write 'yes' in quotes"; may be ""
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Cause
	}
	return e.Cause + ": " + e.Hint
}

// Env is what an expression is worked out with. A function that is nil gives "".
type Env struct {
	Answer func(name string) string           // the answer of ${name} as text: a code, codes with blanks between, digits, a date; "" for none
	Self   string                             // "."
	Column func(name string) string           // choice filter: the column of the choice looked at
	Label  func(question, code string) string // jr:choice-name; nil: the code
	Now    time.Time
	Zone   *time.Location // of the programme; nil: UTC
	Draw   func() float64 // random() in [0,1), and what uuid() is made of; nil: 0
}

// Eval works t out. It fails only if it takes more steps than any author's
// expression needs, or if a format of a date is not one.
func (t *Tree) Eval(env *Env) (Value, error) {
	m := &machine{env: env, zone: env.Zone}
	if m.zone == nil {
		m.zone = time.UTC
	}
	v := m.eval(t)
	if m.err != nil {
		return Value{}, fmt.Errorf("work out an expression: %w", m.err)
	}
	return v, nil
}

// Columns lists the columns of choices that t looks at, each once in the order met.
func (t *Tree) Columns() []string {
	var names []string
	t.walk(func(n *Tree) {
		if n.Op == "column" {
			names = append(names, n.Text)
		}
	})
	return unique(names)
}

// walk calls visit with t and all below it, from the left.
func (t *Tree) walk(visit func(*Tree)) {
	if t == nil {
		return
	}
	visit(t)
	for _, arg := range t.Args {
		arg.walk(visit)
	}
}

func unique(names []string) []string {
	var once []string
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			once, seen[name] = append(once, name), true
		}
	}
	return once
}

// Dynamic tells whether the default of an item is an expression rather than plain
// text: whether it refers to a question, calls a function, or calculates. A
// minus alone does not make it one, since dates and telephone numbers have it.
func Dynamic(source string) bool {
	if strings.Contains(source, "${") || callsFunction(source) {
		return true
	}
	tree, err := Parse(source, SlotDefault)
	if err != nil {
		return false
	}
	calculates := false
	tree.walk(func(t *Tree) {
		calculates = calculates || strings.Contains(" + * div mod | ", " "+t.Op+" ")
	})
	return calculates
}

// callsFunction looks for the name of a function with its bracket, as today().
func callsFunction(source string) bool {
	for at, c := range source {
		if c != '(' {
			continue
		}
		start := at
		for start > 0 && isNameByte(source[start-1]) {
			start--
		}
		if knownFunction(source[start:at]) {
			return true
		}
	}
	return false
}

func isNameByte(c byte) bool {
	return c == '-' || c == ':' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
