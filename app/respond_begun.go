package app

import (
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// postBegun takes a phone's word that somebody has begun to answer: a beacon after
// the first answer, which waits for nothing. It keeps no cookie and is no part of
// what is sent later.
func (s *Server) postBegun(c *fiber.Ctx) error { return s.noteBegun(c, c.Params("token")) }

func (s *Server) noteBegun(c *fiber.Ctx, token string) error {
	sent, err := postForm(c)
	if err != nil {
		return err
	}
	network, err := s.network(c)
	if err != nil {
		return err
	}
	if s.begunBrake.most > 0 && !s.begunBrake.take(network, s.surveys.Now()) {
		return &surveys.Error{Kind: surveys.KindThrottled, Key: "account.too_many_tries", Args: []any{int(submitWindow.Minutes())}}
	}
	err = s.surveys.Begin(c.UserContext(), token, surveys.ResponseID(sent.Peek(controlID)))
	if err != nil {
		return s.missed(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// tellBegun counts who begins page by page. A count is no reason to stop anybody.
func (s *Server) tellBegun(c *fiber.Ctx, v visit, id surveys.ResponseID) {
	if err := s.surveys.Begin(c.UserContext(), v.Link.Token, id); err != nil {
		s.log.LogAttrs(c.UserContext(), slog.LevelWarn, "a beginning was not counted", slog.String("cause", err.Error()))
	}
}
