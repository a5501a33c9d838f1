package app

import (
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// elsewherePath is where a browser is sent to the provider from, and comes back to
// below. It is a link: the content security policy lets forms end here only.
const elsewherePath = signInPath + "/oidc"

// elsewhereCookie binds what comes back from the provider to the browser that left.
const elsewhereCookie = "soundings_elsewhere"

// signInView is the page that asks who it is.
type signInView struct {
	formView
	Elsewhere string // name of where else to sign in; "": nowhere
	Out       string // address to sign out there, too
}

// goElsewhere sends the browser to the provider.
func (s *Server) goElsewhere(c *fiber.Ctx) error {
	if c.Method() != fiber.MethodGet { // who only asks for the head goes nowhere
		return sees(c, signInPath)
	}
	from, err := s.visitor(c)
	if err != nil {
		return err
	}
	to, err := s.surveys.SignInElsewhere(c.UserContext(), from, s.cookie(c, elsewhereCookie))
	if err != nil {
		return s.refuseElsewhere(c, err)
	}
	s.setCookie(c, elsewhereCookie, to.Browser, "/", to.Ends)
	return sees(c, to.Address)
}

// backFromElsewhere ends what was begun: a sign-in, or a link to the account.
func (s *Server) backFromElsewhere(c *fiber.Ctx) error {
	if c.Query("error") != "" {
		return s.refuseElsewhere(c, &surveys.Error{Kind: surveys.KindUnauthenticated, Key: "elsewhere.declined", Args: []any{s.surveys.ProviderName()}})
	}
	from, err := s.visitor(c)
	if err != nil {
		return err
	}
	step, linked, err := s.surveys.BackFromElsewhere(c.UserContext(), surveys.Returned{
		State: c.Query("state"), Code: c.Query("code"), Browser: s.cookie(c, elsewhereCookie), SignIn: s.cookie(c, signInCookie), From: from,
	})
	if err != nil && linked {
		return s.refuseLink(c, err)
	}
	if err != nil {
		return s.refuseElsewhere(c, err)
	}
	s.setCookie(c, elsewhereCookie, "", "/", time.Unix(1, 0))
	if linked {
		return sees(c, "/account/elsewhere")
	}
	return s.follow(c, step)
}

// refuseElsewhere shows the page to sign in with what went wrong: the password still
// works when the provider does not. Why is for the log; nothing in it is private.
func (s *Server) refuseElsewhere(c *fiber.Ctx, err error) error {
	shown := asError(err)
	if shown.Kind == surveys.KindNotFound || shown.Kind == surveys.KindInternal {
		return err
	}
	s.tellElsewhere(c, shown)
	tellOrigin(c)
	view := s.signInForm(c)
	view.Form.Problem = s.staffSentence(shown.Key, shown.Args...)
	return s.render(c, outcomeOf[shown.Kind].status, "staff/sign_in", view)
}

// tellElsewhere writes into the log why a sign-in elsewhere failed.
func (s *Server) tellElsewhere(c *fiber.Ctx, shown *surveys.Error) {
	cause := ""
	if shown.Err != nil {
		cause = shown.Err.Error()
	}
	s.log.LogAttrs(c.UserContext(), slog.LevelWarn, "sign-in elsewhere refused",
		slog.String("request_id", requestID(c)),
		slog.String("kind", shown.Kind.String()),
		slog.String("key", shown.Key),
		slog.String("cause", cause))
}

// outElsewhere is where a sign-in that came from the provider ends: there it goes on,
// and who shares a computer wants to end it there, too.
func (s *Server) outElsewhere(c *fiber.Ctx) error {
	tellOrigin(c)
	view := s.signInForm(c)
	view.Lead = "You are signed out here."
	if address, err := s.surveys.ProviderSignOut(c.UserContext()); err == nil {
		view.Out = address
	}
	return s.render(c, fiber.StatusOK, "staff/sign_in", view)
}

// elsewhereView is where the account that acts signs in elsewhere.
type elsewhereView struct {
	staffPage
	Provider  string // "": nowhere
	Linked    string // since when; "" is not linked
	Seen      string // when its groups were last heard
	NotListed bool   // it has too many groups to be listed
	ByGroup   []programmeRoles
	Owner     bool // by group
	Go        string
	Link, End *form
}

func (s *Server) elsewhereView(c *fiber.Ctx) (elsewhereView, error) {
	page := s.staffPage(c, "Sign-in elsewhere", crumb{"Your account", "/account", false})
	view := elsewhereView{staffPage: page, Provider: s.surveys.ProviderName()}
	account, _ := surveys.AccountFrom(c.UserContext())
	if account.Outside == nil {
		view.Link = newForm(page, "link", "/account/elsewhere", "Link this account", fieldset{Fields: []field{s.passwordField()}})
		return view, nil
	}
	view.End = newForm(page, "end", "/account/elsewhere/end", "End the link", fieldset{Fields: []field{s.passwordField()}})
	view.Linked, view.Seen = account.Outside.Linked.Format(time.DateOnly), account.Outside.Seen.Format(time.DateOnly)
	view.NotListed, view.Owner = account.Outside.NotListed, account.Outside.Owner
	programmes, err := s.surveys.Programmes(c.UserContext())
	for _, p := range programmes {
		if roles := account.Outside.Roles[p.ID]; len(roles) > 0 {
			view.ByGroup = append(view.ByGroup, programmeRoles{p.Name, programmePath(p.ID), roleNames(roles)})
		}
	}
	return view, err
}

// elsewhere shows where the account that acts signs in elsewhere.
func (s *Server) elsewhere(c *fiber.Ctx) error {
	view, err := s.elsewhereView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/elsewhere", view)
}

// linkElsewhere begins to link the account to who it is at the provider. A form may
// not end at another site, so the page that follows has a link there.
func (s *Server) linkElsewhere(c *fiber.Ctx) error {
	view, err := s.elsewhereView(c)
	if err != nil {
		return err
	}
	to, refusal := s.surveys.LinkElsewhere(c.UserContext(), s.cookie(c, signInCookie), typed(c, "password"), s.cookie(c, elsewhereCookie))
	if refusal != nil {
		return s.refuseAt(c, &view, view.Link, refusal)
	}
	s.setCookie(c, elsewhereCookie, to.Browser, "/", to.Ends)
	view.Go, view.Link = to.Address, nil
	return s.render(c, fiber.StatusOK, "staff/elsewhere", view)
}

// unlinkElsewhere ends the link.
func (s *Server) unlinkElsewhere(c *fiber.Ctx) error {
	refusal := s.surveys.UnlinkElsewhere(c.UserContext(), s.cookie(c, signInCookie), typed(c, "password"))
	if refusal == nil {
		return sees(c, "/account/elsewhere")
	}
	view, err := s.elsewhereView(c)
	if err != nil {
		return err
	}
	return s.refuseAt(c, &view, view.End, refusal)
}

func (s *Server) refuseAt(c *fiber.Ctx, view *elsewhereView, f *form, refusal error) error {
	if f == nil {
		return refusal
	}
	if shown := asError(refusal); shown.Kind == surveys.KindUnavailable && shown.Key == "elsewhere.down" {
		s.tellElsewhere(c, shown)
		f.Problem = s.staffSentence(shown.Key, shown.Args...)
		return s.render(c, fiber.StatusServiceUnavailable, "staff/elsewhere", *view)
	}
	status, err := s.refuse(f, atControl(refusal, "password"))
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/elsewhere", *view)
}

// refuseLink shows that the account could not be linked, to whoever is signed in.
func (s *Server) refuseLink(c *fiber.Ctx, err error) error {
	shown := asError(err)
	s.tellElsewhere(c, shown)
	account, signIn, signedOut := s.surveys.SignedIn(c.UserContext(), s.cookie(c, signInCookie))
	if signedOut != nil {
		return s.refuseElsewhere(c, err)
	}
	c.Locals(signInKey, signIn)
	c.SetUserContext(surveys.WithAccount(c.UserContext(), account))
	view, viewErr := s.elsewhereView(c)
	if viewErr != nil || view.Link == nil {
		return err
	}
	view.Link.Problem = s.staffSentence(shown.Key, shown.Args...)
	return s.render(c, outcomeOf[shown.Kind].status, "staff/elsewhere", view)
}
