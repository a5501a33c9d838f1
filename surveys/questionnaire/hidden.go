package questionnaire

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Where the value of a hidden item is from.
const (
	FromLink    = "link"    // the link's address: ?name=value
	FromStart   = "start"   // the moment the form was opened
	FromEnd     = "end"     // the moment it was sent
	FromToday   = "today"   // the day it was opened
	FromNothing = "nothing" // always blank: what a spreadsheet names and the product does not collect
)

// hidden is never shown: one variable whose answer is text, but none at all if it
// is from nothing. Blank is NotAsked.
type hidden struct{}

func (hidden) check(c *checker, item *Item) {
	c.only(item, []string{fieldFrom, fieldDefault, fieldBreakdown})
	switch item.From {
	case FromLink, FromStart, FromEnd, FromToday, FromNothing:
	default:
		c.fail(whereItem(item), "from %s is not one of link, start, end, today, nothing", quoted(item.From))
	}
	if item.Default != "" && item.From != FromLink {
		c.fail(whereItem(item), "default is only for what is from the link")
	}
	if item.Breakdown && item.From != FromLink {
		c.fail(whereItem(item), "breakdown is only for what is from the link")
	}
}

func (hidden) variables(item *Item, _ []string) []Variable {
	if item.From == FromNothing {
		return nil
	}
	return []Variable{{ID: item.ID, Label: item.Label}}
}

// parse reads what a program sent or what was kept at the start.
func (hidden) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	if v.Item.From != FromLink {
		return Answer{Missing: NotAsked}, nil
	}
	text, err := parseLine(v, string(v.ID), raw)
	if err != nil {
		return Answer{}, err
	}
	if !isTag(text) {
		return Answer{Missing: NotAsked}, nil
	}
	return heldText(text), nil
}

// tagLimit is the length of the longest value taken from a link, in characters.
const tagLimit = 64

// isTag tells whether text is short and of letters, digits, blanks and the marks
// of a code. Staff write the links, but whoever opens one can change it, and what
// it says goes into exports that nobody reads first: it must not carry sentences,
// addresses or markup. Anything else is left out as if the link did not say it.
func isTag(text string) bool {
	return utf8.RuneCountInString(text) <= tagLimit && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune(" _-.", r)
	})
}

func (hidden) summary(v *Variable) Summariser { return newWordSummary(v) }

func (hidden) required() string { return "" }

func (hidden) show(_ *Variable, a Answer, _ []string) string { return a.Text }

// heldText is the answer of an item that nobody was asked.
func heldText(text string) Answer {
	if text == "" {
		return Answer{Missing: NotAsked}
	}
	return Answer{Text: text}
}

// hiddenValue is the answer that a sitting gives a hidden item; kept is what it
// had before.
func (s Sitting) hiddenValue(item *Item, kept Answer) Answer {
	zone := s.Zone
	if zone == nil {
		zone = time.UTC
	}
	switch item.From {
	case FromStart:
		return momentText(s.Started, zone)
	case FromEnd:
		return momentText(s.Now, zone)
	case FromToday:
		if day := s.Started; !day.IsZero() {
			return Answer{Text: day.In(zone).Format(time.DateOnly)}
		}
		return heldText("")
	case FromLink:
		return s.linkValue(item, kept)
	default:
		return heldText("")
	}
}

// momentText is a moment as spreadsheet questionnaires write it.
func momentText(at time.Time, zone *time.Location) Answer {
	if at.IsZero() {
		return heldText("")
	}
	return Answer{Text: at.In(zone).Format("2006-01-02T15:04:05.000Z07:00")}
}

// linkValue is what the link says of an item, by its name or its id; else what
// was kept; else its default.
func (s Sitting) linkValue(item *Item, kept Answer) Answer {
	said, ok := s.Link[item.ReferenceName()]
	if !ok {
		said = s.Link[string(item.ID)]
	}
	v := &Variable{ID: item.ID}
	if text, err := parseLine(v, string(item.ID), Raw{string(item.ID): {said}}); err == nil && text != "" && isTag(text) {
		return Answer{Text: text}
	}
	if kept.Text != "" {
		return kept
	}
	return heldText(item.Default)
}

// ReferenceName is what expressions and spreadsheets call the item: its Name, or
// its ID where it has none.
func (it *Item) ReferenceName() string {
	if it.Name != "" {
		return it.Name
	}
	return string(it.ID)
}
