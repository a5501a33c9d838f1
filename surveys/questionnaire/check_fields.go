package questionnaire

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// The fields that only some kinds use, by their names in JSON.
const (
	fieldRequired          = "required"
	fieldChoices           = "choices"
	fieldRows              = "rows"
	fieldLow               = "low"
	fieldHigh              = "high"
	fieldMin               = "min"
	fieldMax               = "max"
	fieldWhole             = "whole"
	fieldUnit              = "unit"
	fieldQuotable          = "quotable"
	fieldConsent           = "consent"
	fieldPrompts           = "prompts"
	fieldCard              = "card"
	fieldWording           = "wording"
	fieldRequiredIf        = "required_if"
	fieldRequiredMessage   = "required_message"
	fieldConstraint        = "constraint"
	fieldConstraintMessage = "constraint_message"
	fieldCalculation       = "calculation"
	fieldDefault           = "default"
	fieldReadOnly          = "read_only"
	fieldFilter            = "filter"
	fieldList              = "list"
	fieldShuffle           = "shuffle"
	fieldGrid              = "grid"
	fieldStep              = "step"
	fieldPrecision         = "precision"
	fieldFrom              = "from"
	fieldPicture           = "picture"
	fieldAlt               = "alt"
	fieldBreakdown         = "breakdown"
)

var (
	// asked are the fields of every item that somebody answers.
	asked = []string{fieldRequired, fieldRequiredIf, fieldRequiredMessage, fieldConstraint, fieldConstraintMessage, fieldReadOnly}
	// single are those of an item with one variable, whose value may stand there at
	// the start or be worked out.
	single = slices.Concat(asked, []string{fieldDefault, fieldCalculation})
)

// only refuses every field that is set but not among allowed, so that nothing
// an author wrote is ignored.
func (c *checker) only(item *Item, allowed ...[]string) {
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
		{fieldCard, item.Card},
		{fieldWording, item.Wording != ""},
		{fieldRequiredIf, item.RequiredIf != ""},
		{fieldRequiredMessage, len(item.RequiredMessage) > 0},
		{fieldConstraint, item.Constraint != ""},
		{fieldConstraintMessage, len(item.ConstraintMessage) > 0},
		{fieldCalculation, item.Calculation != ""},
		{fieldDefault, item.Default != ""},
		{fieldReadOnly, item.ReadOnly != ""},
		{fieldFilter, item.Filter != ""},
		{fieldList, item.List != ""},
		{fieldShuffle, item.Shuffle},
		{fieldGrid, item.Grid},
		{fieldStep, item.Step != nil},
		{fieldPrecision, item.Precision != ""},
		{fieldFrom, item.From != ""},
		{fieldPicture, item.Picture != ""},
		{fieldAlt, len(item.Alt) > 0},
		{fieldBreakdown, item.Breakdown},
	} {
		if field.set && !slices.ContainsFunc(allowed, func(names []string) bool { return slices.Contains(names, field.name) }) {
			c.fail(whereItem(item), "%s is not for kind %s", field.name, item.Kind)
		}
	}
}

// everyKind checks the fields that every kind has.
func (c *checker) everyKind(item *Item) {
	where := whereItem(item)
	c.short(where, "name", item.Name)
	c.short(where, "library", item.Library)
	c.cells(where, "sheet", item.Sheet)
	for _, tag := range slices.Sorted(maps.Keys(item.Audio)) {
		if !slices.Contains(c.definition.Languages, tag) {
			c.fail(where, "has a recording in %s, which is not one of the languages", quoted(tag))
		}
		c.media(where, "recording", item.Audio[tag])
	}
	if _, ok := c.groups[item.Group]; !ok && item.Group != "" {
		c.fail(where, "lies in group %s, which is not there", quoted(string(item.Group)))
	}
	c.defaultValue(where, item)
}

// defaultValue checks a default that is no expression: it is read as an answer
// when the form is shown.
func (c *checker) defaultValue(where string, item *Item) {
	if n := utf8.RuneCountInString(item.Default); n > maxPassage {
		c.fail(where, "default has %d characters, may have at most %d", n, maxPassage)
	}
	behaviour, err := behaviourOf(item.Kind)
	if err != nil || item.Default == "" || isDynamic(item.Default) {
		return
	}
	variables := behaviour.variables(item, c.definition.Languages)
	if len(variables) != 1 || item.Kind == KindCalculated || item.Kind == KindHidden {
		return
	}
	v := &variables[0]
	v.Item, v.Kind = item, item.Kind
	if _, wrong := behaviour.parse(v, v.defaultRaw(item.Default)); wrong != nil {
		c.fail(where, "default %s is not an answer to this item", quoted(item.Default))
	}
}

// A grid must fit a screen of 360 pixels. The statements stand on lines of their
// own above their boxes, so that the whole breadth of 328 pixels is the choices';
// at 14 pixels a letter takes about 7, which makes 46 letters in all. A label may
// take three lines.
const (
	gridColumns = 5
	gridLetters = 46
	gridLines   = 3
)

// grid refuses a battery that would not fit as a table, by the longest word and
// the length of each label in each language.
func (c *checker) grid(item *Item) {
	n := len(item.Choices)
	if n > gridColumns {
		c.fail(whereItem(item), "has %d choices, a grid may have at most %d", n, gridColumns)
		return
	}
	if n == 0 {
		return // choices reports it
	}
	line := gridLetters / n
	for _, choice := range item.Choices {
		for _, tag := range slices.Sorted(maps.Keys(choice.Label)) {
			if longest, all := lengths(choice.Label[tag]); longest > line || all > line*gridLines {
				c.fail(whereItem(item)+" choice "+quoted(choice.Code), "is too long in %s for a grid of %d choices on a phone: a word may have %d letters, a label %d", quoted(tag), n, line, line*gridLines)
			}
		}
	}
}

// lengths are those of the longest word and of the whole text, in characters.
func lengths(text string) (longest, all int) {
	for _, word := range strings.Fields(text) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return longest, utf8.RuneCountInString(text)
}
