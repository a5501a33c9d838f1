package app

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// most strands of one plan, and variants of one strand; the domain's rules say the
// same.
const (
	mostStrands  = 20
	mostVariants = 10
)

// programmeFormView asks for a programme; None says that no questionnaire is
// published that a strand could use.
type programmeFormView struct {
	formView
	None bool
}

// programmeForm asks for a programme with as many strands, for each of which the
// questionnaires of as many phases are filled in.
func (s *Server) programmeForm(c *fiber.Ctx, variants ...int) (programmeFormView, error) {
	published, err := s.questionnaireOptions(c)
	if err != nil {
		return programmeFormView{}, err
	}
	page := s.staffPage(c, "New programme", crumb{"Programmes", "/programmes", false})
	sets := []fieldset{{Legend: "The programme", Fields: []field{
		{Name: "name", Label: "Name", Kind: "text", Required: true},
		{Name: "purpose", Label: "Purpose", Hint: "What should change, and for whom?", Kind: "textarea"},
		{Name: "funder", Label: "Funder", Kind: "text"},
		{Name: "from", Label: "First day of the funded period", Kind: "date"},
		{Name: "to", Label: "Last day of the funded period", Kind: "date"},
		{Name: "targets.people", Label: "Target: people", Kind: "number"},
		{Name: "targets.institutions", Label: "Target: institutions", Kind: "number"},
		{Name: "zone", Label: "Time zone", Hint: "As in Europe/London. Times are shown in it.", Kind: "text", Value: "Europe/London", Required: true},
		{Name: "smallest_group", Label: "Smallest group shown", Hint: "Results of fewer people are hidden in summaries.", Kind: "number", Value: fmt.Sprint(defaultSmallest), Required: true},
	}}}
	for i, filled := range variants {
		sets = append(sets, strandFields(i, filled, published))
	}
	view := programmeFormView{formView{staffPage: page, Form: newForm(page, "programme", "/programmes", "Create the programme", sets...)}, len(published) == 1}
	if len(variants) < mostStrands {
		view.Form.More = []button{{"add", "Add another strand"}}
	}
	view.Lead = "A strand is one line of the plan: one audience that answers one questionnaire by one design."
	return view, nil
}

// strandFields are the controls of strand i, counted from 0, with room for one
// phase more than is filled in.
func strandFields(i, filled int, published []choiceOption) fieldset {
	name := func(control string) string { return strandControl(i, control) }
	set := fieldset{Legend: fmt.Sprintf("Strand %d", i+1), Fields: []field{
		{Name: name("title"), Label: "Title", Hint: "As in “Pupils, before and after”", Kind: "text"},
		{Name: name("audience"), Label: "Who answers", Kind: "select", Options: audienceOptions},
		{Name: name("design"), Label: "Design", Kind: "select", Options: designOptions},
		{Name: name("questionnaire"), Label: "Questionnaire", Kind: "select", Options: published},
		{Name: name("block"), Label: "Pairs are looked for within", Hint: "Only for answers before and after", Kind: "select", Options: blockOptions},
		{Name: name("children"), Label: "Whose consent a quote needs", Kind: "select", Options: []choiceOption{{"", "That of its writer", ""}, {"yes", "Also that of the school or the parents: children answer", ""}}},
		{Name: name("role"), Label: "Name under quotes", Hint: "Who is quoted, as in Parent, Class teacher, Pupil", Kind: "text"},
	}}
	for j := range min(mostVariants, max(leastVariants, filled+1)) {
		hint := "As in Early years. Leave it blank if cohorts of all phases answer the same"
		if j > 0 {
			hint = ""
		}
		set.Fields = append(set.Fields,
			field{Name: name(variantControl(j, "phase")), Label: fmt.Sprintf("Phase %d with a questionnaire of its own", j+1), Hint: hint, Kind: "text"},
			field{Name: name(variantControl(j, "questionnaire")), Label: fmt.Sprintf("Questionnaire of phase %d", j+1), Hint: "Items with the same id are counted together", Kind: "select", Options: published})
	}
	return set
}

// leastVariants is how many phases a strand has room for at first.
const leastVariants = 2

func variantControl(j int, control string) string { return fmt.Sprintf("variants[%d].%s", j, control) }

func strandControl(i int, control string) string { return fmt.Sprintf("strands[%d].%s", i, control) }

// newProgramme asks for a programme.
func (s *Server) newProgramme(c *fiber.Ctx) error {
	view, err := s.programmeForm(c, 0)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/programme_new", view)
}

// createProgramme sets a programme up, or shows the form with one strand more.
func (s *Server) createProgramme(c *fiber.Ctx) error {
	p := readProgramme(c)
	add := typed(c, "do") == "add"
	var variants []int
	for _, strand := range p.Strands {
		variants = append(variants, len(strand.Variants))
	}
	if len(variants) == 0 || add && len(variants) < mostStrands {
		variants = append(variants, 0)
	}
	view, err := s.programmeForm(c, variants...)
	if err != nil {
		return err
	}
	view.Form.fill(c)
	if add {
		return s.render(c, fiber.StatusOK, "staff/programme_new", view)
	}
	p.Targets.People = wholeNumber(c, view.Form, "targets.people")
	p.Targets.Institutions = wholeNumber(c, view.Form, "targets.institutions")
	p.SmallestGroup = wholeNumber(c, view.Form, "smallest_group")
	if len(p.Strands) == 0 {
		view.Form.blame(strandControl(0, "title"), "Add at least one strand: give it a title")
	}
	blameUnpublished(view.Form, p.Strands)
	status := fiber.StatusUnprocessableEntity
	if err := surveys.CheckProgramme(p); err != nil { // all at once, beside what is no number
		if status, err = s.refuse(view.Form, err); err != nil {
			return err
		}
	}
	if !view.Form.Fails() {
		made, err := s.surveys.CreateProgramme(c.UserContext(), p)
		if err == nil {
			return sees(c, programmePath(made.ID))
		}
		if status, err = s.refuse(view.Form, err); err != nil {
			return err
		}
	}
	return s.render(c, status, "staff/programme_new", view)
}

// blameUnpublished refuses strands whose questionnaire is not in the list. The
// API takes them: a program may publish after it has set up the programme.
func blameUnpublished(f *form, strands []surveys.Strand) {
	for i, strand := range strands {
		control := strandControl(i, "questionnaire")
		if strand.Questionnaire == "" || !f.offers(control, string(strand.Questionnaire)) {
			f.blame(control, "Choose the questionnaire from the list")
		}
		for j, variant := range strand.Variants {
			control := strandControl(i, variantControl(j, "questionnaire"))
			if variant.Questionnaire == "" || !f.offers(control, string(variant.Questionnaire)) {
				f.blame(control, "Choose the questionnaire from the list, or clear the phase")
			}
		}
	}
}

// readProgramme reads what was typed; the strands left blank at the end are none.
func readProgramme(c *fiber.Ctx) surveys.Programme {
	p := surveys.Programme{
		Name: strings.TrimSpace(typed(c, "name")), Purpose: strings.TrimSpace(typed(c, "purpose")),
		Funder: strings.TrimSpace(typed(c, "funder")), From: typed(c, "from"), To: typed(c, "to"), Zone: strings.TrimSpace(typed(c, "zone")),
	}
	last := -1
	for i := range mostStrands {
		strand := readStrand(c, i)
		if strand.Title != "" || strand.Questionnaire != "" || strand.Role != "" || len(strand.Variants) > 0 {
			last = i
		}
		p.Strands = append(p.Strands, strand)
	}
	p.Strands = p.Strands[:last+1]
	nameStrands(p.Strands)
	return p
}

func readStrand(c *fiber.Ctx, i int) surveys.Strand {
	read := func(control string) string { return strings.TrimSpace(typed(c, strandControl(i, control))) }
	strand := surveys.Strand{
		Title: read("title"), Audience: surveys.Audience(read("audience")), Design: surveys.Design(read("design")),
		Questionnaire: questionnaire.ID(read("questionnaire")), Role: read("role"), Children: read("children") == "yes",
	}
	if strand.Paired() {
		strand.Block = surveys.Block(read("block"))
	}
	last := -1
	for j := range mostVariants {
		variant := surveys.StrandVariant{
			Phase: read(variantControl(j, "phase")), Questionnaire: questionnaire.ID(read(variantControl(j, "questionnaire"))),
		}
		if variant.Phase != "" || variant.Questionnaire != "" {
			last = j
		}
		strand.Variants = append(strand.Variants, variant)
	}
	strand.Variants = strand.Variants[:last+1] // those left blank at the end are none
	return strand
}

// nameStrands gives each strand an id made of its title: it is part of
// addresses and sheet names.
func nameStrands(strands []surveys.Strand) {
	taken := map[string]bool{}
	for i := range strands {
		base := idOf(strands[i].Title)
		id := base
		for n := 2; taken[id]; n++ {
			id = fmt.Sprintf("%s_%d", base, n)
		}
		taken[id] = true
		strands[i].ID = surveys.StrandID(id)
	}
}

// idOf makes an id that a strand may have out of words: "Pupils, Year 5" to
// "pupils_year_5". Words without a Latin letter give "strand".
func idOf(words string) string {
	const longest = 28 // leaves room for a number behind
	id := strings.TrimLeft(strings.Join(latinWords(words), "_"), "_0123456789")
	if len(id) > longest {
		id = strings.TrimRight(id[:longest], "_")
	}
	if id == "" {
		return "strand"
	}
	return id
}

// latinWords are the words of a text as far as they are of Latin letters without
// accents and digits, in lower case.
func latinWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}
