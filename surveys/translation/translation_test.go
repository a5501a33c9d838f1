package translation_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	q "soundings/surveys/questionnaire"
	"soundings/surveys/translation"
	"soundings/surveys/xlsform"
)

// views is a small questionnaire in English, with all of its Arabic but the
// hint, and none of its Urdu.
func views() q.Definition {
	return q.Definition{
		Title: q.Text{"en": "Your views", "ar": "رأيك"}, Languages: []string{"en", "ar", "ur"},
		Parts: []q.Part{{ID: "about", Title: q.Text{"en": "About you", "ar": "عنك"}, Items: []q.Item{
			{ID: "name", Kind: q.KindShortText, Label: q.Text{"en": "What are you called?", "ar": "ما اسمك؟"}},
			{ID: "mood", Kind: q.KindSingleChoice, Label: q.Text{"en": "How are you, ${name}?", "ar": "كيف حالك يا ${name}؟"}, Hint: q.Text{"en": "Today."}, Choices: []q.Choice{
				{Code: "good", Label: q.Text{"en": "Good", "ar": "بخير"}}, {Code: "bad", Label: q.Text{"en": "Not good", "ar": "لست بخير"}},
			}},
		}}},
	}
}

// sheetOf writes def's sheet and lets edit change it, as a translator would.
func sheetOf(t *testing.T, def q.Definition, edit func(f *excelize.File)) []byte {
	t.Helper()
	data, err := translation.Write(def)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	edit(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The rows of the sheet of views: the headings are at 6.
const (
	rowTitle = 7 + iota
	rowPart
	rowName
	rowMood
	rowHint
	rowGood
)

func set(t *testing.T, f *excelize.File, cell, text string) {
	t.Helper()
	if err := f.SetCellStr("translation", cell, text); err != nil {
		t.Fatal(err)
	}
}

// TestWrite_Sheet shows the whole sheet as text.
func TestWrite_Sheet(t *testing.T) {
	t.Parallel()
	data, err := translation.Write(views())
	if err != nil {
		t.Fatal(err)
	}
	book, err := xlsform.ReadBook(data)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range book.Sheet("translation").Rows[4:] {
		cells := make([]string, 6)
		for _, cell := range line.Cells {
			cells[cell.Column-1] = cell.Text
		}
		got = append(got, strings.Join(cells, " | "))
	}
	want := []string{
		`Where | What it is | English (en) | Arabic (ar) | Urdu (ur) | Missing`,
		`title | Title | Your views | رأيك |  | ur`,
		`part "about" title | Heading of a part | About you | عنك |  | ur`,
		`item "name" label | Question | What are you called? | ما اسمك؟ |  | ur`,
		`item "mood" label | Question | How are you, ${name}? | كيف حالك يا ${name}؟ |  | ur`,
		`item "mood" hint | Hint of “How are you, ${name}?” | Today. |  |  | ar, ur`,
		`item "mood" choice "good" label | Answer to “How are you, ${name}?” | Good | بخير |  | ur`,
		`item "mood" choice "bad" label | Answer to “How are you, ${name}?” | Not good | لست بخير |  | ur`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the sheet: (-want +got)\n%s", diff)
	}
}

// TestWrite_Looks opens the workbook with a second reader: right-to-left cells,
// yellow where words are missing, a filter, frozen headings, the copy hidden.
func TestWrite_Looks(t *testing.T) {
	t.Parallel()
	f, err := excelize.OpenReader(bytes.NewReader(sheetOf(t, views(), func(*excelize.File) {})))
	if err != nil {
		t.Fatal(err)
	}
	style := func(cell string) *excelize.Style {
		id, err := f.GetCellStyle("translation", cell)
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for cell, want := range map[string]struct {
		order  uint64
		filled bool
	}{"C10": {1, false}, "D10": {2, false}, "D11": {2, true}, "E10": {2, true}} {
		s := style(cell)
		if filled := len(s.Fill.Color) > 0; s.Alignment.ReadingOrder != want.order || filled != want.filled {
			t.Errorf("%s: reading order %d, filled %v; want %v", cell, s.Alignment.ReadingOrder, filled, want)
		}
	}
	if visible, err := f.GetSheetVisible("original"); visible || err != nil {
		t.Errorf("the sheet of originals is visible: %v, %v", visible, err)
	}
	if panes, err := f.GetPanes("translation"); err != nil || !panes.Freeze || panes.YSplit != 6 {
		t.Errorf("panes = %+v, %v; want frozen below row 6", panes, err)
	}
}

func TestWrite_Refused(t *testing.T) {
	t.Parallel()
	for _, langs := range [][]string{{"en"}, {"fr"}, {"ar", "xx"}} {
		if _, err := translation.Write(views(), langs...); err == nil {
			t.Errorf("Write(%v): no error", langs)
		}
	}
	alone := views()
	alone.Languages = []string{"en"}
	if _, err := translation.Write(alone); err == nil {
		t.Error("Write of a questionnaire in one language: no error")
	}
}

func TestRead_TakesOver(t *testing.T) {
	t.Parallel()
	data := sheetOf(t, views(), func(f *excelize.File) {
		set(t, f, "D11", "اليوم.")
		set(t, f, "E10", "${name}، آپ کیسے ہیں؟")
	})
	got, errs, err := translation.Read(views(), data)
	if err != nil || len(errs) > 0 {
		t.Fatalf("Read: errors %+v, %v", errs, err)
	}
	want := views()
	want.Parts[0].Items[1].Hint["ar"] = "اليوم."
	want.Parts[0].Items[1].Label["ur"] = "${name}، آپ کیسے ہیں؟"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read: (-want +got)\n%s", diff)
	}
}

// TestRead_Errors edits the sheet in ways that go wrong: each is told by row
// and column, and leaves the questionnaire as it is.
func TestRead_Errors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		edit   func(t *testing.T, f *excelize.File)
		row    int
		column string
		want   string
	}{
		{"pipe_lost", func(t *testing.T, f *excelize.File) { set(t, f, "E10", "آپ کیسے ہیں؟") }, rowMood, "Urdu (ur)", "${name} is missing"},
		{"pipe_changed", func(t *testing.T, f *excelize.File) { set(t, f, "E10", "${name} ${Name}") }, rowMood, "Urdu (ur)", "${Name} is not in the source text"},
		{"too_long", func(t *testing.T, f *excelize.File) { set(t, f, "E7", strings.Repeat("x", 1_001)) }, rowTitle, "Urdu (ur)", "1001 characters, may have at most 1000"},
		{"emptied", func(t *testing.T, f *excelize.File) { set(t, f, "D7", "") }, rowTitle, "Arabic (ar)", "The cell is empty"},
		{"unknown_key", func(t *testing.T, f *excelize.File) { set(t, f, "A9", `item "nam" label`) }, rowName, "Where", "no such text"},
		{"no_key", func(t *testing.T, f *excelize.File) { set(t, f, "A9", "") }, rowName, "Where", "no key"},
		{"key_twice", func(t *testing.T, f *excelize.File) { set(t, f, "A12", `item "mood" hint`) }, rowGood, "Where", "already in row 11"},
		{"foreign_language", func(t *testing.T, f *excelize.File) { set(t, f, "E6", "French (fr)") }, 6, "French (fr)", "does not have this language"},
		{"no_language", func(t *testing.T, f *excelize.File) { set(t, f, "E6", "Urdu") }, 6, "Urdu", "names no language"},
		{"language_twice", func(t *testing.T, f *excelize.File) { set(t, f, "E6", "Arabic (ar)") }, 6, "Arabic (ar)", "two columns"},
		{"source_edited", func(t *testing.T, f *excelize.File) { set(t, f, "C7", "My views") }, rowTitle, "English (en)", "changed in the sheet"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			data := sheetOf(t, views(), func(f *excelize.File) { tc.edit(t, f) })
			got, errs, err := translation.Read(views(), data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(views(), got); diff != "" {
				t.Errorf("the questionnaire changed: (-want +got)\n%s", diff)
			}
			found := false
			for _, e := range errs {
				found = found || e.Row == tc.row && e.Column == tc.column && strings.Contains(e.Text, tc.want)
			}
			if !found {
				t.Errorf("errors %+v, want row %d, column %s with %q", errs, tc.row, tc.column, tc.want)
			}
		})
	}
}

// TestReadSheet_Meanwhile changes the questionnaire after the sheet was made.
func TestReadSheet_Meanwhile(t *testing.T) {
	t.Parallel()
	data := sheetOf(t, views(), func(f *excelize.File) {
		set(t, f, "E7", "آپ کی رائے") // the title in Urdu
		set(t, f, "D9", "ما هو اسمك؟")
	})
	t.Run("source_text", func(t *testing.T) {
		def := views()
		def.Title["en"] = "Your opinions"
		review, err := translation.ReadSheet(def, data)
		if err != nil {
			t.Fatal(err)
		}
		if len(review.Stale) != 1 || review.Stale[0].Was != "Your views" || review.Stale[0].Source != "Your opinions" || !review.Stale[0].Stale() {
			t.Fatalf("stale = %+v, want the title with both source texts", review.Stale)
		}
		got, errs, err := translation.Read(def, data)
		if err != nil || got.Title["ur"] != "" || len(errs) != 1 || !strings.Contains(errs[0].Text, "“Your views”, and is now “Your opinions”") {
			t.Errorf("Read = %v, %+v, %v; want the translation held back and both texts named", got.Title, errs, err)
		}
		if left := translation.Apply(&def, review.Stale); len(left) > 0 || def.Title["ur"] != "آپ کی رائے" {
			t.Errorf("Apply of what a person wants all the same: left out %v, title %v", left, def.Title)
		}
	})
	t.Run("translation_here_too", func(t *testing.T) {
		def := views()
		def.Parts[0].Items[0].Label["ar"] = "اسمك؟"
		got, errs, err := translation.Read(def, data)
		if err != nil || got.Parts[0].Items[0].Label["ar"] != "اسمك؟" || len(errs) != 1 || errs[0].Sheet != "ما هو اسمك؟" || errs[0].Ours != "اسمك؟" {
			t.Errorf("Read = %v, %+v, %v; want ours kept and both shown", got.Parts[0].Items[0].Label, errs, err)
		}
	})
	t.Run("translation_here_only", func(t *testing.T) {
		def := views()
		def.Parts[0].Title["ar"] = "حولك"
		got, errs, err := translation.Read(def, data)
		if err != nil || got.Parts[0].Title["ar"] != "حولك" || len(errs) > 0 {
			t.Errorf("Read = %v, %+v, %v; want our change kept without a word", got.Parts[0].Title, errs, err)
		}
	})
	t.Run("between_preview_and_keeping", func(t *testing.T) {
		def := views()
		review, err := translation.ReadSheet(def, data)
		if err != nil || len(review.Changes) != 2 {
			t.Fatalf("changes = %+v, %v; want 2", review.Changes, err)
		}
		def.Parts[0].Items[0].Label["ar"] = "اسمك؟"
		left := translation.Apply(&def, review.Changes)
		if len(left) != 1 || left[0].Lang != "ar" || def.Title["ur"] == "" || def.Parts[0].Items[0].Label["ar"] != "اسمك؟" {
			t.Errorf("left out %+v, labels %v; want what changed meanwhile left alone", left, def.Parts[0].Items[0].Label)
		}
	})
}

// TestRead_Locked leaves the wording of a locked item alone, but takes words in
// a language in which it has none.
func TestRead_Locked(t *testing.T) {
	t.Parallel()
	def := views()
	def.Parts[0].Items[0].Locked = true
	data := sheetOf(t, def, func(f *excelize.File) {
		set(t, f, "D9", "ما هو اسمك؟")
		set(t, f, "E9", "آپ کا نام کیا ہے؟")
	})
	got, errs, err := translation.Read(def, data)
	label := got.Parts[0].Items[0].Label
	if err != nil || label["ar"] != "ما اسمك؟" || label["ur"] == "" || len(errs) != 1 || !strings.Contains(errs[0].Text, "locked") {
		t.Errorf("Read = %v, %+v, %v; want Arabic as it was, Urdu taken over", label, errs, err)
	}
}

// TestRead_WithoutOriginals reads a sheet whose hidden copy was deleted: the
// source column then says what the translator saw.
func TestRead_WithoutOriginals(t *testing.T) {
	t.Parallel()
	data := sheetOf(t, views(), func(f *excelize.File) {
		set(t, f, "E7", "آپ کی رائے")
		if err := f.DeleteSheet("original"); err != nil {
			t.Fatal(err)
		}
	})
	got, errs, err := translation.Read(views(), data)
	if err != nil || got.Title["ur"] != "آپ کی رائے" || len(errs) > 0 {
		t.Errorf("Read = %v, %+v, %v", got.Title, errs, err)
	}
	def := views()
	def.Title["en"] = "Your opinions"
	if got, errs, err := translation.Read(def, data); err != nil || got.Title["ur"] != "" || len(errs) != 1 {
		t.Errorf("Read after a change of the source = %v, %+v, %v; want it held back", got.Title, errs, err)
	}
}

func TestRead_NotASheet(t *testing.T) {
	t.Parallel()
	empty := sheetOf(t, views(), func(f *excelize.File) { set(t, f, "A6", "Ort") })
	for name, data := range map[string][]byte{"text": []byte("Where,What"), "empty": nil, "other_workbook": empty} {
		if _, _, err := translation.Read(views(), data); err == nil || err.Error() == "" {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDone(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]int{"en": 100, "ar": 85, "ur": 0} {
		p := translation.Done(views(), lang)
		if p.Percent() != want || p.Total != 7 || p.Done+len(p.Missing) != p.Total {
			t.Errorf("Done(%s) = %d %%, %d of %d, %d missing; want %d %%", lang, p.Percent(), p.Done, p.Total, len(p.Missing), want)
		}
	}
	missing := translation.Done(views(), "ar").Missing
	want := []translation.Place{{Key: `item "mood" hint`, What: "Hint of “How are you, ${name}?”", Source: "Today."}}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("missing in ar: (-want +got)\n%s", diff)
	}
	if p := translation.Done(q.Definition{}, "ar"); p.Percent() != 100 {
		t.Errorf("nothing to translate is %d %% done, want 100", p.Percent())
	}
}

func asJSON(t *testing.T, def q.Definition) string {
	t.Helper()
	data, err := json.Marshal(def)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
