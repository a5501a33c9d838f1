package app

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// accountsView lists all accounts, for owners.
type accountsView struct {
	staffPage
	Accounts []accountRow
	New      *form
}

func (s *Server) accountsView(c *fiber.Ctx) (accountsView, error) {
	page := s.staffPage(c, "Accounts", crumb{"Programmes", "/programmes", false})
	view := accountsView{staffPage: page, New: newForm(page, "account", "/accounts", "Create the account", fieldset{Fields: []field{
		{Name: "name", Label: "Name", Kind: "text", Required: true},
		{Name: "email", Label: "E-mail address", Kind: "email", Required: true},
		{Name: "password", Label: "First password", Hint: "At least 12 characters. Hand it over in person or by telephone.", Kind: "password", Complete: "new-password", Required: true},
		{Name: "owner", Label: "Owner", Kind: "checkboxes", Options: []choiceOption{{"yes", "Owner of the installation", "sets up programmes and accounts"}}},
	}})}
	accounts, err := s.surveys.Accounts(c.UserContext())
	for _, a := range accounts {
		view.Accounts = append(view.Accounts, accountRow{a.Name, a.Email, a.Owner, nil})
	}
	return view, err
}

// accounts lists all accounts and asks for another.
func (s *Server) accounts(c *fiber.Ctx) error {
	view, err := s.accountsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/accounts", view)
}

// createAccount adds an account with the password that is handed over.
func (s *Server) createAccount(c *fiber.Ctx) error {
	_, refusal := s.surveys.CreateAccount(c.UserContext(), surveys.Account{
		Name: strings.TrimSpace(typed(c, "name")), Email: typed(c, "email"), Owner: typed(c, "owner") == "yes",
	}, typed(c, "password"))
	if refusal == nil {
		return sees(c, "/accounts")
	}
	view, err := s.accountsView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.New.fill(c), refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/accounts", view)
}
