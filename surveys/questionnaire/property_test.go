package questionnaire_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	q "soundings/surveys/questionnaire"
)

// drawnText is words in the source language and perhaps in Arabic.
func drawnText(t *rapid.T, name string) q.Text {
	words := rapid.StringMatching(`[A-Za-z<>&"'éß😀\n\t]{0,20}[a-z]`)
	text := q.Text{"en": words.Draw(t, name)}
	if rapid.Bool().Draw(t, name+" in ar") {
		text["ar"] = rapid.StringMatching(`[ء-ي ]{0,10}`).Draw(t, name+" ar")
	}
	return text
}

func drawnChoices(t *rapid.T, scored bool, meanings ...q.Meaning) []q.Choice {
	codes := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9_]{1,8}`), 2, 6, rapid.ID).Draw(t, "codes")
	var choices []q.Choice
	for i, code := range codes {
		score := float64(i)
		choice := q.Choice{Code: code, Label: drawnText(t, "label")}
		if scored {
			choice.Score = &score
		}
		choices = append(choices, choice)
	}
	for _, meaning := range meanings {
		code := "m_" + string(meaning)
		if rapid.Bool().Draw(t, "has "+code) && !slices.Contains(codes, code) {
			choices = append(choices, q.Choice{Code: code, Label: drawnText(t, "label"), Meaning: meaning})
		}
	}
	return choices
}

// drawnItem is a valid item of the kind; its ids are all made from id.
func drawnItem(t *rapid.T, id q.ItemID, kind q.Kind) q.Item {
	missing := []q.Meaning{q.MeaningDeclined, q.MeaningDontKnow}
	item := q.Item{ID: id, Kind: kind, Label: drawnText(t, "label")}
	unasked := kind == q.KindStatement || kind == q.KindCalculated || kind == q.KindHidden
	item.Required = !unasked && rapid.Bool().Draw(t, "required")
	switch kind {
	case q.KindRating, q.KindThenNow:
		item.Choices = drawnChoices(t, true, missing...)
		for _, suffix := range []q.ItemID{"_r1", "_r2", "_r3"}[:rapid.IntRange(1, 3).Draw(t, "rows")] {
			item.Rows = append(item.Rows, q.Row{ID: id + suffix, Label: drawnText(t, "row")})
		}
	case q.KindFaces:
		item.Choices = drawnChoices(t, true, missing...)
	case q.KindSingleChoice:
		item.Choices = drawnChoices(t, false, append(missing, q.MeaningOther)...)
	case q.KindMultipleChoice:
		item.Choices = drawnChoices(t, false, append(missing, q.MeaningOther, q.MeaningExclusive)...)
	case q.KindScale:
		low, high := -2.0, 3.0
		item.Min, item.Max = &low, &high
	case q.KindPictures:
		item.Choices = drawnChoices(t, true)
		for i := range item.Choices {
			item.Choices[i].Picture = strings.Repeat("a", 64)
		}
	case q.KindRanking:
		item.Choices, item.Shuffle = drawnChoices(t, false), true
	case q.KindDate:
		item.Precision = rapid.SampledFrom([]string{"", q.PrecisionDay, q.PrecisionMonth, q.PrecisionYear}).Draw(t, "precision")
	case q.KindCalculated:
		item.Calculation = rapid.SampledFrom([]string{"1 + 1", "'a'"}).Draw(t, "calculation")
	case q.KindHidden:
		item.From = rapid.SampledFrom([]string{q.FromLink, q.FromStart}).Draw(t, "from")
	case q.KindNumber:
		low, high := rapid.Float64Range(-1000, 0).Draw(t, "min"), rapid.Float64Range(0, 1e6).Draw(t, "max")
		item.Min, item.Max = &low, &high
	case q.KindLinkageCode:
		for _, prompt := range []q.ItemID{"a", "b", "c", "d"} {
			item.Prompts = append(item.Prompts, q.Prompt{ID: prompt, Label: drawnText(t, "prompt"), Element: q.ElementDay})
		}
	}
	return item
}

// drawnDefinition has one item of each of some kinds.
func drawnDefinition(t *rapid.T) q.Definition {
	kinds := rapid.SliceOfNDistinct(rapid.SampledFrom(q.Kinds), 1, 21, rapid.ID).Draw(t, "kinds")
	d := q.Definition{Title: drawnText(t, "title"), Languages: []string{"en", "ar"}}
	part := q.Part{ID: "part"}
	for i, kind := range kinds {
		part.Items = append(part.Items, drawnItem(t, q.ItemID("i"+string(rune('a'+i))), kind))
	}
	d.Parts = []q.Part{part}
	return d
}

func drawnInstrument(t *rapid.T) *q.Instrument {
	v, err := q.Publish("drawn", 1, drawnDefinition(t), time.Unix(0, 0))
	if err != nil {
		t.Skip(err) // codes that make the same column twice
	}
	in, err := q.Compile(v)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestProperty_DefinitionReadWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawnDefinition(t)
		written, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		again, err := q.ParseDefinition(written)
		if err != nil {
			t.Fatalf("ParseDefinition(%s): %v", written, err)
		}
		if diff := cmp.Diff(d, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got)\n%s", diff)
		}
	})
}

// drawnRaw is controls as a person, a careless person or an attacker fills them.
func drawnRaw(t *rapid.T, in *q.Instrument) q.Raw {
	raw := q.Raw{}
	for _, v := range in.Variables() {
		values := []string{"", "0", "7", "٣,٥", "-1", "NaN", "words", "a\r\nb", "\x00", "\xff"}
		values = append(values, "2026-03-07", "2026-03", "2026", "21:30", "2026-03-07T09:30")
		for i, choice := range v.Choices {
			values = append(values, choice.Code, choice.Code)
			if v.Kind == q.KindRanking {
				raw[q.RankControl(v.ID, i+1)] = rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", "3", "", "x"}), 0, 1).Draw(t, "rank")
			}
		}
		raw[string(v.ID)] = rapid.SliceOfN(rapid.SampledFrom(values), 0, 3).Draw(t, string(v.ID))
		raw[q.OtherControl(v.ID)] = rapid.SliceOfN(rapid.SampledFrom([]string{"", " ", "words"}), 0, 1).Draw(t, "other")
	}
	return raw
}

// Every variable has an answer or an error, and an answer that is shown in a
// form again and sent again is the same answer.
func TestProperty_AnswersParsedAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawnInstrument(t)
		answers, aside, errs := in.ParseAnswers(q.WavePost, nil, drawnRaw(t, in))
		if len(answers)+len(errs) != len(in.Variables()) || len(aside) > 0 {
			t.Fatalf("%d answers, %d errors, %d aside of %d variables", len(answers), len(errs), len(aside), len(in.Variables()))
		}
		again, _, _ := in.ParseAnswers(q.WavePost, nil, in.Raw(answers))
		for id, answer := range answers {
			v, _ := in.Variable(id)
			if diff := cmp.Diff(answer, again[id]); diff != "" {
				t.Fatalf("%s (-want +got)\n%s", id, diff)
			}
			checkAnswer(t, v, answer)
		}
	})
}

// checkAnswer holds an answer to what Answer promises.
func checkAnswer(t *rapid.T, v *q.Variable, a q.Answer) {
	_, hasValue := v.Value(a)
	code, words := v.Code(a), v.Show(a, "ar")
	switch {
	case a.Missing == q.Answered && (code.Text == "" || words == ""):
		t.Fatalf("%s: %v has a value but no code or words", v.ID, a)
	case a.Missing != q.Answered && (hasValue || code != q.Code{} || a.Text != "" || a.Number != nil):
		t.Fatalf("%s: %v is missing but has a value", v.ID, a)
	case hasValue && !v.Numeric:
		t.Fatalf("%s: %v has a value, but the variable is not numeric", v.ID, a)
	case a.Number != nil && (math.IsNaN(*a.Number) || math.IsInf(*a.Number, 0)):
		t.Fatalf("%s: %v is no number", v.ID, *a.Number)
	}
}

func TestProperty_OrderOfChoicesSent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawnInstrument(t)
		raw := drawnRaw(t, in)
		answers, _, errs := in.ParseAnswers(q.WavePost, nil, raw)
		turned := q.Raw{}
		for control, values := range raw {
			turned[control] = rapid.Permutation(values).Draw(t, control)
		}
		answersTurned, _, errsTurned := in.ParseAnswers(q.WavePost, nil, turned)
		if diff := cmp.Diff(answers, answersTurned) + cmp.Diff(errs, errsTurned); diff != "" {
			t.Fatalf("sent in another order: (-want +got)\n%s", diff)
		}
	})
}
