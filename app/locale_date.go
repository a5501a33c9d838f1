package app

import (
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	decimal "golang.org/x/text/number"
)

// Dates are those of the Gregorian calendar in every language, also in Persian,
// Sorani and Tigrinya: it is the calendar of the country whose schools and
// offices the questions are about, of the answers as they are kept, and of the
// date a phone's own control shows. Times are shown as 09:30, from 00:00 to 23:59,
// which every language here reads without "a.m." or "in the evening".

// Precisions of a date, as questionnaire.Item.Precision has them; that of a date
// with a time is a minute.
const (
	precisionDay    = "day"
	precisionMonth  = "month"
	precisionYear   = "year"
	precisionMinute = "minute"
)

// showDate is a date in words, in the order and with the month names of the
// language: "7 March 2026", "March 2026", "2026", "7 March 2026, 09:30". It shows
// t as its zone has it.
func (l *locales) showDate(lang string, t time.Time, precision string) string {
	year := t.Format("2006")
	month := l.list(lang, "respond.months_in_dates")[t.Month()-time.January]
	switch precision {
	case precisionYear:
		return year
	case precisionMonth:
		return l.say(lang, "respond.date_month", l.months(lang)[t.Month()-time.January], year)
	}
	day := l.say(lang, "respond.date_day", t.Day(), month, year)
	if precision == precisionMinute {
		return l.say(lang, "respond.date_time", day, t.Format("15:04"))
	}
	return day
}

// dateForms are the texts of answers that are a date or a time, and what each is precise to.
var dateForms = []struct{ layout, precision string }{
	{time.DateOnly, precisionDay}, {"2006-01", precisionMonth}, {"2006", precisionYear},
	{"2006-01-02T15:04", precisionMinute}, {"2006-01-02T15:04:05", precisionMinute},
}

// showDateText is an answer of kind date or date_time in words; iso is its text,
// "2026-03-07". A time, and what is no date, is shown as it stands.
func (l *locales) showDateText(lang, iso string) string {
	for _, form := range dateForms {
		if t, err := time.Parse(form.layout, iso); err == nil {
			return l.showDate(lang, t, form.precision)
		}
	}
	return iso
}

// firstOfMonth is the wording of the first day of a month where that is another
// than of all days, as "1er mars" is in French; "" elsewhere.
func (l *locales) firstOfMonth(lang string) string {
	return l.sentences[l.spoken(lang)]["respond.date_day"]["=1"]
}

// dateOrder is the order in which the language writes the parts of a date:
// "day", "month", "year" for most.
func (l *locales) dateOrder(lang string) []string {
	pattern := l.say(lang, "respond.date_day")
	at := map[string]int{
		precisionDay: strings.Index(pattern, "{0}"), precisionMonth: strings.Index(pattern, "{1}"), precisionYear: strings.Index(pattern, "{2}"),
	}
	order := []string{precisionDay, precisionMonth, precisionYear}
	slices.SortStableFunc(order, func(a, b string) int { return at[a] - at[b] })
	return order
}

// months are the names of the months as they stand by themselves, January first.
func (l *locales) months(lang string) []string { return l.list(lang, "respond.months") }

// list is a sentence that lists words, parted by commas.
func (l *locales) list(lang, key string) []string { return strings.Split(l.say(lang, key), ",") }

// commas remembers which languages write a decimal comma.
var commas sync.Map

// decimalComma reports whether the language parts a fraction by a comma, by the
// CLDR's rules for the digits 0 to 9.
func decimalComma(lang string) bool {
	if known, ok := commas.Load(lang); ok {
		return known.(bool)
	}
	tag := language.Make(lang)
	if digits, err := tag.SetTypeForKey("nu", "latn"); err == nil {
		tag = digits
	}
	comma := strings.Contains(message.NewPrinter(tag).Sprint(decimal.Decimal(0.5)), ",")
	commas.Store(lang, comma)
	return comma
}
