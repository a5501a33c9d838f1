package app

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// wrongField is a line of the summary of what is wrong.
type wrongField struct{ Target, Sentence string }

// setOldDataColumns keeps what the columns are and goes on to the preview. If a
// column names waves or cohorts that were not asked about yet, it asks.
func (s *Server) setOldDataColumns(c *fiber.Ctx) error {
	view, choices, err := s.columnsView(c)
	if err != nil {
		return err
	}
	m := mappingOf(c, view, choices)
	if open := view.unasked(c, m); open > 0 {
		view.show(choices, m)
		view.Wrong = append(view.Wrong, wrongField{"values", fmt.Sprintf("Say what the values of column %s mean, then go on", sheets.ColumnName(open))})
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/old_data_columns", view)
	}
	_, refusal := s.surveys.SetMapping(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")), view.Upload.ID, m)
	if refusal == nil {
		return sees(c, view.Action+"/preview")
	}
	view.show(choices, m)
	status, err := s.refuse(view.Shared, refusal)
	if err != nil {
		return err
	}
	view.blame(s, refusal)
	return s.render(c, status, "staff/old_data_columns", view)
}

// mappingOf is what was said of the columns.
func mappingOf(c *fiber.Ctx, view columnsView, choices surveys.OldDataForm) olddata.Mapping {
	before := view.Upload.Mapping
	m := olddata.Mapping{
		Wave: questionnaire.Wave(typed(c, "wave")), Cohort: typed(c, "cohort"), Language: typed(c, "language"), Submitted: strings.TrimSpace(typed(c, "submitted")),
		Missing: markers(typed(c, "missing")), Waves: map[string]questionnaire.Wave{}, Cohorts: map[string]string{}, HeadRow: before.HeadRow,
		Blanks: slices.Contains(typedAll(c, "rules"), "blanks"), Values: slices.Contains(typedAll(c, "rules"), "values"),
	}
	for i := range before.Columns {
		n := strconv.Itoa(i + 1)
		column := olddata.Column{
			Target: olddata.Target(strings.TrimSpace(typed(c, "target-"+n))), Wave: questionnaire.Wave(typed(c, "wave-"+n)),
			Dates: olddata.DateOrder(typed(c, "dates-"+n)), Missing: markers(typed(c, "missing-"+n)),
		}
		if column.Target != olddata.TargetSubmitted && column.Target.About() || column.Target == olddata.TargetNone {
			column.Wave = ""
		}
		if column.Dates == "" && choices.Form.HoldsDays(column.Target) {
			column.Dates = olddata.OrderOf(view.Upload.Profile.Columns[i].Distinct)
		}
		m.Columns = append(m.Columns, column)
	}
	readValues(c, view, choices, &m)
	if len(choices.Waves) == 1 && !m.Has(olddata.TargetWave) && !m.Wide() {
		m.Wave = choices.Waves[0]
	}
	return m
}

// readValues reads what the values of the columns of wave and cohort mean: as was
// said, or as it seems where nobody was asked.
func readValues(c *fiber.Ctx, view columnsView, choices surveys.OldDataForm, m *olddata.Mapping) {
	olddata.GuessValues(m, view.Upload.Profile, choices.Waves, choices.Places)
	for i, column := range m.Columns {
		for n, value := range view.Upload.Profile.Columns[i].Distinct {
			if !asked(c, i, n) {
				continue
			}
			switch column.Target {
			case olddata.TargetWave:
				m.Waves[olddata.Normal(value)] = questionnaire.Wave(typed(c, valueControl(i, n)))
			case olddata.TargetCohort:
				m.Cohorts[olddata.Normal(value)] = typed(c, valueControl(i, n))
			}
		}
	}
}

// asked says whether the form had a control for a value.
func asked(c *fiber.Ctx, column, n int) bool {
	return c.Request().PostArgs().Has(valueControl(column, n))
}

// unasked is the first column, from 1, with values nobody was asked about and that
// are not known; 0 if there is none.
func (v *columnsView) unasked(c *fiber.Ctx, m olddata.Mapping) int {
	for i, column := range m.Columns {
		for n, value := range v.Upload.Profile.Columns[i].Distinct {
			key := olddata.Normal(value)
			unknown := column.Target == olddata.TargetWave && m.Waves[key] == "" || column.Target == olddata.TargetCohort && m.Cohorts[key] == ""
			if unknown && !asked(c, i, n) && !slices.Contains(m.Missing, value) {
				return i + 1
			}
		}
	}
	return 0
}

// markers reads what stands for no answer: "NA; -99".
func markers(text string) []string {
	var all []string
	for _, marker := range strings.Split(text, ";") {
		if marker = strings.TrimSpace(marker); marker != "" {
			all = append(all, marker)
		}
	}
	return all
}

// blame puts what is wrong beside its column, and lists all of it.
func (v *columnsView) blame(s *Server, refusal error) {
	var e *surveys.Error
	if !errors.As(refusal, &e) {
		return
	}
	fields := e.Fields
	if len(fields) == 0 {
		fields = questionnaire.FieldErrors{{Control: e.Field, Key: e.Key, Args: e.Args}}
	}
	for _, wrong := range fields {
		sentence := s.staffSentence(wrong.Key, wrong.Args...)
		target := "all-" + wrong.Control
		var n int
		if _, err := fmt.Sscanf(wrong.Control, "column[%d]", &n); err == nil && n >= 1 && n <= len(v.Columns) {
			v.Columns[n-1].Error = sentence
			target, sentence = fmt.Sprintf("target-%d", n), "Column "+sheets.ColumnName(n)+": "+sentence
		} else if wrong.Control == "columns" {
			target = "columns"
		}
		v.Wrong = append(v.Wrong, wrongField{target, sentence})
	}
	v.Shared.Problem = "" // it is in the list above all
}

// chooseOldDataSheet reads another sheet of the workbook.
func (s *Server) chooseOldDataSheet(c *fiber.Ctx) error {
	u, err := s.surveys.ChooseSheet(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")), surveys.UploadID(c.Params("upload")), typed(c, "sheet"))
	if err != nil {
		return err
	}
	return sees(c, oldDataHere(c)+"/"+string(u.ID))
}
