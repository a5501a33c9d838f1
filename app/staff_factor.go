package app

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/totp"
)

// factorPath is the page of an account's own second factor.
const factorPath = "/account/factor"

// factorView is the second factor of the account that acts: what there is, one that
// is being set up, or codes just made.
type factorView struct {
	staffPage
	Has     bool
	Since   string
	Left    int  // recovery codes
	Lacks   bool // it has to be set up before anything else
	Sealed  bool // secrets are sealed at rest
	QR      template.HTML
	Secret  string // of the one being set up, to type
	Begin   *form
	Confirm *form
	Renew   *form
	Remove  *form
	Codes   []string // just made; shown this once
}

// passwordField asks for one's own password again. An account that signs in elsewhere
// has none: it leaves the field empty and must have signed in just now.
func (s *Server) passwordField() field {
	hint := ""
	if s.surveys.ProviderName() != "" {
		hint = "If you only ever sign in elsewhere, leave it empty."
	}
	return field{Name: "password", Label: "Your password", Hint: hint, Kind: "password", Complete: "current-password"}
}

func (s *Server) factorView(c *fiber.Ctx) (factorView, error) {
	page := s.staffPage(c, "Second factor", crumb{"Your account", "/account", false})
	account, _ := surveys.AccountFrom(c.UserContext())
	view := factorView{staffPage: page, Sealed: s.surveys.SealsFactors()}
	password := fieldset{Fields: []field{s.passwordField()}}
	view.Begin = newForm(page, "begin", factorPath, "Set up a second factor", password)
	if account.Factor != nil {
		view.Has, view.Since, view.Left = true, account.Factor.Since.Format(time.DateOnly), account.Factor.Left
		view.Begin = newForm(page, "begin", factorPath, "Set it up on another phone", fieldset{Fields: []field{s.passwordField()}})
		view.Renew = newForm(page, "renew", factorPath+"/codes", "Make new recovery codes", fieldset{Fields: []field{s.passwordField()}})
		view.Remove = newForm(page, "remove", factorPath+"/remove", "Remove the second factor", fieldset{Fields: []field{s.passwordField()}})
	}
	var err error
	if view.Lacks, err = s.lacksFactor(c); err != nil {
		return view, err
	}
	secret, err := s.surveys.FactorBegun(c.UserContext())
	if err != nil && surveys.KindOf(err) != surveys.KindNotFound {
		return view, err
	}
	if err != nil {
		return view, nil
	}
	return view, view.begun(secret, s.issuer(), account.Email)
}

// begun shows a second factor that is being set up: for the phone's camera and to type.
func (v *factorView) begun(secret totp.Secret, issuer, email string) (err error) {
	v.Secret = secret.String()
	v.Confirm = newForm(v.staffPage, "confirm", factorPath+"/confirm", "Turn it on", fieldset{Fields: []field{
		{Name: "code", Label: "Code", Hint: "The six digits that the app shows now.", Kind: "text", Complete: "one-time-code", Required: true},
	}})
	v.QR, err = qrLabelled(secret.Address(issuer, email), "QR code of the secret that is written below it")
	return err
}

// issuer is what an app calls us among its other entries.
func (s *Server) issuer() string {
	if u, err := url.Parse(s.config.BaseURL); err == nil && u.Hostname() != "" {
		return "Soundings (" + u.Hostname() + ")"
	}
	return "Soundings"
}

// factor shows the second factor of the account that acts.
func (s *Server) factor(c *fiber.Ctx) error {
	view, err := s.factorView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/factor", view)
}

// refuseFactor shows the page again with what is wrong with one of its forms.
func (s *Server) refuseFactor(c *fiber.Ctx, refusal error, pick func(*factorView) *form, control string) error {
	view, err := s.factorView(c)
	if err != nil {
		return err
	}
	f := pick(&view)
	if f == nil { // what it was about is gone
		return refusal
	}
	status, err := s.refuse(f, atControl(refusal, control))
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/factor", view)
}

// beginFactor draws a secret and shows it.
func (s *Server) beginFactor(c *fiber.Ctx) error {
	err := s.surveys.BeginFactor(c.UserContext(), s.cookie(c, signInCookie), typed(c, "password"))
	if err != nil {
		return s.refuseFactor(c, err, func(v *factorView) *form { return v.Begin }, "password")
	}
	return sees(c, factorPath)
}

// dropFactor gives up setting one up.
func (s *Server) dropFactor(c *fiber.Ctx) error {
	if err := s.surveys.DropFactorBegun(c.UserContext()); err != nil {
		return err
	}
	return sees(c, factorPath)
}

// confirmFactor turns the second factor on. Its recovery codes are in this one answer
// and nowhere else.
func (s *Server) confirmFactor(c *fiber.Ctx) error {
	codes, next, err := s.surveys.ConfirmFactor(c.UserContext(), s.cookie(c, signInCookie), typed(c, "code"))
	if err != nil {
		return s.refuseFactor(c, err, func(v *factorView) *form { return v.Confirm }, "code")
	}
	s.setSignIn(c, next)
	return s.showCodes(c, codes)
}

// renewCodes makes the recovery codes anew, and shows them once.
func (s *Server) renewCodes(c *fiber.Ctx) error {
	codes, err := s.surveys.NewRecoveryCodes(c.UserContext(), s.cookie(c, signInCookie), typed(c, "password"))
	if err != nil {
		return s.refuseFactor(c, err, func(v *factorView) *form { return v.Renew }, "password")
	}
	return s.showCodes(c, codes)
}

func (s *Server) showCodes(c *fiber.Ctx, codes []string) error {
	page := s.staffPage(c, "Recovery codes", crumb{"Your account", "/account", false})
	return s.render(c, fiber.StatusCreated, "staff/factor", factorView{staffPage: page, Codes: codes})
}

// removeFactor takes the second factor of the account that acts away.
func (s *Server) removeFactor(c *fiber.Ctx) error {
	next, err := s.surveys.RemoveFactor(c.UserContext(), s.cookie(c, signInCookie), typed(c, "password"))
	if err != nil {
		return s.refuseFactor(c, err, func(v *factorView) *form { return v.Remove }, "password")
	}
	s.setSignIn(c, next)
	return sees(c, factorPath)
}

// lacksFactor reports whether the account that acts has to set up a second factor
// before it does anything else.
func (s *Server) lacksFactor(c *fiber.Ctx) (bool, error) {
	account, _ := surveys.AccountFrom(c.UserContext())
	signIn, _ := c.Locals(signInKey).(surveys.SignIn)
	return s.surveys.LacksFactor(c.UserContext(), account, signIn)
}

// heldBack sends who lacks a second factor to where it is set up, from everywhere but
// there and signing out. It reports whether it did.
func (s *Server) heldBack(c *fiber.Ctx, r route) (bool, error) {
	if r.access >= bearer || strings.HasPrefix(c.Path(), factorPath) || c.Path() == "/sign-out" {
		return false, nil
	}
	lacks, err := s.lacksFactor(c)
	if err != nil || !lacks {
		return false, err
	}
	return true, sees(c, factorPath)
}
