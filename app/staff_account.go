package app

import (
	"cmp"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// accountView is what an account sees of itself.
type accountView struct {
	staffPage
	Email  string
	Roles  []programmeRoles
	Tokens []tokenRow
	Token  *form
	Secret string // of the token just made; shown this once
}

// programmeRoles are the roles in one programme.
type programmeRoles struct {
	Programme, Address string
	Roles              []string
}

// tokenRow is one API token, without its secret.
type tokenRow struct{ ID, Name, Created, Ends string }

func (s *Server) accountView(c *fiber.Ctx) (accountView, error) {
	page := s.staffPage(c, "Your account", crumb{"Programmes", "/programmes", false})
	account, _ := surveys.AccountFrom(c.UserContext())
	view := accountView{staffPage: page, Email: account.Email}
	view.Token = newForm(page, "token", "/account/tokens", "Create a token", fieldset{Fields: []field{
		{Name: "name", Label: "Name of the token", Hint: "What it is for, as in “nightly export”", Kind: "text", Required: true},
	}})
	programmes, err := s.surveys.Programmes(c.UserContext())
	if err != nil {
		return view, err
	}
	for _, p := range programmes {
		view.Roles = append(view.Roles, programmeRoles{p.Name, programmePath(p.ID), roleNames(account.Roles[p.ID])})
	}
	tokens, err := s.surveys.APITokens(c.UserContext())
	for _, t := range tokens {
		view.Tokens = append(view.Tokens, tokenRow{t.ID, t.Name, t.Created.Format(time.DateOnly), t.Ends.Format(time.DateOnly)})
	}
	return view, err
}

// roleNames are the roles in words, in the order of the table of roles.
func roleNames(roles []surveys.Role) []string {
	sorted := slices.Clone(roles)
	order := surveys.Roles()
	slices.SortFunc(sorted, func(a, b surveys.Role) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) })
	names := make([]string, len(sorted))
	for i, role := range sorted {
		names[i] = roleWords[role]
	}
	return names
}

// account shows roles and API tokens.
func (s *Server) account(c *fiber.Ctx) error {
	view, err := s.accountView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/account", view)
}

// createToken makes an API token. Its secret is in this one answer and nowhere
// else, so there is no redirect to a page that could show it again.
func (s *Server) createToken(c *fiber.Ctx) error {
	secret, refusal := s.surveys.CreateAPIToken(c.UserContext(), typed(c, "name"))
	view, err := s.accountView(c)
	if err != nil {
		return err
	}
	view.Secret = secret
	status := fiber.StatusCreated
	if refusal != nil {
		if status, err = s.refuse(view.Token.fill(c), refusal); err != nil {
			return err
		}
	}
	return s.render(c, status, "staff/account", view)
}

// revokeToken ends an API token.
func (s *Server) revokeToken(c *fiber.Ctx) error {
	if err := s.surveys.RevokeAPIToken(c.UserContext(), c.Params("token")); err != nil {
		return err
	}
	return sees(c, "/account")
}
