package olddata

import (
	"slices"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// Head is one response that a row holds, before its answers are read.
type Head struct {
	Wave       questionnaire.Wave
	Cohort     string    // id
	Language   string    // tag; "" is the questionnaire's own
	Submitted  time.Time // UTC
	Respondent string    // as written; goes no further than a keyed hash
	Row        string    // what identifies the row: its name, or all that the row said
	Named      bool      // Row is a name that the file gives
}

// CellError says what is wrong with a cell, and how to mend it. Column 0 is the
// whole row.
type CellError struct {
	Row, Column int
	Key         string
	Args        []any
}

// Reader reads the rows of a table as a mapping says.
type Reader struct {
	mapping Mapping
	zone    *time.Location
	missing []map[string]bool // by column, normalised
	known   map[string]bool   // ids of cohorts
	any     *Form             // of all questionnaires, for what is not a cohort's own
}

// NewReader returns a reader. cohorts are the ids that there are; any is a form
// with the languages of all.
func NewReader(m Mapping, zone *time.Location, cohorts []string, any *Form) *Reader {
	r := &Reader{mapping: m, zone: zone, known: map[string]bool{}, any: any}
	for _, id := range cohorts {
		r.known[id] = true
	}
	for _, c := range m.Columns {
		markers := map[string]bool{}
		for _, marker := range slices.Concat(m.Missing, c.Missing) {
			markers[normalValue(marker)] = true
		}
		r.missing = append(r.missing, markers)
	}
	return r
}

// cell is what a column of a row says, "" for what stands for no answer.
func (r *Reader) cell(row sheets.Row, i int) string {
	text := row.Cell(i + 1)
	if text != "" && r.missing[i][normalValue(text)] {
		return ""
	}
	return text
}

// Heads reads what responses a row holds: none if it is blank, one of a long
// table, one for each wave of a wide one that has an answer.
func (r *Reader) Heads(row sheets.Row) ([]Head, []CellError) {
	base, errs := r.base(row)
	if !r.mapping.Wide() {
		wave, err := r.wave(row)
		if err != nil {
			errs = append(errs, *err)
		}
		base.Wave = wave
		if base.Row == "" {
			base.Row = strings.Join(row.Cells, "\x00")
		}
		if len(errs) > 0 || !r.answers(row, "") {
			return nil, r.ifAnswered(row, errs)
		}
		return []Head{base}, nil
	}
	var heads []Head
	waves := r.mapping.wideWaves()
	if base.Row == "" {
		base.Row = r.firstCells(row, waves[0])
	}
	for _, wave := range waves {
		if !r.answers(row, wave) {
			continue
		}
		head := base
		head.Wave = wave
		if at, err := r.submitted(row, wave); err != nil {
			errs = append(errs, *err)
		} else if !at.IsZero() {
			head.Submitted = at
		}
		heads = append(heads, head)
	}
	if len(errs) > 0 || len(heads) == 0 {
		return nil, r.ifAnswered(row, errs)
	}
	return heads, nil
}

// ifAnswered are the errors of a row; of one without any answer, that alone.
func (r *Reader) ifAnswered(row sheets.Row, errs []CellError) []CellError {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetNone && !c.Target.About() && r.cell(row, i) != "" {
			return errs
		}
	}
	return []CellError{{Row: row.Number, Key: "old_data.blank_row"}}
}

// firstCells identify a row of a wide table that has no name: all but what later
// waves said, which may be filled in afterwards.
func (r *Reader) firstCells(row sheets.Row, first questionnaire.Wave) string {
	var cells []string
	for i, cell := range row.Cells {
		if i < len(r.mapping.Columns) && r.mapping.Columns[i].Wave != "" && r.mapping.Columns[i].Wave != first {
			continue
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, "\x00")
}

// base reads what is about all responses of a row.
func (r *Reader) base(row sheets.Row) (Head, []CellError) {
	head := Head{Cohort: r.mapping.Cohort, Language: r.mapping.Language}
	if day, ok := parseDay(r.mapping.Submitted, DayFirst); ok {
		head.Submitted = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, r.zone).UTC()
	}
	var errs []CellError
	refuse := func(i int, key string, args ...any) {
		errs = append(errs, CellError{row.Number, i + 1, key, args})
	}
	for i, c := range r.mapping.Columns {
		text := r.cell(row, i)
		if c.Target == TargetCohort && text == "" && r.mapping.Cohort == "" {
			refuse(i, "old_data.cohort_blank")
		}
		if text == "" {
			continue
		}
		switch c.Target {
		case TargetRow:
			head.Row, head.Named = text, true
		case TargetRespondent:
			head.Respondent = text
		case TargetCohort:
			if head.Cohort = r.mapping.Cohorts[normalValue(text)]; !r.known[head.Cohort] {
				refuse(i, "old_data.unknown_cohort", cut(text, 60))
			}
		case TargetLanguage:
			tag, ok := r.any.Language(text)
			if head.Language = tag; !ok {
				refuse(i, "old_data.unknown_language", cut(text, 60))
			}
		}
	}
	if at, err := r.submitted(row, ""); err != nil {
		errs = append(errs, *err)
	} else if !at.IsZero() {
		head.Submitted = at
	}
	if head.Row == "" && head.Respondent != "" {
		head.Row, head.Named = head.Respondent, true
	}
	return head, errs
}

// submitted reads the column of the day for a wave.
func (r *Reader) submitted(row sheets.Row, wave questionnaire.Wave) (time.Time, *CellError) {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetSubmitted || c.Wave != wave {
			continue
		}
		text := r.cell(row, i)
		if text == "" {
			continue
		}
		at, ok := parseMoment(text, c.Dates, r.zone)
		if !ok {
			return at, &CellError{row.Number, i + 1, "old_data.unknown_day", []any{cut(text, 60)}}
		}
		return at, nil
	}
	return time.Time{}, nil
}

// wave reads the column of the wave.
func (r *Reader) wave(row sheets.Row) (questionnaire.Wave, *CellError) {
	for i, c := range r.mapping.Columns {
		if c.Target != TargetWave {
			continue
		}
		text := r.cell(row, i)
		if wave, ok := r.mapping.Waves[normalValue(text)]; ok && wave != "" && text != "" {
			return wave, nil
		}
		if text == "" {
			return "", &CellError{row.Number, i + 1, "old_data.wave_blank", nil}
		}
		return "", &CellError{row.Number, i + 1, "old_data.unknown_row_wave", []any{cut(text, 60)}}
	}
	return r.mapping.Wave, nil
}

// withheld are what a workbook of ours says in place of words that nobody has
// cleared: they are no answers.
var withheld = map[string]bool{"[not yet read]": true, "[held back]": true}

// NoWords stands for the words beside "other" that a file does not have, where
// answers may be blank.
const NoWords = "[no words in the file]"
