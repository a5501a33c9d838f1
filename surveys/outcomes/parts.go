package outcomes

import "slices"

// part is one way in which the figures of a result count its people in classes:
// who improved and who did not. If a class is small, those figures say what few
// people answered, though many are behind them: 1 of 40 got worse. So does a class
// of nobody: 0 % and 100 % say it of everyone.
type part struct {
	name   string
	counts []int // by class
	within string
	hide   func()
}

// parts lists the ways in which r counts its people, those first that others lie
// within.
func (r Result) parts() []part {
	switch {
	case r.Paired != nil:
		c := &r.Paired.Change
		all := []part{
			{"improved", []int{c.ImprovedN, c.SameN + c.WorseN}, "", func() {
				c.ImprovedPct, c.ImprovedCI = NotEstimable(Suppressed), noInterval(Suppressed)
			}},
			{"rest", []int{c.SameN, c.WorseN}, "improved", func() {
				c.SamePct, c.WorsePct = NotEstimable(Suppressed), NotEstimable(Suppressed)
			}},
		}
		if r.Paired.Top != nil {
			all = append(all, r.Paired.Top.parts()...)
		}
		return all
	case r.Binary != nil:
		return r.Binary.Table.parts()
	case r.Unlinked != nil && r.Unlinked.Share != nil:
		s := r.Unlinked.Share
		return []part{
			{"before", []int{s.YesPre, s.NPre - s.YesPre}, "", func() { s.PrePct = NotEstimable(Suppressed) }},
			{"after", []int{s.YesPost, s.NPost - s.YesPost}, "", func() { s.PostPct = NotEstimable(Suppressed) }},
		}
	case r.NPS != nil:
		return []part{{"answers", []int{r.NPS.PromotersN, r.NPS.PassivesN, r.NPS.DetractorsN}, "", r.NPS.hideParts}}
	case r.Single != nil && r.Single.TopPct.OK():
		s := r.Single
		top := partOf(s.TopPct, s.N)
		return []part{{"top", []int{top, s.N - top}, "", func() { s.TopPct, s.TopCI = NotEstimable(Suppressed), noInterval(Suppressed) }}}
	}
	return nil
}

func (t *Table) parts() []part {
	pre, post, all := t.N11+t.N10, t.N11+t.N01, t.N11+t.N10+t.N01+t.N00
	return []part{
		{"before", []int{pre, all - pre}, "", func() { t.PrePct, t.PreCI = NotEstimable(Suppressed), noInterval(Suppressed) }},
		{"after", []int{post, all - post}, "", func() { t.PostPct, t.PostCI = NotEstimable(Suppressed), noInterval(Suppressed) }},
		{"moves", []int{t.N11, t.N10, t.N01, t.N00}, "", func() { t.DiffCI, t.McNemarP = noInterval(Suppressed), NotEstimable(Suppressed) }},
	}
}

func (n *NetPromoter) hideParts() {
	n.PromotersPct, n.PassivesPct, n.DetractorsPct = NotEstimable(Suppressed), NotEstimable(Suppressed), NotEstimable(Suppressed)
	n.CI = noInterval(Suppressed)
}

// tells reports whether a class is so small, or empty, that it says what few or all
// people answered. Of nobody nothing is said.
func tells(counts []int, smallest int) bool {
	if !slices.ContainsFunc(counts, func(n int) bool { return n > 0 }) {
		return false
	}
	return slices.ContainsFunc(counts, func(n int) bool { return n < smallest })
}

// suppressParts hides in m the shares with a small class, and those of further
// groups from which, with the whole, they could be worked out.
func suppressParts(m *MeasureResult, h *hierarchy, smallest int) {
	hidden := map[string][]bool{}
	for k, everyone := range m.Result.parts() {
		c := newCells(h, append(everyone.counts, m.Base()))
		c.small = tells
		c.hidden[0] = tells(everyone.counts, smallest)
		hide := make([]func(), len(c.hidden))
		hide[0] = everyone.hide
		m.eachGroup(func(b *Breakdown, g *GroupResult) {
			if parts := g.Result.parts(); k < len(parts) {
				node := h.node(b.By, b.Item, g.Name)
				c.counts[node], hide[node] = append(parts[k].counts, g.N), parts[k].hide
				c.hidden[node] = tells(parts[k].counts, smallest)
			}
		})
		for node, outer := range hidden[everyone.within] {
			c.hidden[node] = c.hidden[node] || outer
		}
		c.protect(smallest)
		hidden[everyone.name] = c.hidden
		for node, do := range hide {
			if c.hidden[node] && do != nil {
				do()
			}
		}
	}
}

// suppressBars hides the small bars of a distribution, and further ones until those
// hidden are smallest people or more together, both among the good answers and among
// the others if a share of good answers is shown.
func suppressBars(d *Distribution, top []float64, smallest int) {
	within := []func(c *ChoiceCount) bool{func(*ChoiceCount) bool { return true }}
	if len(top) > 0 {
		good := func(c *ChoiceCount) bool { return c.Score != nil && slices.Contains(top, *c.Score) }
		within = append(within, good, func(c *ChoiceCount) bool { return !good(c) })
	}
	hidden := make([]bool, len(d.Choices))
	for i := range d.Choices {
		hidden[i] = d.Choices[i].N < smallest
	}
	for again := true; again; {
		again = false
		for _, in := range within {
			again = d.hideNext(hidden, in, smallest) || again
		}
	}
	if !slices.Contains(hidden, false) {
		d.Suppressed, d.N, d.Choices = true, 0, nil
		return
	}
	for i, hide := range hidden {
		if hide {
			d.Choices[i].N, d.Choices[i].Suppressed = 0, true
		}
	}
}

// hideNext hides the smallest bar shown among some if those hidden there are too
// few together, and tells whether it did.
func (d *Distribution) hideNext(hidden []bool, in func(*ChoiceCount) bool, smallest int) bool {
	people, some, least := 0, false, nobody
	for i := range d.Choices {
		switch c := &d.Choices[i]; {
		case !in(c):
		case hidden[i]:
			people, some = people+c.N, true
		case least == nobody || c.N < d.Choices[least].N:
			least = i
		}
	}
	if !some || people >= smallest || least == nobody {
		return false
	}
	hidden[least] = true
	return true
}
