package exports_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// naughtyTexts come from people, and reach the cells as they are.
var naughtyTexts = []string{
	"=1+1", "+44 20 7946 0000", "-", "@SUM(1)", "\tTab", `=HYPERLINK("http://x","y")`, `"quotes" and 'quotes'`, "two\r\nlines", "🙂👨‍👩‍👧",
	"أشعر بالهدوء", "a\x00b\x0bc", "_x0041_", "&amp; <b>", "007", strings.Repeat("ä", 40000),
}

// naughtyWorld has those texts as answers that were cleared.
func naughtyWorld(tb testing.TB) *world {
	w := prePost(tb)
	for i, text := range naughtyTexts {
		id := fmt.Sprintf("000000000000000000000001%02d", i)
		w.put(id, questionnaire.Answers{"changed": {Text: text}, "helped": {Choices: []string{"talk"}}})
		w.decide(id, "changed", "")
	}
	return w
}

func TestTextsOfPeopleStayTexts(t *testing.T) {
	f := open(t, naughtyWorld(t).workbook(exports.Options{}))
	for _, sheet := range []string{"Responses (labels)", "Responses (codes)"} {
		rows := must(f.GetRows(sheet, excelize.Options{RawCellValue: true}))
		column := 0
		for i, head := range rows[0] {
			if head == "changed" || head == "What has changed?" {
				column = i
			}
		}
		for i, text := range naughtyTexts {
			row := len(rows) - len(naughtyTexts) + i
			cell := must(excelize.CoordinatesToCellName(column+1, row+1))
			if kind := must(f.GetCellType(sheet, cell)); kind != excelize.CellTypeInlineString {
				t.Errorf("%s!%s %.20q has type %v", sheet, cell, text, kind)
			}
			if formula := must(f.GetCellFormula(sheet, cell)); formula != "" {
				t.Errorf("%s!%s %.20q is the formula %s", sheet, cell, text, formula)
			}
			if style := styleOf(f, sheet, cell); style != "'@" {
				t.Errorf("%s!%s %.20q has style %s, want text with a quote", sheet, cell, text, style)
			}
			want := strings.NewReplacer("\r\n", "\n", "\x00", "\ufffd", "\x0b", "\ufffd").Replace(text)
			if got := rows[row][column]; got != want && len(text) < 40000 {
				t.Errorf("%s!%s = %q, want %q", sheet, cell, got, want)
			}
		}
		if last := rows[len(rows)-1][column]; !strings.HasSuffix(last, "]") || len([]rune(last)) != 32767 {
			t.Errorf("%s: a text of 40,000 characters has %d in its cell, ending %q", sheet, len([]rune(last)), last[len(last)-20:])
		}
	}
	notes := listing(t, naughtyWorld(t).workbook(exports.Options{}))
	for _, want := range []string{"1 text was longer", "1 text had"} {
		if !strings.Contains(notes, want) {
			t.Errorf("Notes do not say %q", want)
		}
	}
}

// readWithOpenpyxl prints what another reader finds: sheets, dimensions in its
// read-only mode, tables, and formulas on the sheets of data.
const readWithOpenpyxl = `
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
for sheet in book:
    formulas = sum(1 for row in sheet.iter_rows() for c in row if c.data_type == "f")
    if formulas and sheet.title != "Outcomes":
        print("formulas on", sheet.title, formulas)
    for table in sheet.tables.values():
        heads = [c.value for c in sheet[table.ref][0]]
        if heads != [c.name for c in table.tableColumns]:
            print("table", table.name, "has other headings than its cells")
        if len(set(h.lower() for h in heads)) != len(heads):
            print("table", table.name, "has a heading twice")
    if sheet.merged_cells.ranges:
        print("merged cells on", sheet.title)
lazy = openpyxl.load_workbook(sys.argv[1], read_only=True)
print("labels", sum(1 for _ in lazy["Responses (labels)"].rows))
print("codes", sum(1 for _ in lazy["Responses (codes)"].rows))
labels, codes = book["Responses (labels)"], book["Responses (codes)"]
print("ids", [c.value for c in labels["A"]][1:] == [c.value for c in codes["A"]][1:])
print("title", bool(book.properties.title), book.properties.language)
print("submitted", labels["J2"].value, labels["J2"].number_format)
`

func TestAnotherReader(t *testing.T) {
	python := needsPython(t, "openpyxl")
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := os.WriteFile(path, naughtyWorld(t).workbook(exports.Options{}), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := exec.CommandContext(t.Context(), python, "-c", readWithOpenpyxl, path).CombinedOutput()
	n := 9 + len(naughtyTexts) + 1
	want := fmt.Sprintf("labels %d\ncodes %d\nids True\ntitle True en-GB\nsubmitted 2026-03-28 23:30:00 yyyy-mm-dd hh:mm\n", n, n)
	if err != nil || string(got) != want {
		t.Errorf("openpyxl says (%v):\n%swant:\n%s", err, got, want)
	}
}

// TestLibreOfficeAgrees has LibreOffice open the workbook, work out every formula
// anew, and write it again.
func TestLibreOfficeAgrees(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil && os.Getenv("CI") != "" && !testing.Short() {
		t.Fatal("LibreOffice (soffice) is not installed")
	}
	if err != nil || testing.Short() {
		t.Skip("LibreOffice (soffice) is not installed, or -short: it has not opened the workbook")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "book.xlsx")
	file := naughtyWorld(t).workbook(exports.Options{})
	uncached, formulas := withoutCachedValues(t, file)
	if formulas == 0 {
		t.Fatal("the workbook has no formula to work out")
	}
	if err := os.WriteFile(path, uncached, 0o600); err != nil {
		t.Fatal(err)
	}
	convert := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+folder+"/profile", "--headless",
		"--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(folder, "out"), path)
	said, err := convert.CombinedOutput()
	again, readErr := os.ReadFile(filepath.Join(folder, "out", "book.xlsx"))
	if err := errors.Join(err, readErr); err != nil || strings.Contains(string(said), "Error") {
		t.Fatalf("LibreOffice: %v\n%s", err, said)
	}
	before, after := open(t, file), open(t, again)
	for _, sheet := range before.GetSheetList() {
		rows := must(before.GetRows(sheet, excelize.Options{RawCellValue: true}))
		for i, row := range rows {
			for j, want := range row {
				cell := must(excelize.CoordinatesToCellName(j+1, i+1))
				got := must(after.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true}))
				if got != want && !sameNumber(got, want) && len(want) < 30000 && !strings.ContainsRune(want, '\ufffd') {
					t.Errorf("%s!%s = %.60q, want %.60q", sheet, cell, got, want)
				}
			}
		}
	}
}

// withoutCachedValues takes the values from the cells of formulas, so that whoever
// opens the file has to work them out, and counts them.
func withoutCachedValues(t *testing.T, file []byte) ([]byte, int) {
	t.Helper()
	in := must(zip.NewReader(bytes.NewReader(file), int64(len(file))))
	var out bytes.Buffer
	archive, formulas := zip.NewWriter(&out), 0
	cached := regexp.MustCompile(`(</f>)<v>[^<]*</v>`)
	for _, part := range in.File {
		content := must(io.ReadAll(must(part.Open())))
		if strings.HasPrefix(part.Name, "xl/worksheets/sheet") {
			formulas += len(cached.FindAll(content, -1))
			content = cached.ReplaceAll(content, []byte("$1"))
		}
		_ = must(must(archive.Create(part.Name)).Write(content))
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), formulas
}

func sameNumber(a, b string) bool {
	var x, y float64
	if _, err := fmt.Sscan(a, &x); err != nil {
		return false
	}
	_, err := fmt.Sscan(b, &y)
	return err == nil && near(x, y)
}

// stopping fails after some bytes, as a connection does.
type stopping struct {
	bytes.Buffer
	left int
}

var errStopped = errors.New("the connection is gone")

func (s *stopping) Write(p []byte) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, errStopped
	}
	return s.Buffer.Write(p)
}

func TestWorkbookReportsAFailingWriter(t *testing.T) {
	w := prePost(t)
	data, report := w.dataset()
	size, places := len(w.workbook(exports.Options{})), 40
	if testing.Short() {
		places = 6
	}
	for n := 0; n < size; n += size/places + 1 {
		if err := exports.Workbook(w.ctx, &stopping{left: n}, data, report, exports.Options{}); !errors.Is(err, errStopped) {
			t.Errorf("Workbook to a writer that fails after %d of %d bytes: %v", n, size, err)
		}
	}
	if err := exports.Workbook(w.ctx, &stopping{left: size}, data, report, exports.Options{}); err != nil {
		t.Errorf("Workbook to a writer that fails later: %v", err)
	}
}

func TestWorkbookStopsWithItsContext(t *testing.T) {
	w := prePost(t)
	data, report := w.dataset()
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	var file bytes.Buffer
	if err := exports.Workbook(ctx, &file, data, report, exports.Options{}); !errors.Is(err, context.Canceled) || file.Len() > 0 {
		t.Errorf("Workbook with a cancelled context wrote %d bytes: %v", file.Len(), err)
	}
}

func TestWorkbookRefusesAResponseOfNoVersion(t *testing.T) {
	w := prePost(t)
	data, report := w.dataset()
	data.Instruments = data.Instruments[:1]
	err := exports.Workbook(w.ctx, &bytes.Buffer{}, data, report, exports.Options{})
	if err == nil || surveys.KindOf(err) != surveys.KindInternal {
		t.Errorf("Workbook without version 2: %v", err)
	}
}
