package outcomes

import (
	"math"
	"slices"

	"soundings/surveys/questionnaire"
)

// ScaleSpec says how the items of one scale become a score.
type ScaleSpec struct {
	Min, Max    float64 // the range of every item, for reversing
	Reverse     []bool  // by item; items beyond its end are not reversed
	MinAnswered int     // answered items a score needs, 1 or more
	Sum         bool    // sum of the items, else their mean

	// What published instruments add.
	Round    bool            // to a whole number, half up, before what follows
	Multiply float64         // 0: by 1
	Table    map[int]float64 // raw whole number to score; nil: none
	Parts    []ScaleSpec     // instead of all above: the sum of these scales, each over its own items
	Items    int             // of a part: how many of the answers are its own
}

// SpecOf is the specification of scale s; find gives the scales that s may be the
// sum of. The answers of a sum are those of its scales, one after another, as
// questionnaire.Scale.Variables lists them.
func SpecOf(s *questionnaire.Scale, find func(questionnaire.ItemID) (*questionnaire.Scale, bool)) ScaleSpec {
	spec := ScaleSpec{
		Min: s.Min, Max: s.Max, MinAnswered: s.MinAnswered, Sum: s.Method == questionnaire.MethodSum,
		Round: s.Round, Multiply: s.Multiply, Items: len(s.Items),
	}
	for _, item := range s.Items {
		spec.Reverse = append(spec.Reverse, slices.Contains(s.Reverse, item))
	}
	for _, line := range s.Table {
		if spec.Table == nil {
			spec.Table = make(map[int]float64, len(s.Table))
		}
		spec.Table[line.Raw] = line.Score
	}
	for _, id := range s.Of {
		if part, ok := find(id); ok {
			spec.Parts = append(spec.Parts, SpecOf(part, find))
		}
	}
	return spec
}

// Keyed returns answers with reverse-keyed items turned round: Min+Max-value.
// Reversing twice gives the answers back.
func (s ScaleSpec) Keyed(answers []Number) []Number {
	return s.appendKeyed(make([]Number, 0, len(answers)), answers)
}

// appendKeyed adds Keyed answers to keyed.
func (s *ScaleSpec) appendKeyed(keyed, answers []Number) []Number {
	if len(s.Parts) == 0 {
		for i, a := range answers {
			keyed = append(keyed, s.key(i, a))
		}
		return keyed
	}
	for i := range s.Parts {
		n := min(s.Parts[i].Items, len(answers))
		keyed = s.Parts[i].appendKeyed(keyed, answers[:n])
		answers = answers[n:]
	}
	return keyed
}

// key turns the answer to item i round if it is reverse-keyed.
func (s *ScaleSpec) key(i int, a Number) Number {
	if a.OK && i < len(s.Reverse) && s.Reverse[i] {
		a.V = s.Min + s.Max - a.V
	}
	return a
}

// ScoreScale returns the score of one respondent's raw answers, one per item, in
// the scale's unit, rounded to 10 decimals; it reverses items itself. Items left
// out count as the mean of those answered (prorated is then true). With fewer
// than spec.MinAnswered answers, or none, the score is absent; so is one whose
// raw score the table does not have, and a sum of which one scale is absent.
//
// Source: person-mean prorating, Fayers et al., EORTC QLQ-C30 Scoring Manual,
// 3rd ed. (2001), with the scale's own least number of items.
func ScoreScale(answers []Number, spec ScaleSpec) (score Number, prorated bool) {
	if len(spec.Parts) > 0 {
		return scoreParts(answers, spec.Parts)
	}
	total, answered := 0.0, 0
	for i, a := range answers {
		if a.OK {
			total += spec.key(i, a).V
			answered++
		}
	}
	if answered < max(1, spec.MinAnswered) {
		return Number{}, false
	}
	value := total / float64(answered)
	if spec.Sum {
		value *= float64(len(answers))
	}
	return spec.convert(round10(value)), answered < len(answers)
}

func scoreParts(answers []Number, parts []ScaleSpec) (score Number, prorated bool) {
	total := 0.0
	for _, part := range parts {
		n := min(part.Items, len(answers))
		one, filled := ScoreScale(answers[:n], part)
		if !one.OK {
			return Number{}, false
		}
		answers, total, prorated = answers[n:], total+one.V, prorated || filled
	}
	return Num(round10(total)), prorated
}

// convert makes a raw score what is reported.
func (s ScaleSpec) convert(raw float64) Number {
	if s.Round {
		raw = math.Floor(raw + 0.5)
	}
	if s.Table != nil {
		score, ok := s.Table[int(raw)]
		if !ok || raw != math.Trunc(raw) {
			return Number{}
		}
		return Num(score)
	}
	if s.Multiply != 0 {
		raw = round10(raw * s.Multiply)
	}
	return Num(raw)
}
