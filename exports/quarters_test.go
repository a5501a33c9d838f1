package exports_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys"
)

// quarters are two exports of one strand: of version 1 with half of the answers, and,
// a quarter later, of version 2, which puts an item and a choice between others, with
// a new cohort, a new measure before the old ones, and pairs.
func quarters(tb testing.TB, write func(*world) []byte) (first, second *excelize.File) {
	w := newWorld(tb, surveys.DesignPrePost, "wellbeing-1.json")
	w.add("00000000000000000000000001", 0, "pre", 0, "AN07HI05", `{"heard":"friend","w1":"1","w2":"3","stress":8,"visits":"no"}`)
	first = open(tb, write(w))
	grown := string(must(os.ReadFile("testdata/wellbeing-2.json")))
	grown = strings.Replace(grown, `"measures": [`, `"measures": [{"id": "walks", "of": "walks", "type": "score", "direction": "higher", "label": {"en": "Walks"}},`, 1)
	w.publish("form", []byte(grown))
	w.service = w.service.At(origin.AddDate(0, 0, -1))
	w.addCohort("Summer", "", surveys.DesignPrePost)
	w.service = w.service.At(origin.AddDate(1, 0, 0))
	w.add("00000000000000000000000002", 2, "pre", 1, "BO11LA06", `{"heard":"poster","w1":"2","w2":"2","stress":5,"visits":"no","walks":2}`)
	w.add("00000000000000000000000011", 0, "post", 90, "AN07HI05", `{"w1":"3","w2":"1","stress":3,"visits":"yes","walks":4,"helped":["song"],"recommend":9,"changed":"Much","may_quote":"yes"}`)
	w.add("00000000000000000000000012", 2, "post", 91, "BO11LA06", `{"w1":"3","w2":"2","stress":4,"visits":"yes","walks":7,"helped":["talk"],"recommend":10}`)
	return first, open(tb, write(w))
}

// places are where a team's charts and macros look for things: sheets in their order,
// tables with their first cell and headings, and names.
func places(tb testing.TB, f *excelize.File) (sheets []string, heads map[string]string, names []string) {
	heads = map[string]string{}
	for _, sheet := range f.GetSheetList() {
		sheets = append(sheets, sheet)
		for _, table := range must(f.GetTables(sheet)) {
			from, to, _ := strings.Cut(table.Range, ":")
			column, row, err := excelize.CellNameToCoordinates(from)
			last, _, err2 := excelize.CellNameToCoordinates(to)
			if err != nil || err2 != nil {
				tb.Fatal(err, err2)
			}
			for ; column <= last; column++ {
				cell := must(excelize.CoordinatesToCellName(column, row))
				heads[sheet+"!"+cell] = table.Name + "[" + must(f.GetCellValue(sheet, cell)) + "]"
			}
		}
	}
	for _, name := range f.GetDefinedName() {
		names = append(names, name.Scope+"!"+name.Name+" "+regexp.MustCompile(`\d+$`).ReplaceAllString(name.RefersTo, ""))
	}
	return sheets, heads, names
}

// TestTwoQuarters: each sheet, column and name of the first quarter is at the same
// place in the second; what is new comes after.
func TestTwoQuarters(t *testing.T) {
	for name, write := range map[string]func(*world) []byte{
		"analysis":    func(w *world) []byte { return w.workbook(exports.Options{}) },
		"publication": func(w *world) []byte { return w.publication(surveys.ProfileInternal) },
	} {
		t.Run(name, func(t *testing.T) {
			first, second := quarters(t, write)
			sheets, heads, names := places(t, first)
			later, laterHeads, laterNames := places(t, second)
			if len(later) < len(sheets) || !slices.Equal(sheets, later[:len(sheets)]) {
				t.Errorf("sheets were %q and are %q", sheets, later)
			}
			for _, cell := range slices.Sorted(maps.Keys(heads)) {
				if laterHeads[cell] != heads[cell] {
					t.Errorf("%s was %s and is %s", cell, heads[cell], laterHeads[cell])
				}
			}
			for _, name := range names {
				if !slices.Contains(laterNames, name) {
					t.Errorf("the name %s is gone; there are %q", name, laterNames)
				}
			}
			if name == "analysis" && len(laterHeads) <= len(heads) {
				t.Errorf("there were %d columns and are %d: the new version has none of its own", len(heads), len(laterHeads))
			}
		})
	}
}

// TestRowsOfMeasuresStay: a measure that a later version puts before others comes after
// them.
func TestRowsOfMeasuresStay(t *testing.T) {
	first, second := quarters(t, func(w *world) []byte { return w.workbook(exports.Options{}) })
	rows := func(f *excelize.File) (all []string) {
		table := must(f.GetTables("Outcomes"))[0]
		from, _, _ := strings.Cut(table.Range, ":")
		_, row, _ := excelize.CellNameToCoordinates(from)
		for i := row + 1; ; i++ {
			name := must(f.GetCellValue("Outcomes", fmt.Sprintf("A%d", i)))
			if name == "" {
				return all
			}
			all = append(all, name)
		}
	}
	before, after := rows(first), rows(second)
	if len(after) != len(before)+1 {
		t.Fatalf("measures were %q and are %q", before, after)
	}
	if kind := len(before) - 2; !slices.Equal(before[:2], after[:2]) || after[2] != "Walks" || !slices.Equal(before[len(before)-kind:], after[len(after)-kind:]) {
		t.Errorf("measures were %q and are %q", before, after)
	}
}
