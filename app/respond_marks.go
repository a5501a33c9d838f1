package app

import (
	"html"
	"html/template"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Authors of spreadsheet questionnaires write a little Markdown into labels and
// hints: **bold** and __bold__, *emphasis* and _emphasis_, a line that begins with
// # for a heading, [words](https://…) for a link, \ before a sign that is meant as
// itself, and ${name} for an earlier answer. Everything else is text, also HTML.

// marks turns such words into a page's. The same reading without the signs is
// for where a page can show only text: in summaries, titles and attributes.
type marks struct {
	plain bool
	pipe  func(name string) string // what stands for ${name}: text if plain, else HTML; nil leaves it as it is written
}

// wordsHTML is text as a page shows it.
func wordsHTML(text string, pipe func(name string) string) template.HTML {
	return template.HTML(marks{pipe: pipe}.lines(text)) //nolint:gosec // escaped sign by sign
}

// wordsPlain is text without marks.
func wordsPlain(text string, pipe func(name string) string) string {
	return marks{plain: true, pipe: pipe}.lines(text)
}

// longestMarked is the longest text in bytes whose marks are read: as long as the
// longest that can be published. Signs that never close cost the square of the
// length, and a draft may hold anything.
const longestMarked = 20_000

// heading is a line that is one, in Markdown.
var heading = regexp.MustCompile(`^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$`)

func (m marks) lines(text string) string {
	if len(text) > longestMarked || !strings.ContainsAny(text, "\n#*_[\\$") {
		return m.escape(text)
	}
	var out strings.Builder
	after := "" // what parts a line from the next
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		out.WriteString(after)
		after = m.either("\n", "<br>")
		if found := heading.FindStringSubmatch(line); found != nil {
			after = m.either("\n", "") // a heading is a block
			line = found[1]
			out.WriteString(m.either("", `<b class="head">`) + m.inline(line) + m.either("", "</b>"))
			continue
		}
		out.WriteString(m.inline(line))
	}
	return out.String()
}

func (m marks) either(plain, marked string) string {
	if m.plain {
		return plain
	}
	return marked
}

func (m marks) escape(text string) string { return m.either(text, html.EscapeString(text)) }

// inline reads one line from its beginning to its end; what is no mark is text.
func (m marks) inline(line string) string {
	var out strings.Builder
	before := ' ' // the sign before
	for line != "" {
		shown, length := m.token(line, before)
		out.WriteString(shown)
		before, _ = utf8.DecodeLastRuneInString(line[:length])
		line = line[length:]
	}
	return out.String()
}

// token reads what line begins with: shown is its place in the page, length how
// many bytes of line it is.
func (m marks) token(line string, before rune) (shown string, length int) {
	switch line[0] {
	case '\\':
		if len(line) > 1 && strings.IndexByte(`\*_#[]$`, line[1]) >= 0 {
			return m.escape(line[1:2]), 2
		}
	case '$':
		if found := reference.FindStringSubmatch(line); found != nil && m.pipe != nil {
			return m.pipe(found[1]), len(found[0])
		}
	case '[':
		if found := address.FindStringSubmatch(line); found != nil {
			return m.link(found[1], found[2]), len(found[0])
		}
	case '*', '_':
		for _, sign := range []string{line[:1] + line[:1], line[:1]} {
			if inner, ok := within(line, sign, before); ok {
				return m.strong(sign, inner), len(inner) + 2*len(sign)
			}
		}
	}
	_, length = utf8.DecodeRuneInString(line)
	return m.escape(line[:length]), length
}

var (
	reference = regexp.MustCompile(`^\$\{ *([\pL_][\pL\pN_.\-]*) *\}`)
	address   = regexp.MustCompile(`^\[([^\[\]]+)\]\(([^()\s]+)\)`)
)

func (m marks) strong(sign, inner string) string {
	tag := map[int]string{1: "em", 2: "strong"}[len(sign)]
	return m.either("", "<"+tag+">") + m.inline(inner) + m.either("", "</"+tag+">")
}

// link shows a link to the web, and of any other its words.
func (m marks) link(words, to string) string {
	if m.plain || !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") {
		return m.inline(words)
	}
	return `<a href="` + html.EscapeString(to) + `" target="_blank" rel="noopener noreferrer">` + m.inline(words) + "</a>"
}

// within finds what stands between sign at the beginning of line and the next:
// no blank may be beside it inside, and "_" marks whole words only, since names
// have some within.
func within(line, sign string, before rune) (inner string, ok bool) {
	rest, ok := strings.CutPrefix(line, sign)
	first, _ := utf8.DecodeRuneInString(rest)
	if !ok || rest == "" || unicode.IsSpace(first) || sign[0] == '_' && isLetter(before) {
		return "", false
	}
	for from := 1; from < len(rest); {
		i := strings.Index(rest[from:], sign)
		if i < 0 {
			return "", false
		}
		inner = rest[:from+i]
		last, _ := utf8.DecodeLastRuneInString(inner)
		next, _ := utf8.DecodeRuneInString(rest[from+i+len(sign):])
		if !unicode.IsSpace(last) && last != '\\' && (len(sign) == 2 || next != rune(sign[0])) && (sign[0] != '_' || !isLetter(next)) {
			return inner, true
		}
		from += i + len(sign)
	}
	return "", false
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
