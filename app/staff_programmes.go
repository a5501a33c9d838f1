package app

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// programmesView lists the programmes the account may see.
type programmesView struct {
	staffPage
	Waiting    *waitingThings // nil: nothing
	Cared      []caredCard    // whose concerns the account may read
	Programmes []programmeCard
}

// programmeCard is one programme in the list.
type programmeCard struct {
	Address, Name, Purpose, Funder string
	Period                         string // tells a copy for next year from this year's
	Demo                           bool
	Strands                        []string
	Bar                            progressBar
}

// programmeList is the first page after signing in.
func (s *Server) programmeList(c *fiber.Ctx) error {
	all, err := s.surveys.Programmes(c.UserContext())
	if err != nil {
		return err
	}
	view := programmesView{staffPage: s.staffPage(c, "Programmes")}
	if view.Waiting, err = s.waiting(c, view.staffPage); err != nil {
		return err
	}
	if view.Cared, err = s.caredCards(c.UserContext()); err != nil {
		return err
	}
	for _, p := range all {
		card, err := s.programmeCard(c.UserContext(), p)
		if err != nil {
			return err
		}
		view.Programmes = append(view.Programmes, card)
	}
	return s.render(c, fiber.StatusOK, "staff/programmes", view)
}

func (s *Server) programmeCard(ctx context.Context, p surveys.Programme) (programmeCard, error) {
	rows, err := s.surveys.Progress(ctx, p.ID)
	if err != nil {
		return programmeCard{}, err
	}
	card := programmeCard{Address: programmePath(p.ID), Name: p.Name, Purpose: p.Purpose, Funder: p.Funder, Period: period(p.From, p.To), Demo: p.Demo}
	for _, strand := range p.Strands {
		card.Strands = append(card.Strands, strand.Title)
	}
	card.Bar = progressBar{ID: "received-" + string(p.ID), Label: "Received"}
	for _, row := range rows {
		card.Bar.Got += row.Submitted
		card.Bar.Expected += row.Expected
	}
	return card, nil
}
