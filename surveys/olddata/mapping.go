package olddata

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// Mapping says what the columns of a table are. It is stored as JSON.
type Mapping struct {
	HeadRow int      `json:"head_row"` // the row of the headings, as the sheet counts; what is above is left out
	Columns []Column `json:"columns"`  // from A

	Wave  questionnaire.Wave            `json:"wave,omitempty"`  // of all rows, where no column says it
	Waves map[string]questionnaire.Wave `json:"waves,omitempty"` // what the column of the wave says, normalised

	Cohort  string            `json:"cohort,omitempty"`  // id; of all rows, where no column says it
	Cohorts map[string]string `json:"cohorts,omitempty"` // what the column of the cohort says, normalised, to id

	Language  string   `json:"language,omitempty"`  // tag; of rows that do not say it
	Submitted string   `json:"submitted,omitempty"` // day, 2024-06-30; of rows that do not say it
	Missing   []string `json:"missing,omitempty"`   // what stands for no answer, in every column
	Values    bool     `json:"values,omitempty"`    // numbers of choices are those of the workbook (scores), not codes
	Blanks    bool     `json:"blanks,omitempty"`    // answers that the questionnaire needs may be blank
}

// Column is what one column is.
type Column struct {
	Target  Target             `json:"target,omitempty"`
	Wave    questionnaire.Wave `json:"wave,omitempty"`    // of a wide table; "": of every wave
	Dates   DateOrder          `json:"dates,omitempty"`   // of days written in numbers
	Missing []string           `json:"missing,omitempty"` // what else stands for no answer here
}

// spot is what only one column may be.
type spot struct {
	target Target
	wave   questionnaire.Wave
}

func (c Column) spot() spot { return spot{c.Target, c.Wave} }

// Target is what a column holds, as text that a form can carry: "" is nothing,
// "calm" the answers to a variable, "subjects=maths" whether a choice was ticked or
// which place it has, "travel__other" the words beside "other", "calm__order" the
// order in which choices were shown; with an @ what is about the response.
type Target string

// What columns hold that are no answers.
const (
	TargetNone       Target = ""
	TargetRow        Target = "@row"        // what names the row: the same row again is known by it
	TargetRespondent Target = "@respondent" // what names the person; pairs pre and post
	TargetWave       Target = "@wave"
	TargetCohort     Target = "@cohort"
	TargetLanguage   Target = "@language"
	TargetSubmitted  Target = "@submitted"

	codePrefix = "@code " // an element of the linkage code: "@code mother"
)

// CodeTarget is the column of one element of the linkage code.
func CodeTarget(prompt questionnaire.ItemID) Target { return Target(codePrefix + string(prompt)) }

// TickTarget is the column of one choice of a variable.
func TickTarget(variable questionnaire.ItemID, code string) Target {
	return Target(string(variable) + "=" + code)
}

// Prompt is the element of the linkage code that t holds.
func (t Target) Prompt() (questionnaire.ItemID, bool) {
	prompt, ok := strings.CutPrefix(string(t), codePrefix)
	return questionnaire.ItemID(prompt), ok
}

// About says whether t is about the response and no answer.
func (t Target) About() bool { return strings.HasPrefix(string(t), "@") }

// answer is the variable that t is about, and what of it: "" is the answer itself,
// "=maths" a choice, "other" and "order" what stands beside.
func (t Target) answer() (questionnaire.ItemID, string) {
	text := string(t)
	if id, code, ok := strings.Cut(text, "="); ok {
		return questionnaire.ItemID(id), "=" + code
	}
	for _, beside := range []string{"other", "order"} {
		if id, ok := strings.CutSuffix(text, "__"+beside); ok {
			return questionnaire.ItemID(id), beside
		}
	}
	return questionnaire.ItemID(text), ""
}

// Variable is the variable that t is about; "" if it is about the response.
func (t Target) Variable() questionnaire.ItemID {
	if t.About() {
		return ""
	}
	id, _ := t.answer()
	return id
}

// Has says whether a column holds target.
func (m *Mapping) Has(target Target) bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Target == target })
}

// Wide says whether columns have waves.
func (m *Mapping) Wide() bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Wave != "" && c.Target != TargetNone })
}

// wideWaves are the waves that columns have, in the order of waves.
func (m *Mapping) wideWaves() []questionnaire.Wave {
	var waves []questionnaire.Wave
	for _, wave := range []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost, questionnaire.WaveFollowUp} {
		if slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Wave == wave && c.Target != TargetNone }) {
			waves = append(waves, wave)
		}
	}
	return waves
}

// Fingerprint tells tables with the same headings from others.
func Fingerprint(headings []string) string {
	hash := sha256.New()
	for _, heading := range headings {
		hash.Write([]byte(normal(heading) + "\x00"))
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

// Problem is why a mapping cannot be used, at a column (from 1) or, for 0, at the
// field of that name.
type Problem struct {
	Column int
	Field  string // "wave", "cohort", "submitted", "columns"
	Key    string
	Args   []any
}

// Check says all that is wrong with a mapping for a form whose waves are these.
func (m *Mapping) Check(form *Form, waves []questionnaire.Wave) []Problem {
	var wrong []Problem
	refuse := func(column int, field, key string, args ...any) {
		wrong = append(wrong, Problem{column, field, key, args})
	}
	first, answers := map[spot]int{}, 0
	for i, c := range m.Columns {
		if c.Target == TargetNone {
			continue
		}
		if !form.Knows(c.Target) {
			refuse(i+1, "", "old_data.unknown_target")
			continue
		}
		if c.Wave != "" && !slices.Contains(waves, c.Wave) {
			refuse(i+1, "", "old_data.unknown_wave")
		}
		if before, twice := first[c.spot()]; twice {
			refuse(i+1, "", "old_data.column_twice", sheets.ColumnName(before))
		}
		first[c.spot()] = i + 1
		if !c.Target.About() {
			answers++
		}
	}
	if answers == 0 {
		refuse(0, "columns", "old_data.no_answers")
	}
	m.checkHead(refuse, waves)
	return wrong
}

func (m *Mapping) checkHead(refuse func(int, string, string, ...any), waves []questionnaire.Wave) {
	switch wide, said := m.Wide(), m.Has(TargetWave); {
	case wide && said:
		refuse(0, "wave", "old_data.wide_and_long")
	case !wide && !said && !slices.Contains(waves, m.Wave):
		refuse(0, "wave", "old_data.wave")
	}
	if m.Cohort == "" && !m.Has(TargetCohort) {
		refuse(0, "cohort", "old_data.cohort")
	}
	if _, ok := parseDay(m.Submitted, DayFirst); m.Submitted != "" && !ok {
		refuse(0, "submitted", "old_data.submitted")
	}
	if m.Submitted == "" && !m.Has(TargetSubmitted) {
		refuse(0, "submitted", "old_data.submitted_missing")
	}
}
