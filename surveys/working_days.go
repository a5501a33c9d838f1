package surveys

import (
	"slices"
	"time"
)

// Working time, as reminders count it: what came on a day off came when the next
// working day begins.

// works reports whether people work on the day that t is in.
func (s Safeguarding) works(t time.Time) bool {
	if slices.Contains(s.Holidays, t.Format(time.DateOnly)) {
		return false
	}
	return s.WorksOn(t.Weekday())
}

// mostDaysOff is how many days in a row may be days off before counting gives up and
// takes the next day as it is: no plan may keep a reminder back for ever.
const mostDaysOff = 60

// nextWorkingDay is the same time of the next day on which people work.
func (s Safeguarding) nextWorkingDay(t time.Time) time.Time {
	for range mostDaysOff {
		t = time.Date(t.Year(), t.Month(), t.Day()+1, t.Hour(), t.Minute(), t.Second(), 0, t.Location())
		if s.works(t) {
			break
		}
	}
	return t
}

// AfterWorkingDays is the moment n working days after from, by the clock of a zone:
// at the same time of the n-th working day that follows, if from is on a working day.
func (s Safeguarding) AfterWorkingDays(from time.Time, zone *time.Location, n int) time.Time {
	t := from.In(zone)
	if !s.works(t) {
		t = s.nextWorkingDay(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone))
	}
	for range n {
		t = s.nextWorkingDay(t)
	}
	return t
}

// WorksOn reports whether people work on that day of the week.
func (s Safeguarding) WorksOn(day time.Weekday) bool {
	if len(s.WorkDays) == 0 {
		return day != time.Saturday && day != time.Sunday
	}
	return slices.Contains(s.WorkDays, day)
}
