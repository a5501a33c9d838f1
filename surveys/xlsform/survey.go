package xlsform

import (
	"fmt"
	"regexp"
	"strings"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// row is one row of the survey sheet that counts.
type row struct {
	line
	typed
	name    string
	in      *row   // the group it lies in
	members []*row // of a group
	id      questionnaire.ItemID
	extra   extra
	found   []parsed // its expressions
	unused  bool     // a calculation that is dropped
}

// parsed is one expression of a row.
type parsed struct {
	key    string // column
	source string
	slot   expression.Slot
	tree   *expression.Tree // nil if it cannot be read
	wrong  *expression.Error
}

// readSurvey reads the rows into a tree of groups.
func (r *reader) readSurvey() {
	if r.survey.gap {
		r.warn(Notice{Code: RowsAfterGap, Sheet: sheetSurvey, Text: gapText})
	}
	r.missingColumn(r.survey, colType)
	r.missingColumn(r.survey, colName)
	var open []*row
	for _, l := range r.survey.lines {
		if isYes(l.cells[colDisabled]) || r.skip(l) || r.settingRow(l) {
			continue
		}
		if l.cells[colType] == "" {
			r.refuseCell(l, NoType, colType, "This row has no type. Write one beside it, such as text or integer, or delete the row.")
			continue
		}
		row := &row{line: l, typed: parseType(l.cells[colType]), name: l.cells[colName]}
		r.readExtra(row)
		if row.role == roleEnd {
			open = r.end(open, row)
			continue
		}
		r.enter(open, row)
		if row.role == roleBegin || row.role == roleRefused && strings.HasPrefix(row.rowType.name, "begin_") {
			open = append(open, row)
		}
	}
	for _, row := range open {
		r.refuseCell(row.line, UnbalancedGroup, colType, "This group is never closed. Add a row of type end_group after its last question.")
	}
	if len(r.rows) == 0 {
		r.refuse(Notice{Code: NoQuestions, Sheet: sheetSurvey, Text: "The sheet survey has no questions below its headings. The headings must stand in the first row."})
	}
}

// skip leaves out rows in which somebody wrote only beside the questions.
func (r *reader) skip(l line) bool {
	if l.cells[colType] != "" || l.cells[colName] != "" || l.any(colLabel) {
		return false
	}
	r.warn(Notice{Code: RowSkipped, Sheet: sheetSurvey, Row: l.row, Text: "This row has neither type nor name nor label and was left out."})
	return true
}

// end closes the innermost group.
func (r *reader) end(open []*row, row *row) []*row {
	if len(open) == 0 {
		r.refuseCell(row.line, UnbalancedGroup, colType, "This row ends a group, but none is open. Delete it, or add the row that begins the group.")
		return open
	}
	last := open[len(open)-1]
	if begun := strings.TrimPrefix(last.rowType.name, "begin_"); "end_"+begun != row.rowType.name {
		r.refuseCell(row.line, UnbalancedGroup, colType, fmt.Sprintf("This row is %s, but what is open is the %s that row %d begins.", row.rowType.name, begun, last.row))
	}
	return open[:len(open)-1]
}

// enter puts a row into the tree and checks its name.
func (r *reader) enter(open []*row, row *row) {
	if row.role == roleRefused {
		r.refuseCell(row.line, row.code, colType, row.cause)
	}
	if len(open) > 0 {
		row.in = open[len(open)-1]
		row.in.members = append(row.in.members, row)
	}
	r.rows = append(r.rows, row)
	if row.name == "" && row.role == roleNote {
		row.name = fmt.Sprintf("generated_note_name_%d", row.row)
	}
	switch {
	case row.name == "" && row.role == roleRefused:
		return // the type is what must be mended
	case row.name == "":
		r.refuseCell(row.line, NoName, colName, "This row has no name. Give it a short one without blanks, such as age.")
		return
	case !xmlName.MatchString(row.name):
		r.refuseCell(row.line, BadName, colName, "“"+shorten(row.name)+"” cannot be a name. A name begins with a letter or _ and goes on with letters, digits, _, - and dots, without blanks.")
	}
	r.checkDouble(row)
	r.names[row.name] = append(r.names[row.name], row)
	if row.orOther {
		r.names[row.name+"_other"] = append(r.names[row.name+"_other"], row)
	}
}

// xmlName is the name of an XML element, perhaps with a prefix.
var xmlName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{M}\p{N}_.\-\x{B7}]*(:[\p{L}_][\p{L}\p{M}\p{N}_.\-\x{B7}]*)?$`)

// sibling is a name within a group, in small letters.
type sibling struct {
	in   *row
	name string
}

// checkDouble refuses a name that is there twice in one group.
func (r *reader) checkDouble(row *row) {
	key := sibling{row.in, strings.ToLower(row.name)}
	other, ok := r.siblings[key]
	switch {
	case !ok:
		r.siblings[key] = row
	case other.name == row.name:
		r.refuseCell(row.line, DuplicateName, colName, fmt.Sprintf("The name “%s” is in row %d already. Names must differ within a group.", shorten(row.name), other.row))
	default:
		r.warn(Notice{Code: NameCase, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colName),
			Text: fmt.Sprintf("The names “%s” and “%s” in row %d differ only in capitals, which is easily mistaken.", shorten(row.name), shorten(other.name), other.row)})
	}
}

func (r *reader) refuseCell(l line, code Code, key, text string) {
	r.refuse(Notice{Code: code, Sheet: l.sheet, Row: l.row, Column: l.heading(key), Text: sentence(text)})
}

// missingColumn refuses a sheet without a column, once.
func (r *reader) missingColumn(t *table, key string) {
	if t.has(key) {
		return
	}
	for _, n := range r.refused {
		if n.Code == MissingColumn && n.Sheet == t.name && n.Column == key {
			return
		}
	}
	r.refuse(Notice{Code: MissingColumn, Sheet: t.name, Row: 1, Column: key, Text: "The sheet " + t.name + " has no column “" + key + "” in its first row."})
}

// checkEntities refuses forms that make or change entities.
func (r *reader) checkEntities() {
	const text = "Entities, records that several forms share, are not done here. Take the sheet entities and the column save_to away."
	if sheet := r.book.Sheet(sheetEntities); sheet != nil && len(sheet.Rows) > 1 {
		r.refuse(Notice{Code: NoEntities, Sheet: sheetEntities, Text: text})
	}
	for _, row := range r.rows {
		if row.cells[colSaveTo] != "" {
			r.refuseCell(row.line, NoEntities, colSaveTo, text)
			return
		}
	}
}

// checkColumns says which columns of the survey sheet mean nothing here.
func (r *reader) checkColumns() {
	for _, c := range r.survey.columns {
		if c.key == "" {
			r.warn(Notice{Code: ColumnIgnored, Sheet: sheetSurvey, Row: 1, Column: c.heading,
				Text: "The column “" + shorten(c.heading) + "” means nothing here; it is kept and exported again."})
		}
	}
}
