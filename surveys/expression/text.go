package expression

import (
	"math"
	"strings"
	"unicode"
)

// isSpace counts what JavaScript does, so that a phone trims an answer alike.
func isSpace(r rune) bool { return unicode.IsSpace(r) && r != 0x85 || r == 0xFEFF }

func comparing(test func(text, part string) bool) func(*machine, []*Tree) Value {
	return func(m *machine, a []*Tree) Value { return boolean(test(m.string(a[0]), m.string(a[1]))) }
}

func (m *machine) join(between string, args []*Tree) Value {
	var out strings.Builder
	for i, v := range m.each(args) {
		if i > 0 {
			out.WriteString(between)
		}
		if s := v.String(); m.spend(len(s) + len(between)) {
			out.WriteString(s)
		}
	}
	return m.text(out.String())
}

// normalizeSpace keeps form feeds and vertical tabs, which are no blanks to XPath.
func normalizeSpace(text string) string {
	blank := func(r rune) bool { return isSpace(r) && r != '\f' && r != '\v' }
	return strings.Join(strings.FieldsFunc(text, blank), " ")
}

// substr counts from 0, negative places from the end, and leaves out the last place.
func substr(m *machine, a []*Tree) Value {
	text := []rune(m.string(a[0]))
	from, to := place(m.float(a[1]), len(text)), len(text)
	if len(a) > 2 {
		to = place(m.float(a[2]), len(text))
	}
	if from >= to {
		return m.text("")
	}
	return m.text(string(text[from:to]))
}

// place is an index into n characters; NaN is 0.
func place(at float64, n int) int {
	if math.IsNaN(at) {
		return 0
	}
	if at = math.Trunc(at); at < 0 {
		at += float64(n)
	}
	return int(max(0, min(at, float64(n))))
}

// substring counts from 1 and rounds both numbers, half up, as in XPath 1.0
// section 4.2.
func substring(m *machine, a []*Tree) Value {
	text := m.string(a[0])
	first, end := halfUp(m.float(a[1])), math.Inf(1)
	if len(a) > 2 {
		end = first + halfUp(m.float(a[2]))
	}
	at := 0.0
	return m.text(strings.Map(func(r rune) rune {
		if at++; at >= first && at < end {
			return r
		}
		return -1
	}, text))
}

func halfUp(x float64) float64 { return math.Floor(x + 0.5) }

func substringBefore(m *machine, a []*Tree) Value {
	before, _, found := strings.Cut(m.string(a[0]), m.string(a[1]))
	if !found {
		return m.text("")
	}
	return m.text(before)
}

func substringAfter(m *machine, a []*Tree) Value {
	_, after, _ := strings.Cut(m.string(a[0]), m.string(a[1]))
	return m.text(after)
}

// translate puts the character at the same place of the third text for each of the
// second, and drops those for which there is none.
func translate(m *machine, a []*Tree) Value {
	text, from, to := m.string(a[0]), []rune(m.string(a[1])), []rune(m.string(a[2]))
	other := map[rune]rune{}
	for i, r := range from {
		if _, known := other[r]; known {
			continue
		}
		other[r] = -1
		if i < len(to) {
			other[r] = to[i]
		}
	}
	return m.text(strings.Map(func(r rune) rune {
		if instead, ok := other[r]; ok {
			return instead
		}
		return r
	}, text))
}
