package app

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// cardsView is the page that prints cards and lists what was printed.
type cardsView struct {
	staffPage
	Form *form // nil: no strand takes cards
	Runs []cardRunRow
}

// cardRunRow is one print run.
type cardRunRow struct {
	surveys.CardRun
	Address       string // to void it
	Where, Strand string
	On            string // day it was printed
	VoidedOn      string // "": its codes are known
}

// maxCardLanguages is how many languages find room on a card.
const maxCardLanguages = 3

// maxCardsPrinted is how many cards one page holds: 100 sheets of paper.
const maxCardsPrinted = 1000

// cardsShown gathers the page.
func (s *Server) cardsShown(c *fiber.Ctx) (cardsView, surveys.Programme, []surveys.Cohort, error) {
	page, p, err := s.programmePage(c, "Cards")
	if err != nil {
		return cardsView{}, p, nil, err
	}
	view := cardsView{staffPage: page}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return view, p, nil, err
	}
	places, err := s.placeNames(c, p.ID, cohorts)
	if err != nil {
		return view, p, nil, err
	}
	if view.Form, err = s.cardForm(c, page, p, cohorts, places); err != nil {
		return view, p, nil, err
	}
	view.Runs, err = s.cardRuns(c, p, places)
	return view, p, cohorts, err
}

// placeNames says of each cohort which it is: with its institution's name.
func (s *Server) placeNames(c *fiber.Ctx, p surveys.ProgrammeID, cohorts []surveys.Cohort) (map[surveys.CohortID]string, error) {
	institutions, err := s.surveys.Institutions(c.UserContext(), p)
	if err != nil {
		return nil, err
	}
	names := make(map[surveys.CohortID]string, len(cohorts))
	for _, cohort := range cohorts {
		names[cohort.ID] = cohort.Name
		i := slices.IndexFunc(institutions, func(i surveys.Institution) bool { return i.ID == cohort.Institution })
		if i >= 0 && institutions[i].Name != cohort.Name {
			names[cohort.ID] = institutions[i].Name + ", " + cohort.Name
		}
	}
	return names, nil
}

// cardForm orders cards; nil if no strand of the programme takes any.
func (s *Server) cardForm(c *fiber.Ctx, page staffPage, p surveys.Programme, cohorts []surveys.Cohort, places map[surveys.CohortID]string) (*form, error) {
	var strands, where []choiceOption
	var tags []string
	for _, strand := range p.Strands {
		own, err := s.surveys.CardLanguages(c.UserContext(), strand)
		if err != nil {
			return nil, err
		}
		if len(own) > 0 {
			strands = append(strands, choiceOption{string(strand.ID), strand.Title, ""})
		}
		for _, tag := range own {
			if !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
	}
	if len(strands) == 0 || len(cohorts) == 0 {
		return nil, nil //nolint:nilnil // no form is a value here
	}
	for _, cohort := range cohorts {
		where = append(where, choiceOption{string(cohort.ID), places[cohort.ID], expectedWords(p, cohort)})
	}
	return newForm(page, "cards", programmePath(p.ID)+"/cards", "Draw the codes and show the cards", fieldset{Fields: []field{
		{Name: "strand", Label: "Who gets them", Kind: "select", Options: strands, Value: strands[0].Value},
		{Name: "cohort", Label: "Cohorts", Hint: "Each cohort gets cards of its own, on sheets of their own", Kind: "checkboxes", Options: where},
		{Name: "count", Label: "How many for each cohort", Hint: "Leave it blank for as many as are expected and a tenth more", Kind: "number"},
		fieldOfLanguages(tags),
	}}), nil
}

func fieldOfLanguages(tags []string) field {
	languages := field{Name: "language", Label: "Languages on the card", Hint: "One to three", Kind: "checkboxes", Values: tags[:1]}
	for _, tag := range tags {
		languages.Options = append(languages.Options, choiceOption{tag, languageName(tag), ""})
	}
	return languages
}

// expectedWords says how many are expected in a cohort, by strand.
func expectedWords(p surveys.Programme, cohort surveys.Cohort) string {
	var words []string
	for _, strand := range p.Strands {
		if n := cohort.Expected[strand.ID]; n > 0 {
			words = append(words, strand.Title+": "+showNumber(sourceLanguage, float64(n))+" expected")
		}
	}
	return strings.Join(words, ", ")
}

func (s *Server) cardRuns(c *fiber.Ctx, p surveys.Programme, places map[surveys.CohortID]string) ([]cardRunRow, error) {
	runs, err := s.surveys.CardRuns(c.UserContext(), p.ID)
	if err != nil {
		return nil, err
	}
	slices.Reverse(runs)
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(p.Location()).Format("2 January 2006, 15:04")
	}
	rows := make([]cardRunRow, len(runs))
	for i, run := range runs {
		strand, _ := p.Strand(run.Strand)
		rows[i] = cardRunRow{
			CardRun: run, Address: programmePath(p.ID) + "/cards/" + string(run.ID) + "/void", Where: places[run.Cohort],
			Strand: cmp.Or(strand.Title, string(run.Strand)), On: day(run.Created), VoidedOn: day(run.Voided),
		}
	}
	return rows, nil
}

// cards shows the form and the runs.
func (s *Server) cards(c *fiber.Ctx) error {
	view, _, _, err := s.cardsShown(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/cards", view)
}

// voidCards makes a run's codes unknown.
func (s *Server) voidCards(c *fiber.Ctx) error {
	if err := s.surveys.VoidCards(c.UserContext(), programmeID(c), surveys.CardSheetID(c.Params("run"))); err != nil {
		return err
	}
	return sees(c, programmePath(programmeID(c))+"/cards")
}

// cardOrders reads the form into one run for each cohort; what is wrong is put
// beside its control.
func cardOrders(c *fiber.Ctx, f *form, p surveys.Programme, cohorts []surveys.Cohort) ([]surveys.CardSheet, []string) {
	strand, languages := surveys.StrandID(typed(c, "strand")), typedAll(c, "language")
	count := wholeNumber(c, f, "count")
	var orders []surveys.CardSheet
	all := 0
	for _, cohort := range cohorts {
		if !slices.Contains(typedAll(c, "cohort"), string(cohort.ID)) {
			continue
		}
		order := surveys.CardSheet{Programme: p.ID, Strand: strand, Cohort: cohort.ID, Count: cmp.Or(count, withSpares(cohort.Expected[strand]))}
		if order.Count == 0 {
			f.blame("count", "Enter how many: it is not said how many are expected in "+cohort.Name)
		}
		orders, all = append(orders, order), all+order.Count
	}
	switch {
	case len(orders) == 0:
		f.blame("cohort", "Choose at least one cohort")
	case all > maxCardsPrinted:
		f.blame("cohort", "Choose fewer cohorts, or fewer cards for each: at most "+showNumber(sourceLanguage, maxCardsPrinted)+" at once")
	}
	if languages = slices.DeleteFunc(languages, func(tag string) bool { return !f.offers("language", tag) }); len(languages) == 0 || len(languages) > maxCardLanguages {
		f.blame("language", "Choose one to three languages")
	}
	return orders, languages
}

// withSpares is n and a tenth more, rounded up: some cards get lost.
func withSpares(n int) int { return n + (n+9)/10 }

// printCards draws the codes and answers with the sheets, which exist only there.
func (s *Server) printCards(c *fiber.Ctx) error {
	view, p, cohorts, err := s.cardsShown(c)
	if err != nil {
		return err
	}
	if view.Form == nil {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/cards", view)
	}
	orders, languages := cardOrders(c, view.Form.fill(c), p, cohorts)
	if view.Form.Fails() {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/cards", view)
	}
	printed, err := s.printAll(c, orders)
	if err != nil {
		status, err := s.refuse(view.Form, err)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/cards", view)
	}
	sheets, err := s.cardSheets(c, p, cohorts, printed, languages)
	if err != nil {
		return err
	}
	sheets.staffPage, sheets.Back = view.staffPage, programmePath(p.ID)+"/cards"
	sheets.Title, sheets.Sheet = "Cards to print", cardsCSS
	return s.render(c, fiber.StatusOK, "staff/card_sheets", sheets)
}

// printAll prints one run after the other. If one fails, those before it are void:
// nobody has seen them.
func (s *Server) printAll(c *fiber.Ctx, orders []surveys.CardSheet) ([]surveys.PrintedCards, error) {
	var printed []surveys.PrintedCards
	for _, order := range orders {
		run, err := s.surveys.PrintCards(c.UserContext(), order)
		if err == nil {
			printed = append(printed, run)
			continue
		}
		for _, before := range printed {
			if void := s.surveys.VoidCards(c.UserContext(), before.Sheet.Programme, before.Sheet.ID); void != nil {
				return nil, void
			}
		}
		return nil, err
	}
	return printed, nil
}
