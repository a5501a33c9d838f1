package app

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// sendReach sends the reach as one tidy table: a row a measure and group.
func (s *Server) sendReach(c *fiber.Ctx) error {
	p, all, err := s.reachToSend(c)
	if err != nil {
		return err
	}
	kind := "xlsx"
	if strings.HasSuffix(c.Path(), ".csv") {
		kind = "csv"
	}
	if err := s.surveys.Audit(c.UserContext(), p.ID, "reach.downloaded", reachWhat(all)); err != nil {
		return err
	}
	return s.sendTable(c, exports.ReachTable(all), fileName(p.Name)+"-reach", kind)
}

// apiReach answers with the reach of a programme; the profile is that of the
// account.
func (s *Server) apiReach(c *fiber.Ctx) error {
	p, all, err := s.reachToSend(c)
	if err != nil {
		return err
	}
	if err := s.surveys.Audit(c.UserContext(), p.ID, "reach.read", reachWhat(all)); err != nil {
		return err
	}
	return c.JSON(all)
}

func (s *Server) reachToSend(c *fiber.Ctx) (surveys.Programme, outcomes.ProgrammeReach, error) {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return p, outcomes.ProgrammeReach{}, err
	}
	all, err := s.reached(c.UserContext(), p, s.reachOptions(c))
	return p, all, err
}

// reachWhat says in a trail what was taken.
func reachWhat(all outcomes.ProgrammeReach) string {
	what := "profile " + string(all.Profile)
	if query := reachQuery(all.Filter).Encode(); query != "" {
		what += ", " + query
	}
	return what
}
