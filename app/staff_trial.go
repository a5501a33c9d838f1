package app

import (
	"errors"
	"html/template"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// trialsView offers test links of a questionnaire, and lists those there are.
type trialsView struct {
	staffPage
	ID, Path string
	Start    *form
	Trials   []trialRow
}

// trialRow is one test link.
type trialRow struct {
	Address, Link, Of, Wave, Started, Ends, By string
	Open                                       bool
}

// trials lists the test links of a questionnaire.
func (s *Server) trials(c *fiber.Ctx) error {
	view, err := s.trialsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/trials", view)
}

func (s *Server) trialsView(c *fiber.Ctx) (trialsView, error) {
	id := askedID(c)
	page := s.staffPage(c, "Try it out", crumb{"Questionnaires", "/questionnaires", false}, crumb{string(id), questionnairePath(id), false})
	view := trialsView{staffPage: page, ID: string(id), Path: questionnairePath(id) + "/trials"}
	trials, err := s.surveys.Trials(c.UserContext(), id)
	if err != nil {
		return view, err
	}
	states, err := s.tryable(c, id)
	if err != nil {
		return view, err
	}
	programmes := []choiceOption{{"", "None", ""}}
	all, err := s.surveys.Programmes(c.UserContext())
	if err != nil {
		return view, err
	}
	for _, p := range all {
		programmes = append(programmes, choiceOption{string(p.ID), p.Name, ""})
	}
	view.Start = newForm(page, "trial", view.Path, "Make a test link", fieldset{Fields: []field{
		{Name: "version", Label: "What to try", Kind: "select", Options: states, Value: states[0].Value},
		{Name: "wave", Label: "As it is asked", Kind: "select", Options: waveOptions, Value: string(questionnaire.WavePost)},
		{Name: "programme", Label: "With the name and the clock of a programme", Kind: "select", Options: programmes},
	}})
	for i := len(trials) - 1; i >= 0; i-- {
		view.Trials = append(view.Trials, s.trialRow(c, trials[i]))
	}
	return view, nil
}

// tryable is what a questionnaire has to try: its draft, its versions.
func (s *Server) tryable(c *fiber.Ctx, id questionnaire.ID) ([]choiceOption, error) {
	var options []choiceOption
	_, err := s.surveys.Draft(c.UserContext(), id)
	switch {
	case err == nil:
		options = append(options, choiceOption{"0", "The draft as it is now", ""})
	case surveys.KindOf(err) != surveys.KindNotFound:
		return nil, err
	}
	versions, missing := s.surveys.Versions(c.UserContext(), id)
	if missing != nil && (surveys.KindOf(missing) != surveys.KindNotFound || len(options) == 0) {
		return nil, missing
	}
	for _, v := range versions {
		options = append(options, choiceOption{strconv.Itoa(v.Number), "Version " + strconv.Itoa(v.Number), ""})
	}
	return options, nil
}

func (s *Server) trialRow(c *fiber.Ctx, t surveys.Trial) trialRow {
	of := "Version " + strconv.Itoa(t.Version)
	if t.Version == 0 {
		of = "The draft as it was"
	}
	return trialRow{
		Address: questionnairePath(t.Questionnaire) + "/trials/" + t.Token, Link: s.base(c) + "/s/" + t.Token, Of: of, Wave: waveWords[t.Wave],
		Started: t.Started.Format("2006-01-02 15:04"), Ends: t.Ends.Format(time.DateOnly), By: t.By, Open: s.surveys.Now().Before(t.Ends),
	}
}

// startTrial makes a test link.
func (s *Server) startTrial(c *fiber.Ctx) error {
	n, err := strconv.Atoi(typed(c, "version"))
	if err != nil { // no page of ours sends it
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.unreadable", Err: err}
	}
	t, refusal := s.surveys.StartTrial(c.UserContext(), askedID(c), n, questionnaire.Wave(typed(c, "wave")), surveys.ProgrammeID(typed(c, "programme")))
	if refusal == nil {
		return sees(c, questionnairePath(t.Questionnaire)+"/trials/"+t.Token)
	}
	view, err := s.trialsView(c)
	if err != nil {
		return err
	}
	var problems questionnaire.Problems
	if errors.As(refusal, &problems) {
		view.Start.fill(c).Problem = "The draft cannot be answered yet. Put this right first:"
		for _, p := range problems {
			view.Start.Details = append(view.Start.Details, p.Where+": "+p.Cause)
		}
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/trials", view)
	}
	status, err := s.refuse(view.Start.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/trials", view)
}

// trialView is one test link with what came in.
type trialView struct {
	staffPage
	Trial     trialRow
	Path      string
	QR        template.HTML
	Responses []trialResponse
}

// trialResponse is one form that came in, as it would be stored.
type trialResponse struct {
	Number                    int
	Submitted, Language, Mode string
	Seconds                   int
	Answers                   []trialAnswer
}

// trialAnswer is one variable.
type trialAnswer struct{ Variable, Label, Words, Code, Missing string }

// trial shows one test link and the answers that came through it.
func (s *Server) trial(c *fiber.Ctx) error {
	t, responses, err := s.surveys.TrialAnswers(c.UserContext(), c.Params("trial"))
	if err != nil {
		return err
	}
	if t.Questionnaire != askedID(c) {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"}
	}
	id := t.Questionnaire
	page := s.staffPage(c, "Test link", crumb{"Questionnaires", "/questionnaires", false}, crumb{string(id), questionnairePath(id), false}, crumb{"Try it out", questionnairePath(id) + "/trials", false})
	view := trialView{staffPage: page, Trial: s.trialRow(c, t), Path: questionnairePath(id) + "/trials/" + t.Token}
	if view.QR, err = qrSVG(view.Trial.Link); err != nil {
		return err
	}
	for i, r := range responses {
		one := trialResponse{Number: i + 1, Submitted: r.Submitted.Format("2006-01-02 15:04"), Language: languageName(r.Language), Mode: modeInWords(r.Mode), Seconds: r.Seconds}
		for _, a := range r.Answers {
			one.Answers = append(one.Answers, trialAnswer{string(a.Variable), cut(titleOf(a.Label), 90), a.Words, a.Code, missingInWords[a.Missing]})
		}
		view.Responses = append(view.Responses, one)
	}
	return s.render(c, fiber.StatusOK, "staff/trial", view)
}

// endTrial closes a test link.
func (s *Server) endTrial(c *fiber.Ctx) error {
	if err := s.surveys.EndTrial(c.UserContext(), c.Params("trial")); err != nil {
		return err
	}
	return sees(c, questionnairePath(askedID(c))+"/trials")
}

func modeInWords(mode surveys.Mode) string {
	switch mode {
	case surveys.ModePhone:
		return "on a phone"
	case surveys.ModeShared:
		return "on a shared device"
	case surveys.ModePaper:
		return "on paper"
	}
	return string(mode)
}

// missingInWords says why there is no answer.
var missingInWords = map[questionnaire.Missing]string{
	questionnaire.NotAsked: "not asked", questionnaire.NotReached: "left blank", questionnaire.Declined: "would not say", questionnaire.DontKnow: "does not know",
	questionnaire.Withheld: "waits with the safeguarding lead", questionnaire.Illegible: "cannot be read", questionnaire.Ambiguous: "two boxes ticked",
}
