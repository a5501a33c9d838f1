package questionnaire

import (
	"maps"
	"math"
)

// scale is a row of points from Item.Min to Item.Max by Item.Step, one variable
// whose answer is the number of a point. A point is worded by a choice whose code
// is its number; Low and High say what the ends mean. The points are a list, one
// under another, never a slider: a slider stands somewhere before anybody answers.
type scale struct{}

// The fewest and the most points of a scale.
const (
	minPoints = 2
	maxPoints = 21
)

func (scale) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldChoices, fieldList, fieldLow, fieldHigh, fieldMin, fieldMax, fieldStep})
	c.choices(item, bounds{0, maxPoints}, MeaningDeclined, MeaningDontKnow)
	points, cause := item.points()
	if cause != "" {
		c.fail(whereItem(item), "%s", cause)
		return
	}
	for _, choice := range item.Choices {
		if cause := wrongPoint(points, choice); cause != "" {
			c.fail(whereItem(item), "choice %s %s", quoted(choice.Code), cause)
		}
	}
}

// wrongPoint says what is wrong with a choice of a scale, "" if nothing is.
func wrongPoint(points []float64, choice Choice) string {
	_, isPoint := pointOf(points, choice.Code)
	isAnswer := choice.Meaning.Missing() == Answered
	switch {
	case isPoint && !isAnswer:
		return "has a code that is one of the numbers of the scale"
	case isAnswer && !isPoint:
		return "words no point: its code must be one of the numbers of the scale"
	case choice.Score != nil:
		return "has a score, but a point counts as its own number"
	default:
		return ""
	}
}

// points are the numbers of a scale, or why there are none.
func (it *Item) points() (points []float64, cause string) {
	step := 1.0
	if it.Step != nil {
		step = *it.Step
	}
	switch {
	case it.Kind == KindScale0To10:
		return pointsFrom(scaleLow, scaleHigh, step)
	case it.Min == nil || it.Max == nil || !finite(*it.Min) || !finite(*it.Max):
		return nil, "needs min and max, the numbers of its ends"
	case !finite(step) || step <= 0:
		return nil, "step must be a number above 0"
	case math.Abs(*it.Min) >= maxNumber || math.Abs(*it.Max) >= maxNumber:
		return nil, "min and max must be numbers of at most 15 digits"
	default:
		return pointsFrom(*it.Min, *it.Max, step)
	}
}

func pointsFrom(low, high, step float64) (points []float64, cause string) {
	steps := (high - low) / step
	switch {
	case math.Abs(steps-math.Round(steps)) > 1e-6:
		return nil, "max must be a whole number of steps above min"
	case steps < minPoints-1.5 || steps > maxPoints-0.5:
		return nil, "must have 2 to 21 points from min to max"
	}
	for i := range int(math.Round(steps)) + 1 {
		points = append(points, tidyNumber(low+float64(i)*step))
	}
	return points, ""
}

// tidyNumber takes out what adding fractions leaves: 0.1 + 0.2 is 0.3.
func tidyNumber(number float64) float64 {
	const places = 1e9
	if math.Abs(number) >= maxNumber/places {
		return number
	}
	return math.Round(number*places) / places
}

// pointOf finds the point that a code is the number of.
func pointOf(points []float64, code string) (float64, bool) {
	for _, point := range points {
		if formatNumber(point) == code {
			return point, true
		}
	}
	return 0, false
}

func (scale) variables(item *Item, _ []string) []Variable {
	v := oneVariable(item)
	v.Numeric = true
	return []Variable{v}
}

// parse takes the number of a point, or the code of a choice with a meaning.
func (scale) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	given := raw.given(string(v.ID))
	if len(given) > 1 {
		return Answer{}, v.refuse(KeyChooseOnlyOne)
	}
	if len(given) == 1 {
		if choice, ok := v.Choice(given[0]); ok && choice.Meaning.Missing() != Answered {
			return Answer{Missing: choice.Meaning.Missing()}, nil
		}
	}
	answer, err := parseNumber(v, raw, limits{})
	if err != nil || answer.Number == nil {
		return answer, err
	}
	points, _ := v.Item.points()
	point, ok := pointOf(points, formatNumber(*answer.Number))
	if !ok {
		return Answer{}, v.refuse(KeyChooseFromList)
	}
	return Answer{Number: &point}, nil
}

func (scale) summary(v *Variable) Summariser { return newPointSummary(v) }

func (scale) required() string { return KeyChooseOne }

// show gives the words of the point, or its digits if it has none.
func (scale) show(v *Variable, a Answer, langs []string) string {
	digits := showNumber(a)
	if choice, ok := v.Choice(digits); ok {
		if label := firstOf(choice.Label, langs); label != "" {
			return label
		}
	}
	return digits
}

// Points lists the points of a scale or a 0-10 scale from the lowest up: the code
// is the number, the label its words or, in every language that the item is
// worded in, its digits. Other kinds have none.
func (v *Variable) Points() []Choice {
	if !v.IsScale() {
		return nil
	}
	points, _ := v.Item.points()
	choices := make([]Choice, len(points))
	for i, point := range points {
		digits := formatNumber(point)
		label := Text{}
		for lang := range maps.Keys(v.Label) {
			label[lang] = digits
		}
		if worded, ok := v.Choice(digits); ok {
			maps.Copy(label, worded.Label)
		}
		choices[i] = Choice{Code: digits, Label: label, Score: &points[i]}
	}
	return choices
}

// IsScale says whether v is answered with one of Points.
func (v *Variable) IsScale() bool { return v.Kind == KindScale || v.Kind == KindScale0To10 }
