package questionnaire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

func TestDecodeAnswers(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	const body = `{"stress": 0, "mood": "2", "travel": "other", "travel__other": "boat", "subjects": ["art", "maths"],
		"sleep": 7.5, "books": 1e3, "safe": "3", "alone": null, "why": "a\r\n\ud83d\ude00", "may_quote": "yes",
		"proud": 3, "half": 0.3, "pet": "no_say", "likes": ["PE", "art", "maths"], "likes__order": ["maths", "PE", "art"], "born": "2014-03-07",
		"joined": "2025-9", "bedtime": "21:30", "met": "2026-01-02T09:05", "read_it": "OK", "site": "north"}`
	got, _, err := in.DecodeAnswers(q.Sitting{Wave: q.WavePre}, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	want := q.Answers{
		"stress": numeric(0), "mood": chosen("2"), "travel": {Choice: "other", Text: "boat"}, "subjects": {Choices: []string{"maths", "art"}},
		"sleep": numeric(7.5), "books": numeric(1000), "warmest": missing(q.NotReached), "safe": chosen("3"), "alone": missing(q.NotReached),
		"speak_then": missing(q.NotAsked), "speak_now": missing(q.NotAsked), "nickname": missing(q.NotReached),
		"may_quote": chosen("yes"), "why": {Text: "a\n😀"}, "since": missing(q.NotAsked),
		"proud": numeric(3), "half": numeric(0.3), "pet": missing(q.Declined), "likes": {Choices: []string{"PE", "art", "maths"}, Order: []string{"maths", "PE", "art"}},
		"born": {Text: "2014-03-07"}, "joined": {Text: "2025-09"}, "began": missing(q.NotReached), "bedtime": {Text: "21:30"},
		"met": {Text: "2026-01-02T09:05"}, "read_it": chosen("OK"), "double": numeric(15), "called": {Text: "!"}, "site": {Text: "north"}, "opened": missing(q.NotAsked),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("DecodeAnswers: (-want +got)\n%s", diff)
	}
}

func TestDecodeAnswers_Refused(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	long := strings.Repeat("x", 200)
	for _, tc := range []struct {
		name string
		body string
		want string
	}{
		{"unknown_ids", `{"travel": "bus", "strss": 1, "own_code": "x", "own_code__day": "7", "hello": "x", "stress__other": "x"}`,
			`item "hello": answer.send_known; item "own_code": answer.send_known; item "own_code__day": answer.send_known; item "stress__other": answer.send_known; item "strss": answer.send_known`},
		{"not_asked", `{"travel": "bus", "speak_now": "low"}`, `item "speak_now": answer.send_asked`},
		{"worked_out", `{"travel": "bus", "double": 3, "opened": "2026-01-01"}`, `item "double": answer.send_answer; item "opened": answer.send_answer`},
		{"ranking_as_string", `{"travel": "bus", "likes": "art maths PE"}`, `item "likes": answer.send_list`},
		{"order_of_no_shuffled_item", `{"travel": "bus", "subjects__order": ["art"]}`, `item "subjects__order": answer.send_known`},
		{"missing_field", `{}`, `item "travel": answer.choose_one`},
		{"number_as_string", `{"travel": "bus", "stress": "7"}`, `item "stress": answer.send_number`},
		{"string_as_number", `{"travel": 1, "why": 2}`, `item "travel": answer.send_string; item "why": answer.send_string`},
		{"bool", `{"travel": "bus", "may_quote": true}`, `item "may_quote": answer.send_string`},
		{"list_for_one", `{"travel": ["bus"]}`, `item "travel": answer.send_string`},
		{"one_for_list", `{"travel": "bus", "subjects": "art"}`, `item "subjects": answer.send_list`},
		{"list_of_numbers", `{"travel": "bus", "subjects": [1]}`, `item "subjects": answer.send_list`},
		{"object", `{"travel": {"choice": "bus"}}`, `item "travel": answer.send_string`},
		{"number_for_other", `{"travel": "other", "travel__other": 7}`, `item "travel__other": answer.send_string`},
		{"out_of_range", `{"travel": "bus", "stress": 11}`, `item "stress": answer.number_between [0 10]`},
		{"1e999", `{"travel": "bus", "sleep": 1e999}`, `sleep: is too large a number`},
		{"1e300", `{"travel": "bus", "books": 1e300}`, `item "books": answer.number_digits`},
		{"nan", `{"sleep": NaN}`, `sleep: is not valid JSON at byte 10: invalid character 'N' looking for beginning of value`},
		{"twice", `{"travel": "bus", "travel": "foot"}`, `travel: is there twice`},
		{"trailing", `{"travel": "bus"} {}`, `JSON: has something after its end`},
		{"list", `[]`, `JSON: is a list, must be an object`},
		{"null", `null`, `JSON: is null, must be an object`},
		{"empty", ``, `JSON: is not valid JSON at byte 0: EOF`},
		{"invalid_utf8", "{\"why\": \"\xff\"}", `JSON: is not valid UTF-8`},
		{"half_surrogate", `{"why": "\ud83d"}`, `JSON: has half a surrogate pair, as \ud83d without its other half`},
		{"deep", `{"why": ` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, `why` + strings.Repeat("[0]", 20) + `: is nested deeper than 20 levels`},
		{"long_name", `{"travel": "bus", "` + long + `": 1}`, `item "` + long[:80] + `…": answer.send_known`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			answers, _, err := in.DecodeAnswers(q.Sitting{Wave: q.WavePre}, []byte(tc.body))
			if err == nil || err.Error() != tc.want {
				t.Errorf("DecodeAnswers(%s): error\n%v, want\n%s", tc.body, err, tc.want)
			}
			if answers != nil {
				t.Errorf("DecodeAnswers(%s) = %v, want none beside the error", tc.body, answers)
			}
			if !errors.As(err, new(q.Problems)) && !errors.As(err, new(q.FieldErrors)) {
				t.Errorf("error is a %T, want Problems or FieldErrors", err)
			}
		})
	}
}
