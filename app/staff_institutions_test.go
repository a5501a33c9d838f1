package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// sendsFile posts a file in a form with the sign-in's token.
func (d *desk) sendsFile(path, control, name, content string) page {
	d.h.tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must := func(err error) {
		if err != nil {
			d.h.tb.Fatal(err)
		}
	}
	must(form.WriteField("csrf", d.csrf))
	part, err := form.CreateFormFile(control, name)
	must(err)
	_, err = part.Write([]byte(content))
	must(err)
	must(form.Close())
	d.header.Set("Content-Type", form.FormDataContentType())
	defer d.header.Del("Content-Type")
	return d.send("POST", path, &body)
}

func TestReadInstitutions(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	at := h.programmePath() + "/institutions"
	d.sendsFile(at+"/import", "file", "none.csv", "").wants(t, 422, "Choose the spreadsheet")
	sheet := "School name;Key stage;Poster language;Expected;Remarks\nElm;Primary;Polish;30;x\nOak;;Elvish;many;\n"
	preview := d.sendsFile(at+"/import", "file", "s.csv", sheet).wants(t, 303, at+"/import/").header.Get("Location")
	g := d.open(preview).wants(t, 200, "2 things are to be mended", "“Elvish” is not known", "“many” is none", "Take the 1 row that is right", "not used", "language of posters")
	checkHTML(t, g)
	d.sends(preview, url.Values{"do": {"all"}}).wants(t, 422, "Elvish")
	d.open(at).wants(t, 200, "There is none yet")
	d.sends(preview, url.Values{"do": {"good"}}).wants(t, 303, at)
	g = d.open(at).wants(t, 200, "Elm", "Primary", "Polski", "30")
	checkHTML(t, g)
	d.open(preview).wants(t, 404, "Upload the file again")

	again := d.sendsFile(at+"/import", "file", "s.csv", strings.Replace(sheet, "30", "31", 1)).wants(t, 303).header.Get("Location")
	d.open(again).wants(t, 200, "expected: Views: 30 → 31", "Changed")
	d.open(h.programmePath()+"/audit").wants(t, 200, "institutions: imported")
}

// TestBlankInstitutions fills in the sheet that is offered and sends it back.
func TestBlankInstitutions(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	at := h.programmePath() + "/institutions"
	file, err := excelize.OpenReader(strings.NewReader(d.open(at+"/blank.xlsx").wants(t, 200).body))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 51 {
		row := []any{fmt.Sprintf("School %d", i+1), "school", "Primary", "", "Urdu", "", "2026-01-12", "", 28}
		if err := file.SetSheetRow("Institutions", fmt.Sprintf("A%d", i+2), &row); err != nil {
			t.Fatal(err)
		}
	}
	filled, err := file.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	preview := d.sendsFile(at+"/import", "file", "s.xlsx", filled.String()).wants(t, 303).header.Get("Location")
	d.open(preview).wants(t, 200, "Keep all 51 rows").lacks(t, "not used", "To be mended")
	d.sends(preview, nil).wants(t, 303)
	d.open(at).wants(t, 200, "51 institutions", "اردو", "School 51")
}
