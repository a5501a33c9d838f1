package questionnaire

import (
	"fmt"
	"strconv"
	"strings"
)

// clock is a time of the day, one variable whose answer is text: 09:30. Its kind
// is "time", the name of a package.
type clock struct{}

func (clock) check(c *checker, item *Item) { c.only(item, single) }

func (clock) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label}}
}

func (clock) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	given := raw.given(string(v.ID))
	if len(given) == 0 {
		return Answer{Missing: NotReached}, nil
	}
	if len(given) > 1 {
		return Answer{}, v.refuse(KeyOnlyOne)
	}
	text, ok := isoTime(given[0])
	if !ok {
		return Answer{}, v.refuse(KeyTime)
	}
	return Answer{Text: text}, nil
}

func (clock) summary(v *Variable) Summariser { return newSpanSummary(v) }

func (clock) required() string { return KeyTime }

func (clock) show(_ *Variable, a Answer, _ []string) string { return a.Text }

// isoTime reads hours and minutes of 24 hours, in any digits; seconds, which some
// browsers send, are left out.
func isoTime(text string) (string, bool) {
	numbers := strings.Split(strings.Map(plainNumeral, text), ":")
	if len(numbers) < 2 || len(numbers) > 3 {
		return "", false
	}
	limits := []uint64{23, 59, 59}
	for i, digits := range numbers {
		if i == 2 {
			digits, _, _ = strings.Cut(digits, ".")
		}
		n, err := strconv.ParseUint(digits, 10, 8)
		if err != nil || n > limits[i] || len(digits) > 2 {
			return "", false
		}
		numbers[i] = fmt.Sprintf("%02d", n)
	}
	return numbers[0] + ":" + numbers[1], true
}
