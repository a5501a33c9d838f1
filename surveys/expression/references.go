package expression

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// References lists the names that t looks at by ${name}, each once in the order
// met, those inside quotes too, since jr:choice-name has its question there.
func (t *Tree) References() []string {
	var names []string
	t.walk(func(n *Tree) {
		switch n.Op {
		case "ref":
			names = append(names, n.Text)
		case "str":
			names = append(names, Names(n.Text)...)
		}
	})
	return unique(names)
}

// Names lists each ${name} of any text once, in the order met: of a label with
// piping, or of an expression that Parse refuses.
func Names(text string) []string {
	var names []string
	eachReference(text, func(_, _ int, name string) { names = append(names, name) })
	return unique(names)
}

// Rename returns t with each reference renamed.
func (t *Tree) Rename(rename func(string) string) *Tree {
	if t == nil {
		return nil
	}
	renamed := *t
	switch t.Op {
	case "ref":
		renamed.Text = rename(t.Text)
	case "str":
		renamed.Text = RenameSource(t.Text, rename)
	}
	renamed.Args = nil
	for _, arg := range t.Args {
		renamed.Args = append(renamed.Args, arg.Rename(rename))
	}
	if t.pattern != nil && renamed.Args[1].Text != t.Args[1].Text {
		renamed.pattern = nil // ${ in a pattern: compiled anew when it is worked out
	}
	return &renamed
}

// RenameSource returns source with each ${name} renamed and all else as it was
// written, whether Parse takes it or not. It serves labels with piping too.
func RenameSource(source string, rename func(string) string) string {
	var out strings.Builder
	done := 0
	eachReference(source, func(start, end int, name string) {
		out.WriteString(source[done:start])
		out.WriteString(rename(name))
		done = end
	})
	out.WriteString(source[done:])
	return out.String()
}

// eachReference calls visit with where each name of a ${name} stands in text.
func eachReference(text string, visit func(start, end int, name string)) {
	for at := 0; at < len(text); {
		open := strings.Index(text[at:], "${")
		if open < 0 {
			return
		}
		at += open + 2
		shut := strings.IndexByte(text[at:], '}')
		if shut < 0 {
			return
		}
		inside := text[at : at+shut]
		name := strings.TrimFunc(inside, isBlank)
		if !isName(name) {
			continue // perhaps another ${ before this }
		}
		start := at + strings.Index(inside, name)
		visit(start, start+len(name), name)
		at += shut + 1
	}
}

// isName tells whether a question of a spreadsheet may be called so: an XML name.
func isName(name string) bool {
	first, size := utf8.DecodeRuneInString(name)
	if !startsName(first) {
		return false
	}
	return strings.IndexFunc(name[size:], func(r rune) bool { return !inName(r) }) < 0
}

func startsName(r rune) bool {
	return r == '_' || r != utf8.RuneError && unicode.IsLetter(r)
}

func inName(r rune) bool {
	return startsName(r) || r == '-' || r == '.' || r == 0xB7 || unicode.IsDigit(r) || unicode.IsMark(r)
}

// isBlank counts what word processors put between words as blanks, the marks
// without width among them.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == 0x200B || r == 0x2060 || r == 0xFEFF
}
