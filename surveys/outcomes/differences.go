package outcomes

import (
	"fmt"
	"time"

	"soundings/surveys"
)

// roll is everybody of a strand, before a filter narrows the data: what a report is
// set against the earlier releases with.
type roll struct {
	d       *surveys.Dataset
	data    *gathered
	who     *people
	where   []division
	persons []rolled
	guard   *guard
}

// look says what a profile must not show beside other reports, before data are
// narrowed; nil for one that hides nothing. It widens the filter to whole months.
func look(d *surveys.Dataset, data *gathered, who *people, opt *Options) (*roll, error) {
	if opt.Profile == surveys.ProfileRows {
		return nil, nil
	}
	opt.Filter = wholeMonths(opt.Filter)
	before, everybody := *data, *who // narrowing replaces what is in the originals
	all := newRoll(d, &before, &everybody)
	all.guard = newGuard(smallest(d, opt.Profile))
	if err := all.guard.guardFilter(all, opt.Filter); err != nil {
		return nil, err
	}
	return all, all.guard.guardReleases(all, *opt)
}

// rolled is one person.
type rolled struct {
	at            int // the entry that says where the person belongs
	first, latest time.Time
	matched       bool
}

func newRoll(d *surveys.Dataset, data *gathered, who *people) *roll {
	all := &roll{d: d, data: data, who: who, where: divide(d, data, who)}
	for _, one := range who.persons {
		p := rolled{at: one.entry(), matched: one.pre != nobody && one.post != nobody}
		p.first = data.entries[p.at].submitted
		p.latest = p.first
		if p.matched {
			p.latest = data.entries[one.post].submitted
		}
		if p.latest.Before(p.first) {
			p.first, p.latest = p.latest, p.first
		}
		all.persons = append(all.persons, p)
	}
	return all
}

// in tells by person whom a filter lets through.
func (all *roll) in(f surveys.Filter) ([]bool, error) {
	let := make([]bool, len(all.persons))
	if f.Empty() {
		for i := range let {
			let[i] = true
		}
		return let, nil
	}
	s, err := newSieve(all.d, all.data, f)
	if err != nil {
		return nil, err
	}
	marks := s.marks(all.data, all.who)
	for i, p := range all.persons {
		let[i] = s.lets(all.data, p.at, marks)
	}
	return let, nil
}

// past is an earlier release as far as it can be made out from who is there now.
type past struct {
	*surveys.Release
	in   []bool // by person: was in it, as the person is now
	part []bool // by person: was in it with fewer answers
	gone int    // people who were in it and are not there any more, at least
	lost int    // matched people, likewise
}

// recall makes out who was in a release. A filter that names what is not there any
// more lets nobody through.
func (all *roll) recall(r *surveys.Release) past {
	p := past{Release: r, in: make([]bool, len(all.persons)), part: make([]bool, len(all.persons))}
	let, err := all.in(r.Filter)
	if err != nil {
		let = make([]bool, len(all.persons))
	}
	people, matched := 0, 0
	for i, one := range all.persons {
		if !let[i] || one.first.After(r.Through) {
			continue
		}
		people++
		p.in[i] = !one.latest.After(r.Through)
		p.part[i] = !p.in[i]
		if p.in[i] && one.matched {
			matched++
		}
	}
	if cell, ok := r.Cell(surveys.EveryoneCell); ok {
		p.lost = distance(cell.Matched, matched)
		p.gone = max(distance(cell.People, people), p.lost)
	}
	return p
}

func distance(a, b int) int { return max(a-b, b-a) }

// guardReleases refuses a report from which, with an earlier release or several,
// somebody could work out figures of fewer than smallest people: those who are in
// one and not in the other, came since, added an answer, or withdrew. It hides the
// groups that changed by so few since a release with the same filter.
//
// KindConflict, "release.few" with the day of the release and the number.
func (g *guard) guardReleases(all *roll, opt Options) error {
	now, err := all.in(opt.Filter)
	if err != nil {
		return err
	}
	var before []past
	for i := range opt.Earlier {
		if r := &opt.Earlier[i]; r.Profile == opt.Profile {
			before = append(before, all.recall(r))
		}
	}
	for i := range before {
		if people, matched := before[i].differs(all, now); few([]int{people, matched}, g.smallest) {
			return before[i].refusal(g.smallest)
		}
		if sameFilter(before[i].Filter, opt.Filter) {
			g.guardGroups(all, now, &before[i])
		}
	}
	if at := combined(all, now, before, g.smallest); at != nobody {
		return before[at].refusal(g.smallest)
	}
	return nil
}

// differs is how many people are in the release or in the report and not alike in
// both, and how many of those are matched: figures are of these.
func (p *past) differs(all *roll, now []bool) (people, matched int) {
	people, matched = p.gone, p.lost
	for i := range now {
		if now[i] == p.in[i] && !p.part[i] {
			continue
		}
		people++
		if all.persons[i].matched {
			matched++
		}
	}
	return people, matched
}

func (p *past) refusal(smallest int) error {
	return &surveys.Error{Kind: surveys.KindConflict, Key: "release.few", Field: "filter",
		Args: []any{p.At.Format("2 January 2006"), p.Format, smallest}}
}

func sameFilter(a, b surveys.Filter) bool { return fmt.Sprintf("%q", a) == fmt.Sprintf("%q", b) }

// guardGroups hides the groups that a release showed and that are of nearly the
// same people now.
func (g *guard) guardGroups(all *roll, now []bool, p *past) {
	changed, paired := map[groupKey]int{}, map[groupKey]int{}
	cells := map[string]surveys.Cell{}
	for _, c := range p.Cells {
		cells[c.Key] = c
	}
	for i := range all.where {
		v := &all.where[i]
		type tally struct{ there, matched, came, paired int }
		count := make([]tally, len(v.groups))
		for person, one := range all.persons {
			group := v.of[one.at]
			if group == noGroup || !now[person] {
				continue
			}
			t := &count[group]
			if one.matched && !p.in[person] {
				t.paired++
			}
			switch {
			case p.in[person]:
				t.there++
				if one.matched {
					t.matched++
				}
			case p.part[person]:
				t.there++
				t.came++
			default:
				t.came++
			}
		}
		for group, t := range count {
			key := groupKey{v.by, v.item, v.groups[group].name}
			cell, shown := cells[key.String()]
			lost := distance(cell.Matched, t.matched)
			people := t.came + max(distance(cell.People, t.there), lost)
			if !shown {
				people, lost = t.came, 0
			}
			changed[key], paired[key] = people, t.paired+lost
			g.groups[key] = g.groups[key] || shown && few([]int{people, t.paired + lost}, g.smallest)
		}
	}
	people, matched := p.differs(all, now)
	g.watch(people, changed)
	g.watch(matched, paired)
}

// String names a group in a release.
func (k groupKey) String() string {
	if k.item != "" {
		return k.by + ":" + string(k.item) + "/" + k.name
	}
	return k.by + "/" + k.name
}

// release is what r shows of how many.
func (all *roll) release(r *Report, opt Options) (*surveys.Release, error) {
	now, err := all.in(opt.Filter)
	if err != nil {
		return nil, err
	}
	out := &surveys.Release{Strand: r.Strand, Profile: opt.Profile, Filter: opt.Filter, Smallest: r.Smallest}
	for i := range all.data.entries {
		if at := all.data.entries[i].submitted; at.After(out.Through) {
			out.Through = at
		}
	}
	if r.Withheld != "" {
		return out, nil
	}
	out.Cells = append(out.Cells, all.cell(surveys.EveryoneCell, now, opt.Profile, func(int) bool { return true }))
	shown := r.shownGroups()
	for i := range all.where {
		v := &all.where[i]
		for group := range v.groups {
			if key := (groupKey{v.by, v.item, v.groups[group].name}); shown[key] {
				in := func(at int) bool { return v.of[at] == group }
				out.Cells = append(out.Cells, all.cell(key.String(), now, opt.Profile, in))
			}
		}
	}
	return out, nil
}

// cell counts those of the report who are in a group.
func (all *roll) cell(key string, now []bool, profile surveys.Profile, in func(at int) bool) surveys.Cell {
	c := surveys.Cell{Key: key}
	for i, one := range all.persons {
		if now[i] && in(one.at) {
			c.People++
			if one.matched {
				c.Matched++
			}
		}
	}
	c.Low, c.High = c.People, c.People
	if profile == surveys.ProfilePublished {
		n := rounded(c.People)
		c.Low, c.High = max(0, n-roundTo/2), n+roundTo/2
	}
	return c
}

// shownGroups are the groups with a figure in some measure or in the table of reach.
func (r *Report) shownGroups() map[groupKey]bool {
	shown := map[groupKey]bool{}
	for i := range r.Measures {
		r.Measures[i].eachGroup(func(b *Breakdown, g *GroupResult) {
			if !g.Suppressed {
				shown[groupKey{b.By, b.Item, g.Name}] = true
			}
		})
	}
	for _, row := range r.Reach.Rows {
		if !row.Suppressed {
			shown[groupKey{by: row.By, name: row.Name}] = true
		}
	}
	return shown
}
