package app

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// answersPage is how many open answers a page shows: as many as are read before
// they are cleared at once.
const answersPage = 10

// A likely quote has between so many words: enough to say something, few enough
// to be read in a report.
const (
	quoteFrom = 6
	quoteTo   = 60
)

// answersView is a page of open answers to read.
type answersView struct {
	staffPage
	Strand    surveys.Strand
	Address   string
	Query     template.URL // what is shown: "?show=unread&page=2"
	Show      string
	Filters   []crumb
	Selects   []field
	Read, All int
	Lead      bool // a safeguarding lead is appointed
	Programme surveys.ProgrammeID
	Waiting   int // may be a disclosure, and nobody has looked
	Balance   *balanceView
	Said      string // what was just done
	Answers   []answerView
	Unflagged []string // those of the page that can be cleared at once, as "response/variable@revision"
	Pages     pages
}

// answers lists a strand's open answers, what may be a disclosure first, then unread.
func (s *Server) answers(c *fiber.Ctx) error {
	return s.showAnswers(c, fiber.StatusOK, func(*answerView) {})
}

// showAnswers renders the page; amend puts into one answer what was typed.
func (s *Server) showAnswers(c *fiber.Ctx, status int, amend func(*answerView)) error {
	view, p, err := s.answersView(c)
	if err != nil {
		return err
	}
	desk, err := s.surveys.AnswerDesk(c.UserContext(), p.ID, view.Strand.ID)
	if err != nil {
		return err
	}
	maker, err := s.answerMaker(c, view, p, desk)
	if err != nil {
		return err
	}
	view.count(desk.Answers)
	view.addSelects(c, desk, maker.themes)
	open := chosen(desk.Answers, view.Show, view.Selects)
	view.Pages = pagesOf(c, len(open), answersPage)
	for _, a := range open[view.Pages.From:view.Pages.To] {
		one := maker.view(a)
		amend(&one)
		view.Answers = append(view.Answers, one)
		if a.Unread() && !a.Concerns() {
			view.Unflagged = append(view.Unflagged, fmt.Sprintf("%s/%s@%d", a.Response, a.Variable, a.Reading.Revision))
		}
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
	view := answersView{staffPage: page, Lead: p.Safeguarding.Appointed(), Programme: p.ID, Strand: strand, Address: strandPath(p.ID, strand.ID) + "/answers", Show: shownOf(c)}
	for _, f := range answerFilters {
		view.Filters = append(view.Filters, crumb{f.Label, view.Address + "?show=" + f.Value, f.Value == view.Show})
	}
	view.Query = answersQuery(c, view.Show)
	if n := c.QueryInt("cleared", -1); n >= 0 {
		view.Said = fmt.Sprintf("%s cleared.", countWord(n, "answer", "answers"))
	}
	return view, p, nil
}

// countWord is a count with its word.
func countWord(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

// answerSelects are the ways to narrow the list, by name of the control.
var answerSelects = []string{"question", "wave", "cohort", "theme"}

// answersQuery is the query of the page shown, for its forms to come back to.
func answersQuery(c *fiber.Ctx, show string) template.URL {
	query := url.Values{"show": {show}, "page": {fmt.Sprint(c.QueryInt("page", 1))}}
	for _, name := range answerSelects {
		if value := c.Query(name); value != "" {
			query.Set(name, value)
		}
	}
	return template.URL("?" + query.Encode()) // encoded: nothing in it ends the attribute
}

// count says how far the reading has come.
func (v *answersView) count(open []surveys.OpenAnswer) {
	var comments, quotes surveys.Sounds
	for _, a := range open {
		if a.Waits() {
			v.Waiting++
		}
		if a.Flag != nil {
			continue
		}
		v.All++
		if !a.Unread() {
			v.Read++
		}
		comments.Add(a.Reading.Sentiment)
		if a.Reading.Status == surveys.QuoteApproved {
			quotes.Add(a.Reading.Sentiment)
		}
	}
	v.Balance = balanceOf(comments, quotes)
}

// addSelects makes the controls that narrow the list.
func (v *answersView) addSelects(c *fiber.Ctx, desk *surveys.AnswerDesk, themes []choiceOption) {
	questions := []choiceOption{{"", "All questions", ""}}
	for _, a := range desk.Answers {
		if !slices.ContainsFunc(questions, func(o choiceOption) bool { return o.Value == string(a.Variable) }) {
			questions = append(questions, choiceOption{string(a.Variable), labelIn(a.Label), ""})
		}
	}
	waves := []choiceOption{{"", "All waves", ""}}
	for _, wave := range v.Strand.Design.Waves() {
		waves = append(waves, choiceOption{string(wave), waveWords[wave], ""})
	}
	for _, one := range []field{
		{Name: "question", Label: "Question", Options: questions}, {Name: "wave", Label: "Wave", Options: waves},
		{Name: "cohort", Label: "Cohort", Options: cohortOptions(desk.Data)},
		{Name: "theme", Label: "Theme", Options: append([]choiceOption{{"", "All themes", ""}}, themes...)},
	} {
		one.Kind, one.Form, one.Value = "select", "filter", c.Query(one.Name)
		if len(one.Options) > 2 {
			v.Selects = append(v.Selects, one)
		}
	}
}

// answerFilters are the ways to look at the answers.
var answerFilters = []button{{"all", "All"}, {"unread", "Unread"}, {"concern", "May be a disclosure"}, {"quotable", "May be quoted"}, {"approved", "Approved quotes"}, {"held", "Held back"}}

// shownOf reads ?show=; anything unknown is all.
func shownOf(c *fiber.Ctx) string {
	show := c.Query("show")
	if slices.ContainsFunc(answerFilters, func(b button) bool { return b.Value == show }) {
		return show
	}
	return "all"
}

// chosen picks the answers of a filter: what may be a disclosure and waits, then the
// unread, likely quotes before others, then those that were read.
func chosen(open []surveys.OpenAnswer, show string, selects []field) []surveys.OpenAnswer {
	open = slices.DeleteFunc(open, func(a surveys.OpenAnswer) bool {
		switch show {
		case "unread", "approved", "held":
			if stateOf(a) != show {
				return true
			}
		case "concern":
			if !a.Concerns() {
				return true
			}
		case "quotable":
			if !a.MayBeQuoted() {
				return true
			}
		}
		return slices.ContainsFunc(selects, func(f field) bool { return f.Value != "" && !selected(a, f) })
	})
	slices.SortStableFunc(open, func(a, b surveys.OpenAnswer) int { return cmp.Compare(rankOf(a), rankOf(b)) })
	return open
}

// selected reports whether an answer is what a control asks for.
func selected(a surveys.OpenAnswer, f field) bool {
	switch f.Name {
	case "question":
		return f.Value == string(a.Variable)
	case "wave":
		return f.Value == string(a.Wave)
	case "cohort":
		return f.Value == string(a.Cohort)
	}
	return slices.Contains(a.Reading.Themes, surveys.ThemeID(f.Value))
}

// rankOf orders answers for reading. Those that wait keep the order of their urgency.
func rankOf(a surveys.OpenAnswer) int {
	switch {
	case a.Waits():
		return 0
	case stateOf(a) != "unread":
		return 3
	case likelyQuote(a):
		return 1
	}
	return 2
}

// stateOf is what was decided about an answer.
func stateOf(a surveys.OpenAnswer) string {
	switch {
	case a.Unread():
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
	"taken_back": "Its writer took the consent back",
}

func likelyQuote(a surveys.OpenAnswer) bool {
	n := len(strings.Fields(a.Text))
	return a.MayBeQuoted() && n >= quoteFrom && n <= quoteTo && !a.Concerns()
}

// labelIn is a text in the language of the staff's pages.
func labelIn(t questionnaire.Text) string {
	return t.In(sourceLanguage, slices.Sorted(maps.Keys(t))...)
}
