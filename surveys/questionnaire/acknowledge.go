package questionnaire

// Acknowledged is the code, and the value of the control, of a box that is ticked.
const Acknowledged = "OK"

// acknowledgeChoices are the one choice of every box to tick.
var acknowledgeChoices = []Choice{{Code: Acknowledged, Label: Text{"en": Acknowledged}}}

// acknowledge is a box to tick, one variable without a Value. A box that is not
// ticked sends nothing: NotReached.
type acknowledge struct{}

func (acknowledge) check(c *checker, item *Item) { c.only(item, single) }

func (acknowledge) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label, Choices: acknowledgeChoices}}
}

func (acknowledge) parse(v *Variable, raw Raw) (Answer, *FieldError) { return parseOne(v, raw) }

func (acknowledge) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (acknowledge) required() string { return KeyAcknowledge }

func (acknowledge) show(v *Variable, a Answer, langs []string) string {
	return showOne(v, a, append(langs, "en"))
}
