package surveys_test

import (
	"errors"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// badForms are forms with one thing wrong: the control and the key that tell of it.
var badForms = []struct {
	name    string
	other   questionnaire.Raw
	control string
	key     string
}{
	{"required left blank", questionnaire.Raw{"stress": nil}, "stress", questionnaire.KeyChooseOne},
	{"required is only blanks", questionnaire.Raw{"stress": {"  "}}, "stress", questionnaire.KeyChooseOne},
	{"above the scale", questionnaire.Raw{"stress": {"11"}}, "stress", questionnaire.KeyNumberBetween},
	{"below the scale", questionnaire.Raw{"stress": {"-1"}}, "stress", questionnaire.KeyNumberBetween},
	{"between two points", questionnaire.Raw{"stress": {"6.5"}}, "stress", questionnaire.KeyNumberWhole},
	{"no number", questionnaire.Raw{"stress": {"seven"}}, "stress", questionnaire.KeyNumberDigits},
	{"infinite", questionnaire.Raw{"sleep": {"Infinity"}}, "sleep", questionnaire.KeyNumberDigits},
	{"not a number", questionnaire.Raw{"sleep": {"NaN"}}, "sleep", questionnaire.KeyNumberDigits},
	{"out of range", questionnaire.Raw{"sleep": {"24.01"}}, "sleep", questionnaire.KeyNumberBetween},
	{"far out of range", questionnaire.Raw{"sleep": {"1e308"}}, "sleep", ""},
	{"two values", questionnaire.Raw{"sleep": {"1", "2"}}, "sleep", questionnaire.KeyOnlyOne},
	{"unknown choice", questionnaire.Raw{"travel": {"rocket"}}, "travel", questionnaire.KeyChooseFromList},
	{"two of one choice", questionnaire.Raw{"travel": {"bus", "foot"}}, "travel", questionnaire.KeyChooseOnlyOne},
	{"other without words", questionnaire.Raw{"travel": {"other"}}, "travel__other", questionnaire.KeySayOther},
	{"one unknown of several", questionnaire.Raw{"subjects": {"maths", "magic"}}, "subjects", questionnaire.KeyChooseFromList},
	{"none and one", questionnaire.Raw{"subjects": {"maths", "none"}}, "subjects", questionnaire.KeyChooseExclusive},
	{"a consent of another kind", questionnaire.Raw{"may_quote": {"perhaps"}}, "may_quote", questionnaire.KeyChooseFromList},
	{"not UTF-8", questionnaire.Raw{"why": {"caf\xe9"}}, "why", questionnaire.KeyUnreadable},
	{"a choice that is not UTF-8", questionnaire.Raw{"travel": {"bus\xff"}}, "travel", questionnaire.KeyChooseFromList},
	{"40,000 characters", questionnaire.Raw{"why": {strings.Repeat("é", 40_000)}}, "why", questionnaire.KeyTextShorter},
	{"a long line", questionnaire.Raw{"before": {strings.Repeat("a", 501)}}, "before", questionnaire.KeyTextShorter},
	{"a code that is not UTF-8", questionnaire.Raw{"own_code__mother": {"\xff"}}, "own_code__mother", questionnaire.KeyUnreadable},
	{"a code of an essay", questionnaire.Raw{"own_code__mother": {strings.Repeat("a", 300)}}, "own_code__mother", questionnaire.KeyUnreadable},
}

func TestSubmitRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range badForms {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(tt.other)})
			wantError(t, "Submit", err, surveys.KindInvalid, "answers.check")
			var e *surveys.Error
			errors.As(err, &e)
			got, ok := e.Fields.For(tt.control)
			if !ok || len(e.Fields) != 1 || tt.key != "" && got.Key != tt.key {
				t.Errorf("fields = %v, want %s at %s alone", e.Fields, tt.key, tt.control)
			}
			for _, typed := range []string{"rocket", "magic", "seven", "perhaps", "caf", "aaaa"} {
				if strings.Contains(err.Error()+e.Fields.Error(), typed) {
					t.Errorf("the error repeats what was typed: %v", err)
				}
			}
		})
	}
	if n := len(w.sent(t)) + len(w.linkages(t)); n != 0 {
		t.Errorf("%d responses and linkages after refusals, want none", n)
	}
}

func TestSubmitNamesAllInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: questionnaire.Raw{
		"why": {"\xff"}, "sleep": {"x"}, "own_code__day": {"\xff"}, "travel": {"x"},
	}})
	var e *surveys.Error
	if !errors.As(err, &e) {
		t.Fatalf("Submit: %v", err)
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Control)
	}
	if want := "own_code__day stress travel sleep why"; strings.Join(got, " ") != want {
		t.Errorf("fields = %v, want %s", got, want)
	}
}

// TestSubmitCleans keeps what can be read of text with signs that nobody types.
func TestSubmitCleans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for typed, want := range map[string]string{
		"a\x00b\x0bc\x7f":    "abc",
		"one\r\ntwo\rthree":  "one\ntwo\nthree",
		" \u200f\u202b ":     "",
		"=1+1":               "=1+1",
		"<script>":           "<script>",
		"👩🏽‍🏫":               "👩🏽‍🏫",
		"zero\uffffwidth\t.": "zerowidth\t.",
	} {
		id, err := surveys.NewID(strings.NewReader(typed + strings.Repeat("x", 16)))
		must(t, err)
		r, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: surveys.ResponseID(id), Raw: form(questionnaire.Raw{"why": {typed}})})
		must(t, err)
		if got := r.Answers["why"].Text; got != want {
			t.Errorf("Submit(%q) keeps %q, want %q", typed, got, want)
		}
	}
}

func TestSubmitRefusesIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{"", "short", "UPPERCASE_ID", "with space1", "with-hyphen", "ünïcödé_id", "a\x00bcdefghij", "../../etc/passwd", strings.Repeat("a", 41), "response_1\n"} {
		_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: surveys.ResponseID(id), Raw: form(nil)})
		wantField(t, id, err, "id")
	}
	for _, id := range []string{"response_1", strings.Repeat("a", 40)} {
		_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: surveys.ResponseID(id), Raw: form(nil)})
		must(t, err)
	}
}
