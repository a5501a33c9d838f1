package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// quotesView is all approved quotes of a programme.
type quotesView struct {
	staffPage
	Address string
	Selects []field
	Strands []strandQuotesView
	TakeOut *form // takes a consent back for somebody who asked
	Said    string
}

// strandQuotesView is the quotes of one strand.
type strandQuotesView struct {
	ID, Title, Answers         string // Answers: address of the reading queue
	Children                   bool
	Agreed, Cohorts            int // cohorts for whose children somebody agreed
	Read, All, Waiting, Quotes int
	MayBeQuoted                int
	Balance                    *balanceView
	Outcomes                   []outcomeQuotes
	Themes                     []themeCount
	Lost                       []surveys.QuoteUse
}

// outcomeQuotes are the quotes that speak to one outcome.
type outcomeQuotes struct {
	Outcome string
	Quotes  []quoteView
}

// quoteView is one quote as it may be shown.
type quoteView struct {
	ID, Text, By  string
	Key           string // "response/variable"
	Question      string
	Tone          string
	Themes        string
	Language, Dir string
	Uses          []surveys.QuoteUse
	Twice         bool
	Address       string // where it can be changed
	Strand        surveys.StrandID
}

// themeCount is how many answers are about a theme, of those that were read.
type themeCount struct {
	Name string
	N    int
}

// balanceView says how answers and quotes sound.
type balanceView struct{ Text, Warning string }

// balanceOf is nil while nobody has judged anything.
func balanceOf(comments, quotes surveys.Sounds) *balanceView {
	if comments.Judged() == 0 {
		return nil
	}
	b := &balanceView{Text: fmt.Sprintf("How the answers sound: %s. The quotes: %s.", soundsIn(comments), soundsIn(quotes))}
	if quotes.Rosier(comments) {
		b.Warning = "The quotes sound better than the answers do: choose mixed and negative ones too."
	}
	return b
}

// soundsIn says a share of each tone with its base.
func soundsIn(s surveys.Sounds) string {
	if s.Judged() == 0 {
		return "none judged"
	}
	var parts []string
	for _, tone := range surveys.Sentiments() {
		parts = append(parts, fmt.Sprintf("%s%% %s", number(100*float64(s.Of(tone))/float64(s.Judged()), 0), tone))
	}
	return strings.Join(parts, ", ") + fmt.Sprintf(" (of %d judged)", s.Judged())
}

// quotes shows a programme's quotes.
func (s *Server) quotes(c *fiber.Ctx) error {
	view, err := s.quotesView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/quotes", view)
}

func (s *Server) quotesView(c *fiber.Ctx) (quotesView, error) {
	page, p, err := s.programmePage(c, "Quotes")
	if err != nil {
		return quotesView{}, err
	}
	all, err := s.surveys.Quotes(c.UserContext(), p.ID)
	if err != nil {
		return quotesView{}, err
	}
	view := quotesView{staffPage: page, Address: programmePath(p.ID) + "/quotes"}
	view.TakeOut = newForm(page, "take-back", view.Address, "Take the consent back", fieldset{Fields: []field{
		{Name: "receipt", Label: "Receipt", Hint: "The nine signs that the person was shown after sending", Kind: "text", Complete: "off"},
	}})
	view.TakeOut.Hidden = []button{{"take", "back"}}
	view.addSelects(c, all)
	for _, one := range all {
		view.Strands = append(view.Strands, view.strand(one))
	}
	if c.Query("said") == "taken" {
		view.Said = "The consent was taken back: that person’s quotes are gone, and files made before can no longer be downloaded."
	}
	return view, s.surveys.Audit(c.UserContext(), p.ID, "quotes.viewed", "")
}

// addSelects makes the controls that narrow the page.
func (v *quotesView) addSelects(c *fiber.Ctx, all []surveys.StrandQuotes) {
	outcomes, themes := []choiceOption{{"", "All outcomes", ""}}, []choiceOption{{"", "All themes", ""}}
	for _, one := range all {
		for _, q := range one.Quotes {
			if name := quoteOutcome(one, q); q.Reading.Outcome != "" && !slices.ContainsFunc(outcomes, func(o choiceOption) bool { return o.Value == name }) {
				outcomes = append(outcomes, choiceOption{name, name, ""})
			}
			for _, theme := range q.Themes {
				if !slices.ContainsFunc(themes, func(o choiceOption) bool { return o.Value == theme }) {
					themes = append(themes, choiceOption{theme, theme, ""})
				}
			}
		}
	}
	v.Selects = []field{
		{Form: "filter", Name: "outcome", Label: "Outcome", Kind: "select", Options: outcomes, Value: c.Query("outcome")},
		{Form: "filter", Name: "theme", Label: "Theme", Kind: "select", Options: themes, Value: c.Query("theme")},
		{Form: "filter", Name: "tone", Label: "How it sounds", Kind: "select", Options: append([]choiceOption{{"", "Any", ""}}, toneOptions[1:]...), Value: c.Query("tone")},
	}
}

// shows reports whether a quote is what the controls ask for.
func (v *quotesView) shows(outcome string, q surveys.ShownQuote) bool {
	wanted := map[string]string{}
	for _, one := range v.Selects {
		wanted[one.Name] = one.Value
	}
	return (wanted["outcome"] == "" || wanted["outcome"] == outcome) &&
		(wanted["theme"] == "" || slices.Contains(q.Themes, wanted["theme"])) &&
		(wanted["tone"] == "" || wanted["tone"] == string(q.Reading.Sentiment))
}

// noOutcome heads the quotes that speak to no outcome.
const noOutcome = "No outcome"

// quoteOutcome is the name of the outcome that a quote speaks to.
func quoteOutcome(of surveys.StrandQuotes, q surveys.ShownQuote) string {
	if m, ok := of.Data.Latest.Measure(q.Reading.Outcome); ok {
		return measureName(of.Data.Latest, m)
	}
	return noOutcome
}

// strand makes what the page shows of one strand: its quotes by outcome, in the order
// of the questionnaire.
func (v *quotesView) strand(one surveys.StrandQuotes) strandQuotesView {
	base := strandPath(one.Data.Programme.ID, one.Strand.ID) + "/answers"
	shown := strandQuotesView{
		ID: string(one.Strand.ID), Title: one.Strand.Title, Answers: base, Children: one.Strand.Children, Cohorts: len(one.Data.Cohorts),
		Read: one.Read, All: one.Answers, Waiting: one.Waiting, Quotes: len(one.Quotes), MayBeQuoted: one.MayBeQuoted,
		Balance: balanceOf(one.Comments, one.Chosen), Lost: one.Lost,
	}
	for id := range one.Data.Cohorts {
		if one.Data.Agreed(id) {
			shown.Agreed++
		}
	}
	var order []string
	for _, m := range one.Data.Latest.Version().Definition.Measures {
		order = append(order, measureName(one.Data.Latest, &m))
	}
	for _, outcome := range append(order, noOutcome) {
		group := outcomeQuotes{Outcome: outcome}
		for _, q := range one.Quotes {
			if quoteOutcome(one, q) == outcome && v.shows(outcome, q) {
				group.Quotes = append(group.Quotes, quoteViewOf(base, one, q))
			}
		}
		if len(group.Quotes) > 0 {
			shown.Outcomes = append(shown.Outcomes, group)
		}
	}
	for id, n := range one.ByTheme {
		shown.Themes = append(shown.Themes, themeCount{one.Data.Themes[id].Name, n})
	}
	slices.SortFunc(shown.Themes, func(a, b themeCount) int { return strings.Compare(a.Name, b.Name) })
	return shown
}

func quoteViewOf(base string, of surveys.StrandQuotes, q surveys.ShownQuote) quoteView {
	by := q.Who
	if q.Where != "" {
		by += ", " + q.Where
	}
	return quoteView{
		ID: "quote-" + string(q.Response) + "-" + string(q.Variable), Key: string(q.Response) + "/" + string(q.Variable),
		Text: q.Reading.Text, By: by, Question: labelIn(q.Label), Tone: string(q.Reading.Sentiment), Themes: strings.Join(q.Themes, ", "),
		Language: q.Language, Dir: direction(q.Language), Uses: q.Uses, Twice: q.Twice, Strand: of.Strand.ID,
		Address: base + "?show=approved&question=" + string(q.Variable) + "#answer-" + string(q.Response) + "-" + string(q.Variable),
	}
}

// changeQuotes notes where a quote was used, forgets such a note, or takes a consent back.
func (s *Server) changeQuotes(c *fiber.Ctx) error {
	id, strand := programmeID(c), surveys.StrandID(typed(c, "strand"))
	back := programmePath(id) + "/quotes"
	key := surveys.ReadingKeyOf(typed(c, "quote"))
	var err error
	switch {
	case typed(c, "take") == "back":
		back += "?said=taken"
		err = s.surveys.TakeConsentBackFor(c.UserContext(), id, typed(c, "receipt"))
	case typed(c, "do") == "forget":
		back += "#quote-" + string(key.Response) + "-" + string(key.Variable)
		err = s.surveys.ForgetUse(c.UserContext(), id, strand, typed(c, "use"))
	default:
		back += "#quote-" + string(key.Response) + "-" + string(key.Variable)
		err = s.surveys.UseQuote(c.UserContext(), id, strand, surveys.QuoteUse{
			Response: key.Response, Variable: questionnaire.ItemID(key.Variable), Where: typed(c, "where"), On: typed(c, "on"),
		})
	}
	if err == nil {
		return sees(c, back)
	}
	return s.quotesAgain(c, err)
}

// quotesAgain shows the page with what is wrong.
func (s *Server) quotesAgain(c *fiber.Ctx, refusal error) error {
	view, err := s.quotesView(c)
	if err != nil {
		return err
	}
	f := view.TakeOut
	if typed(c, "take") == "back" {
		f.fill(c)
	}
	status, err := s.refuse(f, refusal)
	if err != nil {
		return err
	}
	var e *surveys.Error
	if errors.As(refusal, &e) && (e.Field == "where" || e.Field == "on") {
		f.Problem = "Write where the quote was used and on which day, such as 2026-03-31."
	}
	return s.render(c, status, "staff/quotes", view)
}

// setChildren says whether children answer a strand.
func (s *Server) setChildren(c *fiber.Ctx) error {
	strand := surveys.StrandID(c.Params("strand"))
	if err := s.surveys.SetChildren(c.UserContext(), programmeID(c), strand, typed(c, "children") == "yes"); err != nil {
		return err
	}
	return sees(c, programmePath(programmeID(c))+"/cohorts")
}
