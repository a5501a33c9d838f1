package questionnaire

import (
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bounds are how many there may be, both inclusive.
type bounds struct{ min, max int }

// choices checks the choices of an item: how many ordinary ones it has, and
// that only allowed meanings occur, each but exclusive once.
func (c *checker) choices(item *Item, ordinary bounds, allowed ...Meaning) {
	codes, meanings, n := map[string]bool{}, map[Meaning]int{}, 0
	for _, choice := range item.Choices {
		where := whereItem(item) + " choice " + quoted(choice.Code)
		if cause := wrongCode(choice.Code, item.Kind); cause != "" {
			c.fail(where, "%s", cause)
		}
		if codes[choice.Code] && (!c.definition.SameCodes || item.Kind == KindRanking) {
			c.fail(where, "is there twice")
		}
		codes[choice.Code] = true
		c.meaning(where, choice, allowed)
		c.choicePicture(where, item, choice)
		meanings[choice.Meaning]++
		if choice.Meaning.Missing() == Answered {
			n++
		}
	}
	for _, once := range []Meaning{MeaningOther, MeaningDeclined, MeaningDontKnow} {
		if meanings[once] > 1 {
			c.fail(whereItem(item), "has %d choices that mean %s, may have one", meanings[once], once)
		}
	}
	c.howMany(item, n, ordinary)
	c.atMost(whereItem(item), "choices", len(item.Choices), maxChoices)
	c.short(whereItem(item), "list", item.List)
}

// maxCode is the longest code of a choice, in characters. Spreadsheets in use
// have whole sentences there.
const maxCode = 200

// wrongCode says what is wrong with the code of a choice, "" if nothing is. Codes
// are kept as they are written: expressions compare with them.
func wrongCode(code string, kind Kind) string {
	n := utf8.RuneCountInString(code)
	switch {
	case n < 1 || n > maxCode || !utf8.ValidString(code) || strings.ContainsFunc(code, notPrintable):
		return "the code must be 1 to 200 characters that can be printed"
	case strings.TrimSpace(code) != code:
		return "the code must not have blanks around it"
	case (kind == KindMultipleChoice || kind == KindRanking) && strings.Contains(code, " "):
		return "the code must not have a blank in it: several are written with blanks between"
	default:
		return ""
	}
}

func notPrintable(r rune) bool { return !unicode.IsPrint(r) }

func (c *checker) choicePicture(where string, item *Item, choice Choice) {
	switch {
	case choice.Picture == "":
	case item.Kind != KindPictures:
		c.fail(where, "picture is only for kind pictures")
	default:
		c.media(where, "picture", choice.Picture)
	}
	c.cells(where, "columns", choice.Columns)
}

// media checks the id of a picture or a recording.
func (c *checker) media(where, what, id string) {
	if !mediaPattern.MatchString(id) {
		c.fail(where, "%s %s is not the id of one: 64 digits and letters a to f", what, quoted(id))
	}
}

// The most that is kept of what a spreadsheet said and nothing here uses.
const (
	maxCells = 500
	maxCell  = 10_000 // characters
)

// cells checks what a spreadsheet said by heading.
func (c *checker) cells(where, what string, cells Cells) {
	c.atMost(where, what, len(cells), maxCells)
	for _, heading := range slices.Sorted(maps.Keys(cells)) {
		if !utf8.ValidString(heading) || !utf8.ValidString(cells[heading]) || utf8.RuneCountInString(cells[heading]) > maxCell || utf8.RuneCountInString(heading) > maxLabel {
			c.fail(where, "%s: %s is not text of at most %d characters", what, quoted(heading), maxCell)
		}
	}
}

func (c *checker) howMany(item *Item, n int, ordinary bounds) {
	switch {
	case ordinary.max == 0 && n > 0:
		c.fail(whereItem(item), "choices of kind %s must mean declined or dont_know", item.Kind)
	case n < ordinary.min:
		c.fail(whereItem(item), "needs at least %d choices besides “would not say” and “does not know”, has %d", ordinary.min, n)
	case n > ordinary.max:
		c.fail(whereItem(item), "has %d choices, may have at most %d", n, ordinary.max)
	}
}

func (c *checker) meaning(where string, choice Choice, allowed []Meaning) {
	if choice.Meaning != "" && !slices.Contains(allowed, choice.Meaning) {
		c.fail(where, "meaning %s is not one this kind knows", quoted(string(choice.Meaning)))
	}
	if choice.Score == nil {
		return
	}
	if choice.Meaning.Missing() != Answered {
		c.fail(where, "stands for no answer, so it has no score")
	}
	if math.IsNaN(*choice.Score) || math.Abs(*choice.Score) >= maxNumber {
		c.fail(where, "the score must be a number of at most %d digits", maxDigits)
	}
}

// batteryRows checks how many rows a battery has; names checks their ids.
func (c *checker) batteryRows(item *Item) {
	if len(item.Rows) == 0 {
		c.fail(whereItem(item), "has no statements")
	}
	c.atMost(whereItem(item), "rows", len(item.Rows), maxRows)
}

// consentOf checks the consent that a quotable item names: it must be asked
// wherever the item is.
func (c *checker) consentOf(item *Item) {
	other, ok := c.items[item.Consent]
	if !ok || other.Kind != KindConsent {
		c.fail(whereItem(item), "consent %s is not a consent item", quoted(string(item.Consent)))
		return
	}
	for _, wave := range []Wave{WavePre, WavePost, WaveFollowUp} {
		if at(c.waves[item.ID], wave) && !at(c.waves[item.Consent], wave) {
			c.fail(whereItem(item), "is asked at wave %s, but its consent %s is not", wave, quoted(string(item.Consent)))
		}
	}
}

// short checks a short text that is not shown, such as the name of a source.
func (c *checker) short(where, what, text string) {
	const limit = 500
	if !utf8.ValidString(text) || CleanText(text) != text {
		c.fail(where, "%s has characters that cannot be shown, or blanks around it", what)
	}
	if n := utf8.RuneCountInString(text); n > limit {
		c.fail(where, "%s has %d characters, may have at most %d", what, n, limit)
	}
}
