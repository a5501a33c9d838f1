package app

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// fragmentHeader marks a form sent by the page's script, which wants the part of
// the page that changed instead of the whole.
const fragmentHeader = "Soundings-Fragment"

// decide keeps what a person decided about one open answer.
func (s *Server) decide(c *fiber.Ctx) error {
	strand := surveys.StrandID(c.Params("strand"))
	if typed(c, "do") == "clear_page" {
		return s.clearPage(c, strand)
	}
	refusal := s.keepDecision(c, strand)
	var e *surveys.Error
	if refusal != nil && (!errors.As(refusal, &e) || e.Kind != surveys.KindInvalid && e.Kind != surveys.KindConflict) {
		return refusal
	}
	id := "answer-" + typed(c, "response") + "-" + typed(c, "variable")
	amend := func(one *answerView) {
		if one.ID == id && (e != nil || typed(c, "do") == "rebuild") {
			s.putTyped(c, one, e)
		}
	}
	switch {
	case c.Get(fragmentHeader) != "":
		return s.showAnswer(c, strand, amend, e)
	case e != nil:
		return s.showAnswers(c, fiber.StatusUnprocessableEntity, amend)
	case typed(c, "do") == "rebuild":
		return s.showAnswers(c, fiber.StatusOK, amend)
	}
	return sees(c, fmt.Sprintf("%s/answers%s#%s", strandPath(programmeID(c), strand), answersQuery(c, shownOf(c)), id))
}

// putTyped keeps what was typed: with the reason of a refusal, or with the quote made
// again of the answer and what was ticked.
func (s *Server) putTyped(c *fiber.Ctx, one *answerView, refused *surveys.Error) {
	one.Quote, one.Attribution, one.Note = typed(c, "text"), typed(c, "attribution"), typed(c, "note")
	one.Themed, one.Outcome, one.Tone = typedAll(c, "themes"), typed(c, "outcome"), typed(c, "tone")
	if refused != nil {
		one.Problem = s.locales.say(sourceLanguage, refused.Key, refused.Args...)
		return
	}
	ticked := typedAll(c, "replace")
	n := 0
	pieces := slices.Clone(one.Pieces)
	for i := range pieces {
		if pieces[i].With == "" {
			continue
		}
		if !slices.Contains(ticked, strconv.Itoa(n)) {
			pieces[i].With = ""
		}
		n++
	}
	one.Quote = redacted(pieces)
}

// clearPage clears the answers of a page that a person has read.
func (s *Server) clearPage(c *fiber.Ctx, strand surveys.StrandID) error {
	var read []surveys.Clearing
	for _, one := range typedAll(c, "read") {
		key, revision, _ := strings.Cut(one, "@")
		n, err := strconv.ParseInt(revision, 10, 64)
		if err != nil {
			return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
		}
		read = append(read, surveys.Clearing{ReadingKey: surveys.ReadingKeyOf(key), Revision: n})
	}
	cleared, err := s.surveys.ClearAnswers(c.UserContext(), programmeID(c), strand, read)
	if err != nil {
		return err
	}
	return sees(c, fmt.Sprintf("%s/answers%s&cleared=%d", strandPath(programmeID(c), strand), answersQuery(c, shownOf(c)), cleared))
}

// keepDecision reads the form and keeps what it says.
func (s *Server) keepDecision(c *fiber.Ctx, strand surveys.StrandID) error {
	revision, err := strconv.ParseInt(typed(c, "revision"), 10, 64)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
	}
	decision := surveys.Reading{
		Response: surveys.ResponseID(typed(c, "response")), Variable: questionnaire.ItemID(typed(c, "variable")), Revision: revision,
		Outcome: questionnaire.ItemID(typed(c, "outcome")), Sentiment: surveys.Sentiment(typed(c, "tone")),
	}
	for _, theme := range typedAll(c, "themes") {
		decision.Themes = append(decision.Themes, surveys.ThemeID(theme))
	}
	key := surveys.ReadingKey{Response: decision.Response, Variable: decision.Variable}
	switch typed(c, "do") {
	case "clear":
		decision.Cleared = true
	case "hold":
	case "refuse":
		decision.Status, decision.Cleared = surveys.QuoteRefused, typed(c, "cleared") == "yes"
	case "approve":
		decision.Status, decision.Text = surveys.QuoteApproved, typed(c, "text")
		decision.Level, decision.Attribution = attributionOf(typed(c, "attribution"))
		decision.Cleared = typed(c, "cleared") == "yes"
	case "looked":
		return s.surveys.LookAtConcern(c.UserContext(), programmeID(c), strand, key, revision, typed(c, "note"))
	case "raise":
		return s.surveys.RaiseConcern(c.UserContext(), programmeID(c), strand, key, revision)
	case "rebuild":
		return nil
	default:
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "quote.choose"}
	}
	return s.surveys.Decide(c.UserContext(), programmeID(c), strand, decision)
}

// showAnswer answers with the one fragment.
func (s *Server) showAnswer(c *fiber.Ctx, strand surveys.StrandID, amend func(*answerView), refused *surveys.Error) error {
	view, p, err := s.answersView(c)
	if err != nil {
		return err
	}
	desk, err := s.surveys.AnswerDesk(c.UserContext(), p.ID, strand)
	if err != nil {
		return err
	}
	maker, err := s.answerMaker(c, view, p, desk)
	if err != nil {
		return err
	}
	key := surveys.ReadingKey{Response: surveys.ResponseID(typed(c, "response")), Variable: questionnaire.ItemID(typed(c, "variable"))}
	i := slices.IndexFunc(desk.Answers, func(a surveys.OpenAnswer) bool { return a.ReadingKey == key })
	if i < 0 {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "response.unknown"}
	}
	one := maker.view(desk.Answers[i])
	amend(&one)
	status := fiber.StatusOK
	if refused != nil {
		status = outcomeOf[refused.Kind].status
	}
	return s.renderPart(c, status, "staff/answers", "answer", one)
}
