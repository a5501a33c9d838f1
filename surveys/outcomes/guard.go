package outcomes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// guard is what a profile hides beside the small groups: what would be known of few
// people by setting a report against another, of other people or of another day.
type guard struct {
	smallest int
	withheld bool                            // everything
	groups   map[groupKey]bool               // of every measure, and in the table of reach
	measures map[questionnaire.ItemID]*guard // what is hidden of one beside that
	narrowed bool                            // there is a filter

	// More numbers of people that must not be few, nor left over, beside those of a
	// group: of everyone, and by group.
	whole []int
	more  map[groupKey][]int
}

func newGuard(smallest int) *guard {
	return &guard{smallest: smallest, groups: map[groupKey]bool{}, measures: map[questionnaire.ItemID]*guard{}, more: map[groupKey][]int{}}
}

// everyone are the numbers of everyone that must not be few; people are the last.
func (g *guard) everyone(own []int) []int { return slices.Concat(g.whole, own) }

// counts are those of a group.
func (g *guard) counts(key groupKey, own []int) []int {
	more := make([]int, len(g.whole))
	copy(more, g.more[key])
	return append(more, own...)
}

// watch adds a number of people of everyone, and that of each group.
func (g *guard) watch(n int, by map[groupKey]int) {
	for key, part := range by {
		more := make([]int, len(g.whole)+1)
		copy(more, g.more[key])
		more[len(g.whole)] = part
		g.more[key] = more
	}
	g.whole = append(g.whole, n)
}

// hides reports whether a group of a measure is hidden; of the table of reach if
// the measure is "".
func (g *guard) hides(m questionnaire.ItemID, key groupKey) bool {
	one := g.measures[m]
	return g.groups[key] || one != nil && one.groups[key]
}

// withholds reports whether a measure is withheld.
func (g *guard) withholds(m questionnaire.ItemID) bool {
	one := g.measures[m]
	return g.withheld || one != nil && one.withheld
}

// wholeMonths widens the days of a filter to whole months: two periods that differ
// by a day would tell of those who answered on it.
func wholeMonths(f surveys.Filter) surveys.Filter {
	if from, err := time.Parse(time.DateOnly, f.From); err == nil {
		f.From = from.AddDate(0, 0, 1-from.Day()).Format(time.DateOnly)
	}
	if to, err := time.Parse(time.DateOnly, f.To); err == nil {
		f.To = to.AddDate(0, 1, -to.Day()).Format(time.DateOnly)
	}
	return f
}

// guardFilter says what a filtered report must not show beside one of everybody, or
// beside one with more or fewer of the filter's lists and values. The filter parts
// people into classes: those who have the same of its values, or none of them, in
// each of its lists. Each class must be nobody or smallest people, of everyone, of
// those with an answer to a measure, and within each group that is shown; of a
// period that goes for its first and its last month.
func (g *guard) guardFilter(whole *roll, f surveys.Filter) error {
	if f.Empty() {
		return nil
	}
	g.narrowed = true
	d, data, who, where := whole.d, whole.data, whole.who, whole.where
	s, err := newSieve(d, data, f)
	if err != nil {
		return err
	}
	classes := s.classes(d, data, who)
	var all []int
	for _, one := range who.persons {
		all = append(all, one.entry())
	}
	g.guardClasses(classes, where, all)
	list := d.Latest.Version().Definition.Measures
	for i := range list {
		plan, err := planOf(d, data.answers, &list[i])
		if err != nil {
			return err
		}
		one := newGuard(g.smallest)
		one.guardClasses(classes, where, plan.counting(data, who))
		g.measures[list[i].ID] = one
	}
	return nil
}

// counting lists the entries that say where those belong whose answers the figures
// of a measure are of.
func (p *plan) counting(data *gathered, who *people) []int {
	seen := p.observe(data, who)
	var entries []int
	for i, v := range seen.values {
		if v.Post.OK && (v.Pre.OK || p.compare == once) || p.compare == apart && (v.Pre.OK || v.Post.OK) {
			entries = append(entries, seen.entries[i])
		}
	}
	return entries
}

// guardClasses hides what has a small class among the people of these entries.
func (g *guard) guardClasses(classes []string, where []division, entries []int) {
	count := map[string]int{}
	for _, at := range entries {
		count[classes[at]]++
	}
	g.withheld = g.withheld || g.fewOf(count)
	for i := range where {
		v := &where[i]
		within := make([]map[string]int, len(v.groups))
		for _, at := range entries {
			if group := v.of[at]; group != noGroup {
				if within[group] == nil {
					within[group] = map[string]int{}
				}
				within[group][classes[at]]++
			}
		}
		for group, count := range within {
			if g.fewOf(count) {
				g.groups[groupKey{v.by, v.item, v.groups[group].name}] = true
			}
		}
	}
}

func (g *guard) fewOf(count map[string]int) bool {
	for class, n := range count {
		if n < g.smallest && !strings.Contains(class, between) {
			return true
		}
	}
	return false
}

// between marks the classes of those in the middle of a period.
const between = "/between"

// classes names by entry the class of its person.
func (s *sieve) classes(d *surveys.Dataset, data *gathered, who *people) []string {
	first, last := s.edges(data, who)
	marks := s.marks(data, who)
	columns := slices.Sorted(maps.Keys(s.columns))
	names := make([]string, len(data.entries))
	for i := range names {
		at := who.belongs[i]
		e := &data.entries[at]
		c := data.cohorts[e.cohort]
		names[i] = classIn(s.filter.Cohorts, c) + classIn(s.filter.Institutions, d.InstitutionOf(c).ID) +
			classIn(s.filter.Phases, d.PhaseOf(c)) + classIn(s.filter.Areas, d.InstitutionOf(c).Area) +
			classIn(s.filter.Languages, e.language) + s.monthClass(e, first, last)
		for _, column := range columns {
			if mark := marks[column][at]; s.columns[column][mark] {
				names[i] += fmt.Sprint("/", mark)
				continue
			}
			names[i] += "/-"
		}
	}
	return names
}

// classIn is the class by one list of a filter.
func classIn[T ~string](list []T, v T) string {
	switch {
	case len(list) == 0:
		return ""
	case slices.Contains(list, v):
		return "/=" + string(v)
	}
	return "/-"
}

// month is the month in which an entry was submitted, "" if it is not in the period.
func (s *sieve) month(e *entry) string {
	day := e.submitted.In(s.zone).Format(time.DateOnly)
	if s.from != "" && day < s.from || s.to != "" && day > s.to {
		return ""
	}
	return day[:len("2006-01")]
}

// edges are the first and the last month of the period in which somebody answered.
func (s *sieve) edges(data *gathered, who *people) (first, last string) {
	if s.from+s.to == "" {
		return "", ""
	}
	for _, one := range who.persons {
		month := s.month(&data.entries[one.entry()])
		if month != "" && (first == "" || month < first) {
			first = month
		}
		last = max(last, month)
	}
	return first, last
}

func (s *sieve) monthClass(e *entry, first, last string) string {
	if s.from+s.to == "" {
		return ""
	}
	switch month := s.month(e); month {
	case "":
		return "/-"
	case first, last:
		return "/" + month
	}
	return between
}

// withhold takes every figure out of r: its filter lets through too few people, or
// nearly all.
func (r *Report) withhold() {
	r.Withheld = Suppressed
	for i := range r.Measures {
		r.Measures[i].withhold()
	}
	r.Reliable, r.OpenAnswer = nil, OpenCounts{}
	for i := range r.Responses {
		r.Responses[i] = WaveCount{Wave: r.Responses[i].Wave, Suppressed: true}
	}
	if r.Pairing != nil {
		r.Pairing = &PairingSummary{MatchRate: NotEstimable(Suppressed)}
	}
	rows := r.Reach.Rows
	for i := range rows {
		rows[i] = rows[i].hidden()
	}
	r.Reach = Reach{Rows: rows, TargetPeople: r.Reach.TargetPeople, TargetInstitutions: r.Reach.TargetInstitutions}
	r.First, r.Last = time.Time{}, time.Time{}
}

// HeldBack is a report without a figure, for a page that must not be refused: beside
// what was released before, any would show what few people answered since.
func HeldBack(opt Options) *Report {
	r := &Report{Profile: opt.Profile, Filter: opt.Filter, Made: opt.Made, Reach: Reach{Rows: []ReachRow{{By: "everyone"}}}}
	r.withhold()
	return r
}

// withhold takes every figure out of m.
func (m *MeasureResult) withhold() {
	m.keepOnly(Result{})
	m.Breakdowns, m.Distributions, m.Withheld = nil, nil, Suppressed
}

// keepOnly leaves of the figures over everyone those of r: whatever else there is
// of them now, and whatever is added, is left out.
func (m *MeasureResult) keepOnly(r Result) {
	*m = MeasureResult{
		ID: m.ID, Label: m.Label, Type: m.Type, Direction: m.Direction, Headline: m.Headline, FromMemory: m.FromMemory, Min: m.Min, Max: m.Max,
		MinChange: m.MinChange, Top: m.Top, TopText: m.TopText, TopLabels: m.TopLabels, Wave: m.Wave, Withheld: m.Withheld,
		Notes: m.notes(NoteChanged), Result: r, Breakdowns: m.Breakdowns, Distributions: m.Distributions,
	}
}

// notes are those with one of these keys.
func (m *MeasureResult) notes(keys ...NoteKey) []Note {
	var some []Note
	for _, n := range m.Notes {
		if slices.Contains(keys, n.Key) {
			some = append(some, n)
		}
	}
	return some
}

// hidden is a row of reach without a count.
func (r ReachRow) hidden() ReachRow {
	return ReachRow{By: r.By, Name: r.Name, Expected: r.Expected, Suppressed: true}
}
