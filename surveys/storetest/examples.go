package storetest

import (
	"fmt"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Origin is the moment that examples are counted from.
var Origin = time.Date(2026, 3, 2, 9, 30, 0, 123e6, time.UTC)

const (
	kindNote  surveys.RecordKind = "note"
	kindOther surveys.RecordKind = "other"

	programme surveys.ProgrammeID = "p1"
	strand    surveys.StrandID    = "pupils"
)

// record is an example that has no key.
func record(id string) surveys.Record {
	return surveys.Record{Kind: kindNote, ID: id, Scope: "s1", At: Origin, Body: []byte(`{"words":"` + id + `"}`)}
}

// ExampleResponse is the n-th of a row of submitted responses, a second apart, with
// that many answers of mixed kinds.
func ExampleResponse(n, answers int) surveys.Response {
	submitted := Origin.Add(time.Duration(n) * time.Second)
	return surveys.Response{
		ID: surveys.ResponseID(scattered(n)), Programme: programme, Strand: strand,
		Cohort: surveys.CohortID(fmt.Sprintf("cohort%02d", n%40)), Wave: questionnaire.WavePre,
		Questionnaire: "wellbeing", Version: 2, Language: "en", Mode: surveys.ModePhone, Status: surveys.StatusSubmitted,
		Started: submitted.Add(-4 * time.Minute), Submitted: submitted, Digest: "d41d8cd98f00b204", Answers: exampleAnswers(n, answers),
	}
}

// scattered makes ids that are as far from any order as drawn ones.
func scattered(n int) string {
	const odd = 0x9E3779B97F4A7C15 // 2^64 divided by the golden ratio
	x := (uint64(n) + 1) * odd
	return fmt.Sprintf("%016x%016x", x, (x^x>>29)*odd)
}

func exampleAnswers(n, count int) questionnaire.Answers {
	answers := make(questionnaire.Answers, count)
	for i := range count {
		answers[questionnaire.ItemID(fmt.Sprintf("item_%d", i+1))] = exampleAnswer(n+i, i)
	}
	return answers
}

// exampleAnswer gives most items a choice, every fifth a number, every tenth words.
func exampleAnswer(n, i int) questionnaire.Answer {
	number := float64(n % 11)
	switch {
	case i%10 == 9:
		return questionnaire.Answer{Text: "We built a den and I was not afraid of the dark."}
	case i%5 == 4:
		return questionnaire.Answer{Number: &number}
	case n%17 == 0:
		return questionnaire.Answer{Missing: questionnaire.Declined}
	}
	return questionnaire.Answer{Choice: [...]string{"never", "sometimes", "often", "always"}[n%4]}
}

// fullResponse sets every field.
func fullResponse(id surveys.ResponseID) surveys.Response {
	zero := 0.0
	return surveys.Response{
		ID: id, Programme: programme, Strand: strand, Cohort: "c1", Wave: questionnaire.WavePost, Questionnaire: "wellbeing",
		Version: 3, Language: "cy", Mode: surveys.ModeShared, Status: surveys.StatusSubmitted, Started: Origin,
		Submitted: Origin.Add(5 * time.Minute), Page: 4, Coded: true, Device: "d1", Batch: "P-0012", Workshop: "w1", Digest: "abc", Notes: []string{"same_id_other_answers", "fast"},
		Answers: questionnaire.Answers{"calm": {Number: &zero}, "why": {Missing: questionnaire.DontKnow}},
		Aside:   questionnaire.Answers{"other_school": {Text: "Ysgol y Garn"}},
		History: []surveys.Change{{
			At: Origin, Account: "a1", Name: "Eve", Action: surveys.ActionMoved, Reason: "wrong class",
			Was: surveys.State{Cohort: "c0", Wave: questionnaire.WavePre, Status: surveys.StatusSubmitted, Answers: questionnaire.Answers{"calm": {Number: &zero}}},
			Is:  surveys.State{Cohort: "c1", Wave: questionnaire.WavePost, Status: surveys.StatusSubmitted},
		}},
	}
}

func linkage(id surveys.ResponseID, elements ...string) *surveys.Linkage {
	return &surveys.Linkage{Response: id, Programme: programme, Strand: strand, Elements: elements}
}
