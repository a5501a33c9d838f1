package outcomes

import (
	"fmt"
	"strings"

	"soundings/surveys"
)

// WorkshopReach counts what raters rated, apart from the raters: workshops, and
// the people who were in them. A workshop counts once however many rate it, and
// so do the people in it: as many as who led it counted, or else the median of
// what its raters said (surveys.Workshop.Present).
type WorkshopReach struct {
	People  string `json:"people"`  // what those in the workshops are called: "pupils"
	All     int    `json:"all"`     // workshops of the programme, rated or not
	Rated   int    `json:"rated"`   // with a rating
	Present int    `json:"present"` // people at the rated ones
	Counted int    `json:"counted"` // the rated ones of which somebody said how many were there
	Undated int    `json:"undated"` // workshops without a day: they are in no row by quarter
	Unnamed int    `json:"unnamed"` // ratings that name no workshop: the people they saw are in none of these numbers
}

// ratings is what the raters said, by workshop.
type ratings struct {
	said    map[surveys.WorkshopID][]int // how many were there; an empty list if nobody said
	unnamed int
}

// rate keeps what r says of its workshop, in designs that rate one.
func (e *entry) rate(d *surveys.Dataset, r *surveys.Response) {
	e.present = unsaid
	if d.Strand.Design != surveys.DesignRating {
		return
	}
	e.workshop = surveys.WorkshopID(strings.Clone(string(r.Workshop)))
	if a, ok := r.Answers[d.Strand.Present]; ok && a.Number != nil && *a.Number >= 0 && *a.Number <= surveys.MostPresent {
		e.present = int(*a.Number)
	}
}

// add counts what one rater said.
func (r *ratings) add(e *entry) {
	if e.workshop == "" {
		r.unnamed++
		return
	}
	if r.said == nil {
		r.said = map[surveys.WorkshopID][]int{}
	}
	said := r.said[e.workshop]
	if e.present != unsaid {
		said = append(said, e.present)
	}
	r.said[e.workshop] = said
}

// workshopReach counts over everyone; nil in designs that rate nothing.
func workshopReach(d *surveys.Dataset, data *gathered) *WorkshopReach {
	if d.Strand.Design != surveys.DesignRating {
		return nil
	}
	reach := WorkshopReach{Unnamed: data.rated.unnamed, People: peopleIn(&d.Programme)}
	for id, w := range d.Workshops {
		if !data.scope.holds(w.Cohort) {
			continue
		}
		reach.All++
		if w.Date == "" {
			reach.Undated++
		}
		said, rated := data.rated.said[id]
		if !rated {
			continue
		}
		reach.Rated++
		if n := w.Present(said); n > 0 {
			reach.Present += n
			reach.Counted++
		}
	}
	return &reach
}

// peopleIn is what those in the workshops are called: as the programme's
// participants are.
func peopleIn(p *surveys.Programme) string {
	for _, strand := range p.Strands {
		if strand.Audience == surveys.AudienceParticipant && strand.Design != surveys.DesignRating && strand.People != "" {
			return strand.People
		}
	}
	return "people"
}

// Sentence says who rated what, each counted apart: "63 teachers rated 23 of 24
// workshops, with 891 pupils present (counted at 22 of them)". People are those
// who rate. It is "" if no workshop is known.
func (w *WorkshopReach) Sentence(raters int, people string) string {
	if w == nil || w.All == 0 {
		return ""
	}
	text := fmt.Sprintf("%s %s rated %s of %s workshops", count(raters-w.Unnamed), people, count(w.Rated), count(w.All))
	if w.Counted > 0 {
		text += fmt.Sprintf(", with %s %s present", count(w.Present), w.People)
	}
	if w.Counted > 0 && w.Counted < w.Rated {
		text += fmt.Sprintf(" (counted at %s of them)", count(w.Counted))
	}
	if w.Unnamed > 0 {
		text += fmt.Sprintf("; %s more named no workshop", count(w.Unnamed))
	}
	return text
}
