package app

import "github.com/gofiber/fiber/v2"

// alive says that the process answers.
func (s *Server) alive(c *fiber.Ctx) error { return c.SendString("ok\n") }

// ready says that the store answers too, and that it goes on answering.
func (s *Server) ready(c *fiber.Ctx) error {
	if s.ending.Load() {
		return c.Status(fiber.StatusServiceUnavailable).SendString("ending\n")
	}
	if err := s.surveys.Ping(c.UserContext()); err != nil {
		return err
	}
	return c.SendString("ok\n")
}
