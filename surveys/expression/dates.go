package expression

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const msPerDay = 86_400_000

// isoDate is what counts as a date in an answer: a day, or a day with a time, in
// UTC, with an offset, or without one in the programme's zone.
var isoDate = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$`)

// longDate is how browsers write a date in words: Mon Nov 23 2026 05:19:08 GMT-0700 (...).
var longDate = regexp.MustCompile(`^(?:[A-Z][a-z]+ )?([A-Z][a-z]+) (\d\d?) (\d{4})(?: ([\d:]{8})(?: GMT([+-]\d{4}))?)?(?: \(.*\))?$`)

var wholeDays = regexp.MustCompile(`^(-?\d+)(\.\d+)?$`)

const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"

// parseDate gives the days since 1970-01-01T00:00Z of a date in ISO form, NaN of all else.
func parseDate(text string, zone *time.Location) float64 {
	text = strings.TrimFunc(text, isSpace)
	if len(text) < len("2026-3-7") || !isDigit(text[0]) {
		return math.NaN() // most answers; each comparison of texts comes by here
	}
	m := isoDate.FindStringSubmatch(text)
	if m == nil {
		return math.NaN()
	}
	return moment(m[1:], zone)
}

// readDate is parseDate for the functions date and date-time, which also take days
// as digits and a date in words.
func readDate(text string, zone *time.Location) float64 {
	if m := wholeDays.FindStringSubmatch(text); m != nil {
		days, _ := strconv.ParseFloat(m[1], 64)
		return wholeMillis(days)
	}
	if m := longDate.FindStringSubmatch(text); m != nil {
		month := strings.Index(monthNames, m[1])
		if month%3 != 0 {
			return math.NaN()
		}
		day := fmt.Sprintf("%s-%d-%s", m[3], month/3+1, m[2])
		if m[4] == "" {
			return parseDate(day, zone)
		}
		return parseDate(day+"T"+m[4]+m[5], zone)
	}
	return parseDate(text, zone)
}

// moment puts the digits of isoDate together; NaN if there is no such day or time.
func moment(part []string, zone *time.Location) float64 {
	n := func(digits string) int { v, _ := strconv.Atoi(digits); return v }
	year, month, day, hour, minute, second := n(part[0]), n(part[1]), n(part[2]), n(part[3]), n(part[4]), n(part[5])
	at := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if int(at.Month()) != month || at.Day() != day || hour > 23 || minute > 59 || second > 59 {
		return math.NaN()
	}
	ms := at.UnixMilli() + int64(n((part[6] + "000")[:3]))
	switch offset := part[7]; {
	case offset == "":
		ms = inZone(ms, zone)
	case offset != "Z":
		hours, minutes := n(offset[1:3]), n(offset[len(offset)-2:])
		if hours > 23 || minutes > 59 {
			return math.NaN()
		}
		ms -= int64(n(offset[:1]+"1") * (hours*60 + minutes) * 60_000)
	}
	return float64(ms) / msPerDay
}

// inZone is the moment at which clocks in zone show what clocks in UTC show at ms.
// Of an hour that clocks show twice or never it takes the same as the browser's twin.
func inZone(ms int64, zone *time.Location) int64 {
	return ms - offsetAt(ms-offsetAt(ms, zone), zone)
}

// offsetAt is how far clocks in zone are ahead of UTC at a moment, in milliseconds.
func offsetAt(ms int64, zone *time.Location) int64 {
	if zone == nil {
		return 0
	}
	_, seconds := time.UnixMilli(ms).In(zone).Zone()
	return int64(seconds) * 1000
}

// wholeMillis cuts days to milliseconds; NaN outside the years 0 to 9999.
func wholeMillis(days float64) float64 {
	const first, after = -62_167_219_200_000, 253_402_300_800_000
	ms := math.Trunc(days * msPerDay)
	if !(ms >= first && ms < after) {
		return math.NaN()
	}
	return ms / msPerDay
}

// clock is what the clocks in zone show at a moment given in days.
func clock(days float64, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return time.UnixMilli(int64(math.Round(days * msPerDay))).In(zone)
}

// dateValue is a date with its text.
func dateValue(days float64, zone *time.Location) Value {
	v := Value{Kind: KindDate, Number: days, zone: zone}
	if math.IsNaN(days) {
		return v
	}
	at := clock(days, zone)
	v.Text = at.Format("2006-01-02T15:04:05.000-07:00")
	if day, ok := strings.CutSuffix(v.Text[:len(v.Text)-len("-07:00")], "T00:00:00.000"); ok {
		v.Text = day
	}
	return v
}

// formats are the codes of format-date and format-date-time.
var formats = map[byte]func(time.Time) string{
	'%': func(time.Time) string { return "%" },
	'Y': func(t time.Time) string { return fmt.Sprintf("%04d", t.Year()) },
	'y': func(t time.Time) string { return fmt.Sprintf("%04d", t.Year())[2:] },
	'm': func(t time.Time) string { return t.Format("01") },
	'n': func(t time.Time) string { return t.Format("1") },
	'b': func(t time.Time) string { return t.Format("Jan") },
	'd': func(t time.Time) string { return t.Format("02") },
	'e': func(t time.Time) string { return t.Format("2") },
	'a': func(t time.Time) string { return t.Format("Mon") },
	'H': func(t time.Time) string { return t.Format("15") },
	'h': func(t time.Time) string { return strconv.Itoa(t.Hour()) },
	'M': func(t time.Time) string { return t.Format("04") },
	'S': func(t time.Time) string { return t.Format("05") },
	'3': func(t time.Time) string { return fmt.Sprintf("%03d", t.Nanosecond()/1e6) },
}

// formatDate writes t; bad is the code that it does not know.
func formatDate(t time.Time, format string) (text, bad string) {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			out.WriteByte(format[i])
			continue
		}
		i++
		if i == len(format) {
			return "", "% at its end"
		}
		write := formats[format[i]]
		if write == nil {
			return "", "%" + string([]rune(format[i:])[:1])
		}
		out.WriteString(write(t))
	}
	return out.String(), ""
}

// badFormat is the first code that a literal format should not have.
func badFormat(format *Tree) string {
	if format.Op != "str" {
		return ""
	}
	_, bad := formatDate(time.Time{}, format.Text)
	return bad
}

// decimalTime is a time of day as a fraction of the day in the zone, NaN if it is none.
func (m *machine) decimalTime(text string) float64 {
	days := parseDate(clock(m.now(), m.zone).Format("2006-01-02T")+text, m.zone)
	if math.IsNaN(days) {
		return days
	}
	at := clock(days, m.zone)
	return (float64(at.Second())/3600 + float64(at.Minute())/60 + float64(at.Hour())) / 24
}

// now is the moment of the evaluation in days.
func (m *machine) now() float64 { return float64(m.env.Now.UnixMilli()) / msPerDay }

// today is the last midnight in the zone.
func (m *machine) today() float64 {
	y, month, d := clock(m.now(), m.zone).Date()
	return float64(inZone(time.Date(y, month, d, 0, 0, 0, 0, time.UTC).UnixMilli(), m.zone)) / msPerDay
}
