package xlsform

import (
	"fmt"
	"strings"
)

// list is one list of choices.
type list struct {
	name      string
	options   []line
	used      bool
	severalOf *row // a question that allows several of its choices
}

// readChoices reads the lists of the choices sheet.
func (r *reader) readChoices() {
	for _, l := range r.choices.lines {
		name := l.cells[colList]
		if name == "" {
			if l.cells[colName] != "" || l.any(colLabel) {
				r.warn(Notice{Code: ChoiceNoList, Sheet: sheetChoices, Row: l.row, Column: l.heading(colList),
					Text: "This choice belongs to no list and was left out. Write the name of its list beside it."})
			}
			continue
		}
		if r.lists[name] == nil {
			r.lists[name] = &list{name: name}
			r.listNames = append(r.listNames, name)
			r.lowerLists[strings.ToLower(name)] = name
		}
		r.lists[name].options = append(r.lists[name].options, l)
	}
}

// checkLists checks all lists, and that the questions have those they name.
func (r *reader) checkLists() {
	all := 0
	for _, row := range r.rows {
		if row.list != "" && row.role == roleQuestion {
			r.useList(row)
			if l := r.lists[row.list]; l != nil {
				all += len(l.options)
			}
		}
	}
	if all > maxOptions {
		r.refuse(Notice{Code: FileTooLarge, Sheet: sheetChoices, Text: fmt.Sprintf("All questions together have %d choices, more than the %d that can be read. Use long lists for fewer questions.", all, maxOptions)})
	}
	for _, name := range r.listNames {
		r.checkList(r.lists[name])
	}
}

func (r *reader) useList(row *row) {
	switch l := r.lists[row.list]; {
	case l != nil:
		l.used = true
		if row.rowType.name == typeSelectMultiple || row.rowType.name == typeRank {
			l.severalOf = row
		}
	case r.book.Sheet(sheetChoices) == nil:
		r.refuseCell(row.line, NoChoicesSheet, colType, "The choices of this question are looked for in a sheet called choices, which is not there. Add it, with the columns list_name, name and label.")
	case !r.choices.has(colList) || !r.choices.has(colName):
		r.missingColumn(r.choices, colList)
		r.missingColumn(r.choices, colName)
		r.refuseCell(row.line, ListNotFound, colType, "The list “"+shorten(row.list)+"” is not in the sheet choices, which lacks the columns list_name and name.")
	default:
		r.refuseCell(row.line, ListNotFound, colType, "The sheet choices has no list called “"+shorten(row.list)+"”"+r.nearList(row.list)+".")
	}
	if row.orOther && row.cells[colFilter] != "" {
		r.refuseCell(row.line, OrOtherFilter, colFilter, "A question cannot have both or_other and a choice_filter. Add a choice “other” to the list and a text question that is relevant when it is chosen.")
	}
}

// nearList names a list that differs only in capitals.
func (r *reader) nearList(name string) string {
	if other := r.lowerLists[strings.ToLower(name)]; other != "" {
		return "; there is “" + other + "”, and capitals count"
	}
	return ""
}

func (r *reader) checkList(l *list) {
	allowed := isYes(r.setting.cells[setDuplicates])
	seen := map[string]int{}
	for _, option := range l.options {
		code := option.cells[colName]
		if code == "" {
			r.refuseCell(option, ChoiceNoName, colName, "This choice of the list “"+shorten(l.name)+"” has no name. Write a short one that never changes, such as a number.")
			continue
		}
		if first, ok := seen[code]; ok && !allowed {
			r.refuseCell(option, ChoiceDuplicate, colName, fmt.Sprintf("The list “%s” has the name “%s” in row %d already. Give this choice a name of its own, or set allow_choice_duplicates to yes in the settings.", shorten(l.name), shorten(code), first))
		}
		seen[code] = option.row
		if l.severalOf != nil && strings.ContainsAny(code, " \t\n") {
			r.refuseCell(option, ChoiceNameSpace, colName, fmt.Sprintf("The name “%s” has a blank in it, but question “%s” allows several choices, which are written with blanks between. Use _ instead.", shorten(code), l.severalOf.name))
		}
		if !option.any(colLabel) {
			r.warn(Notice{Code: ChoiceNoLabel, Sheet: sheetChoices, Row: option.row, Column: colLabel,
				Text: "This choice has no label; its name “" + shorten(code) + "” is shown."})
		}
		r.warnOfMedia(option)
	}
}

// warnOfMedia says that pictures and recordings of a row were left out: the
// workbook has only their names.
func (r *reader) warnOfMedia(l line) {
	for _, key := range []string{colImage, colBigImage, colAudio, colVideo} {
		if l.any(key) {
			r.warn(Notice{Code: MediaIgnored, Sheet: l.sheet, Row: l.row, Column: l.heading(key),
				Text: "A workbook holds only the name of a picture or recording, so it was left out. Add it in the editor."})
			return
		}
	}
}
