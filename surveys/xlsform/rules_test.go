package xlsform_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/xlsform"
)

// The rest of a form in which one thing is wrong.
const (
	yesNo  = "\n# choices\n|list_name|name|label|region|\n|yn|yes|Yes|n|\n|yn|no|No|s|"
	header = "# survey\n|type|name|label|relevant|constraint|calculation|required|choice_filter|parameters|appearance|default|trigger|hint|\n"
)

// TestRead_Refused has one form for each thing that is refused.
func TestRead_Refused(t *testing.T) {
	for _, c := range []struct {
		name, form, want string // code, sheet and row
	}{
		{"no survey sheet", "# questions\n|type|name|\n# other\n|a|", "E_NO_SURVEY_SHEET"},
		{"no choices sheet", header + "|select_one yn|a|A|", "E_NO_CHOICES_SHEET survey 2"},
		{"no type column", "# survey\n|name|label|\n|a|A|", "E_MISSING_COLUMN survey 1"},
		{"no name column", "# survey\n|type|label|\n|text|A|", "E_MISSING_COLUMN survey 1"},
		{"same heading twice", "# survey\n|type|name|label|Caption|\n|text|a|A|B|", "E_DUPLICATE_COLUMN survey 1"},
		{"only headings", header, "E_NO_QUESTIONS survey"},
		{"no type", header + "||a|A|", "E_NO_TYPE survey 2"},
		{"unknown type", header + "|textt|a|A|", "E_UNKNOWN_TYPE survey 2"},
		{"no name", header + "|text||A|", "E_NO_NAME survey 2"},
		{"name with a blank", header + "|text|a b|A|", "E_BAD_NAME survey 2"},
		{"name twice", header + "|text|a|A|\n|text|a|B|", "E_DUPLICATE_NAME survey 3"},
		{"group not closed", header + "|begin group|g|G|\n|text|a|A|", "E_UNBALANCED_GROUP survey 2"},
		{"group not begun", header + "|text|a|A|\n|end group|", "E_UNBALANCED_GROUP survey 3"},
		{"no list", header + "|select_one|a|A|", "E_NO_LIST survey 2"},
		{"list not there", header + "|select_one yesno|a|A|" + yesNo, "E_LIST_NOT_FOUND survey 2"},
		{"choice without name", header + "|select_one yn|a|A|" + yesNo + "\n|yn||Maybe|", "E_CHOICE_NO_NAME choices 4"},
		{"choice twice", header + "|select_one yn|a|A|" + yesNo + "\n|yn|no|Never|", "E_CHOICE_DUPLICATE choices 4"},
		{"choice with a blank", header + "|select_multiple yn|a|A|" + yesNo + "\n|yn|not yet|Not yet|", "E_CHOICE_NAME_SPACE choices 4"},
		{"other and filter", header + "|select_one yn or_other|a|A|||||region='n'|" + yesNo, "E_OR_OTHER_FILTER survey 2"},
		{"filter column", header + "|select_one yn|a|A|||||county='n'|" + yesNo, "E_FILTER_COLUMN survey 2"},
		{"no calculation", header + "|calculate|a||", "E_NO_CALCULATION survey 2"},
		{"range without steps", header + "|range|a|A||||||start=0 end=10 step=0|", "E_BAD_PARAMETERS survey 2"},
		{"seed alone", header + "|select_one yn|a|A||||||seed=3|" + yesNo, "E_BAD_PARAMETERS survey 2"},
		{"malformed reference", header + "|text|a|${ A|", "E_BAD_REFERENCE survey 2"},
		{"reference to nothing", header + "|text|a|A|${b} = 1|", "E_REF_NOT_FOUND survey 2"},
		{"reference in other capitals", header + "|text|a|A|\n|text|b|${A}|", "E_REF_NOT_FOUND survey 3"},
		{"reference to two", header + "|begin group|g||\n|text|a|A|\n|end group|\n|text|a|A|\n|text|b|B|${a} = 1|", "E_REF_AMBIGUOUS survey 6"},
		{"reference to a photo", header + "|image|a|A|\n|text|b|B|${a} != ''|", "E_REF_DROPPED survey 3"},
		{"reference in a choice", header + "|select_one yn|a|A|" + yesNo + "\n|yn|x|${nobody}|", "E_REF_NOT_FOUND choices 4"},
		{"syntax", header + "|text|a|A|\n|text|b|B|${a} = 1 AND 2|", "E_EXPR_SYNTAX survey 3"},
		{"unknown function", header + "|text|a|A|trim(.) = 1|", "E_EXPR_FUNCTION survey 2"},
		{"arguments", header + "|text|a|A|\n|text|b|B|selected(${a})|", "E_EXPR_ARGS survey 3"},
		{"bare word", header + "|text|a|A|\n|text|b|B|${a} = yes|", "E_EXPR_BAREWORD survey 3"},
		{"look-ahead", header + "|text|a|A||regex(., '(?=a)')|", "E_REGEX survey 2"},
		{"circle", header + "|text|a|A|${b} = 1|\n|text|b|B|${a} = 1|", "E_CYCLE survey 2"},
		{"circle through a group", header + "|begin group|g|G|${a} = 1|\n|text|a|A|\n|end group|", "E_CYCLE survey 2"},
		{"repeat", header + "|begin repeat|r|R|\n|text|a|A|\n|end repeat|", "U_REPEAT survey 2"},
		{"file of choices", header + "|select_one towns.csv|a|A|", "U_EXTERNAL_DATA survey 2"},
		{"search", header + "|select_one yn|a|A|||||||search('x')|" + yesNo, "U_EXTERNAL_DATA survey 2"},
		{"pulldata", header + "|calculate|a||||pulldata('a','b','c',1)|", "U_EXTERNAL_DATA survey 2"},
		{"cascading", header + "|cascading_select x|a|A|", "U_CASCADING survey 2"},
		{"matrix of Kobo", header + "|begin_kobomatrix yn|a|A|\n|end_kobomatrix|", "U_KOBO_EXTENSION survey 2"},
		{"path", header + "|text|a|A|../b = 1|", "U_PATH survey 2"},
		{"function of repeats", header + "|text|a|A|position(..) = 1|", "U_"},
		{"trigger", header + "|text|a|A|\n|calculate|b||||1||||||${a}|\n|note|n|${b}|", "U_TRIGGER survey 3"},
		{"last saved", header + "|text|a|A||||||||${last-saved#a}|", "U_LAST_SAVED survey 2"},
		{"entities", header + "|text|a|A|\n# entities\n|dataset|\n|trees|", "U_ENTITIES entities"},
		{"long list often", header + strings.Repeat("|select_one l|a|A|\n", 300) + "# choices\n|list_name|name|label|\n" + strings.Repeat("|l|c|C|\n", 900), "E_FILE_TOO_LARGE choices"},
		{"changed column of Soundings", "# survey\n|type|name|label|soundings|\n|text|a|A|{x|", "E_BAD_CELL survey 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := xlsform.Read(made(c.form))
			var refusal *xlsform.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("Read = %v, want a refusal %s", err, c.want)
			}
			if !slices.ContainsFunc(refusal.Notices, func(n xlsform.Notice) bool { return strings.HasPrefix(placed(n), c.want) }) {
				t.Errorf("Read refuses with\n%v\nwant %s", err, c.want)
			}
		})
	}
}

// placed is the code and the place of a notice.
func placed(n xlsform.Notice) string {
	where, _, _ := strings.Cut(n.Place(), ", column")
	return strings.TrimSpace(string(n.Code) + " " + strings.ReplaceAll(where, ", row", ""))
}

// TestRead_AllCauses wants every cause of one form named, in the order of the
// sheets.
func TestRead_AllCauses(t *testing.T) {
	_, err := xlsform.Read(made(header + "|textt|a|A|\n|text|b|B|${nobody} = 1|\n|text|c|C|1 +|\n|select_one yn|d|D|" + yesNo + "\n|yn||Maybe|"))
	var refusal *xlsform.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("Read = %v, want a refusal", err)
	}
	var got []string
	for _, n := range refusal.Notices {
		got = append(got, placed(n))
	}
	want := []string{"E_UNKNOWN_TYPE survey 2", "E_REF_NOT_FOUND survey 3", "E_EXPR_SYNTAX survey 4", "E_CHOICE_NO_NAME choices 4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
}

// TestRead_Warnings has one form for each thing that is warned of.
func TestRead_Warnings(t *testing.T) {
	for _, c := range []struct{ name, form, want string }{
		{"photo", header + "|photo|a|A|", "W_TYPE_DROPPED survey 2"},
		{"device", header + "|deviceid|a||", "W_META_IGNORED survey 2"},
		{"calculation nobody looks at", header + "|text|a|A|\n|calculate|b||||area(${a})|", "W_CALC_DROPPED survey 3"},
		{"trigger nobody looks at", header + "|text|a|A|\n|calculate|b||||1||||||${a}|", "W_CALC_DROPPED survey 3"},
		{"picture", "# survey\n|type|name|label|media::image|\n|text|a|A|a.png|", "W_MEDIA_IGNORED survey 2"},
		{"appearance", header + "|text|a|A|||||||sparkling|", "W_APPEARANCE_IGNORED survey 2"},
		{"column", "# survey\n|type|name|label|hxl|\n|text|a|A|#x|", "W_COLUMN_IGNORED survey 1"},
		{"setting", header + "|text|a|A|\n# settings\n|public_key|\n|AAAA|", "W_SETTING_IGNORED settings"},
		{"second settings", header + "|text|a|A|\n# settings\n|form_title|\n|A|\n|B|", "W_SETTINGS_EXTRA_ROWS settings 3"},
		{"setting as a row", header + "|set form title|My form||\n|text|a|A|", "W_SETTING_IN_SURVEY survey 2"},
		{"translation", "# survey\n|type|name|label::English (en)|label::French (fr)|\n|text|a|A||", "W_TRANSLATION_MISSING survey 2"},
		{"no label", header + "|text|a||", "W_NO_LABEL survey 2"},
		{"no labels at all", "# survey\n|type|name|\n|text|a|", "W_NO_LABEL_COLUMN survey 1"},
		{"choice without label", header + "|select_one yn|a|A|" + yesNo + "\n|yn|x||", "W_CHOICE_NO_LABEL choices 4"},
		{"choice without list", header + "|select_one yn|a|A|" + yesNo + "\n||x|X|", "W_CHOICE_NO_LIST choices 4"},
		{"capitals", header + "|text|a|A|\n|text|A|B|", "W_NAME_CASE survey 3"},
		{"name in two groups", header + "|text|a|A|\n|begin group|g|G|\n|text|a|A|\n|end group|", "W_NAME_NOT_UNIQUE survey 4"},
		{"later row", header + "|text|a|A|${b} = 1|\n|text|b|B|", "W_FORWARD_REF survey 2"},
		{"remark", header + "|||||||||||||ask nicely|\n|text|a|A|", "W_ROW_SKIPPED survey 2"},
		{"gap", header + "|text|a|A|\n" + strings.Repeat("||\n", 61) + "|text|b|B|", "W_ROWS_AFTER_GAP survey"},
	} {
		t.Run(c.name, func(t *testing.T) {
			warnings := read(t, c.form).Warnings
			if !slices.ContainsFunc(warnings, func(n xlsform.Notice) bool { return placed(n) == c.want }) {
				t.Errorf("Read warns of %v, want %s", warnings, c.want)
			}
		})
	}
}

// TestRead_Encryption wants a promise that cannot be kept said out loud.
func TestRead_Encryption(t *testing.T) {
	warnings := read(t, header+"|text|a|A|\n# settings\n|public_key|\n|AAAA|").Warnings
	if len(warnings) != 1 || !strings.Contains(warnings[0].Text, "ENCRYPTED") {
		t.Errorf("Read warns of %v, want that answers are not encrypted", warnings)
	}
}
