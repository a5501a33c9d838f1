package questionnaire_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	q "soundings/surveys/questionnaire"
)

// filled is a value of a type with something in every field and every list.
func filled(t *testing.T, typ reflect.Type, path string) reflect.Value {
	t.Helper()
	v := reflect.New(typ).Elem()
	switch typ.Kind() {
	case reflect.String:
		v.SetString(path)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		v.Elem().Set(filled(t, typ.Elem(), path))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(typ, 1, 1))
		v.Index(0).Set(filled(t, typ.Elem(), path))
	case reflect.Map:
		v.Set(reflect.MakeMap(typ))
		key := reflect.New(typ.Key()).Elem()
		key.SetString("en")
		v.SetMapIndex(key, filled(t, typ.Elem(), path))
	case reflect.Struct:
		for i := range typ.NumField() {
			v.Field(i).Set(filled(t, typ.Field(i).Type, path+"."+typ.Field(i).Name))
		}
	default:
		t.Fatalf("%s is a %s: say here how it is filled", path, typ)
	}
	return v
}

func everyField(t *testing.T) q.Definition {
	t.Helper()
	d, _ := filled(t, reflect.TypeFor[q.Definition](), "Definition").Interface().(q.Definition)
	return d
}

// spoilAll changes everything that v holds by reference, in place.
func spoilAll(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Elem().SetFloat(99)
	case reflect.Slice:
		for i := range v.Len() {
			spoilAll(v.Index(i))
			if v.Index(i).Kind() == reflect.String {
				v.Index(i).SetString("spoilt")
			} else {
				v.Index(i).SetZero()
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			v.SetMapIndex(key, reflect.ValueOf("spoilt").Convert(v.Type().Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			spoilAll(v.Field(i))
		}
	}
}

// A clone shares nothing: whatever field is added to a definition, this test
// fails until Clone copies it.
func TestClone_IsDeep(t *testing.T) {
	t.Parallel()
	want, d := everyField(t), everyField(t)
	clone := d.Clone()
	spoilAll(reflect.ValueOf(&d).Elem())
	if diff := cmp.Diff(want, clone); diff != "" {
		t.Errorf("a clone changes with its original: (-want +got)\n%s", diff)
	}
}

// A definition with everything in it is read as it is written.
func TestParseDefinition_EveryField(t *testing.T) {
	t.Parallel()
	want := everyField(t)
	written, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := q.ParseDefinition(written)
	if err != nil {
		t.Fatalf("ParseDefinition(%s): %v", written, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Every text of a definition can be translated: Untranslated lists as many places
// as there are texts, whatever field is added.
func TestWordings_AreAllTexts(t *testing.T) {
	t.Parallel()
	d := everyField(t)
	if got, want := len(d.Untranslated("fr")), countTexts(reflect.ValueOf(d)); got != want {
		t.Errorf("%d places are to be translated, the definition has %d texts:\n%s", got, want, strings.Join(d.Untranslated("fr"), "\n"))
	}
}

func countTexts(v reflect.Value) int {
	n := 0
	switch {
	case v.Type() == reflect.TypeFor[q.Text]():
		return 1
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			n += countTexts(v.Index(i))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			n += countTexts(v.Field(i))
		}
	}
	return n
}

// Every field of an item is refused somewhere or is everybody's: an item of a kind
// that asks nothing, with every field set, is told of all the others.
func TestCheck_EveryFieldOfAnItem(t *testing.T) {
	t.Parallel()
	common := map[string]bool{
		"id": true, "kind": true, "label": true, "hint": true, "waves": true, "name": true, "group": true, "relevant": true,
		"audio": true, "sensitive": true, "library": true, "locked": true, "sheet": true,
		"prompts": true, "card": true, "required": true, // the kind's own
	}
	d := everyField(t)
	d.Parts[0].Items[0].Kind = q.KindLinkageCode
	problems := d.Check().Error()
	typ := reflect.TypeFor[q.Item]()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		refused := strings.Contains(problems, ": "+name+" is not for kind linkage_code")
		if refused == common[name] {
			t.Errorf("field %s: refused = %t", name, refused)
		}
	}
}

func TestCheck_Limits(t *testing.T) {
	t.Parallel()
	many := func(n int) []q.Item {
		items := make([]q.Item, n)
		for i := range items {
			items[i] = short(q.ItemID("i" + strings.Repeat("x", i/1000) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26))))
		}
		return items
	}
	codes := make([]string, 1001)
	for i := range codes {
		codes[i] = "c" + strings.Repeat("y", i%50) + string(rune('a'+i/50))
	}
	parts := define()
	parts.Parts = nil
	for i, item := range many(501) {
		parts.Parts = append(parts.Parts, q.Part{ID: q.ItemID("p") + many(501)[i].ID, Items: []q.Item{item}})
	}
	groups := define(short("a"))
	for _, item := range many(301) {
		groups.Groups = append(groups.Groups, q.Group{ID: item.ID})
	}
	for _, tc := range []struct {
		d    q.Definition
		want string
	}{
		{define(many(1000)...), ""},
		{define(many(1001)...), "parts: has 1001 items, may have at most 1000"},
		{define(several("s", codes[:1000]...)), ""},
		{define(several("s", codes...)), `item "s": has 1001 choices, may have at most 1000`},
		{parts, "parts: has 501 parts, may have at most 500"},
		{groups, "groups: has 301 groups, may have at most 300"},
	} {
		got := ""
		if err := tc.d.Check(); err != nil {
			got, _, _ = strings.Cut(err.Error(), "\n")
		}
		if got != tc.want {
			t.Errorf("Check: %s, want %s", got, tc.want)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	d := define(
		shortIf("early", "${late} = 'x'"), yesNo("a"), shortIf("wrong_code", "${a} = 'maybe'"), shortIf("never", "false() and ${a} = 'yes'"),
		shortIf("either", "${a} = 'maybe' or ${a} = 'yes'"), calculated("c", "${late}"), shortIf("through", "${c} != ''"), shortIf("now", "${seen} = 'x'"), short("late"),
		q.Item{ID: "seen", Kind: q.KindHidden, From: q.FromLink}, shortIf("number", "${n} = 'many' or ${n} = '7'"), q.Item{ID: "n", Kind: q.KindNumber, Label: q.Text{"en": "n"}},
		several("s", "x", "y"), shortIf("one_of", "selected(${s}, 'z')"), shortIf("all_of", "${s} = 'x y'"), short("t1"), short("t2"))
	d.Groups = []q.Group{{ID: "g", Relevant: "${s} = 'x'"}, {ID: "empty"}}
	d.Parts[0].Items[0].Group = "g"
	d.Parts[0].Items[15].Name, d.Parts[0].Items[16].Name = "twin", "twin"
	if err := d.Check(); err != nil {
		t.Fatalf("Check: %v", err)
	}
	want := []string{
		`group "g" relevant: looks at item "s", which is asked later`,
		`item "early" relevant: looks at item "late", which is asked later`,
		`item "through" relevant: looks at item "late", which is asked later`,
		`item "number" relevant: looks at item "n", which is asked later`,
		`item "wrong_code" relevant: "a" has no choice with the code "maybe"`,
		`item "either" relevant: "a" has no choice with the code "maybe"`,
		`item "number" relevant: compares "n", which is a number, with "many"`,
		`item "one_of" relevant: "s" has no choice with the code "z"`,
		`item "wrong_code" relevant: is never true, so this is never shown`,
		`item "never" relevant: is never true, so this is never shown`,
		`item "one_of" relevant: is never true, so this is never shown`,
		`item "t1": has the name "twin" like 1 other items, so no expression can look at it by name`,
		`group "empty": has nothing in it`,
	}
	var got []string
	for _, warning := range d.Warnings() {
		got = append(got, warning.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Warnings: (-want +got)\n%s", diff)
	}
}

func TestSketch_LeavesOutWhatCannotBeUsed(t *testing.T) {
	t.Parallel()
	d := define(short("a"), shortIf("b", "${a} ="), shortIf("c", "${nobody} = 1"), shortIf("d", "${a} = 'x'"))
	if _, err := q.Compile(q.Version{Questionnaire: "t", Number: 1, Definition: d}); err == nil {
		t.Error("Compile takes an expression that cannot be read")
	}
	in, err := q.Sketch(d)
	if err != nil {
		t.Fatal(err)
	}
	if got := shown(in.Walk(morning, nil), "a", "b", "c", "d"); got != "a b c" {
		t.Errorf("shows %q, want what cannot be decided and nothing that is not relevant", got)
	}
}

// The trees that a version carries are used, whatever a later parser would read.
func TestCompile_UsesTheTreesOfTheVersion(t *testing.T) {
	t.Parallel()
	kept, err := q.Publish("t", 1, define(short("a"), shortIf("b", "regex(${a}, '[x-z]')")), morning.Now)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	var v q.Version
	if err := json.Unmarshal(stored, &v); err != nil {
		t.Fatal(err)
	}
	v.Definition.Parts[0].Items[1].Relevant = "not an expression ("
	in := compileVersion(t, v)
	if got := shown(in.Walk(morning, q.Answers{"a": text("x")}), "b"); got != "b" {
		t.Error("the tree of the version is not used")
	}
	v.Definition.Parts[0].Items[1].Relevant, v.Logic = "${a} = 'y'", nil
	if got := shown(compileVersion(t, v).Walk(morning, q.Answers{"a": text("y")}), "b"); got != "b" {
		t.Error("a version without trees is not parsed")
	}
}
