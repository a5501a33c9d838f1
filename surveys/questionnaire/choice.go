package questionnaire

import (
	"slices"
)

// What the kinds with choices have in common.

// parseOne reads the one choice of a variable. Beside an "other" choice its
// words are read too: they are kept beside whatever was chosen, and choose
// "other" if nothing was, but "other" without words is an error. Who would not
// say has no words kept.
func parseOne(v *Variable, raw Raw) (Answer, *FieldError) {
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
	if len(codes) > 1 {
		return Answer{}, v.refuse(KeyChooseOnlyOne)
	}
	choice, ok := v.Choice(codes[0])
	if !ok {
		return Answer{}, v.refuse(KeyChooseFromList)
	}
	if missing := choice.Meaning.Missing(); missing != Answered {
		return Answer{Missing: missing}, nil
	}
	if choice.Meaning == MeaningOther && words == "" {
		return Answer{}, v.wantWords(other)
	}
	return Answer{Choice: choice.Code, Text: words}, nil
}

// otherWords reads the words of the "other" choice, if the variable has one.
func otherWords(v *Variable, raw Raw) (Choice, string, *FieldError) {
	other, ok := v.withMeaning(MeaningOther)
	if !ok {
		return Choice{}, "", nil
	}
	words, err := parseLine(v, OtherControl(v.ID), raw)
	return other, words, err
}

func (v *Variable) wantWords(other Choice) *FieldError {
	return &FieldError{Item: v.ID, Control: OtherControl(v.ID), Key: KeySayOther, Args: []any{other.Label}}
}

// showOne shows the label of a choice, and after it the words of "other".
func showOne(v *Variable, a Answer, langs []string) string {
	return v.labelWith(a.Choice, a.Text, langs)
}

func (v *Variable) labelWith(code, words string, langs []string) string {
	choice, ok := v.Choice(code)
	label := firstOf(choice.Label, langs)
	if !ok || label == "" {
		label = code
	}
	if words == "" {
		return label
	}
	return label + ": " + words
}

// oneVariable is the variable of an item that gives just one.
func oneVariable(item *Item) Variable {
	return Variable{ID: item.ID, Label: item.Label, Choices: item.Choices, Numeric: anyScore(item.Choices)}
}

func anyScore(choices []Choice) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return c.Score != nil })
}
