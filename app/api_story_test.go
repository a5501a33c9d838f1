package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"soundings/surveys"
)

// made is what the API says it made: enough of it to go on.
type made struct {
	ID    string `json:"id"`
	Token string `json:"token"`
	URL   string `json:"url"`
}

// apiPlace is a programme with what a bulk post needs.
type apiPlace struct {
	programme, cohort string
	links             map[string]made // by wave
}

const planBody = `{"name": "Calm schools", "zone": "Europe/London", "strands": [{"id": "pupils", "title": "Pupils",
  "audience": "participant", "design": "pre_post", "questionnaire": "views", "block": "cohort", "role": "Pupil"}]}`

// publish posts the questionnaire that package surveys is tested with.
func (a *apiClient) publish() {
	a.tb.Helper()
	definition, err := os.ReadFile("../surveys/testdata/views.json")
	a.must(err)
	a.want(http.StatusCreated, http.MethodPost, "/api/v1/questionnaires/views/versions", string(definition), nil)
}

// setUp makes, over the API only, a programme with a cohort and a link for each wave.
func (a *apiClient) setUp() apiPlace {
	a.tb.Helper()
	a.publish()
	var programme, school, cohort made
	a.want(http.StatusCreated, http.MethodPost, "/api/v1/programmes", planBody, &programme)
	root := "/api/v1/programmes/" + programme.ID
	a.want(http.StatusCreated, http.MethodPost, root+"/institutions", `{"name": "Garn", "kind": "school"}`, &school)
	a.want(http.StatusCreated, http.MethodPost, root+"/cohorts",
		fmt.Sprintf(`{"name": "Class 6", "phase": "Primary", "institution": %q, "expected": {"pupils": 5}, "starts": "2026-01-12"}`, school.ID), &cohort)
	p := apiPlace{programme.ID, cohort.ID, map[string]made{}}
	for _, wave := range []string{"pre", "post"} {
		var link made
		a.want(http.StatusCreated, http.MethodPost, root+"/links", fmt.Sprintf(`{"strand": "pupils", "cohort": %q, "wave": %q}`, cohort.ID, wave), &link)
		p.links[wave] = link
	}
	return p
}

// bulk is the body of a post of one response for each value of stress.
func bulk(wave string, stress ...int) string {
	var rows []string
	for i, value := range stress {
		rows = append(rows, fmt.Sprintf(`{"id": "%s_response_%d", "answers": {"stress": %d}, "code": {"mother": "Ann", "day": "%d", "month": "%d", "siblings": "%d"}}`,
			wave, i, value, i+1, i+2, i))
	}
	return `{"responses": [` + strings.Join(rows, ",") + `]}`
}

func (p apiPlace) responses(wave string) string {
	return "/api/v1/programmes/" + p.programme + "/links/" + p.links[wave].ID + "/responses"
}

// TestAPIStory goes the whole way by program: from a questionnaire to a figure
// and a workbook.
func TestAPIStory(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	if link := p.links["pre"]; link.URL != "https://feedback.example.org/s/"+link.Token {
		t.Errorf("url = %q, want the address to hand out", link.URL)
	}
	// Changes of -1, -2, -2 and -4: mean -2.25, standard deviation sqrt(1.58333…).
	first := a.call(http.MethodPost, p.responses("pre"), bulk("pre", 2, 4, 6, 8))
	again := a.call(http.MethodPost, p.responses("pre"), bulk("pre", 2, 4, 6, 8))
	if first.status != http.StatusOK || !bytes.Equal(first.body, again.body) {
		t.Errorf("posted twice: %d %s, then %d %s, want the same", first.status, first.body, again.status, again.body)
	}
	a.want(http.StatusOK, http.MethodPost, p.responses("post"), bulk("post", 1, 2, 4, 4), nil)
	var progress struct{ Progress []surveys.Progress }
	a.want(http.StatusOK, http.MethodGet, "/api/v1/programmes/"+p.programme+"/progress", "", &progress)
	if len(progress.Progress) != 2 || progress.Progress[0].Submitted != 4 || progress.Progress[0].Expected != 5 {
		t.Errorf("progress = %+v, want 4 of 5 at each wave", progress.Progress)
	}
	root := "/api/v1/programmes/" + p.programme + "/strands/pupils"
	report := a.call(http.MethodGet, root+"/report", "")
	for _, figure := range []string{`-2.25`, `1.258305739211791`} {
		if !strings.Contains(string(report.body), figure) {
			t.Errorf("the report lacks %s: %s", figure, report.body)
		}
	}
	a.wantPrivate(p, report.body)
	a.wantWorkbook(a.call(http.MethodGet, root+"/workbook", ""))
}

// wantPrivate checks that small groups are left out where that is asked for.
func (a *apiClient) wantPrivate(p apiPlace, full []byte) {
	a.tb.Helper()
	r := a.call(http.MethodGet, "/api/v1/programmes/"+p.programme+"/strands/pupils/report?profile=internal", "")
	if r.status != http.StatusOK || bytes.Contains(r.body, []byte("1.258305739211791")) || !json.Valid(full) {
		a.tb.Errorf("the suppressed report = %d %s, want no figure of four people", r.status, r.body)
	}
	a.refused(http.StatusUnprocessableEntity, "api.profile", http.MethodGet, "/api/v1/programmes/"+p.programme+"/strands/pupils/report?profile=maybe", "")
	a.refused(http.StatusUnprocessableEntity, "export.filter_unknown", http.MethodGet, "/api/v1/programmes/"+p.programme+"/strands/pupils/report?cohort=none", "")
	if r = a.call(http.MethodGet, "/api/v1/programmes/"+p.programme+"/strands/pupils/report?from=2100-01-01", ""); !bytes.Contains(r.body, []byte(`"from":"2100-01-01"`)) {
		a.tb.Errorf("the report on nobody = %d %s, want the filter in it", r.status, r.body)
	}
}

// wantWorkbook reads a workbook as the zip file it is.
func (a *apiClient) wantWorkbook(r reply) {
	a.tb.Helper()
	if r.status != http.StatusOK || !strings.Contains(r.header.Get("Content-Disposition"), ".xlsx") {
		a.tb.Fatalf("workbook = %d %v, want a file to keep", r.status, r.header)
	}
	book, err := zip.NewReader(bytes.NewReader(r.body), int64(len(r.body)))
	a.must(err)
	sheets := 0
	for _, file := range book.File {
		part, err := file.Open()
		a.must(err)
		_, err = io.Copy(io.Discard, part) // the checksum too
		a.must(err)
		if strings.HasPrefix(file.Name, "xl/worksheets/") {
			sheets++
		}
	}
	if sheets < 3 {
		a.tb.Errorf("the workbook has %d sheets, want some", sheets)
	}
}

func TestAPILists(t *testing.T) {
	a := newAPIClient(t)
	for _, path := range []string{"/api/v1/programmes"} {
		if r := a.call(http.MethodGet, path, ""); string(r.body) != `{"programmes":[]}` {
			t.Errorf("%s of a new installation = %s, want an empty list", path, r.body)
		}
	}
	p := a.setUp()
	root := "/api/v1/programmes/" + p.programme
	for path, want := range map[string]int{
		"/api/v1/programmes": 1, root + "/institutions": 1, root + "/cohorts": 1, root + "/links": 2, root + "/progress": 2,
	} {
		var answer map[string][]json.RawMessage
		a.want(http.StatusOK, http.MethodGet, path, "", &answer)
		for name, all := range answer {
			if len(all) != want {
				t.Errorf("%s: %d %s, want %d", path, len(all), name, want)
			}
		}
	}
	var one made
	if a.want(http.StatusOK, http.MethodGet, root, "", &one); one.ID != p.programme {
		t.Errorf("programme = %q, want %q", one.ID, p.programme)
	}
}
