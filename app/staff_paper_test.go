package app_test

import (
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

var updatePaper = flag.Bool("update_paper", false, "write the printed forms anew, to be read in review")

// paperHall is a hall with a batch of 20 forms.
func paperHall(t *testing.T, definition questionnaire.Definition) (*hall, *desk, string) {
	t.Helper()
	h := hallWith(t, definition, app.Config{})
	d := h.colleague("clerk", surveys.RoleFacilitator)
	made := d.sends(h.programmePath()+"/paper", url.Values{"cohort": {string(h.link.Cohort)}, "asked": {"pupils/post"}, "declared": {"20"}, "twice": {"yes"}})
	made.wants(t, 303)
	return h, d, made.header.Get("Location")
}

// TestPrintedForms compares forms with every kind of item, and with conditions, with
// how they were read last.
func TestPrintedForms(t *testing.T) {
	t.Parallel()
	everything := hallWith(t, readDefinition(t, "everything"), app.Config{})
	logic := hallWith(t, readDefinition(t, "logic"), app.Config{})
	kinds, _ := kindsHall(t)
	for name, h := range map[string]*hall{"everything": everything, "kinds": kinds, "logic": logic} {
		d := h.ownersDesk()
		print := "/questionnaires/views/versions/1/paper?wave=post&lang="
		page := d.open(print+"en").wants(t, 200)
		checkHTML(t, page)
		page.lacks(t, "ZgotmplZ", "<no value>", "%!", " onclick", "style=", "<script")
		wantGolden(t, filepath.Join("testdata", "paper", name+".html"), page.body)
		arabic := d.open(print+"ar&large=true").wants(t, 200)
		checkHTML(t, arabic)
		arabic.has(t, `lang="ar" dir="rtl" class="tall large"`)
	}
}

// mediumID is the digest of a picture, which another encoder may draw otherwise.
var mediumID = regexp.MustCompile(`[0-9a-f]{64}`)

// wantGolden compares the lines of a page, without its sheet's address.
func wantGolden(t *testing.T, file, body string) {
	t.Helper()
	var lines []string
	for line := range strings.Lines(body) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(line, "stylesheet") {
			lines = append(lines, line)
		}
	}
	got := mediumID.ReplaceAllString(strings.Join(lines, "\n"), "MEDIUM") + "\n"
	if *updatePaper {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestBatchPrintsNumbers prints a batch's form with squares, and with numbers.
func TestBatchPrintsNumbers(t *testing.T) {
	t.Parallel()
	_, d, batch := paperHall(t, readDefinition(t, "everything"))
	d.open(batch+"/print").wants(t, 200, "P-0001").has(t, `class="squares"`)
	numbered := d.open(batch+"/print?from=3&to=5&large=true").wants(t, 200)
	if n := strings.Count(numbered.body, `<table class="form">`); n != 3 {
		t.Errorf("%d forms are printed, want 3", n)
	}
	numbered.has(t, `<b dir="ltr">4</b>`, `large`)
}

func TestBatchIsMade(t *testing.T) {
	t.Parallel()
	h, d, batch := paperHall(t, readDefinition(t, "everything"))
	if !strings.HasSuffix(batch, "/paper/P-0001") {
		t.Errorf("the batch is at %s", batch)
	}
	paper := h.programmePath() + "/paper"
	d.sends(paper, url.Values{"asked": {"nobody/post"}, "cohort": {string(h.link.Cohort)}, "number": {"P 7"}}).wants(t, 422).has(t, `value="P 7"`)
	d.sends(paper, url.Values{"cohort": {string(h.link.Cohort)}, "declared": {"some"}}).wants(t, 422, "Enter a whole number")
	for _, path := range []string{paper, batch, batch + "/entry", batch + "/entry?second=1"} {
		page := d.open(path).wants(t, 200, "P-0001")
		checkHTML(t, page)
		page.lacks(t, "ZgotmplZ", "<no value>", "%!", "style=")
	}
	d.sends(batch, url.Values{"declared": {"31"}}).wants(t, 303)
	d.open(batch).wants(t, 200, "of 31")
	d.open(paper+"/P-0099").wants(t, 404)
}

// keyed is a form of everything.json as the page without a script posts it.
func keyed(number string, other url.Values) url.Values {
	form := url.Values{"_form": {number}, "_entry": {"entry_of_form_" + number}, "_date": {"06032026"}, "session": {"1"}}
	for name, values := range other {
		form[name] = values
	}
	return form
}

// TestKeyFormWithoutScript keys a form, refuses what cannot be, and keys it again.
func TestKeyFormWithoutScript(t *testing.T) {
	t.Parallel()
	h, d, batch := paperHall(t, readDefinition(t, "everything"))
	d.sends(batch+"/entry", keyed("7", url.Values{"session": {"none such"}})).wants(t, 422, "Check what was keyed").has(t, `value="7"`, `href="#a-session"`)
	d.sends(batch+"/entry", keyed("x", nil)).wants(t, 422, "Write the number of the form")
	to := d.sends(batch+"/entry", keyed("7", nil)).wants(t, 303).header.Get("Location")
	d.open(to).wants(t, 200, "Form 7 is stored").has(t, `name="_form" value="8"`)
	second := keyed("7", url.Values{"_entry": {"second_of_form_7"}, "session": nil, "session__mark": {"illegible"}, "_second": {"1"}})
	to = d.sends(batch+"/entry", second).wants(t, 303).header.Get("Location")
	d.open(to).wants(t, 200, "differs from its first pass")
	d.open(batch).wants(t, 200, "1 to settle")
	settle := batch + "/forms/7"
	checkHTML(t, d.open(settle).wants(t, 200, "cannot be read"))
	d.sends(settle, nil).wants(t, 422, "Say what stands on the form")
	d.sends(settle, url.Values{"take.session": {"neither"}, "typed.session": {"99"}}).wants(t, 422)
	d.sends(settle, url.Values{"take.session": {"neither"}, "typed.session": {"3"}}).wants(t, 303)
	d.open(settle).wants(t, 200, "neither: typed anew")
	d.open(batch).wants(t, 200, "Verified: 1 settled")
	h.wantPaper(t, "session", "3")
}

// wantPaper checks the one response that is there.
func (h *hall) wantPaper(t *testing.T, item questionnaire.ItemID, choice string) {
	t.Helper()
	n := 0
	for r, err := range h.store.Responses(t.Context(), h.link.Programme, "pupils") {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if r.Mode != surveys.ModePaper || r.Answers[item].Choice != choice || r.Submitted.Format("2006-01-02") != "2026-03-06" {
			t.Errorf("mode %s, %s = %q, submitted %s: want paper, %q, the day on the form", r.Mode, item, r.Answers[item].Choice, r.Submitted, choice)
		}
	}
	if n != 1 {
		t.Errorf("%d responses, want 1", n)
	}
}

// TestKeyFormByScript posts as the script does, twice.
func TestKeyFormByScript(t *testing.T) {
	t.Parallel()
	_, d, batch := paperHall(t, readDefinition(t, "everything"))
	d.header.Set("Soundings-Paper", "1")
	for range 2 {
		d.sends(batch+"/entry", keyed("3", nil)).wants(t, http.StatusOK).has(t, `{"form":3,"kept":true}`)
	}
	d.sends(batch+"/entry", keyed("3", url.Values{"_entry": {"of_somebody_else"}})).wants(t, http.StatusConflict).has(t, `"kept":false`, "Form 3 was keyed already")
	d.sends(batch+"/entry", keyed("4", url.Values{"session": {"77"}})).wants(t, http.StatusUnprocessableEntity).has(t, `"control":"session"`)
}

// TestCardsOnPaper has a place for a card before the questions that make a code,
// and one line to key its code in.
func TestCardsOnPaper(t *testing.T) {
	t.Parallel()
	definition := readDefinition(t, "everything")
	for i := range definition.Parts {
		for j := range definition.Parts[i].Items {
			if item := &definition.Parts[i].Items[j]; item.Kind == questionnaire.KindLinkageCode {
				item.Card = true
			}
		}
	}
	_, d, batch := paperHall(t, definition)
	page := d.open(batch+"/print").wants(t, 200, "Stick your card here")
	card := between(page.body, `<div class="card">`, `</div>`, 1)
	if n := strings.Count(card, `class="sq"`); n != 9 {
		t.Errorf("%d squares for the code of a card, want 9", n)
	}
	screen := d.open(batch+"/entry").wants(t, 200)
	checkHTML(t, screen)
	if n := strings.Count(screen.body, ` name="`+questionnaire.CardControl("code")+`"`); n != 1 {
		t.Errorf("%d lines for the code of a card, want 1: %s", n, between(screen.body, "__card", "div>", 1))
	}
}
