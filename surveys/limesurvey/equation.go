package limesurvey

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// errUntranslated is wrapped by every reason why an equation was not put into
// an expression.
var errUntranslated = errors.New("cannot be put into an expression")

func untranslated(reason string, args ...any) error {
	return fmt.Errorf("%w: %s", errUntranslated, fmt.Sprintf(reason, args...))
}

// maxEquation is how long an equation may be, in bytes, and maxEquationDepth
// how deep; both far above what people write.
const (
	maxEquation      = 16_000
	maxEquationDepth = 60
)

// term is a part of an equation put into an expression.
type term struct {
	text   string
	kind   termKind
	choice *target // kindVariable: what it refers to
}

type termKind uint8

const (
	kindBoolean termKind = iota
	kindNumber
	kindString // text is what it says, not yet in quotes
	kindVariable
	kindMixed // may be either, as the result of if()
)

// translate puts an equation of LimeSurvey's ExpressionManager into an
// expression of ours: comparisons, and, or, not, is_empty, count, strlen, if,
// and sums of numbers. resolve finds what a name refers to.
func translate(equation string, truth bool, resolve func(name string) (*target, error)) (string, error) {
	if len(equation) > maxEquation {
		return "", untranslated("it is longer than %d characters", maxEquation)
	}
	tokens, err := lex(equation)
	if err != nil {
		return "", err
	}
	p := &equationParser{tokens: tokens, resolve: resolve}
	result, err := p.expression(0, 0)
	if err != nil {
		return "", err
	}
	if p.at < len(p.tokens) {
		return "", untranslated("%q is not understood there", p.tokens[p.at].text)
	}
	if truth {
		text, err := p.truth(result)
		return bare(text), err
	}
	return p.value(result)
}

// equationParser is a precedence parser that writes as it reads.
type equationParser struct {
	tokens  []token
	at      int
	resolve func(string) (*target, error)
}

// binding is how tightly an operator holds; all are left to right.
var binding = map[string]int{
	"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6,
}

func (p *equationParser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

func (p *equationParser) take(text string) bool {
	if t := p.peek(); t.kind == tokenSign && t.text == text {
		p.at++
		return true
	}
	return false
}

func (p *equationParser) expression(least, depth int) (term, error) {
	if depth > maxEquationDepth {
		return term{}, untranslated("it is nested deeper than %d levels", maxEquationDepth)
	}
	left, err := p.operand(depth)
	if err != nil {
		return term{}, err
	}
	for {
		operator := p.peek()
		strength := binding[operator.text]
		if operator.kind != tokenSign || strength == 0 || strength <= least {
			return left, nil
		}
		p.at++
		right, err := p.expression(strength, depth+1)
		if err != nil {
			return term{}, err
		}
		if left, err = p.join(operator.text, left, right); err != nil {
			return term{}, err
		}
	}
}

func (p *equationParser) operand(depth int) (term, error) {
	t := p.peek()
	p.at++
	switch {
	case t.kind == tokenNumber:
		return term{text: t.text, kind: kindNumber}, nil
	case t.kind == tokenString:
		return term{text: t.text, kind: kindString}, nil
	case t.kind == tokenName && p.take("("):
		return p.call(t.text, depth)
	case t.kind == tokenName:
		return p.variable(t.text)
	case t.text == "!":
		inner, err := p.expression(6, depth+1)
		if err != nil {
			return term{}, err
		}
		return p.not(inner)
	case t.text == "-":
		inner, err := p.expression(6, depth+1)
		if err != nil || inner.kind != kindNumber {
			return term{}, untranslated("a minus sign stands before something that is no number")
		}
		return term{text: "-" + inner.text, kind: kindNumber}, nil
	case t.text == "(":
		return p.parenthesis(depth)
	default:
		return term{}, untranslated("it ends too early or has %q where a name or a value is wanted", t.text)
	}
}

func (p *equationParser) parenthesis(depth int) (term, error) {
	inner, err := p.expression(0, depth+1)
	if err != nil {
		return term{}, err
	}
	if !p.take(")") {
		return term{}, untranslated("a parenthesis is not closed")
	}
	if inner.kind != kindVariable && inner.kind != kindString && !oneCall.MatchString(inner.text) {
		inner.text = "(" + inner.text + ")"
	}
	return inner, nil
}

// not negates; it takes the parentheses of its operand for its own.
func (p *equationParser) not(inner term) (term, error) {
	text, err := p.truth(inner)
	if err != nil {
		return term{}, err
	}
	text = bare(text)
	if reference, ok := strings.CutSuffix(text, " = ''"); ok && oneReference.MatchString(reference) {
		return term{text: reference + " != ''", kind: kindBoolean}, nil
	}
	return term{text: "not(" + text + ")", kind: kindBoolean}, nil
}

var (
	oneReference = regexp.MustCompile(`^\$\{[a-z0-9_]+\}$`)
	oneCall      = regexp.MustCompile(`^(?:not|selected)\([^()]*\)$`)
)

// bare takes off parentheses that enclose the whole of a text.
func bare(text string) string {
	if !strings.HasPrefix(text, "(") || !strings.HasSuffix(text, ")") {
		return text
	}
	depth, quote := 0, byte(0)
	for i := range len(text) {
		switch b := text[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '\'' || b == '"':
			quote = b
		case b == '(':
			depth++
		case b == ')':
			depth--
		}
		if depth == 0 && i < len(text)-1 {
			return text
		}
	}
	return bare(text[1 : len(text)-1])
}

func (p *equationParser) variable(name string) (term, error) {
	switch strings.ToLower(name) {
	case "true", "false":
		return term{text: strings.ToLower(name) + "()", kind: kindBoolean}, nil
	}
	found, err := p.resolve(name)
	if err != nil {
		return term{}, err
	}
	return term{kind: kindVariable, choice: found}, nil
}

// join puts an operator between two terms.
func (p *equationParser) join(operator string, left, right term) (term, error) {
	switch operator {
	case "and", "or":
		return p.connect(operator, left, right)
	case "=", "!=", "<", "<=", ">", ">=":
		return p.compare(operator, left, right)
	default:
		return p.calculate(operator, left, right)
	}
}

func (p *equationParser) connect(operator string, left, right term) (term, error) {
	return joined(operator, left, right, p.truth)
}

// joined writes two terms, each as write has it, with an operator between them
// that gives true or false.
func joined(operator string, left, right term, write func(term) (string, error)) (term, error) {
	a, err := write(left)
	if err != nil {
		return term{}, err
	}
	b, err := write(right)
	if err != nil {
		return term{}, err
	}
	return term{text: a + " " + operator + " " + b, kind: kindBoolean}, nil
}

// calculate joins numbers. LimeSurvey's + also joins texts, so one side must
// certainly be a number.
func (p *equationParser) calculate(operator string, left, right term) (term, error) {
	if operator == "+" && left.kind != kindNumber && right.kind != kindNumber && (!left.isNumber() || !right.isNumber()) {
		return term{}, untranslated("+ stands between what may be texts")
	}
	a, err := p.value(left)
	if err != nil {
		return term{}, err
	}
	b, err := p.value(right)
	if err != nil {
		return term{}, err
	}
	if left.kind == kindString || right.kind == kindString || left.kind == kindBoolean || right.kind == kindBoolean {
		return term{}, untranslated("%s stands beside what is no number", operator)
	}
	return term{text: a + " " + operator + " " + b, kind: kindNumber}, nil
}

func (t term) isNumber() bool {
	return t.kind == kindNumber || t.kind == kindVariable && t.choice.number
}

// value writes a term where a value is wanted.
func (p *equationParser) value(t term) (string, error) {
	switch t.kind {
	case kindString:
		return literal(t.text)
	case kindVariable:
		if t.choice.code != "" || t.choice.rows != nil {
			return p.truth(t)
		}
		if t.choice.other != "" {
			return "", untranslated("the words beside “other” cannot be asked for")
		}
		return t.choice.reference(), nil
	default:
		return t.text, nil
	}
}

// truth writes a term where yes or no is wanted. A variable is true in
// LimeSurvey if it is neither empty nor 0.
func (p *equationParser) truth(t term) (string, error) {
	switch t.kind {
	case kindBoolean, kindMixed:
		return t.text, nil
	case kindNumber:
		return t.text + " != 0", nil
	case kindVariable:
		switch {
		case t.choice.rows != nil:
			return "", untranslated("a question with rows stands where one answer is wanted")
		case t.choice.code != "" || t.choice.other != "":
			return t.choice.answered(), nil
		}
		return "(" + t.choice.reference() + " != '' and " + t.choice.reference() + " != '0')", nil
	default:
		return "", untranslated("the text %q stands where yes or no is wanted", t.text)
	}
}

// literal writes a text in quotes; an expression has no way to escape them.
func literal(text string) (string, error) {
	switch {
	case !strings.Contains(text, "'"):
		return "'" + text + "'", nil
	case !strings.Contains(text, `"`):
		return `"` + text + `"`, nil
	default:
		return "", untranslated("a text has both kinds of quotation marks")
	}
}
