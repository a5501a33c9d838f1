package exports_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/exports"
	"soundings/surveys"
)

// TestPublicationNeedsAProfile: a report that hides nothing has no place in it.
func TestPublicationNeedsAProfile(t *testing.T) {
	w := prePost(t)
	data, report := w.dataset()
	var file bytes.Buffer
	if err := exports.Publication(w.ctx, &file, data, report, exports.Options{}); err == nil || file.Len() > 0 {
		t.Errorf("Publication of a report that hides nothing wrote %d bytes: %v", file.Len(), err)
	}
}

// TestPublicationHoldsNoRows: no sheet of people, and no reference of a response.
func TestPublicationHoldsNoRows(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "then_now": thenNow, "rating": rating, "kinds": kinds} {
		w := make(t)
		f := open(t, w.publication(surveys.ProfilePublished))
		want := []string{"Cover", "Contents", "Headlines", "Reach", "Outcomes", "Item distributions", "Breakdowns", "Quotes", "Notes"}
		if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
			t.Errorf("%s: sheets (-want +got)\n%s", name, diff)
		}
		var references []string
		data, _ := w.dataset()
		for r, err := range data.Responses(w.ctx) {
			if err != nil {
				t.Fatal(err)
			}
			references = append(references, r.ID.Reference(), string(r.ID))
		}
		for _, sheet := range f.GetSheetList() {
			for _, row := range must(f.GetRows(sheet)) {
				for _, cell := range row {
					if slices.Contains(references, cell) {
						t.Errorf("%s: %s names the response %s", name, sheet, cell)
					}
				}
			}
		}
	}
}

// TestNoGapAboveTables: rows that only keep a table in its place are low.
func TestNoGapAboveTables(t *testing.T) {
	f := open(t, prePost(t).publication(surveys.ProfileInternal))
	for _, sheet := range []string{"Reach", "Quotes"} {
		for i, row := range must(f.GetRows(sheet)) {
			if height := must(f.GetRowHeight(sheet, i+1)); len(row) == 0 && height > 4 {
				t.Errorf("%s: row %d is empty and %v points high", sheet, i+1, height)
			}
		}
	}
}

// TestHeadingsOnEachPage: a sheet that may print on several pages repeats its heading.
func TestHeadingsOnEachPage(t *testing.T) {
	w := prePost(t)
	for _, file := range [][]byte{w.workbook(exports.Options{}), w.publication(surveys.ProfileInternal)} {
		f, repeat := open(t, file), map[string]string{}
		for _, name := range f.GetDefinedName() {
			if name.Name == "_xlnm.Print_Titles" {
				repeat[name.Scope] = name.RefersTo
			}
		}
		for _, sheet := range f.GetSheetList() {
			if onOne := sheet == "Cover" || sheet == "Contents" || sheet == "Headlines"; !onOne && repeat[sheet] == "" {
				t.Errorf("%s repeats nothing", sheet)
			}
		}
		if columns := repeat["Matched pairs"]; columns != "" && columns != "'Matched pairs'!$A:$A,'Matched pairs'!$1:$1" {
			t.Errorf("Matched pairs repeats %s", columns)
		}
	}
}
