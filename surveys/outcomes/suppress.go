package outcomes

import (
	"reflect"
	"slices"
)

// What a summary leaves out, and what it does not.
//
// A group of fewer than Report.Smallest people keeps its name and loses every
// figure. So does the next smallest one beside it, until what is left out of each
// total that is shown is nobody or at least Smallest people: within everyone,
// within a phase, within an institution. A measure with fewer people than that is
// withheld altogether, an alpha and a distribution too. In the table of reach no
// count from 1 to Smallest-1 is shown or can be worked out; totals are shown
// whatever they are, since they say how far the collecting has come.
//
// The matched have their figures beside those of everyone who answered. Where few
// people make the difference, these would be known: so figures over "all" and of
// drop-outs are left out of every group, and of the whole if they are few.
//
// Within a group that is large enough a single person may still be seen: 1 of 9
// got worse, the lowest answer was 1, nobody chose "never". That is accepted, as
// it is in the guidance for use within a council; for publication numbers are to
// be rounded, which this package does not do. Reports of different days can be
// set against each other; this package knows only one.

// suppress takes the small groups out of r.
func suppress(r *Report, where []division) {
	h := newHierarchy(where)
	for i := range r.Measures {
		suppressMeasure(&r.Measures[i], h, r.Smallest)
	}
	for i := range r.Reliable {
		if alpha := &r.Reliable[i].Reliability; alpha.NComplete < r.Smallest {
			alpha.NComplete = 0
			withhold(alpha)
		}
	}
	suppressReach(r.Reach.Rows, newHierarchy(placesOf(where)), r.Smallest)
}

// suppressMeasure takes the small groups out of m, or everything.
func suppressMeasure(m *MeasureResult, h *hierarchy, smallest int) {
	if !m.presentable(smallest) {
		m.Withheld, m.Result = Suppressed, Result{}
		m.Breakdowns, m.Distributions, m.Reliable = nil, nil, nil
		return
	}
	suppressGroups(m, h, smallest)
	if n := m.leavers(); n > 0 && n < smallest {
		m.hideAll()
	}
	for i := range m.Distributions {
		if d := &m.Distributions[i]; d.N < smallest {
			d.Suppressed, d.N, d.Choices = true, 0, nil
		}
	}
}

// presentable reports whether the figures over everyone may be shown: smallest
// people are behind them, or none, which is no secret.
func (r Result) presentable(smallest int) bool {
	counts := r.counts()
	return r.base() >= smallest || r.base() == 0 && !few([]int{counts.NPre, counts.NPost}, smallest)
}

// suppressGroups takes the small groups out of every breakdown of m.
func suppressGroups(m *MeasureResult, h *hierarchy, smallest int) {
	n := newCells(h, []int{m.base()})
	for i := range n.hidden {
		n.hidden[i] = i > 0
	}
	m.eachGroup(func(b *Breakdown, g *GroupResult) {
		node := h.node(b.By, b.Item, g.Name)
		n.counts[node][0], n.hidden[node] = g.N, g.N < smallest
	})
	n.protect(smallest)
	m.eachGroup(func(b *Breakdown, g *GroupResult) {
		if n.hidden[h.node(b.By, b.Item, g.Name)] {
			*g = GroupResult{Name: g.Name, Code: g.Code, Label: g.Label, Suppressed: true}
		}
		g.hideAll()
	})
}

// eachGroup calls do with every group of every breakdown.
func (m *MeasureResult) eachGroup(do func(b *Breakdown, g *GroupResult)) {
	for i := range m.Breakdowns {
		for j := range m.Breakdowns[i].Groups {
			do(&m.Breakdowns[i], &m.Breakdowns[i].Groups[j])
		}
	}
}

// suppressReach takes the small counts out of the rows.
func suppressReach(rows []ReachRow, places *hierarchy, smallest int) {
	families := []*hierarchy{places, calendarOf(rows), flat(rows, "language")}
	for _, h := range families {
		n := newCells(h, rows[0].counts())
		for i := range n.hidden {
			n.hidden[i] = i > 0
		}
		for i := range rows {
			if node := h.node(rows[i].By, "", rows[i].Name); node > 0 {
				n.counts[node] = rows[i].counts()
				n.hidden[node] = few(append(rows[i].counts(), rows[i].People), smallest)
			}
		}
		n.protect(smallest)
		for i := range rows {
			if node := h.node(rows[i].By, "", rows[i].Name); node > 0 && n.hidden[node] {
				rows[i] = ReachRow{By: rows[i].By, Name: rows[i].Name, Expected: rows[i].Expected, Suppressed: true}
			}
		}
	}
}

// counts are those that add up over the groups of a row.
func (r *ReachRow) counts() []int { return []int{r.Pre, r.Post, r.Matched, r.AtMost} }

// few tells whether any count is of somebody but of fewer than smallest.
func few(counts []int, smallest int) bool {
	return slices.ContainsFunc(counts, func(n int) bool { return n > 0 && n < smallest })
}

// counts is who answered when, where there are two answers.
func (r Result) counts() Counts {
	switch {
	case r.Paired != nil:
		return r.Paired.Counts
	case r.Binary != nil:
		return r.Binary.Counts
	case r.Unlinked != nil:
		return Counts{NPre: r.Unlinked.NPre, NPost: r.Unlinked.NPost}
	}
	return Counts{}
}

// leavers is the smaller number, but not 0, of those who answered only before or
// only after.
func (r Result) leavers() int {
	counts := r.counts()
	if counts.NPreOnly == 0 || counts.NPostOnly == 0 {
		return counts.NPreOnly + counts.NPostOnly
	}
	return min(counts.NPreOnly, counts.NPostOnly)
}

// hideAll withholds what is over everyone who answered instead of the matched.
func (r *Result) hideAll() {
	switch {
	case r.Paired != nil:
		p := *r.Paired
		withhold(&p.AllPre)
		withhold(&p.AllPost)
		withhold(&p.Unpaired)
		retained := p.Attrition.RetainedPct
		withhold(&p.Attrition)
		p.Attrition.RetainedPct = retained
		r.Paired = &p
	case r.Binary != nil:
		b := *r.Binary
		withhold(&b.AllPrePct)
		withhold(&b.AllPostPct)
		r.Binary = &b
	}
}

// withhold replaces every Estimate in the struct that figures points to.
func withhold(figures any) { withholdValue(reflect.ValueOf(figures).Elem()) }

func withholdValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Estimate]() {
			v.Set(reflect.ValueOf(NotEstimable(Suppressed)))
			return
		}
		for i := range v.NumField() {
			withholdValue(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			withholdValue(v.Index(i))
		}
	}
}
