package app

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// cardsAPage is how many cards a sheet of A4 holds: two beside each other, five
// under each other, each 90 by 54 millimetres.
const cardsAPage = 10

// cardSheetsView is the page that is printed.
type cardSheetsView struct {
	staffPage
	Back      string
	Programme string
	Runs      []printedRun
	Count     int // cards
	Words     []cardWords
}

// printedRun is what is on the screen above the sheets of one run: the page is the
// only place where its codes are.
type printedRun struct {
	Number, Count int
	Where         string
	Void          string // address that voids it
	Pages         [][]printedCard
}

// printedCard is one card.
type printedCard struct {
	Code    string // in threes
	QR      template.HTML
	Address string // to type, without the scheme
	Where   string
	Number  int // of the run
}

// cardSheets lays cards out on pages. A run begins a new sheet of paper.
func (s *Server) cardSheets(c *fiber.Ctx, p surveys.Programme, cohorts []surveys.Cohort, printed []surveys.PrintedCards, languages []string) (cardSheetsView, error) {
	view := cardSheetsView{Programme: p.Name}
	for _, tag := range languages {
		view.Words = append(view.Words, s.cardWords(tag))
	}
	places, err := s.placeNames(c, p.ID, cohorts)
	if err != nil {
		return view, err
	}
	for _, run := range printed {
		cards, err := s.printedCards(c, run, places[run.Sheet.Cohort])
		if err != nil {
			return view, err
		}
		view.Count += len(cards)
		view.Runs = append(view.Runs, printedRun{
			Number: run.Sheet.Number, Count: run.Sheet.Count, Where: places[run.Sheet.Cohort],
			Void:  programmePath(p.ID) + "/cards/" + string(run.Sheet.ID) + "/void",
			Pages: slices.Collect(slices.Chunk(cards, cardsAPage)),
		})
	}
	return view, nil
}

func (s *Server) printedCards(c *fiber.Ctx, run surveys.PrintedCards, where string) ([]printedCard, error) {
	base := s.base(c)
	_, host, _ := strings.Cut(base, "://")
	cards := make([]printedCard, len(run.Codes))
	for i, code := range run.Codes {
		// The code stands behind #: browsers keep that to themselves.
		qr, err := qrSVG(base + "/k/" + run.Token + "#" + string(code))
		if err != nil {
			return nil, fmt.Errorf("drawing a card: %w", err)
		}
		cards[i] = printedCard{Code: code.Grouped(), QR: qr, Address: host + "/k/" + halves(run.Token), Where: where, Number: run.Sheet.Number}
	}
	return cards, nil
}

// cardsCSS is the address of the sheet that lays cards out on paper.
var cardsCSS = assetAddress("cards.css")
