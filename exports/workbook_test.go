package exports_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

var update = flag.Bool("update", false, "write the golden files")

// prePost is a world of pairs exact, near and missed, of two versions, with words
// cleared, quoted, held back and unread.
func prePost(tb testing.TB) *world {
	w := newWorld(tb, surveys.DesignPrePost, "wellbeing-1.json")
	w.add("00000000000000000000000001", 0, "pre", 0, "AN07HI05", `{"heard":"friend","w1":"1","w2":"3","stress":8,"visits":"no"}`)
	w.add("00000000000000000000000002", 0, "pre", 0, "BO11LA06", `{"heard":"other","heard__other":"=cmd|' /C calc'!A0","w1":"2","w2":"2","stress":5,"visits":"no"}`)
	w.add("00000000000000000000000003", 0, "pre", 1, "CE23OX12", `{"heard":"na","w1":"dk","w2":"2","stress":0,"visits":"yes"}`)
	w.add("00000000000000000000000004", 0, "pre", 1, "DI30PA01", `{"w1":"3"}`)
	w.add("00000000000000000000000005", 1, "pre", 1, "EL02QU02", `{"w1":"1","w2":"1","stress":4,"visits":"yes"}`)
	w.publish("form", must(os.ReadFile("testdata/wellbeing-2.json")))
	w.add("00000000000000000000000011", 0, "post", 40, "AN07HI05", `{"w1":"3","w2":"1","stress":3,"visits":"yes","walks":4,"helped":["talk","song"],"recommend":9,"changed":"-2+3 I am calmer","may_quote":"yes"}`)
	w.add("00000000000000000000000012", 0, "post", 41, "BO11LA06", `{"w1":"3","w2":"2","stress":5,"visits":"yes","helped":["none"],"recommend":10,"changed":"Nobody has read this","may_quote":"yes"}`)
	w.add("00000000000000000000000013", 0, "post", 41, "CE23OX11", `{"w1":"2","w2":"2","stress":2,"visits":"yes","recommend":3,"changed":"أشعر بالهدوء 🙂","may_quote":"no"}`)
	w.add("00000000000000000000000014", 1, "post", 42, "ZZ09ZZ09", `{"w1":"2","w2":"2"}`)
	w.decide("00000000000000000000000011", "changed", "[I am] calmer")
	w.decide("00000000000000000000000013", "changed", "")
	return w
}

func thenNow(tb testing.TB) *world {
	w := newWorld(tb, surveys.DesignThenNow, "day-1.json")
	w.add("00000000000000000000000001", 0, "post", 0, "", `{"sure_then":"1","sure_now":"3","useful_day":"2","recommend":9}`)
	w.add("00000000000000000000000002", 0, "post", 0, "", `{"sure_then":"2","sure_now":"2","useful_day":"1","recommend":2}`)
	w.add("00000000000000000000000003", 1, "post", 1, "", `{"sure_then":"1","sure_now":"2","useful_day":"2"}`)
	w.add("00000000000000000000000004", 1, "post", 1, "", `{"sure_now":"2"}`)
	return w
}

func rating(tb testing.TB) *world {
	w := newWorld(tb, surveys.DesignRating, "rating-1.json")
	w.add("00000000000000000000000001", 0, "post", 0, "", `{"useful_day":"2","recommend":9}`)
	w.add("00000000000000000000000002", 1, "post", 0, "", `{"useful_day":"1"}`)
	return w
}

// kinds is a world of the kinds of item that the others lack.
func kinds(tb testing.TB) *world {
	w := newWorld(tb, surveys.DesignRating, "kinds-1.json")
	w.add("00000000000000000000000001", 0, "post", 0, "", `{"proud":3,"pet":"cat","likes":["PE","art"],"likes__order":["art","PE"],"days":["Mon.","other"],
		"days_other":"my birthday","how":"2","how__other":"by boat","how__order":["2","1"],"born":"2014-03-07","joined":"2025-09","bedtime":"21:30",
		"met":"2026-01-02T09:05","read_it":"OK","site":"north"}`)
	w.add("00000000000000000000000002", 1, "post", 0, "", `{"proud":5,"days":["Mon."],"days_other":"left the path","how":"1","how__order":["1","2"],"born":"1899-12-31"}`)
	w.add("00000000000000000000000003", 1, "post", 1, "", `{"proud":"dk"}`)
	w.decide("00000000000000000000000001", "days_other", "")
	return w
}

func TestWorkbookGolden(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *world{"pre_post": prePost, "then_now": thenNow, "rating": rating, "kinds": kinds} {
		t.Run(name, func(t *testing.T) {
			w := make(t)
			golden(t, "testdata/"+name+".golden", listing(t, w.workbook(exports.Options{By: "A. Evaluator", Contact: "evaluation@example.org"})))
			golden(t, "testdata/"+name+"_publication.golden", listing(t, w.publication(surveys.ProfileInternal)))
		})
	}
}

// listing is a workbook as a person can review it: "sheet!cell type style value".
func listing(tb testing.TB, file []byte) string {
	tb.Helper()
	f := open(tb, file)
	var text strings.Builder
	for _, sheet := range f.GetSheetList() {
		rows := must(f.GetRows(sheet, excelize.Options{RawCellValue: true}))
		for i, row := range rows {
			for j, value := range row {
				cell := must(excelize.CoordinatesToCellName(j+1, i+1))
				formula := must(f.GetCellFormula(sheet, cell))
				if value == "" && formula == "" {
					continue
				}
				fmt.Fprintf(&text, "%s!%s %s %s %q\n", sheet, cell, kindOf(f, sheet, cell), styleOf(f, sheet, cell), value+withEquals(formula))
			}
		}
	}
	return text.String()
}

func withEquals(formula string) string {
	if formula == "" {
		return ""
	}
	return " =" + formula
}

func kindOf(f *excelize.File, sheet, cell string) string {
	switch must(f.GetCellType(sheet, cell)) {
	case excelize.CellTypeInlineString, excelize.CellTypeSharedString:
		return "text"
	case excelize.CellTypeFormula:
		return "formula"
	case excelize.CellTypeUnset, excelize.CellTypeNumber:
		return "number"
	}
	return "other"
}

// styleOf is the number format of a cell, and whether it is marked as text.
func styleOf(f *excelize.File, sheet, cell string) string {
	id := must(f.GetCellStyle(sheet, cell))
	style := must(f.GetStyle(id))
	format := "General"
	if style.CustomNumFmt != nil {
		format = *style.CustomNumFmt
	}
	if style.NumFmt == 49 {
		format = "@"
	}
	if quote := f.Styles.CellXfs.Xf[id].QuotePrefix; quote != nil && *quote {
		format = "'" + format
	}
	return strings.ReplaceAll(format, " ", "_")
}

func TestWorkbookSheets(t *testing.T) {
	all := []string{"Cover", "Headlines", "Reach", "Outcomes", "Answers", "Item distributions", "Unmatched and drop-out", "Breakdowns", "Decisions", "Reliability", "Sensitivity", "Other comparisons", "Bands", "Scales", "Matched pairs", "Quotes", "Responses (labels)", "Responses (codes)", "Codebook", "Notes"}
	without := func(names ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(names, name) })
	}
	for _, test := range []struct {
		name  string
		world func(testing.TB) *world
		want  []string
	}{{"pre_post", prePost, all}, {"then_now", thenNow, without("Unmatched and drop-out", "Sensitivity")}, {"rating", rating, without("Unmatched and drop-out", "Sensitivity", "Matched pairs")}} {
		t.Run(test.name, func(t *testing.T) {
			got := open(t, test.world(t).workbook(exports.Options{})).GetSheetList()
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("sheets (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWorkbookSaysNothingUncleared(t *testing.T) {
	got := listing(t, prePost(t).workbook(exports.Options{}))
	for _, secret := range []string{"Nobody has read this", "cmd|"} {
		if strings.Contains(got, secret) {
			t.Errorf("the workbook holds %q, which nobody has cleared", secret)
		}
	}
	for _, want := range []string{"-2+3 I am calmer", "أشعر بالهدوء 🙂", "[I am] calmer", "[not yet read]"} {
		if !strings.Contains(got, want) {
			t.Errorf("the workbook lacks %q", want)
		}
	}
}

// TestWorkbookHoldsBackWhatAQuoteLeavesOut: who takes a name out of a quote has
// not agreed that the name leaves in the rows.
func TestWorkbookHoldsBackWhatAQuoteLeavesOut(t *testing.T) {
	w := prePost(t)
	err := w.service.Decide(w.ctx, w.programme.ID, strand, surveys.Reading{
		Response: "00000000000000000000000012", Variable: "changed", Status: surveys.QuoteApproved, Text: "[Someone] has read this", Attribution: "Participant",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := listing(t, w.workbook(exports.Options{}))
	if strings.Contains(got, "Nobody has read this") || !strings.Contains(got, "[Someone] has read this") || !strings.Contains(got, "[held back]") {
		t.Error("the workbook holds the answer behind a quote that was reworded, or lacks the quote")
	}
}

func TestWorkbookForgetsAQuoteWithoutConsent(t *testing.T) {
	w := prePost(t)
	const id = "00000000000000000000000011"
	r := must(w.store.Response(w.ctx, id))
	r.Answers["may_quote"] = questionnaire.Answer{Choice: "no"} // as if it had been taken back
	if err := w.store.PutResponse(w.ctx, r, nil); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, w.workbook(exports.Options{})); strings.Contains(got, "[I am] calmer") {
		t.Error("the workbook quotes somebody who does not agree")
	}
}

func TestWorkbookFiguresAreTheReports(t *testing.T) {
	w := prePost(t)
	_, report := w.dataset()
	f := open(t, w.workbook(exports.Options{}))
	rows := must(f.GetRows("Matched pairs", excelize.Options{RawCellValue: true}))
	for _, m := range report.Measures {
		if m.Paired == nil {
			continue
		}
		n, sum := 0, 0.0
		for _, row := range rows[1:] {
			for i, head := range rows[0] {
				if head == string(m.ID)+"_change" && i < len(row) && row[i] != "" {
					var v float64
					must(fmt.Sscan(row[i], &v))
					n, sum = n+1, sum+v
				}
			}
		}
		want, _ := m.Paired.Diff.Mean.Float()
		if n != m.Paired.NMatched || n > 0 && !near(sum/float64(n), want) {
			t.Errorf("%s: Matched pairs has %d changes of mean %v, the report %d of %v", m.ID, n, sum/float64(n), m.Paired.NMatched, want)
		}
	}
}

func near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }

func TestWorkbookSplitsFullSheets(t *testing.T) {
	w := prePost(t) // 9 responses
	f := open(t, w.workbook(exports.Options{RowsPerSheet: 5}))
	for _, name := range []string{"Responses (labels)", "Responses (codes)"} {
		total := 0
		for _, sheet := range []string{name, name + " (2)", name + " (3)"} {
			rows := must(f.GetRows(sheet))
			if len(rows) > 5 || rows[0][0] != must(f.GetRows(name))[0][0] {
				t.Errorf("%s has %d rows and begins with %q", sheet, len(rows), rows[0][0])
			}
			total += len(rows) - 1
		}
		if total != 9 {
			t.Errorf("%s: %d rows on all sheets, want 9", name, total)
		}
	}
}

func TestWorkbookIsTheSameTwice(t *testing.T) {
	w := prePost(t)
	if a, b := w.workbook(exports.Options{}), w.workbook(exports.Options{}); string(a) != string(b) {
		t.Error("two workbooks of the same data differ")
	}
}

func TestWorkbookOfNothing(t *testing.T) {
	for _, design := range []surveys.Design{surveys.DesignPrePost, surveys.DesignThenNow, surveys.DesignRating} {
		definition := "day-1.json"
		if design == surveys.DesignPrePost {
			definition = "wellbeing-1.json"
		}
		got := listing(t, newWorld(t, design, definition).workbook(exports.Options{}))
		for _, bad := range []string{"NaN", "#DIV/0!", "Inf"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s without responses: the workbook holds %s", design, bad)
			}
		}
	}
}
