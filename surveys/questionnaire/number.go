package questionnaire

import "math"

// number is a number within bounds, one variable.
type number struct{}

// limits are the bounds a number must keep, both inclusive; nil: none.
type limits struct {
	min, max *float64
	whole    bool
}

func (number) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldMin, fieldMax, fieldWhole, fieldUnit})
	for _, bound := range []*float64{item.Min, item.Max} {
		if bound == nil {
			continue
		}
		if math.IsNaN(*bound) || math.Abs(*bound) >= maxNumber {
			c.fail(whereItem(item), "a bound must be a number of at most %d digits", maxDigits)
		} else if item.Whole && *bound != math.Trunc(*bound) {
			c.fail(whereItem(item), "bound %s is not whole, but answers must be", formatNumber(*bound))
		}
	}
	if item.Min != nil && item.Max != nil && !(*item.Min <= *item.Max) {
		c.fail(whereItem(item), "min %s is above max %s", formatNumber(*item.Min), formatNumber(*item.Max))
	}
}

func (number) variables(item *Item, _ []string) []Variable {
	v := oneVariable(item)
	v.Numeric = true
	return []Variable{v}
}

func (number) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	return parseNumber(v, raw, limits{min: v.Item.Min, max: v.Item.Max, whole: v.Item.Whole})
}

func (number) summary(v *Variable) Summariser { return newNumberSummary(v) }

func (number) required() string { return KeyWriteNumber }

func (number) show(_ *Variable, a Answer, _ []string) string { return showNumber(a) }

// parseNumber reads one number and holds it to its limits.
func parseNumber(v *Variable, raw Raw, allowed limits) (Answer, *FieldError) {
	given := raw.given(string(v.ID))
	if len(given) == 0 {
		return Answer{Missing: NotReached}, nil
	}
	if len(given) > 1 {
		return Answer{}, v.refuse(KeyOnlyOne)
	}
	value, key := readNumber(given[0], allowed.whole)
	if key == KeyNumberShorter {
		return Answer{}, v.refuse(key, maxDigits)
	}
	if key != "" {
		return Answer{}, v.refuse(key)
	}
	if err := allowed.refuse(v, value); err != nil {
		return Answer{}, err
	}
	return Answer{Number: &value}, nil
}

// refuse returns what is wrong with value, or nil.
func (l limits) refuse(v *Variable, value float64) *FieldError {
	below, above := l.min != nil && value < *l.min, l.max != nil && value > *l.max
	switch {
	case (below || above) && l.min != nil && l.max != nil:
		return v.refuse(KeyNumberBetween, *l.min, *l.max)
	case below:
		return v.refuse(KeyNumberAtLeast, *l.min)
	case above:
		return v.refuse(KeyNumberAtMost, *l.max)
	case l.whole && value != math.Trunc(value):
		return v.refuse(KeyNumberWhole)
	default:
		return nil
	}
}

func showNumber(a Answer) string {
	if a.Number == nil {
		return ""
	}
	return formatNumber(*a.Number)
}
