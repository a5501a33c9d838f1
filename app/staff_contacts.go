package app

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// contactsView lists whom a programme may write to, and takes in more.
type contactsView struct {
	staffPage
	Missing string
	Rows    []contactRow
	Add     *form
	Preview []contactOutcome
	Counts  map[string]int // of the preview, by state
	Keep    *keptList      // sends the list once more, to be taken in
	Did     string
	Path    string
}

// keptList carries a list from the preview to being taken in.
type keptList struct{ Strand, Cohort, Language, List, Button string }

// contactRow is one contact.
type contactRow struct {
	ID                               surveys.ContactID
	Masked, Strand, Cohort, Language string
	State                            string
	Answered                         string
	Agreed                           string
}

// contactOutcome is one row of a list and what becomes of it.
type contactOutcome struct {
	Number                          int
	Masked, Cohort, Language, State string
	Wrong                           bool
}

func (s *Server) contactsView(c *fiber.Ctx) (contactsView, surveys.Programme, error) {
	page, p, err := s.programmePage(c, "Addresses")
	if err != nil {
		return contactsView{}, p, err
	}
	page.Crumbs = append(page.Crumbs, crumb{"E-mail", mailingsPath(p.ID), false})
	view := contactsView{staffPage: page, Path: mailingsPath(p.ID) + "/contacts"}
	cohorts, names, err := s.cohortNames(c, p.ID)
	if err != nil {
		return view, p, err
	}
	contacts, err := s.surveys.Contacts(c.UserContext(), p.ID)
	if err != nil {
		return view, p, err
	}
	for _, one := range contacts {
		view.Rows = append(view.Rows, contactRowOf(p, one, names))
	}
	view.Add, err = s.contactsForm(c, page, p, cohorts, names)
	return view, p, err
}

func contactRowOf(p surveys.Programme, c surveys.ContactLine, names map[surveys.CohortID]string) contactRow {
	strand, _ := p.Strand(c.Strand)
	row := contactRow{ID: c.ID, Masked: cmp.Or(c.Masked, "kept under another key"), Strand: strand.Title, Cohort: names[c.Cohort], State: "may be written to", Agreed: c.Agreed}
	if c.Language != "" {
		row.Language = languageName(c.Language)
	}
	switch {
	case c.Stopped:
		row.State = "wants no letters"
	case c.Bounced != "":
		row.State = "not reached (" + c.Bounced + ")"
	}
	var waves []string
	for _, wave := range strand.Design.Waves() {
		if c.Answered(wave) {
			waves = append(waves, strings.ToLower(waveWord(strand.Design, wave)))
		}
	}
	row.Answered = strings.Join(waves, ", ")
	return row
}

// agreedYes is the value of the box that says that people agreed.
const agreedYes = "yes"

func (s *Server) contactsForm(c *fiber.Ctx, page staffPage, p surveys.Programme, all []surveys.Cohort, names map[surveys.CohortID]string) (*form, error) {
	strands := make([]choiceOption, len(p.Strands))
	for i, strand := range p.Strands {
		strands[i] = choiceOption{string(strand.ID), strand.Title, ""}
	}
	cohorts := []choiceOption{{"", "each row names it", ""}}
	for _, cohort := range all {
		cohorts = append(cohorts, choiceOption{string(cohort.ID), names[cohort.ID], ""})
	}
	languages := []choiceOption{{"", "that of the questionnaire", ""}}
	known, err := s.programmeLanguages(c, p)
	if err != nil {
		return nil, err
	}
	for _, lang := range known {
		languages = append(languages, choiceOption{lang, languageName(lang), ""})
	}
	return newForm(page, "contacts", mailingsPath(p.ID)+"/contacts", "Show what this would do", fieldset{Fields: []field{
		{Name: "strand", Label: "Who they are", Kind: "select", Options: strands},
		{Name: "cohort", Label: "Cohort of rows that name none", Kind: "select", Options: cohorts},
		{Name: "language", Label: "Language of rows that name none", Kind: "select", Options: languages},
		{Name: "list", Label: "The addresses", Hint: "One person a line: address, then cohort or institution, then language, with commas, semicolons or tabs between; or pasted from a mail program. A first line with headings (address, name, school, language) may have them in any order.", Kind: "textarea", Rows: 8},
		{Name: "file", Label: "Or a spreadsheet with such columns", Hint: "An Excel workbook (.xlsx) or a CSV file.", Kind: "file"},
		{Name: "agreed", Label: "Agreement", Kind: "checkboxes", Options: []choiceOption{{agreedYes, "These people agreed that we may write to them about this programme", ""}}},
	}}), nil
}

// programmeLanguages are the languages of all strands that can be answered.
func (s *Server) programmeLanguages(c *fiber.Ctx, p surveys.Programme) ([]string, error) {
	var all []string
	for _, strand := range p.Strands {
		languages, err := s.surveys.StrandLanguages(c.UserContext(), p.ID, strand.ID)
		if err != nil && !notPublished(err) {
			return nil, err
		}
		for _, lang := range languages {
			if !slices.Contains(all, lang) {
				all = append(all, lang)
			}
		}
	}
	return all, nil
}

// contacts lists them.
func (s *Server) contacts(c *fiber.Ctx) error {
	view, _, err := s.contactsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/contacts", view)
}

// addContacts shows what a list would do, or takes it in. Between the two the list
// stays in the page: addresses are kept nowhere but sealed.
func (s *Server) addContacts(c *fiber.Ctx) error {
	view, p, err := s.contactsView(c)
	if err != nil {
		return err
	}
	view.Add.fill(c)
	in := surveys.ContactsImport{
		Programme: p.ID, Strand: surveys.StrandID(typed(c, "strand")), Cohort: surveys.CohortID(typed(c, "cohort")),
		Language: typed(c, "language"), Agreed: slices.Contains(typedAll(c, "agreed"), agreedYes),
	}
	list, refusal := contactList(c)
	var outcomes []surveys.ContactOutcome
	if refusal == nil {
		in.Rows = surveys.ReadContactList(list)
		view.Add.put("list", list)
		if typed(c, "do") == "keep" {
			outcomes, refusal = s.surveys.AddContacts(c.UserContext(), in)
		} else {
			outcomes, refusal = s.surveys.PreviewContacts(c.UserContext(), in)
		}
	}
	if refusal == nil && !in.Agreed {
		refusal = &surveys.Error{Kind: surveys.KindInvalid, Key: "contact.agreed", Field: "agreed"}
	}
	if refusal != nil {
		status, err := s.refuse(view.Add, refusal)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/contacts", view)
	}
	return s.showContacts(c, view, in, list, outcomes)
}

// showContacts shows what became, or would become, of each row.
func (s *Server) showContacts(c *fiber.Ctx, view contactsView, in surveys.ContactsImport, list string, outcomes []surveys.ContactOutcome) error {
	kept := typed(c, "do") == "keep"
	if kept {
		fresh, _, err := s.contactsView(c)
		if err != nil {
			return err
		}
		view = fresh
	}
	view.Counts = map[string]int{}
	for _, o := range outcomes {
		view.Counts[o.State]++
		view.Preview = append(view.Preview, s.contactOutcome(o, kept))
	}
	if !kept && view.Counts[surveys.ContactNew] > 0 {
		view.Keep = &keptList{string(in.Strand), string(in.Cohort), in.Language, list, "Take in " + manyOf(view.Counts[surveys.ContactNew], "address", "addresses")}
	}
	if kept {
		view.Did = manyOf(view.Counts[surveys.ContactNew], "address", "addresses") + " taken in"
	}
	return s.render(c, fiber.StatusOK, "staff/contacts", view)
}

// contactWords say what becomes of a row, before and after.
var contactWords = map[string][2]string{
	surveys.ContactNew: {"is taken in", "taken in"}, surveys.ContactKnown: {"is here already", "was here already"},
	surveys.ContactTwice: {"stands in the list twice", "stands in the list twice"}, surveys.ContactStopped: {"wants no letters: left out", "wants no letters: left out"},
}

func (s *Server) contactOutcome(o surveys.ContactOutcome, kept bool) contactOutcome {
	row := contactOutcome{Number: o.Number, Masked: o.Masked, Cohort: o.Cohort, Wrong: o.State == surveys.ContactWrong}
	if o.Language != "" {
		row.Language = languageName(o.Language)
	}
	words := contactWords[o.State]
	row.State = words[0]
	if kept {
		row.State = words[1]
	}
	if o.Problem != nil {
		row.State = s.staffSentence(o.Problem.Key, o.Problem.Args...)
	}
	return row
}

// contactList is the list that was pasted, or the spreadsheet as one.
func contactList(c *fiber.Ctx) (string, error) {
	data, err := sentFile(c, "file")
	if err != nil || len(data) == 0 {
		return typed(c, "list"), err
	}
	lines, err := sentLines(c, "file", 2*surveys.MaxContacts)
	if err != nil {
		return "", err
	}
	var list strings.Builder
	written := 0
	for _, line := range lines {
		for ; written < min(line.Number-1, 2*surveys.MaxContacts); written++ { // a line of the list has the number of its row
			list.WriteString("\n")
		}
		written++
		cells := make([]string, len(line.Cells))
		for i, cell := range line.Cells {
			cells[i] = strings.Join(strings.Fields(cell), " ")
		}
		list.WriteString(strings.Join(cells, "\t") + "\n")
	}
	return list.String(), nil
}

// deleteContact destroys one address.
func (s *Server) deleteContact(c *fiber.Ctx) error {
	if err := s.surveys.DeleteContact(c.UserContext(), programmeID(c), surveys.ContactID(c.Params("contact"))); err != nil {
		return err
	}
	return sees(c, mailingsPath(programmeID(c))+"/contacts")
}

// destroyContacts destroys all addresses of a programme, if the one who asks means it.
func (s *Server) destroyContacts(c *fiber.Ctx) error {
	if typed(c, "sure") != agreedYes {
		view, _, err := s.contactsView(c)
		if err != nil {
			return err
		}
		view.Did = "Tick the box to delete all addresses"
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/contacts", view)
	}
	if _, err := s.surveys.DestroyContacts(c.UserContext(), programmeID(c)); err != nil {
		return err
	}
	return sees(c, mailingsPath(programmeID(c))+"/contacts")
}
