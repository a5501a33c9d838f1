package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"soundings/surveys"
)

// importing is a body of a good row and a bad one.
func importing(bad string) string {
	return `{"responses": [{"id": "good_response", "answers": {"stress": 1}}, ` + bad + `]}`
}

// answering is a row with these answers.
func answering(answers string) string {
	return importing(fmt.Sprintf(`{"id": "bad_response", "answers": %s}`, answers))
}

// TestAPIRefusesRows posts a good row with a bad one: the answer names the item
// and the cause, and nothing is kept.
func TestAPIRefusesRows(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	for _, tt := range []struct{ name, body, control, cause string }{
		{"unknown item", answering(`{"stress": 1, "strss": 1}`), "responses[1].strss", "has no item of this name"},
		{"missing item", answering(`{}`), "responses[1].stress", "Choose one"},
		{"null for a required item", answering(`{"stress": null}`), "responses[1].stress", "Choose one"},
		{"string for a number", answering(`{"stress": "1"}`), "responses[1].stress", "Send a number"},
		{"true for a number", answering(`{"stress": true}`), "responses[1].stress", "Send a number"},
		{"object for a number", answering(`{"stress": {"$gt": 0}}`), "responses[1].stress", "Send a number"},
		{"out of range", answering(`{"stress": 11}`), "responses[1].stress", "from 0 to 10"},
		{"a fraction", answering(`{"stress": 0.5}`), "responses[1].stress", "whole number"},
		{"too large a number", answering(`{"stress": 1, "sleep": 1e400}`), "responses[1].answers", "too large"},
		{"unknown choice", answering(`{"stress": 1, "travel": "rocket"}`), "responses[1].travel", "answers shown"},
		{"one for several", answering(`{"stress": 1, "subjects": "art"}`), "responses[1].subjects", "list of strings"},
		{"numbers for codes", answering(`{"stress": 1, "subjects": [1]}`), "responses[1].subjects", "list of strings"},
		{"40,000 characters", answering(`{"stress": 1, "why": "` + strings.Repeat("é", 40_000) + `"}`), "responses[1].why", "10000"},
		{"half a character", answering(`{"stress": 1, "why": "\ud83d"}`), "responses[1].answers", "surrogate"},
		{"not asked then", answering(`{"stress": 1, "changed": "x"}`), "responses[1].changed", "not asked at this wave"},
		{"answers as a list", answering(`[]`), "responses[1].answers", "an object"},
		{"no answers", importing(`{"id": "bad_response"}`), "responses[1].answers", "JSON"},
		{"no id", importing(`{"answers": {"stress": 1}}`), "responses[1].id", "10 to 40"},
		{"the id of another", importing(`{"id": "good_response", "answers": {"stress": 1}}`), "responses[1].id", "row 0"},
		{"in the future", importing(`{"id": "bad_response", "submitted": "2999-01-01T00:00:00Z", "answers": {"stress": 1}}`), "responses[1].submitted", "past"},
		{"an unknown prompt", importing(`{"id": "bad_response", "answers": {"stress": 1}, "code": {"cat": "Tom"}}`), "responses[1].code.cat", "no item"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := *a
			b.tb = t
			got := b.refused(http.StatusUnprocessableEntity, "import.rows_wrong", http.MethodPost, p.responses("pre"), tt.body)
			if len(got.Errors) != 1 || got.Errors[0].Control != tt.control || !strings.Contains(got.Errors[0].Message, tt.cause) {
				t.Errorf("errors = %+v, want %s: …%s…", got.Errors, tt.control, tt.cause)
			}
		})
	}
	a.wantNothingKept(p)
}

// TestAPIRefusesImports posts what is no list of rows at all.
func TestAPIRefusesImports(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	a.wantRefused(t, p.responses("pre"), []refusal{
		{"no rows", `{"responses": []}`, "import.count", "responses"},
		{"no field", `{}`, "import.count", "responses"},
		{"null", `{"responses": null}`, "import.count", "responses"},
		{"one row", `{"responses": {"id": "response_one"}}`, "api.wrong_type", "responses"},
		{"a row of another kind", `{"responses": ["response_one"]}`, "api.wrong_type", "responses[0]"},
		{"too many rows", `{"responses": [{}` + strings.Repeat(`,{}`, 5000) + `]}`, "import.count", "responses"},
		{"an item twice", answering(`{"stress": 1, "stress": 2}`), "api.field_twice", "responses[1].answers.stress"},
		{"a row's unknown field", importing(`{"id": "bad_response", "status": "submitted"}`), "api.unknown_field", "responses[1].status"},
		{"a row's revision", importing(`{"id": "bad_response", "revision": 3}`), "api.unknown_field", "responses[1].revision"},
		{"no such moment", importing(`{"id": "bad_response", "submitted": "2026-02-30T12:00:00Z"}`), "api.wrong_time", "responses[1].submitted"},
		{"a number for a code", importing(`{"id": "bad_response", "code": {"day": 7}}`), "api.wrong_type", "responses[1].code.day"},
		{"deep nesting", answering(strings.Repeat(`{"a":`, 400) + `1` + strings.Repeat(`}`, 400)), "api.too_deep", "responses[1].answers" + strings.Repeat(".a", 17)},
		{"bottomless nesting", answering(strings.Repeat(`[`, 200_000)), "api.too_deep", "responses[1].answers" + strings.Repeat("[0]", 17)},
	})
	a.refused(http.StatusNotFound, "link.not_found", http.MethodPost, "/api/v1/programmes/"+p.programme+"/links/unknown/responses", importing(`{}`))
	a.wantNothingKept(p)
}

// wantNothingKept checks that no response was stored.
func (a *apiClient) wantNothingKept(p apiPlace) {
	a.tb.Helper()
	for r, err := range a.store.Responses(a.tb.Context(), surveys.ProgrammeID(p.programme), "pupils") {
		a.must(err)
		a.tb.Errorf("a response %s is kept after a refusal", r.ID)
	}
}

// TestAPIKeepsText sends text with signs that nobody types: what can be read is kept.
func TestAPIKeepsText(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	a.want(http.StatusOK, http.MethodPost, p.responses("pre"), answering(`{"stress": 1, "why": "a\u0000b =1+1 <b> \ud83d\udc69"}`), nil)
	for r, err := range a.store.Responses(t.Context(), surveys.ProgrammeID(p.programme), "pupils") {
		a.must(err)
		if got, want := r.Answers["why"].Text, "ab =1+1 <b> 👩"; r.ID == "bad_response" && got != want {
			t.Errorf("kept %q, want %q", got, want)
		}
	}
}
