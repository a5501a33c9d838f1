package questionnaire

import (
	"math"
	"slices"
	"unicode/utf8"
)

// The fields that only some kinds use, by their names in JSON.
const (
	fieldRequired = "required"
	fieldChoices  = "choices"
	fieldRows     = "rows"
	fieldLow      = "low"
	fieldHigh     = "high"
	fieldMin      = "min"
	fieldMax      = "max"
	fieldWhole    = "whole"
	fieldUnit     = "unit"
	fieldQuotable = "quotable"
	fieldConsent  = "consent"
	fieldPrompts  = "prompts"
	fieldWording  = "wording"
)

// bounds are how many there may be, both inclusive.
type bounds struct{ min, max int }

// only refuses every field that is set but not among allowed, so that nothing
// an author wrote is ignored.
func (c *checker) only(item *Item, allowed ...string) {
	for _, field := range []struct {
		name string
		set  bool
	}{
		{fieldRequired, item.Required},
		{fieldChoices, len(item.Choices) > 0},
		{fieldRows, len(item.Rows) > 0},
		{fieldLow, len(item.Low) > 0},
		{fieldHigh, len(item.High) > 0},
		{fieldMin, item.Min != nil},
		{fieldMax, item.Max != nil},
		{fieldWhole, item.Whole},
		{fieldUnit, len(item.Unit) > 0},
		{fieldQuotable, item.Quotable},
		{fieldConsent, item.Consent != ""},
		{fieldPrompts, len(item.Prompts) > 0},
		{fieldWording, item.Wording != ""},
	} {
		if field.set && !slices.Contains(allowed, field.name) {
			c.fail(whereItem(item), "%s is not for kind %s", field.name, item.Kind)
		}
	}
}

// choices checks the choices of an item: how many ordinary ones it has, and
// that only allowed meanings occur, each but exclusive once.
func (c *checker) choices(item *Item, ordinary bounds, allowed ...Meaning) {
	codes, meanings, n := map[string]bool{}, map[Meaning]int{}, 0
	for _, choice := range item.Choices {
		where := whereItem(item) + " choice " + quoted(choice.Code)
		if !codePattern.MatchString(choice.Code) {
			c.fail(where, "the code must be 1 to 32 small letters a to z, digits and _")
		}
		if codes[choice.Code] {
			c.fail(where, "is there twice")
		}
		codes[choice.Code] = true
		c.meaning(where, choice, allowed)
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
}

func (c *checker) howMany(item *Item, n int, ordinary bounds) {
	switch {
	case ordinary.max == 0 && n > 0:
		c.fail(whereItem(item), "choices of kind %s must mean declined or dont_know", item.Kind)
	case n < ordinary.min:
		c.fail(whereItem(item), "needs at least %d choices besides declined and dont_know, has %d", ordinary.min, n)
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
		c.fail(whereItem(item), "has no rows")
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
	if !utf8.ValidString(text) || cleanText(text) != text {
		c.fail(where, "%s has characters that cannot be shown, or blanks around it", what)
	}
	if n := utf8.RuneCountInString(text); n > limit {
		c.fail(where, "%s has %d characters, may have at most %d", what, n, limit)
	}
}
