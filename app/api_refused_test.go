package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// refusal is a body that is wrong in one way, and what the API says of it.
type refusal struct {
	name  string
	body  string
	key   string
	field string
}

// wantRefused posts each body and checks status, key and place.
func (a *apiClient) wantRefused(t *testing.T, path string, refusals []refusal) {
	t.Helper()
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			b := *a
			b.tb = t
			p := b.refused(http.StatusUnprocessableEntity, tt.key, http.MethodPost, path, tt.body)
			if p.Field != tt.field {
				t.Errorf("field = %q, want %q", p.Field, tt.field)
			}
		})
	}
}

// planWith is a valid programme with one thing replaced.
func planWith(old, new string) string { return strings.Replace(planBody, old, new, 1) }

func TestAPIRefusesProgrammes(t *testing.T) {
	a := newAPIClient(t)
	const path = "/api/v1/programmes"
	a.wantRefused(t, path, []refusal{
		{"blank", " ", "api.empty", "body"},
		{"cut off", `{"name": "Calm`, "api.empty", "body"},
		{"no JSON", `name=Calm`, "api.syntax", "body"},
		{"null", `null`, "field.invalid", "name"},
		{"a list", `[]`, "api.wrong_type", "body"},
		{"a string", `"Calm"`, "api.wrong_type", "body"},
		{"something behind it", planBody + `{}`, "api.trailing", "body"},
		{"garbage behind it", planBody + `}`, "api.trailing", "body"},
		{"a comma too many", `{"name": "Calm",}`, "api.syntax", "body"},
		{"not UTF-8", `{"name": "caf` + "\xe9" + `"}`, "api.utf8", "body"},
		{"missing name", planWith(`"name": "Calm schools", `, ``), "field.invalid", "name"},
		{"null name", planWith(`"Calm schools"`, `null`), "field.invalid", "name"},
		{"number for a name", planWith(`"Calm schools"`, `7`), "api.wrong_type", "name"},
		{"list for a name", planWith(`"Calm schools"`, `["Calm"]`), "api.wrong_type", "name"},
		{"control character", planWith(`Calm schools`, `Calm\u0000schools`), "field.invalid", "name"},
		{"40,000 characters", planWith(`Calm schools`, strings.Repeat("é", 40_000)), "field.invalid", "name"},
		{"unknown field", planWith(`"zone"`, `"colour": "red", "zone"`), "api.unknown_field", "colour"},
		{"in other letters", planWith(`"name"`, `"Name"`), "api.unknown_field", "Name"},
		{"field twice", planWith(`"zone"`, `"name": "Other", "zone"`), "api.field_twice", "name"},
		{"strand's field twice", planWith(`"title"`, `"title": "x", "title"`), "api.field_twice", "strands[0].title"},
		{"strand's unknown field", planWith(`"title"`, `"titel": "x", "title"`), "api.unknown_field", "strands[0].titel"},
		{"a day that does not exist", planWith(`"zone"`, `"from": "2026-02-30", "zone"`), "field.invalid", "from"},
		{"unknown zone", planWith(`Europe/London`, `Mars/Olympus`), "field.invalid", "zone"},
		{"group of 101", planWith(`"zone"`, `"smallest_group": 101, "zone"`), "field.invalid", "smallest_group"},
		{"group of less than none", planWith(`"zone"`, `"smallest_group": -1, "zone"`), "field.invalid", "smallest_group"},
		{"half a group", planWith(`"zone"`, `"smallest_group": 1.5, "zone"`), "api.wrong_type", "smallest_group"},
		{"a group too large to count", planWith(`"zone"`, `"smallest_group": 1e400, "zone"`), "api.wrong_type", "smallest_group"},
		{"string for a number", planWith(`"zone"`, `"smallest_group": "5", "zone"`), "api.wrong_type", "smallest_group"},
		{"number for true", planWith(`"role"`, `"review_near": 1, "role"`), "api.wrong_type", "strands[0].review_near"},
		{"unknown design", planWith(`pre_post`, `before_after`), "field.invalid", "strands[0].design"},
		{"deep nesting", strings.Repeat(`[`, 20_000), "api.wrong_type", "body"},
		{"its id", planWith(`"zone"`, `"id": "mine", "zone"`), "api.unknown_field", "id"},
		{"its revision", planWith(`"zone"`, `"revision": 7, "zone"`), "api.unknown_field", "revision"},
		{"made up", planWith(`"zone"`, `"demo": true, "zone"`), "api.unknown_field", "demo"},
		{"its creation", planWith(`"zone"`, `"created": "2020-01-01T00:00:00Z", "zone"`), "api.unknown_field", "created"},
	})
	if r := a.call(http.MethodGet, path, ""); string(r.body) != `{"programmes":[]}` {
		t.Errorf("after refusals there is %s, want nothing", r.body)
	}
}

func TestAPIRefusesBodies(t *testing.T) {
	a := newAPIClient(t)
	const path = "/api/v1/programmes"
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"} {
		a.wantProblem(a.send(http.MethodPost, path, planBody, kind), http.StatusUnprocessableEntity, "api.content_type")
	}
	a.publish()
	if r := a.send(http.MethodPost, path, planBody, "Application/JSON; charset=utf-8"); r.status != http.StatusCreated {
		t.Errorf("another spelling of the type = %d, want 201", r.status)
	}
	large := planWith("Calm schools", strings.Repeat("a", 10<<20))
	a.refused(http.StatusRequestEntityTooLarge, "page.too_large", http.MethodPost, path, large)
	a.refused(http.StatusRequestEntityTooLarge, "page.too_large", http.MethodPost, "/api/v1/questionnaires/x/versions", large)
	a.refused(http.StatusUnprocessableEntity, "api.content_type", http.MethodPost, path, "")
	a.refused(http.StatusNotFound, "page.not_found", http.MethodGet, "/api/v1/nothing", "")
	a.refused(http.StatusNotFound, "page.not_found", http.MethodDelete, path, "")
}

func TestAPIRefusesPlaces(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	root := "/api/v1/programmes/" + p.programme
	a.refused(http.StatusConflict, "institution.exists", http.MethodPost, root+"/institutions", `{"name": "GARN"}`)
	a.wantRefused(t, root+"/institutions", []refusal{
		{"no name", `{}`, "field.invalid", "name"},
		{"another programme", `{"name": "x", "programme": "y"}`, "api.unknown_field", "programme"},
		{"its id", `{"name": "x", "id": "y"}`, "api.unknown_field", "id"},
	})
	a.wantRefused(t, root+"/cohorts", []refusal{
		{"unknown institution", `{"name": "7", "institution": "x"}`, "institution.unknown", "institution"},
		{"unknown strand", `{"name": "7", "expected": {"parents": 3}}`, "strand.unknown", "expected"},
		{"half a person", `{"name": "7", "expected": {"pupils": 0.5}}`, "api.wrong_type", "expected.pupils"},
		{"fewer than none", `{"name": "7", "expected": {"pupils": -1}}`, "field.invalid", "expected[pupils]"},
		{"a strand twice", `{"name": "7", "expected": {"pupils": 1, "pupils": 2}}`, "api.field_twice", "expected.pupils"},
		{"29 February", `{"name": "7", "starts": "2025-02-29"}`, "field.invalid", "starts"},
	})
	link := func(more string) string {
		return fmt.Sprintf(`{"strand": "pupils", "cohort": %q, "wave": "pre"%s}`, p.cohort, more)
	}
	a.wantRefused(t, root+"/links", []refusal{
		{"nothing", `{}`, "field.invalid", "strand"},
		{"a wave twice", link(`, "wave": "post"`), "api.field_twice", "wave"},
		{"the 32nd", link(`, "opens": "2026-01-32T00:00:00Z"`), "api.wrong_time", "opens"},
		{"a day for a moment", link(`, "opens": "2026-01-30"`), "api.wrong_time", "opens"},
		{"a number for a moment", link(`, "closes": 1767225600`), "api.wrong_type", "closes"},
		{"closes before it opens", link(`, "opens": "2026-01-02T00:00:00Z", "closes": "2026-01-02T00:30:00+01:00"`), "link.closes_before_opening", "closes"},
		{"a token of one's own", link(`, "token": "aaaaaaaaaa"`), "api.unknown_field", "token"},
		{"withdrawn", link(`, "withdrawn": false`), "api.unknown_field", "withdrawn"},
	})
}

func TestAPIRefusesQuestionnaires(t *testing.T) {
	a := newAPIClient(t)
	a.wantRefused(t, "/api/v1/questionnaires/views/versions", []refusal{
		{"nothing", `{}`, "questionnaire.invalid", "definition"},
		{"an unknown field", `{"titel": {"en": "x"}}`, "questionnaire.invalid", "definition"},
		{"a field twice", `{"title": {"en": "x"}, "title": {"en": "y"}}`, "questionnaire.invalid", "definition"},
		{"deep nesting", `{"title": ` + strings.Repeat(`{"a":`, 500), "questionnaire.invalid", "definition"},
		{"not UTF-8", "{\"title\": \"\xff\"}", "api.utf8", "body"},
	})
	a.wantRefused(t, "/api/v1/questionnaires/Views/versions", []refusal{{"bad id", planBody, "questionnaire.invalid", "definition"}})
}
