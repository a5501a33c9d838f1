package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// getCheck shows all answers before they are sent.
func (s *Server) getCheck(c *fiber.Ctx) error {
	v, r, err := s.sitting(c)
	if err != nil {
		return err
	}
	if r.Status != surveys.StatusInProgress {
		return c.Redirect(v.path("/thanks"), fiber.StatusSeeOther)
	}
	if err := s.open(v); err != nil {
		return err
	}
	return s.showCheck(c, v, r, fiber.StatusOK, nil)
}

// showCheck answers with all answers, and what is wrong with them.
func (s *Server) showCheck(c *fiber.Ctx, v visit, r surveys.Response, status int, errs questionnaire.FieldErrors) (err error) {
	page := s.checkPage(v, r, errs)
	if page.resumeCode, err = s.resumeCodeOf(c, v, r); err != nil {
		return err
	}
	return s.render(c, status, "respond/check", page)
}

// postSend sends what was saved part by part, once.
func (s *Server) postSend(c *fiber.Ctx) error {
	v, r, err := s.sitting(c)
	if err != nil {
		return err
	}
	if v.personal != "" {
		_, err = s.surveys.FinishPersonal(c.UserContext(), v.Link.Token, v.personal, r.ID)
	} else {
		_, err = s.surveys.Finish(c.UserContext(), v.Link.Token, r.ID)
	}
	if err != nil && surveys.KindOf(err) == surveys.KindInvalid {
		return s.showCheck(c, v, r, fiber.StatusUnprocessableEntity, asError(err).Fields)
	}
	if err != nil {
		return err
	}
	return c.Redirect(v.path("/thanks"), fiber.StatusSeeOther)
}

// receipt is the answer to a phone's post.
type receipt struct {
	Receipt   string `json:"receipt"`
	ThanksURL string `json:"thanks_url"`
}

// postSubmit takes a whole form in one post. Sent again it gives the same receipt.
func (s *Server) postSubmit(c *fiber.Ctx) error {
	v, sent, err := posted(c, s.visit)
	if err != nil {
		return err
	}
	sub := readSubmission(sent)
	if !wantsJSON(c) {
		s.noteTyped(c, v, nil, sub.Raw)
	}
	r, err := s.takeForm(c, v, sub.Raw, func() (surveys.Response, error) {
		return s.surveys.Submit(c.UserContext(), v.Link.Token, sub)
	})
	if err != nil {
		return err
	}
	s.remember(c, v, r.ID)
	if wantsJSON(c) {
		return c.JSON(receipt{surveys.ReceiptOf(r.ID), v.path("/thanks")})
	}
	return c.Redirect(v.path("/thanks"), fiber.StatusSeeOther)
}

// takeForm keeps a whole form, unless its network sends too many of them or guesses
// codes of cards: each way in that takes one goes through it.
func (s *Server) takeForm(c *fiber.Ctx, v visit, raw questionnaire.Raw, keep func() (surveys.Response, error)) (surveys.Response, error) {
	if err := s.maySubmit(c); err != nil {
		return surveys.Response{}, err
	}
	if err := s.mayTryCard(c, v, raw); err != nil {
		return surveys.Response{}, err
	}
	r, err := keep()
	if err != nil {
		err = s.missedCard(c, err, asError(err).Fields)
	}
	return r, err
}

// wantsJSON tells a script's post from a browser's.
func wantsJSON(c *fiber.Ctx) bool {
	return c.Get(fiber.HeaderAccept) == fiber.MIMEApplicationJSON
}

// getThanks thanks who has sent, gives the receipt and the numbers for help.
func (s *Server) getThanks(c *fiber.Ctx) error {
	v, r, err := s.sitting(c)
	if err != nil {
		return err
	}
	if r.Status == surveys.StatusInProgress {
		return c.Redirect(v.resume(r), fiber.StatusSeeOther)
	}
	return s.render(c, fiber.StatusOK, "respond/thanks", s.thanksPage(v, r))
}

// typedKey holds what was typed on a form that may be refused: it is shown back.
const typedKey = "typed"

// noteTyped remembers what was typed, in words, for the page of an error. part
// nil is every part. The elements of a linkage code are left out.
func (s *Server) noteTyped(c *fiber.Ctx, v visit, part *questionnaire.Part, raw questionnaire.Raw) {
	ids := []questionnaire.ItemID(nil)
	if part != nil {
		ids = []questionnaire.ItemID{part.ID}
	}
	c.Locals(typedKey, func() []answerRow {
		answers, _, _ := v.Instrument.ParseAnswers(v.Link.Wave, ids, raw)
		var rows []answerRow
		for _, p := range v.parts() {
			for _, row := range s.answerRows(v, v.itemsOf(p), answers) {
				if row.Shown != "" {
					rows = append(rows, row)
				}
			}
		}
		return rows
	})
}
