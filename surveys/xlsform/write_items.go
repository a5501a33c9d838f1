package xlsform

import (
	"encoding/json"
	"strings"

	"soundings/surveys/expression"
	"soundings/surveys/questionnaire"
)

// nameAll finds out what references are called in the sheet, by laying it out
// once: an item is called by its name where XLSForm takes that, else by its id,
// and references follow.
func (w *writer) nameAll() {
	draft := newWriter(w.d, w.o)
	draft.measure()
	draft.rows()
	called := map[questionnaire.ItemID]string{}
	for _, line := range draft.lines {
		if line.id != "" && line.extra[extraOf] == nil {
			called[line.id] = line.name
			w.names[string(line.id)] = line.name
		}
	}
	each := func(visit func(*questionnaire.Item)) {
		for i := range w.d.Parts {
			for j := range w.d.Parts[i].Items {
				visit(&w.d.Parts[i].Items[j])
			}
		}
	}
	each(func(item *questionnaire.Item) {
		w.names[item.ReferenceName()+"_other"] = called[item.ID] + "_other"
		w.names[questionnaire.OtherControl(item.ID)] = called[item.ID] + "_other"
	})
	each(func(item *questionnaire.Item) { w.names[item.ReferenceName()] = called[item.ID] }) // a name counts before all else
}

// renamed is a source or a text with its references as the sheet calls them.
func (w *writer) renamed(source string) string {
	if !strings.Contains(source, "${") {
		return source
	}
	return expression.RenameSource(source, func(name string) string {
		if own, ok := w.names[name]; ok {
			return own
		}
		return name
	})
}

// write writes the rows of one item.
func (w *writer) write(item *questionnaire.Item) {
	switch item.Kind {
	case questionnaire.KindRating, questionnaire.KindThenNow, questionnaire.KindLinkageCode:
		w.battery(item)
		return
	}
	line := w.line(item)
	w.texts(line.cells, colLabel, item.Label)
	w.texts(line.cells, colHint, item.Hint)
	w.put(line, colType, w.typeCell(item))
	w.put(line, colParameters, parametersOf(item))
	w.put(line, colAppearance, appearanceOf(item))
	w.logic(line, item)
	w.putSheet(line, item.Sheet)
	w.ownForm(line, item)
	w.lines = append(w.lines, line)
	w.askOther(line, item)
}

// line begins a row that gives an item.
func (w *writer) line(item *questionnaire.Item) *outLine {
	line := &outLine{cells: map[string]string{}, id: item.ID, item: item}
	w.name(line, item.Name)
	return line
}

// typeCell is the type with the name of the list and or_other.
func (w *writer) typeCell(item *questionnaire.Item) string {
	name := typeOf(item)
	if kept := item.Sheet[colType]; kept != "" {
		name = kept
	}
	switch name {
	case typeSelectOne, typeSelectMultiple, typeRank:
		list, orOther := w.lists.listOf(item)
		if orOther {
			list += " or_other"
		}
		return name + " " + list
	}
	return name
}

// ownForm writes back the appearance and the parameters that the spreadsheet had
// for this item, as far as they still say what the item is.
func (w *writer) ownForm(line *outLine, item *questionnaire.Item) {
	if kept := item.Sheet[colAppearance]; kept != "" {
		words := appearances(kept)
		if own := appearanceOf(item); own != "" && !strings.Contains(" "+strings.Join(words, " ")+" ", " "+own+" ") {
			kept += " " + own
		}
		line.cells[colAppearance] = kept
	}
	if kept := item.Sheet[colParameters]; kept != "" {
		line.cells[colParameters] = kept
	}
}

// logic writes the expressions of an item, and what must be answered.
func (w *writer) logic(line *outLine, item *questionnaire.Item) {
	required := w.renamed(item.RequiredIf)
	if item.Required {
		required = "yes"
	}
	w.put(line, colRequired, required)
	w.texts(line.cells, colRequiredMessage, item.RequiredMessage)
	w.put(line, colRelevant, w.renamed(item.Relevant))
	w.put(line, colConstraint, w.renamed(constraintOf(item)))
	w.texts(line.cells, colConstraintMessage, item.ConstraintMessage)
	w.put(line, colCalculation, w.renamed(item.Calculation))
	w.put(line, colDefault, w.renamed(item.Default))
	w.put(line, colReadOnly, w.renamed(item.ReadOnly))
	if item.List != "" || len(item.Choices) > 0 {
		w.put(line, colFilter, w.renamed(item.Filter))
	}
}

// constraintOf is the constraint with the bounds of a number in it, which
// XLSForm has no columns for.
func constraintOf(item *questionnaire.Item) string {
	var bounds []string
	if kept := item.Sheet[colType]; item.Kind == questionnaire.KindNumber && (kept == "" || kept == "integer" || kept == "decimal") {
		if item.Min != nil {
			bounds = append(bounds, ". >= "+plainNumber(*item.Min))
		}
		if item.Max != nil {
			bounds = append(bounds, ". <= "+plainNumber(*item.Max))
		}
	}
	if item.Constraint != "" && len(bounds) > 0 {
		bounds = append([]string{"(" + item.Constraint + ")"}, bounds...)
	} else if item.Constraint != "" {
		return item.Constraint
	}
	return strings.Join(bounds, " and ")
}

// askOther adds a question for the words of an “other” choice that or_other does
// not ask for: other programs need it. Read knows it by its column soundings.
func (w *writer) askOther(line *outLine, item *questionnaire.Item) {
	if _, orOther := w.lists.listOf(item); orOther || typeOf(item) != typeSelectOne && typeOf(item) != typeSelectMultiple {
		return
	}
	for _, choice := range item.Choices {
		if choice.Meaning != questionnaire.MeaningOther || strings.Contains(choice.Code, "'") {
			continue
		}
		words := &outLine{cells: map[string]string{colType: "text", colRelevant: "selected(${" + line.name + "}, '" + choice.Code + "')"}, id: item.ID}
		w.name(words, line.name+"_other")
		w.texts(words.cells, colLabel, choice.Label)
		words.extra = extra{extraOf: mustJSON(item.ID)}
		w.lines = append(w.lines, words)
	}
}

// battery writes an item with several rows of answers as a group of questions.
func (w *writer) battery(item *questionnaire.Item) {
	line := w.line(item)
	line.extra = extra{extraKind: mustJSON(item.Kind)}
	line.cells[colType] = "begin_group"
	w.texts(line.cells, colLabel, item.Label)
	w.texts(line.cells, colHint, item.Hint)
	w.put(line, colRelevant, w.renamed(item.Relevant))
	w.put(line, colAppearance, appearanceOf(item))
	w.putSheet(line, item.Sheet)
	w.ownForm(line, item)
	w.lines = append(w.lines, line)
	w.open = append(w.open, line)
	for i := range item.Rows {
		w.batteryRow(item, &item.Rows[i])
	}
	if item.Card {
		w.card(item)
	}
	for i := range item.Prompts {
		w.prompt(item, &item.Prompts[i])
	}
	w.close(len(w.open) - 1)
}

// batteryRow writes a statement of a rating as a question; one of a then-and-now
// battery as a note with a question for each moment below it.
func (w *writer) batteryRow(item *questionnaire.Item, row *questionnaire.Row) {
	if item.Kind == questionnaire.KindRating {
		w.question(item, row.ID, row.Label)
		return
	}
	note := &outLine{cells: map[string]string{colType: "note"}, id: row.ID}
	w.name(note, "")
	w.texts(note.cells, colLabel, row.Label)
	w.lines = append(w.lines, note)
	w.question(item, questionnaire.MomentID(row.ID, questionnaire.MomentThen), w.moment(w.o.Then, "Then"))
	w.question(item, questionnaire.MomentID(row.ID, questionnaire.MomentNow), w.moment(w.o.Now, "Now"))
}

// moment is what a moment is called in all languages.
func (w *writer) moment(words questionnaire.Text, english string) questionnaire.Text {
	text := questionnaire.Text{}
	for _, tag := range w.tags() {
		if text[tag] = words.In(tag); text[tag] == "" {
			text[tag] = english
		}
	}
	return text
}

// question writes one question of a battery.
func (w *writer) question(item *questionnaire.Item, id questionnaire.ItemID, label questionnaire.Text) {
	line := &outLine{cells: map[string]string{}, id: id}
	w.name(line, "")
	list, _ := w.lists.listOf(item)
	w.put(line, colType, typeSelectOne+" "+list)
	w.texts(line.cells, colLabel, label)
	asked := *item
	asked.Relevant = ""
	w.logic(line, &asked)
	w.lines = append(w.lines, line)
}

// card writes the code of an issued card as a question. Where prompts may be
// answered instead, other programs require neither.
func (w *writer) card(item *questionnaire.Item) {
	line := &outLine{cells: map[string]string{colType: "text"}, id: elementCard, extra: extra{extraElement: mustJSON(elementCard)}}
	w.name(line, "")
	w.texts(line.cells, colLabel, item.Label)
	switch {
	case item.Required && len(item.Prompts) == 0:
		line.cells[colRequired] = "yes"
	case item.Required:
		line.extra[extraNeeded] = mustJSON(true)
	}
	w.lines = append(w.lines, line)
}

// prompt writes one element of a linkage code as a question.
func (w *writer) prompt(item *questionnaire.Item, prompt *questionnaire.Prompt) {
	line := &outLine{cells: map[string]string{colType: "text"}, id: prompt.ID}
	w.name(line, "")
	w.texts(line.cells, colLabel, prompt.Label)
	w.texts(line.cells, colHint, prompt.Hint)
	if item.Required && !item.Card {
		line.cells[colRequired] = "yes"
	}
	line.extra = extra{extraElement: mustJSON(prompt.Element)}
	if prompt.Length != 0 {
		line.extra["length"] = json.RawMessage(plainNumber(float64(prompt.Length)))
	}
	w.lines = append(w.lines, line)
}
