package app

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// safeguardingView is who looks after concerns in a programme.
type safeguardingView struct {
	staffPage
	Lead, Deputy string // names; "": nobody
	Lost         bool   // somebody is appointed whose account is gone
	Mail         bool   // letters can be sent
	Form         *form
	Words        string // address of word lists and rules
	Zone         string
}

// weekdays are the days of a week as a form offers them, in order.
var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

func (s *Server) safeguardingView(c *fiber.Ctx) (*safeguardingView, error) {
	page, p, err := s.programmePage(c, "Safeguarding")
	if err != nil {
		return nil, err
	}
	set, err := s.surveys.SafeguardingSettings(c.UserContext(), p.ID)
	if err != nil {
		return nil, err
	}
	view := &safeguardingView{
		staffPage: page, Lead: set.LeadAccount.Name, Deputy: set.DeputyAccount.Name, Mail: s.surveys.SendsAlerts(), Words: programmePath(p.ID) + "/lookout", Zone: p.Zone,
		Lost: set.Lead != "" && set.LeadAccount.ID == "" || set.Deputy != "" && set.DeputyAccount.ID == "",
	}
	var days []choiceOption
	var works []string
	for _, day := range weekdays {
		name := strconv.Itoa(int(day))
		days = append(days, choiceOption{name, day.String(), ""})
		if set.WorksOn(day) {
			works = append(works, name)
		}
	}
	letters := []string{"yes"}
	if set.NoLetters {
		letters = nil
	}
	view.Form = newForm(page, "care", programmePath(p.ID)+"/safeguarding", "Keep",
		fieldset{Legend: "Who decides about concerns", Fields: []field{
			{Name: "lead", Label: "Safeguarding lead", Hint: "The e-mail address of an account. It gets the role “Safeguarding lead” here; who is replaced loses it. Blank for nobody.", Kind: "email", Value: set.LeadAccount.Email},
			{Name: "deputy", Label: "Deputy", Hint: "Looks when the lead cannot: somebody else, with an account of their own", Kind: "email", Value: set.DeputyAccount.Email},
		}},
		fieldset{Legend: "Letters to them", Fields: []field{
			{Name: "letters", Label: "By e-mail", Kind: "checkboxes", Values: letters, Options: []choiceOption{{"yes", "Write to both when something waits, at most once an hour, and never what it is", ""}}},
			{Name: "days", Label: "Working days", Hint: "What nobody has read after a working day is written about again; after another the deputy and the administrators are told too.", Kind: "checkboxes", Values: works, Options: days},
			{Name: "holidays", Label: "Days off", Hint: "One a line, as 2026-12-25: public holidays, school holidays", Kind: "textarea", Rows: 5, Value: strings.Join(set.Holidays, "\n")},
		}})
	return view, nil
}

// safeguarding shows who looks after concerns.
func (s *Server) safeguarding(c *fiber.Ctx) error {
	view, err := s.safeguardingView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/safeguarding", view)
}

// setSafeguarding appoints a lead and a deputy.
func (s *Server) setSafeguarding(c *fiber.Ctx) error {
	id := programmeID(c)
	plan := surveys.SafeguardingPlan{Lead: typed(c, "lead"), Deputy: typed(c, "deputy"), Letters: typed(c, "letters") == "yes", Holidays: strings.Split(typed(c, "holidays"), "\n")}
	for _, day := range weekdays {
		for _, chosen := range typedAll(c, "days") {
			if chosen == strconv.Itoa(int(day)) {
				plan.WorkDays = append(plan.WorkDays, day)
			}
		}
	}
	refusal := s.surveys.SetSafeguarding(c.UserContext(), id, plan)
	if refusal == nil {
		return sees(c, programmePath(id)+"/safeguarding")
	}
	view, err := s.safeguardingView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.Form.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/safeguarding", view)
}
