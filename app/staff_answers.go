package app

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// answersPage is how many open answers a page shows.
const answersPage = 25

// A likely quote has between so many words: enough to say something, few enough
// to be read in a report.
const (
	quoteFrom = 6
	quoteTo   = 60
)

// answersView is a page of open answers to read.
type answersView struct {
	staffPage
	Strand  surveys.Strand
	Address string
	Show    string
	Filters []crumb
	Answers []answerView
	Pages   pages
}

// answerView is one open answer with its form: a fragment of the page.
type answerView struct {
	ID, Address, CSRF, Show string
	Page                    int
	Response                surveys.ResponseID
	Variable                questionnaire.ItemID
	Revision                int64
	Question, Where, When   string
	Text                    string
	Consented, Likely       bool
	Names, Concern          bool // it may name someone; it may be a concern
	Cleared                 bool
	State, Words            string // unread, held, cleared, approved, refused
	Quote, Attribution      string
	Problem                 string
}

// answers lists a strand's open answers, unread first.
func (s *Server) answers(c *fiber.Ctx) error {
	return s.showAnswers(c, fiber.StatusOK, func(*answerView) {})
}

// showAnswers renders the page; amend puts into one answer what was typed.
func (s *Server) showAnswers(c *fiber.Ctx, status int, amend func(*answerView)) error {
	view, p, err := s.answersView(c)
	if err != nil {
		return err
	}
	open, err := s.surveys.OpenAnswers(c.UserContext(), p.ID, view.Strand.ID)
	if err != nil {
		return err
	}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	open = chosen(open, view.Show)
	view.Pages = pagesOf(c, len(open), answersPage)
	for _, a := range open[view.Pages.From:view.Pages.To] {
		one := answerViewOf(view, p, a, cohorts)
		amend(&one)
		view.Answers = append(view.Answers, one)
	}
	if err := s.surveys.Audit(c.UserContext(), p.ID, "answers.viewed", string(view.Strand.ID)); err != nil {
		return err
	}
	return s.render(c, status, "staff/answers", view)
}

func (s *Server) answersView(c *fiber.Ctx) (answersView, surveys.Programme, error) {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return answersView{}, p, err
	}
	strand, ok := p.Strand(surveys.StrandID(c.Params("strand")))
	if !ok {
		return answersView{}, p, &surveys.Error{Kind: surveys.KindNotFound, Key: "strand.not_found"}
	}
	page.Title = "Open answers: " + strand.Title
	page.Crumbs = append(page.Crumbs, crumb{strand.Title, strandPath(p.ID, strand.ID), false})
	view := answersView{staffPage: page, Strand: strand, Address: strandPath(p.ID, strand.ID) + "/answers", Show: shownOf(c)}
	for _, f := range answerFilters {
		view.Filters = append(view.Filters, crumb{f.Label, view.Address + "?show=" + f.Value, f.Value == view.Show})
	}
	return view, p, nil
}

// answerFilters are the ways to look at the answers.
var answerFilters = []button{{"all", "All, unread first"}, {"unread", "Unread"}, {"quotable", "May be quoted"}, {"approved", "Approved quotes"}, {"held", "Held back"}}

// shownOf reads ?show=; anything unknown is all.
func shownOf(c *fiber.Ctx) string {
	show := c.Query("show")
	if slices.ContainsFunc(answerFilters, func(b button) bool { return b.Value == show }) {
		return show
	}
	return "all"
}

// chosen picks the answers of a filter, unread first, then oldest first.
func chosen(open []surveys.OpenAnswer, show string) []surveys.OpenAnswer {
	open = slices.DeleteFunc(open, func(a surveys.OpenAnswer) bool {
		switch show {
		case "unread", "approved", "held":
			return stateOf(a) != show
		case "quotable":
			return !a.Consented
		}
		return false
	})
	slices.SortStableFunc(open, func(a, b surveys.OpenAnswer) int { return cmp.Compare(rankOf(a), rankOf(b)) })
	return open
}

// rankOf orders answers for reading: unread ones that may be a concern, likely
// quotes, other unread ones, those that were read.
func rankOf(a surveys.OpenAnswer) int {
	switch {
	case stateOf(a) != "unread":
		return 3
	case mayConcern(a.Text):
		return 0
	case likelyQuote(a):
		return 1
	}
	return 2
}

// stateOf is what was decided about an answer.
func stateOf(a surveys.OpenAnswer) string {
	switch {
	case a.Reading.Revision == 0:
		return "unread"
	case a.Reading.Status != surveys.QuoteNew:
		return string(a.Reading.Status)
	case a.Reading.Cleared:
		return "cleared"
	}
	return "held"
}

var answerWords = map[string]string{
	"unread": "Unread", "held": "Held back", "cleared": "Cleared for workbooks", "approved": "Approved as a quote", "refused": "Refused as a quote",
}

func likelyQuote(a surveys.OpenAnswer) bool {
	n := len(strings.Fields(a.Text))
	return a.Consented && n >= quoteFrom && n <= quoteTo && !mayName(a.Text) && !mayConcern(a.Text)
}

func answerViewOf(view answersView, p surveys.Programme, a surveys.OpenAnswer, cohorts []surveys.Cohort) answerView {
	state := stateOf(a)
	one := answerView{
		ID: "answer-" + string(a.Response) + "-" + string(a.Variable), Address: view.Address, CSRF: view.CSRF,
		Show: view.Show, Page: view.Pages.From/answersPage + 1,
		Response: a.Response, Variable: a.Variable, Revision: a.Reading.Revision,
		Question: a.Label.In(sourceLanguage, slices.Sorted(maps.Keys(a.Label))...), When: a.Submitted.In(p.Location()).Format(time.DateOnly),
		Text: a.Text, Consented: a.Consented, Likely: state == "unread" && likelyQuote(a), Names: mayName(a.Text), Concern: mayConcern(a.Text),
		Cleared: a.Reading.Cleared, State: state, Words: answerWords[state], Quote: a.Reading.Text, Attribution: a.Reading.Attribution,
	}
	if i := slices.IndexFunc(cohorts, func(c surveys.Cohort) bool { return c.ID == a.Cohort }); i >= 0 {
		one.Where = cohorts[i].Name
	}
	if len(view.Strand.Design.Waves()) > 1 {
		one.Where += ", " + strings.ToLower(waveWords[a.Wave])
	}
	if state == string(surveys.QuoteApproved) && !one.Cleared {
		one.Words += ", the answer as written held back"
	}
	if one.Quote == "" {
		one.Quote = a.Text
	}
	one.Attribution = cmp.Or(one.Attribution, view.Strand.Role)
	return one
}
