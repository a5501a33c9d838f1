package exports_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys/questionnaire"
	"soundings/surveys/sheets"
)

// write makes a file of a format.
func (w *world) write(id string, opt exports.Options) []byte {
	w.tb.Helper()
	data, report := w.dataset()
	format, ok := exports.FormatOf(id)
	if !ok {
		w.tb.Fatalf("no format %s", id)
	}
	var file bytes.Buffer
	if err := format.Write(w.ctx, &file, exports.Material{Data: data, Report: report, Options: opt}); err != nil {
		w.tb.Fatal(err)
	}
	return file.Bytes()
}

// unzip returns the files of an archive.
func unzip(tb testing.TB, file []byte) map[string]string {
	tb.Helper()
	files := map[string]string{}
	for _, f := range must(zip.NewReader(bytes.NewReader(file), int64(len(file)))).File {
		files[f.Name] = string(must(io.ReadAll(must(f.Open()))))
	}
	return files
}

func readCSV(tb testing.TB, text string) [][]string {
	tb.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return rows
}

func TestCSVGolden(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "then_now": thenNow, "rating": rating, "kinds": kinds} {
		for _, id := range []string{"csv.zip", "csv-excel.zip"} {
			var got strings.Builder
			files := unzip(t, make(t).write(id, exports.Options{}))
			for _, file := range []string{"README.txt", "responses_codes.csv", "responses_labels.csv", "matched_pairs.csv", "missing_reasons.csv", "codebook.csv"} {
				if text, ok := files[file]; ok {
					got.WriteString("== " + file + "\n" + strings.ReplaceAll(text, "\r\n", "\n"))
				}
			}
			golden(t, "testdata/"+name+"."+strings.TrimSuffix(id, ".zip")+".golden", got.String())
		}
	}
}

// golden compares text with a file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s is other than before; look at it, then run with -update (-want +got):\n%s", path, diff)
	}
}

// TestCSVHoldsTheRowsOfTheWorkbook: the same rows and columns in the same order, with
// the same values.
func TestCSVHoldsTheRowsOfTheWorkbook(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "then_now": thenNow, "rating": rating, "kinds": kinds} {
		w := make(t)
		book, files := open(t, w.workbook(exports.Options{})), unzip(t, w.write("csv.zip", exports.Options{}))
		for file, sheet := range map[string]string{"responses_codes.csv": "Responses (codes)", "responses_labels.csv": "Responses (labels)", "matched_pairs.csv": "Matched pairs", "codebook.csv": "Codebook"} {
			text, ok := files[file]
			if !ok && !slices.Contains(book.GetSheetList(), sheet) {
				continue
			}
			want := must(book.GetRows(sheet, excelize.Options{RawCellValue: true}))
			for i, row := range readCSV(t, text) {
				for j, got := range row {
					value := ""
					if i < len(want) && j < len(want[i]) {
						value = want[i][j]
					}
					if got != value && !sameNumber(got, value) && !sameMoment(got, value) {
						t.Errorf("%s: %s row %d column %d = %q, in the workbook %q", name, file, i+1, j+1, got, value)
					}
				}
			}
		}
	}
}

// sameMoment reports whether a time of a file is the number that Excel has for it.
func sameMoment(text, number string) bool {
	serial, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return false
	}
	at := must(excelize.ExcelDateToTime(serial, false))
	return text == at.Format("2006-01-02 15:04:05") || text == at.Format("2006-01-02")
}

func TestCSVOfOneFile(t *testing.T) {
	w := prePost(t)
	exact, guarded := unzip(t, w.write("csv.zip", exports.Options{})), unzip(t, w.write("csv-excel.zip", exports.Options{}))
	if got := string(w.write("codes.csv", exports.Options{})); got != exact["responses_codes.csv"] {
		t.Errorf("codes.csv = %q, want that of the archive", got)
	}
	if got := string(w.write("labels.csv", exports.Options{})); got != guarded["responses_labels.csv"] || !strings.HasPrefix(got, "\ufeff") {
		t.Errorf("labels.csv = %q, want that of the archive", got)
	}
}

func TestCSVOfNaughtyTexts(t *testing.T) {
	w := naughtyWorld(t)
	exact := readCSV(t, unzip(t, w.write("csv.zip", exports.Options{}))["responses_labels.csv"])
	guarded := readCSV(t, unzip(t, w.write("csv-excel.zip", exports.Options{}))["responses_labels.csv"])
	column := slices.Index(exact[0], "What has changed?")
	for i, text := range naughtyTexts {
		row := len(exact) - len(naughtyTexts) + i
		// What reads it takes every line break for one sort.
		want := strings.NewReplacer("\r\n", "\n", "\x00", "\ufffd").Replace(text)
		if got := exact[row][column]; got != want {
			t.Errorf("exact: %.40q, want %.40q", got, want)
		}
		if len(text) > 40000 {
			want = guarded[row][column]
			if len([]rune(want)) != 32767 || !strings.HasSuffix(want, "]") {
				t.Errorf("guarded: a long text has %d characters", len([]rune(want)))
			}
		}
		if got := guarded[row][column]; got != sheets.Guarded(want) {
			t.Errorf("guarded: %.40q, want %.40q", got, sheets.Guarded(want))
		}
	}
	for _, row := range guarded {
		for _, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" && strings.ContainsRune("=+-@\t\r\n", []rune(cell)[0]) {
				t.Errorf("a cell for spreadsheets begins dangerously: %q", cell)
			}
		}
	}
}

func TestCSVNeverGuardsNumbers(t *testing.T) {
	w := newWorld(t, "rating", "rating-1.json")
	below := -3.5
	w.put("00000000000000000000000009", questionnaire.Answers{"recommend": {Number: &below}})
	if file := string(w.write("labels.csv", exports.Options{})); !strings.Contains(file, ",-3.5") {
		t.Errorf("%s", file)
	}
}

func TestFormatsReportAFailingWriter(t *testing.T) {
	w := prePost(t)
	data, report := w.dataset()
	for _, format := range exports.Formats() {
		if format.Ending == "xlsx" {
			continue // see TestWorkbookReportsAFailingWriter
		}
		m := exports.Material{Data: data, Report: report}
		var whole bytes.Buffer
		if err := format.Write(w.ctx, &whole, m); err != nil {
			t.Fatalf("%s: %v", format.ID, err)
		}
		var again bytes.Buffer
		if err := format.Write(w.ctx, &again, m); err != nil || !bytes.Equal(whole.Bytes(), again.Bytes()) {
			t.Errorf("%s is other bytes when it is made twice (%v)", format.ID, err)
		}
		for n := 0; n < whole.Len(); n += whole.Len()/10 + 1 {
			if err := format.Write(w.ctx, &stopping{left: n}, m); !errors.Is(err, errStopped) {
				t.Errorf("%s to a writer that fails after %d bytes: %v", format.ID, n, err)
			}
		}
	}
}
