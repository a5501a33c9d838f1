package app

import (
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// TestProblemLine puts the place of a problem into the author's words.
func TestProblemLine(t *testing.T) {
	def := &questionnaire.Definition{Languages: []string{"en"}, Parts: []questionnaire.Part{{ID: "p", Items: []questionnaire.Item{{
		ID: "day", Kind: questionnaire.KindRating, Label: questionnaire.Text{"en": "How was it?"},
		Rows:    []questionnaire.Row{{ID: "day_calm", Label: questionnaire.Text{"en": "I was calm"}}},
		Choices: []questionnaire.Choice{{Code: "3", Label: questionnaire.Text{"en": "Happy"}}, {Code: "4"}},
	}}}}}
	for where, want := range map[string]string{
		`item "day"`:                      "“How was it?”",
		`item "day" label`:                "“How was it?”",
		`item "day" hint`:                 "“How was it?”, further explanation",
		`item "day" choice "3" label`:     "“How was it?”, choice “Happy”",
		`item "day" choice "4" label`:     "“How was it?”, choice “4”",
		`item "day" choice "3" score`:     "“How was it?”, choice “Happy”, score",
		`item "day" row "day_calm" label`: "“How was it?”, statement “I was calm”",
	} {
		if line := problemLine("q", def, questionnaire.Problem{Where: where, Cause: "is wrong"}); line.About != want || line.Address != "/questionnaires/q/draft/items/day" {
			t.Errorf("%s: %q at %s, want %q", where, line.About, line.Address, want)
		}
	}
	line := problemLine("q", def, questionnaire.Problem{Where: `item "day" label`, Cause: `has no words in the source language "en"`})
	if line.Sentence != "Has no words in English." {
		t.Errorf("Sentence = %q", line.Sentence)
	}
}

// TestNothingMeasured: who asks and measures nothing is told before the figures are missed.
func TestNothingMeasured(t *testing.T) {
	asking := questionnaire.Definition{Languages: []string{"en"}, Parts: []questionnaire.Part{{ID: "p", Items: []questionnaire.Item{{ID: "why", Kind: questionnaire.KindLongText, Label: questionnaire.Text{"en": "Why?"}}}}}}
	measuring := asking.Clone()
	measuring.Measures = []questionnaire.Measure{{ID: "m", Of: "why"}}
	for name, test := range map[string]struct {
		def  questionnaire.Definition
		want bool
	}{"empty": {questionnaire.Definition{Parts: []questionnaire.Part{{ID: "p"}}}, false}, "asking": {asking, true}, "measuring": {measuring, false}} {
		told := slices.ContainsFunc(adviceOf(surveys.Draft{ID: "q", Definition: test.def}).Advice, func(l adviceLine) bool { return strings.Contains(l.Sentence, "no measure") })
		if told != test.want {
			t.Errorf("%s: told %v, want %v", name, told, test.want)
		}
	}
}
