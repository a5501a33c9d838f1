package outcomes

import (
	"math"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// From what share of the people at the best or the worst value before a note says
// so, and from what standardised difference of those who left.
//
// Sources: floor and ceiling of 15 %, Terwee et al. (2007), J Clin Epidemiol 60:34;
// 0.25, the rule of thumb for baseline differences, Stuart (2010), Stat Sci 25:1.
const (
	manyAtEnd = 15 // per cent
	farApart  = 0.25
)

// sensitivity works out how far the result of a measure hangs on who is in
// it; nil for a measure that is not compared between responses.
func (p *plan) sensitivity(data *gathered, who *people, seen observed, r *MeasureResult) *Sensitivity {
	if p.compare != prePost {
		return nil
	}
	s := &Sensitivity{Pairs: p.byPairs(who, seen), DropOut: p.dropOut(seen.values, r)}
	if r.Paired != nil {
		s.RoomToMove = p.roomToMove(seen.values, r.Paired)
		s.Clusters = clustersOf(r)
	}
	return s
}

// byPairs works the measure out over the pairs found by equal codes; over those and
// the ones by near codes; and over all, with those that a person made. It is nil if
// all are of the first sort.
func (p *plan) byPairs(who *people, seen observed) []PairsResult {
	sorts := []struct {
		pairs Pairs
		has   func(pairing.Kind) bool
	}{
		{PairsExact, func(k pairing.Kind) bool { return k == pairing.Exact }},
		{PairsNear, func(k pairing.Kind) bool { return k != pairing.Reviewed }},
		{PairsReviewed, func(pairing.Kind) bool { return true }},
	}
	if !who.mixed() {
		return nil
	}
	var results []PairsResult
	for _, sort := range sorts {
		some := make([]Observation, 0, len(seen.values))
		for i, v := range seen.values {
			if v.Pre.OK && v.Post.OK && sort.has(who.kinds[seen.entries[i]]) {
				some = append(some, v)
			}
		}
		change, ci, improved := p.inShort(some)
		results = append(results, PairsResult{Pairs: sort.pairs, N: len(some), Change: change, CI: ci, Improved: improved})
	}
	return results
}

// mixed reports whether some pairs were not found by equal codes.
func (who *people) mixed() bool {
	return who.summary != nil && who.summary.Exact != who.summary.Matched
}

// inShort is the change, its interval, and the share that improved, or that said yes
// afterwards.
func (p *plan) inShort(some []Observation) (change Estimate, ci Interval, improved Estimate) {
	w := split(some)
	if p.measure.Type == questionnaire.MeasureBinary {
		t := cross(w, []float64{1})
		return t.DiffPP, t.DiffCI, t.PostPct
	}
	d := difference(w.diff)
	return d.Mean, d.CI, changeOf(w.diff, p.params).ImprovedPct
}

func changeOf(d []float64, p Params) Change { return change(d, p, 0) }

// dropOut sets those who left beside those who stayed; nil if nobody left.
func (p *plan) dropOut(observations []Observation, r *MeasureResult) *DropOut {
	w := split(observations)
	left, began := len(w.preOnly), len(w.allPre)
	if left == 0 || len(w.diff) == 0 {
		return nil
	}
	a := attrition(w)
	d := &DropOut{NStayed: len(w.pre), NLeft: left, MeanStayed: a.MeanCompleters, MeanLeft: a.MeanDropouts, SMD: a.SMD, NBegan: began}
	if smd, ok := a.SMD.Float(); ok {
		d.Marked = math.Abs(smd) >= farApart
	}
	if r.Binary != nil {
		stayed := countIn(w.preOnly, []float64{1})
		d.Change = percent(r.Binary.N01-r.Binary.N10, began, NoAnswers)
		d.Improved = percent(r.Binary.N11+r.Binary.N01+stayed, began, NoAnswers)
		return d
	}
	d.Change = Est(sum(w.diff) / float64(began))
	d.Improved = percent(changeOf(w.diff, p.params).ImprovedN, began, NoAnswers)
	return d
}

// best is the better end of the scale, nil if it has none.
func (p Params) best() *float64 {
	if p.LowerIsBetter {
		return p.Min
	}
	return p.Max
}

// atBest and atWorst are the shares of the matched at the ends before.
func (p Params) atBest(r *Paired) Estimate {
	if p.LowerIsBetter {
		return sharePre(r.Floor)
	}
	return sharePre(r.Ceiling)
}

func (p Params) atWorst(r *Paired) Estimate {
	if p.LowerIsBetter {
		return sharePre(r.Ceiling)
	}
	return sharePre(r.Floor)
}

func sharePre(e *Extreme) Estimate {
	if e == nil {
		return NotEstimable(NotApplicable)
	}
	return e.PrePct
}

// roomToMove is the result over those who could improve; nil if few could not.
func (p *plan) roomToMove(observations []Observation, r *Paired) *RoomToMove {
	at := p.params.atBest(r)
	if share, ok := at.Float(); !ok || share < manyAtEnd {
		return nil
	}
	var some []Observation
	for _, o := range observations {
		if o.Pre.OK && o.Post.OK && o.Pre.V != *p.params.best() {
			some = append(some, o)
		}
	}
	change, ci, improved := p.inShort(some)
	return &RoomToMove{AtBest: at, N: len(some), Change: change, CI: ci, Improved: improved}
}

// clustersOf takes from the breakdowns by place the one that widens the interval
// most; nil if none has five groups.
//
// The interval is that of the mean change with both halves times the root of the
// design effect: Kish (1965), Survey Sampling.
func clustersOf(r *MeasureResult) *Clusters {
	var most *Breakdown
	for i := range r.Breakdowns {
		b := &r.Breakdowns[i]
		if b.DesignEffect == nil || !b.DesignEffect.OK() {
			continue
		}
		if most == nil || b.DesignEffect.value > most.DesignEffect.value {
			most = b
		}
	}
	if most == nil {
		return nil
	}
	c := &Clusters{By: most.By, ICC: *most.ICC, DesignEffect: *most.DesignEffect, CI: r.Paired.Diff.CI}
	for i := range most.Groups {
		if most.Groups[i].N >= leastForInference {
			c.Groups++
		}
	}
	if mean, ok := r.Paired.Diff.Mean.Float(); ok && c.CI.Low.OK() {
		wider := math.Sqrt(c.DesignEffect.value)
		c.CI = interval(mean-wider*(mean-c.CI.Low.value), mean+wider*(c.CI.High.value-mean))
	}
	return c
}
