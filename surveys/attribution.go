package surveys

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Attribution is one way to say who a quote is by.
type Attribution struct {
	Role   string
	Level  Level
	Words  string // "Class teacher, Primary"
	People int    // who it could mean, at least
}

// Attributions are the ways to say who wrote an answer that at least smallest people
// share, the most general first. None names an institution.
func (s *Sharing) Attributions(a OpenAnswer, smallest int) []Attribution {
	var all []Attribution
	for _, role := range append([]string{s.data.Strand.Role}, a.Roles...) {
		for _, level := range Levels() {
			n := s.People(role, level, a.Cohort)
			if n < smallest && !(level == LevelRole && role == s.data.Strand.Role) {
				continue
			}
			all = append(all, Attribution{role, level, s.words(role, level, a.Cohort), n})
		}
	}
	return all
}

// words are a role and a level in one line.
func (s *Sharing) words(role string, level Level, cohort CohortID) string {
	switch level {
	case LevelPhase:
		return role + ", " + s.data.PhaseOf(cohort)
	case LevelCohort:
		return role + ", " + s.data.Cohorts[cohort].Name
	}
	return role
}

// checkAttribution refuses an attribution that fewer people share than figures need
// within the council; files ask again, by their own profile. What everybody of the
// strand is may always be said.
func (s *Service) checkAttribution(ctx context.Context, answer toDecide, decision *Reading) error {
	if !slices.Contains(Levels(), decision.Level) {
		return invalid("attribution", "quote.few_share")
	}
	general := strings.EqualFold(decision.Attribution, answer.strand.Role)
	if general && decision.Level == LevelRole {
		return nil
	}
	if !general && !slices.ContainsFunc(answer.Roles, func(role string) bool { return strings.EqualFold(role, decision.Attribution) }) {
		return invalid("attribution", "quote.few_share")
	}
	sharing, err := s.sharing(ctx, answer, general)
	if err != nil {
		return err
	}
	smallest := ProfileInternal.Smallest(answer.programme)
	if min(sharing.People(decision.Attribution, LevelRole, answer.Cohort), sharing.People(decision.Attribution, decision.Level, answer.Cohort)) < smallest {
		return invalid("attribution", "quote.few_share")
	}
	return nil
}

// sharing counts the people whom the strand's role could mean, from counts; those of
// what people said to be, from their answers.
func (s *Service) sharing(ctx context.Context, answer toDecide, general bool) (*Sharing, error) {
	d := &Dataset{Programme: answer.programme, Strand: answer.strand, store: s.store}
	if err := d.readPlaces(ctx, s); err != nil {
		return nil, err
	}
	if !general {
		desk, err := s.AnswerDesk(ctx, answer.programme.ID, answer.strand.ID)
		if err != nil {
			return nil, err
		}
		return desk.Sharing, nil
	}
	counts, err := s.store.CountResponses(ctx, answer.programme.ID)
	if err != nil {
		return nil, fmt.Errorf("counting who shares an attribution: %w", err)
	}
	sharing := d.NewSharing()
	for key, n := range counts {
		if key.Strand == answer.strand.ID && key.Status == StatusSubmitted {
			sharing.addMany(key, n)
		}
	}
	return sharing, nil
}

// addMany counts the people of one cohort and wave, of whom only the strand's role
// is known.
func (s *Sharing) addMany(key CountKey, n int) {
	role := strings.ToLower(s.data.Strand.Role)
	s.count(circle{role: role}, key.Wave, n)
	s.count(circle{role: role, cohort: key.Cohort}, key.Wave, n)
	if phase := s.data.PhaseOf(key.Cohort); phase != "" {
		s.count(circle{role: role, phase: phase}, key.Wave, n)
	}
}
