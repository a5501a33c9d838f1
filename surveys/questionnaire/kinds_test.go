package questionnaire_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

func ranked(codes ...string) q.Answer { return q.Answer{Choices: codes} }

func text(words string) q.Answer { return q.Answer{Text: words} }

// TestParseAnswer_NewKinds reads what a form posts for each kind; wantErr is
// "control: key".
func TestParseAnswer_NewKinds(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for _, tc := range []struct {
		name     string
		variable q.ItemID
		raw      q.Raw
		want     q.Answer
		wantErr  string
	}{
		{"scale/point", "proud", q.Raw{"proud": {"1"}}, numeric(1), ""},
		{"scale/worded_point", "proud", q.Raw{"proud": {"3"}}, numeric(3), ""},
		{"scale/digits_of_another_script", "proud", q.Raw{"proud": {"٥"}}, numeric(5), ""},
		{"scale/meaning", "proud", q.Raw{"proud": {"dk"}}, missing(q.DontKnow), ""},
		{"scale/blank", "proud", q.Raw{"proud": {" "}}, missing(q.NotReached), ""},
		{"scale/above", "proud", q.Raw{"proud": {"6"}}, q.Answer{}, "proud: answer.choose_from_list"},
		{"scale/between_points", "proud", q.Raw{"proud": {"2.5"}}, q.Answer{}, "proud: answer.choose_from_list"},
		{"scale/two", "proud", q.Raw{"proud": {"1", "2"}}, q.Answer{}, "proud: answer.choose_only_one"},
		{"scale/words", "proud", q.Raw{"proud": {"very"}}, q.Answer{}, "proud: answer.number_digits"},
		{"scale/fraction", "half", q.Raw{"half": {"0.3"}}, numeric(0.3), ""},
		{"scale/fraction_written_longer", "half", q.Raw{"half": {"0.70"}}, numeric(0.7), ""},
		{"scale/not_a_step", "half", q.Raw{"half": {"0.35"}}, q.Answer{}, "half: answer.choose_from_list"},
		{"pictures/choice", "pet", q.Raw{"pet": {"dog"}}, chosen("dog"), ""},
		{"pictures/declined", "pet", q.Raw{"pet": {"no_say"}}, missing(q.Declined), ""},
		{"pictures/unknown", "pet", q.Raw{"pet": {"cow"}}, q.Answer{}, "pet: answer.choose_from_list"},
		{"ranking/all", "likes", q.Raw{"likes__1": {"2"}, "likes__2": {"3"}, "likes__3": {"1"}}, ranked("PE", "art", "maths"), ""},
		{"ranking/none", "likes", q.Raw{"likes__1": {""}, "likes__2": {""}}, missing(q.NotReached), ""},
		{"ranking/in_order", "likes", q.Raw{"likes": {"maths", "PE", "art"}}, ranked("maths", "PE", "art"), ""},
		{"ranking/in_order_in_one_value", "likes", q.Raw{"likes": {"maths PE art"}}, ranked("maths", "PE", "art"), ""},
		{"ranking/ranks_win", "likes", q.Raw{"likes": {"maths PE art"}, "likes__1": {"1"}, "likes__2": {"2"}, "likes__3": {"3"}}, ranked("art", "maths", "PE"), ""},
		{"ranking/one_missing", "likes", q.Raw{"likes__1": {"1"}, "likes__3": {"2"}}, q.Answer{}, "likes__2: answer.rank_all"},
		{"ranking/gap", "likes", q.Raw{"likes__1": {"1"}, "likes__2": {"3"}}, q.Answer{}, "likes__3: answer.rank_all"},
		{"ranking/tie", "likes", q.Raw{"likes__1": {"1"}, "likes__2": {"1"}, "likes__3": {"2"}}, q.Answer{}, "likes__2: answer.rank_twice"},
		{"ranking/zero", "likes", q.Raw{"likes__1": {"0"}}, q.Answer{}, "likes__1: answer.choose_from_list"},
		{"ranking/beyond", "likes", q.Raw{"likes__1": {"4"}}, q.Answer{}, "likes__1: answer.choose_from_list"},
		{"ranking/words", "likes", q.Raw{"likes__1": {"first"}}, q.Answer{}, "likes__1: answer.choose_from_list"},
		{"ranking/code_twice", "likes", q.Raw{"likes": {"art", "art", "maths"}}, q.Answer{}, "likes: answer.rank_twice"},
		{"ranking/unknown_code", "likes", q.Raw{"likes": {"art", "pe", "maths"}}, q.Answer{}, "likes: answer.choose_from_list"},
		{"ranking/too_few_codes", "likes", q.Raw{"likes": {"art"}}, q.Answer{}, "likes__2: answer.rank_all"},
		{"date/iso", "born", q.Raw{"born": {"2014-03-07"}}, text("2014-03-07"), ""},
		{"date/short", "born", q.Raw{"born": {"2014-3-7"}}, text("2014-03-07"), ""},
		{"date/arabic_digits", "born", q.Raw{"born": {"٢٠١٤-٠٣-٠٧"}}, text("2014-03-07"), ""},
		{"date/parts", "born", q.Raw{"born__year": {"2014"}, "born__month": {"3"}, "born__day": {"7"}}, text("2014-03-07"), ""},
		{"date/leap_day", "born", q.Raw{"born": {"2024-02-29"}}, text("2024-02-29"), ""},
		{"date/no_leap_day", "born", q.Raw{"born": {"2023-02-29"}}, q.Answer{}, "born: answer.date_day"},
		{"date/no_such_day_in_parts", "born", q.Raw{"born__year": {"2014"}, "born__month": {"2"}, "born__day": {"30"}}, q.Answer{}, "born: answer.date_day"},
		{"date/part_missing", "born", q.Raw{"born__year": {"2014"}, "born__day": {"7"}}, q.Answer{}, "born__month: answer.date_day"},
		{"date/month_thirteen", "born", q.Raw{"born": {"2014-13-01"}}, q.Answer{}, "born: answer.date_day"},
		{"date/two_digit_year", "born", q.Raw{"born": {"14-03-07"}}, q.Answer{}, "born: answer.date_day"},
		{"date/with_time", "born", q.Raw{"born": {"2014-03-07T10:00"}}, q.Answer{}, "born: answer.date_day"},
		{"date/other_order", "born", q.Raw{"born": {"07/03/2014"}}, q.Answer{}, "born: answer.date_day"},
		{"date/huge", "born", q.Raw{"born": {"99999-01-01"}}, q.Answer{}, "born: answer.date_day"},
		{"date/two", "born", q.Raw{"born": {"2014-03-07", "2014-03-08"}}, q.Answer{}, "born: answer.give_one"},
		{"date/blank_parts", "born", q.Raw{"born__year": {""}, "born__month": {""}, "born__day": {""}}, missing(q.NotReached), ""},
		{"month/iso", "joined", q.Raw{"joined": {"2025-09"}}, text("2025-09"), ""},
		{"month/parts", "joined", q.Raw{"joined__year": {"2025"}, "joined__month": {"09"}}, text("2025-09"), ""},
		{"month/a_day_is_too_much", "joined", q.Raw{"joined": {"2025-09-01"}}, q.Answer{}, "joined: answer.date_month"},
		{"year/iso", "began", q.Raw{"began": {"2025"}}, text("2025"), ""},
		{"year/part", "began", q.Raw{"began__year": {"2025"}}, text("2025"), ""},
		{"year/short", "began", q.Raw{"began": {"25"}}, q.Answer{}, "began: answer.date_year"},
		{"time/iso", "bedtime", q.Raw{"bedtime": {"21:30"}}, text("21:30"), ""},
		{"time/one_digit", "bedtime", q.Raw{"bedtime": {"9:05"}}, text("09:05"), ""},
		{"time/seconds_are_left_out", "bedtime", q.Raw{"bedtime": {"21:30:15.000"}}, text("21:30"), ""},
		{"time/24", "bedtime", q.Raw{"bedtime": {"24:00"}}, q.Answer{}, "bedtime: answer.time"},
		{"time/words", "bedtime", q.Raw{"bedtime": {"half nine"}}, q.Answer{}, "bedtime: answer.time"},
		{"time/minus", "bedtime", q.Raw{"bedtime": {"-1:30"}}, q.Answer{}, "bedtime: answer.time"},
		{"time/blank", "bedtime", q.Raw{}, missing(q.NotReached), ""},
		{"date_time/iso", "met", q.Raw{"met": {"2026-03-07T09:30"}}, text("2026-03-07T09:30"), ""},
		{"date_time/blank_between", "met", q.Raw{"met": {"2026-03-07 09:30"}}, text("2026-03-07T09:30"), ""},
		{"date_time/parts", "met", q.Raw{"met__year": {"2026"}, "met__month": {"3"}, "met__day": {"7"}, "met__time": {"9:30"}}, text("2026-03-07T09:30"), ""},
		{"date_time/no_time", "met", q.Raw{"met": {"2026-03-07"}}, q.Answer{}, "met: answer.date_time"},
		{"date_time/only_time", "met", q.Raw{"met__time": {"09:30"}}, q.Answer{}, "met: answer.date_time"},
		{"date_time/no_such_day", "met", q.Raw{"met": {"2026-02-30T09:30"}}, q.Answer{}, "met: answer.date_time"},
		{"acknowledge/ticked", "read_it", q.Raw{"read_it": {"OK"}}, chosen("OK"), ""},
		{"acknowledge/not_ticked", "read_it", q.Raw{}, missing(q.NotReached), ""},
		{"acknowledge/something_else", "read_it", q.Raw{"read_it": {"on"}}, q.Answer{}, "read_it: answer.choose_from_list"},
		{"calculated/what_is_sent_counts_for_nothing", "double", q.Raw{"double": {"7"}}, missing(q.NotAsked), ""},
		{"hidden/from_the_link", "site", q.Raw{"site": {" north "}}, text("north"), ""},
		{"hidden/a_name_of_a_hall", "site", q.Raw{"site": {"القاعة ٢ – "}}, missing(q.NotAsked), ""},
		{"hidden/any_script", "site", q.Raw{"site": {"القاعة ٢"}}, text("القاعة ٢"), ""},
		{"hidden/no_address", "site", q.Raw{"site": {"me@example.org"}}, missing(q.NotAsked), ""},
		{"hidden/no_sentence", "site", q.Raw{"site": {repeated(65)}}, missing(q.NotAsked), ""},
		{"hidden/too_long", "site", q.Raw{"site": {strings.Repeat("x", 501)}}, q.Answer{}, "site: answer.text_shorter"},
		{"hidden/from_the_clock", "opened", q.Raw{"opened": {"1999-01-01"}}, missing(q.NotAsked), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := variable(t, in, tc.variable).ParseAnswer(tc.raw)
			gotErr := ""
			if err != nil {
				gotErr = err.Control + ": " + err.Key
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || gotErr != tc.wantErr {
				t.Errorf("ParseAnswer(%q): error %q, want %q; (-want +got)\n%s", tc.raw, gotErr, tc.wantErr, diff)
			}
		})
	}
}

func TestParseAnswer_Order(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for _, tc := range []struct {
		name  string
		order []string
		want  []string
	}{
		{"a_value_each", []string{"PE", "art", "maths"}, []string{"PE", "art", "maths"}},
		{"in_one_value", []string{"PE art maths"}, []string{"PE", "art", "maths"}},
		{"some_hidden_by_a_filter", []string{"PE", "art"}, []string{"PE", "art"}},
		{"a_code_twice", []string{"PE", "PE", "art"}, nil},
		{"an_unknown_code", []string{"PE", "<script>", "art"}, nil},
		{"none", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			answer, err := variable(t, in, "likes").ParseAnswer(q.Raw{"likes__order": tc.order})
			if err != nil || answer.Missing != q.NotReached {
				t.Fatalf("ParseAnswer = %v, %v, want no answer", answer, err)
			}
			if diff := cmp.Diff(tc.want, answer.Order); diff != "" {
				t.Errorf("Order: (-want +got)\n%s", diff)
			}
		})
	}
	if answer, _ := variable(t, in, "travel").ParseAnswer(q.Raw{"travel": {"bus"}, "travel__order": {"bus"}}); answer.Order != nil {
		t.Errorf("an item that is not shuffled keeps the order %v", answer.Order)
	}
}

func TestShow_NewKinds(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for _, tc := range []struct {
		variable q.ItemID
		answer   q.Answer
		lang     string
		words    string
		code     string
	}{
		{"proud", numeric(3), "en", "So-so", "3"},
		{"proud", numeric(3), "ar", "متوسط", "3"},
		{"proud", numeric(4), "en", "4", "4"},
		{"proud", missing(q.DontKnow), "ar", "I don't know", ""},
		{"half", numeric(0.3), "en", "0.3", "0.3"},
		{"pet", chosen("cat"), "ar", "A cat", "1"},
		{"likes", ranked("PE", "art", "maths"), "en", "1. Sport; 2. Art; 3. Maths", "PE art maths"},
		{"likes", ranked("art", "PE", "maths"), "ar", "1. الفن؛ 2. Sport؛ 3. Maths", "art PE maths"},
		{"born", text("2014-03-07"), "en", "2014-03-07", "2014-03-07"},
		{"met", text("2026-03-07T09:30"), "en", "2026-03-07 09:30", "2026-03-07T09:30"},
		{"read_it", chosen("OK"), "ar", "OK", "OK"},
		{"double", numeric(7.5), "en", "7.5", "7.5"},
		{"called", text("Al!"), "en", "Al!", "Al!"},
		{"site", text("north"), "en", "north", "north"},
	} {
		t.Run(string(tc.variable)+"/"+tc.words, func(t *testing.T) {
			v := variable(t, in, tc.variable)
			if got := v.Show(tc.answer, tc.lang); got != tc.words {
				t.Errorf("Show(%v, %s) = %q, want %q", tc.answer, tc.lang, got, tc.words)
			}
			if got := v.Code(tc.answer).Text; got != tc.code {
				t.Errorf("Code(%v) = %q, want %q", tc.answer, got, tc.code)
			}
		})
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	var codes, labels []string
	for _, point := range variable(t, in, "proud").Points() {
		codes, labels = append(codes, point.Code), append(labels, point.Label["ar"])
	}
	if got, want := strings.Join(codes, " ")+" | "+strings.Join(labels, " "), "1 2 3 4 5 | 1 2 متوسط 4 5"; got != want {
		t.Errorf("points of proud are %q, want %q", got, want)
	}
	codes = nil
	for _, point := range variable(t, in, "half").Points() {
		codes = append(codes, point.Code)
	}
	if got, want := strings.Join(codes, " "), "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1"; got != want {
		t.Errorf("points of half are %q, want %q", got, want)
	}
	if n := len(variable(t, in, "stress").Points()); n != 11 {
		t.Errorf("a 0-10 scale has %d points, want 11", n)
	}
	if points := variable(t, in, "books").Points(); points != nil {
		t.Errorf("a number has the points %v, want none", points)
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for id, want := range map[q.ItemID]string{"why": "x", "nickname": "x", "travel": "x", "subjects": "x", "called": "x", "born": "", "bedtime": "", "site": "", "opened": "", "double": ""} {
		if got := variable(t, in, id).Written(text("x")); got != want {
			t.Errorf("%s: Written = %q, want %q", id, got, want)
		}
	}
}
