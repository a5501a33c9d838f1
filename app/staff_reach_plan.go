package app

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// targetsForm asks for what a programme's reach is set against, and for the words
// in which it is told.
func (s *Server) targetsForm(c *fiber.Ctx) (formView, surveys.Programme, error) {
	page, p, err := s.programmePage(c, "Targets and words")
	if err != nil {
		return formView{}, p, err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Reach", reachPath(p.ID), false})
	plan := surveys.ReachPlanOf(p)
	sets := []fieldset{{Legend: "The programme", Fields: []field{
		{Name: "targets.people", Label: "Target: people", Hint: "As many as the grant asked for; blank if it asked for no number", Kind: "number", Value: someNumber(plan.Targets.People)},
		{Name: "targets.institutions", Label: "Target: institutions", Kind: "number", Value: someNumber(plan.Targets.Institutions)},
	}}}
	for i, strand := range p.Strands {
		said := plan.Strands[strand.ID]
		name := func(control string) string { return strandControl(i, control) }
		sets = append(sets, fieldset{Legend: strand.Title, Fields: []field{
			{Name: name("target"), Label: "Target: people of this strand", Kind: "number", Value: someNumber(said.Target)},
			{Name: name("people"), Label: "What they are called", Hint: "In sentences, as in parents, pupils, members of staff", Kind: "text", Value: said.People},
			{Name: name("places"), Label: "What its institutions are called", Hint: "As in schools, nurseries", Kind: "text", Value: said.Places},
			{Name: name("groups"), Label: "What its cohorts are called", Hint: "As in series, classes, training groups", Kind: "text", Value: said.Groups},
		}})
	}
	view := formView{staffPage: page, Lead: "Reach is set against these targets and told in these words, on pages and in what is exported. How many are expected is said of each cohort."}
	view.Form = newForm(page, "targets", reachPath(p.ID)+"/targets", "Save", sets...)
	view.Form.Hidden = []button{{"revision", fmt.Sprint(p.Revision)}}
	return view, p, nil
}

// someNumber is a number to type over; "" for 0.
func someNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// targets asks for targets and words.
func (s *Server) targets(c *fiber.Ctx) error {
	view, _, err := s.targetsForm(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", view)
}

// setTargets keeps them, or shows the form with what is wrong.
func (s *Server) setTargets(c *fiber.Ctx) error {
	view, p, err := s.targetsForm(c)
	if err != nil {
		return err
	}
	plan := surveys.ReachPlan{Strands: map[surveys.StrandID]surveys.StrandReach{}}
	plan.Targets.People = wholeNumber(c, view.Form, "targets.people")
	plan.Targets.Institutions = wholeNumber(c, view.Form, "targets.institutions")
	for i, strand := range p.Strands {
		read := func(control string) string { return strings.TrimSpace(typed(c, strandControl(i, control))) }
		plan.Strands[strand.ID] = surveys.StrandReach{
			Target: wholeNumber(c, view.Form, strandControl(i, "target")), People: read("people"), Places: read("places"), Groups: read("groups"),
		}
	}
	if plan.Revision, err = strconv.ParseInt(typed(c, "revision"), 10, 64); err != nil {
		plan.Revision = 0 // of no programme: it has changed
	}
	view.Form.fill(c)
	err = nil
	if !view.Form.Fails() {
		if _, err = s.surveys.SetReachPlan(c.UserContext(), p.ID, plan); err == nil {
			return sees(c, reachPath(p.ID))
		}
	}
	return s.formAgain(c, view.Form, err, "staff/form", view)
}
