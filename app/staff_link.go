package app

import (
	"html/template"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// linkView is one link to project or to print.
type linkView struct {
	staffPage
	Link        linkCard
	Back        string // the cohort's page
	Programme   string
	Strand      string
	Audience    string
	Wave        string
	Cohort      string
	Institution string
	Languages   []ownName
	Count       liveCount
	Expected    int
	QR          template.HTML
}

// ownName is a language's own name with its tag and direction.
type ownName struct{ Tag, Name, Dir string }

func (s *Server) linkView(c *fiber.Ctx, title string) (linkView, error) {
	page, p, err := s.programmePage(c, title)
	if err != nil {
		return linkView{}, err
	}
	l, err := s.surveys.Link(c.UserContext(), p.ID, surveys.LinkID(c.Params("link")))
	if err != nil {
		return linkView{}, err
	}
	inv, err := s.surveys.Invitation(c.UserContext(), l.Token)
	if err != nil {
		return linkView{}, err
	}
	card, err := s.linkCard(c, l)
	if err != nil {
		return linkView{}, err
	}
	view := linkView{
		staffPage: page, Link: card, Back: cohortPath(p.ID, l.Cohort), Programme: p.Name, Strand: inv.Strand.Title,
		Audience: audienceWords[inv.Strand.Audience], Wave: waveWord(inv.Strand.Design, l.Wave),
		Cohort: inv.Cohort.Name, Institution: inv.Institution, Expected: inv.Cohort.Expected[l.Strand], QR: card.QR,
	}
	for _, tag := range inv.Instrument.Version().Definition.Languages {
		view.Languages = append(view.Languages, ownName{tag, languageName(tag), direction(tag)})
	}
	known, err := s.progress(c.UserContext(), p)
	view.Count = known.count(l.Cohort, l.Strand, l.Wave)
	return view, err
}

// posterView is one poster.
type posterView struct {
	staffPage
	Poster poster
	Back   string // the cohort's page
}

// linkPoster is a sheet of A4 to print.
func (s *Server) linkPoster(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Poster")
	if err != nil {
		return err
	}
	l, err := s.surveys.PackLink(c.UserContext(), p.ID, surveys.LinkID(c.Params("link")))
	if err != nil {
		return err
	}
	sheet, err := s.poster(c, p, l)
	if err != nil {
		return err
	}
	sheet.Demo = page.Demo
	return s.render(c, fiber.StatusOK, "staff/poster", posterView{page, sheet, cohortPath(p.ID, l.Cohort.ID)})
}

// setLink opens or closes a link.
func (s *Server) setLink(c *fiber.Ctx) error {
	l, err := s.surveys.SetLinkOpen(c.UserContext(), programmeID(c), surveys.LinkID(c.Params("link")), typed(c, "do") == "open")
	if err != nil {
		return err
	}
	return sees(c, cohortPath(l.Programme, l.Cohort))
}
