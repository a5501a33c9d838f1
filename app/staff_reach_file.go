package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
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

// reachToSend gathers the reach for a file or a program. What is published is
// remembered before it leaves, so that no later file gives few people away by what
// is different in it.
func (s *Server) reachToSend(c *fiber.Ctx) (surveys.Programme, outcomes.ProgrammeReach, error) {
	ctx, opt := c.UserContext(), s.reachOptions(c)
	p, err := s.surveys.Programme(ctx, programmeID(c))
	if err != nil {
		return p, outcomes.ProgrammeReach{}, err
	}
	if opt.Profile != surveys.ProfilePublished {
		all, err := s.reached(ctx, p, opt)
		return p, all, err
	}
	reports := make([]*outcomes.Report, len(p.Strands))
	for i, strand := range p.Strands {
		if reports[i], err = s.publishReach(ctx, p.ID, strand.ID, opt); err != nil && !notPublished(err) {
			return p, outcomes.ProgrammeReach{}, err
		}
	}
	all, err := s.together(ctx, p, reports, opt)
	return p, all, err
}

// publishReach builds a report beside what was published before, and remembers it.
func (s *Server) publishReach(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID, opt outcomes.Options) (report *outcomes.Report, err error) {
	err = s.surveys.ReleaseFigures(ctx, programme, strand, func(earlier []surveys.Release) (*surveys.Release, error) {
		data, _, err := s.surveys.FigureData(ctx, programme, strand)
		if err != nil {
			return nil, err
		}
		opt.Earlier = earlier
		if report, err = outcomes.Build(ctx, data, opt); err != nil || report.Release == nil {
			return nil, err
		}
		return namedRelease(programme, strand, "reach", *report.Release)
	})
	return report, err
}

// namedRelease names a release by what it tells: who takes the same again and again
// is remembered once.
func namedRelease(programme surveys.ProgrammeID, strand surveys.StrandID, format string, release surveys.Release) (*surveys.Release, error) {
	release.Format = format
	told, err := json.Marshal([]any{programme, strand, release})
	if err != nil {
		return nil, fmt.Errorf("naming a release: %w", err)
	}
	release.ID = fmt.Sprintf("%s-%x", format, sha256.Sum256(told))
	return &release, nil
}

// reachWhat says in a trail what was taken.
func reachWhat(all outcomes.ProgrammeReach) string {
	what := "profile " + string(all.Profile)
	if query := reachQuery(all.Filter).Encode(); query != "" {
		what += ", " + query
	}
	return what
}
