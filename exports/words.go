package exports

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// The words of a workbook are English, the language that is written in its
// properties; questions and choices are in the language that was asked for.

// waveName is a wave in words.
func waveName(w questionnaire.Wave) string {
	switch w {
	case questionnaire.WavePre:
		return "Before"
	case questionnaire.WavePost:
		return "After"
	case questionnaire.WaveFollowUp:
		return "Follow-up"
	}
	return string(w)
}

// modeName is how answers came, in words.
func modeName(m surveys.Mode) string {
	switch m {
	case surveys.ModePhone:
		return "Own phone or computer"
	case surveys.ModeShared:
		return "Shared device"
	case surveys.ModePaper:
		return "Paper, typed in"
	case surveys.ModeImport:
		return "Imported"
	}
	return string(m)
}

// languageName is the English name of a language tag.
func languageName(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.English.Tags().Name(t); name != "" {
		return name
	}
	return tag
}

// designName says how a strand measures change.
func designName(d surveys.Design) string {
	switch d {
	case surveys.DesignPrePost:
		return "Before and after: the same people answered before and after, paired by a code they gave"
	case surveys.DesignPrePostFollowUp:
		return "Before, after and follow-up: the same people answered before, after and once more, paired by a code they gave"
	case surveys.DesignThenNow:
		return "Then and now: one form at the end, in which people rated from memory how it was then, and how it is now. It is not a measurement before and after"
	case surveys.DesignRating:
		return "Rating: given once, afterwards. It shows no change"
	case surveys.DesignUnlinked:
		return "Before and after, not linked: two groups of answers, of which nobody knows who gave both. It shows how the groups differ, and no person's change"
	}
	return string(d)
}

// pairName says how a pair was found.
func pairName(k pairing.Kind) string {
	switch k {
	case pairing.Exact:
		return "exact"
	case pairing.Near:
		return "near: the codes differ a little"
	case pairing.Reviewed:
		return "reviewed: accepted by a person"
	}
	return string(k)
}

// unmatchedName says why a response has no pair.
func unmatchedName(r pairing.Reason) string {
	switch r {
	case pairing.ReasonUndecided:
		return "nobody decided"
	case pairing.ReasonNoCode:
		return "no code given"
	case pairing.ReasonTooLong:
		return "code too long"
	case pairing.ReasonShared:
		return "several responses have this code"
	case pairing.ReasonTie:
		return "tie, several are as near"
	case pairing.ReasonReview:
		return "waits for a person's review"
	case pairing.ReasonAlone:
		return "no code like it"
	}
	return string(r)
}

// breakdownName names what a breakdown is by.
func breakdownName(by string) string {
	switch by {
	case "everyone":
		return "Everyone"
	case "phase":
		return "Phase"
	case "":
		return ""
	}
	first, size := utf8.DecodeRuneInString(by)
	return string(unicode.ToUpper(first)) + by[size:]
}

// people counts people in words.
func people(n int) string { return counted(n, "person", "people") }

// counted is "1 row" or "1,234 rows".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped writes a count as 1,234.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// day is a date in words; "" for the zero time.
func day(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2 January 2006")
}
