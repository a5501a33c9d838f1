package xlsform

import (
	"errors"
	"fmt"
	"strings"

	"soundings/surveys/expression"
)

// slots are the columns that hold expressions.
var slots = []struct {
	key  string
	slot expression.Slot
}{
	{colRelevant, expression.SlotRelevant},
	{colRequired, expression.SlotRequired},
	{colReadOnly, expression.SlotReadOnly},
	{colConstraint, expression.SlotConstraint},
	{colCalculation, expression.SlotCalculation},
	{colFilter, expression.SlotChoiceFilter},
	{colDefault, expression.SlotDefault},
}

// parseExpressions reads the expressions of all rows.
func (r *reader) parseExpressions() {
	for _, row := range r.rows {
		for _, s := range slots {
			source := row.cells[s.key]
			if source == "" || s.key == colDefault && !expression.Dynamic(source) {
				continue
			}
			tree, err := expression.Parse(source, s.slot)
			p := parsed{key: s.key, source: source, slot: s.slot, tree: tree}
			if err != nil && !errors.As(err, &p.wrong) {
				p.wrong = &expression.Error{Code: expression.CodeSyntax, Cause: err.Error()}
			}
			row.found = append(row.found, p)
		}
	}
}

// dropCalculations drops calculations that cannot be worked out here and that
// nobody looks at. One that only a dropped one looks at is dropped too.
func (r *reader) dropCalculations() {
	for again := true; again; {
		again = false
		looked := r.lookedAt()
		for _, row := range r.rows {
			if row.role == roleCalculate && !row.unused && !looked[row.name] && row.hopeless() {
				row.unused, again = true, true
				r.warn(Notice{Code: CalcDropped, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colCalculation),
					Text: "The calculation “" + shorten(row.name) + "” needs something that is not done here. Nothing looks at it, so it was left out."})
			}
		}
	}
}

// hopeless says whether a calculation needs a function that is not there, or
// should be worked out at another moment than when what it looks at changes.
func (w *row) hopeless() bool {
	if w.cells[colTrigger] != "" {
		return true
	}
	for _, p := range w.found {
		if p.key == colCalculation && p.wrong != nil && (p.wrong.Code == expression.CodeFunction || p.wrong.Code == expression.CodeNoFunction) {
			return true
		}
	}
	return false
}

// lookedAt are the names that rows which are kept look at, other than their own.
func (r *reader) lookedAt() map[string]bool {
	names := map[string]bool{}
	add := func(own, text string) {
		for _, name := range expression.Names(text) {
			if name != own {
				names[name] = true
			}
		}
	}
	for _, row := range r.rows {
		if row.unused {
			continue
		}
		for _, p := range row.found {
			add(row.name, p.source)
		}
		for _, text := range row.wordings() {
			add(row.name, text.words)
		}
		add(row.name, row.cells[colParameters])
		add(row.name, row.cells[colTrigger])
	}
	for _, name := range r.listNames {
		for _, option := range r.lists[name].options {
			for _, text := range option.wordings() {
				add("", text.words)
			}
		}
	}
	add("", r.setting.cells[setInstance])
	return names
}

// reportExpressions refuses what cannot be read, and what is done elsewhere only.
func (r *reader) reportExpressions() {
	for _, row := range r.rows {
		if row.unused {
			continue
		}
		for _, p := range row.found {
			if p.wrong != nil {
				r.refuseCell(row.line, Code(p.wrong.Code), p.key, wordsOfError(p))
			}
		}
		r.checkCells(row)
	}
}

// wordsOfError says what is wrong with an expression, with the place where it is.
func wordsOfError(p parsed) string {
	text := p.wrong.Cause
	if at := p.wrong.Offset; at > 0 && at < len(p.source) {
		text += fmt.Sprintf(" (at “%s”)", shorten(strings.TrimSpace(strings.ToValidUTF8(p.source[at:], ""))))
	}
	if p.wrong.Hint != "" {
		text += ". To mend it: " + p.wrong.Hint
	}
	return text
}

// checkCells checks the cells of a row that are no expression.
func (r *reader) checkCells(row *row) {
	if row.role == roleCalculate && row.cells[colCalculation] == "" && !expression.Dynamic(row.cells[colDefault]) {
		r.refuseCell(row.line, NoCalculation, colCalculation, "This row is a calculation, but the column calculation is empty. Write there how it is worked out")
	}
	if row.cells[colTrigger] != "" && row.role != roleSilent && row.role != roleDropped {
		r.refuseCell(row.line, NoTrigger, colTrigger, "A calculation that is done only when another answer changes is not possible here. Leave the column trigger empty: it is then worked out whenever something changes that it looks at")
	}
	if look := strings.ToLower(row.cells[colAppearance]); strings.Contains(look, "search(") || strings.Contains(look, "search (") {
		r.refuseCell(row.line, NoExternalData, colAppearance, externalCause)
	} else if strange(look) {
		r.warn(Notice{Code: AppearanceIgnored, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colAppearance),
			Text: "The appearance “" + shorten(row.cells[colAppearance]) + "” is not done here; the question is shown as usual."})
	}
	switch row.role {
	case roleDropped, roleSilent:
		r.warn(Notice{Code: TypeDropped, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colType),
			Text: "Soundings does not ask for a " + row.rowType.name + ": “" + shorten(row.name) + "” is kept for exports but not shown."})
	case roleMeta:
		r.warn(Notice{Code: MetaIgnored, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colType),
			Text: "Soundings does not record the " + row.rowType.name + " of whoever answers: “" + shorten(row.name) + "” stays empty."})
	}
	r.warnOfMedia(row.line)
	r.checkParameters(row)
	r.checkFilter(row)
}

// checkFilter checks that the choices have the columns a filter looks at.
func (r *reader) checkFilter(row *row) {
	for _, p := range row.found {
		if p.key != colFilter || p.tree == nil {
			continue
		}
		for _, name := range p.tree.Columns() {
			if !r.choices.spelt[name] {
				r.refuseCell(row.line, FilterColumn, colFilter, fmt.Sprintf("The filter looks at a column “%s”, which the sheet choices does not have. If an answer is meant, write it as ${%s}; if a word, in quotes", shorten(name), shorten(name)))
			}
		}
	}
}
