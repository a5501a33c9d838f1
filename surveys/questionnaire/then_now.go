package questionnaire

// thenNow is a battery asked twice a row, how it was then and how it is now:
// two variables a row, named <row>_then and <row>_now.
type thenNow struct{}

func (thenNow) check(c *checker, item *Item) {
	c.only(item, asked, []string{fieldChoices, fieldRows, fieldList, fieldFilter})
	c.choices(item, bounds{2, 11}, MeaningDeclined, MeaningDontKnow)
	c.batteryRows(item)
}

func (thenNow) variables(item *Item, languages []string) []Variable {
	variables := make([]Variable, 0, 2*len(item.Rows))
	for _, row := range item.Rows {
		for _, moment := range []Moment{MomentThen, MomentNow} {
			v := rowVariable(item, row, languages)
			v.ID, v.Moment = MomentID(row.ID, moment), moment
			variables = append(variables, v)
		}
	}
	return variables
}

func (thenNow) parse(v *Variable, raw Raw) (Answer, *FieldError) { return parseOne(v, raw) }

func (thenNow) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (thenNow) required() string { return KeyChooseOne }

func (thenNow) show(v *Variable, a Answer, langs []string) string { return showOne(v, a, langs) }

// MomentID names the variable of one half of a then-and-now row.
func MomentID(row ItemID, moment Moment) ItemID { return row + "_" + ItemID(moment) }
