package questionnaire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	q "soundings/surveys/questionnaire"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func files(tb testing.TB, pattern string) []string {
	tb.Helper()
	paths, err := filepath.Glob(filepath.FromSlash(pattern))
	if err != nil || len(paths) == 0 {
		tb.Fatalf("Glob(%s) = %v, %v", pattern, paths, err)
	}
	return paths
}

func fixtureName(path string) string { return strings.TrimSuffix(filepath.Base(path), ".json") }

func TestCheck_Taken(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "testdata/definitions/*.json") {
		t.Run(fixtureName(path), func(t *testing.T) {
			d := readDefinition(t, path)
			if err := d.Check(); err != nil {
				t.Fatalf("Check: %v", err)
			}
			written, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			again, err := q.ParseDefinition(written)
			if err != nil {
				t.Fatalf("ParseDefinition of what was written: %v", err)
			}
			if diff := cmp.Diff(d, again, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("read and written again: (-want +got)\n%s", diff)
			}
		})
	}
}

// TestCheck_Refused holds each definition in refused/ to the problems in the
// file of the same name beside it; -update rewrites them.
func TestCheck_Refused(t *testing.T) {
	t.Parallel()
	for _, path := range files(t, "testdata/definitions/refused/*.json") {
		t.Run(fixtureName(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := problemsOf(t, data)
			golden := strings.TrimSuffix(path, ".json") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("problems: (-want +got)\n%s", diff)
			}
		})
	}
}

func problemsOf(t *testing.T, data []byte) string {
	t.Helper()
	d, err := q.ParseDefinition(data)
	if err == nil {
		err = d.Check()
	}
	var problems q.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error is %v, want Problems", err)
	}
	return problems.Error() + "\n"
}

func TestParseDefinition_TooLarge(t *testing.T) {
	t.Parallel()
	data := append([]byte("{}"), bytes.Repeat([]byte(" "), q.DefinitionLimit)...)
	if _, err := q.ParseDefinition(data); err == nil || !strings.Contains(err.Error(), "at most 4194304") {
		t.Errorf("ParseDefinition(%d bytes): error %v, want one that names the limit", len(data), err)
	}
}

func TestCheck_InvalidUTF8(t *testing.T) {
	t.Parallel()
	d := readDefinition(t, everyKind)
	d.Title["en"] = "a\xff"
	if err := d.Check(); err == nil || err.Error() != `title: is not valid UTF-8 in "en"` {
		t.Errorf("Check: error %v", err)
	}
}

func TestUntranslated(t *testing.T) {
	t.Parallel()
	d := readDefinition(t, "testdata/definitions/then_now.json")
	d.Languages = append(d.Languages, "ar")
	d.Title["ar"] = "اختبار"
	want := []string{
		`item "growth" label`, `item "growth" row "speak" label`,
		`item "growth" choice "low" label`, `item "growth" choice "high" label`,
	}
	if diff := cmp.Diff(want, d.Untranslated("ar")); diff != "" {
		t.Errorf("Untranslated(ar): (-want +got)\n%s", diff)
	}
	if got := d.Untranslated("en"); len(got) > 0 {
		t.Errorf("Untranslated(en) = %v, want none", got)
	}
	if err := d.Check(); err != nil {
		t.Errorf("Check of a half translated definition: %v", err)
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	d := readDefinition(t, everyKind)
	now := time.Date(2024, 5, 6, 7, 8, 9, 123_456_789, time.FixedZone("", 3600))
	v, err := q.Publish("views", 3, d, now)
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2024, 5, 6, 6, 8, 9, 123_000_000, time.UTC); !v.Published.Equal(want) || v.Published.Location() != time.UTC {
		t.Errorf("Published = %v, want %v", v.Published, want)
	}
	in := compileVersion(t, v)
	before, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	spoil(&d)
	if after, _ := json.Marshal(v); !bytes.Equal(before, after) {
		t.Error("changing the definition changed the published version")
	}
	spoil(&v.Definition)
	if after, _ := json.Marshal(in.Version()); !bytes.Equal(before, after) {
		t.Error("changing the version changed the instrument")
	}
}

// spoil changes everything that a copy could share with d.
func spoil(d *q.Definition) {
	d.Title["en"], d.Intro["en"], d.Readers["en"], d.Thanks["en"], d.Help["en"] = "x", "x", "x", "x", "x"
	d.Languages[0] = "x"
	for i := range d.Parts {
		part := &d.Parts[i]
		spoilWaves(part.Waves)
		spoilText(part.Title)
		for j := range part.Items {
			spoilItem(&part.Items[j])
		}
	}
	for i := range d.Scales {
		d.Scales[i].Items[0], d.Scales[i].Reverse[0], d.Scales[i].Label["en"] = "x", "x", "x"
	}
	for i := range d.Measures {
		spoilText(d.Measures[i].Label)
		spoilNumber(d.Measures[i].MinChange)
		if len(d.Measures[i].Top) > 0 {
			d.Measures[i].Top[0] = -1
		}
	}
}

func spoilItem(item *q.Item) {
	for _, text := range []q.Text{item.Label, item.Hint, item.Low, item.High, item.Unit} {
		spoilText(text)
	}
	spoilWaves(item.Waves)
	spoilNumber(item.Min)
	spoilNumber(item.Max)
	for i := range item.Choices {
		spoilNumber(item.Choices[i].Score)
		spoilText(item.Choices[i].Label)
	}
	for i := range item.Rows {
		spoilText(item.Rows[i].Label)
	}
	for i := range item.Prompts {
		spoilText(item.Prompts[i].Label)
		spoilText(item.Prompts[i].Hint)
	}
	item.ID = "x"
}

func spoilText(text q.Text) {
	for lang := range text {
		text[lang] = "x"
	}
}

func spoilWaves(waves []q.Wave) {
	for i := range waves {
		waves[i] = "x"
	}
}

func spoilNumber(number *float64) {
	if number != nil {
		*number = -99
	}
}

func TestPublish_Refused(t *testing.T) {
	t.Parallel()
	d := readDefinition(t, everyKind)
	if _, err := q.Publish("", 1, d, time.Unix(0, 0)); err == nil {
		t.Error("Publish without an id: no error")
	}
	if _, err := q.Publish("views", 0, d, time.Unix(0, 0)); err == nil {
		t.Error("Publish as version 0: no error")
	}
	d.Title = nil
	var problems q.Problems
	if _, err := q.Publish("views", 1, d, time.Unix(0, 0)); !errors.As(err, &problems) {
		t.Errorf("Publish without a title: error %v, want Problems", err)
	}
}

func TestCompile_Refused(t *testing.T) {
	t.Parallel()
	item := func(id q.ItemID, kind q.Kind) q.Item { return q.Item{ID: id, Kind: kind} }
	battery := q.Item{ID: "b", Kind: q.KindRating, Rows: []q.Row{{ID: "a"}}}
	for _, tc := range []struct {
		name  string
		items []q.Item
		want  string
	}{
		{"unknown_kind", []q.Item{item("a", "slider")}, `compile v version 1: item "a": unknown kind "slider"`},
		{"item_twice", []q.Item{item("a", q.KindNumber), item("a", q.KindNumber)}, `compile v version 1: item "a" twice`},
		{"variable_twice", []q.Item{item("a", q.KindNumber), battery}, `compile v version 1: variable "a" twice`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := q.Definition{Parts: []q.Part{{ID: "p", Items: tc.items}}}
			if _, err := q.Compile(q.Version{Questionnaire: "v", Number: 1, Definition: d}); err == nil || err.Error() != tc.want {
				t.Errorf("Compile: error %v, want %s", err, tc.want)
			}
		})
	}
}
