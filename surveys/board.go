package surveys

import (
	"context"
	"time"

	"soundings/surveys/questionnaire"
)

// BoardRow is how far one cohort × strand × wave has come. Raters, workshops and
// the people in them are counted apart.
type BoardRow struct {
	Institution Institution // the zero one if the cohort is at none
	Cohort      Cohort
	Strand      Strand
	Wave        questionnaire.Wave
	Received    int
	Expected    int       // 0: not said
	Last        time.Time // of the latest answer; zero: there is none
	Link        Link      // the one that is handed out; zero if there is none
	State       string    // of Link: see Link.State; "none" without one

	Workshops int // of the cohort, in a strand that rates
	Rated     int // those of them with an answer
	Present   int // people at the rated ones, as who led them counted; see Attended
	Counted   int // the rated ones of which somebody counted
}

// Rate is Received of Expected as a share; ok is false where nobody said how many
// are expected.
func (r BoardRow) Rate() (rate float64, ok bool) {
	if r.Expected == 0 {
		return 0, false
	}
	return float64(r.Received) / float64(r.Expected), true
}

// Lacks reports whether answers are still wanted: nobody has answered, or fewer
// than expected.
func (r BoardRow) Lacks() bool { return r.Received == 0 || r.Received < r.Expected }

// Board tells for every cohort × strand × wave of the plan who has answered: by
// cohort in the order of creation, then strand and wave of the plan. It reads six
// lists, however many cohorts there are, and no answer. Link is that of who may run
// links alone.
func (s *Service) Board(ctx context.Context, id ProgrammeID) ([]BoardRow, error) {
	account, err := require(ctx, id, MaySeeProgramme)
	if err != nil {
		return nil, err
	}
	m, err := s.packMaker(ctx, id, Pack{})
	if err != nil {
		return nil, err
	}
	tallies, err := s.store.Tallies(ctx, id)
	if err != nil {
		return nil, err
	}
	arrived, now := arrivals(tallies), s.now()
	var rows []BoardRow
	for _, cohort := range m.cohorts {
		for _, strand := range m.programme.Strands {
			for _, wave := range strand.Design.Waves() {
				row := BoardRow{Institution: m.institutions[cohort.Institution], Cohort: cohort, Strand: strand, Wave: wave, Expected: cohort.Expected[strand.ID], State: "none"}
				if l, ok := m.there[linkPlace{cohort.ID, strand.ID, wave, ""}]; ok {
					row.State = l.State(now)
					if account.May(id, MayRunLinks) {
						row.Link = l
					}
				}
				row.count(arrived, m.workshops[cohort.ID])
				rows = append(rows, row)
			}
		}
	}
	return rows, nil
}

// arrival is what came in for one place.
type arrival struct {
	n    int
	last time.Time
}

// arrivals adds the submitted responses up by what they are for: each workshop by
// itself, and all of a cohort, whatever they rate, under no workshop.
func arrivals(tallies []Tally) map[linkPlace]arrival {
	all := make(map[linkPlace]arrival, len(tallies))
	for _, t := range tallies {
		if t.Status != StatusSubmitted {
			continue
		}
		place := linkPlace{t.Cohort, t.Strand, t.Wave, ""}
		sum := all[place]
		sum.n += t.Responses
		if t.Last.After(sum.last) {
			sum.last = t.Last
		}
		all[place] = sum
		if place.workshop = t.Workshop; t.Workshop != "" {
			all[place] = arrival{t.Responses, t.Last}
		}
	}
	return all
}

// count takes what came in for a row, and which of its workshops were rated.
func (r *BoardRow) count(arrived map[linkPlace]arrival, workshops []Workshop) {
	place := linkPlace{r.Cohort.ID, r.Strand.ID, r.Wave, ""}
	r.Received, r.Last = arrived[place].n, arrived[place].last
	if r.Strand.Design != DesignRating {
		return
	}
	r.Workshops = len(workshops)
	for _, w := range workshops {
		place.workshop = w.ID
		if arrived[place].n == 0 {
			continue
		}
		r.Rated++
		if w.Attended > 0 {
			r.Present += w.Attended
			r.Counted++
		}
	}
}
