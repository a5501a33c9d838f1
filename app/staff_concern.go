package app

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/concerns"
)

// concernView is one concern with its answer, what was done and what can be.
type concernView struct {
	staffPage
	Address   string
	Row       concernRow
	Pieces    []textPiece // the answer; what is marked has With
	Lang      string
	Choice    bool
	Aside     bool
	Gone      bool
	Status    string // of the response, where no result has it
	Steps     []concernStep
	Act       *form
	CanReopen bool
	Hand      string // what the button says; "": there is nobody to hand it to
}

// concernStep is one thing that was done, in words.
type concernStep struct{ When, Who, Did, On, Note, Then string }

var concernStepWords = map[surveys.StepKind]string{
	surveys.StepReferred: "Referred: social care, police or a doctor", surveys.StepTalked: "Talked to somebody", surveys.StepPassed: "Passed on, as to the school’s own lead",
	surveys.StepNoConcern: "No concern", surveys.StepOther: "Something else",
	surveys.StepReopened: "Opened again", surveys.StepHanded: "Handed over", surveys.StepRaised: "Raised by a reader", surveys.StepAgain: "The answer was changed and marked anew",
}

// showConcern shows one concern; the trail is told.
func (s *Server) showConcern(c *fiber.Ctx) error {
	view, err := s.concernView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/concern", view)
}

func (s *Server) concernView(c *fiber.Ctx) (*concernView, error) {
	page, p, err := s.carePage(c, "A concern")
	if err != nil {
		return nil, err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Concerns", programmePath(p.ID) + "/concerns", false})
	opened, err := s.surveys.OpenConcern(c.UserContext(), p.ID, c.Params("concern"))
	if err != nil {
		return nil, err
	}
	view := &concernView{
		staffPage: page, Address: concernPath(p.ID, opened.ID), Row: concernRowOf(p, opened.ListedConcern), Lang: opened.Language,
		Choice: opened.Choice, Aside: opened.Aside, Gone: opened.Gone, CanReopen: opened.State != surveys.ConcernOpen,
		Pieces: piecesOfSigns(opened.Text, opened.Signs), Steps: concernSteps(p, opened.Concern),
	}
	if opened.Status != surveys.StatusSubmitted && !opened.Gone {
		view.Status = statusWords[opened.Status]
	}
	if p.Safeguarding.Lead != "" && p.Safeguarding.Deputy != "" {
		view.Hand = "Hand it to the deputy"
		if opened.With == p.Safeguarding.Deputy {
			view.Hand = "Hand it back to the lead"
		}
	}
	view.Act = actForm(page, view.Address, p, opened.Concern)
	return view, nil
}

// piecesOfSigns cuts a text where words of it are marked.
func piecesOfSigns(text string, signs []concerns.Sign) []textPiece {
	var pieces []textPiece
	at := 0
	for _, sign := range signs {
		if sign.From < at || sign.To > len(text) || sign.To <= sign.From {
			return []textPiece{{Text: text}} // the answer is not what was marked any more
		}
		if sign.From > at {
			pieces = append(pieces, textPiece{Text: text[at:sign.From]})
		}
		pieces = append(pieces, textPiece{Text: text[sign.From:sign.To], With: "marked"})
		at = sign.To
	}
	if at < len(text) {
		pieces = append(pieces, textPiece{Text: text[at:]})
	}
	return pieces
}

func concernSteps(p surveys.Programme, c surveys.Concern) []concernStep {
	var steps []concernStep
	for _, one := range c.Steps {
		step := concernStep{
			When: one.At.In(p.Location()).Format("2 Jan 2006 15:04"), Who: one.Name, Did: concernStepWords[one.Kind], Note: one.Note, Then: concernWords[one.Then],
		}
		if day, err := time.Parse(time.DateOnly, one.On); err == nil {
			step.On = day.Format("2 Jan 2006")
		}
		steps = append(steps, step)
	}
	return steps
}

// actForm asks what was done and how it stands then.
func actForm(page staffPage, address string, p surveys.Programme, c surveys.Concern) *form {
	kinds := []choiceOption{{"", "Choose …", ""}}
	for _, kind := range surveys.StepKinds() {
		kinds = append(kinds, choiceOption{string(kind), concernStepWords[kind], ""})
	}
	f := newForm(page, "act", address, "Keep what was done", fieldset{Fields: []field{
		{Name: "kind", Label: "What was done", Kind: "select", Options: kinds, Required: true},
		{Name: "on", Label: "On which day", Hint: "Blank for today", Kind: "date"},
		{Name: "note", Label: "In your words", Hint: "Whom you told, what they said, what happens next. Only lead and deputy see it.", Kind: "textarea", Rows: 4, Required: true},
		{Name: "then", Label: "How it stands now", Kind: "radios", Value: string(surveys.ConcernOpen), Options: []choiceOption{
			{string(surveys.ConcernOpen), "There is more to do", "It stays in the queue, and the answer with you"},
			{string(surveys.ConcernKept), "Dealt with: the answer stays with lead and deputy", "No evaluator, file or quote ever has it"},
			{string(surveys.ConcernReleased), "Dealt with: evaluators may read and use the answer", "As every other; it still has to be cleared or approved by them"},
		}},
	}})
	f.Hidden = []button{{"revision", strconv.FormatInt(c.Revision, 10)}}
	return f
}

// changeConcern keeps what was done, opens it again, or hands it over.
func (s *Server) changeConcern(c *fiber.Ctx) error {
	id, concern := programmeID(c), c.Params("concern")
	switch typed(c, "do") {
	case "reopen":
		if err := s.surveys.ReopenConcern(c.UserContext(), id, concern); err != nil {
			return err
		}
		return sees(c, concernPath(id, concern))
	case "hand":
		if err := s.surveys.HandConcern(c.UserContext(), id, concern); err != nil {
			return err
		}
		return sees(c, concernPath(id, concern))
	}
	revision, err := strconv.ParseInt(typed(c, "revision"), 10, 64)
	if err != nil {
		if _, unknown := s.concernView(c); unknown != nil {
			return unknown
		}
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "page.stale_form", Err: err}
	}
	refusal := s.surveys.ActOnConcern(c.UserContext(), surveys.ConcernAction{
		Programme: id, ID: concern, Revision: revision, Kind: surveys.StepKind(typed(c, "kind")), On: typed(c, "on"), Note: typed(c, "note"),
		Then: surveys.ConcernState(typed(c, "then")),
	})
	if refusal == nil {
		return sees(c, concernPath(id, concern))
	}
	view, err := s.concernView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.Act.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/concern", view)
}

// concernResponseView is all that the person of a concern answered.
type concernResponseView struct {
	staffPage
	Row     concernRow
	Answers []answeredItem
	Aside   []answeredItem
}

// concernResponse shows it; the trail is told.
func (s *Server) concernResponse(c *fiber.Ctx) error {
	page, p, err := s.carePage(c, "The whole response")
	if err != nil {
		return err
	}
	listed, r, in, err := s.surveys.ConcernResponse(c.UserContext(), p.ID, c.Params("concern"))
	if err != nil {
		return err
	}
	page.Crumbs = append(page.Crumbs, crumb{"Concerns", programmePath(p.ID) + "/concerns", false}, crumb{"A concern", concernPath(p.ID, listed.ID), false})
	view := concernResponseView{staffPage: page, Row: concernRowOf(p, listed)}
	view.Answers, view.Aside = s.answeredItems("", in, r)
	for _, list := range [][]answeredItem{view.Answers, view.Aside} {
		for i := range list {
			list[i].Address = "" // a lead corrects nothing
		}
	}
	return s.render(c, fiber.StatusOK, "staff/concern_response", view)
}
