package expression_test

import (
	"errors"
	"strings"
	"testing"

	"soundings/surveys/expression"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const relevant, filter = expression.SlotRelevant, expression.SlotChoiceFilter
	tests := []struct {
		name, source string
		slot         expression.Slot
		want         string // in the printer's way
	}{
		{"precedence", "1 or 2 and 3 = 4 < 5 + 6 * 7", relevant, "1 or 2 and 3 = 4 < 5 + 6 * 7"},
		{"brackets", "((1 or 2) and (3 = (4 < 5)) + 6) * 7", relevant, "((1 or 2) and (3 = 4 < 5) + 6) * 7"},
		{"needless_brackets", "((1)) + (2 * (3))", relevant, "1 + 2 * 3"},
		{"from_the_left", "1 - 2 - 3 - (4 - 5)", relevant, "1 - 2 - 3 - (4 - 5)"},
		{"minus", "- -${a} - -1 * -(2 + 3)", relevant, "--${a} - -1 * -(2 + 3)"},
		{"no_blanks", "1or1and(2)mod3", relevant, "1 or 1 and 2 mod 3"},
		{"numbers", "1. + .5 + 007 + 1e3", relevant, "1 + 0.5 + 7 + 1000"},
		{"blanks_of_word_processors", "\u00a0${a}\u2003=\ufeff\r\n'x'", relevant, "${a} = 'x'"},
		{"curly_quotes", "${a} = ‘yes’ or ${a}=’no’ or ${a} = “may be”", relevant, "${a} = 'yes' or ${a} = 'no' or ${a} = 'may be'"},
		{"quote_of_the_other_kind", `"it's"`, relevant, `"it's"`},
		{"curly_quote_inside", "'it’s'", relevant, "'it’s'"},
		{"straight_opens_curly_shuts", "'yes’", relevant, "'yes'"},
		{"both_kinds_of_quotes", `“it's a "thing"”`, relevant, ""},
		{"blanks_in_reference", "${ a-b.c } = 1", relevant, "${a-b.c} = 1"},
		{"letters_of_any_script", "${عمر} > 5", relevant, "${عمر} > 5"},
		{"bare_word_alone", " TRUE ", relevant, "true()"},
		{"bare_no_alone", "no", expression.SlotRequired, "false()"},
		{"self_node", "if(self::node(), ., '')", relevant, "if(self::node(), ., '')"},
		{"columns", "region=${region} and yes != and", filter, "region = ${region} and yes != and"},
		{"union", "count-non-empty(${a}|${b} | .)", relevant, "count-non-empty(${a} | ${b} | .)"},
		{"question_without_quotes", "jr:choice-name(${a}, ${a})", relevant, "jr:choice-name(${a}, '${a}')"},
		{"never_worked_out", "true() or substring() and false() and selected()", relevant, "true() or substring() and false() and selected()"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tree, err := expression.Parse(tt.source, tt.slot)
			if tt.want == "" {
				if err == nil {
					t.Errorf("Parse(%q) = %s, want an error", tt.source, tree)
				}
				return
			}
			if err != nil || tree.String() != tt.want {
				t.Errorf("Parse(%q) = %s, %v, want %s", tt.source, tree, err, tt.want)
			}
		})
	}
}

// TestParseErrors: each message says what is wrong, where, and what to write.
func TestParseErrors(t *testing.T) {
	t.Parallel()
	const relevant, filter = expression.SlotRelevant, expression.SlotChoiceFilter
	tests := []struct {
		name, source string
		slot         expression.Slot
		wantCode     expression.Code
		wantOffset   int
		wantPart     string // of the message
	}{
		{"empty", " \n", relevant, expression.CodeSyntax, 0, "empty"},
		{"capital_and", "${a} = 1 AND ${b} = 2", relevant, expression.CodeSyntax, 9, "use and instead of AND"},
		{"capital_or_first", "OR 1", relevant, expression.CodeSyntax, 0, "use or instead of OR"},
		{"ampersands", "${a} = 1 && ${b} = 2", relevant, expression.CodeSyntax, 9, "use and instead of &&"},
		{"pipes", "${a} = 1 || ${b} = 2", relevant, expression.CodeSyntax, 9, "use or instead of ||"},
		{"other_unequal", "${a} <> 1", relevant, expression.CodeSyntax, 5, "use != instead of <>"},
		{"double_equals", "${a} == 1", relevant, expression.CodeSyntax, 5, "use = instead of =="},
		{"typed_sign", "${a} ≥ 1", relevant, expression.CodeSyntax, 5, "use >= instead of ≥"},
		{"exclamation", "!selected(${a}, 'b')", relevant, expression.CodeSyntax, 0, "write not( )"},
		{"dangling", "${a} =", relevant, expression.CodeSyntax, 6, "stops in the middle"},
		{"doubled", "${a} = = 1", relevant, expression.CodeSyntax, 7, "unexpected '='"},
		{"no_operator", "${a} ${b}", relevant, expression.CodeSyntax, 5, "write an operator"},
		{"open_bracket", "selected(${a}, 'b'", relevant, expression.CodeSyntax, 18, "a ')' is missing"},
		{"shut_bracket", "${a})", relevant, expression.CodeSyntax, 4, "unexpected ')'"},
		{"empty_value", "selected(${a}, )", relevant, expression.CodeSyntax, 15, "unexpected ')'"},
		{"open_quote", "${a} = 'yes", relevant, expression.CodeSyntax, 7, "not closed"},
		{"dollar", "$a = 1", relevant, expression.CodeSyntax, 0, "${name}"},
		{"sentence", "because we don't know", relevant, expression.CodeSyntax, 0, "in quotes"},
		{"union_of_texts", "'a' | 'b'", relevant, expression.CodeSyntax, 0, "between questions"},
		{"huge_number", "1e999", relevant, expression.CodeSyntax, 0, "too large"},
		{"bad_bytes", "'\xff'", relevant, expression.CodeSyntax, 0, "no text"},
		{"letter_of_no_name", "£5", relevant, expression.CodeSyntax, 0, "unexpected character '£'"},
		{"bare_word", "${a} = yes", relevant, expression.CodeBareword, 7, "write 'yes' in quotes"},
		{"bare_null", ". != null", expression.SlotConstraint, expression.CodeBareword, 5, "write 'null' in quotes"},
		{"bare_word_alone", "basic", expression.SlotRequired, expression.CodeBareword, 0, "basic"},
		{"open_reference", "${a = 1", relevant, expression.CodeReference, 0, "not closed"},
		{"empty_reference", "1 = ${}", relevant, expression.CodeReference, 4, "not a reference"},
		{"two_names", "${a b}", relevant, expression.CodeReference, 0, "one question"},
		{"last_saved", "${last-saved#age}", relevant, expression.CodeLastSaved, 0, "age"},
		{"path_up", "../inputs/a = 1", relevant, expression.CodePath, 0, "${name}"},
		{"path_down", "/data/a", relevant, expression.CodePath, 0, "${name}"},
		{"path_of_name", "inputs/a", relevant, expression.CodePath, 6, "${name}"},
		{"path_in_filter", "root/item", filter, expression.CodePath, 4, "${name}"},
		{"predicate", "${a}[1]", relevant, expression.CodePath, 4, "${name}"},
		{"axis", "child::a", relevant, expression.CodePath, 5, "${name}"},
		{"attribute", "@a", relevant, expression.CodePath, 0, "${name}"},
		{"node_test", "text() = 1", relevant, expression.CodePath, 0, "text()"},
		{"unknown_function", "contains_any(${a}, 'b')", relevant, expression.CodeFunction, 0, "no function contains_any()"},
		{"capital_function", "IF(1, 2, 3)", relevant, expression.CodeFunction, 0, "write it as if("},
		{"underscore", "count_selected(${a})", relevant, expression.CodeFunction, 0, "write it as count-selected("},
		{"slip", "trim(${a})", relevant, expression.CodeFunction, 0, "normalize-space"},
		{"function_of_ODK", "position(..)", relevant, expression.CodeNoFunction, 0, "not available here"},
		{"external_data", "1 = instance('x')/root/item[name = 1]", relevant, expression.CodeExternalData, 4, "another file"},
		{"pulldata", "pulldata('a', 'b', 'c', 'd')", relevant, expression.CodeExternalData, 0, "another file"},
		{"too_few", "1 + if(${a}, 2)", relevant, expression.CodeArguments, 4, "takes 3 values, not 2: write if("},
		{"too_many", "coalesce(1, 2, 3)", relevant, expression.CodeArguments, 0, "takes 2 values, not 3"},
		{"none_wanted", "true(1)", relevant, expression.CodeArguments, 0, "takes no value, not 1"},
		{"odd_weights", "weighted-checklist(1, 2, 3)", relevant, expression.CodeArguments, 0, "pairs"},
		{"date_format", "format-date(today(), '%Q')", relevant, expression.CodeArguments, 0, "%Q"},
		{"choice_name_of_nothing", "jr:choice-name(${a}, 'a')", relevant, expression.CodeArguments, 0, "of which question"},
		{"look_ahead", "regex(., '^(?=.*[0-9]).{4,}$')", expression.SlotConstraint, expression.CodeRegex, 0, "(?="},
		{"back_reference", `regex(., '(a)\1')`, expression.SlotConstraint, expression.CodeRegex, 0, `\1`},
		{"possessive", "regex(., 'a++b')", expression.SlotConstraint, expression.CodeRegex, 0, "possessive"},
		{"unbalanced_pattern", "regex(., '(a')", expression.SlotConstraint, expression.CodeRegex, 0, "brackets"},
		{"pattern_from_answer", "regex(., ${a})", expression.SlotConstraint, expression.CodeRegex, 0, "in quotes"},
		{"pattern_behind_a_constant", "true() or regex(., '(')", expression.SlotConstraint, expression.CodeRegex, 10, "brackets"},
		{"deep", strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000), relevant, expression.CodeSyntax, 200, "nested too deep"},
		{"many_minuses", strings.Repeat("-", 5000) + "1", relevant, expression.CodeSyntax, 200, "nested too deep"},
		{"deep_calls", strings.Repeat("not(", 300) + "1" + strings.Repeat(")", 300), relevant, expression.CodeSyntax, 800, "nested too deep"},
		{"deep_to_the_left", "1" + strings.Repeat(" = 1", 300), relevant, expression.CodeSyntax, 0, "nested too deep"},
		{"long", strings.Repeat(" ", expression.MaxSource) + "1", relevant, expression.CodeSyntax, expression.MaxSource, "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tree, err := expression.Parse(tt.source, tt.slot)
			var e *expression.Error
			if !errors.As(err, &e) {
				t.Fatalf("Parse(%.80q) = %v, %v, want an *Error", tt.source, tree, err)
			}
			if e.Code != tt.wantCode || e.Offset != tt.wantOffset || !strings.Contains(e.Error(), tt.wantPart) {
				t.Errorf("Parse(%.80q) = %s at %d: %q, want %s at %d with %q", tt.source, e.Code, e.Offset, e, tt.wantCode, tt.wantOffset, tt.wantPart)
			}
		})
	}
}

// A sum of many questions is one node, not as many levels.
func TestParseLongRun(t *testing.T) {
	t.Parallel()
	tree, err := expression.Parse("${a}"+strings.Repeat(" + ${a}", 3000), expression.SlotCalculation)
	if err != nil || len(tree.Args) != 3001 {
		t.Fatalf("Parse of 3001 summands: %v", err)
	}
	v, err := tree.Eval(&expression.Env{Answer: func(string) string { return "2" }})
	if err != nil || v.Float() != 6002 {
		t.Errorf("Eval of 3001 twos = %v, %v, want 6002", v.Float(), err)
	}
}

func TestDynamic(t *testing.T) {
	t.Parallel()
	tests := []struct {
		source string
		want   bool
	}{
		{"yes", false}, {"5", false}, {"-5", false}, {"2026-03-07", false}, {"0161 496 0000", false}, {"SARS-CoV-2 (COVID-19)", false},
		{"a * b", false}, {"mother's name", false}, {"", false}, {"Name(s)", false},
		{"today()", true}, {"${age}", true}, {"2 * 3", true}, {"1 + 1", true}, {"once(random())", true}, {"instance('a')/b", true}, {"date('2026-03-07') - 1", true},
	}
	for _, tt := range tests {
		if got := expression.Dynamic(tt.source); got != tt.want {
			t.Errorf("Dynamic(%q) = %v, want %v", tt.source, got, tt.want)
		}
	}
}
