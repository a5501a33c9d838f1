package questionnaire

// The codes of a consent. Only ConsentYes allows anything; no answer does not.
const (
	ConsentYes = "yes"
	ConsentNo  = "no"
)

// consentChoices are the choices of every consent. A form words them as it
// likes; these labels are for exports, in the languages of the product.
var consentChoices = []Choice{
	{Code: ConsentYes, Label: Text{"en": "Yes", "ar": "نعم"}},
	{Code: ConsentNo, Label: Text{"en": "No", "ar": "لا"}},
}

// consent is yes or no, one variable without a Value. A box that is not ticked
// sends nothing: NotReached, which allows nothing.
type consent struct{}

func (consent) check(c *checker, item *Item) {
	c.only(item, asked, []string{fieldWording})
	c.short(whereItem(item), "wording", item.Wording)
}

func (consent) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label, Choices: consentChoices}}
}

func (consent) parse(v *Variable, raw Raw) (Answer, *FieldError) { return parseOne(v, raw) }

func (consent) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (consent) required() string { return KeyChooseYesNo }

func (consent) show(v *Variable, a Answer, langs []string) string {
	return showOne(v, a, append(langs, "en"))
}
