package exports

import (
	"fmt"
	"math"
	"slices"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// measure is one that is taken twice, or an item that is asked twice, with where its
// two numbers come from.
type measure struct {
	id            questionnaire.ItemID
	before, after source
	fromMemory    bool // then and now: both are in the one response
	coded         bool // answers are choices without a number: they have no change
}

// source finds the number that a measure takes from a response. The arithmetic
// is outcomes.ScoreScale's.
type source struct {
	variables []questionnaire.ItemID
	spec      *outcomes.ScaleSpec // nil: the value of the one variable
	codes     *[]string           // not nil: the number is an index in it
}

// nothing stands for no number in what is kept of a response.
var nothing = math.NaN()

// takenTwice lists the measures that are compared, then the items that are asked
// twice, version by version, so that each keeps its place. A measure and an item of
// one name are the same numbers, and are there once.
func takenTwice(d *surveys.Dataset, r *outcomes.Report) ([]measure, error) {
	var list []measure
	add := func(m measure, err error) error {
		known := slices.ContainsFunc(list, func(other measure) bool { return other.id == m.id })
		if err == nil && !known {
			list = append(list, m)
		}
		return err
	}
	for _, n := range formsInOrder(d) {
		form := d.Instruments[n]
		for _, m := range form.Version().Definition.Measures {
			if compares(d, form, &m) {
				if err := add(measureOf(newestWith(d, m.ID), m.ID)); err != nil {
					return nil, err
				}
			}
		}
		for i := range form.Variables() {
			if v := &form.Variables()[i]; askedTwice(d, v) {
				_ = add(itemOf(v), nil)
			}
		}
	}
	for _, result := range r.Measures { // of variants together, one asked before and one after
		if result.Paired != nil || result.Binary != nil {
			if err := add(measureOf(d.Latest, result.ID)); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// newestWith is the questionnaire that says what a measure is: the latest, or the
// newest version that still had it.
func newestWith(d *surveys.Dataset, id questionnaire.ItemID) *questionnaire.Instrument {
	if _, ok := d.Latest.Measure(id); ok {
		return d.Latest
	}
	for _, n := range d.NewestFirst() {
		if _, ok := d.Instruments[n].Measure(id); ok {
			return d.Instruments[n]
		}
	}
	return d.Latest
}

// compares reports whether a form takes m twice.
func compares(d *surveys.Dataset, form *questionnaire.Instrument, m *questionnaire.Measure) bool {
	one, err := measureOf(form, m.ID)
	if err != nil || one.fromMemory {
		return err == nil
	}
	return d.Strand.Paired() && m.Type != questionnaire.MeasureNPS && slices.ContainsFunc(one.before.variables, func(id questionnaire.ItemID) bool {
		v, ok := form.Variable(id)
		return ok && v.AskedAt(questionnaire.WavePre) && v.AskedAt(questionnaire.WavePost)
	})
}

// askedTwice reports whether v has two answers of one person that can be set side by
// side: numbers, or one choice.
func askedTwice(d *surveys.Dataset, v *questionnaire.Variable) bool {
	single := v.Kind == questionnaire.KindSingleChoice || v.Kind == questionnaire.KindRating || v.Kind == questionnaire.KindFaces || v.Kind == questionnaire.KindThenNow
	if v.Open || !v.Numeric && !single {
		return false
	}
	if v.Moment != "" {
		return v.Moment == questionnaire.MomentNow
	}
	return d.Strand.Paired() && v.AskedAt(questionnaire.WavePre) && v.AskedAt(questionnaire.WavePost)
}

// itemOf is an item that is asked twice, as answered: nothing is turned round.
func itemOf(v *questionnaire.Variable) measure {
	var codes *[]string
	if !v.Numeric {
		codes = new([]string)
	}
	one := measure{id: v.ID, coded: codes != nil}
	one.before = source{variables: []questionnaire.ItemID{v.ID}, codes: codes}
	one.after = one.before
	if v.Moment != "" {
		one.id, one.fromMemory = v.Row, true
		one.before.variables = []questionnaire.ItemID{questionnaire.MomentID(v.Row, questionnaire.MomentThen)}
	}
	return one
}

func measureOf(in *questionnaire.Instrument, id questionnaire.ItemID) (measure, error) {
	m, ok := in.Measure(id)
	if !ok {
		return measure{}, fmt.Errorf("the report has a measure %s, the questionnaire has none", id)
	}
	if s, ok := in.Scale(m.Of); ok {
		scale := sourceOf(in, s)
		return measure{id: id, before: scale, after: scale}, nil
	}
	if _, ok := in.Variable(m.Of); ok {
		one := source{variables: []questionnaire.ItemID{m.Of}}
		return measure{id: id, before: one, after: one}, nil
	}
	then, now := questionnaire.MomentID(m.Of, questionnaire.MomentThen), questionnaire.MomentID(m.Of, questionnaire.MomentNow)
	if _, ok := in.Variable(now); !ok {
		return measure{}, fmt.Errorf("measure %s is of %s, which is not there", id, m.Of)
	}
	return measure{
		id: id, fromMemory: true,
		before: source{variables: []questionnaire.ItemID{then}}, after: source{variables: []questionnaire.ItemID{now}},
	}, nil
}

func sourceOf(in *questionnaire.Instrument, scale *questionnaire.Scale) source {
	spec := outcomes.SpecOf(scale, in.Scale)
	return source{variables: scale.Variables(in.Scale), spec: &spec}
}

// score returns the number of one response, or nothing; in is the version that it
// answers.
func (m *source) score(in *questionnaire.Instrument, answers questionnaire.Answers) float64 {
	if m.codes != nil {
		return m.code(in, answers)
	}
	if m.spec == nil {
		if v, ok := valueIn(in, answers, m.variables[0]); ok {
			return v
		}
		return nothing
	}
	numbers := make([]outcomes.Number, len(m.variables))
	for i, id := range m.variables {
		if v, ok := valueIn(in, answers, id); ok {
			numbers[i] = outcomes.Num(v)
		}
	}
	if score, _ := outcomes.ScoreScale(numbers, *m.spec); score.OK {
		return score.V
	}
	return nothing
}

func valueIn(in *questionnaire.Instrument, answers questionnaire.Answers, id questionnaire.ItemID) (float64, bool) {
	a, ok := answers[id]
	if !ok {
		return 0, false
	}
	return in.Value(id, a)
}

// code is the place in codes of what was chosen.
func (m *source) code(in *questionnaire.Instrument, answers questionnaire.Answers) float64 {
	v, ok := in.Variable(m.variables[0])
	a := answers[m.variables[0]]
	if !ok || a.Missing != questionnaire.Answered || a.Choice == "" {
		return nothing
	}
	code := v.ChoiceCode(a.Choice).Text
	at := slices.Index(*m.codes, code)
	if at < 0 {
		at = len(*m.codes)
		*m.codes = append(*m.codes, code)
	}
	return float64(at)
}

// scalesOf says of which scale, or variable, each measure of the report is.
func scalesOf(in *questionnaire.Instrument, r *outcomes.Report) map[questionnaire.ItemID]questionnaire.ItemID {
	of := map[questionnaire.ItemID]questionnaire.ItemID{}
	for _, result := range r.Measures {
		if m, ok := in.Measure(result.ID); ok {
			of[result.ID] = m.Of
		}
	}
	return of
}
