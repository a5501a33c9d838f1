package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// paperView lists the batches of a programme and makes new ones.
type paperView struct {
	staffPage
	Batches []batchRow
	New     *form
}

// batchRow is one batch in the list.
type batchRow struct {
	Number, Address, Cohort, Asked, Language, Made string
	Figures                                        surveys.BatchFigures
	Declared                                       int
	ToVerify                                       int // forms that wait for a second pass
}

// paper lists the batches.
func (s *Server) paper(c *fiber.Ctx) error {
	view, err := s.paperView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/paper", view)
}

func (s *Server) paperView(c *fiber.Ctx) (paperView, error) {
	page, p, err := s.programmePage(c, "Paper")
	if err != nil {
		return paperView{}, err
	}
	view := paperView{staffPage: page}
	cohorts, places, err := s.cohortOptions(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	if view.New, err = s.batchForm(c, page, p, cohorts); err != nil {
		return view, err
	}
	batches, err := s.surveys.Batches(c.UserContext(), p.ID)
	if err != nil {
		return view, err
	}
	for _, b := range batches {
		row, err := s.batchRow(c.UserContext(), p, b)
		if err != nil {
			return view, err
		}
		row.Cohort = places[b.Cohort]
		view.Batches = append(view.Batches, row)
	}
	return view, nil
}

// cohortOptions are the cohorts of a programme with their institutions, as the
// lines of a list and by id.
func (s *Server) cohortOptions(ctx context.Context, id surveys.ProgrammeID) ([]choiceOption, map[surveys.CohortID]string, error) {
	cohorts, err := s.surveys.Cohorts(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	institutions, err := s.surveys.Institutions(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	names := map[surveys.InstitutionID]string{}
	for _, i := range institutions {
		names[i.ID] = i.Name
	}
	options, places := []choiceOption{{"", "Choose a cohort …", ""}}, map[surveys.CohortID]string{}
	for _, cohort := range cohorts {
		place := cohort.Name
		if at := names[cohort.Institution]; at != "" && at != cohort.Name {
			place += ", " + at
		}
		places[cohort.ID] = place
		options = append(options, choiceOption{string(cohort.ID), place, ""})
	}
	return options, places, nil
}

// batchForm makes a batch. Strand and wave are one choice, "parents/pre".
func (s *Server) batchForm(c *fiber.Ctx, page staffPage, p surveys.Programme, cohorts []choiceOption) (*form, error) {
	languages, err := s.surveys.PaperLanguages(c.UserContext(), p.ID)
	if err != nil {
		return nil, err
	}
	asked := []choiceOption{{"", "Choose a form …", ""}}
	for _, strand := range p.Strands {
		for _, wave := range strand.Design.Waves() {
			asked = append(asked, choiceOption{string(strand.ID) + "/" + string(wave), askedWords(strand, wave), ""})
		}
	}
	var spoken []choiceOption
	for _, tag := range languages {
		spoken = append(spoken, choiceOption{tag, languageName(tag), ""})
	}
	return newForm(page, "batch", paperPath(p.ID), "Make the batch", fieldset{Fields: []field{
		{Name: "cohort", Label: "Cohort", Kind: "select", Options: cohorts, Required: true},
		{Name: "asked", Label: "Form", Kind: "select", Options: asked, Required: true},
		{Name: "language", Label: "Language", Kind: "select", Options: spoken},
		{Name: "declared", Label: "How many forms", Hint: "On the pile, or to be printed; blank if you do not know yet.", Kind: "number"},
		{Name: "twice", Label: "Second pass", Kind: "checkboxes", Options: []choiceOption{{"yes", "Every form is to be keyed twice", ""}}},
		{Name: "version", Label: "Version", Hint: "Blank: the newest. A printed form says its version at the top of each page.", Kind: "number"},
		{Name: "number", Label: "Batch number", Hint: "Blank: the next one, such as P-0012.", Kind: "text"},
	}}), nil
}

// askedWords is a strand at a wave: "Parents: before".
func askedWords(strand surveys.Strand, wave questionnaire.Wave) string {
	return strand.Title + ": " + strings.ToLower(waveWord(strand.Design, wave))
}

func (s *Server) batchRow(ctx context.Context, p surveys.Programme, b surveys.Batch) (batchRow, error) {
	forms, err := s.surveys.PaperForms(ctx, b)
	if err != nil {
		return batchRow{}, err
	}
	in, err := s.surveys.Instrument(ctx, b.Questionnaire, b.Version)
	if err != nil {
		return batchRow{}, err
	}
	strand, _ := p.Strand(b.Strand)
	row := batchRow{
		Number: b.Number, Address: batchPath(b), Asked: askedWords(strand, b.Wave), Language: languageName(b.Language),
		Made: b.Created.In(p.Location()).Format(time.DateOnly) + " by " + b.By, Declared: b.Declared, Figures: surveys.FiguresOf(b, in, forms),
	}
	if b.Twice {
		row.ToVerify = row.Figures.Keyed - row.Figures.Verified - row.Figures.Waiting
	}
	return row, nil
}

// createBatch makes a batch and shows it.
func (s *Server) createBatch(c *fiber.Ctx) error {
	view, err := s.paperView(c)
	if err != nil {
		return err
	}
	f := view.New.fill(c)
	strand, wave, _ := strings.Cut(typed(c, "asked"), "/")
	b := surveys.Batch{
		Programme: programmeID(c), Number: typed(c, "number"), Cohort: surveys.CohortID(typed(c, "cohort")), Strand: surveys.StrandID(strand),
		Wave: questionnaire.Wave(wave), Language: typed(c, "language"), Version: wholeNumber(c, f, "version"), Declared: wholeNumber(c, f, "declared"), Twice: typed(c, "twice") != "",
	}
	if f.Fails() {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/paper", view)
	}
	made, refusal := s.surveys.CreateBatch(c.UserContext(), b)
	if refusal == nil {
		return sees(c, batchPath(made))
	}
	status, err := s.refuse(f, onAsked(refusal))
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/paper", view)
}

// onAsked puts what is wrong with strand or wave beside the one control for both.
func onAsked(err error) error {
	var e *surveys.Error
	if !errors.As(err, &e) {
		return err
	}
	placed := *e
	rename := func(name string) string {
		if name == "strand" || name == "wave" {
			return "asked"
		}
		return name
	}
	placed.Field, placed.Fields = rename(e.Field), nil
	for _, one := range e.Fields {
		one.Control = rename(one.Control)
		placed.Fields = append(placed.Fields, one)
	}
	return &placed
}

// batchView is one batch.
type batchView struct {
	staffPage
	Batch                  surveys.Batch
	Address, Cohort, Asked string
	Asks                   string // questionnaire and version
	Language               string
	Figures                surveys.BatchFigures
	Rate                   string
	Items                  []itemRate
	Forms                  []formRow
	Unkeyed                string // numbers that are missing, "3, 7–9"
	Next                   int    // the first number after those there
	ToVerify               int    // forms not keyed twice
	Change                 *form
	Print                  *form
}

// itemRate is how often two passes differed in one item.
type itemRate struct{ Item, Label, Rate string }

// formRow is one form.
type formRow struct {
	Number                 int
	First, Second, Settled string
	State, Words           string
	Address                string // of its differences; "" if there are none
	Receipt                string
}

// batch shows a batch.
func (s *Server) batch(c *fiber.Ctx) error {
	view, err := s.batchView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/batch", view)
}

func (s *Server) batchView(c *fiber.Ctx) (batchView, error) {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return batchView{}, err
	}
	b, inv, err := s.surveys.BatchInvitation(c.UserContext(), p.ID, c.Params("batch"))
	if err != nil {
		return batchView{}, err
	}
	forms, err := s.surveys.PaperForms(c.UserContext(), b)
	if err != nil {
		return batchView{}, err
	}
	page.Title, page.Crumbs = "Batch "+b.Number, append(page.Crumbs, crumb{"Paper", paperPath(p.ID), false})
	view := batchView{
		staffPage: page, Batch: b, Address: batchPath(b), Cohort: place(visit{Invitation: inv}), Asked: askedWords(inv.Strand, b.Wave),
		Asks: fmt.Sprintf("%s, version %d", b.Questionnaire, b.Version), Language: languageName(b.Language),
		Figures: surveys.FiguresOf(b, inv.Instrument, forms), Next: 1,
	}
	view.Rate, view.Unkeyed = shareWords(view.Figures.Rate()), ranges(view.Figures.Unkeyed)
	for _, item := range view.Figures.Items {
		view.Items = append(view.Items, itemRate{string(item.Item), cut(itemWords(inv.Instrument, item.Item), 70), shareWords(item.Rate())})
	}
	for _, f := range forms {
		view.Forms, view.Next = append(view.Forms, formRowOf(p, b, f)), f.Number+1
		if f.Second == nil {
			view.ToVerify++
		}
	}
	view.Change = newForm(page, "change", batchPath(b), "Save", fieldset{Fields: []field{
		{Name: "declared", Label: "How many forms", Kind: "number", Value: blankZero(b.Declared)},
		{Name: "twice", Label: "Second pass", Kind: "checkboxes", Options: []choiceOption{{"yes", "Every form is to be keyed twice", ""}}},
	}})
	if b.Twice {
		view.Change.Sets[0].Fields[1].Values = []string{"yes"}
	}
	return view, nil
}

func blankZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// itemWords is what a variable or a linkage code asks, in English or another language.
func itemWords(in *questionnaire.Instrument, id questionnaire.ItemID) string {
	if variable, ok := in.Variable(id); ok {
		return titleOf(variable.Label)
	}
	if item, ok := in.Item(id); ok {
		return titleOf(item.Label)
	}
	return string(id)
}

// shareWords is a share of 1 with one decimal: "1.5 %".
func shareWords(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + " %" }

// ranges writes sorted numbers short: "3, 7–9".
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		last := i
		for last+1 < len(numbers) && numbers[last+1] == numbers[last]+1 {
			last++
		}
		text := strconv.Itoa(numbers[i])
		if last > i {
			text += "–" + strconv.Itoa(numbers[last])
		}
		parts, i = append(parts, text), last+1
	}
	return strings.Join(parts, ", ")
}

func formRowOf(p surveys.Programme, b surveys.Batch, f surveys.PaperForm) formRow {
	who := func(k *surveys.Keying) string {
		if k == nil {
			return ""
		}
		return k.Name + ", " + k.At.In(p.Location()).Format("2006-01-02 15:04")
	}
	row := formRow{Number: f.Number, First: who(&f.First), Second: who(f.Second), Settled: who(f.Settled), Receipt: surveys.ReceiptOf(f.Response), State: "open", Words: "Keyed once"}
	switch {
	case f.Waits():
		row.State, row.Words = "closed", fmt.Sprintf("%d to settle", len(f.Different))
	case f.Verified() && len(f.Different) == 0:
		row.State, row.Words = "approved", "Verified: no difference"
	case f.Verified():
		row.State, row.Words = "approved", fmt.Sprintf("Verified: %d settled", len(f.Different))
	}
	if len(f.Different) > 0 {
		row.Address = batchPath(b) + "/forms/" + strconv.Itoa(f.Number)
	}
	return row
}

// changeBatch changes how many forms there are and whether they are keyed twice.
func (s *Server) changeBatch(c *fiber.Ctx) error {
	view, err := s.batchView(c)
	if err != nil {
		return err
	}
	f := view.Change.fill(c)
	declared := wholeNumber(c, f, "declared")
	if f.Fails() {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/batch", view)
	}
	_, refusal := s.surveys.SetBatch(c.UserContext(), programmeID(c), view.Batch.Number, declared, typed(c, "twice") != "")
	if refusal == nil {
		return sees(c, view.Address)
	}
	status, err := s.refuse(f, refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/batch", view)
}
