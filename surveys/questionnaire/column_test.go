package questionnaire_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	q "soundings/surveys/questionnaire"
)

// several is an item of several choices with these codes.
func several(id q.ItemID, codes ...string) q.Item {
	item := q.Item{ID: id, Kind: q.KindMultipleChoice, Label: q.Text{"en": "Which?"}}
	for _, code := range codes {
		item.Choices = append(item.Choices, q.Choice{Code: code, Label: q.Text{"en": code}})
	}
	return item
}

func columnsOf(in *q.Instrument) map[string]string {
	columns := map[string]string{}
	for _, v := range in.Variables() {
		for _, c := range v.Columns() {
			columns[string(v.ID)+"/"+string(c.Holds)+"/"+c.Choice] = c.Name
		}
	}
	return columns
}

func TestColumns_Names(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 60)
	other := several("d", "a", "elsewhere")
	other.Choices[1].Meaning, other.Shuffle = q.MeaningOther, true
	for _, tc := range []struct {
		name  string
		items []q.Item
		want  map[string]string
	}{
		{"plain_codes_as_they_are", []q.Item{several("d", "mon", "tue")}, map[string]string{"d/tick/mon": "d_mon", "d/tick/tue": "d_tue"}},
		{"what_no_name_can_hold", []q.Item{several("d", "1.5", "Ja!")}, map[string]string{"d/tick/1.5": "d_1_5", "d/tick/Ja!": "d_Ja_"}},
		{"words_and_order", []q.Item{other}, map[string]string{"d/tick/a": "d_a", "d/tick/elsewhere": "d_elsewhere", "d/words/": "d__other", "d/order/": "d__order"}},
		{"name_of_another_item", []q.Item{several("d", "other", "b"), short("d_other")}, map[string]string{"d/tick/other": "d__is_other", "d/tick/b": "d_b"}},
		{"two_items_want_one_name", []q.Item{several("a", "b_c", "x"), several("a_b", "c", "x")}, map[string]string{"a/tick/b_c": "a__is_b_c", "a/tick/x": "a_x", "a_b/tick/c": "a_b__is_c", "a_b/tick/x": "a_b_x"}},
		{"letters_of_another_case", []q.Item{several("d", "A", "a")}, map[string]string{"d/tick/A": "d__is_A_559aead0", "d/tick/a": "d__is_a_ca978112"}},
		{"begins_with_a_line", []q.Item{several("d", "_other", "b")}, map[string]string{"d/tick/_other": "d__is__other", "d/tick/b": "d_b"}},
		{"no_latin_letter", []q.Item{several("d", "да", "не")}, map[string]string{"d/tick/да": "d__is____cdc5ed90", "d/tick/не": "d__is____962b65e3"}},
		{"too_long", []q.Item{several("dddd", long+"1", long+"2")}, map[string]string{
			"dddd/tick/" + long + "1": "dddd__is_" + strings.Repeat("x", 46) + "_" + "434e006c", "dddd/tick/" + long + "2": "dddd__is_" + strings.Repeat("x", 46) + "_" + "580bb3b6"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, columnsOf(publish(t, define(tc.items...)))); diff != "" {
				t.Errorf("Columns: (-want +got)\n%s", diff)
			}
		})
	}
}

// safeName is what SPSS and R take as the name of a variable.
var safeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// Every column of every questionnaire has a safe name of its own, whatever the
// codes are, and the same name in whatever order the choices stand.
func TestProperty_ColumnNames(t *testing.T) {
	t.Parallel()
	codes := rapid.SliceOfNDistinct(rapid.OneOf(rapid.StringMatching(`[a-cA-C_.!да]{1,4}`), rapid.StringMatching(`[a-b]{30,64}`)), 1, 6, rapid.ID)
	rapid.Check(t, func(t *rapid.T) {
		first, second := codes.Draw(t, "first"), codes.Draw(t, "second")
		items := []q.Item{several("a", first...), several("a_b", second...), short("a_c")}
		in := publish(t, define(items...))
		seen := map[string]string{"a": "", "a_b": "", "a_c": ""}
		for owner, name := range columnsOf(in) {
			if !safeName.MatchString(name) {
				t.Fatalf("the column of %q is called %q", owner, name)
			}
			if twin, ok := seen[strings.ToLower(name)]; ok {
				t.Fatalf("%q and %q are both called %q", owner, twin, name)
			}
			seen[strings.ToLower(name)] = owner
		}
		turned := []q.Item{several("a", rapid.Permutation(first).Draw(t, "turned")...), items[1], items[2]}
		if diff := cmp.Diff(columnsOf(in), columnsOf(publish(t, define(turned...)))); diff != "" {
			t.Fatalf("in another order: (-want +got)\n%s", diff)
		}
	})
}
