package app

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// accountOfView is what an owner sees of an account.
type accountOfView struct {
	staffPage
	Account accountRow
	Roles   []programmeRoles
	Tokens  []tokenRow
	Self    bool
	Problem string
	Secret  *secretLink // for a new password; shown this once
}

func (s *Server) accountOfView(c *fiber.Ctx) (accountOfView, error) {
	page := s.staffPage(c, "Account", crumb{"Accounts", "/accounts", false})
	view := accountOfView{staffPage: page}
	accounts, err := s.surveys.Accounts(c.UserContext())
	if err != nil {
		return view, err
	}
	id := surveys.AccountID(c.Params("account"))
	at := slices.IndexFunc(accounts, func(a surveys.Account) bool { return a.ID == id })
	if at < 0 {
		return view, &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"}
	}
	account := accounts[at]
	actor, _ := surveys.AccountFrom(c.UserContext())
	view.Account, view.Title, view.Self = accountRowOf(account, nil), account.Name, actor.ID == id
	names, err := s.surveys.ProgrammeNames(c.UserContext())
	if err != nil {
		return view, err
	}
	for _, p := range names {
		if roles := account.Roles[p.ID]; len(roles) > 0 {
			view.Roles = append(view.Roles, programmeRoles{Programme: p.Name, Roles: roleNames(roles)})
		}
	}
	tokens, err := s.surveys.AllAPITokens(c.UserContext())
	for _, t := range tokens {
		if t.Account == id {
			view.Tokens = append(view.Tokens, tokenRowOf(t, ""))
		}
	}
	return view, err
}

// accountOf shows an owner one account.
func (s *Server) accountOf(c *fiber.Ctx) error {
	view, err := s.accountOfView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/account_of", view)
}

// makeReset makes the link for a new password. It is in this one answer and nowhere
// else, so there is no redirect.
func (s *Server) makeReset(c *fiber.Ctx) error {
	secret, refusal := s.surveys.MakeReset(c.UserContext(), accountID(c))
	view, err := s.accountOfView(c)
	if err != nil || refusal != nil {
		return s.refuseAccount(c, view, refusal, err)
	}
	view.Secret = &secretLink{For: view.Account.Name, Address: s.base(c) + "/reset/" + secret, Lasts: "a day"}
	return s.render(c, fiber.StatusCreated, "staff/account_of", view)
}

// refuseAccount shows an account with why what was asked is not done.
func (s *Server) refuseAccount(c *fiber.Ctx, view accountOfView, refusal, err error) error {
	if err != nil {
		return err
	}
	var form form
	status, err := s.refuse(&form, refusal)
	if err != nil {
		return err
	}
	view.Problem = form.Problem
	return s.render(c, status, "staff/account_of", view)
}

func accountID(c *fiber.Ctx) surveys.AccountID { return surveys.AccountID(c.Params("account")) }

// changed goes back to an account, or shows it with why it is as it was.
func (s *Server) changed(c *fiber.Ctx, refusal error) error {
	if refusal == nil {
		return sees(c, accountPath(accountID(c)))
	}
	view, err := s.accountOfView(c)
	return s.refuseAccount(c, view, refusal, err)
}

// setActive deactivates an account, or makes it active again.
func (s *Server) setActive(c *fiber.Ctx) error {
	return s.changed(c, s.surveys.SetInactive(c.UserContext(), accountID(c), typed(c, "do") != "activate"))
}

// setOwner makes an account an owner, or takes that away.
func (s *Server) setOwner(c *fiber.Ctx) error {
	return s.changed(c, s.surveys.SetOwner(c.UserContext(), accountID(c), typed(c, "do") == "make"))
}

// removeAccount removes an account for good.
func (s *Server) removeAccount(c *fiber.Ctx) error {
	if refusal := s.surveys.RemoveAccount(c.UserContext(), accountID(c)); refusal != nil {
		return s.changed(c, refusal)
	}
	return sees(c, "/accounts")
}
