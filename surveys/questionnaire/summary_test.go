package questionnaire_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	q "soundings/surveys/questionnaire"
)

// summarised writes a summary as one line: "3: a=2 b=1 mean=1.5".
func summarised(s q.Summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:", s.Answered)
	for _, line := range s.Lines {
		switch line.Figure {
		case q.FigureCount:
			fmt.Fprintf(&b, " %s=%d", line.Choice, line.People)
		case q.FigureMeanRank:
			fmt.Fprintf(&b, " %s=%d@%.4g", line.Choice, line.People, line.Value)
		case q.FigureEarliest, q.FigureLatest:
			fmt.Fprintf(&b, " %s=%s", line.Figure, line.Text)
		default:
			fmt.Fprintf(&b, " %s=%.4g", line.Figure, line.Value)
		}
	}
	return b.String()
}

// summaryForm is a questionnaire of every kind that is summed up in a way of its own.
func summaryForm(t testing.TB) *q.Instrument {
	t.Helper()
	text := func(words string) q.Text { return q.Text{"en": words} }
	choices := []q.Choice{{Code: "a", Label: text("A")}, {Code: "b", Label: text("B")}, {Code: "pns", Label: text("No"), Meaning: q.MeaningDeclined}}
	one, five := 1.0, 5.0
	items := []q.Item{
		{ID: "single", Kind: q.KindSingleChoice, Choices: choices}, {ID: "many", Kind: q.KindMultipleChoice, Choices: choices},
		{ID: "ranks", Kind: q.KindRanking, Choices: choices[:2]}, {ID: "points", Kind: q.KindScale, Min: &one, Max: &five},
		{ID: "count", Kind: q.KindNumber}, {ID: "day", Kind: q.KindDate}, {ID: "words", Kind: q.KindLongText},
		{ID: "worked_out", Kind: q.KindCalculated, Calculation: "1"},
	}
	for i := range items {
		items[i].Label = text("Q")
	}
	in, err := q.Compile(q.Version{Questionnaire: "x", Number: 1, Definition: q.Definition{Languages: []string{"en"}, Parts: []q.Part{{ID: "p", Items: items}}}})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestSummarise(t *testing.T) {
	t.Parallel()
	in := summaryForm(t)
	several := func(codes ...string) q.Answer { return q.Answer{Choices: codes} }
	for _, tc := range []struct {
		name     string
		variable q.ItemID
		answers  []q.Answer
		want     string
	}{
		{"nobody", "single", nil, "0: a=0 b=0"},
		{"one_choice", "single", []q.Answer{chosen("a"), chosen("a"), chosen("b"), missing(q.Declined), missing(q.NotReached)}, "3: a=2 b=1"},
		{"a_choice_of_another_version", "single", []q.Answer{chosen("gone"), chosen("b")}, "2: a=0 b=1 gone=1"},
		{"several_choices", "many", []q.Answer{several("a", "b"), several("b"), missing(q.NotAsked)}, "2: a=1 b=2"},
		{"ranking", "ranks", []q.Answer{several("b", "a"), several("b", "a"), several("a", "b")}, "3: a=1@1.667 b=2@1.333"},
		{"points", "points", []q.Answer{numeric(1), numeric(4), numeric(4)}, "3: 1=1 2=0 3=0 4=2 5=0 mean=3 median=4"},
		{"numbers", "count", []q.Answer{numeric(10), numeric(0), numeric(3), numeric(3)}, "4: mean=4 median=3 lowest=0 highest=10"},
		{"even_median", "count", []q.Answer{numeric(1), numeric(2)}, "2: mean=1.5 median=1.5 lowest=1 highest=2"},
		{"no_numbers", "count", []q.Answer{missing(q.DontKnow)}, "0:"},
		{"days", "day", []q.Answer{{Text: "2026-03-07"}, {Text: "2025-12-31"}}, "2: earliest=2025-12-31 latest=2026-03-07"},
		{"words_are_not_shown", "words", []q.Answer{{Text: "secret"}}, "1:"},
		{"calculated_words", "worked_out", []q.Answer{{Text: "none"}, numeric(2)}, "2: mean=2 median=2 lowest=2 highest=2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v, _ := in.Variable(tc.variable)
			s := v.Summarise()
			for _, a := range tc.answers {
				s.Add(a)
			}
			if got := summarised(s.Summary()); got != tc.want {
				t.Errorf("summary of %v = %s, want %s", tc.answers, got, tc.want)
			}
		})
	}
}

// TestSummarise_Counts: one choice each, so the people at the choices are those
// who answered, in whatever order they came.
func TestSummarise_Counts(t *testing.T) {
	t.Parallel()
	v, _ := summaryForm(t).Variable("single")
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOf(rapid.SampledFrom([]string{"a", "b", "older"})).Draw(t, "codes")
		s, backwards := v.Summarise(), v.Summarise()
		for i := range codes {
			s.Add(chosen(codes[i]))
			backwards.Add(chosen(codes[len(codes)-1-i]))
		}
		total := 0
		for _, line := range s.Summary().Lines {
			total += line.People
		}
		if total != len(codes) || s.Summary().Answered != len(codes) {
			t.Fatalf("%d people at the choices, %d answered, want %d", total, s.Summary().Answered, len(codes))
		}
		if a, b := summarised(s.Summary()), summarised(backwards.Summary()); a != b {
			t.Fatalf("order matters: %s and %s", a, b)
		}
	})
}

// TestEveryKindIsSummedUp: what a kind can hold is counted, whatever the kind.
func TestEveryKindIsSummedUp(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for i := range in.Variables() {
		v := &in.Variables()[i]
		s := v.Summarise()
		s.Add(missing(q.NotReached))
		if got := s.Summary().Answered; got != 0 {
			t.Errorf("%s: who passed it over counts as %d answers", v.ID, got)
		}
	}
}
