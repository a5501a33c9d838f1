package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// factorsView is the part of the account's page about second factors and signing in
// elsewhere.
type factorsView struct {
	Since    string // of the second factor; "" is none
	Left     int    // recovery codes
	Provider string // "": nobody signs in elsewhere
	Linked   string // since when; "" is not linked
	ByGroup  bool   // some roles come by group
}

func (s *Server) factorsView(c *fiber.Ctx, _ staffPage) (factorsView, error) {
	account, _ := surveys.AccountFrom(c.UserContext())
	view := factorsView{Provider: s.surveys.ProviderName()}
	if account.Factor != nil {
		view.Since, view.Left = account.Factor.Since.Format(time.DateOnly), account.Factor.Left
	}
	if account.Outside != nil {
		view.Linked = account.Outside.Linked.Format(time.DateOnly)
		view.ByGroup = account.Outside.Owner || len(account.Outside.Roles) > 0
	}
	return view, nil
}
