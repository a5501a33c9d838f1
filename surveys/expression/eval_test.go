package expression_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"soundings/surveys/expression"
)

// world answers as one person in London on a summer's morning does.
func world(t *testing.T) *expression.Env {
	t.Helper()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"topics": "maths art", "age": "16", "blank": "", "blanks": "  ", "born": "2010-03-02", "score_a": "3", "score_b": "4", "zero": "0", "region": "north",
	}
	return &expression.Env{
		Answer: func(name string) string { return answers[name] },
		Self:   "kept",
		Column: func(name string) string { return map[string]string{"region": "north"}[name] },
		Label:  func(question, code string) string { return question + ":" + strings.ToUpper(code) },
		Now:    time.Date(2026, 7, 1, 8, 30, 15, 250e6, time.UTC),
		Zone:   london,
		Draw:   func() float64 { return 0.5 },
	}
}

// TestEval covers what the shared cases leave out: labels, what is drawn, lists of
// questions, choice filters, summer time, and answers of respondents.
func TestEval(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, want string }{
		{"choice_name", "jr:choice-name(selected-at(${topics}, 1), '${topics}')", "topics:ART"},
		{"choice_name_short", "choice-name(${age}, ' ${ age } ')", "age:16"},
		{"once_keeps", "once(random())", "kept"},
		{"random", "random() * 2", "1"},
		{"uuid", "uuid()", "88888888-8888-4888-a888-888888888888"},
		{"uuid_of_length", "uuid(3)", "iii"},
		{"uuid_of_nonsense", "uuid('x')", ""},
		{"sum_of_union", "sum(${score_a} | ${score_b} | ${zero})", "7"},
		{"sum_of_list", "sum(${score_a}, ${score_b}, 1)", "8"},
		{"sum_with_blank", "sum(${score_a}, ${blank})", "NaN"},
		{"most", "max(${score_a} | ${score_b})", "4"},
		{"least_of_none", "min()", "NaN"},
		{"count_non_empty", "count-non-empty(${score_a} | ${blank} | ${topics})", "2"},
		{"union_alone", "${score_a} | ${score_b}", "3"},
		{"joined", "join(', ', ${score_a} | ${score_b}, 'x')", "3, 4, x"},
		{"checklist_of_union", "checklist(2, 2, ${score_a} | ${blank} | ${blanks} | ${zero})", "true"},
		{"column", "region = ${region}", "true"},
		{"answered", "boolean(${zero})", "true"},
		{"not_answered", "boolean(${blank})", "false"},
		{"blanks_are_an_answer", "if(${blanks}, 'y', 'n')", "y"},
		{"and_of_answers", "${topics} and ${zero} and not(${blank})", "true"},
		{"blank_is_no_number", "${blank} > 5 or ${blank} <= 5 or ${blank} = 0", "false"},
		{"blank_is_not_x", "${blank} != 'x' and ${blank} = ''", "true"},
		{"code_is_not_a_number", "selected('10 2', '1')", "false"},
		{"blank_code_of_blank", "selected(${blank}, '')", "true"},
		{"now", "now()", "2026-07-01T09:30:15.250+01:00"},
		{"today", "today()", "2026-07-01"},
		{"today_in_days", "number(today()) * 24", "495239"},
		{"age_in_years", "int((today() - ${born}) div 365.25)", "16"},
		{"winter", "date-time('2026-01-15T00:30:00Z')", "2026-01-15T00:30:00.000+00:00"},
		{"clock_goes_back", "decimal-date-time('2026-10-26') - decimal-date-time('2026-10-25') > 1", "true"},
		{"time_of_day", "decimal-time('06:00')", "0.25"},
		{"time_elsewhere", "decimal-time('06:00:00.000Z') * 24", "7"},
		{"no_time", "decimal-time('6 am')", "NaN"},
		{"no_such_day", "date('2026-02-29')", ""},
		{"no_such_day_in_words", "format-date('2026-02-29', '%Y')", ""},
		{"date_before_midnight", "format-date-time('2026-07-01T23:30:00Z', '%e %b %H:%M')", "2 Jul 00:30"},
		{"all_codes", "format-date-time('2026-07-01T08:05:09.003Z', '%Y %y %m %n %b %d %e %a %H %h %M %S %3 %%')", "2026 26 07 7 Jul 01 1 Wed 09 9 05 09 003 %"},
		{"beyond_the_calendar", "date(1e9)", ""},
		{"same_day_written_otherwise", "'2026-7-1' = '2026-07-01'", "true"},
		{"no_date_no_number", "'2026-02-30' = '2026-02-30'", "true"},
		{"whole_text", "regex('fever', 'f') or regex('a\nb', 'a') or regex('ab', 'a|ab|b')", "true"},
		{"part_of_text", "regex('high fever', 'fever')", "false"},
		{"dollar_and_newline", "regex('a\n', 'a$')", "false"},
		{"java_escape", `regex('é', '\u00e9')`, "true"},
		{"characters_not_bytes", "string-length('😀é')", "2"},
		{"part_of_characters", "substr('a😀é', 1, 2)", "😀"},
		{"exponent", "1 div 10000000", "1e-7"},
		{"large", "1000000000000000000000", "1e+21"},
		{"sum_of_tenths", "0.1 + 0.2", "0.30000000000000004"},
		{"minus_zero", "-0", "0"},
		{"remainder", "-7 mod 3", "-1"},
		{"half_down", "round(-2.5)", "-3"},
		{"weights", "weighted-checklist(5, 5, ${topics}, 2, ${blank}, 100, 'x', 3, 1, 'none')", "true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			slot := expression.SlotCalculation
			if tt.name == "column" {
				slot = expression.SlotChoiceFilter
			}
			tree, err := expression.Parse(tt.source, slot)
			if err != nil {
				t.Fatalf("Parse(%q) = %v", tt.source, err)
			}
			if v, err := tree.Eval(world(t)); err != nil || v.String() != tt.want {
				t.Errorf("Eval(%q) = %q, %v, want %q", tt.source, v.String(), err, tt.want)
			}
		})
	}
}

func TestEvalKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source string
		want   expression.ValueKind
	}{
		{"${age}", expression.KindText}, {"${age} + 1", expression.KindNumber}, {"${age} > 1", expression.KindBool},
		{"today()", expression.KindDate}, {"if(1, ${age}, 2)", expression.KindText}, {"if(0, ${age}, 2)", expression.KindNumber},
	}
	for _, tt := range tests {
		tree, err := expression.Parse(tt.source, expression.SlotCalculation)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := tree.Eval(world(t)); err != nil || v.Kind != tt.want {
			t.Errorf("Eval(%q) has kind %d, %v, want %d", tt.source, v.Kind, err, tt.want)
		}
	}
}

// Without anything to look at there is no answer, and UTC.
func TestEvalEmptyEnv(t *testing.T) {
	t.Parallel()
	tree, err := expression.Parse("concat(${a}, ., jr:choice-name('code', '${a}'), random(), date(0))", expression.SlotCalculation)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := tree.Eval(&expression.Env{}); err != nil || v.String() != "code01970-01-01" {
		t.Errorf("Eval = %q, %v, want %q", v.String(), err, "code01970-01-01")
	}
}

// What no author writes fails rather than runs on: texts that grow, formats that
// are none, trees made by hand.
func TestEvalFails(t *testing.T) {
	t.Parallel()
	answer := func(string) string { return strings.Repeat("x", 1<<20) }
	tests := []struct {
		name string
		tree *expression.Tree
	}{
		{"steps", mustParse(t, "concat("+strings.Repeat("${a}, ", 1000)+"'')")},
		{"format", mustParse(t, "format-date(today(), concat('%', 'Q'))")},
		{"no_such_operator", &expression.Tree{Op: "**", Args: []*expression.Tree{{Op: "self"}, {Op: "self"}}}},
		{"no_such_function", &expression.Tree{Op: "call", Text: "exec"}},
		{"missing_values", &expression.Tree{Op: "call", Text: "if"}},
		{"no_values", &expression.Tree{Op: "+"}},
		{"bad_pattern", &expression.Tree{Op: "call", Text: "regex", Args: []*expression.Tree{{Op: "self"}, {Op: "str", Text: "("}}}},
		{"deep", deepTree(500)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if v, err := tt.tree.Eval(&expression.Env{Answer: answer}); err == nil {
				t.Errorf("Eval = %.40q, want an error", v.String())
			}
		})
	}
}

func mustParse(t *testing.T, source string) *expression.Tree {
	t.Helper()
	tree, err := expression.Parse(source, expression.SlotCalculation)
	if err != nil {
		t.Fatalf("Parse(%.80q) = %v", source, err)
	}
	return tree
}

func deepTree(levels int) *expression.Tree {
	tree := &expression.Tree{Op: "self"}
	for range levels {
		tree = &expression.Tree{Op: "neg", Args: []*expression.Tree{tree}}
	}
	return tree
}

func TestValueCasts(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	tests := []struct {
		value expression.Value
		text  string
		truth bool
		float float64
	}{
		{expression.Value{Text: ""}, "", false, nan},
		{expression.Value{Text: "0"}, "0", true, 0},
		{expression.Value{Text: " 12.5\n"}, " 12.5\n", true, 12.5},
		{expression.Value{Text: "twelve"}, "twelve", true, nan},
		{expression.Value{Text: "0x10"}, "0x10", true, nan},
		{expression.Value{Text: "1970-01-03"}, "1970-01-03", true, 2},
		{expression.Value{Kind: expression.KindNumber, Number: -0.5}, "-0.5", true, -0.5},
		{expression.Value{Kind: expression.KindNumber, Number: nan}, "NaN", false, nan},
		{expression.Value{Kind: expression.KindNumber, Number: math.Inf(-1)}, "-Infinity", true, math.Inf(-1)},
		{expression.Value{Kind: expression.KindBool, Bool: true}, "true", true, 1},
		{expression.Value{Kind: expression.KindBool}, "false", false, 0},
	}
	for _, tt := range tests {
		v := tt.value
		if v.String() != tt.text || v.Truth() != tt.truth || !same(v.Float(), tt.float) {
			t.Errorf("%#v is %q, %v, %v, want %q, %v, %v", v, v.String(), v.Truth(), v.Float(), tt.text, tt.truth, tt.float)
		}
	}
}
