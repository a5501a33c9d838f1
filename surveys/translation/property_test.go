package translation_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	q "soundings/surveys/questionnaire"
	"soundings/surveys/translation"
)

// drawnWords are texts with what spreadsheets have been known to change.
var drawnWords = rapid.SampledFrom([]string{
	"How are you?", "=1+1", "'quoted", "007", "1.50", "TRUE", "2024-01-02", "a\nb", "<b>&amp;</b>", "👩‍👩‍👧 ok", "مرحبا", "Où ?", "_x000D_", "+44", "@SUM", "tab\there", "x  y",
})

func drawnDefinition(t *rapid.T) q.Definition {
	text := func(name string) q.Text {
		made := q.Text{"en": drawnWords.Draw(t, name)}
		for _, lang := range []string{"ar", "fr"} {
			if rapid.Bool().Draw(t, name+" in "+lang) {
				made[lang] = drawnWords.Draw(t, name+" "+lang)
			}
		}
		return made
	}
	def := q.Definition{Title: text("title"), Languages: []string{"en", "ar", "fr"}, Parts: []q.Part{{ID: "p"}}}
	for i, id := range []q.ItemID{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "items")] {
		item := q.Item{ID: id, Kind: q.KindSingleChoice, Label: text("label")}
		for _, code := range []string{"1", "2", "3"}[:2+i%2] {
			item.Choices = append(item.Choices, q.Choice{Code: code, Label: text("choice")})
		}
		def.Parts[0].Items = append(def.Parts[0].Items, item)
	}
	return def
}

// TestRoundTrip writes a sheet and reads it back: untouched it changes nothing
// and complains of nothing; read into the questionnaire without its
// translations it brings all of them back.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		def := drawnDefinition(r)
		data, err := translation.Write(def)
		if err != nil {
			r.Fatal(err)
		}
		same, errs, err := translation.Read(def, data)
		if err != nil || len(errs) > 0 || asJSON(t, same) != asJSON(t, def) {
			r.Fatalf("untouched: errors %+v, %v\n%s\n%s", errs, err, asJSON(t, def), asJSON(t, same))
		}
		bare := without(t, def)
		full, errs, err := translation.Read(bare, dropOriginals(t, data))
		if err != nil || len(errs) > 0 || asJSON(t, full) != asJSON(t, def) {
			r.Fatalf("brought back: errors %+v, %v\n%s\n%s", errs, err, asJSON(t, def), asJSON(t, full))
		}
	})
}

// without is def in its source language only, with the others to be filled.
func without(t *testing.T, def q.Definition) q.Definition {
	t.Helper()
	bare, err := q.ParseDefinition([]byte(asJSON(t, def)))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range bare.Wordings() {
		delete(w.Text, "ar")
		delete(w.Text, "fr")
	}
	return bare
}

// dropOriginals takes out the hidden sheet, so that what ours had is not known.
func dropOriginals(t *testing.T, data []byte) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.DeleteSheet("original"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestOnlyTexts changes whatever cells of the sheet: nothing but texts in other
// languages than the source language ever changes.
func TestOnlyTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		def := drawnDefinition(r)
		data, err := translation.Write(def)
		if err != nil {
			r.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			r.Fatal(err)
		}
		for range rapid.IntRange(1, 6).Draw(r, "edits") {
			cell, _ := excelize.CoordinatesToCellName(rapid.IntRange(1, 7).Draw(r, "column"), rapid.IntRange(5, 16).Draw(r, "row"))
			if err := f.SetCellStr("translation", cell, drawnWords.Draw(r, "words")); err != nil {
				r.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			r.Fatal(err)
		}
		got, _, err := translation.Read(def, out.Bytes())
		if err != nil {
			return // its headings were changed
		}
		if asJSON(t, without(t, got)) != asJSON(t, without(t, def)) {
			r.Fatalf("changed more than translations:\n%s\n%s", asJSON(t, def), asJSON(t, got))
		}
	})
}

func FuzzRead(f *testing.F) {
	data, err := translation.Write(views())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := translation.Read(views(), data)
		if err == nil && asJSON(t, without(t, got)) != asJSON(t, without(t, views())) {
			t.Error("changed more than translations")
		}
	})
}
