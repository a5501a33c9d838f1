package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// formView is a page that is one form.
type formView struct {
	staffPage
	Lead  string
	Form  *form  // nil: the page only says something
	After *crumb // where to go instead
}

func (s *Server) signInForm(c *fiber.Ctx) signInView {
	page := s.staffPage(c, "Sign in")
	view := signInView{Elsewhere: s.surveys.ProviderName()}
	view.formView = formView{staffPage: page, After: &crumb{"Forgotten password", "/forgotten", false}, Form: newForm(page, "sign-in", "/sign-in", "Sign in", fieldset{Fields: []field{
		{Name: "email", Label: "E-mail address", Kind: "email", Complete: "username", Required: true},
		{Name: "password", Label: "Password", Kind: "password", Complete: "current-password", Required: true},
	}})}
	return view
}

// signInPage asks who it is.
func (s *Server) signInPage(c *fiber.Ctx) error {
	tellOrigin(c)
	return s.render(c, fiber.StatusOK, "staff/sign_in", s.signInForm(c))
}

// signIn asks for an account by its password.
func (s *Server) signIn(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	from, err := s.visitor(c)
	if err != nil {
		return err
	}
	step, err := s.surveys.SignIn(c.UserContext(), typed(c, "email"), typed(c, "password"), from)
	if err == nil {
		return s.follow(c, step)
	}
	view := s.signInForm(c)
	status, err := s.refuse(view.Form.fill(c), err)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/sign_in", view)
}

// visitor is where a try to sign in comes from.
func (s *Server) visitor(c *fiber.Ctx) (surveys.Visitor, error) {
	network, err := s.network(c)
	return surveys.Visitor{Network: network, Device: s.cookie(c, deviceCookie)}, err
}

// deviceDays is how long a browser keeps that it is known.
const deviceDays = 180

// follow goes on after somebody has shown who they are: into the product, or to the
// second factor.
func (s *Server) follow(c *fiber.Ctx, step surveys.SignInStep) error {
	if step.Device != "" {
		s.setCookie(c, deviceCookie, step.Device, signInPath, s.surveys.Now().AddDate(0, 0, deviceDays))
	}
	if step.Secret == "" {
		s.setCookie(c, pendingCookie, step.Pending, signInPath, time.Time{})
		return sees(c, signInPath+"/second")
	}
	if s.cookie(c, pendingCookie) != "" {
		s.setCookie(c, pendingCookie, "", signInPath, time.Unix(1, 0))
	}
	s.setSignIn(c, step.Secret)
	return sees(c, "/programmes")
}

// setSignIn gives the browser the cookie of an open sign-in.
func (s *Server) setSignIn(c *fiber.Ctx, secret string) {
	s.setCookie(c, signInCookie, secret, "/", time.Time{})
}

// signOut ends the sign-in on both sides.
func (s *Server) signOut(c *fiber.Ctx) error {
	signIn, _ := c.Locals(signInKey).(surveys.SignIn)
	if err := s.surveys.SignOut(c.UserContext(), s.cookie(c, signInCookie)); err != nil {
		return err
	}
	s.setCookie(c, signInCookie, "", "/", time.Unix(1, 0))
	if signIn.Outside {
		return sees(c, elsewherePath+"/out")
	}
	return sees(c, "/sign-in")
}

func (s *Server) setUpForm(c *fiber.Ctx) formView {
	page := s.staffPage(c, "Set up Soundings")
	const lead = "This creates the first account. It owns the installation: it sets up programmes and gives others their accounts."
	return formView{staffPage: page, Lead: lead, Form: newForm(page, "set-up", "/set-up/"+c.Params("secret"), "Create the account", fieldset{Fields: []field{
		{Name: "name", Label: "Name", Kind: "text", Complete: "name", Required: true},
		{Name: "email", Label: "E-mail address", Kind: "email", Complete: "username", Required: true},
		{Name: "password", Label: "Password", Kind: "password", Hint: passwordHint, Complete: "new-password", Required: true},
		{Name: "again", Label: "The same password again", Kind: "password", Complete: "new-password", Required: true},
	}})}
}

// setUpPage asks for the first account, as long as the link works.
func (s *Server) setUpPage(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.surveys.SetUpOpen(c.UserContext(), c.Params("secret")); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", s.setUpForm(c))
}

// setUp creates the first account and asks it to sign in.
func (s *Server) setUp(c *fiber.Ctx) error {
	tellOrigin(c)
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	if err := s.surveys.SetUpOpen(c.UserContext(), c.Params("secret")); err != nil {
		return err
	}
	err := error(&surveys.Error{Kind: surveys.KindInvalid, Key: "account.passwords_differ", Field: "again"})
	if typed(c, "password") == typed(c, "again") {
		_, err = s.surveys.SetUp(c.UserContext(), c.Params("secret"), typed(c, "name"), typed(c, "email"), typed(c, "password"))
	}
	if err == nil {
		return sees(c, "/sign-in")
	}
	view := s.setUpForm(c)
	status, err := s.refuse(view.Form.fill(c), err)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/form", view)
}
