package outcomes

import (
	"maps"
	"slices"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// reach counts who took part.
func reach(d *surveys.Dataset, data *gathered, who *people, where []division) Reach {
	r := Reach{Workshops: workshopReach(d, data)}
	if len(d.Programme.Strands) <= 1 && !data.scope.narrowed { // a target is not for one of several, nor for some of the people
		r.TargetPeople, r.TargetInstitutions = d.Programme.Targets.People, d.Programme.Targets.Institutions
	}
	everyone := newTally("everyone", func(int) string { return "" })
	everyone.row("").Expected = data.expected(d, data.everyCohort())
	tallies := []*tally{everyone}
	for i := range where {
		if where[i].counted() {
			tallies = append(tallies, tallyOf(d, data, &where[i]))
		}
	}
	tallies = append(tallies, quarterTally(d, data), monthTally(d, data), languageTally(data))
	for _, t := range tallies {
		t.count(data, who)
		r.Rows = append(r.Rows, t.lines()...)
	}
	countThings(d, data, r.Rows)
	if whole := thingsBy(d, data, "everyone")[""]; whole != nil {
		r.Cohorts, r.Institutions, r.Places = len(whole.cohorts), len(whole.institutions), whole.institutions
	}
	r.People, r.PeopleAtMost = r.Rows[0].People, r.Rows[0].AtMost
	return r
}

// counted reports whether the table of reach has rows by v: it is of places.
func (v *division) counted() bool { return v.cohorts != nil }

// tally counts responses and people by some key of an entry.
type tally struct {
	by   string
	key  func(entry int) string // "": none
	all  bool                   // count key "" too
	rows map[string]*ReachRow
	keys []string // in the order shown
}

func newTally(by string, key func(entry int) string) *tally {
	return &tally{by: by, key: key, all: by == "everyone", rows: map[string]*ReachRow{}}
}

// row returns the row of a key, a new one if need be.
func (t *tally) row(key string) *ReachRow {
	if t.rows[key] == nil {
		t.rows[key] = &ReachRow{By: t.by, Name: key}
		t.keys = append(t.keys, key)
	}
	return t.rows[key]
}

// tallyOf counts by the groups of a division. A group with people expected has a
// row even if none came.
func tallyOf(d *surveys.Dataset, data *gathered, where *division) *tally {
	t := newTally(where.by, func(entry int) string {
		if g := where.of[entry]; g != noGroup {
			return where.groups[g].name
		}
		return ""
	})
	cohorts, wanted := make([][]int, len(where.groups)), make([]bool, len(where.groups))
	for i, g := range where.cohorts {
		if g != noGroup {
			cohorts[g] = append(cohorts[g], i)
			wanted[g] = wanted[g] || data.answered[i] || data.scope.holds(data.cohorts[i]) && d.Cohorts[data.cohorts[i]].Expected[d.Strand.ID] > 0
		}
	}
	for g := range where.groups {
		if wanted[g] {
			t.row(where.groups[g].name).Expected = data.expected(d, cohorts[g])
		}
	}
	return t
}

// monthTally counts by month of submission in the programme's zone.
func monthTally(d *surveys.Dataset, data *gathered) *tally {
	months := data.byMonth(d.Programme.Location(), func(at time.Time) string { return at.Format(monthFormat) })
	t := newTally("month", func(entry int) string { return months[entry] })
	return t.sorted(len(data.entries), map[string]bool{})
}

// monthFormat is how months are named: they sort by it.
const monthFormat = "2006-01"

// quarterTally counts by quarter of submission in the programme's zone. A quarter
// in which a cohort began or a workshop was held has a row even without an answer.
func quarterTally(d *surveys.Dataset, data *gathered) *tally {
	quarters := data.byMonth(d.Programme.Location(), QuarterOf)
	t := newTally("quarter", func(entry int) string { return quarters[entry] })
	keys := map[string]bool{}
	for _, quarter := range quartersOfCohorts(d, data) {
		keys[quarter] = true
	}
	if d.Strand.Design == surveys.DesignRating {
		for _, w := range d.Workshops {
			if data.scope.holds(w.Cohort) {
				keys[quarterOfDay(w.Date)] = true
			}
		}
	}
	delete(keys, "")
	return t.sorted(len(data.entries), keys)
}

func languageTally(data *gathered) *tally {
	t := newTally("language", func(entry int) string { return data.entries[entry].language })
	return t.sorted(len(data.entries), map[string]bool{})
}

// sorted makes the rows of all entries and of further keys, in the order of the
// keys.
func (t *tally) sorted(entries int, keys map[string]bool) *tally {
	for i := range entries {
		keys[t.key(i)] = true
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		t.row(key)
	}
	return t
}

// count adds the responses and the people.
func (t *tally) count(data *gathered, who *people) {
	for i := range data.entries {
		key := t.key(i)
		if who.repeat[i] || key == "" && !t.all {
			continue
		}
		switch data.entries[i].wave {
		case questionnaire.WavePre:
			t.row(key).Pre++
		case questionnaire.WavePost:
			t.row(key).Post++
		}
	}
	preOnly := map[string]int{}
	for _, one := range who.persons {
		key := t.key(one.entry())
		if key == "" && !t.all {
			continue
		}
		t.row(key).AtMost++
		switch {
		case one.post == nobody:
			preOnly[key]++
		case one.pre != nobody:
			t.row(key).Matched++
		}
	}
	for key, row := range t.rows {
		postOnly := row.AtMost - row.Matched - preOnly[key]
		row.People = row.Matched + max(preOnly[key], postOnly)
	}
}

// lines returns the rows in order.
func (t *tally) lines() []ReachRow {
	rows := make([]ReachRow, len(t.keys))
	for i, key := range t.keys {
		rows[i] = *t.rows[key]
	}
	return rows
}
