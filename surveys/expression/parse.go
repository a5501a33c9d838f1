package expression

import (
	"fmt"
	"strings"
)

// Parse reads source. It returns *Error.
func Parse(source string, slot Slot) (*Tree, error) {
	if len(source) > MaxSource {
		return nil, &Error{Code: CodeSyntax, Offset: MaxSource, Cause: fmt.Sprintf("the expression is longer than %d characters", MaxSource), Hint: "split it over several calculations"}
	}
	if clean := strings.ToValidUTF8(source, ""); clean != source {
		return nil, &Error{Code: CodeSyntax, Cause: "the expression has characters that are no text", Hint: "write it anew"}
	}
	if word := strings.TrimFunc(source, isBlank); slot != SlotChoiceFilter && slot != SlotDefault {
		switch strings.ToLower(word) {
		case "yes", "true":
			return &Tree{Op: "call", Text: "true"}, nil
		case "no", "false":
			return &Tree{Op: "call", Text: "false"}, nil
		}
	}
	p := &parser{lexer: lexer{source: source}, slot: slot}
	p.advance()
	if p.token.kind == tokenEnd {
		p.fail(CodeSyntax, 0, "", "the expression is empty")
	}
	tree := p.binary(0)
	if p.token.kind != tokenEnd {
		p.unexpected()
	}
	if p.err == nil && tree.depth() > MaxDepth {
		p.tooDeep(0)
	}
	if p.err != nil {
		return nil, p.err
	}
	return tree, nil
}

// parser descends by the precedence of XPath 1.0: the six levels below, then the
// minus in front of a value, then |.
type parser struct {
	lexer
	token  token
	slot   Slot
	depth  int // of brackets and minus signs
	unread int // above 0 in what can never be worked out, as after "true() or"
}

var levels = [][]string{{"or"}, {"and"}, {"=", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "div", "mod"}}

func (p *parser) advance() { p.token = p.next() }

// fail keeps the first error and ends the parse.
func (p *parser) fail(code Code, offset int, hint, cause string, args ...any) *Tree {
	p.token = p.lexer.fail(code, offset, hint, cause, args...)
	return &Tree{Op: "str"}
}

func (p *parser) tooDeep(offset int) *Tree {
	return p.fail(CodeSyntax, offset, "split it over several calculations", "the expression is nested too deep, more than %d levels", MaxDepth)
}

// binary reads the operators of one level and of those that bind tighter.
func (p *parser) binary(level int) *Tree {
	if level == len(levels) {
		return p.negation()
	}
	left := p.binary(level + 1)
	op := p.operator(levels[level])
	decided := decides(op, left)
	for ; op != ""; op = p.operator(levels[level]) {
		right := p.operand(level+1, decided)
		decided = decided || decides(op, right)
		left = join(op, left, right)
	}
	return left
}

// operand reads the right side of an operator. Where the left has decided
// already, as in "true() or f()", nobody minds how many values f takes.
func (p *parser) operand(level int, decided bool) *Tree {
	if !decided {
		return p.binary(level)
	}
	p.unread++
	defer func() { p.unread-- }()
	return p.binary(level)
}

// decides tells whether a constant settles an "and" or an "or" by itself.
func decides(op string, t *Tree) bool {
	if op != "and" && op != "or" || !t.constant() {
		return false
	}
	v, err := t.Eval(&Env{})
	return err == nil && v.Truth() == (op == "or")
}

// operator takes the next token if it is one of the wanted operators.
func (p *parser) operator(wanted []string) string {
	for _, op := range wanted {
		if p.token.kind == tokenSign && p.token.text == op {
			p.advance()
			return op
		}
		if p.token.kind != tokenName {
			continue
		}
		// XPath needs no blank after a word operator: "1 or1".
		rest, ok := strings.CutPrefix(p.token.text, op)
		if ok && (rest == "" || isDigit(rest[0])) {
			p.at = p.token.offset + len(op)
			p.advance()
			return op
		}
	}
	return ""
}

// join makes one node out of a run of the same operator, so that a sum of three
// hundred questions is not three hundred levels deep.
func join(op string, left, right *Tree) *Tree {
	if left.Op == op && isRun(op) {
		return &Tree{Op: op, Args: append(left.Args, right)}
	}
	return &Tree{Op: op, Args: []*Tree{left, right}}
}

func isRun(op string) bool {
	switch op {
	case "or", "and", "+", "-", "*", "div", "mod", "|":
		return true
	}
	return false
}

func (p *parser) negation() *Tree {
	if p.token.kind != tokenSign || p.token.text != "-" {
		return p.union()
	}
	if p.depth++; p.depth > MaxDepth {
		return p.tooDeep(p.token.offset)
	}
	defer func() { p.depth-- }()
	p.advance()
	t := p.negation()
	if t.Op == "num" {
		return &Tree{Op: "num", Number: -t.Number}
	}
	return &Tree{Op: "neg", Args: []*Tree{t}}
}

func (p *parser) union() *Tree {
	offset := p.token.offset
	left := p.primary()
	for op := p.operator([]string{"|"}); op != ""; op = p.operator([]string{"|"}) {
		right := p.primary()
		if !left.isNode() && left.Op != "|" || !right.isNode() {
			return p.fail(CodeSyntax, offset, "write it between questions only, as ${a} | ${b}", "the sign | does not join these")
		}
		left = join(op, left, right)
	}
	return left
}

// isNode tells whether t is an answer itself rather than something made of answers.
func (t *Tree) isNode() bool { return t.Op == "ref" || t.Op == "self" || t.Op == "node" }

func (p *parser) primary() *Tree {
	t := p.token
	switch {
	case t.kind == tokenNumber:
		p.advance()
		return &Tree{Op: "num", Number: t.number}
	case t.kind == tokenText:
		p.advance()
		return &Tree{Op: "str", Text: t.text}
	case t.kind == tokenRef:
		p.advance()
		return &Tree{Op: "ref", Text: t.text}
	case t.kind == tokenName:
		return p.name()
	case t.text == ".":
		p.advance()
		return &Tree{Op: "self"}
	case t.text == "(":
		return p.bracket()
	}
	return p.unexpected()
}

func (p *parser) bracket() *Tree {
	if p.depth++; p.depth > MaxDepth {
		return p.tooDeep(p.token.offset)
	}
	defer func() { p.depth-- }()
	p.advance()
	t := p.binary(0)
	p.expect(")")
	return t
}

func (p *parser) expect(sign string) {
	if p.token.kind == tokenSign && p.token.text == sign {
		p.advance()
		return
	}
	if p.token.kind == tokenEnd {
		p.fail(CodeSyntax, p.token.offset, "write it", "a '%s' is missing at the end", sign)
		return
	}
	p.unexpected()
}

// name reads a call, a column, or says what is wrong with a bare word.
func (p *parser) name() *Tree {
	word := p.token
	rest := strings.TrimLeftFunc(p.source[p.at:], isBlank)
	switch {
	case strings.HasPrefix(rest, "("):
		return p.call()
	case word.text == "self" && p.selfNode(rest):
		return &Tree{Op: "node"}
	case strings.HasPrefix(rest, "/"), strings.HasPrefix(rest, "["), strings.HasPrefix(rest, "::"):
		p.advance() // and say that paths cannot be used
		return &Tree{Op: "str"}
	case p.slot == SlotChoiceFilter:
		p.advance()
		return &Tree{Op: "column", Text: word.text}
	case isOperator(strings.ToLower(word.text)):
		return p.unexpected()
	}
	if p.advance(); p.token.kind == tokenText || p.token.kind == tokenRef || p.token.kind == tokenNumber || p.token.kind == tokenName && !isOperator(p.token.text) {
		return p.fail(CodeSyntax, word.offset, "write text in quotes", "the word %s stands there by itself, before other words", word.text)
	}
	if p.err != nil {
		return &Tree{Op: "str"}
	}
	return p.fail(CodeBareword, word.offset, fmt.Sprintf("write '%[1]s' in quotes, or ${%[1]s} if it is the name of a question", word.text), "the word %s stands there by itself", word.text)
}

func isOperator(word string) bool {
	return word == "and" || word == "or" || word == "div" || word == "mod"
}

// selfNode takes the rest of self::node(), which asks whether the question exists: it does.
func (p *parser) selfNode(rest string) bool {
	const test = "::node()"
	if !strings.HasPrefix(rest, test) {
		return false
	}
	p.at = len(p.source) - len(rest) + len(test)
	p.advance()
	return true
}

// unexpected says that the token cannot stand where it stands.
func (p *parser) unexpected() *Tree {
	t := p.token
	switch t.kind {
	case tokenEnd:
		return p.fail(CodeSyntax, t.offset, "", "the expression stops in the middle")
	case tokenName:
		return p.fail(CodeSyntax, t.offset, wordHint(t.text), "unexpected '%s'", t.text)
	case tokenRef:
		return p.fail(CodeSyntax, t.offset, "write an operator such as and, or, = before it", "unexpected ${%s}", t.text)
	case tokenText:
		return p.fail(CodeSyntax, t.offset, "write an operator such as and, or, = before it", "unexpected text '%.40s'", t.text)
	case tokenNumber:
		return p.fail(CodeSyntax, t.offset, "write an operator such as and, or, = before it", "unexpected number %s", t.text)
	}
	return p.fail(CodeSyntax, t.offset, "", "unexpected '%s'", t.text)
}

// wordHint says what to write instead of a word of everyday language.
func wordHint(word string) string {
	switch lower := strings.ToLower(word); lower {
	case "and", "or", "div", "mod":
		if word != lower {
			return "use " + lower + " instead of " + word
		}
		return "write a value before and after " + word
	case "is", "equals", "eq":
		return "use = instead of " + word
	case "not":
		return "write not( ) around what is not to hold, or use != for is not"
	case "gt", "lt":
		return "use > or < instead of " + word
	case "in", "includes":
		return "write selected(${name}, 'code')"
	}
	return ""
}

// depth counts the levels of t.
func (t *Tree) depth() int {
	deepest := 0
	for _, arg := range t.Args {
		deepest = max(deepest, arg.depth())
	}
	return deepest + 1
}
