package questionnaire

import (
	"slices"
	"strings"
)

// multipleChoice is any number of choices, one variable whose answer lists the
// codes in the definition's order; exports add a column a choice, see
// Variable.Columns. It has no Value.
type multipleChoice struct{}

func (multipleChoice) check(c *checker, item *Item) {
	c.only(item, single, []string{fieldChoices, fieldList, fieldFilter, fieldShuffle})
	c.choices(item, bounds{1, maxChoices}, MeaningOther, MeaningDeclined, MeaningDontKnow, MeaningExclusive)
	if anyScore(item.Choices) {
		c.fail(whereItem(item), "choices of this kind have no scores")
	}
}

func (multipleChoice) variables(item *Item, _ []string) []Variable {
	return []Variable{oneVariable(item)}
}

// parse reads the chosen codes; the same code twice counts once. Words for
// "other" are treated as parseOne does.
func (multipleChoice) parse(v *Variable, raw Raw) (Answer, *FieldError) {
	other, words, err := otherWords(v, raw)
	if err != nil {
		return Answer{}, err
	}
	codes := raw.given(string(v.ID))
	if len(codes) == 0 && words != "" {
		codes = []string{other.Code}
	}
	if len(codes) == 0 {
		return Answer{Missing: NotReached}, nil
	}
	chosen, err := v.chosen(codes)
	if err != nil {
		return Answer{}, err
	}
	if alone := slices.IndexFunc(chosen, standsAlone); alone >= 0 {
		return v.alone(chosen, chosen[alone], words)
	}
	if words == "" && slices.ContainsFunc(chosen, func(c Choice) bool { return c.Meaning == MeaningOther }) {
		return Answer{}, v.wantWords(other)
	}
	return Answer{Choices: codesIn(chosen), Text: words}, nil
}

// chosen are the choices with these codes, in the definition's order.
func (v *Variable) chosen(codes []string) ([]Choice, *FieldError) {
	for _, code := range codes {
		if _, ok := v.Choice(code); !ok {
			return nil, v.refuse(KeyChooseFromList)
		}
	}
	var chosen []Choice
	for i, choice := range v.Choices {
		if slices.Contains(codes, choice.Code) && v.firstWith(choice.Code) == i {
			chosen = append(chosen, choice)
		}
	}
	return chosen, nil
}

// firstWith is the index of the first choice with a code; several may share one.
func (v *Variable) firstWith(code string) int {
	return slices.IndexFunc(v.Choices, func(c Choice) bool { return c.Code == code })
}

func standsAlone(c Choice) bool {
	return c.Meaning == MeaningExclusive || c.Meaning.Missing() != Answered
}

// alone is the answer of a choice that excludes all others.
func (v *Variable) alone(chosen []Choice, choice Choice, words string) (Answer, *FieldError) {
	if len(chosen) > 1 {
		return Answer{}, v.refuse(KeyChooseExclusive, choice.Label)
	}
	if missing := choice.Meaning.Missing(); missing != Answered {
		return Answer{Missing: missing}, nil
	}
	return Answer{Choices: codesIn(chosen), Text: words}, nil
}

func codesIn(choices []Choice) []string {
	codes := make([]string, len(choices))
	for i, choice := range choices {
		codes[i] = choice.Code
	}
	return codes
}

func (multipleChoice) summary(v *Variable) Summariser { return newChoiceSummary(v) }

func (multipleChoice) required() string { return KeyChooseAtLeastOne }

// show joins the labels; the words of "other" are after its label, or last if
// it was not chosen.
func (multipleChoice) show(v *Variable, a Answer, langs []string) string {
	words := a.Text
	shown := make([]string, 0, len(a.Choices)+1)
	for _, code := range a.Choices {
		beside := ""
		if choice, _ := v.Choice(code); choice.Meaning == MeaningOther {
			beside, words = words, ""
		}
		shown = append(shown, v.labelWith(code, beside, langs))
	}
	if words != "" {
		shown = append(shown, words)
	}
	return strings.Join(shown, separator(langs[0]))
}
