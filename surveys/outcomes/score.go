package outcomes

import "soundings/surveys/questionnaire"

// answerTable holds the answers that measures and scales are made of: one row a
// response, one column a variable, and in each cell the number of a level, which
// is 4 bytes where an Answer has 80.
type answerTable struct {
	columns []column
	index   map[questionnaire.ItemID]int
	rows    int
	cells   []uint32 // rows of len(columns); 0: no answer
	blank   []uint32 // one row of cells
}

// column is one variable's levels: the different answers it had.
type column struct {
	variable *questionnaire.Variable // of the newest version
	levels   []level                 // 0 is no answer
	numbers  map[float64]uint32      // the level of a number
	choices  map[level]uint32        // the level of a choice with its score
}

// level is one answer. A choice may have had another score in another version.
type level struct {
	code  string // "" for a number
	value Number
}

// newAnswerTable makes a table with a column for every variable behind a measure
// or a scale of the newest version.
func newAnswerTable(latest *questionnaire.Instrument) *answerTable {
	t := &answerTable{index: map[questionnaire.ItemID]int{}}
	definition := &latest.Version().Definition
	for i := range definition.Scales {
		t.addColumns(latest, definition.Scales[i].Items...)
	}
	for i := range definition.Measures {
		of := definition.Measures[i].Of
		t.addColumns(latest, of, questionnaire.MomentID(of, questionnaire.MomentThen), questionnaire.MomentID(of, questionnaire.MomentNow), definition.Measures[i].Before)
	}
	return t
}

// addColumns adds those of the ids that are variables and not there yet.
func (t *answerTable) addColumns(in *questionnaire.Instrument, ids ...questionnaire.ItemID) {
	for _, id := range ids {
		v, ok := in.Variable(id)
		if _, there := t.index[id]; there || !ok {
			continue
		}
		t.index[id] = len(t.columns)
		t.blank = append(t.blank, 0)
		t.columns = append(t.columns, column{variable: v, levels: make([]level, 1), numbers: map[float64]uint32{}, choices: map[level]uint32{}})
	}
}

// addRow adds a row without answers and returns its number.
func (t *answerTable) addRow() int {
	t.cells = append(t.cells, t.blank...)
	t.rows++
	return t.rows - 1
}

// put keeps answer a to field f. What has no value and is no choice is left out.
func (t *answerTable) put(row int, f *field, a *questionnaire.Answer) {
	if f.column < 0 || a.Missing != questionnaire.Answered {
		return
	}
	cell := &t.cells[row*len(t.columns)+f.column]
	if a.Number != nil {
		*cell = t.columns[f.column].number(*a.Number)
		return
	}
	for i := range f.variable.Choices {
		if f.variable.Choices[i].Code == a.Choice {
			*cell = f.levels[i]
		}
	}
}

// value returns the value of a cell; absent is absent, never 0.
func (t *answerTable) value(row, col int) Number {
	return t.columns[col].levels[t.cells[row*len(t.columns)+col]].value
}

func (c *column) number(v float64) uint32 {
	n, ok := c.numbers[v]
	if !ok {
		n = uint32(len(c.levels))
		c.levels = append(c.levels, level{value: Num(v)})
		c.numbers[v] = n
	}
	return n
}

func (c *column) choice(choice *questionnaire.Choice) uint32 {
	l := level{code: choice.Code}
	if choice.Score != nil {
		l.value = Num(*choice.Score)
	}
	n, ok := c.choices[l]
	if !ok {
		n = uint32(len(c.levels))
		c.levels = append(c.levels, l)
		c.choices[l] = n
	}
	return n
}

// form is one version of the questionnaire, made ready for reading responses.
type form struct {
	instrument *questionnaire.Instrument
	place      int // in Dataset.Instruments
	fields     []field
	digest     digest
}

// field is one variable of a form.
type field struct {
	variable *questionnaire.Variable
	column   int      // in the answerTable; -1: no measure needs it
	levels   []uint32 // by choice of the variable
	mark     int      // in the markTable; -1: no breakdown
	digested bool
}

func newForm(in *questionnaire.Instrument, place int, t *answerTable, marks *markTable) *form {
	f := &form{instrument: in, place: place}
	for i := range in.Variables() {
		v := &in.Variables()[i]
		one := field{variable: v, column: -1, mark: marks.column(v), digested: digested(v)}
		if col, ok := t.index[v.ID]; ok {
			one.column, one.levels = col, make([]uint32, len(v.Choices))
			for j := range v.Choices {
				one.levels[j] = t.columns[col].choice(&v.Choices[j])
			}
		}
		f.fields = append(f.fields, one)
	}
	return f
}

// digested says whether the answer to v tells one body from another: not what is
// free text, which is typed anew, and not what nobody answered.
func digested(v *questionnaire.Variable) bool {
	switch v.Kind {
	case questionnaire.KindConsent, questionnaire.KindAcknowledge, questionnaire.KindCalculated, questionnaire.KindHidden:
		return false
	default:
		return !v.Open
	}
}

// source is what a measure takes from a response: one variable, or a scale.
type source struct {
	columns []int
	spec    *ScaleSpec // nil: the value of the one column
	scratch []Number   // one answer a column; a source is used by one goroutine
}

// scaleOf returns the source of a scale's score.
func scaleOf(in *questionnaire.Instrument, s *questionnaire.Scale, t *answerTable) source {
	spec, items := SpecOf(s, in.Scale), s.Variables(in.Scale)
	src := source{spec: &spec, scratch: make([]Number, len(items))}
	for _, id := range items {
		src.columns = append(src.columns, t.index[id])
	}
	return src
}

// score returns the value of one response.
func (s source) score(t *answerTable, row int) Number {
	if s.spec == nil {
		return t.value(row, s.columns[0])
	}
	score, _ := ScoreScale(s.items(t, row), *s.spec)
	return score
}

// items returns the raw answers of one response, until it is called again.
func (s source) items(t *answerTable, row int) []Number {
	for i, col := range s.columns {
		s.scratch[i] = t.value(row, col)
	}
	return s.scratch
}

// alpha returns the reliability of a scale among the first submissions at wave.
func (s source) alpha(data *gathered, who *people, wave questionnaire.Wave) Reliability {
	k, n := len(s.columns), 0
	items, keyed := make([][]float64, k), make([]Number, 0, k)
	for i := range items {
		items[i] = make([]float64, 0, len(data.entries)/2)
	}
	for i := range data.entries {
		if data.entries[i].wave != wave || who.repeat[i] {
			continue
		}
		keyed = s.spec.appendKeyed(keyed[:0], s.items(data.answers, data.entries[i].row))
		if !full(keyed, k) {
			continue
		}
		n++
		for j, a := range keyed {
			items[j] = append(items[j], a.V)
		}
	}
	return alphaOf(items, n)
}
