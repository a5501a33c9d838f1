package app

import "github.com/gofiber/fiber/v2"

// factorsView is the part of the account's page about second factors.
type factorsView struct{}

func (s *Server) factorsView(*fiber.Ctx, staffPage) (factorsView, error) { return factorsView{}, nil }
