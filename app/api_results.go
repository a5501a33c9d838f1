package app

import (
	"cmp"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// apiReport answers with the Report in full precision. ?profile=internal or published
// hides what that hides; the filter is that of the pages: ?cohort=…&from=2026-01-01.
func (s *Server) apiReport(c *fiber.Ctx) error {
	ask, err := askedReport(c, surveys.ProfileRows)
	if err != nil {
		return err
	}
	_, state, err := s.report(c.UserContext(), programmeID(c), surveys.StrandID(c.Params("strand")), ask)
	if err != nil {
		return err
	}
	if err := s.surveys.Audit(c.UserContext(), programmeID(c), "report.read", ask.what(c.Params("strand"))); err != nil {
		return err
	}
	return c.JSON(state.report)
}

// apiWorkbook sends the strand's workbook.
func (s *Server) apiWorkbook(c *fiber.Ctx) error { return s.sendWorkbook(c) }

// what says in a trail which report of a strand was read: ids and codes, no answer.
func (a reportAsk) what(strand string) string {
	filter := "everybody"
	if text, err := json.Marshal(a.filter); err == nil && !a.filter.Empty() {
		filter = string(text)
	}
	return strand + ", profile " + cmp.Or(string(a.profile), "none") + ", of " + filter
}
