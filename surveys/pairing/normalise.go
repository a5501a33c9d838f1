package pairing

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxRunes is the longest element Normalise accepts, in characters, before and
// after folding. An element is a letter or a small number; the limit only keeps a
// pasted essay out.
const MaxRunes = 200

// What Normalise refuses. The error names the reason and the kind, never the value.
var (
	ErrKind    = errors.New("unknown kind of element")
	ErrUTF8    = errors.New("not valid UTF-8")
	ErrControl = errors.New("contains a control character")
	ErrTooLong = errors.New("longer than 200 characters")
)

// ElementKind says how one element of a linkage code is read.
type ElementKind string

// The kinds of element.
const (
	Letters ElementKind = "letters" // some letters of a name: "SU"
	Day     ElementKind = "day"     // day of the month, "1" to "31"
	Month   ElementKind = "month"   // month of the year, "1" to "12"
	Count   ElementKind = "count"   // a small number, "0" upwards: older siblings
	Free    ElementKind = "free"    // any short text: "STMARYS"
)

// Normalise returns what was meant by raw, so that two ways of typing one thing
// become one string. The result is in capitals, without accents, blanks around it,
// quotes or punctuation; digits of every script become 0 to 9. Normalising a
// result again leaves it alone.
//
// n is used by Letters only: the first n letters for n > 0, the last -n for n < 0
// (the last letter of a first name, also when the whole name is typed), all for 0.
//
// The number kinds drop leading zeros and ordinal endings, read O as 0 and I or l
// as 1, English number words from none to thirty-one and, for Month, English
// month names: "07", "7th", "7." and "seven" are all "7". What is not a number
// stays as text ("DONT KNOW"), and a number out of range stays as it is: the same
// odd answer at both waves still agrees with itself.
//
// An element without a letter or digit is "", which is blank, without an error.
// Control characters other than tab and line ends, invalid UTF-8 and more than
// MaxRunes characters are errors (ErrControl, ErrUTF8, ErrTooLong), as is a kind
// not listed above (ErrKind).
func Normalise(kind ElementKind, n int, raw string) (string, error) {
	if err := checkText(raw); err != nil {
		return "", fmt.Errorf("normalising element of kind %s: %w", kind, err)
	}
	var normal string
	words := fold(raw)
	switch kind {
	case Letters:
		normal = letters(words, n)
	case Day, Count:
		normal = number(words)
	case Month:
		normal = month(words)
	case Free:
		normal = strings.Join(words, "")
	default:
		return "", fmt.Errorf("normalising element: %w", ErrKind)
	}
	// One Arabic ligature unfolds to 18 letters, so the length is asked twice.
	if utf8.RuneCountInString(normal) > MaxRunes {
		return "", fmt.Errorf("normalising element of kind %s: %w", kind, ErrTooLong)
	}
	return normal, nil
}

// checkText returns why raw cannot be an element, or nil.
func checkText(raw string) error {
	if !utf8.ValidString(raw) {
		return ErrUTF8
	}
	if utf8.RuneCountInString(raw) > MaxRunes {
		return ErrTooLong
	}
	if strings.ContainsFunc(raw, isControl) {
		return ErrControl
	}
	return nil
}

// isControl tells whether r cannot have been typed into a one-line box. Tab and
// line ends can be pasted into one, and are blanks.
func isControl(r rune) bool {
	return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r)
}

// letters returns the first n (or last -n) letters of all words together.
func letters(words []string, n int) string {
	all := []rune(strings.Map(letterOnly, strings.Join(words, "")))
	switch {
	case n > 0 && n < len(all):
		all = all[:n]
	case n < 0 && -n < len(all) && -n > 0:
		all = all[len(all)+n:]
	}
	return string(all)
}

// letterOnly keeps letters for strings.Map.
func letterOnly(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}
