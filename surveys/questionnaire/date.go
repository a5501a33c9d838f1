package questionnaire

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The precisions of a date; "" is PrecisionDay.
const (
	PrecisionDay   = "day"
	PrecisionMonth = "month"
	PrecisionYear  = "year"
)

// date is a day, a month or a year, one variable whose answer is text in ISO
// form: 2026-03-07, 2026-03, 2026. Which dates fit is said by a constraint.
type date struct{}

func (date) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldPrecision})
	switch item.Precision {
	case "", PrecisionDay, PrecisionMonth, PrecisionYear:
	default:
		c.fail(whereItem(item), "precision %s is not one of day, month, year", quoted(item.Precision))
	}
}

func (date) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label}}
}

// The controls of a date that is given in parts, as <id>__year.
const (
	yearControl  = "year"
	monthControl = "month"
	dayControl   = "day"
	clockControl = "time" // date_time
)

// PartControl names the control of one part of a date: "year", "month", "day"; of
// a date_time also "time".
func PartControl(item ItemID, part string) string { return string(item) + "__" + part }

func (date) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	text, err := dateText(v, raw, v.Item.Precision)
	if err != nil || text == "" {
		return Answer{Missing: NotReached}, err
	}
	return Answer{Text: text}, nil
}

func (date) summary(v *Variable) Summariser { return newSpanSummary(v) }

func (date) required() string { return KeyDate }

func (date) show(_ *Variable, a Answer, _ []string) string { return a.Text }

// dateText reads a date at the item's own control or, where that is blank, in
// its parts; "" is blank.
func dateText(v *Variable, raw Raw, precision string) (string, *FieldError) {
	given := raw.given(string(v.ID))
	if len(given) > 1 {
		return "", v.refuse(KeyOnlyOne)
	}
	if len(given) == 1 {
		text, ok := isoDate(given[0], precision)
		if !ok {
			return "", v.refuse(keyOfDate(precision))
		}
		return text, nil
	}
	var parts []string
	blank := true
	for _, part := range partsOf(precision) {
		value := strings.Join(raw.given(PartControl(v.ID, part)), " ")
		blank = blank && value == ""
		parts = append(parts, value)
	}
	if blank {
		return "", nil
	}
	for i, value := range parts {
		if value == "" {
			err := v.refuse(keyOfDate(precision))
			err.Control = PartControl(v.ID, partsOf(precision)[i])
			return "", err
		}
	}
	text, ok := isoDate(strings.Join(parts, "-"), precision)
	if !ok {
		return "", v.refuse(keyOfDate(precision))
	}
	return text, nil
}

// partsOf are the parts of a date in ISO order.
func partsOf(precision string) []string {
	switch precision {
	case PrecisionYear:
		return []string{yearControl}
	case PrecisionMonth:
		return []string{yearControl, monthControl}
	default:
		return []string{yearControl, monthControl, dayControl}
	}
}

func keyOfDate(precision string) string {
	switch precision {
	case PrecisionYear:
		return KeyDateYear
	case PrecisionMonth:
		return KeyDateMonth
	default:
		return KeyDateDay
	}
}

// isoDate reads year, month and day with - between, in any digits, the last two
// of one digit or two, and says whether the calendar has that date. Years have
// four digits, from 1000.
func isoDate(text, precision string) (string, bool) {
	numbers := strings.Split(strings.Map(plainNumeral, text), "-")
	if len(numbers) != len(partsOf(precision)) {
		return "", false
	}
	whole := [3]int{1, 1, 1}
	for i, digits := range numbers {
		n, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 16)
		if err != nil || i > 0 && len(strings.TrimSpace(digits)) > 2 {
			return "", false
		}
		whole[i] = int(n)
	}
	day := time.Date(whole[0], time.Month(whole[1]), whole[2], 0, 0, 0, 0, time.UTC)
	if whole[0] < 1000 || whole[0] > 9999 || day.Month() != time.Month(whole[1]) || day.Day() != whole[2] {
		return "", false
	}
	return fmt.Sprintf("%04d-%02d-%02d", whole[0], whole[1], whole[2])[:3*len(numbers)+1], true
}

// firstDay is a date of any precision as expressions see it, as a whole date:
// that of a month or a year is its first.
func firstDay(text, precision string) string { return text + restOfDate(precision) }

// restOfDate is what makes a date of this precision a whole one.
func restOfDate(precision string) string {
	switch precision {
	case PrecisionYear:
		return "-01-01"
	case PrecisionMonth:
		return "-01"
	default:
		return ""
	}
}
