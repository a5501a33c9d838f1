package expression

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Value is what an expression gives. String, Truth and Float cast it as XPath does.
type Value struct {
	Kind   ValueKind
	Text   string  // of a text; of a date in ISO form
	Number float64 // of a number, and of a date in days; NaN if there is none
	Bool   bool

	node bool           // an answer that is true in itself: self::node()
	zone *time.Location // in which a text that is a date is understood
}

// ValueKind says which field of a Value holds it.
type ValueKind uint8

const (
	KindText ValueKind = iota
	KindNumber
	KindBool
	KindDate // Number holds days since 1970-01-01T00:00Z
)

// String is v as text: a number with as many digits as tell it from its
// neighbours, a date without its time if that is midnight in the zone, "" for
// a date that is none.
func (v Value) String() string {
	switch v.Kind {
	case KindNumber:
		return formatNumber(v.Number)
	case KindBool:
		return strconv.FormatBool(v.Bool)
	}
	return v.Text
}

// Truth is v as a boolean: a text that is not empty, a number that is neither 0
// nor NaN, a date that is one.
func (v Value) Truth() bool {
	switch v.Kind {
	case KindNumber:
		return v.Number != 0 && !math.IsNaN(v.Number)
	case KindBool:
		return v.Bool
	case KindDate:
		return !math.IsNaN(v.Number)
	}
	return v.Text != "" || v.node
}

// Float is v as a number: NaN for a text that is none; days since
// 1970-01-01T00:00Z for a date and for a text in ISO form.
func (v Value) Float() float64 {
	switch v.Kind {
	case KindBool:
		if v.Bool {
			return 1
		}
		return 0
	case KindText:
		return parseNumber(v.Text, v.zone)
	}
	return v.Number
}

// formatNumber writes f as JavaScript does, since a phone writes it that way.
func formatNumber(f float64) string {
	switch size := math.Abs(f); {
	case f == 0:
		return "0" // not -0
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case size >= 1e21 || size < 1e-6:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// parseNumber reads an answer as a number: digits with a point, an exponent (as
// formatNumber writes), Infinity, or a date. All else is NaN.
func parseNumber(text string, zone *time.Location) float64 {
	text = strings.TrimFunc(text, isSpace)
	unsigned := strings.TrimPrefix(strings.TrimPrefix(text, "+"), "-")
	switch {
	case text == "" || len(text)-len(unsigned) > 1:
		return math.NaN()
	case unsigned == "Infinity":
		return math.Inf(map[bool]int{true: -1, false: 1}[text[0] == '-'])
	case strings.Trim(unsigned, "0123456789.eE+-") != "" || !strings.ContainsAny(unsigned, "0123456789"):
		return parseDate(text, zone)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return parseDate(text, zone)
	}
	return f
}
