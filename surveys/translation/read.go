package translation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
	"soundings/surveys/xlsform"
)

// RowError is why a cell or a row of the sheet was not taken over.
type RowError struct {
	Row    int    // as the spreadsheet program counts; the row of the headings for what is wrong with a column
	Column string // heading; "" for the whole row
	Key    string // of the wording; "" if it has none
	Text   string // what is wrong and how to mend it, in plain English
	Sheet  string // what stands in the cell
	Ours   string // what stands in the questionnaire, and stays there
}

// Change is one text that the sheet changes.
type Change struct {
	Row    int
	Key    string
	What   string
	Lang   string
	Source string // as it is now
	Before string // "" if it was missing
	After  string
	Was    string // the source text the translator saw, where it was changed since; "" otherwise
}

// Stale says that the source text was changed after the sheet was made, so that
// the translation may no longer fit.
func (c Change) Stale() bool { return c.Was != "" }

// Review is what a sheet would do to a definition.
type Review struct {
	Languages []string // columns of the sheet that are languages of the definition
	Changes   []Change // that can be taken over
	Stale     []Change // held back: their source text was changed since
	Errors    []RowError
	Unchanged int // cells with words that are the same as ours
}

// Read takes over what can be from the sheet: texts only, cell by cell. What is
// held back, stale translations among it, is in the errors. The error is an
// *xlsform.Refusal or says that data is no translator's workbook.
func Read(def questionnaire.Definition, data []byte) (questionnaire.Definition, []RowError, error) {
	review, err := ReadSheet(def, data)
	if err != nil {
		return questionnaire.Definition{}, nil, err
	}
	changed, err := copyOf(def)
	if err != nil {
		return questionnaire.Definition{}, nil, err
	}
	Apply(&changed, review.Changes)
	errs := review.Errors
	for _, c := range review.Stale {
		errs = append(errs, RowError{
			Row: c.Row, Column: heading(c.Lang), Key: c.Key, Sheet: c.After, Ours: c.Before,
			Text: fmt.Sprintf("The source text was changed after the sheet was made: it was %s, and is now %s. See whether the translation still fits.", shortened(c.Was), shortened(c.Source)),
		})
	}
	slices.SortStableFunc(errs, func(a, b RowError) int { return a.Row - b.Row })
	return changed, errs, nil
}

// Apply writes changes into def. One whose wording is gone, or now says
// something other than Change.Before, is left out and returned.
func Apply(def *questionnaire.Definition, changes []Change) (leftOut []Change) {
	rows := map[string]row{}
	for _, r := range rowsOf(*def) {
		rows[r.key] = r
	}
	for _, c := range changes {
		r, ok := rows[c.Key]
		if !ok || !slices.Contains(def.Languages, c.Lang) || r.text[c.Lang] != c.Before || r.source != c.Source {
			leftOut = append(leftOut, c)
			continue
		}
		r.text[c.Lang] = c.After
	}
	return leftOut
}

// ReadSheet compares a translator's workbook with def and changes nothing.
func ReadSheet(def questionnaire.Definition, data []byte) (Review, error) {
	book, err := xlsform.ReadBook(data)
	if err != nil {
		return Review{}, err
	}
	texts := book.Sheet(sheetTexts)
	if texts == nil && len(book.Sheets) == 1 {
		texts = &book.Sheets[0] // renamed by a program that saves one sheet
	}
	if texts == nil {
		return Review{}, fmt.Errorf("the workbook has no sheet %q: it is not a translator's sheet from here", sheetTexts)
	}
	head, err := headOf(texts)
	if err != nil {
		return Review{}, err
	}
	r := &reader{def: def, head: head, rows: map[string]row{}, seen: map[string]int{}, originals: originals(book)}
	for _, known := range rowsOf(def) {
		r.rows[known.key] = known
	}
	r.columns(texts)
	for _, line := range texts.Rows {
		if line.Number > head.row {
			r.line(line)
		}
	}
	return r.review, nil
}

// head is where the table of a sheet begins.
type head struct {
	row         int
	key, source int
	sourceName  string
	langs       map[int]string // column to heading
}

// headOf finds the headings: the first row whose cells say "Where" and "What it is".
func headOf(sheet *xlsform.Sheet) (head, error) {
	for _, line := range sheet.Rows {
		h := head{row: line.Number, langs: map[int]string{}}
		what := 0
		for _, cell := range line.Cells {
			switch cell.Text {
			case headingKey:
				h.key = cell.Column
			case headingWhat:
				what = cell.Column
			case headingMissing:
			default:
				h.langs[cell.Column] = cell.Text
			}
		}
		if h.key > 0 && what > 0 {
			h.source = what + 1
			h.sourceName = h.langs[h.source]
			delete(h.langs, h.source)
			return h, nil
		}
	}
	return head{}, fmt.Errorf("the sheet has no row of headings with %q and %q: it is not a translator's sheet from here, or its headings were changed", headingKey, headingWhat)
}

// original is a wording as it was when the sheet was written.
type original struct {
	source string
	texts  map[string]string // language to words
}

// originals reads the hidden sheet; without it nothing is known of then.
func originals(book *xlsform.Book) map[string]original {
	sheet := book.Sheet(sheetOriginal)
	if sheet == nil {
		return nil
	}
	h, err := headOf(sheet)
	if err != nil {
		return nil
	}
	all := map[string]original{}
	for _, line := range sheet.Rows {
		if line.Number <= h.row {
			continue
		}
		o := original{source: line.Text(h.source), texts: map[string]string{}}
		for column, name := range h.langs {
			o.texts[tagIn(name)] = line.Text(column)
		}
		all[line.Text(h.key)] = o
	}
	return all
}

// copyOf shares nothing with def.
func copyOf(def questionnaire.Definition) (questionnaire.Definition, error) {
	data, err := json.Marshal(def)
	if err != nil {
		return questionnaire.Definition{}, fmt.Errorf("copying the questionnaire: %w", err)
	}
	var made questionnaire.Definition
	if err := json.Unmarshal(data, &made); err != nil {
		return questionnaire.Definition{}, fmt.Errorf("copying the questionnaire: %w", err)
	}
	return made, nil
}

// sameWords compares as a spreadsheet keeps texts: with other blanks and line
// breaks, which people do not see.
func sameWords(a, b string) bool { return seen(a) == seen(b) }

func seen(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\u00a0", " ", "\r\n", "\n", "\r", "\n").Replace(text))
}
