package outcomes

import (
	"slices"

	"soundings/surveys/questionnaire"
)

// markTable holds the answers to items marked as breakdowns: who is in which group.
type markTable struct {
	columns []markColumn
	cells   []uint16 // rows of len(columns): a mark of the column; 0: no answer
	blank   []uint16 // one row of cells
}

// markColumn is one item and what was said of it. Its marks are numbered from 1:
// the choices of the newest version, those of older ones, then what was met that
// no version offers.
type markColumn struct {
	variable *questionnaire.Variable // of the newest version
	marks    []group
	index    map[string]uint16 // by code of a choice, or the text of a hidden item
	missing  map[questionnaire.Missing]uint16
}

// mostMarks is how many different answers an item may have as a breakdown. A
// hidden item takes what a link says; further values count as no answer.
const mostMarks = 200

// noAnswer is the name of the group of those who gave none.
const noAnswer = "No answer"

// newMarkTable makes a table with a column for every item of the newest version
// that results may be broken down by.
func newMarkTable(latest *questionnaire.Instrument) *markTable {
	t := &markTable{}
	for i := range latest.Variables() {
		v := &latest.Variables()[i]
		if !v.Item.Breakdown {
			continue
		}
		c := markColumn{variable: v, index: map[string]uint16{}, missing: map[questionnaire.Missing]uint16{}}
		c.offer(v)
		t.columns, t.blank = append(t.columns, c), append(t.blank, 0)
	}
	return t
}

// column returns the place of v among the columns, and takes over its choices; -1
// if it is not there.
func (t *markTable) column(v *questionnaire.Variable) int {
	i := slices.IndexFunc(t.columns, func(c markColumn) bool { return c.variable.ID == v.ID })
	if i >= 0 {
		t.columns[i].offer(v)
	}
	return i
}

// offer takes over those choices of v that are not there yet.
func (c *markColumn) offer(v *questionnaire.Variable) {
	for i := range v.Choices {
		choice := &v.Choices[i]
		if missing := choice.Meaning.Missing(); missing != questionnaire.Answered {
			if c.missing[missing] == 0 {
				c.missing[missing] = c.mark(choice.Code, choice.Label)
			}
			continue
		}
		c.mark(choice.Code, choice.Label)
	}
}

// mark returns the mark of a code, a new one if need be; 0 if there are too many.
func (c *markColumn) mark(code string, label questionnaire.Text) uint16 {
	mark, ok := c.index[code]
	if ok || len(c.marks) >= mostMarks {
		return mark
	}
	c.marks = append(c.marks, group{code: code, label: label})
	mark = uint16(len(c.marks))
	c.index[code] = mark
	return mark
}

func (t *markTable) addRow() { t.cells = append(t.cells, t.blank...) }

// put keeps answer a to field f.
func (t *markTable) put(row int, f *field, a *questionnaire.Answer) {
	if f.mark < 0 {
		return
	}
	c := &t.columns[f.mark]
	cell := &t.cells[row*len(t.columns)+f.mark]
	switch {
	case a.Missing != questionnaire.Answered:
		*cell = c.missing[a.Missing]
	case a.Choice != "":
		*cell = c.mark(a.Choice, nil)
	case a.Text != "":
		*cell = c.mark(a.Text, nil)
	}
}

// of returns the mark of a person: that of the response before, of the one after
// if there is none or it has no answer.
func (t *markTable) of(data *gathered, one person, column int) uint16 {
	for _, entry := range []int{one.pre, one.post} {
		if entry == nobody {
			continue
		}
		if mark := t.cells[data.entries[entry].row*len(t.columns)+column]; mark != 0 {
			return mark
		}
	}
	return 0
}

// byEntry returns the mark of a column for each entry: that of its person, or of
// itself if it belongs to nobody.
func (t *markTable) byEntry(data *gathered, who *people, column int) []uint16 {
	marks := make([]uint16, len(data.entries))
	for i := range data.entries {
		marks[i] = t.of(data, person{nobody, i}, column)
	}
	for _, one := range who.persons {
		mark := t.of(data, one, column)
		for _, entry := range []int{one.pre, one.post} {
			if entry != nobody {
				marks[entry] = mark
			}
		}
	}
	return marks
}

// divide divides by each of the items. The groups are in the order of the choices;
// last come those who gave no answer.
func (t *markTable) divide(data *gathered, who *people) []division {
	divisions := make([]division, len(t.columns))
	for i := range t.columns {
		c := &t.columns[i]
		one := division{by: "item", item: c.variable.ID, label: c.variable.Label, groups: c.named(), of: make([]int, len(data.entries))}
		for entry, mark := range t.byEntry(data, who, i) {
			one.of[entry] = int(mark) - 1
			if mark == 0 {
				one.of[entry] = len(one.groups) - 1
			}
		}
		divisions[i] = one
	}
	return divisions
}

// named are the groups with a name of its own each, and that of no answer.
func (c *markColumn) named() []group {
	named, taken := slices.Clone(c.marks), map[string]bool{noAnswer: true}
	for i := range named {
		g := &named[i]
		g.name = labelIn(g.label, "en")
		if g.name == "" || taken[g.name] {
			g.name = g.code
		}
		for taken[g.name] {
			g.name += " (" + g.code + ")"
		}
		taken[g.name] = true
	}
	return append(named, group{name: noAnswer})
}
