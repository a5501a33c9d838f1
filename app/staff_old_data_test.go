package app_test

import (
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"soundings/surveys"
)

// works does the jobs that wait.
func (h *hall) works() {
	h.tb.Helper()
	if err := h.service.WorkJobs(h.tb.Context()); err != nil {
		h.tb.Fatal(err)
	}
}

// columnsForm is the form of the columns as the page offers it.
func columnsForm(targets ...string) url.Values {
	form := url.Values{"submitted": {"2025-06-30"}, "missing": {"NA"}, "rules": {"blanks"}, "language": {"en"}}
	for i, target := range targets {
		form.Set("target-"+string(rune('1'+i)), target)
	}
	return form
}

func TestOldData(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	at := h.programmePath() + "/strands/pupils/old-data"
	checkHTML(t, d.open(at).wants(t, 200, "Old data", "Nothing has been imported yet"))
	d.sendsFile(at, "file", "none.csv", "").wants(t, 422, "Choose the file to read")
	d.sendsFile(at, "file", "page.csv", "<html>").wants(t, 422, "this is something else")

	upload := d.sendsFile(at, "file", "old.csv", "who,when,class,calm_a,I am cross\np1,pre,Year 5,3,Always\np1,post,Year 5,2,never\np2,pre,Year 5,77,1\n").wants(t, 303, at+"/").header.Get("Location")
	columns := d.open(upload).wants(t, 200, "old.csv", "3 rows below the headings in row 1", "p1 · p2")
	if !strings.Contains(columns.body, `value="calm_a" selected`) {
		t.Error("a column called as an item is not taken for it")
	}
	checkHTML(t, columns)
	d.open(upload+"/preview").wants(t, 422, "Say first what the columns are")
	d.sends(upload, columnsForm("@respondent", "@wave", "", "calm_a", "calm_a")).wants(t, 422, "Column E: Choose something else: column D is that already", "Choose the cohort of all rows")
	asks := d.sends(upload, columnsForm("@respondent", "@wave", "@cohort", "calm_a", "calm_b")).wants(t, 422, "Say what the values of column", "Which cohorts column C names")
	checkHTML(t, asks)
	form := columnsForm("@respondent", "@wave", "@cohort", "calm_a", "calm_b")
	form.Set("value-2-0", "pre")
	form.Set("value-2-1", "post")
	form.Set("value-3-0", string(h.link.Cohort))
	d.sends(upload, form).wants(t, 303, upload+"/preview")
	preview := d.open(upload+"/preview").wants(t, 200, "Row 2", "Sometimes", "Row 4, column D (calm_a)", "waits to begin")
	checkHTML(t, preview)
	h.works()
	checked := d.open(upload+"/preview").wants(t, 200, "responses would be created", "rows wrong", "All of them as a file")
	checkHTML(t, checked)

	refused := d.sends(upload+"/import", url.Values{"policy": {"all"}}).wants(t, 303, at+"/imports/").header.Get("Location")
	h.works()
	checkHTML(t, d.open(refused).wants(t, 200, "Nothing was kept", "look at its columns").lacks(t, "Undo this import"))
	imported := d.sends(upload+"/import", url.Values{"policy": {"skip"}}).wants(t, 303, at+"/imports/").header.Get("Location")
	d.sends(upload+"/import", url.Values{"policy": {"skip"}}).wants(t, 409, "Wait until the import")
	h.works()
	done := d.open(imported).wants(t, 200, "Undo this import", "Remove the")
	checkHTML(t, done)
	d.open(imported+"/errors.csv").wants(t, 200, "4,D,calm_a,")
	d.open(imported+"/events").wants(t, 200, "job", "done")
	undone := d.sends(imported+"/undo", url.Values{}).wants(t, 303, at+"/imports/").header.Get("Location")
	h.works()
	d.open(undone).wants(t, 200, "Undoing the import", "responses removed")
	checkHTML(t, d.open(at).wants(t, 200, "undone", "old.csv", "Throw away"))
	d.sends(upload+"/drop", url.Values{}).wants(t, 303, at)
	d.open(upload).wants(t, 404, "Choose the file again")
	d.open(h.programmePath()+"/audit").wants(t, 200, "old data: imported", "old data: undone", "old data: uploaded").lacks(t, "p1")
}

// TestOldDataFileIsOfEvaluators: a large file is read of nobody else.
func TestOldDataFileIsOfEvaluators(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	large := "wave,calm_a\n" + strings.Repeat("pre,3\n", 3<<20/6)
	at := h.programmePath() + "/strands/pupils/old-data"
	h.ownersDesk().sendsFile(at, "file", "large.csv", large).wants(t, 303)
	facilitator := h.colleague("facilitator", surveys.RoleFacilitator)
	request := httptest.NewRequest("POST", at, strings.NewReader(large))
	request.AddCookie(facilitator.cookies["soundings"])
	if _, err := h.server.Fiber().Test(request, -1); !errors.Is(err, fasthttp.ErrBodyTooLarge) {
		t.Errorf("a facilitator's file was read: %v", err)
	}
}
