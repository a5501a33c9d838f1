package limesurvey_test

import (
	"strings"
	"testing"

	"soundings/surveys/limesurvey"
)

// TestTranslate reads equations beside the questions gender (radio), age
// (number), likes (boxes tea and milk, and other), happy (an array with the
// row home) and why (text), in survey 1, group 2, as questions 3 to 7.
func TestTranslate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, equation, want string }{
		{"equals", `gender.NAOK == "M"`, `${gender} = 'M'`},
		{"value_first", `11 < age`, `${age} > 11`},
		{"words_for_signs", `age ge 5 and age lt 11`, `${age} >= 5 and ${age} < 11`},
		{"and_or", `age > 3 && gender == 'F' || age > 9`, `${age} > 3 and ${gender} = 'F' or ${age} > 9`},
		{"parentheses_hold", `age > 3 && (gender == 'F' || age > 9)`, `${age} > 3 and (${gender} = 'F' or ${age} > 9)`},
		{"outer_parentheses_go", `((gender.NAOK == "M"))`, `${gender} = 'M'`},
		{"not", `!(age > 3)`, `not(${age} > 3)`},
		{"empty", `is_empty(why.NAOK)`, `${why} = ''`},
		{"not_empty", `! is_empty(why)`, `${why} != ''`},
		{"empty_box", `is_empty(likes_tea)`, `not(selected(${likes}, 'tea'))`},
		{"blank_is_nothing", `why != " "`, `${why} != ''`},
		{"box", `likes_tea == "Y"`, `selected(${likes}, 'tea')`},
		{"box_not", `likes_tea.NAOK != "Y"`, `not(selected(${likes}, 'tea'))`},
		{"box_empty", `likes_milk == ""`, `not(selected(${likes}, 'milk'))`},
		{"box_other", `likes_other != ""`, `selected(${likes}, 'other')`},
		{"other_of_radio", `is_empty(gender_other)`, `not(selected(${gender}, '-oth-'))`},
		{"row", `happy_home == 3`, `${happy_home} = 3`},
		{"by_numbers", `1X2X4 > 2`, `${age} > 2`},
		{"box_by_numbers", `1X2X5tea.NAOK == "Y"`, `selected(${likes}, 'tea')`},
		{"count", `count(age, why) == 2`, `(if(${age} != '', 1, 0) + if(${why} != '', 1, 0)) = 2`},
		{"count_of_boxes", `count(that.likes) > 0`, `count-selected(${likes}) > 0`},
		{"count_of_rows", `count(that.happy) > 1`, `(if(${happy_home} != '', 1, 0) + if(${happy_school} != '', 1, 0)) > 1`},
		{"length", `strlen(why) > 10`, `string-length(${why}) > 10`},
		{"if", `if(age > 17, 'adult', 'child') == 'adult'`, `if(${age} > 17, 'adult', 'child') = 'adult'`},
		{"sum", `age + 1 > 2 * 3`, `${age} + 1 > 2 * 3`},
		{"divide", `age / 2 >= 1.5`, `${age} div 2 >= 1.5`},
		{"bare_variable", `age`, `${age} != '' and ${age} != '0'`},
		{"bare_box", `likes_tea || likes_milk`, `selected(${likes}, 'tea') or selected(${likes}, 'milk')`},
		{"double_quotes_within", `why == 'say "x"'`, `${why} = 'say "x"'`},
		{"never", `0`, `0 != 0`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := limesurvey.Translate(tc.equation)
			if err != nil || got != tc.want {
				t.Errorf("Translate(%s) = %s, %v; want %s", tc.equation, got, err, tc.want)
			}
		})
	}
}

func TestTranslate_Refused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, equation, want string }{
		{"unknown_name", `height > 3`, "height is not the code of a question"},
		{"unknown_function", `rand(1, 2) > 1`, "no function rand for 2 values"},
		{"shown", `gender.shown == "Male"`, "asks for more than an answer"},
		{"alphabet", `why > "b"`, "by the alphabet"},
		{"box_and_number", `likes_tea > 1`, "a box that is ticked or not"},
		{"joined_texts", `why + gender == "aM"`, "may be texts"},
		{"rows_as_one", `happy == 1`, "where one answer is wanted"},
		{"no_rows", `count(that.age) > 1`, "a question without rows"},
		{"open_quote", `why == "b`, "quotation mark is not closed"},
		{"open_parenthesis", `(age > 1`, "parenthesis is not closed"},
		{"too_early", `age >`, "ends too early"},
		{"left_over", `age > 1 )`, "not understood there"},
		{"foreign_sign", `age ~ 1`, `"~" is not understood`},
		{"deep", strings.Repeat("(", 200) + "age" + strings.Repeat(")", 200), "nested deeper"},
		{"long", strings.Repeat(" ", 20_000) + "1", "longer than"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := limesurvey.Translate(tc.equation)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Translate(%.40s) = %s, %v; want an error with %q", tc.equation, got, err, tc.want)
			}
		})
	}
}
