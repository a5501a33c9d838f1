package questionnaire

import (
	"math"
	"slices"
)

// The ways of scoring a scale, and the directions of a measure.
const (
	MethodMean      = "mean"
	MethodSum       = "sum" // the mean of those answered times the number of items
	DirectionHigher = "higher"
	DirectionLower  = "lower"
)

// scale checks that a scale can be scored: its items are numeric, no answer is
// outside Min to Max, and reversing and counting refer to its own items.
func (c *checker) scale(s *Scale) {
	where := "scale " + quoted(string(s.ID))
	c.short(where, "source", s.Source)
	c.short(where, "licence", s.Licence)
	c.scaleScoring(where, s)
	if len(s.Of) > 0 {
		c.sumOfScales(where, s)
		return
	}
	if s.Method != MethodMean && s.Method != MethodSum {
		c.fail(where, "method %s is not one of mean, sum", quoted(s.Method))
	}
	if !finite(s.Min) || !finite(s.Max) || s.Min >= s.Max {
		c.fail(where, "min must be a number below max")
	}
	if len(s.Items) == 0 {
		c.fail(where, "has no items")
	}
	if len(s.Items) > 0 && (s.MinAnswered < 1 || s.MinAnswered > len(s.Items)) {
		c.fail(where, "min_answered is %d, must be 1 to %d, the number of its items", s.MinAnswered, len(s.Items))
	}
	c.scaleItems(where, s)
}

func (c *checker) scaleItems(where string, s *Scale) {
	for i, id := range s.Items {
		if slices.Contains(s.Items[:i], id) {
			c.fail(where, "item %s is there twice", quoted(string(id)))
			continue
		}
		v, ok := c.variables[id]
		switch {
		case !ok:
			c.fail(where, "item %s is not a variable of this questionnaire", quoted(string(id)))
		case !v.Numeric:
			c.fail(where, "item %s has no scores", quoted(string(id)))
		case !v.within(s.Min, s.Max):
			c.fail(where, "item %s can have a value outside %s to %s", quoted(string(id)), formatNumber(s.Min), formatNumber(s.Max))
		}
	}
	for i, id := range s.Reverse {
		if !slices.Contains(s.Items, id) {
			c.fail(where, "reverse %s is not one of its items", quoted(string(id)))
		}
		if slices.Contains(s.Reverse[:i], id) {
			c.fail(where, "reverse %s is there twice", quoted(string(id)))
		}
	}
}

// measures checks all measures. Their ids are a name space of their own: a
// measure may be named like what it measures.
func (c *checker) measures() {
	seen := map[ItemID]bool{}
	for i := range c.definition.Measures {
		m := &c.definition.Measures[i]
		where := "measure " + quoted(string(m.ID))
		c.pattern(where, m.ID)
		if seen[m.ID] {
			c.fail(where, "is there twice")
		}
		seen[m.ID] = true
		c.measure(where, m)
	}
}

func (c *checker) measure(where string, m *Measure) {
	switch m.Direction {
	case "", DirectionHigher, DirectionLower:
	default:
		c.fail(where, "direction %s is not one of higher, lower", quoted(m.Direction))
	}
	if m.MinChange != nil && !(finite(*m.MinChange) && *m.MinChange > 0) {
		c.fail(where, "min_change must be a number above 0")
	}
	if len(m.TopText) > 0 && m.Type != MeasureBinary {
		c.fail(where, "top_text is only for type binary")
	}
	c.lead(where, m)
	if s, ok := c.scaleNamed(m.Of); ok {
		if m.Before != "" {
			c.fail(where, "before is only for a then-and-now row")
		}
		c.measureOfScale(where, m, s)
		return
	}
	v, ok := c.measured(m.Of)
	if !ok {
		c.fail(where, "of %s is neither a scale nor a variable nor a then-and-now row", quoted(string(m.Of)))
		return
	}
	c.measureOfVariable(where, m, v)
	c.askedBefore(where, m)
}

// askedBefore checks what asked the same as a then-and-now row before.
func (c *checker) askedBefore(where string, m *Measure) {
	if m.Before == "" {
		return
	}
	row, isRow := c.variables[MomentID(m.Of, MomentNow)]
	v, ok := c.variables[m.Before]
	switch {
	case !isRow:
		c.fail(where, "before is only for a then-and-now row")
	case !ok || !v.Numeric:
		c.fail(where, "before %s is no variable with scores", quoted(string(m.Before)))
	default:
		low, high := row.bounds()
		if !v.within(low, high) {
			c.fail(where, "before %s can have a value outside %s to %s", quoted(string(m.Before)), formatNumber(low), formatNumber(high))
		}
	}
}

// lead checks the test and the effect that lead: they must be of the measure's type.
func (c *checker) lead(where string, m *Measure) {
	tests, effects := []Test{""}, []Effect{""}
	switch m.Type {
	case MeasureScore:
		tests, effects = TestsOfScores, EffectsOfScores
	case MeasureBinary:
		tests, effects = []Test{"", TestMcNemar}, []Effect{"", EffectDifference}
	}
	if !slices.Contains(tests, m.Test) {
		c.fail(where, "test %s is not for type %s", quoted(string(m.Test)), quoted(string(m.Type)))
	}
	if !slices.Contains(effects, m.Effect) {
		c.fail(where, "effect %s is not for type %s", quoted(string(m.Effect)), quoted(string(m.Type)))
	}
}

// What may lead a score; "" is what suits it.
var (
	TestsOfScores   = []Test{"", TestT, TestWilcoxon, TestSign}
	EffectsOfScores = []Effect{"", EffectGAv, EffectDAv, EffectDz, EffectRankBiserial}
)

func (c *checker) scaleNamed(id ItemID) (*Scale, bool) {
	for i := range c.definition.Scales {
		if c.definition.Scales[i].ID == id {
			return &c.definition.Scales[i], true
		}
	}
	return nil, false
}

// measured finds a variable, or for a then-and-now row one of its halves,
// which have the same choices.
func (c *checker) measured(id ItemID) (*Variable, bool) {
	if _, ok := c.rows[id]; ok {
		id = MomentID(id, MomentNow)
	}
	v, ok := c.variables[id]
	return v, ok
}

func (c *checker) measureOfScale(where string, m *Measure, s *Scale) {
	if m.Type != MeasureScore {
		c.fail(where, "type %s is not for a scale, only score", quoted(string(m.Type)))
	}
	low, high := s.Range(c.scaleNamed)
	for _, top := range m.Top {
		if !(top >= low && top <= high) {
			c.fail(where, "top %s is outside the scale's %s to %s", formatNumber(top), formatNumber(low), formatNumber(high))
		}
	}
}

func (c *checker) measureOfVariable(where string, m *Measure, v *Variable) {
	switch {
	case !v.Numeric:
		c.fail(where, "of %s has no scores", quoted(string(m.Of)))
		return
	case m.Type == MeasureBinary && !v.binary():
		c.fail(where, "type binary needs choices that all score 0 or 1")
	case m.Type == MeasureNPS && v.Kind != KindScale0To10:
		c.fail(where, "type nps needs an item of kind scale_0_10")
	case m.Type != MeasureScore && m.Type != MeasureBinary && m.Type != MeasureNPS:
		c.fail(where, "type %s is not one of score, binary, nps", quoted(string(m.Type)))
	}
	for _, top := range m.Top {
		if !v.possible(top) {
			c.fail(where, "top %s is not a value of %s", formatNumber(top), quoted(string(m.Of)))
		}
	}
}

func finite(number float64) bool { return !math.IsNaN(number) && !math.IsInf(number, 0) }

// bounds are the lowest and the highest Value, infinite where the author set
// no bound.
func (v *Variable) bounds() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	switch v.Kind {
	case KindScale0To10, KindScale:
		points := v.Points()
		if len(points) == 0 {
			return low, high
		}
		return *points[0].Score, *points[len(points)-1].Score
	case KindNumber, KindCalculated:
		low, high = high, low
		if v.Item.Min != nil {
			low = *v.Item.Min
		}
		if v.Item.Max != nil {
			high = *v.Item.Max
		}
		return low, high
	}
	for _, choice := range v.Choices {
		if choice.Score != nil {
			low, high = min(low, *choice.Score), max(high, *choice.Score)
		}
	}
	return low, high
}

func (v *Variable) within(lowest, highest float64) bool {
	low, high := v.bounds()
	return low >= lowest && high <= highest
}

// possible says whether an answer can have this value.
func (v *Variable) possible(value float64) bool {
	counts := func(c Choice) bool { return c.Score != nil && *c.Score == value }
	switch {
	case v.IsScale():
		return slices.ContainsFunc(v.Points(), counts)
	case len(v.Choices) > 0:
		return slices.ContainsFunc(v.Choices, counts)
	}
	low, high := v.bounds()
	return value >= low && value <= high && (!v.Item.Whole || value == math.Trunc(value))
}

// binary says whether both 0 and 1, and nothing else, are scores of choices.
func (v *Variable) binary() bool {
	low, high := v.bounds()
	other := func(c Choice) bool { return c.Score != nil && *c.Score != 0 && *c.Score != 1 }
	return low == 0 && high == 1 && len(v.Choices) > 0 && !slices.ContainsFunc(v.Choices, other)
}
