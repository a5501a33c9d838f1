package outcomes

import (
	"fmt"
	"time"
)

// Quarters are named as councils account: the year begins in April, so that "2023/24
// Q3" is October to December 2023. They are the three months of the calendar's
// quarters, which only count them from January: no count differs by the choice.
// Names sort in the order of time.

// QuarterOf names the quarter that a moment, in the zone it is given in, lies in.
func QuarterOf(at time.Time) string {
	year, quarter := at.Year(), (int(at.Month())+8)%12/3+1
	if at.Month() < time.April {
		year--
	}
	return fmt.Sprintf("%d/%02d Q%d", year, (year+1)%100, quarter)
}

// QuarterStart is the first day of a quarter, as midnight UTC; ok is false for
// what is no name of one.
func QuarterStart(name string) (first time.Time, ok bool) {
	var year, next, quarter int
	if _, err := fmt.Sscanf(name, "%4d/%2d Q%1d", &year, &next, &quarter); err != nil {
		return time.Time{}, false
	}
	first = time.Date(year, time.Month(3*quarter+1), 1, 0, 0, 0, 0, time.UTC)
	return first, QuarterOf(first) == name
}

// QuarterWords is a quarter as people say it: "October to December 2023 (Q3 of
// 2023/24)"; what is no name of one comes back as it is.
func QuarterWords(name string) string {
	first, ok := QuarterStart(name)
	if !ok {
		return name
	}
	return fmt.Sprintf("%s to %s (%s of %s)", first.Month(), first.AddDate(0, 2, 0).Format("January 2006"), name[len(name)-2:], name[:len(name)-3])
}
