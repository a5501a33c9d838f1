package exports

import (
	"fmt"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// measure is one that is taken twice, with where its two numbers come from.
type measure struct {
	id            questionnaire.ItemID
	before, after source
	fromMemory    bool // then and now: both are in the one response
}

// source finds the number that a measure takes from a response. The arithmetic
// is outcomes.ScoreScale's.
type source struct {
	variables []questionnaire.ItemID
	spec      *outcomes.ScaleSpec // nil: the value of the one variable
}

// measuresOf lists the measures that the report compares, in its order.
func measuresOf(d *surveys.Dataset, r *outcomes.Report) ([]measure, error) {
	var list []measure
	for _, result := range r.Measures {
		if result.Paired == nil && result.Binary == nil {
			continue // taken once
		}
		m, err := measureOf(d.Latest, result.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
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

// score returns the number of one response; in is the version that it answers.
func (m *source) score(in *questionnaire.Instrument, answers questionnaire.Answers) outcomes.Number {
	numbers := make([]outcomes.Number, len(m.variables))
	for i, id := range m.variables {
		if a, ok := answers[id]; ok {
			if v, ok := in.Value(id, a); ok {
				numbers[i] = outcomes.Num(v)
			}
		}
	}
	if m.spec == nil {
		return numbers[0]
	}
	score, _ := outcomes.ScoreScale(numbers, *m.spec)
	return score
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
