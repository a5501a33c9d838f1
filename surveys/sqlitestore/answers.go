package sqlitestore

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
)

// Answers are stored as the JSON that encoding/json makes of them, written and
// read by hand: streaming 100,000 responses of 30 answers is mostly this.
//
//	{"mood":{"number":0},"where":{"choice":"other","text":"by the sea"},"why":{"missing":"declined"}}

// encodeAnswers writes answers sorted by variable. A number must be finite.
// Bytes that are not UTF-8 become U+FFFD.
func encodeAnswers(answers questionnaire.Answers) (string, error) {
	out := append(make([]byte, 0, 64*len(answers)+2), '{')
	for i, id := range slices.Sorted(maps.Keys(answers)) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendText(out, string(id)), ':')
		var err error
		if out, err = appendAnswer(out, answers[id]); err != nil {
			return "", fmt.Errorf("item %s: %w", id, err)
		}
	}
	return string(append(out, '}')), nil
}

func appendAnswer(out []byte, a questionnaire.Answer) ([]byte, error) {
	start := len(out)
	out = appendMember(out, "missing", string(a.Missing))
	out = appendMember(out, "choice", a.Choice)
	if len(a.Choices) > 0 {
		out = appendTexts(append(out, `,"choices":`...), a.Choices)
	}
	if a.Number != nil {
		if math.IsNaN(*a.Number) || math.IsInf(*a.Number, 0) {
			return nil, fmt.Errorf("%v is not a number", *a.Number)
		}
		out = strconv.AppendFloat(append(out, `,"number":`...), *a.Number, 'g', -1, 64)
	}
	out = appendMember(out, "text", a.Text)
	if len(a.Order) > 0 {
		out = appendTexts(append(out, `,"order":`...), a.Order)
	}
	if len(out) == start {
		return append(out, "{}"...), nil
	}
	out[start] = '{' // in place of the first comma
	return append(out, '}'), nil
}

// appendMember adds ,"name":"text" unless text is empty.
func appendMember(out []byte, name, text string) []byte {
	if text == "" {
		return out
	}
	out = append(append(append(out, `,"`...), name...), `":`...)
	return appendText(out, text)
}

// encodeTexts writes a JSON array of strings, [] for none.
func encodeTexts(texts []string) string { return string(appendTexts(nil, texts)) }

func appendTexts(out []byte, texts []string) []byte {
	out = append(out, '[')
	for i, text := range texts {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendText(out, text)
	}
	return append(out, ']')
}

func appendText(out []byte, text string) []byte {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	out = append(out, '"')
	for {
		plain := plainLength(text)
		out = append(out, text[:plain]...)
		if plain == len(text) {
			return append(out, '"')
		}
		out = appendEscaped(out, text[plain])
		text = text[plain+1:]
	}
}

// plainLength is how many bytes of text need no escape.
func plainLength(text string) int {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			return i
		}
	}
	return len(text)
}

func appendEscaped(out []byte, c byte) []byte {
	const digits = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(out, '\\', c)
	case '\n':
		return append(out, `\n`...)
	}
	return append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
}
