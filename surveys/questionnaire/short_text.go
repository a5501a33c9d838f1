package questionnaire

// shortText is text of one line, one open variable.
type shortText struct{}

func (shortText) check(c *checker, item *Item) { c.only(item, single) }

func (shortText) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label, Open: true}}
}

func (shortText) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	text, err := parseLine(v, string(v.ID), raw)
	if err != nil {
		return Answer{}, err
	}
	return answerOf(text), nil
}

func (shortText) summary(v *Variable) Summariser { return newWordSummary(v) }

func (shortText) required() string { return KeyWriteAnswer }

func (shortText) show(_ *Variable, a Answer, _ []string) string { return a.Text }
