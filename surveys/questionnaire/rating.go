package questionnaire

// rating is a battery: rows that share choices, one variable a row, named
// <row>.
type rating struct{}

func (rating) check(c *checker, item *Item) {
	c.only(item, asked, []string{fieldChoices, fieldRows, fieldList, fieldFilter, fieldGrid})
	c.choices(item, bounds{2, 11}, MeaningDeclined, MeaningDontKnow)
	c.batteryRows(item)
	if item.Grid {
		c.grid(item)
	}
}

func (rating) variables(item *Item, languages []string) []Variable {
	variables := make([]Variable, len(item.Rows))
	for i, row := range item.Rows {
		variables[i] = rowVariable(item, row, languages)
	}
	return variables
}

func (rating) parse(v *Variable, raw Raw) (Answer, *FieldError) { return parseOne(v, raw) }

func (rating) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (rating) required() string { return KeyChooseOne }

func (rating) show(v *Variable, a Answer, langs []string) string { return showOne(v, a, langs) }

func rowVariable(item *Item, row Row, languages []string) Variable {
	return Variable{
		ID: row.ID, Row: row.ID, Label: joinLabels(item.Label, row.Label, languages),
		Choices: item.Choices, Numeric: anyScore(item.Choices),
	}
}
