package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Coming back without JavaScript: a code that each page shows opens the answers
// begun, on this device or another, until it ends.

// resumeCode is what a page shows of it.
type resumeCode struct {
	Code     string // "" if there is none
	CodeEnds string // the last day, in words
}

// savedPage says that answers are saved, and how to come back to them.
type savedPage struct {
	sheet
	resumeCode
	Resume string // where they go on on this device
}

// resumePage asks for a code.
type resumePage struct {
	sheet
	Action, Back string
	Typed        string
	Problems     []fieldProblem
}

// resumeCodeOf is the code of a response for its pages. Who passes a device on to
// the next person gets none, nor who came by a personal link, which opens on any
// device by itself.
func (s *Server) resumeCodeOf(c *fiber.Ctx, v visit, r surveys.Response) (resumeCode, error) {
	if r.Mode == surveys.ModeShared || s.cookie(c, personalCookie) != "" {
		return resumeCode{}, nil
	}
	code, ends, err := s.surveys.ResumeCode(c.UserContext(), v.Link.Token, r)
	if err != nil && surveys.KindOf(err) == surveys.KindNotFound {
		return resumeCode{}, nil
	}
	if err != nil {
		return resumeCode{}, err
	}
	return resumeCode{code, s.locales.showDate(v.lang, ends.In(v.Programme.Location()), precisionDay)}, nil
}

// pauseAt saves what can be saved of a part and shows how to come back.
func (s *Server) pauseAt(c *fiber.Ctx, v visit, r surveys.Response, n int, raw questionnaire.Raw) error {
	broken, err := s.surveys.KeepPart(c.UserContext(), v.Link.Token, r.ID, n-1, raw)
	if err = s.missedCard(c, err, broken); err != nil {
		return err
	}
	return c.Redirect(v.path("/saved"), fiber.StatusSeeOther)
}

// getSaved shows the code once more.
func (s *Server) getSaved(c *fiber.Ctx) error {
	v, r, err := s.unsent(c)
	if err != nil {
		return err
	}
	page := savedPage{sheet: s.sheet(v, s.locales.say(v.lang, "respond.saved")), Resume: v.resume(r)}
	if page.resumeCode, err = s.resumeCodeOf(c, v, r); err != nil {
		return err
	}
	page.Languages = nil // chosen on the pages that ask
	return s.render(c, fiber.StatusOK, "respond/saved", page)
}

// getResume asks for a code.
func (s *Server) getResume(c *fiber.Ctx) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	if err := s.open(v); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "respond/resume", s.resumePage(v, "", nil))
}

func (s *Server) resumePage(v visit, typed string, refusal *surveys.Error) resumePage {
	page := resumePage{Action: v.path("/resume"), Back: v.path("?lang=" + v.lang), Typed: typed}
	if refusal != nil {
		page.Problems = []fieldProblem{{"#a-code", s.locales.say(v.lang, refusal.Key, refusal.Args...)}}
	}
	page.sheet = s.sheet(v, s.errorTitle(v, s.locales.say(v.lang, "respond.resume"), page.Problems))
	page.Styles = []string{"respond_short.css"}
	return page
}

// postResume opens the answers that a code belongs to, and ties them to this browser.
func (s *Server) postResume(c *fiber.Ctx) error {
	v, sent, err := posted(c, s.visit)
	if err != nil {
		return err
	}
	network, err := s.network(c)
	if err != nil {
		return err
	}
	code := string(sent.Peek("code"))
	r, err := s.surveys.Resume(c.UserContext(), network, v.Link.Token, code)
	if err != nil && surveys.KindOf(err) == surveys.KindNotFound {
		return s.render(c, fiber.StatusUnprocessableEntity, "respond/resume", s.resumePage(v, code, asError(err)))
	}
	if err != nil {
		return err
	}
	s.remember(c, v, r.ID)
	return c.Redirect(v.path("/start"), fiber.StatusSeeOther) // leads to where they go on
}
