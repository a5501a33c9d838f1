package exports

import (
	"cmp"

	"soundings/surveys/outcomes"
)

// filterWords say who is in a report, for its cover.
func (b *book) filterWords() string {
	words := outcomes.FilterSentence(outcomes.FilterParts(b.data, b.report.Filter, languageName))
	if words != "" {
		words += ". Pairs were found among everyone first; a pair is in or out as a whole."
	}
	if b.report.Withheld != "" {
		words += " Nothing is shown of measures, because " + outcomes.ReasonWords(b.report.Withheld) + "."
	}
	return cmp.Or(words, "Everyone: no filter.")
}
