package app_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"soundings/app"
	"soundings/surveys"
)

// fullWish is a wish for a token that may all that a token may.
func fullWish(name string) surveys.TokenWish {
	return surveys.TokenWish{Name: name, Scopes: surveys.Scopes(), Days: 365}
}

// wishOf is what the form for such a token sends.
func wishOf(name string) url.Values {
	form := url.Values{"name": {name}, "days": {"365"}}
	for _, scope := range surveys.Scopes() {
		form.Add("scopes", string(scope))
	}
	return form
}

// tokenOf makes an account with roles in a programme and gives its token.
func (a *apiClient) tokenOf(name, programme string, roles ...surveys.Role) string {
	a.tb.Helper()
	email := name + "@example.org"
	account, err := a.service.CreateAccount(a.owner, surveys.Account{Name: name, Email: email}, apiPassword)
	a.must(err)
	if len(roles) > 0 {
		a.must(a.service.Grant(a.current(), email, surveys.ProgrammeID(programme), roles))
	}
	token, err := a.service.CreateAPIToken(surveys.WithAccount(a.tb.Context(), account), fullWish(name))
	a.must(err)
	return token
}

// current is a context of the owner with the roles of now.
func (a *apiClient) current() context.Context {
	a.tb.Helper()
	accounts, err := a.service.Accounts(a.owner)
	a.must(err)
	owner, _ := surveys.AccountFrom(a.owner)
	at := slices.IndexFunc(accounts, func(one surveys.Account) bool { return one.ID == owner.ID })
	return surveys.WithAccount(a.tb.Context(), accounts[at])
}

// TestAPITokensRefused sends no token, wrong ones and a revoked one everywhere.
func TestAPITokensRefused(t *testing.T) {
	a := newAPIClient(t)
	revoked := a.tokenOf("rita", "")
	account, err := a.service.AccountOfToken(t.Context(), revoked)
	a.must(err)
	rita := surveys.WithAccount(t.Context(), surveys.Account{ID: account.ID})
	tokens, err := a.service.APITokens(rita)
	a.must(err)
	a.must(a.service.RevokeAPIToken(rita, tokens[0].ID))
	for _, op := range a.protected() {
		a.with("").refused(http.StatusUnauthorized, "api_token.missing", op.method, op.path, `{}`)
		for _, wrong := range []string{"snd_", "wrong", a.token + "0", strings.ToUpper(a.token), revoked} {
			a.with(wrong).refused(http.StatusUnauthorized, "api_token.unknown", op.method, op.path, `{}`)
		}
	}
}

// TestAPITakesNoCookie: what a browser sends by itself opens nothing of the API.
func TestAPITakesNoCookie(t *testing.T) {
	t.Parallel()
	d := classroom(t).ownersDesk()
	for _, r := range app.RouteTable() {
		if !r.Token {
			continue
		}
		address := strings.ReplaceAll(r.Path, ":", "")
		if g := d.send(r.Method, address, formOf(url.Values{"csrf": {d.csrf}})); g.status != http.StatusUnauthorized {
			t.Errorf("%s %s with the cookie of a sign-in = %d, want 401", r.Method, address, g.status)
		}
	}
}

type apiOperation struct{ method, path string }

// protected are the operations of the document that need a token, with ids that
// do not exist.
func (a *apiClient) protected() []apiOperation {
	var all []apiOperation
	for path, item := range a.doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Security == nil {
				filled := strings.NewReplacer("{programme}", "unknown", "{link}", "unknown", "{strand}", "unknown", "{questionnaire}", "views").Replace(path)
				all = append(all, apiOperation{method, filled})
			}
		}
	}
	return all
}

// TestAPIForeignProgramme asks with a token that has no role in the programme.
func TestAPIForeignProgramme(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	stranger := a.with(a.tokenOf("sam", ""))
	for _, op := range a.protected() {
		if !strings.Contains(op.path, "unknown") {
			continue
		}
		a.refused(http.StatusNotFound, "programme.not_found", op.method, op.path, `{}`)
		own := strings.Replace(op.path, "unknown", p.programme, 1)
		stranger.refused(http.StatusNotFound, "programme.not_found", op.method, own, `{}`)
	}
	if r := stranger.call(http.MethodGet, "/api/v1/programmes", ""); string(r.body) != `{"programmes":[]}` {
		t.Errorf("a stranger's programmes = %s, want none", r.body)
	}
	stranger.refused(http.StatusForbidden, "account.not_allowed", http.MethodPost, "/api/v1/programmes", planBody)
	stranger.refused(http.StatusForbidden, "account.not_allowed", http.MethodPost, "/api/v1/questionnaires/x/versions",
		`{"title": {"en": "T"}, "languages": ["en"], "parts": [{"id": "p", "items": [{"id": "i", "kind": "short_text", "label": {"en": "?"}}]}]}`)
}

func TestAPIRoles(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	root := "/api/v1/programmes/" + p.programme
	facilitator := a.with(a.tokenOf("fay", p.programme, surveys.RoleFacilitator))
	evaluator := a.with(a.tokenOf("eve", p.programme, surveys.RoleEvaluator))
	safeguarding := a.with(a.tokenOf("sue", p.programme, surveys.RoleSafeguarding))
	for _, tt := range []struct {
		client *apiClient
		method string
		path   string
		status int
	}{
		{facilitator, http.MethodGet, root, http.StatusOK},
		{facilitator, http.MethodGet, root + "/links", http.StatusOK},
		{facilitator, http.MethodGet, root + "/strands/pupils/report", http.StatusForbidden},
		{facilitator, http.MethodGet, root + "/strands/pupils/workbook", http.StatusForbidden},
		{facilitator, http.MethodPost, root + "/cohorts", http.StatusForbidden},
		{facilitator, http.MethodPost, p.responses("pre"), http.StatusForbidden},
		{evaluator, http.MethodGet, root + "/strands/pupils/report", http.StatusOK},
		{evaluator, http.MethodGet, root + "/links", http.StatusForbidden},
		{evaluator, http.MethodPost, root + "/links", http.StatusForbidden},
		{safeguarding, http.MethodGet, root, http.StatusForbidden},
		{safeguarding, http.MethodGet, root + "/progress", http.StatusForbidden},
	} {
		if r := tt.client.call(tt.method, tt.path, `{}`); r.status != tt.status {
			t.Errorf("%s %s = %d %s, want %d", tt.method, tt.path, r.status, shortened(r.body), tt.status)
		}
	}
	evaluator.refused(http.StatusNotFound, "strand.not_found", http.MethodGet, root+"/strands/parents/report", "")
}

// TestAPILog reads the log of requests that went well and of refused ones for
// what was sent.
func TestAPILog(t *testing.T) {
	a := newAPIClient(t)
	p := a.setUp()
	rows := `{"responses": [{"id": "response_one", "answers": {"stress": 7, "why": "zebra confession"}, "code": {"mother": "Xanthippe", "day": "17"}}]}`
	a.want(http.StatusOK, http.MethodPost, p.responses("pre"), rows, nil)
	for _, bad := range []string{
		strings.Replace(rows, `"stress": 7`, `"stress": "zebra"`, 1), strings.Replace(rows, `"why"`, `"sleep": 99, "why"`, 1),
		rows + "zebra", strings.Replace(rows, `"mother"`, `"father"`, 1), strings.Replace(rows, `["`, `zebra`, 1) + `]`,
	} {
		if r := a.call(http.MethodPost, p.responses("pre"), bad); r.status != http.StatusUnprocessableEntity {
			t.Errorf("a bad post = %d, want 422", r.status)
		}
	}
	a.with("snd_zebra").call(http.MethodGet, "/api/v1/programmes", "")
	a.want(http.StatusOK, http.MethodGet, "/api/v1/programmes/"+p.programme+"/strands/pupils/report", "", nil)
	log := a.log.String()
	for _, secret := range []string{"zebra", "confession", "Xanthippe", apiPassword, apiEmail, a.token, a.token[4:], p.links["pre"].Token} {
		if strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if strings.Count(log, "\n") < 10 || !strings.Contains(log, "route=/api/v1/programmes/:programme/links/:link/responses") {
		t.Errorf("the log lacks the requests: %s", log)
	}
}

// TestEveryAPIRouteEveryScope asks for every route of the API with a token of each
// scope, and of one with all of them for another programme, of an account that may all.
func TestEveryAPIRouteEveryScope(t *testing.T) {
	skipsRace(t)
	a := newAPIClient(t)
	p := a.setUp()
	all := a.current()
	a.must(a.service.Grant(all, apiEmail, surveys.ProgrammeID(p.programme), surveys.Roles()))
	other, err := a.service.CreateProgramme(a.current(), surveys.Programme{
		Name: "Elsewhere", Zone: "Europe/London", SmallestGroup: 5, Strands: []surveys.Strand{{
			ID: "s", Title: "S", Audience: surveys.AudienceTeacher, Design: surveys.DesignRating, Questionnaire: "none", Role: "Teacher",
		}},
	})
	a.must(err)
	token := func(wish surveys.TokenWish) *apiClient {
		wish.Name, wish.Days = "walk", 7
		secret, err := a.service.CreateAPIToken(a.current(), wish)
		a.must(err)
		return a.with(secret)
	}
	walk := func(name string, client *apiClient, status func(app.RouteRow) int) {
		for _, r := range app.RouteTable() {
			if !r.Token {
				continue
			}
			path := strings.NewReplacer(":programme", p.programme, ":link", "none", ":strand", "none", ":export", "none", ":questionnaire", "none").Replace(r.Path)
			got, want := client.call(r.Method, path, `{}`).status, status(r)
			if want != 0 && got != want || want == 0 && (got == http.StatusForbidden || got == http.StatusUnauthorized || got >= 500) {
				t.Errorf("%s: %s %s = %d, want %d", name, r.Method, r.Path, got, want)
			}
		}
	}
	for _, scope := range surveys.Scopes() {
		walk(string(scope), token(surveys.TokenWish{Scopes: []surveys.Scope{scope}}), func(r app.RouteRow) int {
			if strings.HasSuffix(r.Path, "/versions") && scope != surveys.ScopeDesign || !slices.Contains(r.Scopes, scope) {
				return http.StatusForbidden
			}
			return 0
		})
	}
	walk("of another programme", token(surveys.TokenWish{Scopes: surveys.Scopes(), Programme: other.ID}), func(r app.RouteRow) int {
		switch {
		case r.Who == "role":
			return http.StatusNotFound
		case r.Who == "owner's token":
			return http.StatusForbidden
		}
		return 0
	})
}
