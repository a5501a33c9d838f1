package app

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// The way without JavaScript: one part a page, saved at each.

// sitting finds the response that this browser began through this link, and the
// link with the version that it answers.
func (s *Server) sitting(c *fiber.Ctx) (visit, surveys.Response, error) {
	v, err := s.visit(c)
	if err != nil {
		return v, surveys.Response{}, err
	}
	id := surveys.ResponseID(s.cookie(c, responseCookie))
	if !id.Valid() {
		return v, surveys.Response{}, noResponse(nil)
	}
	inv, r, err := s.surveys.InProgress(c.UserContext(), v.Link.Token, id)
	if err != nil && surveys.KindOf(err) == surveys.KindNotFound {
		return v, r, noResponse(err)
	}
	if err != nil {
		return v, r, err
	}
	v.Invitation, v.live, v.personal = inv, inv.Instrument.HasLogic(), s.personalOf(c, id)
	s.walk(&v, r)
	if askedLanguage(c, v.languages()) == "" {
		v.lang = r.Language
	}
	return v, r, nil
}

func noResponse(cause error) error {
	return &surveys.Error{Kind: surveys.KindNotFound, Key: "response.not_found", Err: cause}
}

// unsent is a sitting that can still be changed.
func (s *Server) unsent(c *fiber.Ctx) (visit, surveys.Response, error) {
	v, r, err := s.sitting(c)
	if err == nil && r.Status != surveys.StatusInProgress {
		err = &surveys.Error{Kind: surveys.KindConflict, Key: "response.sent_already"}
	}
	return v, r, err
}

// partOf is the part that an address names, numbered from 1.
func (v visit) partOf(c *fiber.Ctx) (int, *questionnaire.Part, error) {
	parts := v.parts()
	n, err := strconv.Atoi(c.Params("part"))
	if err != nil || n < 1 || n > len(parts) {
		return 0, nil, &surveys.Error{Kind: surveys.KindNotFound, Key: "part.not_found", Err: err}
	}
	return n, parts[n-1], nil
}

func (v visit) partPath(n int) string { return v.path("/part/" + strconv.Itoa(n)) }

// getPart shows one part with what was given before.
func (s *Server) getPart(c *fiber.Ctx) error {
	v, r, err := s.sitting(c)
	if err != nil {
		return err
	}
	if r.Status != surveys.StatusInProgress {
		return c.Redirect(v.path("/thanks"), fiber.StatusSeeOther)
	}
	n, part, err := v.partOf(c)
	if err != nil {
		return err
	}
	if err := s.open(v); err != nil {
		return err
	}
	if !v.asked(part) {
		return c.Redirect(v.after(c, r, n), fiber.StatusSeeOther)
	}
	return s.showPart(c, v, r, fiber.StatusOK, s.partPage(v, r, n, part, filled{raw: v.given(r, part)}))
}

// showPart answers with a part that is posted to the address it was asked for
// by: who came from the check goes back there.
func (s *Server) showPart(c *fiber.Ctx, v visit, r surveys.Response, status int, page partPage) (err error) {
	if page.resumeCode, err = s.resumeCodeOf(c, v, r); err != nil {
		return err
	}
	page.Action += query(c)
	return s.render(c, status, "respond/part", page)
}

// postPart saves one part and goes on: to the next part, back, to the check it
// was opened from, or to the same part in another language.
func (s *Server) postPart(c *fiber.Ctx) error {
	v, r, err := s.sitting(c)
	if err != nil {
		return err
	}
	n, part, err := v.partOf(c)
	if err != nil {
		return err
	}
	sent, err := postForm(c)
	if err != nil {
		return err
	}
	raw := readForm(sent, v.parts()[n-1:n], v.Link.Wave)
	s.noteTyped(c, v, part, raw)
	if err := s.mayTryCard(c, v, raw); err != nil {
		return err
	}
	if language := string(sent.Peek(controlLanguage)); language != "" {
		return s.switchPart(c, v, r, n, raw, language)
	}
	if sent.Has(controlBack) {
		return s.backFrom(c, v, r, n, raw)
	}
	if sent.Has(controlPause) {
		return s.pauseAt(c, v, r, n, raw)
	}
	saved, err := s.surveys.SavePart(c.UserContext(), v.Link.Token, r.ID, n-1, raw)
	if err != nil {
		err = s.missedCard(c, err, asError(err).Fields)
	}
	if err != nil && surveys.KindOf(err) == surveys.KindInvalid {
		return s.showPart(c, v, r, fiber.StatusUnprocessableEntity, s.partPage(v, r, n, part, filled{raw: raw, errs: asError(err).Fields}))
	}
	if err != nil {
		return err
	}
	s.walk(&v, saved)
	if page, wanted := s.wantsCode(v, r, n, raw, sent); wanted {
		return s.showPart(c, v, r, fiber.StatusOK, page)
	}
	return c.Redirect(v.after(c, saved, n), fiber.StatusSeeOther)
}

// front is the landing as this device opened it.
func (v visit) front(r surveys.Response) string {
	said := carried(v.saidIn(r.Answers))
	switch {
	case r.Mode == surveys.ModeShared:
		return v.path("?shared" + said)
	case said != "":
		return v.path("?" + said[1:])
	}
	return v.path("")
}

// after is where part n leads. Who came from the check goes back there, by way of
// parts that were not on the path before and so have never been shown.
func (v visit) after(c *fiber.Ctx, r surveys.Response, n int) string {
	next := v.from(n + 1)
	if c.Context().QueryArgs().Has("check") {
		if unseen := v.unseen(r); unseen > 0 {
			return v.partPath(unseen) + "?check"
		}
		return v.path("/check")
	}
	if next == 0 {
		return v.path("/check")
	}
	return v.partPath(next)
}

// backFrom saves what can be saved and goes to the part before.
func (s *Server) backFrom(c *fiber.Ctx, v visit, r surveys.Response, n int, raw questionnaire.Raw) error {
	broken, err := s.surveys.KeepPart(c.UserContext(), v.Link.Token, r.ID, n-1, raw)
	if err = s.missedCard(c, err, broken); err != nil {
		return err
	}
	if n = v.before(n); n == 0 {
		return c.Redirect(v.front(r), fiber.StatusSeeOther)
	}
	return c.Redirect(v.partPath(n), fiber.StatusSeeOther)
}

// switchPart shows the same part in another language, with what was typed.
func (s *Server) switchPart(c *fiber.Ctx, v visit, r surveys.Response, n int, raw questionnaire.Raw, language string) error {
	if !slices.Contains(v.languages(), language) {
		language = v.lang
	}
	broken, err := s.surveys.KeepPart(c.UserContext(), v.Link.Token, r.ID, n-1, raw)
	if err = s.missedCard(c, err, broken); err != nil {
		return err
	}
	if r, err = s.surveys.SetLanguage(c.UserContext(), v.Link.Token, r.ID, language); err != nil {
		return err
	}
	if len(broken) == 0 {
		return c.Redirect(v.partPath(n)+query(c), fiber.StatusSeeOther)
	}
	v.lang = language
	return s.showPart(c, v, r, fiber.StatusOK, s.partPage(v, r, n, v.parts()[n-1], filled{raw: raw}))
}

// postLanguage changes the language on the page that checks answers.
func (s *Server) postLanguage(c *fiber.Ctx) error {
	v, r, err := s.unsent(c)
	if err != nil {
		return err
	}
	sent, err := postForm(c)
	if err != nil {
		return err
	}
	if _, err := s.surveys.SetLanguage(c.UserContext(), v.Link.Token, r.ID, string(sent.Peek(controlLanguage))); err != nil {
		return err
	}
	return c.Redirect(v.path("/check"), fiber.StatusSeeOther)
}
