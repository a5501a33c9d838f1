package app

import (
	"fmt"

	"github.com/gofiber/fiber/v2"
)

// waitingThings is what waits for the account that looks, on its first page.
type waitingThings struct {
	Title string
	CSRF  string
	List  []waitingThing
}

// waitingThing is one of them. ID is "" for what goes away when it is done.
type waitingThing struct{ ID, Subject, Address string }

// waiting lists what the account was to be written and was not.
func (s *Server) waiting(c *fiber.Ctx, page staffPage) (*waitingThings, error) {
	alerts, err := s.surveys.Alerts(c.UserContext())
	if err != nil || len(alerts) == 0 {
		return nil, err
	}
	w := &waitingThings{Title: thingsWait(len(alerts)), CSRF: page.CSRF}
	for _, a := range alerts {
		w.List = append(w.List, waitingThing{a.ID, a.Subject, a.Path})
	}
	return w, nil
}

func thingsWait(n int) string {
	if n == 1 {
		return "One thing waits for you"
	}
	return fmt.Sprintf("%d things wait for you", n)
}

// seenAlert takes one of them off the list.
func (s *Server) seenAlert(c *fiber.Ctx) error {
	if err := s.surveys.SeenAlert(c.UserContext(), typed(c, "alert")); err != nil {
		return err
	}
	return sees(c, "/programmes")
}
