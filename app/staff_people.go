package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// peopleView gives roles in a programme, and to owners accounts.
type peopleView struct {
	staffPage
	Grant    *form
	Accounts []accountRow // for owners: all accounts
}

// accountRow is one account with its roles in this programme.
type accountRow struct {
	Name, Email string
	Owner       bool
	Roles       []string
}

func (s *Server) peopleView(c *fiber.Ctx) (peopleView, error) {
	page, p, err := s.programmePage(c, "People")
	if err != nil {
		return peopleView{}, err
	}
	view := peopleView{staffPage: page, Grant: newForm(page, "grant", programmePath(p.ID)+"/people", "Set the roles", fieldset{Fields: []field{
		{Name: "email", Label: "E-mail address of the account", Kind: "email", Required: true},
		{Name: "roles", Label: "Roles in this programme", Hint: "These replace the roles the account has here; none takes them away.", Kind: "checkboxes", Options: roleOptions},
	}})}
	if !page.Can.Own {
		return view, nil
	}
	accounts, err := s.surveys.Accounts(c.UserContext())
	for _, a := range accounts {
		view.Accounts = append(view.Accounts, accountRow{a.Name, a.Email, a.Owner, roleNames(a.Roles[p.ID])})
	}
	return view, err
}

// people shows the form that gives roles.
func (s *Server) people(c *fiber.Ctx) error {
	view, err := s.peopleView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/people", view)
}

// grant sets an account's roles in the programme.
func (s *Server) grant(c *fiber.Ctx) error {
	var roles []surveys.Role
	for _, name := range typedAll(c, "roles") {
		roles = append(roles, surveys.Role(name))
	}
	refusal := s.surveys.Grant(c.UserContext(), typed(c, "email"), programmeID(c), roles)
	if refusal == nil {
		return sees(c, programmePath(programmeID(c))+"/people")
	}
	view, err := s.peopleView(c)
	if err != nil {
		return err
	}
	status, err := s.refuse(view.Grant.fill(c), atControl(refusal, "email"))
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/people", view)
}

// atControl gives an error about the whole form the control that mends it.
func atControl(err error, name string) error {
	if e, ok := err.(*surveys.Error); ok && e.Field == "" { //nolint:errorlint // only the outermost is shown
		placed := *e
		placed.Field = name
		return &placed
	}
	return err
}
