package sqlitestore_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"soundings/surveys/questionnaire"
	"soundings/surveys/sqlitestore"
)

var anyAnswer = rapid.Custom(func(t *rapid.T) questionnaire.Answer {
	text := rapid.String()
	a := questionnaire.Answer{
		Missing: questionnaire.Missing(text.Draw(t, "missing")),
		Choice:  text.Draw(t, "choice"),
		Choices: rapid.SliceOfN(text, 0, 5).Draw(t, "choices"),
		Text:    text.Draw(t, "text"),
	}
	if rapid.Bool().Draw(t, "numeric") {
		number := rapid.Float64().Filter(func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }).Draw(t, "number")
		a.Number = &number
	}
	return a
})

// TestAnswersRoundTrip: what is written is read back, by us and by encoding/json.
func TestAnswersRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := questionnaire.Answers(rapid.MapOfN(
			rapid.Map(rapid.String(), func(s string) questionnaire.ItemID { return questionnaire.ItemID(s) }), anyAnswer, 0, 8).Draw(t, "answers"))
		stored, err := sqlitestore.EncodeAnswers(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sqlitestore.DecodeAnswers(stored)
		if err != nil {
			t.Fatalf("DecodeAnswers(%q): %v", stored, err)
		}
		var standard questionnaire.Answers
		if err := json.Unmarshal([]byte(stored), &standard); err != nil {
			t.Fatalf("json.Unmarshal(%q): %v", stored, err)
		}
		for name, read := range map[string]questionnaire.Answers{"ours": got, "encoding/json": standard} {
			if diff := cmp.Diff(want, read, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestEncodeAnswersRefusesNoNumber(t *testing.T) {
	for _, n := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if stored, err := sqlitestore.EncodeAnswers(questionnaire.Answers{"a": {Number: &n}}); err == nil {
			t.Errorf("EncodeAnswers(%v) = %q, want an error", n, stored)
		}
	}
}

// FuzzDecodeAnswers: any text is refused or read; what was read is read again
// the same once written.
func FuzzDecodeAnswers(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"a":{}}`, `{"a":{"number":0},"b":{"choice":"other","text":"\"\\\n\u0001é"}}`, `{"a":{"choices":["x","y"]}}`,
		`{"a":{"missing":"declined"}}`, `{"a":{"number":1e999}}`, `{"a":{"number":}}`, `{"a":`, `{"a":{"text":"\`, `{"a":{"text":"\u12`, `[]`, `{"a":{}}x`, "{\"\x97a\":{},\"\xff\":{}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		first, err := sqlitestore.DecodeAnswers(stored)
		if err != nil {
			return
		}
		again, err := sqlitestore.EncodeAnswers(first)
		if err != nil {
			t.Fatalf("EncodeAnswers of what %q holds: %v", stored, err)
		}
		second, err := sqlitestore.DecodeAnswers(again)
		if err != nil {
			t.Fatalf("DecodeAnswers(%q): %v", again, err)
		}
		third, err := sqlitestore.EncodeAnswers(second)
		if err != nil || third != again {
			t.Fatalf("%q became %q, then %q (%v)", stored, again, third, err)
		}
	})
}
