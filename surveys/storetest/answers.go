package storetest

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

var answerChecks = []check{
	{"every_shape", answerShapes},
	{"numbers_are_exact", answerNumbers},
	{"naughty_strings", answerNaughty},
	{"long_text", answerLong},
	{"many_items", answerMany},
}

// wantAnswers stores answers, and aside, and reads them back both ways.
func wantAnswers(t *testing.T, ctx context.Context, s surveys.Store, answers questionnaire.Answers) {
	t.Helper()
	r := fullResponse("a")
	r.Answers, r.Aside = answers, answers
	r = putResponse(t, ctx, s, r)
	wantResponse(t, ctx, s, r)
	wantSame(t, "stream", collect(t, s.Responses(ctx, programme, strand)), []surveys.Response{r})
}

func answerShapes(t *testing.T, ctx context.Context, s surveys.Store) {
	zero, ten := 0.0, 10.0
	wantAnswers(t, ctx, s, questionnaire.Answers{
		"zero":             {Number: &zero},
		"ten":              {Number: &ten},
		"single":           {Choice: "often"},
		"other":            {Choice: "other", Text: "my grandmother's garden"},
		"multiple":         {Choices: []string{"b", "a", "other"}, Text: "and more"},
		"one_of_many":      {Choices: []string{"a"}},
		"shuffled":         {Choice: "b", Order: []string{"b", "a", "c d"}},
		"shuffled_ranking": {Choices: []string{"c", "a", "b"}, Order: []string{"b", "c", "a"}},
		"shuffled_blank":   {Missing: questionnaire.NotReached, Order: []string{"a", "b"}},
		"words":            {Text: "line one\nline two"},
		"not_asked":        {Missing: questionnaire.NotAsked},
		"not_reached":      {Missing: questionnaire.NotReached},
		"declined":         {Missing: questionnaire.Declined},
		"dont_know":        {Missing: questionnaire.DontKnow},
		"withdrawn":        {Missing: questionnaire.Withdrawn},
		"zero_answer":      {},
		"battery__row_one": {Choice: "0"},
		"codes":            {Choices: []string{"0", "-1", "null"}},
	})
}

func answerNumbers(t *testing.T, ctx context.Context, s surveys.Store) {
	answers := questionnaire.Answers{}
	for i, n := range []float64{0, 1, -1, 0.1, 1.0 / 3, -2.5, 1e-9, 1e21, 1e22, 123456789.123, math.MaxFloat64, math.SmallestNonzeroFloat64, 1 << 53} {
		answers[questionnaire.ItemID(fmt.Sprintf("n%d", i))] = questionnaire.Answer{Number: &n}
	}
	wantAnswers(t, ctx, s, answers)
}

func answerNaughty(t *testing.T, ctx context.Context, s surveys.Store) {
	answers := questionnaire.Answers{}
	for i, text := range naughty {
		answers[questionnaire.ItemID(fmt.Sprintf("t%d", i))] = questionnaire.Answer{Text: text}
	}
	wantAnswers(t, ctx, s, answers)
}

func answerLong(t *testing.T, ctx context.Context, s surveys.Store) {
	wantAnswers(t, ctx, s, questionnaire.Answers{
		"plain":   {Text: strings.Repeat("a", 40_000)},
		"escaped": {Text: strings.Repeat("\"\\\n", 10_000)},
		"emoji":   {Text: strings.Repeat("👩🏽‍🏫", 10_000)},
	})
}

func answerMany(t *testing.T, ctx context.Context, s surveys.Store) {
	wantAnswers(t, ctx, s, exampleAnswers(7, 200))
}
