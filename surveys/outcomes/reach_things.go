package outcomes

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"soundings/surveys"
)

// things are what a row of reach counts besides the people who answered: where
// they were, and how many were there.
type things struct {
	cohorts      []surveys.CohortID      // with an answer
	institutions []surveys.InstitutionID // of those cohorts, each once
	took         int                     // people who were there, as whoever led those cohorts counted
	untold       bool                    // of some cohort nobody said it
	held         []surveys.WorkshopID
	rated        []surveys.WorkshopID // those of them with a rating
	present      int                  // people at the rated ones
}

// countThings fills in what rows count besides people. Cohorts and institutions
// count in the quarter in which the cohort began: on its first day, or with its
// first answer if no day was said. Workshops count in that of their day. Rows by
// month and language have none of it.
func countThings(d *surveys.Dataset, data *gathered, rows []ReachRow) {
	for _, by := range []string{"everyone", "cohort", "institution", "phase", "area", "quarter"} {
		all := thingsBy(d, data, by)
		for i := range rows {
			if one := all[rows[i].Name]; rows[i].By == by && one != nil {
				one.fill(&rows[i])
			}
		}
	}
}

func (t *things) fill(row *ReachRow) {
	row.Cohorts, row.Institutions = len(t.cohorts), len(t.institutions)
	row.Held, row.Workshops, row.Present = len(t.held), len(t.rated), t.present
	if !t.untold {
		row.Took = t.took
	}
}

// thingsBy counts by the names of one kind of group.
func thingsBy(d *surveys.Dataset, data *gathered, by string) map[string]*things {
	all, names := map[string]*things{}, groupsOfCohorts(d, data, by)
	at := func(name string) *things {
		if all[name] == nil {
			all[name] = &things{}
		}
		return all[name]
	}
	for i, id := range data.cohorts {
		if data.answered[i] && (names[i] != "" || by == "everyone") {
			at(names[i]).addCohort(d, id)
			at(names[i]).untold = at(names[i]).untold || data.scope.partial
		}
	}
	if d.Strand.Design != surveys.DesignRating {
		return all
	}
	for _, w := range slices.SortedFunc(maps.Values(d.Workshops), byDay) {
		if !data.scope.holds(w.Cohort) {
			continue
		}
		name := quarterOfDay(w.Date)
		if by != "quarter" {
			i, ok := data.cohortIndex[w.Cohort]
			if !ok {
				continue
			}
			name = names[i]
		}
		if name != "" || by == "everyone" {
			said, rated := data.rated.said[w.ID]
			at(name).addWorkshop(w, said, rated)
		}
	}
	return all
}

func (t *things) addCohort(d *surveys.Dataset, id surveys.CohortID) {
	t.cohorts = append(t.cohorts, id)
	if institution := d.InstitutionOf(id).ID; institution != "" && !slices.Contains(t.institutions, institution) {
		t.institutions = append(t.institutions, institution)
	}
	n := d.Cohorts[id].Expected[d.Strand.ID]
	t.took += n
	t.untold = t.untold || n == 0
}

func (t *things) addWorkshop(w surveys.Workshop, said []int, rated bool) {
	t.held = append(t.held, w.ID)
	if rated {
		t.rated = append(t.rated, w.ID)
		t.present += w.Present(said)
	}
}

func byDay(a, b surveys.Workshop) int {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID))
}

// groupsOfCohorts names the group of every cohort, by index; "" if it is in none.
func groupsOfCohorts(d *surveys.Dataset, data *gathered, by string) []string {
	names := make([]string, len(data.cohorts))
	switch by {
	case "cohort":
		return cohortNames(d, data.cohorts)
	case "quarter":
		return quartersOfCohorts(d, data)
	}
	for i, id := range data.cohorts {
		switch by {
		case "institution":
			names[i] = d.InstitutionOf(id).Name
		case "phase":
			names[i] = d.PhaseOf(id)
		case "area":
			names[i] = d.InstitutionOf(id).Area
		}
	}
	return names
}

// quartersOfCohorts names the quarter in which each cohort began, by index; "" for
// those without an answer.
func quartersOfCohorts(d *surveys.Dataset, data *gathered) []string {
	quarters, zone := make([]string, len(data.cohorts)), d.Programme.Location()
	for i := range data.entries { // by time of submission
		if e := &data.entries[i]; quarters[e.cohort] == "" {
			quarters[e.cohort] = QuarterOf(e.submitted.In(zone))
		}
	}
	for i, id := range data.cohorts {
		if day := quarterOfDay(d.Cohorts[id].Starts); day != "" && quarters[i] != "" {
			quarters[i] = day
		}
	}
	return quarters
}

// quarterOfDay is the quarter of a day as "2006-01-02"; "" of none.
func quarterOfDay(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return QuarterOf(at)
}
