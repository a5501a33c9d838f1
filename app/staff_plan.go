package app

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// planView lists a programme's institutions and has the forms that add to them
// and to its cohorts.
type planView struct {
	staffPage
	Institutions []surveys.Institution
	Institution  *form
	Cohort       *form
	Strands      []childrenView
}

// childrenView says whether children answer a strand, and where that is changed.
type childrenView struct {
	Title, Address string
	Children       bool
}

func (s *Server) planView(c *fiber.Ctx) (planView, surveys.Programme, error) {
	page, p, err := s.programmePage(c, "Cohorts and institutions")
	if err != nil {
		return planView{}, p, err
	}
	institutions, err := s.surveys.Institutions(c.UserContext(), p.ID)
	if err != nil {
		return planView{}, p, err
	}
	view := planView{page, institutions, s.institutionForm(page, p), cohortForm(page, p, institutions), nil}
	for _, strand := range p.Strands {
		view.Strands = append(view.Strands, childrenView{strand.Title, strandPath(p.ID, strand.ID) + "/children", strand.Children})
	}
	return view, p, nil
}

func (s *Server) institutionForm(page staffPage, p surveys.Programme) *form {
	return newForm(page, "institution", programmePath(p.ID)+"/institutions", "Add the institution", fieldset{Fields: []field{
		{Name: "name", Label: "Name", Kind: "text", Required: true},
		{Name: "kind", Label: "Kind", Hint: "School, nursery, college, department …", Kind: "text"},
		{Name: "phase", Label: "Phase", Hint: "Early years, Primary, Secondary …", Kind: "text"},
		{Name: "area", Label: "Area", Kind: "text"},
		{Name: "language", Label: "Language of its posters", Kind: "select", Options: s.posterLanguages()},
	}})
}

// posterLanguages are the languages that posters have words in.
func (s *Server) posterLanguages() []choiceOption {
	options := []choiceOption{{"", "that of the questionnaire", ""}}
	for _, tag := range s.locales.languages() {
		options = append(options, choiceOption{tag, languageName(tag), ""})
	}
	return options
}

func cohortForm(page staffPage, p surveys.Programme, institutions []surveys.Institution) *form {
	places := []choiceOption{{"", "none", ""}}
	for _, i := range institutions {
		places = append(places, choiceOption{string(i.ID), i.Name, ""})
	}
	expected := fieldset{Legend: "How many people are expected"}
	for _, strand := range p.Strands {
		expected.Fields = append(expected.Fields, field{Name: expectedControl(strand.ID), Label: strand.Title, Kind: "number"})
	}
	return newForm(page, "cohort", programmePath(p.ID)+"/cohorts", "Add the cohort", fieldset{Fields: []field{
		{Name: "name", Label: "Name", Hint: "As in “Year 5, spring”", Kind: "text", Required: true},
		{Name: "institution", Label: "Institution", Kind: "select", Options: places},
		{Name: "starts", Label: "First day", Kind: "date"},
		{Name: "ends", Label: "Last day", Kind: "date"},
	}}, expected)
}

func expectedControl(strand surveys.StrandID) string { return "expected[" + string(strand) + "]" }

// plan shows the institutions and the forms.
func (s *Server) plan(c *fiber.Ctx) error {
	view, _, err := s.planView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/plan", view)
}

// createInstitution adds one.
func (s *Server) createInstitution(c *fiber.Ctx) error {
	_, err := s.surveys.CreateInstitution(c.UserContext(), surveys.Institution{
		Programme: programmeID(c), Name: strings.TrimSpace(typed(c, "name")),
		Kind: strings.TrimSpace(typed(c, "kind")), Phase: strings.TrimSpace(typed(c, "phase")), Area: strings.TrimSpace(typed(c, "area")), Language: typed(c, "language"),
	})
	if err == nil {
		return sees(c, programmePath(programmeID(c))+"/cohorts")
	}
	return s.planAgain(c, err, func(v planView) *form { return v.Institution })
}

// createCohort adds one with what is expected of each strand.
func (s *Server) createCohort(c *fiber.Ctx) error {
	view, p, err := s.planView(c)
	if err != nil {
		return err
	}
	cohort := surveys.Cohort{
		Programme: p.ID, Institution: surveys.InstitutionID(typed(c, "institution")), Name: strings.TrimSpace(typed(c, "name")),
		Starts: typed(c, "starts"), Ends: typed(c, "ends"), Expected: map[surveys.StrandID]int{},
	}
	view.Cohort.fill(c)
	for _, strand := range p.Strands {
		if n := wholeNumber(c, view.Cohort, expectedControl(strand.ID)); n > 0 {
			cohort.Expected[strand.ID] = n
		}
	}
	if err := surveys.CheckCohort(cohort); err != nil { // all at once, beside what is no number
		if _, err := s.refuse(view.Cohort, err); err != nil {
			return err
		}
	}
	if view.Cohort.Fails() {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/plan", view)
	}
	made, err := s.surveys.CreateCohort(c.UserContext(), cohort)
	if err == nil {
		return sees(c, cohortPath(p.ID, made.ID))
	}
	return s.planAgain(c, err, func(v planView) *form { return v.Cohort })
}

// planAgain shows the page with what was typed and what is wrong with it.
func (s *Server) planAgain(c *fiber.Ctx, refusal error, which func(planView) *form) error {
	view, _, err := s.planView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(which(view).fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/plan", view)
}
