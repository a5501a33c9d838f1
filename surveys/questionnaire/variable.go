package questionnaire

import (
	"slices"
	"strconv"
)

// Moment says which half of a then-and-now row a variable is.
type Moment string

// The two halves of a then-and-now row.
const (
	MomentThen Moment = "then"
	MomentNow  Moment = "now"
)

// Variable is what is answered, stored and exported under one name. It belongs
// to an Instrument and is read only.
type Variable struct {
	ID      ItemID
	Item    *Item
	Kind    Kind
	Part    ItemID
	Row     ItemID // rating, then_now: the row; for then_now the ID without its moment
	Moment  Moment // then_now; "" for other kinds
	Label   Text   // in full: stem and row of a battery. The words for Moment are the caller's.
	Choices []Choice
	Open    bool   // what somebody wrote: short_text, long_text, calculated of such
	Numeric bool   // some answer has a Value
	Waves   []Wave // asked only at these; nil: at every wave

	behaviour behaviour
	languages []string // of the version, source language first
	codes     []Code   // of Choices
	columns   []Column
}

// AskedAt says whether v is asked at wave.
func (v *Variable) AskedAt(wave Wave) bool {
	return len(v.Waves) == 0 || slices.Contains(v.Waves, wave)
}

// Choice returns the choice with this code.
func (v *Variable) Choice(code string) (Choice, bool) {
	for i := range v.Choices {
		if v.Choices[i].Code == code {
			return v.Choices[i], true
		}
	}
	return Choice{}, false
}

// Value returns what an answer counts in a scale or a measure: the number of a
// number or a 0-10 scale, the score of one choice. An answer that is missing,
// a choice without a score, several choices and text have no value: false,
// never 0.
func (v *Variable) Value(a Answer) (float64, bool) {
	if a.Missing != Answered {
		return 0, false
	}
	if a.Number != nil {
		return *a.Number, true
	}
	for i := range v.Choices {
		if v.Choices[i].Code == a.Choice && v.Choices[i].Score != nil {
			return *v.Choices[i].Score, true
		}
	}
	return 0, false
}

// Show returns an answer in words: labels of choices, digits of a number, text
// as it was typed, with the words of "other" after the label. "Prefer not to
// say" and "don't know" are the labels of those choices; any other answer that
// is missing is "". A label that lang lacks is shown in the source language.
func (v *Variable) Show(a Answer, lang string) string {
	langs := append([]string{lang}, v.languages...)
	if a.Missing != Answered {
		choice, _ := v.missingChoice(a.Missing)
		return firstOf(choice.Label, langs)
	}
	return v.behaviour.show(v, a, langs)
}

// Raw returns the controls that give a when they are parsed: what a form shows
// that is opened again. An answer that was not reached or not asked has none.
func (v *Variable) Raw(a Answer) Raw {
	raw := Raw{}
	if len(a.Order) > 0 {
		raw[OrderControl(v.ID)] = slices.Clone(a.Order)
	}
	switch {
	case a.Missing == Illegible, a.Missing == Ambiguous:
		raw[MarkControl(v.ID)] = []string{string(a.Missing)}
	case a.Missing != Answered:
		if choice, ok := v.missingChoice(a.Missing); ok {
			raw[string(v.ID)] = []string{choice.Code}
		}
	case a.Number != nil:
		raw[string(v.ID)] = []string{formatNumber(*a.Number)}
	case a.Choice != "":
		raw[string(v.ID)] = []string{a.Choice}
	case v.Kind == KindRanking:
		for i, choice := range v.Choices {
			if rank := slices.Index(a.Choices, choice.Code); rank >= 0 {
				raw[RankControl(v.ID, i+1)] = []string{strconv.Itoa(rank + 1)}
			}
		}
	case len(a.Choices) > 0:
		raw[string(v.ID)] = slices.Clone(a.Choices)
	default:
		raw[string(v.ID)] = []string{a.Text}
		return raw
	}
	if a.Text != "" {
		raw[OtherControl(v.ID)] = []string{a.Text}
	}
	return raw
}

// Written returns the words in an answer that somebody wrote, which a person has
// to read before they are shown: of an open variable, and of "other". What is in
// Text but was picked or worked out, as a date, is none.
func (v *Variable) Written(a Answer) string {
	if _, other := v.withMeaning(MeaningOther); v.Open || other {
		return a.Text
	}
	return ""
}

// OtherControl names the control for the words of an "other" choice.
func OtherControl(variable ItemID) string { return string(variable) + "__other" }

// OrderControl names the control that says in which order the choices of a
// shuffled item were shown: their codes, each a value of its own, or all in one
// value with blanks between where no code has a blank.
func OrderControl(variable ItemID) string { return string(variable) + "__order" }

// PromptControl names the control of one element of a linkage code.
func PromptControl(item, prompt ItemID) string { return string(item) + "__" + string(prompt) }

// The last words of two controls of a linkage code, which no prompt may have.
const (
	cardPrompt   ItemID = "card"
	anywayPrompt ItemID = "anyway"
)

// CardControl is the control for the code of an issued card.
func CardControl(item ItemID) string { return PromptControl(item, cardPrompt) }

// AnywayControl is the control by which a person goes on with a code that is not
// known here: any value means yes.
func AnywayControl(item ItemID) string { return PromptControl(item, anywayPrompt) }

// CodeControl is the first control of a linkage code, where a person is sent who
// has given none.
func CodeControl(item *Item) string {
	if controls := CodeControls(item); len(controls) > 0 {
		return controls[0]
	}
	return string(item.ID) // of a draft that has no prompts yet
}

// CodeControls lists the controls of a linkage code in the order of the form.
func CodeControls(item *Item) []string {
	var controls []string
	if item.Card {
		controls = append(controls, CardControl(item.ID), AnywayControl(item.ID))
	}
	for _, prompt := range item.Prompts {
		controls = append(controls, PromptControl(item.ID, prompt.ID))
	}
	return controls
}

// withMeaning returns the choice with this meaning; an item has at most one.
func (v *Variable) withMeaning(meaning Meaning) (Choice, bool) {
	i := slices.IndexFunc(v.Choices, func(c Choice) bool { return c.Meaning == meaning })
	if i < 0 {
		return Choice{}, false
	}
	return v.Choices[i], true
}

func (v *Variable) missingChoice(missing Missing) (Choice, bool) {
	switch missing {
	case Declined:
		return v.withMeaning(MeaningDeclined)
	case DontKnow:
		return v.withMeaning(MeaningDontKnow)
	default:
		return Choice{}, false
	}
}

// Missing returns the reason that a choice with this meaning stands for, or
// Answered.
func (m Meaning) Missing() Missing {
	switch m {
	case MeaningDeclined:
		return Declined
	case MeaningDontKnow:
		return DontKnow
	default:
		return Answered
	}
}

func firstOf(text Text, langs []string) string { return text.In(langs[0], langs[1:]...) }

// formatNumber writes plain digits with a point: no exponent, no grouping.
func formatNumber(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }
