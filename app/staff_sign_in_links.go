package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// These pages are for who is not signed in and has a one-time link, or wants one.
// Opening a link uses nothing up: programs that look at letters open them too.

func (s *Server) invitationForm(c *fiber.Ctx) (formView, error) {
	in, has, err := s.surveys.InvitationOf(c.UserContext(), c.Params("secret"))
	if err != nil {
		return formView{}, err
	}
	page := s.staffPage(c, "Your invitation")
	fields := []field{{Name: "password", Label: "Your password", Kind: "password", Complete: "current-password", Required: true}}
	lead := "You have an account with the address " + in.Email + ". Type its password to take the roles you are invited to."
	if !has {
		lead = "This makes your account with the address " + in.Email + ". Choose a password that only you know."
		fields = append([]field{{Name: "name", Label: "Name", Kind: "text", Complete: "name", Required: true, Value: in.Name}}, newPasswordFields()...)
	}
	return formView{staffPage: page, Lead: lead, Form: newForm(page, "invitation", "/invitation/"+c.Params("secret"), "Go on", fieldset{Fields: fields})}, nil
}

func newPasswordFields() []field {
	return []field{
		{Name: "password", Label: "Password", Kind: "password", Hint: passwordHint, Complete: "new-password", Required: true},
		{Name: "again", Label: "The same password again", Kind: "password", Complete: "new-password", Required: true},
	}
}

// invitationPage asks who is invited for a password.
func (s *Server) invitationPage(c *fiber.Ctx) error {
	tellOrigin(c)
	view, err := s.invitationForm(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", view)
}

// acceptInvitation makes the account, or gives it the roles, and signs in.
func (s *Server) acceptInvitation(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	view, err := s.invitationForm(c)
	if err != nil {
		return err
	}
	var refusal error
	if len(view.Form.Sets[0].Fields) > 1 {
		refusal = passwordsDiffer(c)
	}
	return s.enter(c, view, refusal, func(from surveys.Visitor) (surveys.SignInStep, error) {
		return s.surveys.Accept(c.UserContext(), c.Params("secret"), typed(c, "name"), typed(c, "password"), from)
	})
}

// enter goes on with what step says, or shows the form with what is wrong.
func (s *Server) enter(c *fiber.Ctx, view formView, refusal error, step func(surveys.Visitor) (surveys.SignInStep, error)) error {
	if refusal == nil {
		from, err := s.visitor(c)
		if err != nil {
			return err
		}
		var next surveys.SignInStep
		if next, refusal = step(from); refusal == nil {
			return s.follow(c, next)
		}
	}
	status, err := s.refuse(view.Form.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/form", view)
}

func (s *Server) resetForm(c *fiber.Ctx) formView {
	page := s.staffPage(c, "A new password")
	const lead = "This link works once. Wherever you are signed in with the old password, you are signed out."
	return formView{staffPage: page, Lead: lead, Form: newForm(page, "reset", "/reset/"+c.Params("secret"), "Set the password", fieldset{Fields: newPasswordFields()})}
}

// resetPage asks for a new password, as long as the link works.
func (s *Server) resetPage(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.surveys.ResetOpen(c.UserContext(), c.Params("secret")); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", s.resetForm(c))
}

// resetPassword sets the new password and signs in.
func (s *Server) resetPassword(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	if err := s.surveys.ResetOpen(c.UserContext(), c.Params("secret")); err != nil {
		return err
	}
	return s.enter(c, s.resetForm(c), passwordsDiffer(c), func(from surveys.Visitor) (surveys.SignInStep, error) {
		return s.surveys.Reset(c.UserContext(), c.Params("secret"), typed(c, "password"), from)
	})
}

func (s *Server) forgottenForm(c *fiber.Ctx) formView {
	page := s.staffPage(c, "Forgotten password", crumb{"Sign in", signInPath, false})
	if !s.surveys.WritesStaff() {
		return formView{staffPage: page, Lead: "No letters can be sent from here. Ask an owner of the installation for a link: with it you choose a new password."}
	}
	return formView{staffPage: page, Lead: "We write to you with a link for a new password, if the address has an account here.",
		Form: newForm(page, "forgotten", "/forgotten", "Send the link", fieldset{Fields: []field{
			{Name: "email", Label: "E-mail address", Kind: "email", Complete: "username", Required: true},
		}})}
}

// forgottenPage asks for whom a new password is wanted.
func (s *Server) forgottenPage(c *fiber.Ctx) error {
	tellOrigin(c)
	return s.render(c, fiber.StatusOK, "staff/form", s.forgottenForm(c))
}

// askReset takes an address down. Its answer is the same whether it has an account.
func (s *Server) askReset(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	view := s.forgottenForm(c)
	if view.Form == nil {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/form", view)
	}
	network, err := s.network(c)
	if err != nil {
		return err
	}
	if refusal := s.surveys.AskReset(c.UserContext(), typed(c, "email"), network); refusal != nil {
		status, err := s.refuse(view.Form.fill(c), refusal)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/form", view)
	}
	return sees(c, "/forgotten/sent")
}

// forgottenSent says what comes next.
func (s *Server) forgottenSent(c *fiber.Ctx) error {
	page := s.staffPage(c, "Look into your mail", crumb{"Sign in", signInPath, false})
	const lead = "If the address has an account here, a letter with a link comes within a few minutes. The link works for an hour, once. Asking again within the hour sends no other."
	return s.render(c, fiber.StatusOK, "staff/form", formView{staffPage: page, Lead: lead})
}
