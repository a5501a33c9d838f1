package olddata

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// DateOrder is in which order the numbers of a day stand: 31/12/2024 or
// 12/31/2024. Years first and months in words need none.
type DateOrder string

// The orders.
const (
	DayFirst   DateOrder = "day"
	MonthFirst DateOrder = "month"
)

// orderOf finds out the order from values; certain says whether any tells it.
func orderOf(values []string) (order DateOrder, certain bool) {
	for _, value := range values {
		day, _, _ := splitClock(value)
		numbers, ok := numbersOf(day)
		switch {
		case !ok || len(numbers) != 3 || numbers[0] > 31:
		case numbers[0] > 12:
			return DayFirst, true
		case numbers[1] > 12:
			return MonthFirst, true
		}
	}
	return DayFirst, false
}

// parseDay reads a day in any usual form; one that spreadsheets count, such as
// 45292, is a day too.
func parseDay(text string, order DateOrder) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if serial, err := strconv.Atoi(text); err == nil && serial >= 20_000 && serial < 80_000 {
		return time.Date(1899, 12, 30+serial, 0, 0, 0, 0, time.UTC), true
	}
	numbers, ok := numbersOf(text)
	if !ok || len(numbers) != 3 {
		return time.Time{}, false
	}
	year, month, day := numbers[0], numbers[1], numbers[2]
	if numbers[0] <= 31 { // the year is last
		year, month, day = numbers[2], numbers[1], numbers[0]
		if order == MonthFirst {
			month, day = day, month
		}
	}
	switch {
	case year < 70:
		year += 2000
	case year < 100:
		year += 1900
	}
	date := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return date, year >= 1900 && year < 2200 && int(date.Month()) == month && date.Day() == day
}

var monthNames = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}

// numbersOf splits a day into its numbers; a month in English words takes the
// second place: "March 7, 2024" is 7, 3, 2024.
func numbersOf(text string) ([]int, bool) {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-/., \u00a0", r) })
	numbers, month := []int{}, 0
	for _, part := range parts {
		if strings.IndexFunc(part, unicode.IsLetter) == 0 && len(part) >= 3 {
			if month = monthNames[strings.ToLower(part[:3])]; month > 0 {
				continue
			}
		}
		part = strings.TrimRight(strings.ToLower(part), "sthndr") // 1st, 2nd, 3rd, 4th
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || len(part) > 4 {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	if month > 0 && len(numbers) == 2 {
		numbers = []int{numbers[0], month, numbers[1]}
		if numbers[0] > 31 {
			return numbers, true
		}
		return numbers, numbers[1] <= 12
	}
	return numbers, month == 0
}

// hasMonthName says whether a day needs no order.
func hasMonthName(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// splitClock splits "2024-03-07 09:30:00" and "2024-03-07T09:30:00Z" into day and
// clock; the clock is "" if there is none.
func splitClock(text string) (day, clock, zone string) {
	text = strings.TrimSpace(text)
	at := strings.IndexByte(text, ':')
	if at < 0 {
		return text, "", ""
	}
	cut := strings.LastIndexAny(text[:at], "T ")
	if cut < 0 {
		return text, "", ""
	}
	day, clock = strings.TrimSpace(text[:cut]), strings.TrimSpace(text[cut+1:])
	if i := strings.IndexAny(clock, "Zz+-"); i > 0 {
		clock, zone = strings.TrimSpace(clock[:i]), clock[i:]
	}
	return day, clock, zone
}

// parseMoment reads a day, perhaps with a time. A day alone is its noon, so that
// it is that day in every zone nearby.
func parseMoment(text string, order DateOrder, zone *time.Location) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC().Truncate(time.Millisecond), true
	}
	dayText, clock, offset := splitClock(text)
	day, ok := parseDay(dayText, orderFor(dayText, order))
	if !ok {
		return day, false
	}
	if offset != "" {
		zone = offsetZone(offset)
	}
	at := 12 * time.Hour
	if clock != "" {
		if at, ok = parseClock(clock); !ok || zone == nil {
			return day, false
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone).Add(at).UTC().Truncate(time.Millisecond), true
}

// orderFor is the order that the numbers of a day are in: words say it themselves.
func orderFor(text string, order DateOrder) DateOrder {
	if hasMonthName(text) {
		return DayFirst
	}
	return order
}

func offsetZone(offset string) *time.Location {
	for _, layout := range []string{"Z07:00", "Z0700", "Z07"} {
		if t, err := time.Parse(layout, strings.ToUpper(offset)); err == nil {
			return t.Location()
		}
	}
	return nil
}

// parseClock reads 9:30, 09:30:15.5 and 9:30 pm.
func parseClock(text string) (time.Duration, bool) {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	for _, layout := range []string{"15:04", "15:04:05", "15:04:05.999", "3:04PM", "3:04:05PM"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), true
		}
	}
	return 0, false
}

// isoOf writes a day in ISO form as far as the precision goes; "" if text is none.
func isoOf(text string, order DateOrder) string {
	dayText, clock, _ := splitClock(text)
	day, ok := parseDay(dayText, orderFor(dayText, order))
	if !ok {
		return ""
	}
	if clock == "" {
		return day.Format(time.DateOnly)
	}
	return day.Format(time.DateOnly) + "T" + clock
}

// OrderOf finds out in which order values write days; DayFirst if none tells it.
func OrderOf(values []string) DateOrder {
	order, _ := orderOf(values)
	return order
}
