package outcomes

import (
	"math"
	"reflect"
	"time"

	"soundings/surveys/questionnaire"
)

// What a publication holds. It is a list of what is let through: a figure that is
// not named in this file is left out, since any statistic gives back the count it
// was worked out from (df, t and effect together give n; an exact mean times n gives
// the sum; a rank sum or a test of signs the number who changed).

// roundTo is what published counts are rounded to the nearest of, so that each
// stands for five numbers of people.
const roundTo = 5

// rounded is a published count.
func rounded(n int) int { return (n + roundTo/2) / roundTo * roundTo }

// publish leaves in r what a publication holds; months are those of zone. The small
// groups and shares are out already.
func (r *Report) publish(zone *time.Location) {
	for i := range r.Measures {
		r.Measures[i].publish()
	}
	for i := range r.Reliable {
		r.Reliable[i].publish()
	}
	r.publishCounts()
	r.Reach.publish(r.Smallest)
	r.First, r.Last = month(r.First, zone), month(r.Last, zone)
	r.publishOpen()
}

// publishOpen rounds how many open answers there are; what became of them stays within
// the council. Of some people it is left out: the rest who wrote may be few.
func (r *Report) publishOpen() {
	all := r.OpenAnswer.All
	r.OpenAnswer = OpenCounts{}
	if all >= r.Smallest && r.Filter.Empty() {
		r.OpenAnswer.All = rounded(all)
	}
}

// publishCounts rounds the numbers of responses and of pairs.
func (r *Report) publishCounts() {
	for i := range r.Responses {
		w := &r.Responses[i]
		n := w.Submitted - w.Repeats
		*w = WaveCount{Wave: w.Wave, Submitted: rounded(n), Expected: w.Expected}
		if n < r.Smallest {
			w.Submitted, w.Suppressed = 0, true
		}
	}
	p := r.Pairing
	if p == nil {
		return
	}
	r.Pairing = &PairingSummary{MatchRate: NotEstimable(Suppressed)}
	if p.Matched >= r.Smallest {
		r.Pairing.fill(p)
	}
}

// fill rounds who met whom.
func (s *PairingSummary) fill(p *PairingSummary) {
	s.Pre, s.Post, s.Matched = rounded(p.Pre), rounded(p.Post), rounded(p.Matched)
	s.PreOnly, s.PostOnly = s.Pre-s.Matched, s.Post-s.Matched
	s.MatchRate = Est(float64(s.Matched) / float64(s.Pre))
}

// publish rounds the numbers of people in the table of reach.
func (r *Reach) publish(smallest int) {
	r.People, r.PeopleAtMost = rounded(r.People), rounded(r.PeopleAtMost)
	for i := range r.Rows {
		r.Rows[i].publish()
	}
	if r.Rows[0].Suppressed {
		r.People, r.PeopleAtMost = 0, 0
	}
	if w := r.Workshops; w != nil {
		shown := *w
		shown.Present, shown.Unnamed = rounded(w.Present), 0
		if w.Present < smallest {
			shown.Present, shown.Counted = 0, 0
		}
		r.Workshops = &shown
	}
}

// month is noon of the first day of a time's month in zone, told in UTC, which is in
// that month everywhere: the first day and the last are each of one person. The zero
// time stays.
func month(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), 1, 12, 0, 0, 0, time.UTC)
}

func (r *ReachRow) publish() {
	for _, n := range []*int{&r.Pre, &r.Post, &r.Matched, &r.People, &r.AtMost, &r.Present} {
		*n = rounded(*n)
	}
}

// publish leaves of a measure what its method lets through.
func (m *MeasureResult) publish() {
	step := m.step()
	m.keepOnly(m.Result.published(step))
	for i := range m.Breakdowns {
		b := &m.Breakdowns[i]
		*b = Breakdown{By: b.By, Item: b.Item, Label: b.Label, Groups: b.Groups}
		for j := range b.Groups {
			b.Groups[j].publish(step)
		}
	}
	for i := range m.Distributions {
		m.Distributions[i].publish()
	}
}

func (g *GroupResult) publish(step float64) {
	out := GroupResult{Name: g.Name, Code: g.Code, Label: g.Label, Suppressed: g.Suppressed, N: rounded(g.N), Result: g.Result.published(step)}
	if g.HolmP != nil {
		p := coarseP(*g.HolmP)
		out.HolmP = &p
	}
	*g = out
}

// step is by how much one answer moves the sum of a measure, at least: its own
// steps are not known here, and are finer than the 25th of its range for no scale
// but those of single points.
func (m *MeasureResult) step() float64 {
	if m.Min == nil || m.Max == nil {
		return 1
	}
	return max(1, (*m.Max-*m.Min)/25)
}

func (d *Distribution) publish() {
	d.N = rounded(d.N)
	for i := range d.Choices {
		d.Choices[i].N = rounded(d.Choices[i].N)
	}
}

// published is r with what a publication holds.
func (r Result) published(step float64) Result {
	var out Result
	switch {
	case r.Paired != nil:
		p := r.Paired.published(step)
		out.Paired = &p
	case r.Binary != nil:
		b := r.Binary.published()
		out.Binary = &b
	case r.Unlinked != nil:
		u := r.Unlinked.published(step)
		out.Unlinked = &u
	case r.NPS != nil:
		n := r.NPS.published()
		out.NPS = &n
	case r.Single != nil:
		s := r.Single.published(step)
		out.Single = &s
	}
	out.Lead = r.Lead.published(&out)
	return out
}

// published is the test and the effect that lead, if they may be shown beside what
// else is published of a result.
func (l *Lead) published(r *Result) *Lead {
	if l == nil {
		return nil
	}
	out := Lead{LeadTest{l.Test.Name, NotEstimable(Suppressed)}, LeadEffect{l.Effect.Name, NotEstimable(Suppressed), noInterval(Suppressed)}}
	switch {
	case r.Binary != nil:
		out.Test.P, out.Effect.Value, out.Effect.CI = r.Binary.McNemarP, r.Binary.DiffPP, r.Binary.DiffCI
	case r.Unlinked != nil && l.Effect.Name == questionnaire.EffectDifference && r.Unlinked.Share != nil:
		out.Effect.Value, out.Effect.CI = r.Unlinked.Share.DiffPP, r.Unlinked.Share.DiffCI
	case r.Paired != nil && r.Paired.Diff.Mean.OK():
		places := decimalsFor(1, r.Paired.NMatched)
		out.Test.P, out.Effect.Value, out.Effect.CI = coarseP(l.Test.P), coarse(l.Effect.Value, places), coarseInterval(l.Effect.CI, places)
	case r.Unlinked != nil && r.Unlinked.Welch.Diff.OK():
		places := decimalsFor(1, min(r.Unlinked.NPre, r.Unlinked.NPost))
		out.Test.P, out.Effect.Value, out.Effect.CI = coarseP(l.Test.P), coarse(l.Effect.Value, places), coarseInterval(l.Effect.CI, places)
	}
	return &out
}

func (u *Unlinked) published(step float64) Unlinked {
	out := blank(*u)
	out.NPre, out.NPost = rounded(u.NPre), rounded(u.NPost)
	places := decimalsFor(step, min(u.NPre, u.NPost))
	out.Pre, out.Post = u.Pre.published(places), u.Post.published(places)
	if u.Share != nil {
		share := u.Share.published()
		out.Share = &share
	}
	if !out.Pre.Mean.OK() || !out.Post.Mean.OK() {
		return out
	}
	unit := decimalsFor(1, min(u.NPre, u.NPost))
	out.Welch.Diff, out.Welch.CI, out.Welch.P = coarse(u.Welch.Diff, places), coarseInterval(u.Welch.CI, places), coarseP(u.Welch.P)
	out.Effect.GS = coarse(u.Effect.GS, unit)
	return out
}

// published works the shares of different people out of rounded counts.
func (s *IndependentShare) published() IndependentShare {
	out := blank(*s)
	out.NPre, out.NPost = rounded(s.NPre), rounded(s.NPost)
	out.YesPre, out.PrePct, out.PreCI = share(s.YesPre, out.NPre, s.PrePct)
	out.YesPost, out.PostPct, out.PostCI = share(s.YesPost, out.NPost, s.PostPct)
	if out.PrePct.OK() && out.PostPct.OK() {
		out.DiffPP, out.DiffCI = Est(out.PostPct.value-out.PrePct.value), coarseInterval(s.DiffCI, 0)
	}
	return out
}

// published rounds who answered when. The two rests are of the rounded numbers.
func (c Counts) published() Counts {
	out := Counts{NPre: rounded(c.NPre), NPost: rounded(c.NPost), NMatched: rounded(c.NMatched)}
	out.NPreOnly, out.NPostOnly = max(0, out.NPre-out.NMatched), max(0, out.NPost-out.NMatched)
	return out
}

func (p *Paired) published(step float64) Paired {
	out := blank(*p)
	out.Counts = p.Counts.published()
	places := decimalsFor(step, p.NMatched)
	out.Pre, out.Post = p.Pre.published(places), p.Post.published(places)
	if !out.Pre.Mean.OK() || !out.Post.Mean.OK() {
		return out
	}
	out.Diff.Mean, out.Diff.SD, out.Diff.CI = coarse(p.Diff.Mean, places), coarse(p.Diff.SD, places), coarseInterval(p.Diff.CI, places)
	out.T.P = coarseP(p.T.P)
	unit := decimalsFor(1, p.NMatched) // an effect has no unit
	out.Effect.GAv, out.Effect.GAvCI = coarse(p.Effect.GAv, unit), coarseInterval(p.Effect.GAvCI, unit)
	out.Change = p.Change.published(out.NMatched)
	if p.Top != nil {
		top := p.Top.published(out.NMatched)
		out.Top = &top
	}
	return out
}

// published rounds the mean and the spread of some people. Where all answered the
// same they are left out.
func (s Sample) published(places int) Sample {
	out := blank(s)
	out.N = rounded(s.N)
	if sd, ok := s.SD.Float(); ok && sd > 0 {
		out.Mean, out.SD = coarse(s.Mean, places), coarse(s.SD, places)
	}
	return out
}

// published works the shares out of rounded counts, of n people. Those that are
// hidden stay so.
func (c Change) published(n int) Change {
	out := blank(c)
	out.ImprovedN, out.ImprovedPct, out.ImprovedCI = share(c.ImprovedN, n, c.ImprovedPct)
	out.SameN, out.SamePct, _ = share(c.SameN, n, c.SamePct)
	out.WorseN, out.WorsePct, _ = share(c.WorseN, n, c.WorsePct)
	return out
}

// share is a part of n people as a publication shows it: rounded, in per cent of
// the rounded n, and with an interval from those two; nothing if it is hidden.
func share(part, n int, pct Estimate) (int, Estimate, Interval) {
	if !pct.OK() || n == 0 {
		return 0, NotEstimable(Suppressed), noInterval(Suppressed)
	}
	part = min(rounded(part), n)
	return part, percent(part, n, NoAnswers), wilson(part, n, NoAnswers)
}

func (b *Binary) published() Binary {
	out := blank(*b)
	out.Counts = b.Counts.published()
	out.Table = b.Table.published(out.NMatched)
	return out
}

// published works the shares out of rounded counts, of n people. What four cells
// are behind is shown only if each of them may be.
func (t Table) published(n int) Table {
	out := blank(t)
	_, out.PrePct, out.PreCI = share(t.N11+t.N10, n, t.PrePct)
	_, out.PostPct, out.PostCI = share(t.N11+t.N01, n, t.PostPct)
	if before, ok := out.PrePct.Float(); ok && out.PostPct.OK() {
		out.DiffPP = out.PostPct.then(func(after float64) float64 { return after - before })
	}
	out.DiffCI, out.McNemarP = coarseInterval(t.DiffCI, 0), coarseP(t.McNemarP)
	if t.McNemarP.Reason() != Suppressed {
		out.N11, out.N10, out.N01 = rounded(t.N11), rounded(t.N10), rounded(t.N01)
		out.N00 = max(0, rounded(t.N11+t.N00)-out.N11) // the sum of the two is of those who said the same
	}
	return out
}

func (n *NetPromoter) published() NetPromoter {
	out := blank(*n)
	out.N = rounded(n.N)
	out.PromotersN, out.PromotersPct, _ = share(n.PromotersN, out.N, n.PromotersPct)
	out.PassivesN, out.PassivesPct, _ = share(n.PassivesN, out.N, n.PassivesPct)
	out.DetractorsN, out.DetractorsPct, _ = share(n.DetractorsN, out.N, n.DetractorsPct)
	out.Score, out.CI = coarse(n.Score, 0), coarseInterval(n.CI, 0)
	mean := Sample{N: n.N, Mean: n.Mean, SD: n.SD}.published(decimalsFor(1, n.N))
	out.Mean, out.SD = mean.Mean, mean.SD
	return out
}

func (s *Single) published(step float64) Single {
	out := blank(*s)
	out.Sample = s.Sample.published(decimalsFor(step, s.N))
	_, out.TopPct, out.TopCI = share(partOf(s.TopPct, s.N), out.N, s.TopPct)
	return out
}

// publish rounds alpha, its interval and its base. Its items are left out.
func (s *ScaleReliability) publish() {
	out := ScaleReliability{Scale: s.Scale, Label: s.Label, Wave: s.Wave, Items: s.Items, Reliability: blank(s.Reliability)}
	out.K, out.NComplete = len(s.Items), rounded(s.NComplete)
	out.Alpha, out.CI = coarse(s.Alpha, 2), coarseInterval(s.CI, 2)
	*s = out
}

// blank is v without a figure and without a count.
func blank[T any](v T) T {
	blankValue(reflect.ValueOf(&v).Elem())
	return v
}

func blankValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Estimate]() {
			v.Set(reflect.ValueOf(NotEstimable(Suppressed)))
			return
		}
		for i := range v.NumField() {
			blankValue(v.Field(i))
		}
	default:
		v.SetZero()
	}
}

// decimalsFor is how many decimals a mean of n people has at most: so few that the
// sums of one person's step more or less, and of one person more or less, are the
// same number.
func decimalsFor(step float64, n int) int {
	const most = 2
	for places := most; places > 0; places-- {
		if math.Pow10(-places)*float64(n) >= step {
			return places
		}
	}
	return 0
}

// coarse is e with so many decimals.
func coarse(e Estimate, places int) Estimate {
	factor := math.Pow10(places)
	return e.then(func(v float64) float64 { return math.Round(v*factor) / factor })
}

func coarseInterval(i Interval, places int) Interval {
	return Interval{Low: coarse(i.Low, places), High: coarse(i.High, places)}
}

// coarseP is a p-value with two decimals, three below 0.01, and one number for
// all below 0.001.
func coarseP(p Estimate) Estimate {
	const least = 0.0001 // printed as "< 0.001"
	v, ok := p.Float()
	switch {
	case ok && v < 0.001:
		return Est(least)
	case ok && v < 0.01:
		return coarse(p, 3)
	}
	return coarse(p, 2)
}
