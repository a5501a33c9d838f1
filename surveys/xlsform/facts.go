package xlsform

import (
	"slices"
	"strings"
)

// counts says how much the survey sheet holds.
func (r *reader) counts() Counts {
	var c Counts
	for _, row := range r.rows {
		switch row.role {
		case roleQuestion:
			c.Questions++
			c.QuestionsImported++
		case roleDropped:
			c.Questions++
			if row.onMap() {
				c.QuestionsImported++
			} else {
				c.RowsDropped++
			}
		case roleSilent:
			c.RowsDropped++
		case roleNote:
			c.Notes++
		case roleCalculate:
			if row.unused {
				c.RowsDropped++
			} else {
				c.Calculations++
			}
		case roleHidden:
			c.Hidden++
		case roleClock, roleMeta:
			c.Metadata++
		case roleBegin:
			c.Groups++
			c.GroupDepth = max(c.GroupDepth, row.depth())
		}
	}
	return c
}

// onMap says whether a row asks about things on a map, as the type osm does. It
// is dropped with a warning like other places, but the profile's counts take it
// for a question that is kept and leave it out of the list of questions.
func (w *row) onMap() bool {
	return w.rowType.name == "osm" || strings.HasPrefix(w.rowType.name, "osm ")
}

// depth is how many groups a row lies in, itself counted.
func (w *row) depth() int {
	depth := 0
	for ; w != nil; w = w.in {
		depth++
	}
	return depth
}

// facts lists what the workbook holds.
func (r *reader) facts() Facts {
	f := Facts{Lists: map[string]int{}}
	for _, row := range r.rows {
		if row.role != roleQuestion && row.role != roleDropped || row.onMap() {
			continue
		}
		f.Questions = append(f.Questions, QuestionFact{Row: row.row, Type: row.rowType.name, Name: row.name})
		if l := r.lists[row.list]; l != nil {
			f.Selects = append(f.Selects, SelectFact{Name: row.name, Type: row.rowType.name, List: row.list,
				Options: len(l.options), OrOther: row.orOther, Filtered: row.cells[colFilter] != ""})
		}
	}
	for _, name := range r.listNames {
		f.Lists[name] = len(r.lists[name].options)
		if !r.lists[name].used {
			f.Unused = append(f.Unused, name)
		}
	}
	for _, t := range []*table{r.survey, r.choices} {
		for _, word := range t.languages() {
			if !slices.Contains(f.Languages, word) {
				f.Languages = append(f.Languages, word)
			}
		}
	}
	return f
}
