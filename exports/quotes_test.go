package exports_test

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestQuotesSheetsOfTheDemonstrationTellNobody: nothing that points at a person,
// nor the name of a school, is anywhere on the sheet.
func TestQuotesSheetsOfTheDemonstrationTellNobody(t *testing.T) {
	service := surveys.NewService(storetest.SQLite(t), time.Now, rand.Reader)
	loaded := must(demo.Load(t.Context(), service, nil))
	account, _, err := service.SignedIn(t.Context(), must(service.SignIn(t.Context(), loaded.Email, loaded.Password, surveys.Visitor{})).Secret)
	if err != nil {
		t.Fatal(err)
	}
	ctx := surveys.WithAccount(t.Context(), account)
	unsafe := identifying(t)
	for _, p := range loaded.Programmes {
		names := unsafe
		for _, one := range must(service.Institutions(ctx, p.ID)) {
			names = append(names, one.Name)
		}
		for _, s := range p.Strands {
			data := must(service.Dataset(ctx, p.ID, s.ID))
			var file bytes.Buffer
			if err := exports.Workbook(ctx, &file, data, must(outcomes.Build(ctx, data, outcomes.Options{})), exports.Options{}); err != nil {
				t.Fatal(err)
			}
			published := must(outcomes.Build(ctx, data, outcomes.Options{Profile: surveys.ProfilePublished}))
			for _, one := range must(exports.QuotesOf(ctx, exports.Material{Data: data, Report: published})).Rows {
				for _, name := range names {
					if strings.Contains(strings.ToLower(one.Text+" "+one.Attribution()), strings.ToLower(name)) {
						t.Errorf("%s: the published quote %q of %q holds %q", s.ID, one.Text, one.Attribution(), name)
					}
				}
			}
			f := open(t, file.Bytes())
			for i, row := range must(f.GetRows("Quotes")) {
				for _, cell := range row {
					for _, name := range names {
						if strings.Contains(strings.ToLower(cell), strings.ToLower(name)) {
							t.Errorf("%s, row %d: %q holds %q", s.ID, i+1, cell, name)
						}
					}
				}
			}
		}
	}
}

// identifying lists the strings of the demonstration that point at somebody.
func identifying(tb testing.TB) (all []string) {
	tb.Helper()
	file := must(os.Open("../surveys/demo/testdata/identifying_text.csv.gz"))
	defer file.Close() // it was only read
	for _, line := range must(csv.NewReader(must(gzip.NewReader(file))).ReadAll())[1:] {
		all = append(all, strings.Split(line[3], " | ")...)
	}
	return all
}

const roles = `{"title":{"en":"Day"},"languages":["en"],"parts":[{"id":"one","items":[
 {"id":"phase","kind":"single_choice","label":{"en":"Your role?"},"choices":[
  {"code":"head","label":{"en":"Head teacher"},"score":1},{"code":"class","label":{"en":"Class teacher"},"score":0}]},
 {"id":"quote_ok","kind":"consent","label":{"en":"May we quote you?"},"wording":"1"},
 {"id":"why","kind":"long_text","label":{"en":"Why?"},"quotable":true,"consent":"quote_ok"}]}],
 "measures":[{"id":"phase","of":"phase","type":"binary","top":[1],"headline":true}]}`

// quoted is a rating by so many heads and class teachers, one of each quoted.
func quoted(t *testing.T, heads, classes int, place bool) *world {
	w := newWorldIn(t, storetest.SQLite(t), surveys.DesignRating, []byte(roles))
	cohort := 0
	if !place {
		w.addCohort("Evenings", "", surveys.DesignRating)
		cohort = len(w.cohorts) - 1
	}
	for i := range heads + classes {
		answer, id := "head", fmt.Sprintf("%026d", i+1)
		if i >= heads {
			answer = "class"
		}
		w.add(id, cohort, questionnaire.WavePost, 0, "", `{"phase":"`+answer+`","quote_ok":"yes","why":"It helped"}`)
	}
	level := surveys.LevelCohort
	if place {
		level = surveys.LevelPhase
	}
	for id, by := range map[int]string{1: "Head teacher", heads + classes: "Class teacher"} {
		w.attribute(surveys.Reading{
			Response: surveys.ResponseID(fmt.Sprintf("%026d", id)), Variable: "why", Status: surveys.QuoteApproved, Text: "It helped", Attribution: by, Level: level,
		})
	}
	return w
}

// attribute keeps a reading as one that was decided when enough people shared its
// attribution; today the desk would refuse it.
func (w *world) attribute(r surveys.Reading) {
	w.tb.Helper()
	general := r
	general.Attribution, general.Level = "", ""
	general.Status, general.Text, general.Cleared = surveys.QuoteNew, "", true
	if err := w.service.Decide(w.ctx, w.programme.ID, strand, general); err != nil {
		w.tb.Fatal(err)
	}
	kept := must(w.store.Record(w.ctx, "reading", string(r.Response)+"/"+string(r.Variable)))
	kept.Body = must(json.Marshal(r))
	must(w.store.PutRecord(w.ctx, kept))
}

// TestQuotesNameNobodyOfFew counts the people who share role and place.
func TestQuotesNameNobodyOfFew(t *testing.T) {
	for name, test := range map[string]struct {
		heads, classes int
		place          bool
		want           map[string]string // who by where, of either quote
	}{
		"few heads":         {9, 10, false, map[string]string{"Participant": "Evenings", "Class teacher": "Evenings"}},
		"ten of each":       {10, 10, false, map[string]string{"Head teacher": "Evenings", "Class teacher": "Evenings"}},
		"at an institution": {10, 10, true, map[string]string{"Head teacher": "Adults", "Class teacher": "Adults"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, quoted(t, test.heads, test.classes, test.place).workbook(exports.Options{}))
			got := map[string]string{}
			for _, row := range must(f.GetRows("Quotes")) {
				if len(row) > 5 && row[1] == "It helped" {
					got[row[2]] = row[5]
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("quotes are by %v, want %v", got, test.want)
			}
		})
	}
}

// TestCodesHaveNames: a question called like a column about the response.
func TestCodesHaveNames(t *testing.T) {
	f := open(t, quoted(t, 1, 1, true).workbook(exports.Options{}))
	heads := must(f.GetRows("Responses (codes)"))[0]
	seen := map[string]bool{}
	for _, head := range heads {
		if seen[head] || strings.Trim(head, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			t.Errorf("column %q is there twice, or no name for a program", head)
		}
		seen[head] = true
	}
	if !seen["phase"] || !seen["phase_2"] {
		t.Errorf("columns %v, want phase and phase_2", heads)
	}
	if book := fmt.Sprint(must(f.GetRows("Codebook", excelize.Options{RawCellValue: true}))); !strings.Contains(book, "Its id is phase") {
		t.Error("the codebook does not say that phase_2 is phase")
	}
}

// TestWorkbookTellsLateResponsesFromRepeats: what comes in between the figures and
// the rows was not sent again.
func TestWorkbookTellsLateResponsesFromRepeats(t *testing.T) {
	w := prePost(t)
	_, report := w.dataset()
	w.add("00000000000000000000000021", 0, "post", 50, "QQ09QQ09", `{"w1":"2","w2":"2"}`)
	var file bytes.Buffer
	if err := exports.Workbook(w.ctx, &file, must(w.service.Dataset(w.ctx, w.programme.ID, strand)), report, exports.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, row := range must(open(t, file.Bytes()).GetRows("Responses (labels)")) {
		late := row[0] == "00000000000000000000000021"
		if said := strings.Contains(fmt.Sprint(row), "came in after the figures"); said != late {
			t.Errorf("row %v: said to be late: %v", row, said)
		}
	}
}
