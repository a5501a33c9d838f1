package app_test

import (
	"archive/zip"
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
)

// makes makes the files that were asked for.
func (h *hall) makes() {
	h.tb.Helper()
	if err := h.service.WithFiles(app.Files()).WorkExports(h.tb.Context()); err != nil {
		h.tb.Fatal(err)
	}
}

// exportAsks is the form of a file as a page sends it.
func exportAsks(format string, profile surveys.Profile) url.Values {
	return url.Values{"strand": {"pupils"}, "format": {format}, "profile": {string(profile)}}
}

// TestExportPage asks for the workbook without a script, waits, fetches it, and throws
// it away.
func TestExportPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "It helped.")
	d := h.ownersDesk()
	at := h.programmePath() + "/exports"
	checkHTML(t, d.open(at+"?strand=pupils").wants(t, 200, "Ask for a file", "Analysis workbook", "Within the council", "For everyone", "None yet"))
	d.sends(at, exportAsks("wav", "")).wants(t, 422, "Choose one of the files that are offered")
	refused := exportAsks("analysis.xlsx", "")
	refused.Set("from", "2026-02-02")
	refused.Set("to", "2026-02-01")
	checkHTML(t, d.sends(at, refused).wants(t, 422, "not before the first").has(t, `value="2026-02-02"`))

	to := d.sends(at, exportAsks("analysis.xlsx", surveys.ProfilePublished)).wants(t, 303, at+"/").header.Get("Location")
	page, _, _ := strings.Cut(to, "?")
	checkHTML(t, d.open(to).wants(t, 200, "waits to begin", "Cancel", "every row, for evaluators").has(t, `content="2"`))
	checkHTML(t, d.open(at).wants(t, 200, "waits to begin").has(t, `data-events="`+at+`/events"`))
	d.open(page+"/file").wants(t, 404, "Wait until this file is made")
	h.makes()
	checkHTML(t, d.open(to).wants(t, 200, "ready", "It is removed on 2026-03-09", "SHA-256").has(t, `content="0;url=`+page+`/file"`))
	d.open(page).wants(t, 200, "ready").lacks(t, `http-equiv="refresh"`)
	d.open(page+"/events").has(t, "data-go", "export-part")
	checkHTML(t, d.open(at).wants(t, 200, "ready").has(t, page+"/file").lacks(t, "data-events"))
	again := d.sends(at, exportAsks("analysis.xlsx", "")).wants(t, 303).header.Get("Location")
	if again != to {
		t.Errorf("asked again: %s, want %s", again, to)
	}
	g := d.open(page+"/file").wants(t, 200)
	if got, want := g.header.Get("Content-Disposition"), `attachment; filename="hillside-projects-pupils-analysis-2026-03-07.xlsx"`; got != want {
		t.Errorf("Content-Disposition = %s, want %s", got, want)
	}
	if _, err := zip.NewReader(bytes.NewReader([]byte(g.body)), int64(len(g.body))); err != nil {
		t.Errorf("a workbook of %d bytes: %v", len(g.body), err)
	}
	d.sends(page+"/cancel", nil).wants(t, 303, page)
	checkHTML(t, d.open(page).wants(t, 200, "cancelled", "Ask for it again").lacks(t, "/file"))
	d.open(page+"/file").wants(t, 404, "Ask for this file again")
	d.open(h.programmePath()+"/audit").wants(t, 200, "export: asked", "export: made", "export: downloaded", "export: cancelled")
	d.open(at+"/none").wants(t, 404, "not among them")
}

// TestExportPageExpires: after two days the page says so, and offers to ask again.
func TestExportPageExpires(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "It helped.")
	d := h.ownersDesk()
	page, _, _ := strings.Cut(d.sends(h.programmePath()+"/exports", exportAsks("analysis.xlsx", "")).wants(t, 303).header.Get("Location"), "?")
	h.makes()
	h.pass(surveys.ExportLife)
	d = h.ownersDesk()
	d.open(page).wants(t, 200, "two days old").has(t, "format=analysis.xlsx").lacks(t, "/file")
}

// TestExportOfAnAdministrator: no row of anybody and no figure of few, neither offered
// nor made nor seen.
func TestExportOfAnAdministrator(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "It helped.")
	at := h.programmePath() + "/exports"
	page, _, _ := strings.Cut(h.ownersDesk().sends(at, exportAsks("analysis.xlsx", "")).wants(t, 303).header.Get("Location"), "?")
	h.makes()
	d := h.colleague("administrator", surveys.RoleAdministrator)
	checkHTML(t, d.open(at).wants(t, 200, "For everyone").lacks(t, "Analysis workbook", "Within the council", page))
	d.open(page).wants(t, 403)
	d.open(page+"/file").wants(t, 403)
	d.sends(at, exportAsks("analysis.xlsx", "")).wants(t, 403)
	d.sends(at, exportAsks("publication.xlsx", surveys.ProfileInternal)).wants(t, 403)
	d.sends(at, exportAsks("publication.xlsx", surveys.ProfilePublished)).wants(t, 303, at+"/")
	h.makes()
	d.open(at).wants(t, 200, "Publication workbook", "ready")
}

// TestExportName: the name of a file says what it is, of whom and for whom.
func TestExportName(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "It helped.")
	d := h.ownersDesk()
	asked := exportAsks("publication.xlsx", surveys.ProfileInternal)
	asked.Set("cohort", string(h.link.Cohort))
	page, _, _ := strings.Cut(d.sends(h.programmePath()+"/exports", asked).wants(t, 303).header.Get("Location"), "?")
	h.pass(time.Hour)
	h.makes()
	d.open(page).wants(t, 200, "within the council").has(t, "cohort="+string(h.link.Cohort))
	if got := d.open(page+"/file").wants(t, 200).header.Get("Content-Disposition"); !strings.Contains(got, "-pupils-publication-internal-some-2026-03-07.xlsx") {
		t.Errorf("Content-Disposition = %s", got)
	}
}
