package browsertest_test

import (
	"archive/zip"
	"io"
	"strings"
	"testing"
)

// TestExportFromAnswerToCell answers on a phone, asks for the analysis workbook on the
// page of exports, which fetches it as soon as it is made, and finds the row; then the
// same without JavaScript.
func TestExportFromAnswerToCell(t *testing.T) {
	l := newLink(t, "pupils", "pre")
	respondent := entered(t, l)
	respondent.finish()
	respondent.send()
	for _, script := range []bool{true, false} {
		p, folder := signedIn(t, desk), t.TempDir()
		p.downloadTo(folder)
		p.script(script)
		p.visit("/programmes/" + l.programme + "/exports?strand=pupils")
		p.wantGoodDesks("exports")
		p.visit("/programmes/" + l.programme + "/exports?strand=pupils") // its menus are shut again
		p.click(`input[value="analysis.xlsx"]`)
		p.click(`form.stack button.main`)
		wantRow(t, awaitFile(t, folder), "TestExportFromAnswerToCell", "Own phone or computer")
		p.wantGoodDesks("export")
	}
}

// wantRow looks for a row of some sheet that has all these cells.
func wantRow(t *testing.T, path string, cells ...string) {
	t.Helper()
	book, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	for _, file := range book.File {
		if !strings.HasPrefix(file.Name, "xl/worksheets/sheet") {
			continue
		}
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range strings.Split(string(text), "</row>") {
			if hasAll(row, cells) {
				return
			}
		}
	}
	t.Errorf("no row of the workbook has %v", cells)
}

func hasAll(text string, pieces []string) bool {
	for _, piece := range pieces {
		if !strings.Contains(text, piece) {
			return false
		}
	}
	return true
}
