package questionnaire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts taken, in characters (Unicode code points), counted after
// the blanks around them are cut. 10,000 is far below the 32,767 of a
// spreadsheet's cell, where longer text would be cut off.
const (
	ShortTextLimit = 500    // short_text, the words of "other", one element of a linkage code
	LongTextLimit  = 10_000 // long_text
)

// parseText reads text of several lines at a control; "" is blank.
func parseText(v *Variable, control string, raw Raw, limit int) (string, *FieldError) {
	given := raw.given(control)
	if len(given) == 0 {
		return "", nil
	}
	refuse := func(key string, args ...any) (string, *FieldError) {
		return "", &FieldError{Item: v.ID, Control: control, Key: key, Args: args}
	}
	if len(given) > 1 {
		return refuse(KeyOnlyOne)
	}
	if !utf8.ValidString(given[0]) {
		return refuse(KeyUnreadable)
	}
	text := CleanText(given[0])
	if length := utf8.RuneCountInString(text); length > limit {
		return refuse(KeyTextShorter, limit, length)
	}
	return text, nil
}

// parseLine is parseText for short text of one line: a line break is a blank.
func parseLine(v *Variable, control string, raw Raw) (string, *FieldError) {
	text, err := parseText(v, control, raw, ShortTextLimit)
	return strings.ReplaceAll(text, "\n", " "), err
}

// CleanText turns every line break into \n, cuts the blanks around the text,
// and takes out what nobody can type and neither XML nor a database holds: the
// control characters but \n and \t, and the code points that are no
// characters. Marks of direction and joiners stay; text of nothing else is
// blank.
func CleanText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.TrimSpace(strings.Map(cleanRune, text))
	if strings.IndexFunc(text, visible) < 0 {
		return ""
	}
	return text
}

func cleanRune(r rune) rune {
	switch {
	case r == '\r', r == '\u2028', r == '\u2029':
		return '\n'
	case r == '\n', r == '\t':
		return r
	case unicode.IsControl(r), r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return -1
	default:
		return r
	}
}

func visible(r rune) bool { return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) }

// answerOf is the answer that text gives.
func answerOf(text string) Answer {
	if text == "" {
		return Answer{Missing: NotReached}
	}
	return Answer{Text: text}
}
