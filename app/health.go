package app

import "github.com/gofiber/fiber/v2"

// alive says that the process answers.
func (s *Server) alive(c *fiber.Ctx) error { return c.SendString("ok\n") }

// ready says that the store answers too.
func (s *Server) ready(c *fiber.Ctx) error {
	if err := s.surveys.Ping(c.UserContext()); err != nil {
		return err
	}
	return c.SendString("ok\n")
}
