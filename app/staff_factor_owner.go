package app

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// rulesPath is the page of the rules of signing in.
const rulesPath = "/sign-in-rules"

func (s *Server) rulesForm(c *fiber.Ctx) (formView, error) {
	rules, err := s.surveys.SignInRules(c.UserContext())
	if err != nil {
		return formView{}, err
	}
	page := s.staffPage(c, "Rules of signing in", crumb{"Accounts", "/accounts", false})
	options := []choiceOption{{"factor", "Everyone who reads answers needs a second factor", "Evaluators, safeguarding leads and owners. Who has none sets one up before anything else."}}
	if s.surveys.ProviderName() != "" {
		options = append(options,
			choiceOption{"factor_outside", "Ask for it after signing in elsewhere, too", "Otherwise that is left to " + s.surveys.ProviderName() + "."},
			choiceOption{"outside_only", "Sign in only with " + s.surveys.ProviderName(), "Owners keep their passwords, as the door for when it does not answer."})
	}
	const lead = "They hold at every sign-in, and for whoever is signed in from the next page on."
	view := formView{staffPage: page, Lead: lead, Form: newForm(page, "rules", rulesPath, "Save the rules", fieldset{Fields: []field{
		{Name: "rules", Label: "Rules", Kind: "checkboxes", Options: options, Values: ruleValues(rules)},
	}})}
	view.Form.Hidden = []button{{"revision", strconv.FormatInt(rules.Revision, 10)}}
	return view, nil
}

func ruleValues(r surveys.SignInRules) []string {
	var on []string
	for _, one := range []struct {
		name string
		on   bool
	}{{"factor", r.Factor}, {"factor_outside", r.FactorOutside}, {"outside_only", r.OutsideOnly}} {
		if one.on {
			on = append(on, one.name)
		}
	}
	return on
}

// signInRules shows the rules of signing in.
func (s *Server) signInRules(c *fiber.Ctx) error {
	view, err := s.rulesForm(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", view)
}

// setSignInRules changes them.
func (s *Server) setSignInRules(c *fiber.Ctx) error {
	on := typedAll(c, "rules")
	revision, _ := strconv.ParseInt(typed(c, "revision"), 10, 64) // nonsense is a revision that is stale
	refusal := s.surveys.SetSignInRules(c.UserContext(), surveys.SignInRules{
		Factor: slices.Contains(on, "factor"), FactorOutside: slices.Contains(on, "factor_outside"), OutsideOnly: slices.Contains(on, "outside_only"),
		Revision: revision,
	})
	if refusal == nil {
		return sees(c, rulesPath)
	}
	view, err := s.rulesForm(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.Form.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/form", view)
}

func (s *Server) takeFactorForm(c *fiber.Ctx) (formView, error) {
	account, err := s.surveys.AccountWithFactor(c.UserContext(), surveys.AccountID(c.Params("account")))
	if err != nil {
		return formView{}, err
	}
	page := s.staffPage(c, "Take a second factor away", crumb{"Accounts", "/accounts", false})
	lead := "For " + account.Name + ", whose phone and recovery codes are lost. Make sure that it is them who ask, in person or by telephone: from then on their password is enough. Every sign-in of theirs ends, and they are written to."
	return formView{staffPage: page, Lead: lead, Form: newForm(page, "take", c.Path(), "Take it away", fieldset{Fields: []field{s.passwordField()}})}, nil
}

// takeFactorPage asks an owner whether another's second factor is to be taken away.
func (s *Server) takeFactorPage(c *fiber.Ctx) error {
	view, err := s.takeFactorForm(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/form", view)
}

// takeFactor takes it away.
func (s *Server) takeFactor(c *fiber.Ctx) error {
	view, err := s.takeFactorForm(c)
	if err != nil {
		return err
	}
	refusal := s.surveys.TakeFactor(c.UserContext(), surveys.AccountID(c.Params("account")), s.cookie(c, signInCookie), typed(c, "password"))
	if refusal == nil {
		return sees(c, "/accounts")
	}
	status, err := s.refuse(view.Form, atControl(refusal, "password"))
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/form", view)
}
