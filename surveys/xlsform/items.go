package xlsform

import (
	"math"
	"slices"
	"strings"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// The columns that kinds of rows use; the cells of others are kept as they are.
var (
	wordKeys     = []string{colLabel, colHint}
	shownKeys    = slices.Concat(wordKeys, []string{colRelevant})
	computedKeys = slices.Concat(shownKeys, []string{colCalculation, colDefault})
	askedKeys    = slices.Concat(computedKeys, []string{colRequired, colRequiredMessage, colConstraint, colConstraintMessage, colReadOnly})
	selectKeys   = slices.Concat(askedKeys, []string{colFilter})
)

// item makes an item of a row that is no group.
func (r *reader) item(row *row) questionnaire.Item {
	var item questionnaire.Item
	switch row.role {
	case roleQuestion:
		item = r.asked(row)
	case roleNote:
		item = r.base(row, shownKeys)
		item.Kind = questionnaire.KindStatement
	case roleCalculate, roleHidden:
		item = r.computed(row)
	case roleClock:
		item = r.base(row, shownKeys)
		item.Kind, item.From = questionnaire.KindHidden, row.rowType.name
	case roleMeta:
		item = r.base(row, shownKeys)
		item.Kind, item.From = questionnaire.KindHidden, questionnaire.FromNothing
	default:
		item = r.base(row, wordKeys)
		item.Kind, item.From = questionnaire.KindHidden, questionnaire.FromNothing
	}
	r.fillLabel(row, &item)
	item.Sheet = row.withForm(item)
	return item
}

// base is what all kinds of items have; what the row says in other columns than
// used is kept in Sheet.
func (r *reader) base(row *row, used []string) questionnaire.Item {
	item := questionnaire.Item{ID: row.id, Name: row.ownName(), Sheet: row.kept(used, "")}
	if slices.Contains(used, colLabel) {
		item.Label = r.tongues.text(row.line, colLabel)
		item.Hint = r.tongues.text(row.line, colHint)
	}
	if slices.Contains(used, colRelevant) {
		item.Relevant = row.cells[colRelevant]
	}
	return item
}

// fillLabel gives what is shown a label: the hint or the name where it has none.
func (r *reader) fillLabel(row *row, item *questionnaire.Item) {
	switch {
	case len(item.Label) > 0, item.Kind == questionnaire.KindHidden, item.Kind == questionnaire.KindCalculated:
	case len(item.Hint) > 0:
		item.Label, item.Hint = item.Hint, nil
	default:
		item.Label = questionnaire.Text{r.definition.Languages[0]: row.name}
	}
}

// withForm is Sheet with the type, appearance and parameters of the row, each
// left out where an export would write the same.
func (w *row) withForm(item questionnaire.Item) questionnaire.Cells {
	sheet := item.Sheet
	if sheet == nil {
		sheet = questionnaire.Cells{}
	}
	if w.rowType.name != typeOf(&item) {
		sheet[colType] = w.rowType.name
	}
	if w.rowType.name == "phonenumber_q" {
		sheet[colType] = "phone number"
	}
	if strings.EqualFold(sheet[colAppearance], appearanceOf(&item)) {
		delete(sheet, colAppearance)
	}
	if sheet[colParameters] == parametersOf(&item) {
		delete(sheet, colParameters)
	}
	return orNil(sheet)
}

// computed makes an item of a calculation or of a hidden row. One that cannot be
// worked out is kept, always blank.
func (r *reader) computed(row *row) questionnaire.Item {
	if row.unused {
		item := r.base(row, nil)
		item.Kind, item.From = questionnaire.KindHidden, questionnaire.FromNothing
		return item
	}
	item := r.base(row, computedKeys)
	item.Calculation, item.Default = row.cells[colCalculation], row.cells[colDefault]
	item.Kind = questionnaire.KindCalculated
	if row.role == roleHidden && item.Calculation == "" {
		item.Kind, item.From = questionnaire.KindHidden, questionnaire.FromLink
	}
	return item
}

// asked makes an item of a question.
func (r *reader) asked(row *row) questionnaire.Item {
	used := askedKeys
	if row.list != "" {
		used = selectKeys
	}
	item := r.base(row, used)
	item.Kind = row.kind
	item.Calculation, item.ReadOnly = row.cells[colCalculation], row.cells[colReadOnly]
	item.Constraint = row.cells[colConstraint]
	item.ConstraintMessage = r.tongues.text(row.line, colConstraintMessage)
	item.RequiredMessage = r.tongues.text(row.line, colRequiredMessage)
	switch required := row.cells[colRequired]; {
	case isYes(required):
		item.Required = true
	case required != "" && !isNo(required):
		item.RequiredIf = required
	}
	r.particular(row, &item)
	r.setDefault(row, &item)
	return item
}

// particular fills in what only some types have.
func (r *reader) particular(row *row, item *questionnaire.Item) {
	look := appearances(row.cells[colAppearance])
	switch row.rowType.name {
	case "text":
		if slices.Contains(look, "multiline") {
			item.Kind = questionnaire.KindLongText
		}
	case "phonenumber_q":
		if item.Constraint == "" {
			item.Constraint = `regex(., '^\d*$')`
		}
	case "integer":
		item.Whole = true
	case "percentage":
		item.Whole, item.Min, item.Max = true, pointer(0), pointer(100)
	case "date":
		switch {
		case slices.Contains(look, "year"):
			item.Precision = questionnaire.PrecisionYear
		case slices.Contains(look, "month-year"):
			item.Precision = questionnaire.PrecisionMonth
		}
	case typeRange:
		setRange(row, item)
	case typeSelectOne, typeSelectMultiple, typeRank:
		r.setChoices(row, item)
	}
}

func pointer(number float64) *float64 { return &number }

// maxScale is the most points that are shown one under another; a longer range
// is asked for as a number.
const maxScale = 21

// setRange makes a scale of a short range, and a number of a long one.
func setRange(row *row, item *questionnaire.Item) {
	all, _ := parseParameters(row.cells[colParameters])
	s, _ := rangeOf(all)
	if s.start > s.end {
		s.start, s.end = s.end, s.start
	}
	s.step = math.Abs(s.step)
	item.Min, item.Max = pointer(s.start), pointer(s.end)
	if n := s.points(); n <= maxScale {
		item.Max = pointer(math.Round((s.start+float64(n-1)*s.step)*1e9) / 1e9)
		item.Step = pointer(s.step)
		return
	}
	item.Kind = questionnaire.KindNumber
	item.Whole = s.start == math.Trunc(s.start) && s.step == math.Trunc(s.step)
	if item.Whole {
		item.Max = pointer(math.Floor(s.end))
	}
}

// setDefault takes a default over if it is an answer to the item or an
// expression; else it is kept as the spreadsheet said it.
func (r *reader) setDefault(row *row, item *questionnaire.Item) {
	cell := row.cells[colDefault]
	if cell == "" {
		return
	}
	item.Default = cell
	if item.Kind == questionnaire.KindDate {
		item.Default = strings.TrimSuffix(cell, " 00:00:00") // of a date cell
	}
	if expression.Dynamic(cell) || r.takesDefault(*item) {
		return
	}
	item.Default = ""
	if item.Sheet == nil {
		item.Sheet = questionnaire.Cells{}
	}
	item.Sheet[colDefault] = cell
}

// takesDefault says whether the default is an answer that an item can have, by
// checking a questionnaire of nothing else.
func (r *reader) takesDefault(item questionnaire.Item) bool {
	alone := questionnaire.Item{ID: "alone", Kind: item.Kind, Label: r.definition.Title, Choices: item.Choices, Default: item.Default,
		Min: item.Min, Max: item.Max, Step: item.Step, Whole: item.Whole, Precision: item.Precision}
	d := questionnaire.Definition{Title: r.definition.Title, Languages: r.definition.Languages[:1], SameCodes: r.definition.SameCodes,
		Parts: []questionnaire.Part{{ID: "part", Items: []questionnaire.Item{alone}}}}
	return d.Check() == nil
}

// setChoices fills in the choices and what belongs to them.
func (r *reader) setChoices(row *row, item *questionnaire.Item) {
	item.List, item.Filter = row.list, row.cells[colFilter]
	all, _ := parseParameters(row.cells[colParameters])
	randomize, _ := valueOf(all, "randomize")
	item.Shuffle = isYes(randomize)
	item.Choices = r.choicesOf(row.list, item.Kind)
	if !row.orOther {
		return
	}
	for i := range item.Choices {
		if item.Choices[i].Code == otherCode {
			item.Choices[i].Meaning = questionnaire.MeaningOther
			return
		}
	}
	item.Choices = append(item.Choices, questionnaire.Choice{Code: otherCode, Label: otherLabel(r.definition.Languages), Meaning: questionnaire.MeaningOther})
}

// otherCode and otherLabel are the choice that or_other adds.
const otherCode = "other"

func otherLabel(languages []string) questionnaire.Text {
	return questionnaire.Text{languages[0]: "Other"}
}

// choicesOf are the choices of a list for items of a kind.
func (r *reader) choicesOf(name string, kind questionnaire.Kind) []questionnaire.Choice {
	l := r.lists[name]
	if l == nil {
		return nil
	}
	choices := make([]questionnaire.Choice, len(l.options))
	for i, option := range l.options {
		choices[i] = r.choice(option, kind)
	}
	return choices
}

func (r *reader) choice(option line, kind questionnaire.Kind) questionnaire.Choice {
	choice := questionnaire.Choice{Code: option.cells[colName], Label: r.tongues.text(option, colLabel),
		Meaning: questionnaire.Meaning(option.cells[colMeaning]), Picture: option.cells[colPicture]}
	if len(choice.Label) == 0 {
		choice.Label = questionnaire.Text{r.definition.Languages[0]: choice.Code}
	}
	if score, ok := number(option.cells[colScore]); ok && kind != questionnaire.KindMultipleChoice && kind != questionnaire.KindRanking {
		choice.Score = &score
	}
	columns := questionnaire.Cells{}
	for heading, cell := range option.other {
		columns[heading] = cell
	}
	for _, key := range mediaColumns {
		for heading, cell := range option.spoken(key) {
			columns[heading] = cell
		}
	}
	choice.Columns = orNil(columns)
	return choice
}

// spoken are the cells of a column by its own name and the language.
func (l line) spoken(key string) map[string]string {
	cells := map[string]string{}
	if l.cells[key] != "" {
		cells[key] = l.cells[key]
	}
	for word, cell := range l.words[key] {
		cells[key+"::"+word] = cell
	}
	return cells
}
