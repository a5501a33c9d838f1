package app

import (
	"errors"
	"fmt"
	"strconv"

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
	refusal := s.keepDecision(c, strand)
	var e *surveys.Error
	if refusal != nil && (!errors.As(refusal, &e) || e.Kind != surveys.KindInvalid && e.Kind != surveys.KindConflict) {
		return refusal
	}
	id := "answer-" + typed(c, "response") + "-" + typed(c, "variable")
	amend := func(one *answerView) {
		if e != nil && one.ID == id {
			one.Problem = s.locales.say(sourceLanguage, e.Key, e.Args...)
			one.Quote, one.Attribution = typed(c, "text"), typed(c, "attribution")
		}
	}
	switch {
	case c.Get(fragmentHeader) != "":
		return s.showAnswer(c, strand, amend, e)
	case e != nil:
		return s.showAnswers(c, fiber.StatusUnprocessableEntity, amend)
	}
	return sees(c, fmt.Sprintf("%s/answers?show=%s&page=%d#%s", strandPath(programmeID(c), strand), shownOf(c), c.QueryInt("page", 1), id))
}

// keepDecision reads the form and keeps what it says.
func (s *Server) keepDecision(c *fiber.Ctx, strand surveys.StrandID) error {
	revision, err := strconv.ParseInt(typed(c, "revision"), 10, 64)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
	}
	decision := surveys.Reading{
		Response: surveys.ResponseID(typed(c, "response")), Variable: questionnaire.ItemID(typed(c, "variable")), Revision: revision,
	}
	switch typed(c, "do") {
	case "clear":
		decision.Cleared = true
	case "hold":
	case "refuse":
		decision.Status, decision.Cleared = surveys.QuoteRefused, typed(c, "cleared") == "yes"
	case "approve":
		decision.Status, decision.Text, decision.Attribution = surveys.QuoteApproved, typed(c, "text"), typed(c, "attribution")
		decision.Cleared = typed(c, "cleared") == "yes"
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
	open, err := s.surveys.OpenAnswer(c.UserContext(), p.ID, strand, surveys.ResponseID(typed(c, "response")), questionnaire.ItemID(typed(c, "variable")))
	if err != nil {
		return err
	}
	cohorts, err := s.surveys.Cohorts(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	one := answerViewOf(view, p, open, cohorts)
	amend(&one)
	one.Page = c.QueryInt("page", 1)
	status := fiber.StatusOK
	if refused != nil {
		status = outcomeOf[refused.Kind].status
	}
	return s.renderPart(c, status, "staff/answers", "answer", one)
}
