package app_test

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/xuri/excelize/v2"

	"soundings/surveys/questionnaire"
)

const languagesPage = "/questionnaires/views/draft/languages"

// translated downloads the sheet and fills cells in, as a translator does.
func translated(t *testing.T, d *desk, path string, cells map[string]string) []byte {
	t.Helper()
	g := d.open(path).wants(t, 200)
	f, err := excelize.OpenReader(bytes.NewReader([]byte(g.body)))
	if err != nil {
		t.Fatal(err)
	}
	for cell, text := range cells {
		if err := f.SetCellStr("translation", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (h *hall) startDraft(t *testing.T) {
	t.Helper()
	if _, err := h.service.StartDraft(h.owner, "views"); err != nil {
		t.Fatal(err)
	}
}

func (h *hall) draftTitle(t *testing.T) questionnaire.Text {
	t.Helper()
	draft, err := h.service.Draft(h.owner, "views")
	if err != nil {
		t.Fatal(err)
	}
	return draft.Definition.Title
}

func TestLanguagesPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.open(languagesPage).wants(t, 404)
	h.startDraft(t)
	d.open(languagesPage).wants(t, 200, "Written in English", "What is missing", "What helped?").has(t, languagesPage+"/sheet.xlsx?language=ar")
	d.sends(languagesPage, url.Values{"language": {"fr"}}).wants(t, 303, languagesPage)
	d.sends(languagesPage, url.Values{"tag": {"sw"}}).wants(t, 303)
	d.open(languagesPage).wants(t, 200, "Français", "Kiswahili")
	d.sends(languagesPage, url.Values{"tag": {"fr"}}).wants(t, 422, "there already")
	d.sends(languagesPage, url.Values{"tag": {"nonsense-language"}}).wants(t, 422, "Choose a language").has(t, `value="nonsense-language"`)
	d.sends(languagesPage, nil).wants(t, 422, "Choose a language")
	d.sends(languagesPage, url.Values{"remove": {"fr"}}).wants(t, 303)
	d.sends(languagesPage, url.Values{"remove": {"en"}}).wants(t, 422)
	d.open(languagesPage+"/sheet.xlsx?language=fr").wants(t, 404)
}

// TestTranslatorsSheet sends a sheet out and reads it back: what it changes and
// what is wrong with it is shown first, and only then kept.
func TestTranslatorsSheet(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	h.startDraft(t)
	sheet := translated(t, d, languagesPage+"/sheet.xlsx", map[string]string{"D7": "آراء", "A8": "nothing"})
	preview := d.uploads(languagesPage+"/sheets", "x.xlsx", sheet).wants(t, 303, languagesPage+"/sheets/").header.Get("Location")
	d.open(preview).wants(t, 200, "آراء", "row 8", "no such text", "Keep these").has(t, `lang="ar" dir="rtl"`)
	if title := h.draftTitle(t); title["ar"] != "" {
		t.Errorf("before it is kept the title is %v", title)
	}
	d.sends(preview, nil).wants(t, 303, languagesPage+"?kept=1")
	if title := h.draftTitle(t); title["ar"] != "آراء" {
		t.Errorf("after it is kept the title is %v", title)
	}
	d.open(languagesPage+"?kept=1").wants(t, 200, "1 text taken over")
	d.open(preview).wants(t, 404, "Upload the file again")
	d.uploads(languagesPage+"/sheets", "x.xlsx", []byte("no workbook")).wants(t, 422, "Choose a translator’s sheet")
	d.uploads(languagesPage+"/sheets", "x.xlsx", nil).wants(t, 422, "Choose the sheet to read")
}

// TestTranslatorsSheet_Meanwhile changes the source text after the sheet went
// out: the translation is held back until somebody ticks it.
func TestTranslatorsSheet_Meanwhile(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	h.startDraft(t)
	sheet := translated(t, d, languagesPage+"/sheet.xlsx", map[string]string{"D7": "آراء"})
	_, err := h.service.EditDraft(h.owner, "views", "retitle", func(def *questionnaire.Definition) error {
		def.Title["en"] = "Opinions"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	preview := d.uploads(languagesPage+"/sheets", "x.xlsx", sheet).wants(t, 303).header.Get("Location")
	d.open(preview).wants(t, 200, "Held back", "Views", "Opinions", "آراء").has(t, `value="ar title"`)
	d.sends(preview, nil).wants(t, 303, "?kept=0")
	preview = d.uploads(languagesPage+"/sheets", "x.xlsx", sheet).wants(t, 303).header.Get("Location")
	d.sends(preview, url.Values{"stale": {"ar title"}}).wants(t, 303, "?kept=1")
	if title := h.draftTitle(t); title["ar"] != "آراء" || title["en"] != "Opinions" {
		t.Errorf("title = %v, want both", title)
	}
}
