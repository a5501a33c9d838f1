package exports_test

import (
	"bytes"
	"encoding/csv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys/sheets"
)

func TestTable(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	table := exports.Table{
		Title: "Links", Columns: []exports.TableColumn{{"Name", 20}, {"Number", 9}, {"Opens", 18}, {"Closes", 18}},
		Rows: [][]any{
			{"=HYPERLINK(\"x\")", 3, time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC).In(london), time.Time{}},
			{"Żółw, “comma”", nil, nil, nil}, {"+44", 0, nil, nil},
		},
	}
	var plain, book bytes.Buffer
	if err := table.CSV(&plain); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffName,Number,Opens,Closes\r\n\"'=HYPERLINK(\"\"x\"\")\",3,2026-06-01 09:00,\r\n\"Żółw, “comma”\",,,\r\n'+44,0,,\r\n"
	if plain.String() != want {
		t.Errorf("CSV = %q, want %q", plain.String(), want)
	}
	if err := table.XLSX(&book); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := file.GetRows("Links")
	if err != nil {
		t.Fatal(err)
	}
	if rows[1][0] != "=HYPERLINK(\"x\")" || rows[1][1] != "3" || rows[1][2] != "2026-06-01 09:00" || rows[2][0] != "Żółw, “comma”" {
		t.Errorf("rows = %q, want the texts as they are and the time as the clock shows it", rows)
	}
	if formula, err := file.GetCellFormula("Links", "A2"); err != nil || formula != "" {
		t.Errorf("formula = %q, %v, want none", formula, err)
	}
}

// TestTableGuardsWhatIsQuotedToo: a name that begins with a line break, or that has an
// apostrophe before a formula already, reads back as it is.
func TestTableGuardsWhatIsQuotedToo(t *testing.T) {
	for _, name := range []string{"\n=1+1", "'=1+1", "=1+1", "O'Brien"} {
		var file bytes.Buffer
		if err := (exports.Table{Columns: []exports.TableColumn{{"Name", 9}}, Rows: [][]any{{name}}}).CSV(&file); err != nil {
			t.Fatal(err)
		}
		rows := must(csv.NewReader(&file).ReadAll())
		if got := rows[1][0]; got != sheets.Guarded(name) || sheets.Unguarded(got) != name {
			t.Errorf("%q is written as %q", name, got)
		}
	}
}
