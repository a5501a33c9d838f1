package expression

import (
	"errors"
	"time"
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
type Tree struct {
	Op     string  // ref, self, node (self::node()), column, str, num, call, neg, or an operator: or and = != < <= > >= + - * div mod |
	Text   string  // ref, column: the name; str: the text; call: the function
	Number float64 // num
	Args   []*Tree // of a call or an operator; two or more of or and + - * div mod |, worked out from the left
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

// Env is what an expression is worked out with.
type Env struct {
	Answer func(name string) string           // the answer of ${name} as text: a code, codes with blanks between, digits, a date; "" for none
	Self   string                             // "."
	Column func(name string) string           // choice filter: the column of the choice looked at
	Label  func(question, code string) string // jr:choice-name
	Now    time.Time
	Zone   *time.Location // of the programme; nil: UTC
	Draw   func() float64 // random() in [0,1), and what uuid() is made of; nil: 0
}

// Value is what an expression gives.
type Value struct {
	Kind   ValueKind
	Text   string
	Number float64 // of a number, and of a date in days
	Bool   bool
}

// ValueKind says which field of a Value holds it.
type ValueKind uint8

const (
	KindText ValueKind = iota
	KindNumber
	KindBool
	KindDate // Number holds days since 1970-01-01T00:00Z
)

var errNotYet = errors.New("expression: not built yet")

// Parse reads source. It returns *Error.
func Parse(source string, slot Slot) (*Tree, error) { return nil, errNotYet }

// Dynamic tells whether the default of an item is an expression rather than plain text.
func Dynamic(source string) bool { return false }

// References lists the names that t looks at by ${name}, each once in the order
// met, those inside quotes too, since jr:choice-name has its question there.
func (t *Tree) References() []string { return nil }

// Columns lists the columns of choices that t looks at.
func (t *Tree) Columns() []string { return nil }

// Rename returns t with each reference renamed.
func (t *Tree) Rename(rename func(string) string) *Tree { return t }

// RenameSource returns source with each reference renamed and all else as it was written.
func RenameSource(source string, rename func(string) string) string { return source }

// Eval works t out. It fails only if it takes more steps than any author's
// expression needs, or if a value is cast that cannot be.
func (t *Tree) Eval(env *Env) (Value, error) { return Value{}, errNotYet }

// String is t as an author would write it, in one way: Parse reads the same tree back.
func (t *Tree) String() string { return "" }

// Names lists each ${name} of any text once, in the order met: of a label with
// piping, or of an expression that Parse refuses.
func Names(text string) []string { return nil }

// Comparison is what a clause says of an answer.
type Comparison string

// The comparisons. A clause without a value is of the last two.
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

// Clause is one plain-language condition of the editor.
type Clause struct {
	Name   string // of the question; "." is the answer itself, in a constraint
	Is     Comparison
	Value  string // a code, text, a number or a date; "" of Answered and NotAnswered
	Number bool   // Value stands there without quotes
}

// Clauses reads t as clauses that all hold, or of which any one does. It is not ok
// if t says more than clauses can; an expression of one clause is all.
func Clauses(t *Tree) (all bool, clauses []Clause, ok bool) { return false, nil, false }

// FromClauses writes clauses as an expression; "" for none.
func FromClauses(all bool, clauses []Clause) string { return "" }

// String is v as text, Truth as a boolean, Float as a number.
func (v Value) String() string { return v.Text }
func (v Value) Truth() bool    { return v.Bool }
func (v Value) Float() float64 { return v.Number }
