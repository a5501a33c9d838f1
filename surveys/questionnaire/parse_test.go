package questionnaire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

// parseCase is what one variable makes of its controls.
type parseCase struct {
	name    string
	raw     q.Raw
	want    q.Answer
	wantKey string // of the error; then want is not looked at
	control string // of the error; "": the variable's
}

func TestParseAnswer(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for variableID, cases := range map[q.ItemID][]parseCase{
		"safe": choiceCases("safe"), "speak_then": requiredChoiceCases("speak_then"), "mood": choiceCases("mood"),
		"stress": scaleCases(), "travel": singleCases(), "subjects": multipleCases(),
		"sleep": numberCases(), "books": wholeCases(), "warmest": boundCases(),
		"nickname": shortTextCases(), "why": longTextCases(), "may_quote": consentCases(),
	} {
		v := variable(t, in, variableID)
		t.Run(string(v.Kind)+"/"+string(v.ID), func(t *testing.T) {
			for _, tc := range cases {
				t.Run(tc.name, func(t *testing.T) { tc.check(t, v) })
			}
		})
	}
}

func (tc parseCase) check(t *testing.T, v *q.Variable) {
	t.Helper()
	got, err := v.ParseAnswer(tc.raw)
	if tc.wantKey != "" {
		control := tc.control
		if control == "" {
			control = string(v.ID)
		}
		if err == nil || err.Key != tc.wantKey || err.Control != control || err.Item != v.ID {
			t.Fatalf("ParseAnswer(%q) = %v, error %v, want %s at %s", tc.raw, got, err, tc.wantKey, control)
		}
		return
	}
	if err != nil {
		t.Fatalf("ParseAnswer(%q): %v", tc.raw, err)
	}
	if diff := cmp.Diff(tc.want, got); diff != "" {
		t.Errorf("ParseAnswer(%q): (-want +got)\n%s", tc.raw, diff)
	}
}

func choiceCases(id string) []parseCase {
	one := func(values ...string) q.Raw { return q.Raw{id: values} }
	return []parseCase{
		{name: "first", raw: one("1"), want: chosen("1")},
		{name: "blanks_around", raw: one(" 3\r\n"), want: chosen("3")},
		{name: "blank", raw: one(""), want: missing(q.NotReached)},
		{name: "absent", raw: q.Raw{}, want: missing(q.NotReached)},
		{name: "nil", raw: nil, want: missing(q.NotReached)},
		{name: "above_maximum", raw: one("4"), wantKey: q.KeyChooseFromList},
		{name: "below_minimum", raw: one("0"), wantKey: q.KeyChooseFromList},
		{name: "label_instead_of_code", raw: one("Agree"), wantKey: q.KeyChooseFromList},
		{name: "two_values", raw: one("1", "2"), wantKey: q.KeyChooseOnlyOne},
		{name: "same_value_twice", raw: one("1", "1"), wantKey: q.KeyChooseOnlyOne},
		{name: "a_value_and_a_blank", raw: one("", "2"), want: chosen("2")},
		{name: "invalid_utf8", raw: one("1\xff"), wantKey: q.KeyChooseFromList},
		{name: "nul", raw: one("1\x00"), wantKey: q.KeyChooseFromList},
		{name: "date", raw: one("2024-02-30"), wantKey: q.KeyChooseFromList},
		{name: "40000_characters", raw: one(repeated(40_000)), wantKey: q.KeyChooseFromList},
		{name: "words_without_other_are_ignored", raw: q.Raw{id: {"1"}, id + "__other": {"x"}}, want: chosen("1")},
	}
}

func requiredChoiceCases(id string) []parseCase {
	return []parseCase{
		{name: "chosen", raw: q.Raw{id: {"low"}}, want: chosen("low")},
		{name: "blank", raw: q.Raw{id: {" "}}, wantKey: q.KeyChooseOne},
		{name: "absent", raw: q.Raw{"speak": {"low"}, "speak_now": {"low"}}, wantKey: q.KeyChooseOne},
	}
}

func scaleCases() []parseCase {
	one := func(values ...string) q.Raw { return q.Raw{"stress": values} }
	return []parseCase{
		{name: "zero_is_a_value", raw: one("0"), want: numeric(0)},
		{name: "ten", raw: one("10"), want: numeric(10)},
		{name: "arabic_digits", raw: one("٧"), want: numeric(7)},
		{name: "as_a_spreadsheet_writes_it", raw: one("7.0"), want: numeric(7)},
		{name: "declined", raw: one("no_say"), want: missing(q.Declined)},
		{name: "blank", raw: one(""), want: missing(q.NotReached)},
		{name: "above_maximum", raw: one("11"), wantKey: q.KeyNumberBetween},
		{name: "below_minimum", raw: one("-1"), wantKey: q.KeyNumberBetween},
		{name: "fraction", raw: one("7.5"), wantKey: q.KeyNumberWhole},
		{name: "words", raw: one("seven"), wantKey: q.KeyNumberDigits},
		{name: "two_values", raw: one("7", "8"), wantKey: q.KeyChooseOnlyOne},
		{name: "a_value_and_declined", raw: one("7", "no_say"), wantKey: q.KeyChooseOnlyOne},
	}
}

func singleCases() []parseCase {
	both := func(code, words string) q.Raw { return q.Raw{"travel": {code}, "travel__other": {words}} }
	return []parseCase{
		{name: "chosen", raw: both("bus", ""), want: chosen("bus")},
		{name: "other_with_words", raw: both("other", " by  boat "), want: q.Answer{Choice: "other", Text: "by  boat"}},
		{name: "other_without_words", raw: both("other", " \t"), wantKey: q.KeySayOther, control: "travel__other"},
		{name: "words_alone_choose_other", raw: both("", "by boat"), want: q.Answer{Choice: "other", Text: "by boat"}},
		{name: "words_beside_another_choice_are_kept", raw: both("bus", "the 38"), want: q.Answer{Choice: "bus", Text: "the 38"}},
		{name: "declined_keeps_no_words", raw: both("no_say", "by boat"), want: missing(q.Declined)},
		{name: "dont_know", raw: both("dk", ""), want: missing(q.DontKnow)},
		{name: "words_of_several_lines", raw: both("other", "by\r\nboat"), want: q.Answer{Choice: "other", Text: "by boat"}},
		{name: "words_too_long", raw: both("other", repeated(501)), wantKey: q.KeyTextShorter, control: "travel__other"},
		{name: "words_invalid_utf8", raw: both("other", "\xc3\x28"), wantKey: q.KeyUnreadable, control: "travel__other"},
		{name: "unknown_code", raw: both("plane", ""), wantKey: q.KeyChooseFromList},
		{name: "two_values", raw: q.Raw{"travel": {"bus", "foot"}}, wantKey: q.KeyChooseOnlyOne},
		{name: "required_blank", raw: both("", " "), wantKey: q.KeyChooseOne},
	}
}

func multipleCases() []parseCase {
	some := func(words string, codes ...string) q.Raw {
		return q.Raw{"subjects": codes, "subjects__other": {words}}
	}
	several := func(words string, codes ...string) q.Answer { return q.Answer{Choices: codes, Text: words} }
	return []parseCase{
		{name: "one", raw: some("", "art"), want: several("", "art")},
		{name: "in_the_definitions_order", raw: some("", "art", "maths"), want: several("", "maths", "art")},
		{name: "the_same_twice_counts_once", raw: some("", "art", "art"), want: several("", "art")},
		{name: "other_with_words", raw: some("PE", "other", "art"), want: several("PE", "art", "other")},
		{name: "other_without_words", raw: some("", "other", "art"), wantKey: q.KeySayOther, control: "subjects__other"},
		{name: "words_alone_choose_other", raw: some("PE"), want: several("PE", "other")},
		{name: "words_beside_other_choices_are_kept", raw: some("PE", "art"), want: several("PE", "art")},
		{name: "exclusive_alone", raw: some("", "none"), want: several("", "none")},
		{name: "exclusive_with_others", raw: some("", "none", "art"), wantKey: q.KeyChooseExclusive},
		{name: "declined", raw: some("PE", "no_say"), want: missing(q.Declined)},
		{name: "declined_with_others", raw: some("", "art", "no_say"), wantKey: q.KeyChooseExclusive},
		{name: "unknown_among_known", raw: some("", "art", "latin"), wantKey: q.KeyChooseFromList},
		{name: "joined_codes", raw: some("", "art maths"), wantKey: q.KeyChooseFromList},
		{name: "blank", raw: some("", ""), want: missing(q.NotReached)},
	}
}

func numberCases() []parseCase {
	one := func(values ...string) q.Raw { return q.Raw{"sleep": values} }
	cases := []parseCase{
		{name: "blank", raw: one("  "), want: missing(q.NotReached)},
		{name: "two_values", raw: one("7", "8"), wantKey: q.KeyOnlyOne},
		{name: "above_maximum", raw: one("24.01"), wantKey: q.KeyNumberBetween},
		{name: "below_minimum", raw: one("−0.5"), wantKey: q.KeyNumberBetween},
		{name: "one_comma_before_three_digits", raw: one("7,500"), wantKey: q.KeyNumberNoSeparators},
		{name: "arabic_comma_before_three_digits", raw: one("٧٫٥٠٠"), want: numeric(7.5)},
		{name: "zero_comma_before_three_digits", raw: one("0,125"), want: numeric(0.125)},
		{name: "minus_zero_is_zero", raw: one("-0"), want: numeric(0)},
		{name: "1e999", raw: one("1e999"), wantKey: q.KeyNumberDigits},
		{name: "16_digits", raw: one("1000000000000000"), wantKey: q.KeyNumberShorter},
		{name: "40000_digits", raw: one(repeated(40_000)), wantKey: q.KeyNumberDigits},
	}
	for _, text := range []string{"7.5", "7,5", "٧٫٥", "۷٫۵", "৭.৫", "7.5", " 7.5 ", "\u200f7.5", "+7.5", "07.50"} {
		cases = append(cases, parseCase{name: "half_past_seven/" + text, raw: one(text), want: numeric(7.5)})
	}
	for _, text := range []string{
		"NaN", "Inf", "-inf", "∞", "0x10", "1_0", "1e1", "1E1", "seven", "7h", "7 h", "7.5.1", "7..5", ".", ",", "-", "+", "--7",
		"7-", "1 2", "1,2,3", "½", "VII", "七", "2024-02-30", "12/5", "7\x00", "7\xff", "=7", "7%",
	} {
		cases = append(cases, parseCase{name: "not_a_number/" + text, raw: one(text), wantKey: q.KeyNumberDigits})
	}
	return cases
}

func wholeCases() []parseCase {
	cases := []parseCase{
		{name: "fraction", raw: q.Raw{"books": {"3,5"}}, wantKey: q.KeyNumberWhole},
		{name: "point_before_three_digits", raw: q.Raw{"books": {"1.234"}}, wantKey: q.KeyNumberWhole},
		{name: "below_minimum", raw: q.Raw{"books": {"-1"}}, wantKey: q.KeyNumberAtLeast},
	}
	for _, text := range []string{
		"1234567", "1,234,567", "1.234.567", "1 234 567", "1\u00a0234\u202f567", "1'234'567", "1’234’567", "12,34,567",
		"1,234,567.0", "1.234.567,0", "١٬٢٣٤٬٥٦٧", "১২,৩৪,৫৬৭",
	} {
		cases = append(cases, parseCase{name: "grouped/" + text, raw: q.Raw{"books": {text}}, want: numeric(1_234_567)})
	}
	return append(cases, parseCase{name: "one_comma", raw: q.Raw{"books": {"1,234"}}, want: numeric(1234)})
}

func boundCases() []parseCase {
	return []parseCase{
		{name: "negative", raw: q.Raw{"warmest": {"-12.5"}}, want: numeric(-12.5)},
		{name: "negative_arabic", raw: q.Raw{"warmest": {"\u061c-١٢٫٥"}}, want: numeric(-12.5)},
		{name: "at_maximum", raw: q.Raw{"warmest": {"50"}}, want: numeric(50)},
		{name: "above_maximum", raw: q.Raw{"warmest": {"51"}}, wantKey: q.KeyNumberAtMost},
	}
}

func shortTextCases() []parseCase {
	one := func(values ...string) q.Raw { return q.Raw{"nickname": values} }
	text := func(text string) q.Answer { return q.Answer{Text: text} }
	return []parseCase{
		{name: "zero_is_text", raw: one("0"), want: text("0")},
		{name: "formula_stays", raw: one("=1+1"), want: text("=1+1")},
		{name: "markup_stays", raw: one("<b>Ö</b>"), want: text("<b>Ö</b>")},
		{name: "line_breaks_are_blanks", raw: one("a\r\nb\nc"), want: text("a b c")},
		{name: "two_values", raw: one("a", "b"), wantKey: q.KeyOnlyOne},
		{name: "at_limit", raw: one(repeated(500)), want: text(repeated(500))},
		{name: "above_limit", raw: one(repeated(501)), wantKey: q.KeyTextShorter},
		{name: "invalid_utf8", raw: one("a\xff"), wantKey: q.KeyUnreadable},
		{name: "blank", raw: one(" \n\t\u00a0"), want: missing(q.NotReached)},
	}
}

func longTextCases() []parseCase {
	one := func(values ...string) q.Raw { return q.Raw{"why": values} }
	text := func(text string) q.Answer { return q.Answer{Text: text} }
	return []parseCase{
		{name: "lines_and_tabs_stay", raw: one("  a\r\n\r\n\tb\rc  "), want: text("a\n\n\tb\nc")},
		{name: "control_characters_are_taken_out", raw: one("a\x00b\x0bc\x1b[31md\u0085e\u009f\x7f\ufffe\U0001ffff"), want: text("abc[31mde")},
		{name: "line_separator", raw: one("a\u2028b\u2029c"), want: text("a\nb\nc")},
		{name: "marks_of_direction_and_joiners_stay", raw: one("\u200fأحب\u200c👩\u200d🔬"), want: text("\u200fأحب\u200c👩\u200d🔬")},
		{name: "only_marks_is_blank", raw: one("\u200f\u200d \ufeff"), want: missing(q.NotReached)},
		{name: "only_control_characters_is_blank", raw: one("\x00\x01"), want: missing(q.NotReached)},
		{name: "combining_marks_stay", raw: one("Z̷͍͈a̸l̵g̶o"), want: text("Z̷͍͈a̸l̵g̶o")},
		{name: "at_limit", raw: one(repeated(10_000)), want: text(repeated(10_000))},
		{name: "40000_characters", raw: one(repeated(40_000)), wantKey: q.KeyTextShorter},
		{name: "invalid_utf8", raw: one("\xed\xa0\x80"), wantKey: q.KeyUnreadable},
		{name: "two_values", raw: one("a", "b"), wantKey: q.KeyOnlyOne},
	}
}

func consentCases() []parseCase {
	one := func(values ...string) q.Raw { return q.Raw{"may_quote": values} }
	return []parseCase{
		{name: "yes", raw: one("yes"), want: chosen(q.ConsentYes)},
		{name: "no", raw: one("no"), want: chosen(q.ConsentNo)},
		{name: "absent_is_no_value", raw: nil, want: missing(q.NotReached)},
		{name: "on", raw: one("on"), wantKey: q.KeyChooseFromList},
		{name: "both", raw: one("yes", "no"), wantKey: q.KeyChooseOnlyOne},
	}
}

func TestParseAnswer_Args(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	for _, tc := range []struct {
		name     string
		variable q.ItemID
		raw      q.Raw
		want     []any
	}{
		{"between", "sleep", q.Raw{"sleep": {"25"}}, []any{0.0, 24.0}},
		{"at_least", "books", q.Raw{"books": {"-5"}}, []any{0.0}},
		{"at_most", "warmest", q.Raw{"warmest": {"99"}}, []any{50.0}},
		{"digits", "books", q.Raw{"books": {"12345678901234567"}}, []any{15}},
		{"limit_and_length", "why", q.Raw{"why": {repeated(10_002)}}, []any{10_000, 10_002}},
		{"label_of_exclusive", "subjects", q.Raw{"subjects": {"none", "art"}}, []any{q.Text{"en": "None of these", "ar": "لا شيء"}}},
		{"label_of_other", "travel", q.Raw{"travel": {"other"}}, []any{q.Text{"en": "Another way", "ar": "طريقة أخرى"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := variable(t, in, tc.variable).ParseAnswer(tc.raw)
			if err == nil {
				t.Fatalf("ParseAnswer(%q): no error", tc.raw)
			}
			if diff := cmp.Diff(tc.want, err.Args); diff != "" {
				t.Errorf("ParseAnswer(%q).Args: (-want +got)\n%s", tc.raw, diff)
			}
		})
	}
}

func TestParseAnswers(t *testing.T) {
	t.Parallel()
	in := compile(t, everyKind)
	t.Run("reads_only_the_parts_given", func(t *testing.T) {
		raw := q.Raw{"stress": {"3"}, "travel": {"bus"}, "why": {"because"}, "unknown": {"x"}, "stress__other": {"x"}}
		answers, aside, errs := in.ParseAnswers(q.WavePre, []q.ItemID{"about"}, raw)
		if len(errs) > 0 || len(aside) > 0 {
			t.Fatalf("ParseAnswers: aside %v, errors %v", aside, errs)
		}
		want := q.Answers{
			"stress": numeric(3), "travel": chosen("bus"), "mood": missing(q.NotReached), "subjects": missing(q.NotReached),
			"sleep": missing(q.NotReached), "books": missing(q.NotReached), "warmest": missing(q.NotReached),
		}
		if diff := cmp.Diff(want, answers); diff != "" {
			t.Errorf("ParseAnswers: (-want +got)\n%s", diff)
		}
	})
	t.Run("sets_aside_what_is_not_asked", func(t *testing.T) {
		raw := q.Raw{"speak_then": {"low"}, "speak_now": {"nonsense"}, "since": {"much"}}
		answers, aside, errs := in.ParseAnswers(q.WavePre, []q.ItemID{"views", "later"}, raw)
		if len(errs) > 0 {
			t.Fatalf("ParseAnswers: %v", errs)
		}
		for _, id := range []q.ItemID{"speak_then", "speak_now", "since"} {
			if answers[id].Missing != q.NotAsked {
				t.Errorf("answers[%s] = %v, want not asked", id, answers[id])
			}
		}
		if diff := cmp.Diff(q.Answers{"speak_then": chosen("low"), "since": {Text: "much"}}, aside); diff != "" {
			t.Errorf("aside: (-want +got)\n%s", diff)
		}
	})
	t.Run("collects_all_errors_in_the_order_of_the_form", func(t *testing.T) {
		raw := q.Raw{"why": {"\xff"}, "sleep": {"x"}, "safe": {"9"}, "stress": {"99"}, "alone": {"1"}}
		answers, _, errs := in.ParseAnswers(q.WavePost, nil, raw)
		var got []string
		for _, err := range errs {
			got = append(got, string(err.Item)+" "+err.Key)
			if _, ok := answers[err.Item]; ok {
				t.Errorf("answers has %s, which has an error", err.Item)
			}
		}
		want := []string{
			"stress answer.number_between", "travel answer.choose_one", "sleep answer.number_digits", "safe answer.choose_from_list",
			"speak_then answer.choose_one", "speak_now answer.choose_one", "why answer.write_again",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("errors: (-want +got)\n%s", diff)
		}
		if answers["alone"].Choice != "1" {
			t.Errorf("answers[alone] = %v, want what was given", answers["alone"])
		}
	})
	t.Run("a_part_that_is_not_there_is_empty", func(t *testing.T) {
		answers, aside, errs := in.ParseAnswers(q.WavePre, []q.ItemID{"nowhere"}, q.Raw{"stress": {"3"}})
		if len(answers)+len(aside)+len(errs) > 0 {
			t.Errorf("ParseAnswers = %v, %v, %v, want nothing", answers, aside, errs)
		}
	})
}
