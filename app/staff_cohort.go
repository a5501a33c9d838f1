package app

import (
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// cohortView is one cohort with its links.
type cohortView struct {
	staffPage
	Cohort      surveys.Cohort
	Institution string
	Address     string // of this page
	Period      string
	Rows        []cohortWave
	Unmade      bool // some wave has no link yet
	Agreement   *form
}

// cohortWave is one strand at one wave: its counts and its links.
type cohortWave struct {
	Strand surveys.Strand
	Wave   questionnaire.Wave
	Title  string
	Count  liveCount
	Bar    progressBar
	Links  []linkCard
}

// linkCard is one link as it is handed out.
type linkCard struct {
	ID      surveys.LinkID
	Address string // of its pages
	Path    string // for respondents, on this host
	Tablet  string // where a shared tablet is started for it
	Host    string // of the address to type, without the scheme
	Code    string // the token in two halves, which is the same to the server
	State   string
	Words   string // the state in words
	Open    bool
	QR      template.HTML
}

// cohort shows a cohort and its links.
func (s *Server) cohort(c *fiber.Ctx) error {
	view, err := s.cohortView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/cohort", view)
}

func (s *Server) cohortView(c *fiber.Ctx) (cohortView, error) {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return cohortView{}, err
	}
	cohort, err := s.surveys.Cohort(c.UserContext(), p.ID, surveys.CohortID(c.Params("cohort")))
	if err != nil {
		return cohortView{}, err
	}
	page.Title, page.Events = cohort.Name, programmePath(p.ID)+"/events"
	view := cohortView{
		staffPage: page, Cohort: cohort, Address: cohortPath(p.ID, cohort.ID), Period: period(cohort.Starts, cohort.Ends), Agreement: agreementForm(page, p, cohort),
	}
	known, err := s.progress(c.UserContext(), p)
	if err != nil {
		return view, err
	}
	view.Rows = wavesOf(known, cohort)
	return view, s.addPlaceAndLinks(c, &view)
}

// wavesOf are the strands and waves of a cohort, in the order of the plan.
func wavesOf(known progress, cohort surveys.Cohort) []cohortWave {
	var rows []cohortWave
	for _, strand := range known.programme.Strands {
		for _, wave := range strand.Design.Waves() {
			count := known.count(cohort.ID, strand.ID, wave)
			rows = append(rows, cohortWave{
				Strand: strand, Wave: wave, Title: strand.Title + ": " + strings.ToLower(waveWord(strand.Design, wave)), Count: count,
				Bar: progressBar{Got: count.N, Expected: cohort.Expected[strand.ID]},
			})
		}
	}
	return rows
}

func (s *Server) addPlaceAndLinks(c *fiber.Ctx, view *cohortView) error {
	institutions, err := s.surveys.Institutions(c.UserContext(), view.Cohort.Programme)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(institutions, func(i surveys.Institution) bool { return i.ID == view.Cohort.Institution }); i >= 0 {
		view.Institution = institutions[i].Name
	}
	if !view.Can.Links {
		return nil
	}
	links, err := s.surveys.Links(c.UserContext(), view.Cohort.Programme)
	if err != nil {
		return err
	}
	for i := range view.Rows {
		row := &view.Rows[i]
		for _, l := range links {
			if l.Cohort != view.Cohort.ID || l.Strand != row.Strand.ID || l.Wave != row.Wave || l.Workshop != "" { // those of workshops are on their own page
				continue
			}
			card, err := s.linkCard(c, l)
			if err != nil {
				return err
			}
			row.Links = append(row.Links, card)
		}
		view.Unmade = view.Unmade || len(row.Links) == 0
	}
	return nil
}

func (s *Server) linkCard(c *fiber.Ctx, l surveys.Link) (linkCard, error) {
	state := l.State(s.surveys.Now())
	card := linkCard{
		ID: l.ID, Address: programmePath(l.Programme) + "/links/" + string(l.ID), Path: "/s/" + l.Token, Tablet: programmePath(l.Programme) + "/rooms?link=" + string(l.ID),
		State: state, Words: stateWords[state], Open: state == "open",
	}
	_, card.Host, _ = strings.Cut(s.base(c), "://")
	card.Code = halves(l.Token)
	var err error
	card.QR, err = qrSVG(s.base(c) + card.Path)
	return card, err
}

// halves writes a token so that it is easily copied by hand; the dash is ignored.
func halves(token string) string {
	if len(token) < 4 {
		return token
	}
	return token[:len(token)/2] + "-" + token[len(token)/2:]
}

// createLinks makes the link for a strand and wave of a cohort, or one for each
// that has none; pressed twice, or by two at once, it makes no second one.
func (s *Server) createLinks(c *fiber.Ctx) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	cohort, err := s.surveys.Cohort(c.UserContext(), p.ID, surveys.CohortID(c.Params("cohort")))
	if err != nil {
		return err
	}
	pack := surveys.Pack{Cohorts: []surveys.CohortID{cohort.ID}}
	if typed(c, "do") != "all" {
		pack.Strands = []surveys.StrandID{surveys.StrandID(typed(c, "strand"))}
		pack.Waves = []questionnaire.Wave{questionnaire.Wave(typed(c, "wave"))}
	}
	if _, err := s.surveys.MakePack(c.UserContext(), p.ID, pack); err != nil {
		return err
	}
	return sees(c, cohortPath(p.ID, cohort.ID))
}
