package questionnaire_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	q "soundings/surveys/questionnaire"
)

func number(n float64) *float64 { return &n }

// two is a small questionnaire in two languages, new at each call.
func two() q.Definition {
	return q.Definition{
		Title: q.Text{"en": "Two"}, Languages: []string{"en", "ar"},
		Parts: []q.Part{
			{ID: "first", Items: []q.Item{
				{ID: "travel", Kind: q.KindSingleChoice, Label: q.Text{"en": "How do you travel?"}, Choices: []q.Choice{
					{Code: "bus", Label: q.Text{"en": "Bus"}, Score: number(1)}, {Code: "foot", Label: q.Text{"en": "On foot", "ar": "مشيا"}},
				}},
				{ID: "age", Kind: q.KindNumber, Label: q.Text{"en": "How old are you?", "ar": "كم عمرك؟"}, Max: number(99)},
			}},
			{ID: "second", Items: []q.Item{
				{ID: "calm", Kind: q.KindRating, Label: q.Text{"en": "How far do you agree?"}, Rows: []q.Row{
					{ID: "calm_a", Label: q.Text{"en": "I sleep well"}}, {ID: "calm_b", Label: q.Text{"en": "I am cross"}},
				}},
			}},
		},
		Scales:   []q.Scale{{ID: "calmness", Label: q.Text{"en": "Calm"}, Items: []q.ItemID{"calm_a", "calm_b"}, Reverse: []q.ItemID{"calm_b"}}},
		Measures: []q.Measure{{ID: "calm_measure", Of: "calmness", Type: q.MeasureScore}},
	}
}

// told writes differences one a line, with "?" where an author is asked.
func told(differences []q.Difference) []string {
	lines := []string{}
	for _, d := range differences {
		line := fmt.Sprintf("%s %s %s", d.Change, d.Thing, d.ID)
		for _, one := range d.Details {
			field := strings.TrimSuffix(one.Field+"/"+one.Language, "/")
			line += fmt.Sprintf("; %s %s: %q to %q", one.Touches, field, one.Before, one.After)
			if one.Asks {
				line += "?"
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		edit func(*q.Definition)
		want []string
	}{
		"nothing": {func(*q.Definition) {}, []string{}},
		"blank and absent are the same": {func(d *q.Definition) {
			d.Intro, d.Parts[0].Items[0].Hint, d.Parts[0].Items[1].Choices = q.Text{}, q.Text{"en": ""}, []q.Choice{}
		}, []string{}},
		"title": {func(d *q.Definition) { d.Title["en"] = "Three" }, []string{
			`changed questionnaire ; words title/en: "Two" to "Three"`}},
		"a language more": {func(d *q.Definition) { d.Languages = append(d.Languages, "pl") }, []string{
			`changed questionnaire ; words languages: "en, ar" to "en, ar, pl"`}},
		"wording in the source language": {func(d *q.Definition) { d.Parts[0].Items[0].Label["en"] = "How do you come here?" }, []string{
			`changed item travel; words label/en: "How do you travel?" to "How do you come here?"?`}},
		"a translation that nobody had read": {func(d *q.Definition) { d.Parts[0].Items[0].Label["ar"] = "كيف تسافر؟" }, []string{
			`changed item travel; words label/ar: "" to "كيف تسافر؟"`}},
		"a translation that people had read": {func(d *q.Definition) { d.Parts[0].Items[1].Label["ar"] = "عمرك؟" }, []string{
			`changed item age; words label/ar: "كم عمرك؟" to "عمرك؟"?`}},
		"a language fewer": {func(d *q.Definition) {
			d.Languages = []string{"en"}
			delete(d.Parts[0].Items[1].Label, "ar")
			delete(d.Parts[0].Items[0].Choices[1].Label, "ar")
		}, []string{
			`changed questionnaire ; words languages: "en, ar" to "en"`,
			`changed item travel; words choices.foot.label/ar: "مشيا" to ""`,
			`changed item age; words label/ar: "كم عمرك؟" to ""`}},
		"kind": {func(d *q.Definition) { d.Parts[0].Items[0].Kind = q.KindMultipleChoice }, []string{
			`changed item travel; answers kind: "single_choice" to "multiple_choice"?`}},
		"choice added": {func(d *q.Definition) {
			d.Parts[0].Items[0].Choices = append(d.Parts[0].Items[0].Choices, q.Choice{Code: "bike", Label: q.Text{"en": "Bike"}, Score: number(3)})
		}, []string{`changed item travel; answers choices.bike: "" to "Bike"?`}},
		"choice removed": {func(d *q.Definition) { d.Parts[0].Items[0].Choices = d.Parts[0].Items[0].Choices[:1] }, []string{
			`changed item travel; answers choices.foot: "مشيا" to ""?`}},
		"choices in another order": {func(d *q.Definition) { slices.Reverse(d.Parts[0].Items[0].Choices) }, []string{
			`changed item travel; words choices.order: "bus, foot" to "foot, bus"?`}},
		"score to none": {func(d *q.Definition) { d.Parts[0].Items[0].Choices[0].Score = nil }, []string{
			`changed item travel; answers choices.bus.score: "1" to ""?`}},
		"score from none to 0": {func(d *q.Definition) { d.Parts[0].Items[0].Choices[1].Score = number(0) }, []string{
			`changed item travel; answers choices.foot.score: "" to "0"?`}},
		"bounds": {func(d *q.Definition) { d.Parts[0].Items[1].Max = number(120) }, []string{
			`changed item age; answers max: "99" to "120"?`}},
		"who is asked": {func(d *q.Definition) {
			d.Parts[0].Items[1].Required, d.Parts[0].Items[1].Relevant = true, "${travel} = 'bus'"
		}, []string{`changed item age; path required: "" to "yes"; path relevant: "" to "${travel} = 'bus'"`}},
		"what nobody sees": {func(d *q.Definition) { d.Parts[0].Items[1].Sheet = q.Cells{"note": "check"} }, []string{
			`changed item age; looks sheet.note: "" to "check"`}},
		"row": {func(d *q.Definition) { d.Parts[1].Items[0].Rows[1].Label["en"] = "I am angry" }, []string{
			`changed row calm_b; words label/en: "I am cross" to "I am angry"?`}},
		"rows in another order": {func(d *q.Definition) { slices.Reverse(d.Parts[1].Items[0].Rows) }, []string{
			`moved row calm_b; words after: "calm_a" to ""`}},
		"item to another part": {func(d *q.Definition) {
			d.Parts[1].Items = append(d.Parts[1].Items, d.Parts[0].Items[1])
			d.Parts[0].Items = d.Parts[0].Items[:1]
		}, []string{`moved item age; path part: "first" to "second"`}},
		"items in another order": {func(d *q.Definition) { slices.Reverse(d.Parts[0].Items) }, []string{
			`moved item age; words after: "travel" to ""`}},
		"item replaced": {func(d *q.Definition) { d.Parts[0].Items[1].ID = "age_2" }, []string{
			`added item age_2`, `removed item age`}},
		"scale and measure": {func(d *q.Definition) {
			d.Scales[0].Reverse, d.Measures[0].Direction = nil, q.DirectionHigher
		}, []string{
			`changed scale calmness; answers reverse: "calm_b" to ""`, `changed measure calm_measure; answers direction: "" to "higher"`}},
		"part": {func(d *q.Definition) { d.Parts[0].Waves, d.Parts[1].ID = []q.Wave{q.WavePre}, "third" }, []string{
			`changed part first; path waves: "" to "pre"`, `added part third`, `removed part second`, `moved item calm; path part: "second" to "third"`}},
	} {
		after := two()
		tt.edit(&after)
		if diff := cmp.Diff(tt.want, told(q.Compare(two(), after))); diff != "" {
			t.Errorf("%s: Compare (-want +got)\n%s", name, diff)
		}
	}
}

func TestDifferenceTouchesTheGravest(t *testing.T) {
	t.Parallel()
	after := two()
	item := &after.Parts[0].Items[1]
	item.Required, item.Label["en"], item.Sheet = true, "Your age?", q.Cells{"x": "y"}
	after.Parts[0].Items[0].Sheet = q.Cells{"x": "y"}
	after.Scales = nil
	want := map[q.ItemID]q.Touches{"travel": q.TouchesLooks, "age": q.TouchesWords, "calmness": q.TouchesAnswers}
	got := map[q.ItemID]q.Touches{}
	for _, d := range q.Compare(two(), after) {
		got[d.ID] = d.Touches()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Touches (-want +got)\n%s", diff)
	}
}

// fill draws a value of any type of a definition: every field that there is, and
// every one that will be added.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int:
		v.SetInt(rapid.Int64Range(0, 3).Draw(t, "int"))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(0, 2).Draw(t, "number"))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "there") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 2).Draw(t, "length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			if v.Type().Elem().Kind() == reflect.String { // a blank id or language is none
				v.Index(i).SetString(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id"))
				continue
			}
			fill(t, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, key := range []string{"ar", "en"}[:rapid.IntRange(0, 2).Draw(t, "entries")] {
			value := reflect.New(v.Type().Elem()).Elem()
			fill(t, value)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
		}
	default:
		panic(v.Type().String() + " is new in definitions: draw it")
	}
}

// written is the JSON of a definition without what is blank.
func written(tb rapid.TB, d q.Definition) string {
	tb.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		tb.Fatal(err)
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprint(withoutBlanks(value, true))
}

// withoutBlanks drops blank texts, nothing, and empty lists; an element of a list
// is there even if it is blank.
func withoutBlanks(value any, element bool) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if v[key] = withoutBlanks(inner, false); v[key] == nil {
				delete(v, key)
			}
		}
		if len(v) == 0 && !element {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = withoutBlanks(v[i], true)
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if v == "" && !element {
			return nil
		}
	}
	return value
}

// change draws one value of a definition anew.
func change(t *rapid.T, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Struct:
		change(t, v.Field(rapid.IntRange(0, v.NumField()-1).Draw(t, "field")))
	case v.Kind() == reflect.Slice && v.Len() > 0 && rapid.Bool().Draw(t, "within"):
		change(t, v.Index(rapid.IntRange(0, v.Len()-1).Draw(t, "index")))
	case v.Kind() == reflect.Slice && v.Len() > 1 && rapid.Bool().Draw(t, "swap"):
		x, y := v.Index(0).Interface(), v.Index(1).Interface()
		v.Index(0).Set(reflect.ValueOf(y))
		v.Index(1).Set(reflect.ValueOf(x))
	default:
		v.SetZero()
		fill(t, v)
	}
}

// TestCompareFindsEveryEdit: definitions compare as the same if and only if they
// are written alike, whatever field was changed, in drafts that pass no check too.
func TestCompareFindsEveryEdit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var before q.Definition
		fill(t, reflect.ValueOf(&before).Elem())
		if found := q.Compare(before, before); len(found) > 0 {
			t.Fatalf("Compare of the same: %v", told(found))
		}
		after := decoded(t, before)
		change(t, reflect.ValueOf(&after).Elem())
		found := q.Compare(before, after)
		alike := written(t, before) == written(t, after)
		if alike != (len(found) == 0) {
			t.Fatalf("Compare = %v, alike is %v\n%s\n%s", told(found), alike, written(t, before), written(t, after))
		}
	})
}

// decoded is a copy that shares nothing.
func decoded(t *rapid.T, d q.Definition) (copied q.Definition) {
	text, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(text, &copied)
	}
	if err != nil {
		t.Fatal(err)
	}
	return copied
}

func TestLockedChanges(t *testing.T) {
	t.Parallel()
	locked := two()
	locked.Parts[0].Items[0].Locked, locked.Parts[1].Items[0].Locked = true, true
	for name, tt := range map[string]struct {
		edit func(*q.Definition)
		want []q.ItemID
	}{
		"nothing":        {func(*q.Definition) {}, nil},
		"another item":   {func(d *q.Definition) { d.Parts[0].Items[1].Label["en"] = "Age?" }, nil},
		"wording":        {func(d *q.Definition) { d.Parts[0].Items[0].Label["en"] = "Travel?" }, []q.ItemID{"travel"}},
		"choice's label": {func(d *q.Definition) { d.Parts[0].Items[0].Choices[0].Label["en"] = "Coach" }, []q.ItemID{"travel"}},
		"score":          {func(d *q.Definition) { d.Parts[0].Items[0].Choices[0].Score = nil }, []q.ItemID{"travel"}},
		"unlocking":      {func(d *q.Definition) { d.Parts[0].Items[0].Locked = false }, []q.ItemID{"travel"}},
		"row":            {func(d *q.Definition) { d.Parts[1].Items[0].Rows[0].Label["en"] = "I sleep" }, []q.ItemID{"calm"}},
		"row removed":    {func(d *q.Definition) { d.Parts[1].Items[0].Rows = d.Parts[1].Items[0].Rows[:1] }, []q.ItemID{"calm"}},
		"rows moved":     {func(d *q.Definition) { slices.Reverse(d.Parts[1].Items[0].Rows) }, []q.ItemID{"calm"}},
		"translated":     {func(d *q.Definition) { d.Parts[0].Items[0].Label["ar"] = "كيف؟" }, nil},
		"made required":  {func(d *q.Definition) { d.Parts[0].Items[0].Required = true }, nil},
		"moved":          {func(d *q.Definition) { slices.Reverse(d.Parts[0].Items) }, nil},
		"removed":        {func(d *q.Definition) { d.Parts[0].Items = d.Parts[0].Items[1:] }, nil},
	} {
		after := locked.Clone()
		tt.edit(&after)
		if diff := cmp.Diff(tt.want, q.LockedChanges(locked, after)); diff != "" {
			t.Errorf("%s: LockedChanges (-want +got)\n%s", name, diff)
		}
	}
}
