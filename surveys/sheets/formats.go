package sheets

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Format is how a number in a cell is meant.
type Format uint8

// The meanings that are told apart.
const (
	FormatNumber Format = iota
	FormatDate          // a day, perhaps with a time
	FormatTime          // a time of the day or a length of time
	FormatTruth         // LibreOffice writes TRUE and FALSE as 1 and 0
)

// BuiltInFormat is the meaning of the formats that need no code (ECMA-376 part 1,
// 18.8.30): 14 to 17 and 22 days, 18 to 21 and 45 to 47 times, 27 to 36 and 50
// to 58 days of East Asian calendars.
func BuiltInFormat(id string) Format {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return FormatNumber
	case n >= 14 && n <= 17, n == 22, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 58:
		return FormatDate
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47:
		return FormatTime
	default:
		return FormatNumber
	}
}

// FormatOf reads a format's code, of which the part for positive numbers counts.
func FormatOf(code string) Format {
	if upper := strings.ToUpper(code); strings.Contains(upper, `"TRUE"`) && strings.Contains(upper, `"FALSE"`) || upper == "BOOLEAN" {
		return FormatTruth
	}
	letters := formatLetters(code)
	switch {
	case strings.Contains(letters, "general"), strings.ContainsAny(letters, "0#?"):
		if !strings.ContainsAny(letters, "ydhs") {
			return FormatNumber
		}
	}
	day := strings.ContainsAny(letters, "yd") || strings.Contains(letters, "mmm")
	hour := strings.ContainsAny(letters, "hs")
	switch {
	case day, strings.Contains(letters, "m") && !hour:
		return FormatDate
	case hour:
		return FormatTime
	default:
		return FormatNumber
	}
}

// formatLetters is the first section of a format's code in small letters,
// without words in quotes, single characters after a backslash, and colours and
// countries in brackets; [h], [m] and [s] stay.
func formatLetters(code string) string {
	var letters strings.Builder
	runes := []rune(strings.ToLower(code))
	for i := 0; i < len(runes); i++ {
		switch runes[i] {
		case ';':
			return letters.String()
		case '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
			}
		case '\\', '_', '*':
			i++
		case '[':
			start := i + 1
			for i++; i < len(runes) && runes[i] != ']'; i++ {
			}
			if inner := string(runes[start:min(i, len(runes))]); strings.Trim(inner, "hms") == "" {
				letters.WriteString(inner)
			}
		default:
			letters.WriteRune(runes[i])
		}
	}
	return letters.String()
}

// numberText is the text of a number that is meant as kind. since04: days count
// from 1904.
func numberText(kind Format, raw string, since04 bool) string {
	number, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return clean(raw)
	}
	switch {
	case kind == FormatTruth && (number == 0 || number == 1):
		return truthText(strconv.Itoa(int(number)))
	case kind == FormatTime && number >= 0 && number < 1e6, kind == FormatDate && number >= 0 && number < 1:
		return clockText(number)
	case kind == FormatDate && number >= 1 && number < 2_958_466: // 31 December 9999
		return dayText(number, since04)
	}
	return plainNumber(number)
}

// plainNumber writes a number with the 15 digits that spreadsheets show: 5.0 as
// 5, 0.30000000000000004 as 0.3, and never 1e+06.
func plainNumber(number float64) string {
	if number == 0 {
		return "0"
	}
	if size := math.Abs(number); size >= 1e21 || size < 1e-9 {
		return strconv.FormatFloat(number, 'g', 15, 64)
	}
	shown, _ := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64)
	return strconv.FormatFloat(shown, 'f', -1, 64)
}

func truthText(raw string) string {
	switch raw {
	case "1", "true":
		return "TRUE"
	case "":
		return ""
	}
	return "FALSE"
}

// dayText is a day and time counted in days. The calendar of 1900 counts a
// 29 February that there never was, so that days before it are one more.
func dayText(days float64, since04 bool) string {
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since04:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		days++
	}
	whole := math.Floor(days)
	seconds := time.Duration(math.Round((days - whole) * 86_400))
	return dateText(start.AddDate(0, 0, int(whole)).Add(seconds * time.Second))
}

// dateText leaves midnight away, which is what a day without a time has.
func dateText(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

func clockText(days float64) string {
	seconds := time.Duration(math.Round((days-math.Floor(days))*86_400)) * time.Second
	return time.Time{}.Add(seconds).Format(time.TimeOnly)
}

// isoText writes the ISO dates of strict workbooks like all others.
func isoText(raw string) string {
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04:05.999Z07:00", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, raw); err == nil {
			return dateText(t)
		}
	}
	if t, err := time.Parse("15:04:05.999", raw); err == nil {
		return t.Format(time.TimeOnly)
	}
	return clean(raw)
}

var blanks = strings.NewReplacer("\u00a0", " ", "\r\n", "\n", "\r", "\n", "\ufeff", "")

// clean makes no-break spaces spaces and line ends "\n", and cuts blanks off.
func clean(text string) string {
	if strings.ContainsAny(text, "\u00a0\r\ufeff") {
		text = blanks.Replace(text)
	}
	return strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd"))
}
