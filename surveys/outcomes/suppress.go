package outcomes

import (
	"reflect"
	"slices"
	"time"

	"soundings/surveys"
)

// What a profile leaves out of a Report. It is the last step of Build, over the
// whole report and not table by table: what is hidden is in no field of it, so
// nothing that prints a report can print it.
//
// The smallest number of people (surveys.Profile.Smallest) is the programme's for
// the internal profile, and at least 10 for the published one.
//
// In both profiles:
//
//   - A group of fewer people keeps its name and loses every figure. So does the next
//     smallest beside it, until what is left out of each total that is shown is nobody
//     or at least so many people: within everyone, and within each group of another
//     division that it lies in. Groups of the same people are hidden together. A
//     group that is hidden in the table of reach is hidden in every measure.
//   - A measure with fewer people is withheld altogether, an alpha and a distribution
//     too. In the table of reach no count from 1 on is shown or can be worked out;
//     in the internal profile the totals are, whatever they are: they say how far the
//     collecting has come.
//   - The matched have their figures beside those of everyone who answered. Where few
//     people make the difference these would be known: so figures over "all" and of
//     drop-outs are left out of every group, and of the whole if they are few.
//   - A filter parts people into classes: those with the same of its values, or with
//     none of them, in each of its lists. If a class is of few people, the filtered
//     report is withheld, since with another view it would show them; a measure if
//     those of a class who answered it are few; a group if those of a class within it
//     are. Days count as whole months (guard.go).
//   - Another report of the same profile was released before: one whose people are
//     not the same but nearly is refused, and so is one that with several of them
//     leaves few; a group that changed by few people since is hidden
//     (differences.go, combined.go).
//
// In the published profile besides:
//
//   - A share is shown only if both its sides are of enough people: "1 of 40 got
//     worse" says what one person answered, 0 % and 100 % what everyone did. Shares of
//     groups are hidden where they could be worked out from the whole (parts.go). Bars
//     of a distribution likewise, until those hidden are enough together.
//   - After that every count of people is rounded to the nearest 5, and percentages and
//     their intervals are worked out from the rounded counts. Means and effects have
//     so few decimals that they do not give back a count. Every other figure is left
//     out (published.go).
//
// What is accepted: in the internal profile a single person may be seen within a
// group that is large enough (1 of 9 got worse, the lowest answer was 1), as in the
// guidance for use within a council; and who looks at a screen every day sees what
// changed since yesterday. Counts of things (cohorts, institutions, workshops) and
// what was expected are not figures of answers and stay.
//
// Sources: NHS Digital (2018) on rounding to 5 and percentages of rounded numbers;
// thresholds of 5 within and 10 in publications; complementary suppression, Willenborg
// & de Waal (2001), Elements of Statistical Disclosure Control.

// suppress leaves in r what its profile lets through, months as those of zone.
func suppress(r *Report, where []division, g *guard, zone *time.Location) {
	if g.withheld {
		r.withhold()
		return
	}
	suppressReach(r, newHierarchy(placesOf(where)), g)
	h := newHierarchy(where)
	for i := range r.Measures {
		suppressMeasure(r, &r.Measures[i], h, g)
	}
	for i := range r.Reliable {
		if alpha := &r.Reliable[i].Reliability; alpha.NComplete < r.Smallest {
			alpha.NComplete = 0
			withhold(alpha)
		}
	}
	if r.Profile == surveys.ProfilePublished {
		r.publish(zone)
	}
}

// suppressMeasure takes the small groups out of m, or everything.
func suppressMeasure(r *Report, m *MeasureResult, h *hierarchy, g *guard) {
	if !m.presentable(r.Smallest) || g.withholds(m.ID) {
		m.withhold()
		return
	}
	m.Moves = mergeMoves(m.Moves, r.Smallest)
	suppressGroups(m, h, g)
	if n := m.leavers(); n > 0 && n < r.Smallest {
		m.hideAll()
	}
	for i := range m.Distributions {
		if d := &m.Distributions[i]; d.N < r.Smallest {
			d.Suppressed, d.N, d.Choices = true, 0, nil
		}
	}
	suppressExtras(m, r.Smallest)
	if r.Profile == surveys.ProfilePublished {
		suppressParts(m, h, r.Smallest)
		for i := range m.Distributions {
			suppressBars(&m.Distributions[i], m.Top, r.Smallest)
		}
	}
}

// presentable reports whether the figures over everyone may be shown: smallest
// people are behind them, or none, which is no secret.
func (r Result) presentable(smallest int) bool {
	counts := r.counts()
	if r.Unlinked != nil {
		return !few([]int{counts.NPre, counts.NPost}, smallest)
	}
	return r.Base() >= smallest || r.Base() == 0 && !few([]int{counts.NPre, counts.NPost}, smallest)
}

// suppressGroups takes the small groups out of every breakdown of m.
func suppressGroups(m *MeasureResult, h *hierarchy, g *guard) {
	n := newCells(h, g.everyone(m.cells()))
	m.eachGroup(func(b *Breakdown, one *GroupResult) {
		node := h.node(b.By, b.Item, one.Name)
		n.counts[node] = g.counts(groupKey{b.By, b.Item, one.Name}, one.cells())
		n.hidden[node] = one.N < g.smallest || few(one.cells(), g.smallest) || g.hides(m.ID, groupKey{b.By, b.Item, one.Name})
	})
	n.protect(g.smallest)
	m.dropEmpty()
	m.eachGroup(func(b *Breakdown, one *GroupResult) {
		if n.hidden[h.node(b.By, b.Item, one.Name)] {
			*one = GroupResult{Name: one.Name, Code: one.Code, Label: one.Label, Suppressed: true}
		}
		one.hideAll()
	})
}

// dropEmpty leaves out the groups of nobody: hiding them would say that there are few.
func (m *MeasureResult) dropEmpty() {
	for i := range m.Breakdowns {
		b := &m.Breakdowns[i]
		b.Groups = slices.DeleteFunc(b.Groups, func(g GroupResult) bool { return g.N == 0 && g.counts() == Counts{} })
	}
}

// cells are the numbers of people that must not be few: those behind the figures,
// and where nobody is linked those of each wave.
func (r Result) cells() []int {
	if r.Unlinked != nil {
		return []int{r.Unlinked.NPre, r.Unlinked.NPost, r.Base()}
	}
	return []int{r.Base()}
}

// eachGroup calls do with every group of every breakdown.
func (m *MeasureResult) eachGroup(do func(b *Breakdown, g *GroupResult)) {
	for i := range m.Breakdowns {
		for j := range m.Breakdowns[i].Groups {
			do(&m.Breakdowns[i], &m.Breakdowns[i].Groups[j])
		}
	}
}

// suppressReach takes the small counts out of the rows. A place that is hidden here
// is hidden in every measure: where all of it answered, its base there would be the
// number that is hidden here. (By language and time the rows count responses, and
// measures people.)
func suppressReach(r *Report, places *hierarchy, g *guard) {
	rows := r.Reach.Rows
	for _, h := range []*hierarchy{places, calendarOf(rows), flat(rows, "language")} {
		n := newCells(h, g.everyone(rows[0].counts()))
		for i := range rows {
			if node := h.node(rows[i].By, "", rows[i].Name); node > 0 {
				n.counts[node] = g.counts(rows[i].key(), rows[i].counts())
				n.hidden[node] = few(append(rows[i].counts(), rows[i].People), g.smallest) || g.hides("", rows[i].key()) || g.narrowed && rows[i].By == "month"
			}
		}
		n.protect(g.smallest)
		for i := range rows {
			if node := h.node(rows[i].By, "", rows[i].Name); node > 0 && n.hidden[node] {
				g.groups[rows[i].key()] = g.groups[rows[i].key()] || slices.Contains(placed, rows[i].By)
				rows[i] = rows[i].hidden()
			}
		}
	}
	if r.Profile == surveys.ProfilePublished && few(rows[0].counts(), g.smallest) {
		rows[0] = rows[0].hidden()
	}
}

func (r *ReachRow) key() groupKey { return groupKey{by: r.By, name: r.Name} }

// counts are those that add up over the groups of a row; people are the last.
func (r *ReachRow) counts() []int { return []int{r.Pre, r.Post, r.Matched, r.Present, r.AtMost} }

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
