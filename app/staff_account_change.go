package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// passwordHint stands at every new password.
const passwordHint = "At least 12 characters. Three or four words in a row are good."

// passwordsDiffer is the refusal of a password that was typed in two ways; nil if it
// was not.
func passwordsDiffer(c *fiber.Ctx) error {
	if typed(c, "password") == typed(c, "again") {
		return nil
	}
	return &surveys.Error{Kind: surveys.KindInvalid, Key: "account.passwords_differ", Field: "again"}
}

// changeOwn goes back to the account, or shows it with what is wrong in one form.
func (s *Server) changeOwn(c *fiber.Ctx, refusal error, which func(accountView) *form) error {
	if refusal == nil {
		return sees(c, "/account")
	}
	view, err := s.accountView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(which(view).fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/account", view)
}

// changeName gives the account another name.
func (s *Server) changeName(c *fiber.Ctx) error {
	return s.changeOwn(c, s.surveys.ChangeName(c.UserContext(), typed(c, "name")), func(v accountView) *form { return v.Self })
}

// changeAddress gives the account another e-mail address.
func (s *Server) changeAddress(c *fiber.Ctx) error {
	refusal := s.surveys.ChangeAddress(c.UserContext(), typed(c, "email"), typed(c, "password"))
	return s.changeOwn(c, refusal, func(v accountView) *form { return v.Move })
}

// changePassword gives the account another password and this browser another
// sign-in; all others end.
func (s *Server) changePassword(c *fiber.Ctx) error {
	refusal := passwordsDiffer(c)
	if refusal == nil {
		var secret string
		if secret, refusal = s.surveys.ChangePassword(c.UserContext(), s.cookie(c, signInCookie), typed(c, "old"), typed(c, "password")); refusal == nil {
			s.setSignIn(c, secret)
		}
	}
	return s.changeOwn(c, refusal, func(v accountView) *form { return v.Password })
}

// endSignIn ends one sign-in of the account.
func (s *Server) endSignIn(c *fiber.Ctx) error {
	if err := s.surveys.EndSignIn(c.UserContext(), c.Params("session")); err != nil {
		return err
	}
	return sees(c, "/account")
}

// endOthers ends every other sign-in of the account.
func (s *Server) endOthers(c *fiber.Ctx) error {
	secret, err := s.surveys.EndOtherSignIns(c.UserContext(), s.cookie(c, signInCookie))
	if err != nil {
		return err
	}
	s.setSignIn(c, secret)
	return sees(c, "/account")
}
