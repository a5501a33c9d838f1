package questionnaire

// longText is text of several lines, one open variable. If it is quotable it
// names the consent item without whose "yes" nothing of it is quoted.
type longText struct{}

func (longText) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldQuotable, fieldConsent})
	switch {
	case item.Quotable && item.Consent == "":
		c.fail(whereItem(item), "is quotable, so consent must name the consent item that allows it")
	case !item.Quotable && item.Consent != "":
		c.fail(whereItem(item), "names a consent item but is not quotable")
	case item.Quotable:
		c.consentOf(item)
	}
}

func (longText) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label, Open: true}}
}

func (longText) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	text, err := parseText(v, string(v.ID), raw, LongTextLimit)
	if err != nil {
		return Answer{}, err
	}
	return answerOf(text), nil
}

func (longText) summary(v *Variable) Summariser { return newWordSummary(v) }

func (longText) required() string { return KeyWriteAnswer }

func (longText) show(_ *Variable, a Answer, _ []string) string { return a.Text }
