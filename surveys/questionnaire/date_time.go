package questionnaire

import "strings"

// dateTime is a day and a time, one variable whose answer is text:
// 2026-03-07T09:30, in the programme's zone.
type dateTime struct{}

func (dateTime) check(c *checker, item *Item) { c.only(item, single) }

func (dateTime) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label}}
}

func (dateTime) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	given := raw.given(string(v.ID))
	if len(given) > 1 {
		return Answer{}, v.refuse(KeyOnlyOne)
	}
	if len(given) == 1 {
		day, clock, _ := strings.Cut(strings.Replace(given[0], " ", "T", 1), "T")
		return v.dayAndTime(day, clock)
	}
	day, err := dateText(&Variable{ID: v.ID}, raw, PrecisionDay)
	clock := strings.Join(raw.given(PartControl(v.ID, clockControl)), " ")
	switch {
	case err != nil:
		return Answer{}, err
	case day == "" && clock == "":
		return Answer{Missing: NotReached}, nil
	}
	return v.dayAndTime(day, clock)
}

func (v *Variable) dayAndTime(day, clock string) (Answer, *FieldError) {
	day, dayOK := isoDate(day, PrecisionDay)
	clock, clockOK := isoTime(clock)
	if !dayOK || !clockOK {
		return Answer{}, v.refuse(KeyDateTime)
	}
	return Answer{Text: day + "T" + clock}, nil
}

func (dateTime) summary(v *Variable) Summariser { return newSpanSummary(v) }

func (dateTime) required() string { return KeyDateTime }

func (dateTime) show(_ *Variable, a Answer, _ []string) string {
	return strings.Replace(a.Text, "T", " ", 1)
}
