package app_test

import (
	"net/http"
	"testing"

	"soundings/app"
)

// TestAPIExports asks for a file by program, waits for it and fetches it.
func TestAPIExports(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	a.call(http.MethodPost, p.responses("pre"), bulk("pre", 2, 4, 6, 8))
	at := "/api/v1/programmes/" + p.programme + "/exports"
	type export struct {
		ID, State, File, SHA256 string
		Done, Of, Size          int
	}
	var asked, again, made export
	const body = `{"strand": "pupils", "format": "analysis.xlsx", "filter": {"from": "2026-01-01"}}`
	a.want(http.StatusCreated, http.MethodPost, at, body, &asked)
	a.want(http.StatusCreated, http.MethodPost, at, body, &again)
	if asked.ID != again.ID || asked.State != "waiting" || asked.File != "" {
		t.Errorf("asked twice: %+v and %+v", asked, again)
	}
	a.refused(http.StatusNotFound, "export.not_yet", http.MethodGet, at+"/"+asked.ID+"/file", "")
	if err := a.service.WithFiles(app.Files()).WorkExports(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.want(http.StatusOK, http.MethodGet, at+"/"+asked.ID, "", &made)
	if made.State != "done" || made.Done != 4 || made.Of != 4 || made.Size == 0 || len(made.SHA256) != 64 || made.File != "https://feedback.example.org"+at+"/"+asked.ID+"/file" {
		t.Errorf("made: %+v", made)
	}
	a.wantWorkbook(a.call(http.MethodGet, at+"/"+asked.ID+"/file", ""))
	a.refused(http.StatusNotFound, "export.gone", http.MethodGet, at+"/none", "")
	a.wantRefused(t, at, []refusal{
		{"format", `{"strand": "pupils", "format": "wav"}`, "export.format", "format"},
		{"profile", `{"strand": "pupils", "format": "publication.xlsx"}`, "export.profile", "profile"},
		{"rows with a profile", `{"strand": "pupils", "format": "analysis.xlsx", "profile": "published"}`, "export.rows_have_no_profile", "profile"},
		{"cohort", `{"strand": "pupils", "format": "analysis.xlsx", "filter": {"cohorts": ["none"]}}`, "export.filter_unknown", "cohorts"},
		{"unknown field", `{"strand": "pupils", "format": "analysis.xlsx", "filter": {"colour": "red"}}`, "api.unknown_field", "filter.colour"},
	})
}
