package app

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// agreementForm records who agreed that the children of a cohort may be quoted. It is
// nil where no children answer or the account may not set the programme up.
func agreementForm(page staffPage, p surveys.Programme, cohort surveys.Cohort) *form {
	children := slices.ContainsFunc(p.Strands, func(s surveys.Strand) bool { return s.Children })
	if !children || !page.Can.Manage {
		return nil
	}
	return newForm(page, "agreement", cohortPath(p.ID, cohort.ID)+"/agreement", "Keep", fieldset{Fields: []field{
		{Name: "agreed_by", Label: "Who agreed", Hint: "The school or the parents, and how: as in “Head teacher, by letter to all parents”. Blank both lines to take it back", Kind: "text", Value: cohort.AgreedBy},
		{Name: "agreed_on", Label: "On which day", Kind: "date", Value: cohort.AgreedOn},
	}})
}

// setAgreement keeps it.
func (s *Server) setAgreement(c *fiber.Ctx) error {
	id, cohort := programmeID(c), surveys.CohortID(c.Params("cohort"))
	_, refusal := s.surveys.SetAgreement(c.UserContext(), id, cohort, typed(c, "agreed_by"), typed(c, "agreed_on"))
	if refusal == nil {
		return sees(c, cohortPath(id, cohort))
	}
	view, err := s.cohortView(c)
	if err != nil {
		return err
	}
	if view.Agreement == nil {
		return refusal
	}
	status, err := s.refuse(view.Agreement.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/cohort", view)
}
