package library_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"soundings/surveys/library"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// scoringCase is one line of testdata/scoring_cases_open.json.
type scoringCase struct {
	Scale    string
	Answers  []*float64
	Expected json.RawMessage // a number, null, or a number by sub-scale
	Band     *string
	Flag     *bool `json:"item9_flag"`
	Note     string
}

// leading names the scale that a case with one number is about.
var leading = map[string]string{"scwbs": "wellbeing", "swemwbs": "metric"}

// TestScoringCases scores each case by the scales that Insert makes: nothing of a
// scale is in the program but its data.
func TestScoringCases(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/scoring_cases_open.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []scoringCase
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	for i, tc := range cases {
		t.Run(fmt.Sprintf("%02d_%s", i, tc.Scale), func(t *testing.T) {
			t.Parallel()
			in := instrumentWith(t, tc.Scale)
			for scale, want := range tc.wanted(t) {
				checkScore(t, in, tc, questionnaire.ItemID(tc.Scale+"_"+scale), want)
			}
		})
	}
}

func (tc scoringCase) wanted(t *testing.T) map[string]*float64 {
	t.Helper()
	var many map[string]*float64
	if json.Unmarshal(tc.Expected, &many) == nil && many != nil {
		return many
	}
	var one *float64
	if err := json.Unmarshal(tc.Expected, &one); err != nil {
		t.Fatal(err)
	}
	name := leading[tc.Scale]
	if name == "" {
		name = "total"
	}
	return map[string]*float64{name: one}
}

func checkScore(t *testing.T, in *questionnaire.Instrument, tc scoringCase, id questionnaire.ItemID, want *float64) {
	t.Helper()
	scale, ok := in.Scale(id)
	if !ok {
		t.Fatalf("no scale %s", id)
	}
	var numbers []outcomes.Number
	for _, variable := range scale.Variables(in.Scale) {
		numbers = append(numbers, tc.answer(t, in, variable))
	}
	score, _ := outcomes.ScoreScale(numbers, outcomes.SpecOf(scale, in.Scale))
	switch {
	case want == nil && score.OK:
		t.Fatalf("%s of %s = %v, want none (%s)", id, tc.Note, score.V, tc.Note)
	case want != nil && (!score.OK || math.Abs(score.V-*want) > 1e-8):
		t.Fatalf("%s = %+v, want %v (%s)", id, score, *want, tc.Note)
	}
	band, found := scale.Band(score.V)
	if tc.Band != nil && (!found || band.Label["en"] != *tc.Band) {
		t.Errorf("band of %v = %q, want %q", score.V, band.Label["en"], *tc.Band)
	}
	if tc.Flag != nil && tc.flagged(t, in, scale) != *tc.Flag {
		t.Errorf("flagged = %t, want %t", !*tc.Flag, *tc.Flag)
	}
}

// answer is the value of a variable by its place in the printed form.
func (tc scoringCase) answer(t *testing.T, in *questionnaire.Instrument, variable questionnaire.ItemID) outcomes.Number {
	t.Helper()
	var n int
	if _, err := fmt.Sscanf(string(variable), tc.Scale+"_%d", &n); err != nil {
		t.Fatalf("variable %s: %v", variable, err)
	}
	if tc.Answers[n-1] == nil {
		return outcomes.Number{}
	}
	value, ok := in.Value(variable, questionnaire.Answer{Choice: fmt.Sprint(*tc.Answers[n-1])})
	if !ok {
		t.Fatalf("answer %v of %s has no value", *tc.Answers[n-1], variable)
	}
	return outcomes.Num(value)
}

func (tc scoringCase) flagged(t *testing.T, in *questionnaire.Instrument, scale *questionnaire.Scale) bool {
	t.Helper()
	for _, flag := range scale.Flags {
		if value := tc.answer(t, in, flag.Item); value.OK && value.V >= flag.AtLeast {
			return true
		}
	}
	return false
}

// instrumentWith is a published questionnaire of one library scale, its slot filled.
func instrumentWith(t *testing.T, id string) *questionnaire.Instrument {
	t.Helper()
	entry, ok := library.Find(id)
	if !ok {
		t.Fatalf("no scale %s in the library", id)
	}
	definition := empty()
	if err := entry.Insert(&definition, "main", wording(entry)); err != nil {
		t.Fatal(err)
	}
	version := questionnaire.Version{Questionnaire: "q", Number: 1, Definition: definition}
	if err := definition.Check(); err != nil {
		t.Fatalf("%s does not pass Check: %v", id, err)
	}
	in, err := questionnaire.Compile(version)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func empty() questionnaire.Definition {
	return questionnaire.Definition{
		Title: questionnaire.Text{"en": "Test"}, Languages: []string{"en"}, Parts: []questionnaire.Part{{ID: "main"}},
	}
}

// wording fills a slot with words of our own.
func wording(e library.Entry) library.Wording {
	w := library.Wording{Language: "en", Stem: "How is it?", Licence: "No. 1, a council, 2026-01-02"}
	for i := range e.Items {
		w.Statements = append(w.Statements, fmt.Sprintf("Statement %d", i+1))
	}
	for i := range e.Answers() {
		w.Answers = append(w.Answers, fmt.Sprintf("Answer %d", i+1))
	}
	return w
}
