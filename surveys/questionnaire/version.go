package questionnaire

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Publish freezes a definition as version number (from 1) of questionnaire id.
// The version is a deep copy: changing def later leaves it alone. Published is
// now in UTC, cut to whole milliseconds.
//
// It returns Problems if def does not pass Check, and an error if id is empty
// or number below 1.
func Publish(id ID, number int, def Definition, now time.Time) (Version, error) {
	if id == "" || number < 1 {
		return Version{}, fmt.Errorf("publish questionnaire %q: number is %d, must be 1 or more, and the id must not be empty", id, number)
	}
	if err := def.Check(); err != nil {
		return Version{}, fmt.Errorf("publish questionnaire %q: %w", id, err)
	}
	logic, err := def.parseLogic()
	if err != nil {
		return Version{}, fmt.Errorf("publish questionnaire %q: %w", id, err)
	}
	published := now.UTC().Truncate(time.Millisecond)
	return Version{Questionnaire: id, Number: number, Definition: def.Clone(), Published: published, Logic: logic}, nil
}

// Clone returns a copy that shares nothing with d.
func (d Definition) Clone() Definition {
	d.Title, d.Intro, d.Readers = maps.Clone(d.Title), maps.Clone(d.Intro), maps.Clone(d.Readers)
	d.Thanks, d.Help = maps.Clone(d.Thanks), maps.Clone(d.Help)
	d.Languages, d.Sheet = slices.Clone(d.Languages), maps.Clone(d.Sheet)
	d.Groups = cloneEach(d.Groups, Group.clone)
	d.Parts = cloneEach(d.Parts, Part.clone)
	d.Scales = cloneEach(d.Scales, Scale.clone)
	d.Measures = cloneEach(d.Measures, Measure.clone)
	return d
}

func (p Part) clone() Part {
	p.Title, p.Waves, p.Sheet = maps.Clone(p.Title), slices.Clone(p.Waves), maps.Clone(p.Sheet)
	p.Items = cloneEach(p.Items, Item.clone)
	return p
}

func (g Group) clone() Group {
	g.Label, g.Sheet = maps.Clone(g.Label), maps.Clone(g.Sheet)
	return g
}

func (it Item) clone() Item {
	it.Label, it.Hint, it.Unit = maps.Clone(it.Label), maps.Clone(it.Hint), maps.Clone(it.Unit)
	it.Low, it.High = maps.Clone(it.Low), maps.Clone(it.High)
	it.RequiredMessage, it.ConstraintMessage, it.Alt = maps.Clone(it.RequiredMessage), maps.Clone(it.ConstraintMessage), maps.Clone(it.Alt)
	it.Waves, it.Audio, it.Sheet = slices.Clone(it.Waves), maps.Clone(it.Audio), maps.Clone(it.Sheet)
	it.Min, it.Max, it.Step = cloneNumber(it.Min), cloneNumber(it.Max), cloneNumber(it.Step)
	it.Choices = cloneEach(it.Choices, Choice.clone)
	it.Rows = cloneEach(it.Rows, Row.clone)
	it.Prompts = cloneEach(it.Prompts, Prompt.clone)
	return it
}

func (c Choice) clone() Choice {
	c.Label, c.Score, c.Columns = maps.Clone(c.Label), cloneNumber(c.Score), maps.Clone(c.Columns)
	return c
}

func (r Row) clone() Row {
	r.Label = maps.Clone(r.Label)
	return r
}

func (p Prompt) clone() Prompt {
	p.Label, p.Hint = maps.Clone(p.Label), maps.Clone(p.Hint)
	return p
}

func (s Scale) clone() Scale {
	s.Label = maps.Clone(s.Label)
	s.Items, s.Reverse = slices.Clone(s.Items), slices.Clone(s.Reverse)
	s.Table, s.Of = slices.Clone(s.Table), slices.Clone(s.Of)
	s.Bands = cloneEach(s.Bands, Band.clone)
	s.Flags = cloneEach(s.Flags, ScoreFlag.clone)
	return s
}

func (b Band) clone() Band {
	b.Label = maps.Clone(b.Label)
	return b
}

func (f ScoreFlag) clone() ScoreFlag {
	f.Label = maps.Clone(f.Label)
	return f
}

func (m Measure) clone() Measure {
	m.Label, m.TopText = maps.Clone(m.Label), maps.Clone(m.TopText)
	m.MinChange, m.Top = cloneNumber(m.MinChange), slices.Clone(m.Top)
	return m
}

func cloneEach[T any](values []T, clone func(T) T) []T {
	copied := slices.Clone(values)
	for i := range copied {
		copied[i] = clone(copied[i])
	}
	return copied
}

func cloneNumber(number *float64) *float64 {
	if number == nil {
		return nil
	}
	copied := *number
	return &copied
}

// Has reports whether an item, a row, a part, a group or a scale of d has this id.
func (d *Definition) Has(id ItemID) bool {
	for i := range d.Parts {
		part := &d.Parts[i]
		if part.ID == id || slices.ContainsFunc(part.Items, func(item Item) bool { return item.has(id) }) {
			return true
		}
	}
	return slices.ContainsFunc(d.Groups, func(g Group) bool { return g.ID == id }) ||
		slices.ContainsFunc(d.Scales, func(s Scale) bool { return s.ID == id })
}

func (it *Item) has(id ItemID) bool {
	return it.ID == id || slices.ContainsFunc(it.Rows, func(r Row) bool { return r.ID == id })
}
