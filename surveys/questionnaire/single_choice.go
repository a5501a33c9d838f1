package questionnaire

// singleChoice is one choice, one variable, with the words of "other" beside
// the code.
type singleChoice struct{}

func (singleChoice) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldChoices, fieldList, fieldFilter, fieldShuffle, fieldBreakdown})
	c.choices(item, bounds{1, maxChoices}, MeaningOther, MeaningDeclined, MeaningDontKnow)
}

func (singleChoice) variables(item *Item, _ []string) []Variable {
	return []Variable{oneVariable(item)}
}

func (singleChoice) parse(v *Variable, raw Raw) (Answer, *FieldError) { return parseOne(v, raw) }

func (singleChoice) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (singleChoice) required() string { return KeyChooseOne }

func (singleChoice) show(v *Variable, a Answer, langs []string) string { return showOne(v, a, langs) }
