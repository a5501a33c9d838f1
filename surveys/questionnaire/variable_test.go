package questionnaire_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

func TestKinds(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	used := map[q.Kind]bool{}
	for _, part := range in.Version().Definition.Parts {
		for _, item := range part.Items {
			used[item.Kind] = true
		}
	}
	for _, kind := range q.Kinds {
		if !used[kind] {
			t.Errorf("%s has no item of kind %s", everyKind, kind)
		}
		delete(used, kind)
	}
	if len(used) > 0 {
		t.Errorf("Kinds lacks %v", used)
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	var got []string
	variables := compile(t, everyKind).Variables()
	for i := range variables {
		v := &variables[i]
		line := fmt.Sprintf("%s %s/%s %s", v.ID, v.Part, v.Item.ID, v.Kind)
		if v.Row != "" {
			line += fmt.Sprintf(" row %s %s", v.Row, v.Moment)
		}
		got = append(got, fmt.Sprintf("%s numeric=%t open=%t %v: %s", line, v.Numeric, v.Open, v.Waves, v.Label["en"]))
	}
	want := []string{
		"stress about/stress scale_0_10 numeric=true open=false []: How stressed are you?",
		"mood about/mood faces numeric=true open=false []: How do you feel?",
		"travel about/travel single_choice numeric=false open=false []: How do you come to school?",
		"subjects about/subjects multiple_choice numeric=false open=false []: Which do you like?",
		"sleep about/sleep number numeric=true open=false []: Hours of sleep",
		"books about/books number numeric=true open=false []: Books at home",
		"warmest about/warmest number numeric=true open=false []: Warmest day below this",
		"safe views/school rating row safe  numeric=true open=false []: At school: I feel safe",
		"alone views/school rating row alone  numeric=true open=false []: At school: I feel alone",
		"speak_then views/growth then_now row speak then numeric=true open=false [post]: How sure are you? Speaking up",
		"speak_now views/growth then_now row speak now numeric=true open=false [post]: How sure are you? Speaking up",
		"nickname views/nickname short_text numeric=false open=true []: What shall we call you?",
		"may_quote views/may_quote consent numeric=false open=false []: May we quote you?",
		"why views/why long_text numeric=false open=true []: Why?",
		"proud more/proud scale numeric=true open=false []: How proud are you?",
		"half more/half scale numeric=true open=false []: How far?",
		"pet more/pet pictures numeric=true open=false []: Which is yours?",
		"likes more/likes ranking numeric=false open=false []: What do you like best?",
		"born more/born date numeric=false open=false []: When were you born?",
		"joined more/joined date numeric=false open=false []: When did you join?",
		"began more/began date numeric=false open=false []: In which year did it begin?",
		"bedtime more/bedtime time numeric=false open=false []: When do you go to bed?",
		"met more/met date_time numeric=false open=false []: When did you meet?",
		"read_it more/read_it acknowledge numeric=false open=false []: I have read this",
		"double more/double calculated numeric=true open=false []: Twice the sleep",
		"called more/called calculated numeric=false open=true []: ",
		"site more/site hidden numeric=false open=false []: ",
		"opened more/opened hidden numeric=false open=false []: ",
		"since later/since short_text numeric=false open=true [follow_up]: What has changed since?",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Variables: (-want +got)\n%s", diff)
	}
}

func TestVariable_Label(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	if got, want := variable(t, in, "safe").Label["ar"], "في المدرسة: أشعر بالأمان"; got != want {
		t.Errorf("label in ar = %q, want %q", got, want)
	}
	if got, ok := variable(t, in, "speak_now").Label["ar"]; ok {
		t.Errorf("label in ar = %q, want none: neither stem nor row has one", got)
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for _, tc := range []struct {
		name     string
		variable q.ItemID
		answer   q.Answer
		want     float64
		wantOK   bool
	}{
		{"zero_is_a_value", "stress", numeric(0), 0, true},
		{"number", "sleep", numeric(7.5), 7.5, true},
		{"score", "safe", chosen("3"), 3, true},
		{"score_of_zero", "speak_then", chosen("low"), 0, true},
		{"face", "mood", chosen("2"), 2, true},
		{"declined", "stress", missing(q.Declined), 0, false},
		{"not_reached", "safe", missing(q.NotReached), 0, false},
		{"choice_without_score", "travel", chosen("bus"), 0, false},
		{"unknown_choice", "safe", chosen("9"), 0, false},
		{"several_choices", "subjects", q.Answer{Choices: []string{"art"}}, 0, false},
		{"text", "why", q.Answer{Text: "7"}, 0, false},
		{"consent", "may_quote", chosen(q.ConsentYes), 0, false},
		{"unknown_variable", "nobody", numeric(1), 0, false},
		{"zero_answer", "safe", q.Answer{}, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, ok := in.Value(tc.variable, tc.answer); got != tc.want || ok != tc.wantOK {
				t.Errorf("Value(%s, %v) = %v, %t, want %v, %t", tc.variable, tc.answer, got, ok, tc.want, tc.wantOK)
			}
		})
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	several := q.Answer{Choices: []string{"art", "other"}, Text: "PE"}
	for _, tc := range []struct {
		name     string
		variable q.ItemID
		answer   q.Answer
		lang     string
		want     string
	}{
		{"label", "safe", chosen("3"), "en", "Agree"},
		{"label_in_arabic", "safe", chosen("3"), "ar", "أوافق"},
		{"label_that_arabic_lacks", "mood", chosen("3"), "ar", "Happy"},
		{"label_in_an_unknown_language", "mood", chosen("3"), "fr", "Happy"},
		{"code_that_is_not_there", "mood", chosen("9"), "en", "9"},
		{"other", "travel", q.Answer{Choice: "other", Text: "boat"}, "en", "Another way: boat"},
		{"words_beside_another", "travel", q.Answer{Choice: "bus", Text: "38"}, "en", "By bus: 38"},
		{"several", "subjects", several, "en", "Art; Something else: PE"},
		{"several_in_arabic", "subjects", several, "ar", "الفن؛ شيء آخر: PE"},
		{"several_and_words", "subjects", q.Answer{Choices: []string{"art"}, Text: "PE"}, "en", "Art; PE"},
		{"declined", "stress", missing(q.Declined), "en", "Prefer not to say"},
		{"declined_in_arabic", "stress", missing(q.Declined), "ar", "أفضل عدم الإجابة"},
		{"not_reached", "stress", missing(q.NotReached), "en", ""},
		{"declined_where_no_choice_says_it", "why", missing(q.Declined), "en", ""},
		{"zero", "stress", numeric(0), "en", "0"},
		{"large_number", "books", numeric(1e14), "en", "100000000000000"},
		{"text", "why", q.Answer{Text: "a\nb"}, "en", "a\nb"},
		{"consent", "may_quote", chosen(q.ConsentYes), "ar", "نعم"},
		{"consent_in_an_unknown_language", "may_quote", chosen(q.ConsentNo), "fr", "No"},
		{"unknown_variable", "nobody", numeric(1), "en", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := in.Show(tc.variable, tc.answer, tc.lang); got != tc.want {
				t.Errorf("Show(%s, %v, %s) = %q, want %q", tc.variable, tc.answer, tc.lang, got, tc.want)
			}
		})
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	number := func(n float64, text string) q.Code { return q.Code{Text: text, Number: n, IsNumber: true} }
	codes, every := compile(t, "testdata/definitions/codes.json"), compile(t, everyKind)
	for _, tc := range []struct {
		name     string
		in       *q.Instrument
		variable q.ItemID
		answer   q.Answer
		want     q.Code
	}{
		{"codes_that_are_numbers", codes, "numbered", chosen("10"), number(10, "10")},
		{"one_code_that_is_not_a_number_makes_all_text", codes, "words", chosen("2"), q.Code{Text: "2"}},
		{"scores", codes, "scored", chosen("b"), number(1, "1")},
		{"equal_scores_are_not_codes", codes, "tied", chosen("8"), number(8, "8")},
		{"number", every, "sleep", numeric(7.5), number(7.5, "7.5")},
		{"zero", every, "stress", numeric(0), number(0, "0")},
		{"several", every, "subjects", q.Answer{Choices: []string{"maths", "art"}}, q.Code{Text: "maths art"}},
		{"text", every, "why", q.Answer{Text: "7"}, q.Code{Text: "7"}},
		{"missing", every, "stress", missing(q.Declined), q.Code{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := variable(t, tc.in, tc.variable).Code(tc.answer); got != tc.want {
				t.Errorf("Code(%v) = %+v, want %+v", tc.answer, got, tc.want)
			}
		})
	}
	if got := variable(t, every, "safe").ChoiceCode("dk"); got != (q.Code{Text: "dk"}) {
		t.Errorf("ChoiceCode(dk) = %+v, want text: it stands for no answer", got)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	held := func(v *q.Variable, a q.Answer) string {
		var cells []string
		for _, column := range v.Columns() {
			cells = append(cells, column.Name+"="+column.Code(a).Text)
		}
		return strings.Join(cells, " ")
	}
	for _, tc := range []struct {
		name     string
		variable q.ItemID
		answer   q.Answer
		want     string
	}{
		{"several", "subjects", q.Answer{Choices: []string{"art", "other"}, Text: "PE"},
			"subjects_maths=0 subjects_art=1 subjects_other=1 subjects_none=0 subjects__other=PE"},
		{"missing_is_not_0", "subjects", missing(q.Declined),
			"subjects_maths= subjects_art= subjects_other= subjects_none= subjects__other="},
		{"one", "travel", chosen("bus"), "travel__other="},
		{"none", "safe", chosen("1"), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := held(variable(t, in, tc.variable), tc.answer); got != tc.want {
				t.Errorf("Columns of %s = %s, want %s", tc.variable, got, tc.want)
			}
		})
	}
}

func TestWaves(t *testing.T) {
	t.Parallel()
	in := compile(t, "testdata/definitions/waves.json")
	for wave, want := range map[q.Wave]string{
		q.WavePre: "always: a b", q.WavePost: "always: a b later: c", q.WaveFollowUp: "always: a later: c e",
	} {
		var asked []string
		for _, part := range in.PartsAt(wave) {
			asked = append(asked, string(part.ID)+":")
			for _, item := range part.ItemsAt(wave) {
				asked = append(asked, string(item.ID))
			}
		}
		if got := strings.Join(asked, " "); got != want {
			t.Errorf("asked at %s: %s, want %s", wave, got, want)
		}
		for _, variable := range in.Variables() {
			if got, want := variable.AskedAt(wave), strings.Contains(" "+want+" ", " "+string(variable.ID)+" "); got != want {
				t.Errorf("%s.AskedAt(%s) = %t, want %t", variable.ID, wave, got, want)
			}
		}
	}
}

func TestInstrument_Lookups(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	if s, ok := in.Scale("belonging"); !ok || s.Reverse[0] != "alone" {
		t.Errorf("Scale(belonging) = %v, %t", s, ok)
	}
	if m, ok := in.Measure("belonging_top"); !ok || m.Of != "belonging" {
		t.Errorf("Measure(belonging_top) = %v, %t", m, ok)
	}
	if p, ok := in.Part("later"); !ok || p.Items[0].ID != "since" {
		t.Errorf("Part(later) = %v, %t", p, ok)
	}
	if item, ok := in.Item("own_code"); !ok || item.Kind != q.KindLinkageCode {
		t.Errorf("Item(own_code) = %v, %t", item, ok)
	}
	if item, ok := in.LinkageCode(q.WavePre); !ok || item.ID != "own_code" {
		t.Errorf("LinkageCode(pre) = %v, %t", item, ok)
	}
	for _, ok := range []bool{has(in.Scale("x")), has(in.Measure("x")), has(in.Part("x")), has(in.Item("safe")), has(in.Variable("own_code"))} {
		if ok {
			t.Error("found what is not there")
		}
	}
}

func has[T any](_ *T, ok bool) bool { return ok }

func TestLinkageElements(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	item, _ := in.Item("own_code")
	required := *item
	required.Required = true
	some := q.Raw{"own_code__day": {" 7\n"}, "own_code__mother": {"\u200fفاطمة"}, "own_code__month": {" "}}
	for _, tc := range []struct {
		name     string
		item     *q.Item
		raw      q.Raw
		want     string
		wantErrs string
	}{
		{"in_the_order_of_the_prompts", item, some, "mother:\u200fفاطمة day:7", ""},
		{"none", item, q.Raw{"day": {"7"}}, "", ""},
		{"required", &required, some, "", "own_code__month answer.code_complete own_code__siblings answer.code_complete"},
		{"too_long", item, q.Raw{"own_code__day": {repeated(501)}}, "", "own_code__day answer.text_shorter"},
		{"invalid_utf8", item, q.Raw{"own_code__day": {"\xff"}}, "", "own_code__day answer.write_again"},
		{"two_values", item, q.Raw{"own_code__day": {"7", "8"}}, "", "own_code__day answer.give_one"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			elements, errs := q.LinkageElements(tc.item, tc.raw)
			var got, gotErrs []string
			for _, element := range elements {
				got = append(got, string(element.Prompt.ID)+":"+element.Text)
			}
			for _, err := range errs {
				gotErrs = append(gotErrs, err.Control+" "+err.Key)
			}
			if strings.Join(gotErrs, " ") != tc.wantErrs {
				t.Errorf("errors = %v, want %s", gotErrs, tc.wantErrs)
			}
			if tc.wantErrs == "" && strings.Join(got, " ") != tc.want {
				t.Errorf("elements = %q, want %q", got, tc.want)
			}
		})
	}
}

// What was typed for a linkage code must be in no answer and no print.
func TestLinkageElements_Secret(t *testing.T) {
	t.Parallel()
	const typed = "Zainab"
	in := compile(t, everyKind)
	raw := q.Raw{"own_code__mother": {typed}, "travel": {"bus"}}
	for _, wave := range []q.Wave{q.WavePre, q.WavePost} {
		answers, aside, errs := in.ParseAnswers(wave, nil, raw)
		if text := fmt.Sprintf("%+v %+v %v", answers, aside, errs); strings.Contains(text, typed) {
			t.Errorf("answers hold an element of the linkage code: %s", text)
		}
	}
	item, _ := in.Item("own_code")
	elements, _ := q.LinkageElements(item, raw)
	if len(elements) != 1 {
		t.Fatalf("LinkageElements: %v", elements)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "elements", elements, "element", elements[0])
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "elements", elements, "element", elements[0])
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		fmt.Fprintf(&log, format, elements)
	}
	if strings.Contains(log.String(), typed) {
		t.Errorf("printed: %s", log.String())
	}
}

func TestFieldErrors(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	_, _, errs := in.ParseAnswers(q.WavePre, []q.ItemID{"about"}, q.Raw{"stress": {"secret"}, "sleep": {"99"}, "travel": {"other"}})
	want := `item "stress": answer.number_digits; item "travel__other": answer.say_other [map[ar:طريقة أخرى en:Another way]]; item "sleep": answer.number_between [0 24]`
	if got := errs.Error(); got != want {
		t.Errorf("Error() = %s\nwant %s", got, want)
	}
	if err, ok := errs.For("travel__other"); !ok || err.Item != "travel" {
		t.Errorf("For(travel__other) = %v, %t", err, ok)
	}
	if _, ok := errs.For("mood"); ok {
		t.Error("For(mood): found, want none")
	}
}
