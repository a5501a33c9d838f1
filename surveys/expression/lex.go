package expression

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenText // in quotes
	tokenRef  // ${name}
	tokenName // a function, a column, or a word operator
	tokenSign // ( ) , . and the operators that are signs
)

type token struct {
	kind   tokenKind
	text   string // of a text without its quotes; of a reference the name
	number float64
	offset int // in bytes of the source
}

// lexer cuts the source into tokens, one at a time. Its first error stays, and
// from then on it gives nothing but the end.
type lexer struct {
	source string
	at     int
	err    *Error
}

func (l *lexer) fail(code Code, offset int, hint, cause string, args ...any) token {
	if l.err == nil {
		l.err = &Error{Code: code, Offset: offset, Cause: fmt.Sprintf(cause, args...), Hint: hint}
	}
	return token{kind: tokenEnd, offset: offset}
}

func (l *lexer) next() token {
	for l.at < len(l.source) {
		r, size := utf8.DecodeRuneInString(l.source[l.at:])
		if !isBlank(r) {
			break
		}
		l.at += size
	}
	if l.err != nil || l.at >= len(l.source) {
		return token{kind: tokenEnd, offset: l.at}
	}
	rest := l.source[l.at:]
	r, _ := utf8.DecodeRuneInString(rest)
	switch {
	case isDigit(rest[0]) || rest[0] == '.' && len(rest) > 1 && isDigit(rest[1]):
		return l.numeral(rest)
	case quotes(r) != "":
		return l.quoted(rest, r)
	case rest[0] == '$':
		return l.reference(rest)
	case startsName(r):
		return l.word(rest)
	}
	return l.sign(rest, r)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func digits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

// numeral reads 12, 12.5, .5, 12. and, as Enketo does, 1e5.
func (l *lexer) numeral(rest string) token {
	n := digits(rest)
	if n < len(rest) && rest[n] == '.' {
		n += 1 + digits(rest[n+1:])
	}
	if exponent := strings.TrimPrefix(rest[n:], "e"); exponent != rest[n:] {
		signless := strings.TrimPrefix(exponent, "-")
		if d := digits(signless); d > 0 {
			n += 1 + len(exponent) - len(signless) + d
		}
	}
	number, err := strconv.ParseFloat(rest[:n], 64)
	if err != nil {
		return l.fail(CodeSyntax, l.at, "", "the number %.20s is too large", rest[:n])
	}
	t := token{kind: tokenNumber, number: number, text: rest[:n], offset: l.at}
	l.at += n
	return t
}

// The quotes that a word processor writes instead of ' and ".
const (
	singleQuotes = "'‘’‚‛"
	doubleQuotes = "\"“”„‟"
)

// quotes gives the family of quotes that r is of, "" for no quote.
func quotes(r rune) string {
	switch {
	case strings.ContainsRune(singleQuotes, r):
		return singleQuotes
	case strings.ContainsRune(doubleQuotes, r):
		return doubleQuotes
	}
	return ""
}

// quoted reads a text. A straight quote is closed by its like, or by a curly one
// if there is no other; a curly one by the next of its family.
func (l *lexer) quoted(rest string, open rune) token {
	size := utf8.RuneLen(open)
	inside := rest[size:]
	n := -1
	if open == '\'' || open == '"' {
		n = strings.IndexRune(inside, open)
	}
	if n < 0 {
		n = strings.IndexAny(inside, quotes(open))
	}
	if n < 0 {
		return l.fail(CodeSyntax, l.at, "write a quote at its end", "a text in quotes is not closed")
	}
	_, shut := utf8.DecodeRuneInString(inside[n:])
	t := token{kind: tokenText, text: inside[:n], offset: l.at}
	l.at += size + n + shut
	return t
}

func (l *lexer) reference(rest string) token {
	if !strings.HasPrefix(rest, "${") {
		return l.fail(CodeSyntax, l.at, "write the name of the question as ${name}", "unexpected character '$'")
	}
	shut := strings.IndexByte(rest, '}')
	if shut < 0 {
		return l.fail(CodeReference, l.at, "write it as ${name}", "a reference is not closed")
	}
	name := strings.TrimFunc(rest[2:shut], isBlank)
	if saved, ok := strings.CutPrefix(name, "last-saved#"); ok {
		return l.fail(CodeLastSaved, l.at, "", "${last-saved#%s} looks at an earlier form, which is not possible here", saved)
	}
	if !isName(name) {
		return l.fail(CodeReference, l.at, "write it as ${name}, with the name of one question", "%.80q is not a reference", rest[:shut+1])
	}
	t := token{kind: tokenRef, text: name, offset: l.at}
	l.at += shut + 1
	return t
}

// word reads a name, and a prefix with its colon as in jr:choice-name.
func (l *lexer) word(rest string) token {
	n := nameLength(rest)
	if after, ok := strings.CutPrefix(rest[n:], ":"); ok && nameLength(after) > 0 {
		n += 1 + nameLength(after)
	}
	t := token{kind: tokenName, text: rest[:n], offset: l.at}
	l.at += n
	return t
}

func nameLength(text string) int {
	first, size := utf8.DecodeRuneInString(text)
	if text == "" || !startsName(first) {
		return 0
	}
	if n := strings.IndexFunc(text[size:], func(r rune) bool { return !inName(r) }); n >= 0 {
		return size + n
	}
	return len(text)
}

// slips are signs of other languages, with what to write instead.
var slips = []struct{ sign, hint string }{
	{"&&", "use and instead of &&"}, {"&", "use and instead of &"}, {"||", "use or instead of ||"},
	{"<>", "use != instead of <>"}, {"==", "use = instead of =="}, {"=>", "use >= instead of =>"}, {"=<", "use <= instead of =<"},
	{"≠", "use != instead of ≠"}, {"≤", "use <= instead of ≤"}, {"≥", "use >= instead of ≥"},
	{"×", "use * instead of ×"}, {"÷", "use div instead of ÷"}, {"−", "use - instead of −"}, {"–", "use - instead of –"},
	{"%", "use mod instead of %"}, {"^", "use pow(x, y) instead of ^"}, {";", "use , between the values of a function"},
	{"{", "write the name of a question as ${name}"},
}

func (l *lexer) sign(rest string, r rune) token {
	for _, slip := range slips {
		if strings.HasPrefix(rest, slip.sign) {
			return l.fail(CodeSyntax, l.at, slip.hint, "unexpected '%s'", slip.sign)
		}
	}
	for _, path := range []string{"..", "/", "[", "@", "::"} {
		if strings.HasPrefix(rest, path) {
			return l.fail(CodePath, l.at, "refer to the question as ${name}", "location paths such as ../name cannot be used here")
		}
	}
	for _, sign := range []string{"!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "|", "(", ")", ",", "."} {
		if strings.HasPrefix(rest, sign) {
			t := token{kind: tokenSign, text: sign, offset: l.at}
			l.at += len(sign)
			return t
		}
	}
	if r == '!' {
		return l.fail(CodeSyntax, l.at, "write not( ) around what is not to hold", "unexpected character '!'")
	}
	return l.fail(CodeSyntax, l.at, "", "unexpected character %q", r)
}
