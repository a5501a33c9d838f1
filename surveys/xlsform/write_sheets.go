package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// book lays the workbook out, with what the column soundings says so far.
func (w *writer) book() *Book {
	book := &Book{Sheets: []Sheet{w.surveySheet()}}
	if len(w.lists.order) > 0 {
		book.Sheets = append(book.Sheets, w.lists.sheet())
	}
	book.Sheets = append(book.Sheets, w.settingsSheet())
	if texts := w.textsSheet(); len(texts.Rows) > 1 {
		book.Sheets = append(book.Sheets, texts)
	}
	if len(w.d.Scales) > 0 {
		rows := make([]any, len(w.d.Scales))
		for i := range w.d.Scales {
			rows[i] = w.d.Scales[i]
		}
		book.Sheets = append(book.Sheets, w.fieldSheet(sheetScales, scaleFields, rows))
	}
	if len(w.d.Measures) > 0 {
		rows := make([]any, len(w.d.Measures))
		for i := range w.d.Measures {
			rows[i] = w.d.Measures[i]
		}
		book.Sheets = append(book.Sheets, w.fieldSheet(sheetMeasures, measureFields, rows))
	}
	return book
}

// surveyOrder is the order of the columns of the survey sheet.
var surveyOrder = []string{colRequired, colRequiredMessage, colRelevant, colConstraint, colConstraintMessage, colCalculation,
	colFilter, colAppearance, colDefault, colReadOnly, colParameters}

func (w *writer) surveySheet() Sheet {
	out := outSheet{name: sheetSurvey, first: []string{colType, colName}}
	for _, line := range w.lines {
		cells := map[string]string{}
		for heading, text := range line.cells {
			cells[heading] = text
		}
		putExtra(cells, line.extra)
		out.rows = append(out.rows, cells)
	}
	for _, key := range slices.Concat(wordKeys, surveyOrder) {
		headings := []string{key}
		if slices.Contains(surveyWords.spoken, key) {
			headings = nil
			for _, tag := range w.tags() {
				headings = append(headings, w.heading(key, tag))
			}
		}
		for _, heading := range headings {
			used := slices.ContainsFunc(out.rows, func(cells map[string]string) bool { return cells[heading] != "" })
			if (used || key == colLabel) && !slices.Contains(out.first, heading) {
				out.first = append(out.first, heading)
			}
		}
	}
	return out.sheet()
}

// putExtra writes the column soundings, in several columns if it is too long for
// a cell.
func putExtra(cells map[string]string, e extra) {
	if len(e) == 0 {
		return
	}
	const most = 30_000 // characters; the longest of UTF-16 are two units, and few texts have any
	text := []rune(string(mustJSON(e)))
	for i := 0; len(text) > 0; i++ {
		n := min(len(text), most)
		heading := fmt.Sprintf("%s_%d", colSoundings, i+1)
		if i == 0 {
			heading = colSoundings
		}
		cells[heading], text = string(text[:n]), text[n:]
	}
}

func (w *writer) settingsSheet() Sheet {
	d := w.d
	out := outSheet{name: sheetSettings, first: []string{setTitle, setID, setVersion, setLanguage}}
	source := w.tags()[0]
	cells := map[string]string{setTitle: d.Title[source], setLanguage: w.words[source]}
	for heading, text := range d.Sheet {
		c := settingWords.column(heading, true)
		if c.key == "" && !strings.HasPrefix(heading, languageKey("")) && strings.TrimSpace(heading) == heading || c.key == heading && heading != colSoundings {
			cells[heading] = text
		}
	}
	if w.o.ID != "" {
		cells[setID] = w.o.ID
	}
	if w.o.Version != "" {
		cells[setVersion] = w.o.Version
	}
	if d.SameCodes {
		cells[setDuplicates] = "yes"
	}
	putExtra(cells, w.head)
	out.rows = []map[string]string{cells}
	return out.sheet()
}

// textsSheet holds the passages around the questions; the title only if it is in
// several languages, since the settings have it in one.
func (w *writer) textsSheet() Sheet {
	out := outSheet{name: sheetTexts, first: []string{colName}}
	for _, tag := range w.tags() {
		out.first = append(out.first, w.heading(colText, tag))
	}
	all := passages(w.d)
	for _, name := range []string{"title", "intro", "readers", "thanks", "help"} {
		text := *all[name]
		if len(text) == 0 || name == "title" && len(text) < 2 {
			continue
		}
		cells := map[string]string{colName: name}
		w.texts(cells, colText, text)
		out.rows = append(out.rows, cells)
	}
	return out.sheet()
}

// fieldSheet holds the scales or the measures.
func (w *writer) fieldSheet(name string, fields []field, rows []any) Sheet {
	out := outSheet{name: name, first: []string{"id"}}
	for _, row := range rows {
		values := fieldsOf(row)
		cells := map[string]string{}
		for _, f := range fields {
			w.putField(cells, f, values)
		}
		out.rows = append(out.rows, cells)
	}
	return out.sheet()
}

func (w *writer) putField(cells map[string]string, f field, values extra) {
	if blank(values[f.name]) {
		return
	}
	switch f.kind {
	case fieldText:
		cells[f.name] = values.text(f.name)
	case fieldWords:
		var text questionnaire.Text
		values.read(f.name, &text)
		w.texts(cells, f.name, text)
	case fieldList:
		var ids []string
		values.read(f.name, &ids)
		cells[f.name] = strings.Join(ids, " ")
	case fieldTruth:
		cells[f.name] = map[bool]string{true: "yes"}[string(values[f.name]) == "true"]
	default:
		cells[f.name] = string(values[f.name])
	}
}
