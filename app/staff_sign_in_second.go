package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// secondPath is where a sign-in waits for its second factor.
const secondPath = signInPath + "/second"

func (s *Server) secondForm(c *fiber.Ctx) formView {
	page := s.staffPage(c, "Second factor")
	const lead = "Your password was right. Now show that you have your phone, too."
	return formView{staffPage: page, Lead: lead, Form: newForm(page, "second", secondPath, "Sign in", fieldset{Fields: []field{
		{Name: "code", Label: "Code", Hint: "The six digits that your app shows, or one of your recovery codes.", Kind: "text", Complete: "one-time-code", Required: true},
	}})}
}

// secondPage asks for the second factor of a sign-in that waits.
func (s *Server) secondPage(c *fiber.Ctx) error {
	tellOrigin(c)
	if _, err := s.surveys.PendingSignIn(c.UserContext(), s.cookie(c, pendingCookie)); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", s.secondForm(c))
}

// second checks the second factor and opens the sign-in that waits.
func (s *Server) second(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	from, err := s.visitor(c)
	if err != nil {
		return err
	}
	step, err := s.surveys.SecondFactor(c.UserContext(), s.cookie(c, pendingCookie), typed(c, "code"), from)
	if err == nil {
		return s.follow(c, step)
	}
	if surveys.KindOf(err) == surveys.KindUnauthenticated { // it waits no more: the password is asked for again
		s.setCookie(c, pendingCookie, "", signInPath, time.Unix(1, 0))
		return sees(c, signInPath)
	}
	view := s.secondForm(c)
	status, err := s.refuse(view.Form, atControl(err, "code")) // a wrong code is typed anew
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/form", view)
}
