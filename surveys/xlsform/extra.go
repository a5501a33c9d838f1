package xlsform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// extra is what a cell of the column soundings says: the fields, by their names
// in JSON, of the item, group or part that a row gives, as far as XLSForm has no
// column for them. Beside them stands in "was" what the row gave when it was
// written: a field counts only while the row still gives that, so that whoever
// changes the row in a spreadsheet program has the last word. In "page" stand
// the fields of the part that begins with the item, if no group makes it.
type extra map[string]json.RawMessage

const (
	extraID   = "id"
	extraKind = "kind"
	extraWas  = "was"
	extraPage = "page"
	extraOf   = "words_of" // the row asks for the words of an "other" choice

	extraElement = "element" // the row is a prompt of a linkage code, or its card
	elementCard  = "card"
	extraNeeded  = "needed" // the card, or else the prompts
	extraTags    = "tags"   // of the settings: words of headings to languages
)

// itemTies say which fields stand and fall with another: the bounds of a number
// are written as a constraint too.
var itemTies = map[string]string{"min": "constraint", "max": "constraint"}

// readExtra reads the column soundings of a row.
func (r *reader) readExtra(row *row) {
	var err error
	if row.extra, err = parseExtra(row.line); err != nil {
		r.refuseCell(row.line, BadCell, colSoundings, "This column is written by Soundings and was changed, so that it cannot be read. Empty the cell to leave out what it says")
	}
}

func parseExtra(l line) (extra, error) {
	text := l.cells[colSoundings]
	for _, key := range moreSoundings {
		text += l.cells[key]
	}
	if text == "" {
		return nil, nil
	}
	var e extra
	err := json.Unmarshal([]byte(text), &e)
	if err == nil && e[extraID] != nil && !questionnaire.ValidID(e.id()) {
		err = fmt.Errorf("%q is no id", e.id())
	}
	return e, err
}

// read reads a field into *to, and leaves it alone if it is something else.
func (e extra) read(field string, to any) {
	if !blank(e[field]) {
		_ = json.Unmarshal(e[field], to)
	}
}

// text is a field that is a text, "" if it is not.
func (e extra) text(field string) string {
	var text string
	e.read(field, &text)
	return text
}

// tags are the languages of words in headings, where the words alone do not tell.
func (e extra) tags() map[string]string {
	var tags map[string]string
	e.read(extraTags, &tags)
	return tags
}

func (e extra) id() questionnaire.ItemID { return questionnaire.ItemID(e.text(extraID)) }

// page is what is said of the part that the item begins; nil if it begins none.
func (e extra) page() extra {
	var page extra
	e.read(extraPage, &page)
	return page
}

// apply sets the fields of *to. What does not fit is left out; Check says what
// is missing then.
func (e extra) apply(to any, ties map[string]string) {
	if len(e) == 0 {
		return
	}
	fields := fieldsOf(to)
	var was extra
	e.read(extraWas, &was)
	next := maps.Clone(fields)
	for field, value := range e {
		if slices.Contains([]string{extraWas, extraPage, extraOf, extraTags}, field) {
			continue
		}
		tie := ties[field]
		if !same(fields[field], was[field]) || tie != "" && !same(fields[tie], was[tie]) {
			continue
		}
		if next[field] = value; string(value) == "null" {
			delete(next, field)
		}
	}
	set(to, next)
}

// set makes *to of fields, one of those that fit.
func set(to any, fields extra) {
	switch to := to.(type) {
	case *questionnaire.Item:
		setAs(to, fields)
	case *questionnaire.Part:
		setAs(to, fields)
	case *questionnaire.Group:
		setAs(to, fields)
	case *questionnaire.Prompt:
		setAs(to, fields)
	case *questionnaire.Definition:
		setAs(to, fields)
	}
}

func setAs[T any](to *T, fields extra) {
	text, err := json.Marshal(fields)
	var made T
	if err == nil && json.Unmarshal(text, &made) == nil {
		*to = made
	}
}

// fieldsOf are the fields of a value as JSON.
func fieldsOf(value any) extra {
	text, err := json.Marshal(value)
	fields := extra{}
	if err == nil {
		_ = json.Unmarshal(text, &fields)
	}
	return fields
}

func same(a, b json.RawMessage) bool {
	return bytes.Equal(a, b) || blank(a) && blank(b)
}

func blank(value json.RawMessage) bool { return len(value) == 0 || string(value) == "null" }

// difference is what has to be said beside a row that gives derived, so that it
// gives actual.
func difference(derived, actual any) extra {
	before, after := fieldsOf(derived), fieldsOf(actual)
	e, was := extra{}, extra{}
	for field, value := range after {
		if !same(before[field], value) {
			e[field] = value
		}
	}
	for field := range before {
		if _, ok := after[field]; !ok && !blank(before[field]) {
			e[field] = json.RawMessage("null")
		}
	}
	for field := range e {
		for _, guard := range []string{field, itemTies[field]} {
			if guard != "" && !blank(before[guard]) {
				was[guard] = before[guard]
			}
		}
	}
	if len(was) > 0 {
		e[extraWas] = mustJSON(was)
	}
	return e
}

// mustJSON is the JSON of a value that always has one.
func mustJSON(value any) json.RawMessage {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("xlsform: " + err.Error()) // only maps of JSON come here
	}
	return json.RawMessage(strings.TrimSpace(text.String()))
}

// moreSoundings continue the column where its text is longer than a cell.
var moreSoundings = []string{"soundings_2", "soundings_3", "soundings_4", "soundings_5", "soundings_6", "soundings_7", "soundings_8", "soundings_9"}
