package expression

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// maxPattern is how many nodes the tree of a pattern may have.
const maxPattern = 2000

// compile reads a pattern for the whole of a text, as ODK documents it.
func compile(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile(`\A(?:` + unescape(pattern) + `)\z`)
}

// unescape writes é, as authors know it from elsewhere, the way Go reads it.
func unescape(pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch rest := pattern[i:]; {
		case len(rest) >= 6 && rest[:2] == `\u` && isHex(rest[2:6]):
			out.WriteString(`\x{` + rest[2:6] + `}`)
			i += 5
		case len(rest) >= 2 && rest[0] == '\\':
			out.WriteString(rest[:2])
			i++
		default:
			out.WriteByte(rest[0])
		}
	}
	return out.String()
}

func isHex(digits string) bool { return strings.Trim(digits, "0123456789abcdefABCDEF") == "" }

// checkPattern compiles the pattern of a call of regex. It has to stand there as a
// text, so that the browser gets it as a tree and never runs what somebody typed.
func (p *parser) checkPattern(t *Tree, offset int) {
	pattern := t.Args[1].joined()
	t.Args[1] = pattern
	if pattern.Op != "str" {
		p.fail(CodeRegex, offset, "write "+functions["regex"].usage, "the pattern of regex() has to stand in quotes")
		return
	}
	if _, err := syntax.Parse(unescape(pattern.Text), syntax.Perl); err != nil {
		p.fail(CodeRegex, offset, patternHint(pattern.Text), "the pattern '%.80s' cannot be used", pattern.Text)
		return
	}
	if _, err := patternTree(pattern.Text); err != nil {
		p.fail(CodeRegex, offset, "write a shorter one", "the pattern '%.80s' cannot be used", pattern.Text)
		return
	}
	compiled, err := compile(pattern.Text)
	if err != nil {
		p.fail(CodeRegex, offset, patternHint(pattern.Text), "the pattern '%.80s' cannot be used", pattern.Text)
	}
	t.pattern = compiled
}

// patternHint says which part of a pattern is the trouble.
func patternHint(pattern string) string {
	for _, sign := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.Contains(pattern, sign) {
			return "it looks around with " + sign + "; say with and, or, not() what both sides are to match"
		}
	}
	for _, sign := range []string{"++", "*+", "?+", "}+"} {
		if strings.Contains(pattern, sign) {
			return "write + instead of the possessive " + sign
		}
	}
	for i := 0; i+1 < len(pattern); i++ {
		if pattern[i] == '\\' {
			i++
			if pattern[i] >= '1' && pattern[i] <= '9' || pattern[i] == 'k' {
				return "it refers back with \\" + pattern[i:i+1]
			}
		}
	}
	return "check its brackets and signs"
}

// patternTree is a pattern as the browser walks it, without an engine that could
// run away: a text stands for itself, and arrays are
//
//	["&", p ...] one after the other   ["|", p ...] one of these   ["*", least, most or -1, p] again
//	["c", from, to, from, to ...] one character of these ranges
//	["^"] ["$"] start and end of the text   ["m^"] ["m$"] of a line   ["b"] ["B"] edge of a word, or not
func patternTree(pattern string) (any, error) {
	parsed, err := syntax.Parse(unescape(pattern), syntax.Perl)
	if err != nil {
		return nil, err
	}
	nodes := 0
	tree := patternNode(parsed, &nodes)
	if nodes > maxPattern {
		return nil, fmt.Errorf("the pattern has %d parts", nodes)
	}
	return tree, nil
}

func patternNode(re *syntax.Regexp, nodes *int) any {
	*nodes += 1 + len(re.Rune)
	switch re.Op {
	case syntax.OpEmptyMatch:
		return ""
	case syntax.OpLiteral:
		return literal(re)
	case syntax.OpCharClass:
		return ranges(re.Rune)
	case syntax.OpAnyCharNotNL:
		return ranges([]rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune})
	case syntax.OpAnyChar:
		return ranges([]rune{0, unicode.MaxRune})
	case syntax.OpBeginLine:
		return []any{"m^"}
	case syntax.OpEndLine:
		return []any{"m$"}
	case syntax.OpBeginText:
		return []any{"^"}
	case syntax.OpEndText:
		return []any{"$"}
	case syntax.OpWordBoundary:
		return []any{"b"}
	case syntax.OpNoWordBoundary:
		return []any{"B"}
	case syntax.OpCapture:
		return patternNode(re.Sub[0], nodes)
	case syntax.OpStar:
		return []any{"*", 0, -1, patternNode(re.Sub[0], nodes)}
	case syntax.OpPlus:
		return []any{"*", 1, -1, patternNode(re.Sub[0], nodes)}
	case syntax.OpQuest:
		return []any{"*", 0, 1, patternNode(re.Sub[0], nodes)}
	case syntax.OpRepeat:
		return []any{"*", re.Min, re.Max, patternNode(re.Sub[0], nodes)}
	case syntax.OpConcat:
		return group("&", re.Sub, nodes)
	case syntax.OpAlternate:
		return group("|", re.Sub, nodes)
	}
	return []any{"c"} // OpNoMatch: a character of no range
}

func group(op string, parts []*syntax.Regexp, nodes *int) any {
	node := []any{op}
	for _, part := range parts {
		node = append(node, patternNode(part, nodes))
	}
	return node
}

// literal writes letters that may be large or small as ranges of one each.
func literal(re *syntax.Regexp) any {
	if re.Flags&syntax.FoldCase == 0 {
		return string(re.Rune)
	}
	node := []any{"&"}
	for _, r := range re.Rune {
		pairs := []rune{r, r}
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			pairs = append(pairs, other, other)
		}
		node = append(node, ranges(pairs))
	}
	return node
}

func ranges(pairs []rune) any {
	node := []any{"c"}
	for _, r := range pairs {
		node = append(node, int(r))
	}
	return node
}

// matches is regex() of a tree that somebody made by hand, without Parse.
func matches(m *machine, a []*Tree) Value {
	re, err := compile(m.string(a[1]))
	if err != nil {
		return m.fail(fmt.Errorf("read a pattern: %w", err))
	}
	return boolean(re.MatchString(m.string(a[0])))
}
