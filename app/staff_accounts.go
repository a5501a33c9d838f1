package app

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// accountsView lists all accounts, invitations and tokens, for owners.
type accountsView struct {
	staffPage
	Accounts    []accountRow
	Invitations []invitationRow
	Revoke      string // before an invitation's id
	Orphans     []orphanRow
	Appoint     *form // nil: every programme has an administrator
	Tokens      []tokenRow
	New         *form
	Secret      *secretLink // of the link just made; shown this once
}

// invitationRow is an invitation that still works.
type invitationRow struct {
	ID, Name, Email, Ends string
	Owner                 bool
	Roles                 []string
}

// orphanRow is a programme that nobody administers.
type orphanRow struct{ Name string }

// secretLink is a one-time link as it is shown once.
type secretLink struct {
	For, Address, Lasts string
	Written             bool // sent by e-mail too
}

func (s *Server) accountsView(c *fiber.Ctx) (accountsView, error) {
	page := s.staffPage(c, "Accounts", crumb{"Programmes", "/programmes", false})
	view := accountsView{staffPage: page, Revoke: "/accounts/invitations/", New: newForm(page, "account", "/accounts", "Make the link", fieldset{Fields: []field{
		{Name: "name", Label: "Name", Kind: "text", Required: true},
		{Name: "email", Label: "E-mail address", Kind: "email", Required: true},
		{Name: "owner", Label: "Owner", Kind: "checkboxes", Options: []choiceOption{{"yes", "Owner of the installation", "sets up programmes and accounts"}}},
	}})}
	accounts, err := s.surveys.Accounts(c.UserContext())
	if err != nil {
		return view, err
	}
	for _, a := range accounts {
		view.Accounts = append(view.Accounts, accountRowOf(a, nil))
	}
	if view.Invitations, err = s.invitationRows(c, ""); err != nil {
		return view, err
	}
	if err := s.addOrphans(c, &view, accounts); err != nil {
		return view, err
	}
	view.Tokens, err = s.allTokens(c, accounts)
	return view, err
}

func accountRowOf(a surveys.Account, roles []string) accountRow {
	return accountRow{Name: a.Name, Email: a.Email, Owner: a.Owner, Inactive: a.Inactive, Factor: a.Factor != nil, Roles: roles, Address: accountPath(a.ID)}
}

func accountPath(id surveys.AccountID) string { return "/accounts/" + string(id) }

func (s *Server) invitationRows(c *fiber.Ctx, programme surveys.ProgrammeID) ([]invitationRow, error) {
	all, err := s.surveys.Invitations(c.UserContext(), programme)
	rows := make([]invitationRow, 0, len(all))
	for _, in := range all {
		rows = append(rows, invitationRow{in.ID, in.Name, in.Email, in.Ends.Format(time.DateOnly), in.Owner, roleNames(in.Roles)})
	}
	return rows, err
}

// addOrphans offers to give programmes without an administrator one.
func (s *Server) addOrphans(c *fiber.Ctx, view *accountsView, accounts []surveys.Account) error {
	orphans, err := s.surveys.Orphans(c.UserContext())
	if err != nil || len(orphans) == 0 {
		return err
	}
	var programmes, people []choiceOption
	for _, p := range orphans {
		view.Orphans = append(view.Orphans, orphanRow{p.Name})
		programmes = append(programmes, choiceOption{string(p.ID), p.Name, ""})
	}
	for _, a := range accounts {
		if !a.Inactive {
			people = append(people, choiceOption{string(a.ID), a.Name, ""})
		}
	}
	view.Appoint = newForm(view.staffPage, "appoint", "/accounts/appoint", "Make administrator", fieldset{Fields: []field{
		{Name: "programme", Label: "Programme", Kind: "select", Options: programmes},
		{Name: "account", Label: "Its administrator", Kind: "select", Options: people},
	}})
	return nil
}

// allTokens are everybody's API tokens, each with the name of whose it is.
func (s *Server) allTokens(c *fiber.Ctx, accounts []surveys.Account) ([]tokenRow, error) {
	tokens, err := s.surveys.AllAPITokens(c.UserContext())
	var rows []tokenRow
	for _, t := range tokens {
		row := tokenRowOf(t, "")
		if i := slices.IndexFunc(accounts, func(a surveys.Account) bool { return a.ID == t.Account }); i >= 0 {
			row.Whose = accounts[i].Name
		}
		rows = append(rows, row)
	}
	return rows, err
}

// accounts lists all accounts and asks whom to invite.
func (s *Server) accounts(c *fiber.Ctx) error {
	view, err := s.accountsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/accounts", view)
}

// invite makes the link with which somebody makes an account. It is in this one
// answer and nowhere else, so there is no redirect.
func (s *Server) invite(c *fiber.Ctx) error {
	in := surveys.StaffInvitation{Name: typed(c, "name"), Email: typed(c, "email"), Owner: typed(c, "owner") == "yes"}
	secret, refusal := s.surveys.Invite(c.UserContext(), in)
	view, err := s.accountsView(c)
	if err != nil {
		return err
	}
	status := fiber.StatusCreated
	if refusal != nil {
		if status, err = s.refuse(view.New.fill(c), refusal); err != nil {
			return err
		}
	} else {
		view.Secret = s.invitationLink(c, in, secret)
	}
	return s.render(c, status, "staff/accounts", view)
}

func (s *Server) invitationLink(c *fiber.Ctx, in surveys.StaffInvitation, secret string) *secretLink {
	return &secretLink{For: strings.TrimSpace(in.Name), Address: s.base(c) + "/invitation/" + secret, Lasts: "seven days", Written: s.surveys.WritesStaff()}
}

// revokeInvitation ends an invitation to the installation.
func (s *Server) revokeInvitation(c *fiber.Ctx) error {
	if err := s.surveys.RevokeInvitation(c.UserContext(), "", c.Params("invitation")); err != nil {
		return err
	}
	return sees(c, "/accounts")
}

// revokeAnyToken ends an API token of any account.
func (s *Server) revokeAnyToken(c *fiber.Ctx) error {
	if err := s.surveys.RevokeAPIToken(c.UserContext(), c.Params("token")); err != nil {
		return err
	}
	return sees(c, "/accounts")
}

// appoint gives a programme that nobody administers an administrator.
func (s *Server) appoint(c *fiber.Ctx) error {
	err := s.surveys.Appoint(c.UserContext(), surveys.ProgrammeID(typed(c, "programme")), surveys.AccountID(typed(c, "account")))
	if err != nil {
		return err
	}
	return sees(c, "/accounts")
}
