package app

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/outcomes"
)

// resultsView sets the strands of a programme side by side: each is an audience with
// a design of its own, and none is added to another.
type resultsView struct {
	staffPage
	Strands []strandResults
}

// strandResults is one strand in short.
type strandResults struct {
	Title, Audience, Design, Address string
	Unpublished                      bool   // its questionnaire has no version, so there are no results
	Making                           string // how far the report is; "" if it is there
	Kept                             string // see outcomesView
	Tiles                            []tile
	Headlines                        []string
	Caveat                           string
}

// results shows the headlines of every strand of a programme.
func (s *Server) results(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Results of all strands")
	if err != nil {
		return err
	}
	view := resultsView{staffPage: page}
	until := time.Now().Add(s.reports.patience) // for all of them together
	for _, strand := range p.Strands {
		one, err := s.strandResults(c.UserContext(), p.ID, strand, max(time.Until(until), glancePatience))
		if err != nil {
			return err
		}
		if one.Making != "" {
			view.Again = againEvery
		}
		view.Strands = append(view.Strands, one)
	}
	return s.render(c, fiber.StatusOK, "staff/results", view)
}

func (s *Server) strandResults(ctx context.Context, programme surveys.ProgrammeID, strand surveys.Strand, patience time.Duration) (strandResults, error) {
	view := strandResults{
		Title: strand.Title, Audience: audienceWords[strand.Audience], Design: designWords[strand.Design], Address: strandPath(programme, strand.ID),
	}
	_, state, err := s.report(ctx, programme, strand.ID, reportAsk{profile: surveys.ProfileInternal, patience: patience})
	if notPublished(err) {
		view.Unpublished = true
		return view, nil
	}
	if err != nil {
		return view, err
	}
	if state.report == nil || state.stale {
		view.Making = makingSentence(state)
	}
	if r := state.report; r != nil {
		view.Tiles, view.Headlines, view.Caveat = tilesOf(r), headlinesOf(r), outcomes.Caveat(r.Design)
		if !r.Frozen.IsZero() {
			view.Kept = "As of " + r.Frozen.Format(time.DateOnly) + ": kept when something that the figures are worked out from was destroyed."
		}
	}
	return view, nil
}

// headlinesOf are the sentences that a strand is judged by.
func headlinesOf(r *outcomes.Report) []string {
	var lines []string
	if text := r.Reach.Workshops.Sentence(r.Reach.People, r.People); text != "" {
		lines = append(lines, text+".")
	}
	for _, line := range outcomes.Headlines(r, sourceLanguage) {
		if line.Headline {
			lines = append(lines, line.Text)
		}
	}
	return lines
}
