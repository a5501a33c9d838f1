package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// apiReport answers with the Report in full precision; ?profile=internal hides
// small groups as the pages do.
func (s *Server) apiReport(c *fiber.Ctx) error {
	profile := surveys.Profile(c.Query("profile"))
	if !profile.Known() {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "api.profile", Field: "profile"}
	}
	d, err := s.surveys.Dataset(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")))
	if err != nil {
		return err
	}
	report, err := outcomes.Build(c.UserContext(), d, outcomes.Options{Profile: profile, Made: s.surveys.Now()})
	if err != nil {
		return err
	}
	if err := s.surveys.Audit(c.UserContext(), programmeID(c), "report.read", c.Params("strand")); err != nil {
		return err
	}
	return c.JSON(report)
}

// apiWorkbook sends the strand's workbook.
func (s *Server) apiWorkbook(c *fiber.Ctx) error { return s.sendWorkbook(c) }
