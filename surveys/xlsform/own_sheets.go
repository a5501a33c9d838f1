package xlsform

import (
	"encoding/json"
	"fmt"
	"strings"

	"soundings/surveys/questionnaire"
)

// Three sheets of Soundings that other programs leave alone: texts, the passages
// around the questions; scales and measures, a row each.

const colText = "text"

// fieldType says how a field of a scale or a measure stands in its cell.
type fieldType uint8

const (
	fieldText   fieldType = iota
	fieldWords            // a column a language
	fieldList             // ids with blanks between
	fieldNumber           //
	fieldTruth            // yes
	fieldJSON             // what has no plain form
)

// field is one column of the sheet of scales or of measures.
type field struct {
	name string // in JSON and as heading
	kind fieldType
}

var scaleFields = []field{
	{"id", fieldText}, {"label", fieldWords}, {"items", fieldList}, {"reverse", fieldList}, {"of", fieldList}, {"method", fieldText},
	{"min", fieldNumber}, {"max", fieldNumber}, {"min_answered", fieldNumber}, {"direction", fieldText}, {"round", fieldTruth},
	{"multiply", fieldNumber}, {"source", fieldText}, {"licence", fieldText}, {"library", fieldText},
	{"table", fieldJSON}, {"bands", fieldJSON}, {"flags", fieldJSON},
}

var measureFields = []field{
	{"id", fieldText}, {"label", fieldWords}, {"of", fieldText}, {"type", fieldText}, {"direction", fieldText}, {"min_change", fieldNumber},
	{"headline", fieldTruth}, {"top", fieldJSON}, {"top_text", fieldJSON},
}

func vocabularyOf(fields []field) vocabulary {
	v := vocabulary{}
	for _, f := range fields {
		v.columns = append(v.columns, f.name)
		if f.kind == fieldWords {
			v.spoken = append(v.spoken, f.name)
		}
	}
	return v
}

// passages are the texts around the questions, by their names in the sheet.
func passages(d *questionnaire.Definition) map[string]*questionnaire.Text {
	return map[string]*questionnaire.Text{"title": &d.Title, "intro": &d.Intro, "readers": &d.Readers, "thanks": &d.Thanks, "help": &d.Help}
}

// readOwnSheets reads texts, scales and measures.
func (r *reader) readOwnSheets() {
	d := &r.definition
	texts := r.table(sheetTexts, vocabulary{columns: []string{colName, colText}, spoken: []string{colText}})
	for _, l := range texts.lines {
		if to := passages(d)[l.cells[colName]]; to != nil {
			if text := r.tongues.text(l, colText); text != nil {
				*to = text
			}
		}
	}
	for _, l := range r.table(sheetScales, vocabularyOf(scaleFields)).lines {
		var scale questionnaire.Scale
		if r.readFields(l, scaleFields, &scale) {
			d.Scales = append(d.Scales, scale)
			r.ids.taken[scale.ID] = true
		}
	}
	for _, l := range r.table(sheetMeasures, vocabularyOf(measureFields)).lines {
		var measure questionnaire.Measure
		if r.readFields(l, measureFields, &measure) {
			d.Measures = append(d.Measures, measure)
		}
	}
}

// readFields makes a scale or a measure of a row. What a cell should hold and
// does not is a refusal.
func (r *reader) readFields(l line, fields []field, to any) bool {
	values := extra{}
	for _, f := range fields {
		cell := l.cells[f.name]
		switch {
		case f.kind == fieldWords:
			if text := r.tongues.text(l, f.name); text != nil {
				values[f.name] = mustJSON(text)
			}
		case cell == "":
		case f.kind == fieldText:
			values[f.name] = mustJSON(cell)
		case f.kind == fieldList:
			values[f.name] = mustJSON(strings.Fields(cell))
		case f.kind == fieldTruth:
			values[f.name] = mustJSON(isYes(cell))
		default: // a number is JSON too
			if !json.Valid([]byte(cell)) {
				r.refuseCell(l, BadCell, f.name, fmt.Sprintf("“%s” cannot be read here. Write it as an export of Soundings has it", shorten(cell)))
				return false
			}
			values[f.name] = json.RawMessage(cell)
		}
	}
	text, err := json.Marshal(values)
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		r.refuseCell(l, BadCell, "id", "This row cannot be read: "+err.Error())
	}
	return err == nil
}

// applyHead sets what the settings say in the column soundings.
func (r *reader) applyHead() {
	parts := r.definition.Parts
	r.definition.Parts = nil
	r.headExtra.apply(&r.definition, nil)
	r.definition.Parts = parts
}

// readHeadExtra reads the column soundings of the settings.
func (r *reader) readHeadExtra() {
	var err error
	if r.headExtra, err = parseExtra(r.setting); err != nil {
		r.refuseCell(r.setting, BadCell, colSoundings, "This column is written by Soundings and was changed, so that it cannot be read. Empty the cell to leave out what it says")
	}
}
