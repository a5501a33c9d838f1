package questionnaire

// scale0To10 is a whole number from 0 to 10, one variable. 0 is an answer.
type scale0To10 struct{}

const (
	scaleLow  = 0.0
	scaleHigh = 10.0
)

func (scale0To10) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldChoices, fieldList, fieldLow, fieldHigh})
	c.choices(item, bounds{0, 0}, MeaningDeclined, MeaningDontKnow)
	for _, choice := range item.Choices {
		if n, ok := ownNumber(choice.Code); ok && n >= scaleLow && n <= scaleHigh {
			c.fail(whereItem(item), "choice %q has a code that is one of the numbers of the scale", choice.Code)
		}
	}
}

func (scale0To10) variables(item *Item, _ []string) []Variable {
	v := oneVariable(item)
	v.Numeric = true
	return []Variable{v}
}

// parse takes a number, or the code of a choice with a meaning.
func (scale0To10) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	given := raw.given(string(v.ID))
	if len(given) > 1 {
		return Answer{}, v.refuse(KeyChooseOnlyOne)
	}
	if len(given) == 1 {
		if choice, ok := v.Choice(given[0]); ok {
			return Answer{Missing: choice.Meaning.Missing()}, nil
		}
	}
	low, high := scaleLow, scaleHigh
	return parseNumber(v, raw, limits{min: &low, max: &high, whole: true})
}

func (scale0To10) summary(v *Variable) Summariser { return newPointSummary(v) }

func (scale0To10) required() string { return KeyChooseOne }

func (scale0To10) show(_ *Variable, a Answer, _ []string) string { return showNumber(a) }
