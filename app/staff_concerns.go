package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/concerns"
)

// concernsView is the queue of a programme's safeguarding lead, without any answer.
type concernsView struct {
	staffPage
	Address string
	Closed  bool
	Filters []crumb
	Unread  int
	Alone   bool // no deputy is appointed
	Rows    []concernRow
	Pages   pages
}

// concernRow is one concern: where it comes from and why it was marked.
type concernRow struct {
	Address, Why, Question, Where, When string
	State, Words                        string
	Unread                              bool
	With                                string // "the deputy"
}

// carePage is programmePage for who looks after concerns and may see nothing else of the
// programme.
func (s *Server) carePage(c *fiber.Ctx, title string) (staffPage, surveys.Programme, error) {
	id := programmeID(c)
	account, _ := surveys.AccountFrom(c.UserContext())
	if account.May(id, surveys.MaySeeProgramme) {
		return s.programmePage(c, title)
	}
	p, err := s.surveys.ProgrammeForCare(c.UserContext(), id)
	if err != nil {
		return staffPage{}, p, err
	}
	page := s.staffPage(c, title, crumb{"Programmes", "/programmes", false})
	page.Can.Concerns = account.May(p.ID, surveys.MayReadConcerns)
	page.Demo = page.Demo || p.Demo
	if home := programmePath(p.ID) + "/concerns"; c.Path() != home {
		page.Crumbs = append(page.Crumbs, crumb{p.Name, home, false})
	}
	page.addMenu("Care of people and data", trustTabs(c.Path(), p.ID, page.Can))
	return page, p, nil
}

// concernsPage is how many concerns a page lists.
const concernsPage = 30

// reasonWords say why words were marked.
var reasonWords = map[concerns.Reason]string{
	"violence": "being hurt", "self_harm": "self-harm", "despair": "not wanting to live", "sexual": "sexual harm", "secrecy": "keeping a secret",
	"fear": "being afraid", "neglect": "neglect", "worry": "a worry about somebody", "control": "being controlled", concerns.Added: "words that your team added",
}

// whyMarked says why an answer is in the queue.
func whyMarked(c surveys.Concern) string {
	var why []string
	if c.Choice {
		why = append(why, cmp.Or(labelIn(c.Rule), "An answer that a person should look at"))
	}
	for _, sign := range c.Signs {
		words := cmp.Or(reasonWords[sign.Reason], strings.ReplaceAll(string(sign.Reason), "_", " "))
		if words = "words about " + words; sign.Reason == concerns.Added {
			words = "words that your team added"
		}
		if !slices.Contains(why, words) {
			why = append(why, words)
		}
	}
	if c.Raised {
		why = append(why, "a reader raised it")
	}
	return upperFirst(strings.Join(why, "; "))
}

var concernWords = map[surveys.ConcernState]string{
	surveys.ConcernOpen: "Open", surveys.ConcernKept: "Dealt with, kept by the lead", surveys.ConcernReleased: "Dealt with, released to evaluators",
}

// concernQueue lists what waits for the lead, or what was dealt with.
func (s *Server) concernQueue(c *fiber.Ctx) error {
	page, p, err := s.carePage(c, "Concerns")
	if err != nil {
		return err
	}
	page.Title = "Concerns: " + p.Name
	view := concernsView{staffPage: page, Address: programmePath(p.ID) + "/concerns", Closed: c.Query("show") == "done"}
	view.Alone = p.Safeguarding.Lead == "" || p.Safeguarding.Deputy == ""
	view.Filters = []crumb{{"Waiting", view.Address, !view.Closed}, {"Dealt with", view.Address + "?show=done", view.Closed}}
	all, err := s.surveys.Concerns(c.UserContext(), p.ID, view.Closed)
	if err != nil {
		return err
	}
	for _, one := range all {
		if one.Unread() && !view.Closed {
			view.Unread++
		}
	}
	view.Pages = pagesOf(c, len(all), concernsPage)
	for _, one := range all[view.Pages.From:view.Pages.To] {
		view.Rows = append(view.Rows, concernRowOf(p, one))
	}
	return s.render(c, fiber.StatusOK, "staff/concerns", view)
}

func concernPath(p surveys.ProgrammeID, id string) string {
	return programmePath(p) + "/concerns/" + id
}

func concernRowOf(p surveys.Programme, c surveys.ListedConcern) concernRow {
	row := concernRow{
		Address: concernPath(p.ID, c.ID), Why: whyMarked(c.Concern), Question: cmp.Or(labelIn(c.Label), string(c.Variable)),
		Where: whereFrom(p, c), When: c.Submitted.In(p.Location()).Format("2 Jan 2006 15:04"), State: string(c.State), Words: concernWords[c.State],
		Unread: c.Unread() && c.State == surveys.ConcernOpen,
	}
	if c.With != "" && c.With == p.Safeguarding.Deputy {
		row.With = "with the deputy"
	}
	if c.State == surveys.ConcernOpen && !row.Unread {
		row.Words = "Read, open"
	}
	return row
}

// whereFrom is strand, wave, institution and cohort of a concern, as far as there are
// such: what a lead needs to act.
func whereFrom(p surveys.Programme, c surveys.ListedConcern) string {
	parts := []string{c.StrandTitle}
	if strand, ok := p.Strand(c.Strand); ok && len(strand.Design.Waves()) > 1 {
		parts = append(parts, waveWord(strand.Design, c.Wave))
	}
	if c.Institution.Name != "" && c.Institution.Name != c.Cohort.Name {
		parts = append(parts, c.Institution.Name)
	}
	if c.Cohort.Name != "" {
		parts = append(parts, c.Cohort.Name)
	}
	return strings.Join(parts, " · ")
}

// caredCard is one programme on the first page of its safeguarding lead.
type caredCard struct {
	Address, Name, Waits string
	Asked, Approaches    string // how many ask to be contacted, and where they stand
	Demo, Unread         bool
}

// caredCards are the programmes whose concerns the account may read.
func (s *Server) caredCards(ctx context.Context) ([]caredCard, error) {
	all, err := s.surveys.CaredProgrammes(ctx)
	var cards []caredCard
	for _, p := range all {
		card := caredCard{Address: programmePath(p.ID) + "/concerns", Name: p.Name, Demo: p.Demo, Unread: p.Unread > 0, Waits: "No concern is open."}
		if p.Open > 0 {
			unread := "none of them unread"
			if p.Unread > 0 {
				unread = fmt.Sprintf("%d unread", p.Unread)
			}
			card.Waits = fmt.Sprintf("%s open, %s.", countWord(p.Open, "concern is", "concerns are"), unread)
		}
		if p.Asked > 0 {
			card.Asked, card.Approaches = countWord(p.Asked, "person asks", "people ask")+" to be contacted", programmePath(p.ID)+"/approaches"
		}
		cards = append(cards, card)
	}
	return cards, err
}

// readingView is a page of open answers that nothing marks, for lead and deputy to read.
type readingView struct {
	staffPage
	Address string
	Answers []readingRow
	UpTo    []string // "strand@moment" up to which it was read
	Late    []surveys.ResponseID
	More    bool
}

// readingRow is one open answer.
type readingRow struct {
	Question, Where, When, Text string
	Strand                      surveys.StrandID
	Key                         string
}

// readAnswers shows the next open answers that nobody has read.
func (s *Server) readAnswers(c *fiber.Ctx) error {
	page, p, err := s.carePage(c, "Open answers to read")
	if err != nil {
		return err
	}
	found, err := s.surveys.UnreadAnswers(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	view := readingView{staffPage: page, Address: programmePath(p.ID) + "/concerns/reading", Late: found.Late, More: found.More}
	for _, a := range found.Answers {
		strand, _ := p.Strand(a.Strand)
		cohort := found.Cohorts[a.Cohort]
		listed := surveys.ListedConcern{
			Concern:     surveys.Concern{Strand: a.Strand, Wave: a.Wave},
			StrandTitle: strand.Title, Cohort: cohort, Institution: found.Institutions[cohort.Institution],
		}
		view.Answers = append(view.Answers, readingRow{
			Question: cmp.Or(labelIn(a.Label), string(a.Variable)), Where: whereFrom(p, listed), When: a.Submitted.In(p.Location()).Format("2 Jan 2006 15:04"),
			Text: a.Text, Strand: a.Strand, Key: string(a.Response) + "/" + string(a.Variable),
		})
	}
	for _, strand := range p.Strands {
		if at, there := found.UpTo[strand.ID]; there {
			view.UpTo = append(view.UpTo, string(strand.ID)+"@"+at.Format(time.RFC3339Nano))
		}
	}
	return s.render(c, fiber.StatusOK, "staff/reading", view)
}

// answersRead goes on to the next page, or brings an answer into the queue.
func (s *Server) answersRead(c *fiber.Ctx) error {
	id := programmeID(c)
	if key := typed(c, "raise"); key != "" {
		strand, rest, _ := strings.Cut(key, ":")
		concern, err := s.surveys.RaiseFromReading(c.UserContext(), id, surveys.StrandID(strand), surveys.ReadingKeyOf(rest))
		if err != nil {
			return err
		}
		return sees(c, concernPath(id, concern))
	}
	upTo := map[surveys.StrandID]time.Time{}
	for _, one := range typedAll(c, "up_to") {
		strand, moment, _ := strings.Cut(one, "@")
		at, err := time.Parse(time.RFC3339Nano, moment)
		if err != nil {
			return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
		}
		upTo[surveys.StrandID(strand)] = at
	}
	var late []surveys.ResponseID
	for _, one := range typedAll(c, "late") {
		late = append(late, surveys.ResponseID(one))
	}
	if err := s.surveys.AnswersRead(c.UserContext(), id, upTo, late); err != nil {
		return err
	}
	return sees(c, programmePath(id)+"/concerns/reading")
}
