package app

import (
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
)

// oldPreviewView shows how the first rows of a file will be read, and what was
// found in the whole of it.
type oldPreviewView struct {
	staffPage
	Upload   surveys.Upload
	Columns  string // address of the page before
	Heads    []string
	Rows     []oldPreviewRow
	Job      oldJob
	Action   string
	Problems int // rows among the first of which something is wrong
}

// oldPreviewRow is one response as it will be kept, or what is wrong with a row.
type oldPreviewRow struct {
	Number int
	Cells  []oldCell
	Wrong  []string
}

type oldCell struct {
	Of, Words string
	Aside     bool
}

func (s *Server) oldDataPreview(c *fiber.Ctx) error {
	view, err := s.oldPreviewView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/old_data_preview", view)
}

func (s *Server) oldPreviewView(c *fiber.Ctx) (oldPreviewView, error) {
	page, p, strand, err := s.strandPage(c, "How the file will be read")
	if err != nil {
		return oldPreviewView{}, err
	}
	ctx := c.UserContext()
	u, err := s.surveys.Upload(ctx, p.ID, strand.ID, surveys.UploadID(c.Params("upload")))
	if err != nil {
		return oldPreviewView{}, err
	}
	if u.Check == "" {
		return oldPreviewView{}, &surveys.Error{Kind: surveys.KindInvalid, Key: "old_data.map_first"}
	}
	rows, err := s.surveys.PreviewUpload(ctx, p.ID, strand.ID, u.ID)
	if err != nil {
		return oldPreviewView{}, err
	}
	choices, err := s.surveys.OldDataForm(ctx, p.ID, strand.ID)
	if err != nil {
		return oldPreviewView{}, err
	}
	view := oldPreviewView{staffPage: page, Upload: u, Columns: oldDataHere(c) + "/" + string(u.ID), Action: oldDataHere(c) + "/" + string(u.ID) + "/import"}
	if view.Job, err = s.oldJob(c, p, strand, u.Check); err != nil {
		return view, err
	}
	if !view.Job.Ended {
		view.Events = view.Job.Address + "/events"
	}
	s.previewRows(&view, p, choices, rows)
	return view, s.surveys.Audit(ctx, p.ID, "answers.viewed", string(strand.ID)+", old data")
}

// previewRows makes the table of the first rows.
func (s *Server) previewRows(view *oldPreviewView, p surveys.Programme, choices surveys.OldDataForm, rows []surveys.PreviewRow) {
	variables := mappedVariables(view.Upload.Mapping, choices)
	view.Heads = []string{"When", "Cohort", "Day", "Language", "Can be paired"}
	if !choices.Strand.Paired() {
		view.Heads = view.Heads[:4]
	}
	meta := len(view.Heads)
	for _, v := range variables {
		view.Heads = append(view.Heads, shortLabel(v))
	}
	names := map[string]string{}
	for _, place := range choices.Places {
		names[place.ID] = place.Name
	}
	for _, row := range rows {
		if len(row.Problems) > 0 {
			wrong := oldPreviewRow{Number: row.Number}
			for _, problem := range row.Problems {
				wrong.Wrong = append(wrong.Wrong, s.cellSentence(view.Upload, problem))
			}
			view.Rows = append(view.Rows, wrong)
			view.Problems++
			continue
		}
		for _, r := range row.Responses {
			cells := []string{waveWord(choices.Strand.Design, r.Response.Wave), names[string(r.Response.Cohort)], inZone(p, r.Response.Submitted)[:10], languageName(r.Response.Language), yesOrNo(r.Paired)}[:meta]
			shown := oldPreviewRow{Number: row.Number}
			for i, words := range cells {
				shown.Cells = append(shown.Cells, oldCell{view.Heads[i], words, false})
			}
			for i, v := range variables {
				shown.Cells = append(shown.Cells, answerCell(view.Heads[meta+i], v.ID, r))
			}
			view.Rows = append(view.Rows, shown)
		}
	}
}

func answerCell(of string, id questionnaire.ItemID, r surveys.PreviewResponse) oldCell {
	if a, aside := r.Response.Aside[id]; aside {
		return oldCell{of, r.Form.Show(id, a, sourceLanguage), true}
	}
	a, ok := r.Response.Answers[id]
	if !ok {
		return oldCell{Of: of}
	}
	return oldCell{of, r.Form.Show(id, a, sourceLanguage), false}
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// mappedVariables are those that columns answer, in the order of the form.
func mappedVariables(m olddata.Mapping, choices surveys.OldDataForm) []*questionnaire.Variable {
	var mapped []*questionnaire.Variable
	in := choices.Form.Instrument
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if slices.ContainsFunc(m.Columns, func(c olddata.Column) bool { return c.Target != olddata.TargetNone && c.Target.Variable() == v.ID }) {
			mapped = append(mapped, v)
		}
	}
	return mapped
}

// cellSentence says where something is wrong and how to mend it.
func (s *Server) cellSentence(u surveys.Upload, problem surveys.CellProblem) string {
	place := problem.Where()
	if i := problem.Column - 1; i >= 0 && i < len(u.Profile.Columns) && u.Profile.Columns[i].Heading != "" {
		place += fmt.Sprintf(" (%s)", shortWords(u.Profile.Columns[i].Heading))
	}
	return upperFirst(place) + ": " + s.staffSentence(problem.Key, problem.Args...)
}

// startOldData begins the import.
func (s *Server) startOldData(c *fiber.Ctx) error {
	strand := surveys.StrandID(c.Params("strand"))
	j, err := s.surveys.StartImport(c.UserContext(), programmeID(c), strand, surveys.UploadID(c.Params("upload")), surveys.Policy(typed(c, "policy")))
	if err != nil {
		return err
	}
	return sees(c, oldDataHere(c)+"/imports/"+string(j.ID))
}
