package questionnaire

// calculated is worked out of other answers and never shown, one variable. It is
// a number if its expression is one whatever the answers are; else its answer is
// the text, and a number only where it gave one. Blank is NotAsked.
type calculated struct{}

func (calculated) check(c *checker, item *Item) {
	c.only(item, []string{fieldCalculation, fieldDefault})
	if item.Calculation == "" && item.Default == "" {
		c.fail(whereItem(item), "has no calculation")
	}
}

// variables leave Numeric and Open to Compile, which knows what the expression
// gives and looks at.
func (calculated) variables(item *Item, _ []string) []Variable {
	return []Variable{{ID: item.ID, Label: item.Label}}
}

func (calculated) parse(*Variable, Raw) (Answer, *FieldError) { return Answer{Missing: NotAsked}, nil }

func (calculated) summary(v *Variable) Summariser { return newNumberSummary(v) }

func (calculated) required() string { return "" }

func (calculated) show(_ *Variable, a Answer, _ []string) string {
	if a.Number != nil {
		return formatNumber(*a.Number)
	}
	return a.Text
}
