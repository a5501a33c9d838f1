package outcomes

import (
	"cmp"
	"fmt"
	"slices"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// comparison is what is set against what.
type comparison int

const (
	prePost comparison = iota // two responses of one person
	thenNow                   // two answers in one response
	once                      // one answer
	apart                     // answers of two waves that nobody can link
)

// plan is how one measure is worked out.
type plan struct {
	measure   *questionnaire.Measure
	label     questionnaire.Text
	compare   comparison
	wave      questionnaire.Wave // of once
	pre, post source             // both the same but for thenNow
	params    Params
	variables []questionnaire.ItemID // whose distribution is shown
	topLabels []questionnaire.Text   // of a yes or no: the answers that are counted

	reliability *Estimate            // of a scale at pre; nil: not known well enough
	scale       *questionnaire.Scale // that it is of; nil: no scale
	before      *source              // of a then-and-now row: what asked the same before; nil: nothing
}

// planOf says how m is worked out. A then-and-now row is compared within a
// response; in a design with pairs, what is asked before and after is compared
// between the two; everything else is described at the one wave it is asked at.
func planOf(d *surveys.Dataset, t *answerTable, m *questionnaire.Measure) (*plan, error) {
	p := &plan{measure: m, compare: once, wave: questionnaire.WavePost}
	if err := p.sources(d.Latest, t); err != nil {
		return nil, err
	}
	if len(m.Label) > 0 {
		p.label = m.Label
	}
	p.params.Top, p.params.MinChange = m.Top, m.MinChange
	p.params.LowerIsBetter = m.Direction == questionnaire.DirectionLower
	before := askedAt(d.Latest, p.variables, questionnaire.WavePre)
	after := askedAt(d.Latest, p.variables, questionnaire.WavePost)
	switch {
	case p.compare == thenNow:
	case d.Strand.Paired() && before && after && m.Type != questionnaire.MeasureNPS:
		p.compare = prePost
	case d.Strand.Design == surveys.DesignUnlinked && before && after && m.Type != questionnaire.MeasureNPS:
		p.compare = apart
	case len(d.Strand.Design.Waves()) > 1 && !after && before:
		p.wave = questionnaire.WavePre
	case d.Strand.Paired() && !after:
		p.wave = questionnaire.WaveFollowUp
	}
	if (p.compare == once || p.compare == apart) && m.Type == questionnaire.MeasureBinary && len(m.Top) == 0 {
		p.params.Top = []float64{1}
	}
	if m.Type == questionnaire.MeasureBinary {
		p.topLabels = p.counted(d.Latest)
	}
	return p, nil
}

// counted lists the labels of the choices that a yes or no counts.
func (p *plan) counted(in *questionnaire.Instrument) []questionnaire.Text {
	v, ok := in.Variable(p.variables[len(p.variables)-1])
	if !ok {
		return nil
	}
	top := []float64{1}
	if p.compare == once || p.compare == apart {
		top = p.params.Top
	}
	var labels []questionnaire.Text
	for i := range v.Choices {
		if score := v.Choices[i].Score; score != nil && slices.Contains(top, *score) {
			labels = append(labels, v.Choices[i].Label)
		}
	}
	return labels
}

// sources finds what the measure is of.
func (p *plan) sources(in *questionnaire.Instrument, t *answerTable) error {
	of := p.measure.Of
	if s, ok := in.Scale(of); ok {
		p.pre, p.label, p.variables = scaleOf(in, s, t), s.Label, s.Variables(in.Scale)
		p.post, p.scale = p.pre, s
		least, most := s.Range(in.Scale)
		p.params.Min, p.params.Max = &least, &most
		return nil
	}
	if v, ok := in.Variable(of); ok {
		p.pre = source{columns: []int{t.index[of]}}
		p.post, p.label, p.variables = p.pre, v.Label, []questionnaire.ItemID{of}
		p.params.Min, p.params.Max = valueRange(v)
		return nil
	}
	then, now := questionnaire.MomentID(of, questionnaire.MomentThen), questionnaire.MomentID(of, questionnaire.MomentNow)
	v, ok := in.Variable(now)
	if !ok {
		return fmt.Errorf("measure %s is of %s, which is not there", p.measure.ID, of)
	}
	p.compare, p.label, p.variables = thenNow, v.Label, []questionnaire.ItemID{then, now}
	p.pre, p.post = source{columns: []int{t.index[then]}}, source{columns: []int{t.index[now]}}
	p.params.Min, p.params.Max = valueRange(v)
	if column, ok := t.index[p.measure.Before]; ok {
		p.before = &source{columns: []int{column}}
	}
	return nil
}

// valueRange returns the lowest and the highest value of a variable, nil where
// there is no end.
func valueRange(v *questionnaire.Variable) (low, high *float64) {
	if points := v.Points(); len(points) > 0 {
		return points[0].Score, points[len(points)-1].Score
	}
	if v.Kind == questionnaire.KindNumber {
		return v.Item.Min, v.Item.Max
	}
	for i := range v.Choices {
		score := v.Choices[i].Score
		if score == nil {
			continue
		}
		if low == nil || *score < *low {
			low = score
		}
		if high == nil || *score > *high {
			high = score
		}
	}
	return low, high
}

// result works the measure out over everyone and over each division.
func (p *plan) result(d *surveys.Dataset, data *gathered, who *people, where []division, reliable []ScaleReliability) MeasureResult {
	m := p.measure
	r := MeasureResult{
		ID: m.ID, Label: p.label, Type: m.Type, Direction: cmp.Or(m.Direction, questionnaire.DirectionHigher),
		Headline: m.Headline, Min: p.params.Min, Max: p.params.Max, MinChange: m.MinChange, Top: p.params.Top,
	}
	if p.compare == once {
		r.Wave = p.wave
	}
	if m.Type == questionnaire.MeasureBinary {
		r.TopText, r.TopLabels = m.TopText, p.topLabels
	}
	seen := p.observe(data, who)
	r.Result = p.figures(seen.values)
	if r.Paired != nil && p.reliability != nil {
		change := ReliableChange(seen.values, p.params, *p.reliability)
		r.Reliable = &change
	}
	if m.Type != questionnaire.MeasureNPS {
		for i := range where {
			r.Breakdowns = append(r.Breakdowns, p.breakdown(seen, &where[i]))
		}
	}
	r.FromMemory = p.compare == thenNow
	r.Distributions = p.distributions(data, who)
	if r.Paired != nil {
		r.Moves = moves(seen.values)
	}
	r.Sensitivity = p.sensitivity(data, who, seen, &r)
	r.Later, r.Contrasts, r.Bands = p.later(d.Latest, data, who), p.contrasts(data, who), p.bandsOf(seen.values, &r)
	r.Notes = p.notesOf(d, data, &r, reliable)
	return r
}

// observed is what was observed, by person.
type observed struct {
	values  []Observation // once: Post only
	entries []int         // that say where the person belongs
}

func (o *observed) add(entry int, v Observation) {
	o.values, o.entries = append(o.values, v), append(o.entries, entry)
}

// observe scores every person.
func (p *plan) observe(data *gathered, who *people) observed {
	if p.compare == once {
		return p.observeOnce(data, who)
	}
	n := len(who.persons)
	seen := observed{make([]Observation, 0, n), make([]int, 0, n)}
	for _, one := range who.persons {
		var v Observation
		pre, post := one.pre, one.post
		if p.compare == thenNow {
			pre = post
		}
		if pre != nobody {
			v.Pre = p.pre.score(data.answers, data.entries[pre].row)
		}
		if post != nobody {
			v.Post = p.post.score(data.answers, data.entries[post].row)
		}
		seen.add(one.entry(), v)
	}
	return seen
}

// observeOnce scores the first submissions at the measure's wave.
func (p *plan) observeOnce(data *gathered, who *people) observed {
	var seen observed
	for i := range data.entries {
		if e := &data.entries[i]; e.wave == p.wave && !who.repeat[i] {
			seen.add(who.belongs[i], Observation{Post: p.post.score(data.answers, e.row)})
		}
	}
	return seen
}

// figures works the measure out for some people, by its method.
func (p *plan) figures(observations []Observation) Result {
	r := p.compared(observations)
	r.Lead = p.leadOf(&r)
	return r
}

func (p *plan) compared(observations []Observation) Result {
	switch {
	case p.compare == once && p.measure.Type == questionnaire.MeasureNPS:
		score := NPS(split(observations).allPost)
		return Result{NPS: &score}
	case p.compare == once:
		return Result{Single: single(split(observations).allPost, p.params.Top)}
	case p.compare == apart:
		return Result{Unlinked: compareUnlinked(observations, p.params.Top)}
	case p.measure.Type == questionnaire.MeasureBinary:
		binary := ComparePairedBinary(observations, []float64{1})
		return Result{Binary: &binary}
	}
	paired := ComparePaired(observations, p.params)
	return Result{Paired: &paired}
}

// single describes answers given once.
func single(values, top []float64) *Single {
	s := &Single{Sample: Describe(values), TopPct: NotEstimable(NotApplicable), TopCI: noInterval(NotApplicable)}
	if len(top) > 0 {
		n := countIn(values, top)
		s.TopPct, s.TopCI = percent(n, len(values), NoAnswers), wilson(n, len(values), NoAnswers)
	}
	return s
}

// Base is how many people are behind the figures: the matched, or the answers; where
// nobody is linked those of both waves.
func (r Result) Base() int {
	switch {
	case r.Paired != nil:
		return r.Paired.NMatched
	case r.Binary != nil:
		return r.Binary.NMatched
	case r.Unlinked != nil:
		return r.Unlinked.NPre + r.Unlinked.NPost
	case r.NPS != nil:
		return r.NPS.N
	case r.Single != nil:
		return r.Single.N
	}
	return 0
}
