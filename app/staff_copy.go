package app

import (
	"crypto/rand"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// copyForm asks for what a copy of a programme is to be like.
func (s *Server) copyForm(c *fiber.Ctx) (formView, error) {
	page, p, err := s.programmePage(c, "Copy for next year")
	if err != nil {
		return formView{}, err
	}
	key, err := surveys.NewID(rand.Reader)
	if err != nil {
		return formView{}, err
	}
	view := formView{staffPage: page, Lead: "Makes a programme with the same plan, questionnaires, institutions and people who work in it. No answer comes along, and nobody can be followed from one year to the next."}
	view.Form = newForm(page, "copy", programmePath(p.ID)+"/copy", "Copy the programme",
		fieldset{Fields: []field{
			{Name: "name", Label: "Name", Kind: "text", Value: p.Name, Required: true},
			{Name: "from", Label: "First day of the funded period", Kind: "date", Value: yearLater(p.From)},
			{Name: "to", Label: "Last day of the funded period", Kind: "date", Value: yearLater(p.To)},
			{Name: "with", Label: "With it", Kind: "checkboxes", Values: []string{"cohorts", "links"}, Options: []choiceOption{
				{"cohorts", "Cohorts, with their expected numbers", "Their dates move as the first day does"},
				{"links", "Links", "A new address for each; needs the cohorts"},
			}},
		}})
	view.Form.Hidden = []button{{"key", key}}
	return view, nil
}

// yearLater is the same day of the next year; "" for no day.
func yearLater(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(1, 0, 0).Format(time.DateOnly)
}

// copyPage asks.
func (s *Server) copyPage(c *fiber.Ctx) error {
	view, err := s.copyForm(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", view)
}

// copyProgramme makes the copy, or shows the form with what is wrong.
func (s *Server) copyProgramme(c *fiber.Ctx) error {
	plan := surveys.ProgrammeCopy{Key: typed(c, "key"), Name: typed(c, "name"), From: typed(c, "from"), To: typed(c, "to")}
	for _, with := range typedAll(c, "with") {
		plan.Cohorts = plan.Cohorts || with == "cohorts"
		plan.Links = plan.Links || with == "links"
	}
	made, err := s.surveys.CopyProgramme(c.UserContext(), programmeID(c), plan)
	if err == nil {
		return sees(c, programmePath(made.ID))
	}
	view, formErr := s.copyForm(c)
	if formErr != nil {
		return formErr
	}
	view.Form.Hidden = []button{{"key", plan.Key}}
	status, err := s.refuse(view.Form.fill(c), err)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/form", view)
}
