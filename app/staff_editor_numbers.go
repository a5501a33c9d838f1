package app

import (
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// numbersInWords writes numbers with blanks between.
func numbersInWords(numbers []float64) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = inDigits(n)
	}
	return strings.Join(words, " ")
}

// numbersOf reads numbers with blanks or semicolons between.
func numbersOf(typed string) ([]float64, error) {
	var numbers []float64
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune("; \n\t", r) }) {
		number, err := numberOf(strings.TrimRight(word, ","))
		if err != nil || number == nil {
			return nil, errNumber
		}
		numbers = append(numbers, *number)
	}
	return numbers, nil
}

// scoresOf tells which scores the answers of a variable have, for a hint.
func scoresOf(def *questionnaire.Definition, of questionnaire.ItemID) string {
	for _, n := range namesBefore(def, nil) {
		if variableOf(n) != string(of) {
			continue
		}
		var scores []float64
		for _, choice := range n.item.Choices {
			if choice.Score != nil && !slices.Contains(scores, *choice.Score) {
				scores = append(scores, *choice.Score)
			}
		}
		if len(scores) > 0 {
			return ". Its answers score " + numbersInWords(scores)
		}
	}
	return ""
}
