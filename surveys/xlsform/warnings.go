package xlsform

import (
	"fmt"
	"slices"
	"strings"
)

// warnOfWords warns of rows without words, and of words that some languages lack.
func (r *reader) warnOfWords() {
	if len(r.rows) > 0 && !r.survey.has(colLabel) {
		r.warn(Notice{Code: NoLabelColumn, Sheet: sheetSurvey, Row: 1, Column: colLabel,
			Text: "The sheet survey has no column label, so that names are shown in place of questions."})
	}
	for _, row := range r.rows {
		if row.role != roleQuestion && row.role != roleDropped && row.role != roleNote {
			continue
		}
		r.warnOfLabel(row)
		r.warnOfTranslations(row)
	}
}

func (r *reader) warnOfLabel(row *row) {
	if !r.survey.has(colLabel) || row.any(colLabel) || row.any(colHint) || row.any(colGuidance) || row.hasMedia() {
		return
	}
	r.warn(Notice{Code: NoLabel, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colLabel),
		Text: "This question has no label; its name “" + shorten(row.name) + "” is shown."})
}

func (l line) hasMedia() bool {
	return slices.ContainsFunc(mediaColumns, l.any)
}

// warnOfTranslations names the languages in which the label of a row is missing.
func (r *reader) warnOfTranslations(row *row) {
	if !row.any(colLabel) {
		return
	}
	var missing []string
	for _, c := range r.survey.byKey[colLabel] {
		if c.word != "" && row.words[colLabel][c.word] == "" {
			missing = append(missing, c.word)
		}
	}
	if len(missing) == 0 {
		return
	}
	r.warn(Notice{Code: TranslationMissing, Sheet: sheetSurvey, Row: row.row, Column: row.heading(colLabel),
		Text: fmt.Sprintf("The label has no words in %s; whoever reads these sees another language here.", strings.Join(missing, ", "))})
}
