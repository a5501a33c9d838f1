package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/storetest"
)

// operators are what a store could take for more than a name: those of MongoDB, of SQL,
// of our own scopes, of paths.
var operators = []string{
	`{"$ne":""}`, `$where`, `[$gt]`, `a.b`, `$ne`, `{"$regex":".*"}`, `*`, `' OR '1'='1`, `%`, `_`, `"; DROP TABLE records; --`, `..`, `../..`, `~`, `%00`,
}

// TestOperatorInjection and the next one put operators of stores into every parameter of
// every address, every field of every form and every value of what the API reads: nothing
// else comes back, and nothing breaks.
func TestOperatorInjection(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	injects(t, newEstate(t), operators)
}

func TestOperatorInjectionMongo(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstateOn(t, storetest.Mongo(t), app.Config{}, "")
	token := apiTokenIn(e.ownersDesk().sends("/account/tokens", wishOf("injects")).wants(t, 201).body)
	words := []string{e.foreign.mark}
	before := e.watch.holding(t, words...)
	owner := visitor{token: token}
	for _, r := range app.RouteTable() { // the stand-in is slow: the API reads what the pages read
		for _, upTo := range parameters(r.Path) {
			if r.Token && r.Method == http.MethodGet {
				e.injectsParameter(t, owner, r, upTo, operators[0])
			}
		}
	}
	e.injectsSignIn(t, operators[0])
	e.injectsJSON(t, token)
	if after := e.watch.holding(t, words...); !slices.Equal(before, after) {
		t.Errorf("the other programme is not what it was: %s", firstDifference(before, after))
	}
}

func injects(t *testing.T, e *estate, operators []string) {
	t.Helper()
	d := e.ownersDesk()
	token := apiTokenIn(d.sends("/account/tokens", wishOf("injects")).wants(t, 201).body)
	owner := visitor{name: "owner", desk: d, token: token}
	if err := e.server.Shutdown(); err != nil {
		t.Fatal(err)
	}
	words := []string{e.foreign.mark}
	before := e.watch.holding(t, words...)
	for _, r := range app.RouteTable() {
		for _, upTo := range parameters(r.Path) {
			for _, operator := range operators {
				e.injectsParameter(t, owner, r, upTo, operator)
			}
		}
	}
	e.injectsFields(t, d)
	e.injectsJSON(t, token)
	if after := e.watch.holding(t, words...); !slices.Equal(before, after) {
		t.Errorf("the other programme is not what it was: %s", firstDifference(before, after))
	}
}

func (e *estate) injectsParameter(t *testing.T, v visitor, r app.RouteRow, upTo, operator string) {
	t.Helper()
	parts := strings.Split(e.filled(r.Path, e.own), "/")
	for i := range parts {
		if parts[i] == "" && i > 0 {
			parts[i] = "x"
		}
	}
	parts[strings.Count(upTo, "/")] = url.PathEscape(operator)
	g := v.asks(e.hall, r, strings.Join(parts, "/"))
	if g.status >= 500 || g.status < 300 && !strings.HasSuffix(upTo, ":part") && !strings.HasSuffix(upTo, ":version") && !strings.HasSuffix(upTo, ":form") {
		t.Errorf("%s %s with %s = %s: %d %.100q", r.Method, r.Path, upTo, operator, g.status, g.text(t))
	}
	if strings.Contains(g.body, e.foreign.mark) && strings.Contains(r.Path, "/:programme") {
		t.Errorf("%s %s with %s = %s shows another programme", r.Method, r.Path, upTo, operator)
	}
}

// injectsFields sends operators in the names and the values of fields where something is
// looked up by them.
func (e *estate) injectsFields(t *testing.T, d *desk) {
	t.Helper()
	for _, operator := range operators {
		e.injectsSignIn(t, operator)
		for _, query := range []string{"cohort", "institution", "strand", "workshop", "receipt", "status", "from", "answer.heard", "show", "page", "of", "by", "name"} {
			address := e.programmePath() + "/reach?" + url.Values{query: {operator}, query + "[$ne]": {""}}.Encode()
			if g := d.open(address); g.status >= 500 || strings.Contains(g.body, e.foreign.mark) {
				t.Errorf("%s = %d", address, g.status)
			}
			address = e.strandPath() + "/responses?" + url.Values{query: {operator}}.Encode()
			if g := d.open(address); g.status >= 500 || strings.Contains(g.body, e.foreign.mark) {
				t.Errorf("%s = %d", address, g.status)
			}
		}
	}
}

// injectsSignIn looks for an account and a response by an operator.
func (e *estate) injectsSignIn(t *testing.T, operator string) {
	t.Helper()
	for name, form := range map[string]url.Values{
		"value": {"email": {operator}, "password": {operator}},
		"name":  {"email[$ne]": {""}, "password[$ne]": {""}, "email.$gt": {""}, "$where": {"1"}},
		"both":  {"email": {"owner@example.org"}, "password": {operator}, "password[$ne]": {"x"}},
	} {
		if g := e.phone().send(http.MethodPost, "/sign-in", formOf(form)); g.status < 400 || g.status >= 500 {
			t.Errorf("sign-in by %s %s = %d", name, operator, g.status)
		}
	}
	if g := e.phone().send(http.MethodPost, "/withdraw", formOf(url.Values{"receipt": {operator}, "do": {"withdraw"}})); g.status < 400 || g.status >= 500 {
		t.Errorf("a receipt %s = %d", operator, g.status)
	}
}

// injectsJSON puts objects and lists where the API reads words.
func (e *estate) injectsJSON(t *testing.T, token string) {
	t.Helper()
	bodies := map[string]map[string]any{
		"/cohorts":      {"name": "a", "institution": "b"},
		"/institutions": {"name": "a", "kind": "b"},
		"/links":        {"strand": "pupils", "cohort": e.own.ids[":cohort"], "wave": "post"},
		"/exports":      {"strand": "pupils", "format": "analysis.xlsx", "language": "en"},
		"/links/" + e.own.ids[":link"] + "/responses": {"responses": "a"},
	}
	for path, body := range bodies {
		for field := range body {
			for _, value := range []any{map[string]any{"$ne": ""}, map[string]any{"$where": "1"}, []any{"a", "b"}, []any{map[string]any{"$gt": ""}}, true, 7, nil} {
				sent := map[string]any{}
				for name, one := range body {
					sent[name] = one
				}
				sent[field] = value
				raw, err := json.Marshal(sent)
				if err != nil {
					t.Fatal(err)
				}
				p := e.phone()
				p.header.Set("Authorization", "Bearer "+token)
				p.header.Set("Content-Type", "application/json")
				g := p.send(http.MethodPost, "/api/v1"+e.programmePath()+path, strings.NewReader(string(raw)))
				if g.status >= 500 || g.status < 400 && value != nil || strings.Contains(g.body, e.foreign.mark) {
					t.Errorf("%s with %s = %d %.200s", path, raw, g.status, g.body)
				}
			}
		}
	}
}

// TestMassAssignment sends besides what a form and the API ask for what they do not:
// nothing of it is kept, and the API says so.
func TestMassAssignment(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	admin := e.colleague("admin", surveys.RoleAdministrator)
	extra := map[string]string{
		"owner": "true", "Owner": "yes", "roles": "safeguarding_lead", "id": "chosen", "ID": "chosen", "revision": "99", "programme": e.foreign.ids[":programme"],
		"Programme": e.foreign.ids[":programme"], "demo": "true", "account": "chosen", "token": "chosen", "state": "done", "created": "1999-01-01T00:00:00Z", "by": "chosen",
		"safeguarding": "chosen", "retention": "chosen", "attempt": "chosen", "key": "chosen",
	}
	with := func(form url.Values) url.Values {
		for name, value := range extra {
			if _, ok := form[name]; !ok {
				form.Set(name, value)
			}
		}
		return form
	}
	at := e.programmePath()
	admin.sends(at+"/cohorts", with(url.Values{"name": {"Assigned cohort"}})).wants(t, 303)
	admin.sends(at+"/institutions", with(url.Values{"name": {"Assigned school"}})).wants(t, 303)
	admin.sends(at+"/workshops", with(url.Values{"title": {"Assigned workshop"}, "cohort": {e.own.ids[":cohort"]}}))
	admin.sends(at+"/packs", with(url.Values{"strands": {"pupils"}, "waves": {"post"}}))
	admin.sends("/account/tokens", with(wishOf("Assigned token"))).wants(t, 422) // of a programme in which the account has no role
	h := e.phone()
	raw := everythingRaw("Assigned answer")
	raw.Set("_id", "assigned0123456789")
	h.send(http.MethodPost, "/s/"+e.link.Token+"/submit", formOf(with(raw)))
	for _, one := range e.watch.holding(t, "Assigned", "assigned0123456789") {
		for _, value := range []string{"chosen", "1999-01-01", e.foreign.ids[":programme"], `"owner":true`, `"demo":true`} {
			if strings.Contains(one, value) {
				t.Errorf("%s was taken over: %.300s", value, one)
			}
		}
	}
	r, err := e.store.Response(t.Context(), "assigned0123456789")
	if err != nil || r.Programme != e.link.Programme || r.Mode != surveys.ModePhone {
		t.Errorf("the response is %+v, %v", r, err)
	}
	if g := admin.open("/accounts"); g.status != 403 {
		t.Errorf("the administrator is an owner now: %d", g.status)
	}
	admin.open(e.foreignPath()).wants(t, 404)
	token := apiTokenIn(e.ownersDesk().sends("/account/tokens", wishOf("api")).wants(t, 201).body)
	for name := range extra {
		p := e.phone()
		p.header.Set("Authorization", "Bearer "+token)
		p.header.Set("Content-Type", "application/json")
		p.send(http.MethodPost, "/api/v1"+at+"/cohorts", strings.NewReader(`{"name":"By the API","`+name+`":"chosen"}`)).wants(t, 422, "no such field")
	}
}

func (e *estate) foreignPath() string { return "/programmes/" + e.foreign.ids[":programme"] }

// TestPathTraversal asks for files by every way around, and gives files names that lead
// elsewhere.
func TestPathTraversal(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	d := e.ownersDesk()
	for _, way := range []string{
		"../../go.mod", "..%2f..%2fgo.mod", "%2e%2e/%2e%2e/go.mod", "..%5c..%5cgo.mod", "....//....//go.mod", "%252e%252e%252fgo.mod", "/etc/passwd", "%2fetc%2fpasswd", "staff.css/../../server.go", "staff.css%00.go",
		".git/config", ".env", "locales/en.json", "../templates/staff/shell.html", "C:%5cwindows%5cwin.ini", "file:%2f%2f%2fetc%2fpasswd",
	} {
		for _, start := range []string{"/static/", "/", "/s/" + e.link.Token + "/media/", "/questionnaires/views/media/", e.programmePath() + "/exports/", e.programmePath() + "/paper/" + e.own.ids[":batch"] + "/media/", "/library/"} {
			g := d.open(start + way)
			if g.status >= 500 || g.status < 300 || strings.Contains(g.body, "root:") || strings.Contains(g.body, "module soundings") {
				t.Errorf("%s%s = %d %.100q", start, way, g.status, g.body)
			}
		}
	}
	old := e.strandPath() + "/old-data"
	for _, name := range []string{"../../../../tmp/evil.csv", `..\..\evil.csv`, "/etc/evil.csv", strings.Repeat("n", 5000) + ".csv", "=cmd.csv", "a\r\nSet-Cookie: evil=1.csv", `"><script>.csv`, "con.csv", "."} {
		g := d.sendsFile(old, "file", name, "who,when,town\na,pre,b\n")
		if g.status != 303 && g.status != 422 {
			t.Errorf("a file called %.40q = %d", name, g.status)
		}
		checkStays(t, old, g)
	}
	checkNoMarkup(t, old, d.open(old).wants(t, 200).lacks(t, "/etc/", "../", `..\`))
}
