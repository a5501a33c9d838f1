package outcomes

import (
	"slices"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
)

// scope is where those are whom a filter lets through.
type scope struct {
	narrowed bool                      // there is a filter
	partial  bool                      // it may let through some people of a cohort and not others
	cohorts  map[surveys.CohortID]bool // that it lets through; nil: all
}

// holds reports whether somebody of cohort c may be let through.
func (s *scope) holds(c surveys.CohortID) bool { return s.cohorts == nil || s.cohorts[c] }

// Keeps reports whether a response is of somebody whom the filter of the report lets
// through: a pair as a whole, a follow-up response with the person it is of, what
// was sent again with what it repeats. Without a filter it is true of all.
func (r *Report) Keeps(id surveys.ResponseID) bool { return r.kept == nil || r.kept[id] }

// narrow leaves in data and who only those whom f lets through, and returns their
// responses; nil if that is everybody. KindInvalid if f names what is not there.
func narrow(d *surveys.Dataset, data *gathered, who *people, f surveys.Filter) (map[surveys.ResponseID]bool, error) {
	if f.Empty() {
		return nil, nil
	}
	s, err := newSieve(d, data, f)
	if err != nil {
		return nil, err
	}
	marks := s.marks(data, who)
	kept := make(map[surveys.ResponseID]bool, len(data.entries))
	moved := make([]int, len(data.entries)) // by entry: its new place, or nobody
	var entries []entry
	for i := range data.entries {
		moved[i] = nobody
		if at := who.belongs[i]; s.lets(data, at, marks) {
			moved[i] = len(entries)
			entries = append(entries, data.entries[i])
			kept[entries[moved[i]].id] = true
		}
	}
	data.scope, data.entries = s.scope(d), entries
	data.settle()
	who.narrow(data, moved, kept)
	return kept, nil
}

// sieve is a filter made ready.
type sieve struct {
	filter   surveys.Filter
	cohorts  map[surveys.CohortID]bool
	zone     *time.Location
	from, to string                  // days
	columns  map[int]map[uint16]bool // of the markTable: the marks that are let through
}

// newSieve checks f and makes it ready.
func newSieve(d *surveys.Dataset, data *gathered, f surveys.Filter) (*sieve, error) {
	s := &sieve{filter: f, zone: d.Programme.Location(), cohorts: map[surveys.CohortID]bool{}, columns: map[int]map[uint16]bool{}}
	for _, check := range []func(*surveys.Dataset, *gathered) error{s.places, s.languages, s.period, s.answers} {
		if err := check(d, data); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func unknown(field, key string, args ...any) error {
	return &surveys.Error{Kind: surveys.KindInvalid, Key: key, Args: args, Field: field}
}

// places works out which cohorts are let through.
func (s *sieve) places(d *surveys.Dataset, data *gathered) error {
	f := s.filter
	phases, areas := map[string]bool{}, map[string]bool{}
	for _, c := range data.cohorts {
		phases[d.PhaseOf(c)], areas[d.InstitutionOf(c).Area] = true, true
	}
	for _, c := range f.Cohorts {
		if !slices.Contains(data.cohorts, c) {
			return unknown("cohorts", "filter.cohort")
		}
	}
	for _, id := range f.Institutions {
		if _, ok := d.Institutions[id]; !ok {
			return unknown("institutions", "filter.institution")
		}
	}
	for _, phase := range f.Phases {
		if phase == "" || !phases[phase] {
			return unknown("phases", "filter.phase", phase)
		}
	}
	for _, area := range f.Areas {
		if area == "" || !areas[area] {
			return unknown("areas", "filter.area", area)
		}
	}
	for _, c := range data.cohorts {
		s.cohorts[c] = among(f.Cohorts, c) && among(f.Institutions, d.Cohorts[c].Institution) &&
			among(f.Phases, d.PhaseOf(c)) && among(f.Areas, d.InstitutionOf(c).Area)
	}
	return nil
}

// among reports whether v is one of list, or there is none to be one of.
func among[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// languages checks that each is one that the questionnaires have, or was answered in.
func (s *sieve) languages(d *surveys.Dataset, data *gathered) error {
	known := map[string]bool{}
	for _, in := range d.Instruments {
		for _, tag := range in.Version().Definition.Languages {
			known[tag] = true
		}
	}
	for i := range data.entries {
		known[data.entries[i].language] = true
	}
	for _, tag := range s.filter.Languages {
		if !known[tag] {
			return unknown("languages", "filter.language", tag)
		}
	}
	return nil
}

// period checks the days.
func (s *sieve) period(*surveys.Dataset, *gathered) error {
	s.from, s.to = s.filter.From, s.filter.To
	for field, day := range map[string]string{"from": s.from, "to": s.to} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return unknown(field, "filter.day")
		}
	}
	if s.from != "" && s.to != "" && s.to < s.from {
		return unknown("to", "filter.period")
	}
	return nil
}

// answers works out which marks are let through.
func (s *sieve) answers(_ *surveys.Dataset, data *gathered) error {
	for item, codes := range s.filter.Answers {
		column := slices.IndexFunc(data.marks.columns, func(c markColumn) bool { return c.variable.ID == item })
		if column < 0 {
			return unknown("answers", "filter.item")
		}
		if len(codes) == 0 {
			continue
		}
		s.columns[column] = map[uint16]bool{}
		for _, code := range codes {
			mark := data.marks.columns[column].index[code]
			if mark == 0 && code != "" {
				return unknown("answers", "filter.choice")
			}
			s.columns[column][mark] = true // 0, of an empty code: no answer
		}
	}
	return nil
}

// marks are the marks of the columns that are looked at, by entry.
func (s *sieve) marks(data *gathered, who *people) map[int][]uint16 {
	marks := map[int][]uint16{}
	for column := range s.columns {
		marks[column] = data.marks.byEntry(data, who, column)
	}
	return marks
}

// lets reports whether the person to whom an entry belongs is let through.
func (s *sieve) lets(data *gathered, at int, marks map[int][]uint16) bool {
	e := &data.entries[at]
	if !s.cohorts[data.cohorts[e.cohort]] || !among(s.filter.Languages, e.language) {
		return false
	}
	if s.from != "" || s.to != "" {
		day := e.submitted.In(s.zone).Format(time.DateOnly)
		if s.from != "" && day < s.from || s.to != "" && day > s.to {
			return false
		}
	}
	for column, let := range s.columns {
		if !let[marks[column][at]] {
			return false
		}
	}
	return true
}

// scope is where those are who are let through.
func (s *sieve) scope(*surveys.Dataset) scope {
	return scope{
		narrowed: true, cohorts: s.cohorts,
		partial: len(s.filter.Languages)+len(s.columns) > 0 || strings.TrimSpace(s.from+s.to) != "",
	}
}

// narrow leaves those entries that were moved, and works out anew who met whom
// among them.
func (who *people) narrow(data *gathered, moved []int, kept map[surveys.ResponseID]bool) {
	repeat, belongs, kinds := make([]bool, len(data.entries)), make([]int, len(data.entries)), make([]pairing.Kind, len(data.entries))
	for old, at := range moved {
		if at != nobody {
			repeat[at], belongs[at], kinds[at] = who.repeat[old], moved[who.belongs[old]], who.kinds[old]
		}
	}
	var persons []person
	for _, one := range who.persons {
		if moved[one.entry()] != nobody {
			persons = append(persons, one.moved(moved))
		}
	}
	who.repeat, who.belongs, who.kinds, who.persons = repeat, belongs, kinds, persons
	who.later = movedLater(who.later, moved)
	if who.summary == nil {
		return
	}
	followUp := who.summary.FollowUp != nil
	met := *who.met
	met.narrow(kept)
	who.met, who.summary = &met, summaryOf(met.first)
	if followUp {
		who.summary.FollowUp = laterSummary(who.met.later)
	}
}

// movedLater are the follow-up responses at the new places.
func movedLater(later map[int]int, moved []int) map[int]int {
	if later == nil {
		return nil
	}
	at := map[int]int{}
	for first, last := range later {
		if moved[first] != nobody {
			at[moved[first]] = moved[last]
		}
	}
	return at
}

// moved is the person at the new places.
func (p person) moved(to []int) person {
	if p.pre != nobody {
		p.pre = to[p.pre]
	}
	if p.post != nobody {
		p.post = to[p.post]
	}
	return p
}

// narrow leaves those whose responses are kept. A candidate counts where the
// response of the earlier wave is.
func (m *matched) narrow(kept map[surveys.ResponseID]bool) {
	has := func(id string) bool { return kept[surveys.ResponseID(id)] }
	m.first.Pairs = filtered(m.first.Pairs, func(p pairing.Pair) bool { return has(p.Pre) })
	m.first.Candidates = filtered(m.first.Candidates, func(c pairing.Candidate) bool { return has(c.Pre) })
	m.later.Links = filtered(m.later.Links, func(l pairing.Later) bool { return has(l.FollowUp) })
	m.later.Candidates = filtered(m.later.Candidates, func(c pairing.Candidate) bool { return has(c.Pre) })
	for _, list := range []*[]pairing.Unmatched{&m.first.PreOnly, &m.first.PostOnly, &m.later.Only} {
		*list = filtered(*list, func(u pairing.Unmatched) bool { return has(u.ID) })
	}
	for _, list := range []*[]pairing.Repeat{&m.first.Repeats, &m.later.Repeats} {
		*list = filtered(*list, func(r pairing.Repeat) bool { return has(r.ID) })
	}
}

// filtered returns those of list for which keep is true; nil if there are none.
func filtered[T any](list []T, keep func(T) bool) []T {
	var some []T
	for _, one := range list {
		if keep(one) {
			some = append(some, one)
		}
	}
	return some
}
