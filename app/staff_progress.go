package app

import (
	"context"
	"fmt"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// progressBar is one line of counts with a bar: a fragment of live pages.
type progressBar struct {
	ID, Label     string
	Got, Expected int // Expected 0: not said
}

// Percent is how far the bar is filled, 0 to 100.
func (b progressBar) Percent() int {
	if b.Expected == 0 {
		return 0
	}
	return min(100, 100*b.Got/b.Expected)
}

// Text is the count in words.
func (b progressBar) Text() string {
	if b.Expected == 0 {
		return fmt.Sprint(b.Got)
	}
	return fmt.Sprintf("%d of %d", b.Got, b.Expected)
}

// liveCount is one number of a table: a fragment of live pages.
type liveCount struct {
	ID string
	N  int
}

// countKey is one cell of a programme's progress.
type countKey struct {
	cohort surveys.CohortID
	strand surveys.StrandID
	wave   questionnaire.Wave
}

func (k countKey) id() string { return fmt.Sprintf("n-%s-%s-%s", k.cohort, k.strand, k.wave) }

// progress is how many answers a programme has, ready for pages.
type progress struct {
	programme surveys.Programme
	cells     map[countKey]surveys.Progress
}

func (s *Server) progress(ctx context.Context, p surveys.Programme) (progress, error) {
	rows, err := s.surveys.Progress(ctx, p.ID)
	if err != nil {
		return progress{}, err
	}
	known := progress{p, make(map[countKey]surveys.Progress, len(rows))}
	for _, row := range rows {
		known.cells[countKey{row.Cohort, row.Strand, row.Wave}] = row
	}
	return known, nil
}

// count is the live number of one cohort, strand and wave.
func (p progress) count(cohort surveys.CohortID, strand surveys.StrandID, wave questionnaire.Wave) liveCount {
	key := countKey{cohort, strand, wave}
	return liveCount{key.id(), p.cells[key].Submitted}
}

// bars are a strand's waves with what came in and what is expected.
func (p progress) bars(strand surveys.Strand) []progressBar {
	var bars []progressBar
	for _, wave := range strand.Design.Waves() {
		bar := progressBar{ID: fmt.Sprintf("p-%s-%s", strand.ID, wave), Label: waveWord(strand.Design, wave)}
		for key, row := range p.cells {
			if key.strand == strand.ID && key.wave == wave {
				bar.Got += row.Submitted
				bar.Expected += row.Expected
			}
		}
		bars = append(bars, bar)
	}
	return bars
}

// rated is how many workshops of a strand have a rating, live; nil if it rates none.
func (p progress) rated(strand surveys.Strand) *liveCount {
	if strand.Design != surveys.DesignRating {
		return nil
	}
	count := liveCount{ID: fmt.Sprintf("w-%s", strand.ID)}
	for key, row := range p.cells {
		if key.strand == strand.ID {
			count.N += row.Workshops
		}
	}
	return &count
}

// total is how many answers came in altogether.
func (p progress) total() liveCount {
	total := liveCount{ID: "n-all"}
	for _, row := range p.cells {
		total.N += row.Submitted
	}
	return total
}

// fragments renders every live part of a programme's pages, by its id: the same
// parts as the pages show.
func (s *Server) fragments(ctx context.Context, id surveys.ProgrammeID) (map[string]string, error) {
	p, err := s.surveys.Programme(ctx, id)
	if err != nil {
		return nil, err
	}
	known, err := s.progress(ctx, p)
	if err != nil {
		return nil, err
	}
	parts := map[string]string{}
	if err := s.addFragment(parts, "count", "n-all", known.total()); err != nil {
		return nil, err
	}
	for _, strand := range p.Strands {
		for _, bar := range known.bars(strand) {
			if err := s.addFragment(parts, "progress", bar.ID, bar); err != nil {
				return nil, err
			}
		}
		if rated := known.rated(strand); rated != nil {
			if err := s.addFragment(parts, "count", rated.ID, *rated); err != nil {
				return nil, err
			}
		}
	}
	for key, row := range known.cells {
		if err := s.addFragment(parts, "count", key.id(), liveCount{key.id(), row.Submitted}); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func (s *Server) addFragment(parts map[string]string, part, id string, data any) error {
	html, err := s.views.fragment("staff/programme", part, data)
	if err == nil {
		parts[id] = string(html)
	}
	return err
}
