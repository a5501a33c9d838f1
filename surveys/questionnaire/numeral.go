package questionnaire

import (
	"strconv"
	"strings"
)

const (
	// maxDigits is how many digits a number may have before its point: whole
	// numbers of 15 digits are exact in a float64 and in a spreadsheet's cell.
	maxDigits = 15
	maxNumber = 1e15
	// maxNumeral is the length in bytes of the longest number read: room for 15
	// digits, their separators, and the 17 that tell any two float64 apart.
	maxNumeral = 60
)

// zeros are the digits 0 of the scripts read; the nine others follow each:
// ASCII, Arabic, Persian and Urdu, Devanagari, Bengali, Gurmukhi, Gujarati,
// Tamil, Thai, full width.
var zeros = []rune{'0', '٠', '۰', '०', '০', '੦', '૦', '௦', '๐', '\uff10'}

// readNumber reads a number as people of many countries write it, or returns
// the key of what to do about it.
//
// It takes the digits of any script in zeros, a sign (also the typographic
// minus), a decimal point, comma or Arabic decimal separator, and thousands
// grouped by blanks, apostrophes, points, commas or Arabic separators. Of two
// kinds of separator the last is the decimal one: "1.234,5". A single comma
// before exactly three digits, "1,234", groups thousands if the answer is to be
// whole, and is refused if not: it is never guessed. Exponents, hexadecimal
// numbers, infinities, NaN and words are refused.
func readNumber(text string, whole bool) (float64, string) {
	plain := strings.TrimSpace(strings.Map(plainNumeral, text))
	if len(plain) > maxNumeral {
		return 0, KeyNumberDigits
	}
	negative := strings.HasPrefix(plain, "-")
	if negative || strings.HasPrefix(plain, "+") {
		plain = strings.TrimSpace(plain[1:])
	}
	digits, fraction, key := splitNumeral(plain, whole)
	if key != "" {
		return 0, key
	}
	if len(strings.TrimLeft(digits, "0")) > maxDigits {
		return 0, KeyNumberShorter
	}
	value, err := strconv.ParseFloat(digits+"."+fraction, 64)
	if err != nil {
		return 0, KeyNumberDigits
	}
	if negative && value != 0 { // there is no answer -0
		value = -value
	}
	return value, ""
}

// plainNumeral maps digits, signs and separators to those of ASCII, and all
// that groups but is neither comma nor point to a blank.
func plainNumeral(r rune) rune {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	switch r {
	case '−', '–', '﹣', '\uff0d':
		return '-'
	case '٫': // Arabic decimal separator
		return '.'
	case '\u00a0', '\u2009', '\u202f', '\'', '’', '٬': // blanks, apostrophes, Arabic thousands separator
		return ' '
	case '\u200e', '\u200f', '\u061c': // marks of direction that keyboards put in
		return -1
	default:
		return r
	}
}

// splitNumeral splits a number without its sign into the digits before and
// after the decimal separator.
func splitNumeral(plain string, whole bool) (digits, fraction, key string) {
	at := strings.LastIndexAny(plain, ".,")
	if at < 0 || strings.Count(plain, plain[at:at+1]) > 1 {
		digits, key = ungroup(plain)
		return digits, "", key
	}
	digits, fraction = plain[:at], plain[at+1:]
	if strings.Trim(fraction, "0123456789") != "" || digits+fraction == "" {
		return "", "", KeyNumberDigits
	}
	if plain[at] == ',' && len(fraction) == 3 && !strings.ContainsAny(digits, ".") {
		if grouped, key := ungroup(plain); key == "" && digits != "0" {
			return splitThousands(grouped, whole)
		}
	}
	if digits != "" {
		digits, key = ungroup(digits)
	}
	return digits, fraction, key
}

// splitThousands decides what a single comma before three digits means.
func splitThousands(grouped string, whole bool) (digits, fraction, key string) {
	if whole {
		return grouped, "", ""
	}
	return "", "", KeyNumberNoSeparators
}

// ungroup takes the separators out of digits such as "1 234 567" and, as in
// South Asia, "12,34,567": all of one kind, and three digits in the last group.
func ungroup(text string) (string, string) {
	mark := " "
	if at := strings.IndexAny(text, " .,"); at >= 0 {
		mark = text[at : at+1]
	}
	groups := strings.Split(text, mark)
	for i, group := range groups {
		last := i == len(groups)-1
		long, short := len(group) > 3, len(group) < 2 && i > 0 || len(group) < 3 && i > 0 && last
		if group == "" || len(groups) > 1 && (long || short) || strings.Trim(group, "0123456789") != "" {
			return "", KeyNumberDigits
		}
	}
	return strings.Join(groups, ""), ""
}
