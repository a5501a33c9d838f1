package app_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/xuri/excelize/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// uploads posts a file as a browser does, with the form's token.
func (d *desk) uploads(path, name string, data []byte) page {
	d.h.tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("csrf", d.csrf); err != nil {
		d.h.tb.Fatal(err)
	}
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		d.h.tb.Fatal(err)
	}
	_, _ = file.Write(data)
	if err := form.Close(); err != nil {
		d.h.tb.Fatal(err)
	}
	d.header.Set("Content-Type", form.FormDataContentType())
	defer d.header.Del("Content-Type")
	return d.send("POST", path, &body)
}

// workbook makes an .xlsx of sheets, each a list of rows.
func workbook(tb testing.TB, sheets map[string][][]string) []byte {
	tb.Helper()
	f := excelize.NewFile()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			tb.Fatal(err)
		}
		for i, row := range rows {
			for j, text := range row {
				cell, _ := excelize.CoordinatesToCellName(j+1, i+1)
				if err := f.SetCellStr(name, cell, text); err != nil {
					tb.Fatal(err)
				}
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func formWorkbook(tb testing.TB) []byte { tb.Helper(); return formWorkbookOf(tb, "") }

// formWorkbookOf has a text before each of its own.
func formWorkbookOf(tb testing.TB, text string) []byte {
	tb.Helper()
	return workbook(tb, map[string][][]string{
		"survey": {{"type", "name", "label::English (en)", "label::French (fr)", "hxl"}, {"select_one mood", "mood", text + "How are you?", text + "Ça va ?", text + "#x"},
			{"text", "why", text + "Why?", text + "Pourquoi ?"}},
		"choices":  {{"list_name", "name", "label::English (en)", "label::French (fr)"}, {"mood", "good", text + "Good", text + "Bien"}, {"mood", "bad", text + "Bad", text + "Mal"}},
		"settings": {{"form_title", "form_id", "default_language"}, {text + "How it went", "how", "English (en)"}},
	})
}

func limeSurvey(tb testing.TB) []byte {
	tb.Helper()
	data, err := os.ReadFile("../surveys/limesurvey/testdata/since_4.lss")
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// TestImport reads a file of each kind, under a name that says nothing, shows
// it, and keeps it as a draft.
func TestImport(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.open("/questionnaires/import").wants(t, 200, "Import a questionnaire").has(t, `enctype="multipart/form-data"`)
	for _, tc := range []struct {
		name  string
		data  []byte
		shows []string
		title string
	}{
		{"workbook", formWorkbook(t), []string{"How it went", "XLSForm workbook", "survey, row 1, hxl", "100", "questions in the workbook", "Ça va ?"}, "How it went"},
		{"limesurvey", limeSurvey(t), []string{"Your views", "LimeSurvey", "array_filter", "questions in the survey", "Rechnen"}, "Your views"},
		{"definition", []byte("\ufeff" + opinions), []string{"Views", "Soundings definition", "Nothing was left out", "How often?"}, "Views"},
		{"not_ready", []byte(`{"title":{"en":"Half"},"languages":["en"]}`), []string{"Half", "parts", "there must be at least one"}, "Half"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			preview := d.uploads("/questionnaires/import", "file.bin", tc.data).wants(t, 303, "/questionnaires/import/").header.Get("Location")
			d.open(preview).wants(t, 200, tc.shows...).has(t, `value="`+strings.ReplaceAll(strings.ToLower(tc.title), " ", "_")+`"`)
			if _, err := h.service.Draft(h.owner, questionnaire.ID("in_"+tc.name)); surveys.KindOf(err) != surveys.KindNotFound {
				t.Errorf("Draft before it is kept: error %v, want none there", err)
			}
			d.sends(preview, url.Values{"id": {"In!"}}).wants(t, 422, "small letters").has(t, `value="In!"`)
			d.sends(preview, nil).wants(t, 422, "Enter the id")
			d.sends(preview, url.Values{"id": {"in_" + tc.name}}).wants(t, 303, "/questionnaires/in_"+tc.name+"/draft")
			draft, err := h.service.Draft(h.owner, questionnaire.ID("in_"+tc.name))
			if err != nil || draft.Definition.Title["en"] != tc.title {
				t.Errorf("Draft = %v, %v; want %s", draft.Definition.Title, err, tc.title)
			}
			d.open(preview).wants(t, 404, "Upload the file again")
		})
	}
}

// TestImport_OverADraft puts a file into the draft of a questionnaire that is
// there, only where that is asked for, and can be undone.
func TestImport_OverADraft(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	preview := d.uploads("/questionnaires/import", "x", formWorkbook(t)).wants(t, 303).header.Get("Location")
	d.sends(preview, url.Values{"id": {"views"}}).wants(t, 422, "There is a questionnaire")
	d.sends(preview, url.Values{"id": {"views"}, "over": {"yes"}}).wants(t, 303, "/questionnaires/views/draft")
	draft, err := h.service.Draft(h.owner, "views")
	if err != nil || draft.Definition.Title["en"] != "How it went" || draft.Base != 1 {
		t.Errorf("Draft = %v of version %d, %v; want the file's, of version 1", draft.Definition.Title, draft.Base, err)
	}
	draft, err = h.service.UndoDraft(h.owner, "views")
	if err != nil || draft.Definition.Title["en"] != "Views" {
		t.Errorf("UndoDraft = %v, %v; want what was there", draft.Definition.Title, err)
	}
}

// TestImport_AsksTheLanguage names the language of texts that the workbook leaves open.
func TestImport_AsksTheLanguage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	data := workbook(t, map[string][][]string{"survey": {{"type", "name", "label"}, {"text", "why", "Pourquoi ?"}}, "settings": {{"form_title"}, {"Avis"}}})
	preview := d.uploads("/questionnaires/import", "x", data).wants(t, 303).header.Get("Location")
	d.open(preview).wants(t, 200, "The language of the texts")
	d.sends(preview, url.Values{"id": {"avis"}, "language": {"xx"}}).wants(t, 422, "Choose the language from the list")
	d.sends(preview, url.Values{"id": {"avis"}, "language": {"fr"}}).wants(t, 303)
	draft, err := h.service.Draft(h.owner, "avis")
	if err != nil || draft.Definition.Languages[0] != "fr" || draft.Definition.Parts[0].Items[0].Label["fr"] != "Pourquoi ?" {
		t.Errorf("Draft = %+v, %v; want it in French", draft.Definition, err)
	}
}

// TestImport_Refused says row by row why a file is refused, and keeps nothing.
func TestImport_Refused(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	broken := workbook(t, map[string][][]string{"survey": {{"type", "name", "label"}, {"txt", "a", "A?"}, {"text", "b", "B?"}, {"select_one none", "c", "C?"}}})
	for _, tc := range []struct {
		name string
		data []byte
		want []string
	}{
		{"nothing", nil, []string{"Choose the file to read"}},
		{"text", []byte("Dear all,"), []string{"cannot be taken over", "E_FILE_FORMAT"}},
		{"workbook", broken, []string{"survey, row 2", "E_UNKNOWN_TYPE", "survey, row 4", "Nothing was kept"}},
		{"limesurvey", []byte("<document><x>"), []string{"LimeSurvey", "E_FILE_CORRUPT", "line 1"}},
		{"entities", []byte(`<!DOCTYPE d [<!ENTITY a "a">]><document/>`), []string{"E_FILE_CORRUPT"}},
		{"json", []byte(`{"titel":{}}`), []string{"titel", "is not a field of a definition"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d.uploads("/questionnaires/import", "questionnaire.xlsx", tc.data).wants(t, 422, tc.want...)
		})
	}
	if drafts, err := h.service.Drafts(h.owner); err != nil || len(drafts) > 0 {
		t.Errorf("Drafts = %v, %v; want none", drafts, err)
	}
}

// TestImport_IsItsUploadersOwn: a preview is no other account's.
func TestImport_IsItsUploadersOwn(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	preview := h.ownersDesk().uploads("/questionnaires/import", "x", formWorkbook(t)).wants(t, 303).header.Get("Location")
	other := h.colleague("designer", surveys.RoleDesigner)
	other.open(preview).wants(t, 404)
	other.sends(preview, url.Values{"id": {"stolen"}}).wants(t, 404)
}

func TestDefinitionDownloads(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	if _, err := h.service.StartDraft(h.owner, "views"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/questionnaires/views/versions/1/export.json", "/questionnaires/views/draft/export.json"} {
		g := d.open(path).wants(t, 200)
		def, err := questionnaire.ParseDefinition([]byte(g.body))
		if err != nil || def.Title["en"] != "Views" || !strings.Contains(g.header.Get("Content-Disposition"), ".json") {
			t.Errorf("%s = %v, %v, %s", path, def.Title, err, g.header.Get("Content-Disposition"))
		}
	}
	for _, path := range []string{"/questionnaires/views/export.xlsx", "/questionnaires/views/export.xlsx?version=1", "/questionnaires/views/versions/1/export.xlsx", "/questionnaires/views/draft/export.xlsx"} {
		g := d.open(path).wants(t, 200)
		preview := d.uploads("/questionnaires/import", "x", []byte(g.body)).wants(t, 303).header.Get("Location")
		d.open(preview).wants(t, 200, "Views", "How often?", "I am calm")
	}
	d.open("/questionnaires/views/versions/9/export.json").wants(t, 404)
	d.open("/questionnaires/views/versions/x/export.json").wants(t, 404)
	g := d.open("/questionnaires/schema.json").wants(t, 200)
	var schema any
	if err := json.Unmarshal([]byte(g.body), &schema); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	if _, err := compiler.Compile("schema.json"); err != nil {
		t.Errorf("schema.json: %v", err)
	}
}

// TestImport_LargeFiles are read of who is signed in; TestBodyLimits has nobody else's.
func TestImport_LargeFiles(t *testing.T) {
	t.Parallel()
	d := classroom(t).ownersDesk()
	large := append([]byte(`{"title":{"en":"x"}}`), bytes.Repeat([]byte(" "), 3<<20)...)
	d.uploads("/questionnaires/import", "x", large).wants(t, 303)
}
