package questionnaire_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	q "soundings/surveys/questionnaire"
)

// unseen are the fields that nobody who answers could tell.
var unseen = []string{
	"item name", "item list", "item sensitive", "item breakdown", "item library", "item locked", "item sheet",
	"choice code", "prompt id", // a code or an id that changes is another choice or prompt
	"part name", "part auto", "part sheet", "group name", "group sheet",
	"scale source", "scale licence", "scale library", "measure headline", "questionnaire sheet",
}

// set gives a field a value that it does not have.
func set(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("other")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int:
		v.SetInt(v.Int() + 7)
	case reflect.Float64:
		v.SetFloat(v.Float() + 7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		set(t, v.Elem())
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("en"), reflect.ValueOf("other").Convert(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		if v.Type().Elem().Kind() != reflect.Struct {
			set(t, v.Index(0))
		}
	default:
		t.Fatalf("%s is new in definitions", v.Type())
	}
}

// TestEveryFieldReachesSomething changes one field after the other: what a person
// who answers could tell is never called looks. A field that is added to a
// definition is to be put where it belongs.
func TestEveryFieldReachesSomething(t *testing.T) {
	t.Parallel()
	whole := func() q.Definition {
		d := two()
		d.Groups = []q.Group{{ID: "group"}}
		d.Parts[0].Items[0].Prompts = []q.Prompt{{ID: "day"}}
		d.Scales[0].Bands, d.Scales[0].Flags, d.Scales[0].Table = []q.Band{{}}, []q.ScoreFlag{{Item: "x"}}, []q.Lookup{{}}
		return d
	}
	for name, of := range map[string]func(*q.Definition) any{
		"questionnaire": func(d *q.Definition) any { return d },
		"part":          func(d *q.Definition) any { return &d.Parts[0] },
		"group":         func(d *q.Definition) any { return &d.Groups[0] },
		"item":          func(d *q.Definition) any { return &d.Parts[0].Items[0] },
		"choice":        func(d *q.Definition) any { return &d.Parts[0].Items[0].Choices[0] },
		"prompt":        func(d *q.Definition) any { return &d.Parts[0].Items[0].Prompts[0] },
		"row":           func(d *q.Definition) any { return &d.Parts[1].Items[0].Rows[0] },
		"scale":         func(d *q.Definition) any { return &d.Scales[0] },
		"band":          func(d *q.Definition) any { return &d.Scales[0].Bands[0] },
		"flag":          func(d *q.Definition) any { return &d.Scales[0].Flags[0] },
		"lookup":        func(d *q.Definition) any { return &d.Scales[0].Table[0] },
		"measure":       func(d *q.Definition) any { return &d.Measures[0] },
	} {
		typ := reflect.TypeOf(of(&q.Definition{Parts: []q.Part{{Items: []q.Item{{Choices: []q.Choice{{}}, Prompts: []q.Prompt{{}}}}}, {Items: []q.Item{{Rows: []q.Row{{}}}}}},
			Groups: []q.Group{{}}, Scales: []q.Scale{{Bands: []q.Band{{}}, Flags: []q.ScoreFlag{{}}, Table: []q.Lookup{{}}}}, Measures: []q.Measure{{}}})).Elem()
		for i := range typ.NumField() {
			field, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			after := whole()
			set(t, reflect.ValueOf(of(&after)).Elem().Field(i))
			found := q.Compare(whole(), after)
			if len(found) == 0 {
				t.Errorf("%s %s: Compare found nothing", name, field)
				continue
			}
			looks := slices.ContainsFunc(found, func(d q.Difference) bool { return d.Touches() != q.TouchesLooks })
			if known := slices.Contains(unseen, name+" "+field); !looks && !known {
				t.Errorf("%s %s touches looks only: say in difference_touches.go what it reaches", name, field)
			}
		}
	}
}
