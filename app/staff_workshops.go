package app

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// workshopsView lists a programme's workshops and adds to them.
type workshopsView struct {
	staffPage
	Rows    []workshopRow
	Add     *form
	Upload  *form
	Wrong   []sheetErrorRow // of a sheet that was refused
	Counted []*form         // for each strand that rates: which question says how many were there
	Rates   bool            // some strand rates workshops
	Cohorts bool            // there is one to have a workshop
}

// workshopRow is one workshop: raters, and the people in it, counted apart.
type workshopRow struct {
	Title, Address, Place, Day, LedBy string
	Attended                          int
	Raters                            int
	Code                              string // of its link; "" if there is none
	Poster                            string // address of its poster
}

func workshopsPath(id surveys.ProgrammeID) string { return programmePath(id) + "/workshops" }

func (s *Server) workshopsView(c *fiber.Ctx) (workshopsView, surveys.Programme, error) {
	page, p, err := s.programmePage(c, "Workshops")
	if err != nil {
		return workshopsView{}, p, err
	}
	places, err := s.workshopPlaces(c, p.ID)
	if err != nil {
		return workshopsView{}, p, err
	}
	view := workshopsView{staffPage: page, Cohorts: len(places) > 0, Add: workshopForm(page, "workshop", workshopsPath(p.ID), "Add the workshop", places)}
	view.Upload = newForm(page, "sheet", workshopsPath(p.ID)+"/import", "Add them", fieldset{Fields: []field{
		{Name: "file", Label: "The spreadsheet", Hint: "An Excel workbook (.xlsx) or a CSV file. A row is one workshop: its title, its school, its class, day, who led it, how many people were in it.", Kind: "file", Required: true},
	}})
	if view.Rows, err = s.workshopRows(c, p.ID); err != nil {
		return view, p, err
	}
	for _, strand := range p.Strands {
		if strand.Design != surveys.DesignRating {
			continue
		}
		view.Rates = true
		if !page.Can.Manage {
			continue
		}
		counted, err := s.countedForm(c, page, p.ID, strand)
		if err != nil {
			return view, p, err
		}
		view.Counted = append(view.Counted, counted)
	}
	return view, p, nil
}

// workshopForm has all that is said of a workshop; without places its cohort
// stays.
func workshopForm(page staffPage, id, action, submit string, places []choiceOption) *form {
	fields := []field{{Name: "title", Label: "Title or theme", Kind: "text", Required: true}}
	if places != nil {
		fields = append(fields, field{Name: "cohort", Label: "Whose workshop it was", Kind: "select", Options: places, Required: true})
	}
	return newForm(page, id, action, submit, fieldset{Fields: append(fields,
		field{Name: "date", Label: "Day", Kind: "date"},
		field{Name: "led_by", Label: "Led by", Kind: "text"},
		field{Name: "attended", Label: "How many people were in it", Hint: "As who led it counted. Empty: what the raters say.", Kind: "number"},
	)})
}

// workshopPlaces are the cohorts by place and name.
func (s *Server) workshopPlaces(c *fiber.Ctx, id surveys.ProgrammeID) ([]choiceOption, error) {
	cohorts, names, err := s.cohortNames(c, id)
	options := make([]choiceOption, len(cohorts))
	for i, cohort := range cohorts {
		options[i] = choiceOption{string(cohort.ID), names[cohort.ID], ""}
	}
	return options, err
}

// cohortNames are the cohorts with their names, after those of their institutions.
func (s *Server) cohortNames(c *fiber.Ctx, id surveys.ProgrammeID) ([]surveys.Cohort, map[surveys.CohortID]string, error) {
	cohorts, err := s.surveys.Cohorts(c.UserContext(), id)
	if err != nil {
		return nil, nil, err
	}
	institutions, err := s.surveys.Institutions(c.UserContext(), id)
	if err != nil {
		return nil, nil, err
	}
	at := map[surveys.InstitutionID]string{}
	for _, i := range institutions {
		at[i.ID] = i.Name
	}
	names := make(map[surveys.CohortID]string, len(cohorts))
	for _, cohort := range cohorts {
		names[cohort.ID] = cohort.Name
		if place := at[cohort.Institution]; place != "" && place != cohort.Name {
			names[cohort.ID] = place + " · " + cohort.Name
		}
	}
	return cohorts, names, nil
}

func (s *Server) workshopRows(c *fiber.Ctx, id surveys.ProgrammeID) ([]workshopRow, error) {
	all, err := s.surveys.Workshops(c.UserContext(), id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	_, names, err := s.cohortNames(c, id)
	if err != nil {
		return nil, err
	}
	raters, err := s.surveys.Raters(c.UserContext(), id)
	if err != nil {
		return nil, err
	}
	links, err := s.surveys.Links(c.UserContext(), id)
	if err != nil {
		return nil, err
	}
	of := map[surveys.WorkshopID]surveys.Link{}
	for _, l := range links {
		if _, known := of[l.Workshop]; !known {
			of[l.Workshop] = l
		}
	}
	rows := make([]workshopRow, len(all))
	for i, w := range all {
		rows[i] = workshopRow{
			Title: w.Title, Address: workshopsPath(id) + "/" + string(w.ID), Place: names[w.Cohort], Day: w.Date, LedBy: w.LedBy,
			Attended: w.Attended, Raters: raters[w.ID],
		}
		if l, ok := of[w.ID]; ok {
			rows[i].Code, rows[i].Poster = halves(l.Token), programmePath(id)+"/links/"+string(l.ID)+"/poster"
		}
	}
	return rows, nil
}

// countedForm asks which question of a strand says how many people were there.
func (s *Server) countedForm(c *fiber.Ctx, page staffPage, id surveys.ProgrammeID, strand surveys.Strand) (*form, error) {
	numbers, err := s.surveys.PresentItems(c.UserContext(), id, strand.ID)
	if err != nil {
		return nil, err
	}
	options := []choiceOption{{"", "none", ""}}
	for _, v := range numbers {
		options = append(options, choiceOption{string(v.ID), wordsOfNumber(v), ""})
	}
	f := newForm(page, "counted-"+string(strand.ID), workshopsPath(id)+"/counted/"+string(strand.ID), "Save", fieldset{Fields: []field{{
		Name: "item", Label: strand.Title + ": the question that says how many were in the workshop", Kind: "select", Options: options, Value: string(strand.Present),
		Hint: "It counts where who led the workshop did not. Of several raters of one workshop the middle number counts, once.",
	}}})
	return f, nil
}

func wordsOfNumber(v *questionnaire.Variable) string {
	return cmp.Or(v.Label.In("en", "en"), string(v.ID))
}

// workshops lists them.
func (s *Server) workshops(c *fiber.Ctx) error {
	view, _, err := s.workshopsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/workshops", view)
}

// typedWorkshop reads what was typed; what is no number is put right beside its
// control.
func typedWorkshop(c *fiber.Ctx, f *form) surveys.Workshop {
	return surveys.Workshop{
		Programme: programmeID(c), Cohort: surveys.CohortID(typed(c, "cohort")), Title: strings.TrimSpace(typed(c, "title")),
		Date: strings.TrimSpace(typed(c, "date")), LedBy: strings.TrimSpace(typed(c, "led_by")), Attended: wholeNumber(c, f, "attended"),
	}
}

// createWorkshop adds one.
func (s *Server) createWorkshop(c *fiber.Ctx) error {
	view, _, err := s.workshopsView(c)
	if err != nil {
		return err
	}
	w := typedWorkshop(c, view.Add)
	view.Add.fill(c)
	if !view.Add.Fails() {
		if _, err = s.surveys.CreateWorkshop(c.UserContext(), w); err == nil {
			return sees(c, workshopsPath(w.Programme))
		}
	} else {
		err = surveys.CheckWorkshop(w)
	}
	return s.formAgain(c, view.Add, err, "staff/workshops", view)
}

// importWorkshops adds those of a spreadsheet, or says what is wrong with it.
func (s *Server) importWorkshops(c *fiber.Ctx) error {
	view, p, err := s.workshopsView(c)
	if err != nil {
		return err
	}
	lines, err := sentLines(c, "file", surveys.MaxPlaces+100)
	if err != nil {
		return s.formAgain(c, view.Upload, err, "staff/workshops", view)
	}
	_, wrong, err := s.surveys.ImportWorkshops(c.UserContext(), p.ID, lines)
	if err != nil {
		return err
	}
	if len(wrong) == 0 {
		return sees(c, workshopsPath(p.ID))
	}
	for _, e := range wrong {
		view.Wrong = append(view.Wrong, sheetErrorRow{e.Row, e.Column, s.sheetSentence(e)})
	}
	return s.render(c, fiber.StatusUnprocessableEntity, "staff/workshops", view)
}

// formAgain shows a page whose form was refused; err nil: the form says why itself.
func (s *Server) formAgain(c *fiber.Ctx, f *form, err error, name string, view any) error {
	status := fiber.StatusUnprocessableEntity
	if err != nil {
		var refusal error
		if status, refusal = s.refuse(f, err); refusal != nil {
			return refusal
		}
	}
	return s.render(c, status, name, view)
}

// workshopView changes one workshop.
type workshopView struct {
	staffPage
	Place  string
	Raters int
	Link   string // address of the page of its link; "" without one
	Change *form
}

func (s *Server) workshopView(c *fiber.Ctx) (workshopView, surveys.Workshop, error) {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return workshopView{}, surveys.Workshop{}, err
	}
	w, err := s.surveys.Workshop(c.UserContext(), p.ID, surveys.WorkshopID(c.Params("workshop")))
	if err != nil {
		return workshopView{}, w, err
	}
	page.Title = w.Title
	page.Crumbs = append(page.Crumbs, crumb{"Workshops", workshopsPath(p.ID), false})
	view := workshopView{staffPage: page, Change: workshopForm(page, "workshop", workshopsPath(p.ID)+"/"+string(w.ID), "Save", nil)}
	view.Change.Sets[0].Fields = append(view.Change.Sets[0].Fields, field{Form: "workshop", Name: "revision", Kind: "hidden", Value: fmt.Sprint(w.Revision)})
	_, names, err := s.cohortNames(c, p.ID)
	if err != nil {
		return view, w, err
	}
	view.Place = names[w.Cohort]
	raters, err := s.surveys.Raters(c.UserContext(), p.ID)
	if err != nil {
		return view, w, err
	}
	view.Raters = raters[w.ID]
	links, err := s.surveys.Links(c.UserContext(), p.ID)
	if i := slices.IndexFunc(links, func(l surveys.Link) bool { return l.Workshop == w.ID }); i >= 0 {
		view.Link = programmePath(p.ID) + "/links/" + string(links[i].ID)
	}
	return view, w, err
}

// workshop shows one to change.
func (s *Server) workshop(c *fiber.Ctx) error {
	view, w, err := s.workshopView(c)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"title": w.Title, "date": w.Date, "led_by": w.LedBy} {
		view.Change.put(name, value)
	}
	if w.Attended > 0 {
		view.Change.put("attended", strconv.Itoa(w.Attended))
	}
	return s.render(c, fiber.StatusOK, "staff/workshop", view)
}

// changeWorkshop keeps what was typed of one.
func (s *Server) changeWorkshop(c *fiber.Ctx) error {
	view, before, err := s.workshopView(c)
	if err != nil {
		return err
	}
	w := typedWorkshop(c, view.Change)
	w.ID, w.Cohort = before.ID, before.Cohort
	revision, err := strconv.ParseInt(typed(c, "revision"), 10, 64)
	if err != nil {
		revision = before.Revision
	}
	w.Revision = revision
	view.Change.fill(c)
	err = nil
	if !view.Change.Fails() {
		if _, err = s.surveys.ChangeWorkshop(c.UserContext(), w); err == nil {
			return sees(c, workshopsPath(w.Programme))
		}
	}
	return s.formAgain(c, view.Change, err, "staff/workshop", view)
}

// setCounted keeps which question counts the people in a workshop.
func (s *Server) setCounted(c *fiber.Ctx) error {
	err := s.surveys.SetPresentItem(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")), questionnaire.ItemID(typed(c, "item")))
	if err != nil {
		return err
	}
	return sees(c, workshopsPath(programmeID(c)))
}
