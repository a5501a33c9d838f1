package translation

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"

	"soundings/surveys/questionnaire"
	"soundings/surveys/xlsform"
)

// reader compares a sheet with a definition, row by row.
type reader struct {
	def       questionnaire.Definition
	head      head
	rows      map[string]row
	seen      map[string]int // key to the row in which it was
	originals map[string]original
	langs     map[int]string // column to language, those that are read
	review    Review
}

// columns decides which columns are read, and reports the others.
func (r *reader) columns(sheet *xlsform.Sheet) {
	r.langs = map[int]string{}
	for _, column := range slices.Sorted(maps.Keys(r.head.langs)) {
		name := r.head.langs[column]
		lang := tagIn(name)
		switch {
		case lang == "":
			r.fail(r.head.row, name, "", "", "", "The heading names no language, so the column was not read. Write the language's code in parentheses, as in “Arabic (ar)”.")
		case lang == sourceOf(r.def):
			r.fail(r.head.row, name, "", "", "", "This is the source language, which is changed in the editor and not by a translator's sheet.")
		case !slices.Contains(r.def.Languages, lang):
			r.fail(r.head.row, name, "", "", "", "The questionnaire does not have this language, so the column was not read. Add the language first, then upload the sheet again.")
		case slices.Contains(r.review.Languages, lang):
			r.fail(r.head.row, name, "", "", "", "This language has two columns; only the first was read. Take one out.")
		default:
			r.langs[column] = lang
			r.review.Languages = append(r.review.Languages, lang)
		}
	}
	if len(r.review.Languages) == 0 {
		r.fail(r.head.row, "", "", "", "", "The sheet has no column of a language of this questionnaire.")
	}
}

func (r *reader) fail(row int, column, key, sheet, ours, text string, args ...any) {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	r.review.Errors = append(r.review.Errors, RowError{Row: row, Column: column, Key: key, Text: text, Sheet: sheet, Ours: ours})
}

// line reads one row of the table.
func (r *reader) line(line xlsform.Row) {
	key := line.Text(r.head.key)
	known, ok := r.rows[key]
	switch {
	case key == "" && !r.anyWords(line):
		return
	case key == "":
		r.fail(line.Number, headingKey, "", "", "", "The row has texts but no key in the column “Where”, so nobody knows what it translates. Copy the key from the sheet as it was sent.")
		return
	case !ok:
		r.fail(line.Number, headingKey, key, "", "", "The questionnaire has no such text (any more): %s. Download a new sheet.", key)
		return
	case r.seen[key] > 0:
		r.fail(line.Number, headingKey, key, "", "", "The key is already in row %d, which was read. Take one of the rows out.", r.seen[key])
		return
	}
	r.seen[key] = line.Number
	r.source(line, known)
	for _, column := range slices.Sorted(maps.Keys(r.langs)) {
		r.cell(line, column, r.langs[column], known)
	}
}

func (r *reader) anyWords(line xlsform.Row) bool {
	for column := range r.langs {
		if line.Text(column) != "" {
			return true
		}
	}
	return false
}

// source reports a source text that was changed in the sheet itself.
func (r *reader) source(line xlsform.Row, known row) {
	o, ok := r.originals[known.key]
	in := line.Text(r.head.source)
	if ok && !sameWords(in, o.source) {
		r.fail(line.Number, r.head.sourceName, known.key, in, known.source, "The source text was changed in the sheet. That changes nothing here: the source language is changed in the editor.")
	}
}

// seenSource is the source text that the translator had, which tells whether
// the translation is of the text there is now.
func (r *reader) seenSource(line xlsform.Row, key string) string {
	if o, ok := r.originals[key]; ok {
		return o.source
	}
	return line.Text(r.head.source)
}

// cell reads one translation: what the translator changed, and only that.
func (r *reader) cell(line xlsform.Row, column int, lang string, known row) {
	words, ours := questionnaire.CleanText(line.Text(column)), known.text[lang]
	before, had := r.before(known.key, lang)
	switch {
	case sameWords(words, ours):
		if words != "" {
			r.review.Unchanged++
		}
		return
	case had && sameWords(words, before):
		return // not touched by the translator; ours was changed meanwhile and stays
	case words == "":
		r.fail(line.Number, r.head.langs[column], known.key, "", ours, "The cell is empty, so the words that are there stay.")
		return
	}
	if known.locked && ours != "" {
		r.fail(line.Number, r.head.langs[column], known.key, words, ours, "The wording of this item is locked in the languages it has, as that of a published scale. Unlock the item in the editor first, if you may.")
		return
	}
	if problem := wrongWith(words, known); problem != "" {
		r.fail(line.Number, r.head.langs[column], known.key, words, ours, problem)
		return
	}
	if had && !sameWords(ours, before) {
		r.fail(line.Number, r.head.langs[column], known.key, words, ours, "The translation was also changed here after the sheet was made. Ours stays; if the sheet's is better, put it in by hand.")
		return
	}
	change := Change{Row: line.Number, Key: known.key, What: known.what, Lang: lang, Source: known.source, Before: ours, After: words}
	if was := r.seenSource(line, known.key); !sameWords(was, known.source) {
		change.Was = was
		if was == "" {
			change.Was = "(empty)"
		}
		r.review.Stale = append(r.review.Stale, change)
		return
	}
	r.review.Changes = append(r.review.Changes, change)
}

// before is what the cell held when the sheet was written.
func (r *reader) before(key, lang string) (string, bool) {
	o, ok := r.originals[key]
	if !ok {
		return "", false
	}
	words, ok := o.texts[lang]
	return words, ok
}

// wrongWith says why words cannot be the translation of a row, or "".
func wrongWith(words string, known row) string {
	if n := utf8.RuneCountInString(words); n > known.limit {
		return fmt.Sprintf("The text has %d characters, may have at most %d. Shorten it.", n, known.limit)
	}
	want, got := pipes(known.source), pipes(words)
	for _, pipe := range want {
		if !slices.Contains(got, pipe) {
			return fmt.Sprintf("%s is missing: an earlier answer is put in its place. Write it exactly as in the source text.", pipe)
		}
	}
	for _, pipe := range got {
		if !slices.Contains(want, pipe) {
			return fmt.Sprintf("%s is not in the source text. Write the pieces with ${…} exactly as they are there.", pipe)
		}
	}
	return ""
}

var pipePattern = regexp.MustCompile(`\$\s*\{[^{}]*\}?`)

// pipes are the places of earlier answers in a text, each once.
func pipes(text string) []string {
	found := pipePattern.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
