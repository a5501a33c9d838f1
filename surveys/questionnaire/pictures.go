package questionnaire

// pictures is one choice shown as pictures, for children who do not read yet:
// one variable. The label of a choice says what its picture shows, and is read
// out instead of it.
type pictures struct{}

func (pictures) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldChoices, fieldList, fieldFilter, fieldBreakdown})
	c.choices(item, bounds{2, 12}, MeaningDeclined, MeaningDontKnow)
	for _, choice := range item.Choices {
		if choice.Picture == "" && choice.Meaning.Missing() == Answered {
			c.fail(whereItem(item)+" choice "+quoted(choice.Code), "has no picture")
		}
	}
}

func (pictures) variables(item *Item, _ []string) []Variable { return []Variable{oneVariable(item)} }

func (pictures) parse(v *Variable, raw Raw) (Answer, *FieldError) { return parseOne(v, raw) }

func (pictures) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (pictures) required() string { return KeyChooseOne }

func (pictures) show(v *Variable, a Answer, langs []string) string { return showOne(v, a, langs) }
