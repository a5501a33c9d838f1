package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// approachesView lists who asked to be contacted: nothing of what they wrote.
type approachesView struct {
	staffPage
	Offered bool
	Waiting []approachRow
	Done    []approachRow
	Kept    int // days after which one that is done is destroyed
}

type approachRow struct {
	Who, Hour, Language string
	Opened, Closed      string // when; "" not yet
	Address             string
}

func approachesPath(id surveys.ProgrammeID) string { return programmePath(id) + "/approaches" }

// approachRowOf is a line in the programme's zone. Its time is an hour and no finer.
func approachRowOf(p surveys.Programme, line surveys.ApproachLine) approachRow {
	when := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(p.Location()).Format("2 January 2006, 15:04")
	}
	row := approachRow{
		Who: line.Cohort, Language: languageName(line.Language), Opened: when(line.Opened), Closed: when(line.Closed),
		Hour: line.Hour.In(p.Location()).Format("Monday 2 January 2006, after 15:04"), Address: approachesPath(p.ID) + "/" + string(line.ID),
	}
	if line.Strand != "" {
		row.Who += ", " + line.Strand
	}
	return row
}

// approaches answers with the list.
func (s *Server) approaches(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Asked to be contacted")
	if err != nil {
		return err
	}
	lines, err := s.surveys.Approaches(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	view := approachesView{staffPage: page, Offered: s.surveys.TakesApproaches(p), Kept: int(surveys.ApproachKept.Hours() / 24)}
	for _, line := range lines {
		if row := approachRowOf(p, line); row.Closed == "" {
			view.Waiting = append(view.Waiting, row)
		} else {
			view.Done = append(view.Done, row)
		}
	}
	return s.render(c, fiber.StatusOK, "staff/approaches", view)
}

// approachView is one of them, opened.
type approachView struct {
	staffPage
	Row  approachRow
	Lang string
	Said surveys.ApproachWords
	Form *form
	Kept int
}

func (s *Server) approachView(c *fiber.Ctx) (approachView, error) {
	page, p, err := s.programmePage(c, "Somebody asked to be contacted")
	if err != nil {
		return approachView{}, err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Asked to be contacted", approachesPath(p.ID), false})
	one, err := s.surveys.OpenApproach(c.UserContext(), p.ID, surveys.ApproachID(c.Params("approach")))
	if err != nil {
		return approachView{}, err
	}
	view := approachView{staffPage: page, Row: approachRowOf(p, one.ApproachLine), Lang: one.Language, Said: one.ApproachWords, Kept: int(surveys.ApproachKept.Hours() / 24)}
	submit := "Say that it is done"
	if view.Row.Closed != "" {
		submit = "Change what was done"
	}
	view.Form = newForm(page, "outcome", view.Row.Address, submit, fieldset{Fields: []field{{
		Name: "outcome", Label: "What was done", Kind: "textarea", Rows: 4, Value: one.Outcome,
		Hint: "Who was reached, when, and what comes next. It is sealed as well, and goes with the rest.",
	}}})
	return view, nil
}

// approach shows what one wrote; each look is in the trail.
func (s *Server) approach(c *fiber.Ctx) error {
	view, err := s.approachView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/approach", view)
}

// closeApproach keeps what was done.
func (s *Server) closeApproach(c *fiber.Ctx) error {
	id := programmeID(c)
	refusal := s.surveys.CloseApproach(c.UserContext(), id, surveys.ApproachID(c.Params("approach")), typed(c, "outcome"))
	if refusal == nil {
		return sees(c, approachesPath(id))
	}
	view, err := s.approachView(c)
	if err != nil {
		return err
	}
	return s.formAgain(c, view.Form.fill(c), refusal, "staff/approach", view)
}
