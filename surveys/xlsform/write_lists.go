package xlsform

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// listWriter collects the lists of choices, one for each distinct set.
type listWriter struct {
	*writer
	bySet  map[string]string // name of a list by its choices and the name it should have
	byName map[string][]questionnaire.Choice
	order  []string
}

func newListWriter(w *writer) *listWriter {
	return &listWriter{writer: w, bySet: map[string]string{}, byName: map[string][]questionnaire.Choice{}}
}

// listOf is the name of the list with the choices of an item, and whether
// or_other adds the last of them.
func (l *listWriter) listOf(item *questionnaire.Item) (name string, orOther bool) {
	choices := item.Choices
	if n := len(choices) - 1; n >= 0 && item.Filter == "" && l.isOther(choices[n]) && item.Kind != questionnaire.KindRanking {
		choices, orOther = choices[:n], true
	}
	key := string(mustJSON(choices)) + "\x00" + item.List
	if name, ok := l.bySet[key]; ok {
		return name, orOther
	}
	name = l.freeName(item, choices)
	l.bySet[key] = name
	if _, ok := l.byName[name]; !ok {
		l.byName[name] = choices
		l.order = append(l.order, name)
	}
	return name, orOther
}

// isOther says whether a choice is the one that or_other adds.
func (l *listWriter) isOther(choice questionnaire.Choice) bool {
	return reflect.DeepEqual(choice, questionnaire.Choice{Code: otherCode, Label: otherLabel(l.tags()), Meaning: questionnaire.MeaningOther})
}

// freeName is the name that an item wants for its list, or that with a number
// where other choices have it already.
func (l *listWriter) freeName(item *questionnaire.Item, choices []questionnaire.Choice) string {
	wanted := strings.Join(strings.Fields(item.List), "_")
	if wanted == "" || strings.Contains(wanted, "${") || fileName.MatchString(wanted) {
		wanted = string(item.ID)
	}
	name := wanted
	for n := 2; ; n++ {
		there, ok := l.byName[name]
		if !ok || item.List != "" && reflect.DeepEqual(there, choices) {
			return name
		}
		name = fmt.Sprintf("%s_%d", wanted, n)
	}
}

// sheet is the sheet of choices.
func (l *listWriter) sheet() Sheet {
	out := outSheet{name: sheetChoices, first: []string{colList, colName}}
	for _, tag := range l.tags() {
		out.first = append(out.first, l.heading(colLabel, tag))
	}
	for _, name := range l.order {
		for _, choice := range l.byName[name] {
			out.rows = append(out.rows, l.cells(name, choice))
		}
	}
	return out.sheet()
}

func (l *listWriter) cells(list string, choice questionnaire.Choice) map[string]string {
	cells := map[string]string{colList: list, colName: choice.Code}
	l.texts(cells, colLabel, choice.Label)
	for heading, text := range choice.Columns {
		c := choiceWords.column(heading, true)
		if c.key == "" && strings.TrimSpace(heading) == heading || slices.Contains(mediaColumns, c.key) && strings.TrimSuffix(c.key+"::"+c.word, "::") == heading {
			cells[heading] = text
		}
	}
	if choice.Score != nil {
		cells[colScore] = plainNumber(*choice.Score)
	}
	if choice.Meaning != "" {
		cells[colMeaning] = string(choice.Meaning)
	}
	if choice.Picture != "" {
		cells[colPicture] = choice.Picture
	}
	return cells
}

// outSheet is a sheet to be: rows of cells by heading.
type outSheet struct {
	name  string
	first []string // headings that come first, in this order; they are there even if empty
	rows  []map[string]string
}

// sheet lays the cells out: headings that are not among the first in the order
// of the alphabet.
func (o outSheet) sheet() Sheet {
	var further []string
	seen := map[string]bool{}
	for _, heading := range o.first {
		seen[heading] = true
	}
	for _, cells := range o.rows {
		for heading := range maps.Keys(cells) {
			if !seen[heading] {
				seen[heading] = true
				further = append(further, heading)
			}
		}
	}
	slices.Sort(further)
	headings := slices.Concat(o.first, further)
	sheet := Sheet{Name: o.name, Rows: []Row{{Number: 1}}}
	for i, heading := range headings {
		sheet.Rows[0].Cells = append(sheet.Rows[0].Cells, Cell{Column: i + 1, Text: heading})
	}
	for i, cells := range o.rows {
		row := Row{Number: i + 2}
		for j, heading := range headings {
			if cells[heading] != "" {
				row.Cells = append(row.Cells, Cell{Column: j + 1, Text: cells[heading]})
			}
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet
}
