package questionnaire

// faces is one choice shown as faces, one variable. The choices are in the
// order of the faces, from the saddest to the happiest.
type faces struct{}

func (faces) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldChoices, fieldList, fieldFilter, fieldBreakdown})
	c.choices(item, bounds{2, 7}, MeaningDeclined, MeaningDontKnow)
}

func (faces) variables(item *Item, _ []string) []Variable { return []Variable{oneVariable(item)} }

func (faces) parse(v *Variable, raw Raw) (Answer, *FieldError) { return parseOne(v, raw) }

func (faces) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (faces) required() string { return KeyChooseOne }

func (faces) show(v *Variable, a Answer, langs []string) string { return showOne(v, a, langs) }
