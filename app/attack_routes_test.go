package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/storetest"
)

func sqliteOf(tb testing.TB) surveys.Store { tb.Helper(); return storetest.SQLite(tb) }

// notOfAProgramme are the parameters of routes that name nothing which belongs to one
// programme, and why another value of them needs no 404 by itself. The longer name,
// with the beginning of the route, goes before the shorter one.
var notOfAProgramme = map[string]string{
	"/s/:token":                         "a secret: whoever holds it may",
	"/k/:token":                         "a secret: whoever holds it may",
	"/p/:secret":                        "a secret: whoever holds it may",
	"/m/:letter":                        "a secret: whoever holds it may",
	"/set-up/:secret":                   "a secret: whoever holds it may",
	"/invitation/:secret":               "a secret: whoever holds it may",
	"/reset/:secret":                    "a secret: whoever holds it may",
	":account":                          "owners see all accounts, nobody else any",
	"/accounts/invitations/:invitation": "owners see all invitations to the installation, nobody else any",
	"/accounts/tokens/:token":           "owners see all tokens, nobody else those of others",
	"/room/:room":                       "a secret: whoever holds it may",
	"/s/:token/part/:part":              "a number within the form",
	"/s/:token/media/:id":               "named by the questionnaire of the link, TestMediaOfALink",
	":form":                             "a number within its batch",
	":questionnaire":                    "questionnaires are of the installation: every designer sees all",
	":version":                          "within its questionnaire", ":item": "within its questionnaire", ":part": "within its questionnaire",
	":group": "within its questionnaire", ":scale": "within its questionnaire", ":measure": "within its questionnaire",
	"/library/:scale": "the library is public",
	":kind":           "one of three statements of the programme before it", ":step": "one of four steps of the programme before it",
	"/programmes/:programme/retention/frozen/:strand/:profile": "for whom a file is", "/programmes/:programme/retention/frozen/:strand/:profile/:file": "a name within its strand and profile",
	"/certificates/:of": "owners see those of programmes that are no more",
	":saved":            "saved questions are of the installation",
	"/questionnaires/:questionnaire/media/:medium": "media of questionnaires are of the installation",
	"/questionnaires/:questionnaire/trials/:trial": "trials are of the installation",
}

// ofAnAccount are those whose other value is another account's: estate.others has one.
var ofAnAccount = []string{
	"/account/tokens/:token", "/account/sign-ins/:session", "/questionnaires/import/:preview", "/questionnaires/:questionnaire/draft/languages/sheets/:preview",
}

// parameters are the names of a route's parameters, each with the route up to it.
func parameters(path string) []string {
	var all []string
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") {
			all = append(all, strings.Join(parts[:i+1], "/"))
		}
	}
	return all
}

// keyOf is the name under which a table knows a parameter, "" if it does not.
func keyOf[V any](table map[string]V, upTo string) string {
	if _, ok := table[upTo]; ok {
		return upTo
	}
	short := upTo[strings.LastIndex(upTo, "/")+1:]
	if _, ok := table[short]; ok {
		return short
	}
	return ""
}

// TestEveryParameterHasAForeignValue fails for a route whose parameter nobody has
// tried to abuse.
func TestEveryParameterHasAForeignValue(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	for _, r := range app.RouteTable() {
		for _, upTo := range parameters(r.Path) {
			if keyOf(e.own.ids, upTo) == "" && keyOf(notOfAProgramme, upTo) == "" && !slices.Contains(ofAnAccount, upTo) {
				t.Errorf("%s %s: nobody tries %s of another programme. Make one in (*estate).furnish (app/attack_estate_test.go) and put its id into territory.ids "+
					"under %q; or, if it is of an account, into estate.others and ofAnAccount; or say in notOfAProgramme (this file) why it belongs to no programme",
					r.Method, r.Path, upTo[strings.LastIndex(upTo, "/")+1:], upTo)
			}
		}
	}
	for key, id := range e.own.ids {
		if id == "" || e.foreign.ids[key] == "" || id == e.foreign.ids[key] {
			t.Errorf("%s has the ids %q and %q, want two of them", key, id, e.foreign.ids[key])
		}
	}
}

// filled is a route with ids of one territory.
func (e *estate) filled(path string, t *territory) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, ":") {
			continue
		}
		upTo := strings.Join(strings.Split(path, "/")[:i+1], "/")
		parts[i] = plainValues[part]
		if key := keyOf(t.ids, upTo); key != "" {
			parts[i] = t.ids[key]
		}
	}
	return strings.Join(parts, "/")
}

// plainValues are for what names nothing of a programme.
var plainValues = map[string]string{
	":kind": "privacy", ":step": "linkages", ":profile": "published", ":file": "figures.csv", ":questionnaire": "views", ":version": "1", ":form": "1", ":part": "1", ":item": "life", ":medium": strings.Repeat("0", 64),
}

// nothingLike is an id that does not exist, as long as one that does.
func nothingLike(id string) string {
	turned := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r < 'z', r >= 'A' && r < 'Z', r >= '0' && r < '9':
			return r + 1
		case r == 'z' || r == 'Z' || r == '9':
			return r - 9
		}
		return r
	}, id)
	return turned
}

// requestIDs differ from one page to the next.
var requestIDs = regexp.MustCompile(`\b[0-9a-f]{16}\b`)

// sameBut reports what differs between two answers besides the ids asked for.
func sameBut(a, b page, idA, idB string) string {
	plain := func(g page, id string) string {
		head := fmt.Sprintf("%d %s %s\n", g.status, g.header.Get("Location"), g.header.Get("Content-Type"))
		return requestIDs.ReplaceAllString(strings.ReplaceAll(head+g.body, id, "ID"), "REQUEST")
	}
	one, other := plain(a, idA), plain(b, idB)
	if one == other {
		return ""
	}
	at := 0
	for at < len(one) && at < len(other) && one[at] == other[at] {
		at++
	}
	from := max(0, at-60)
	return fmt.Sprintf("%.200q and %.200q", one[from:], other[from:])
}

// asks sends a request of a route to an address, as one kind of account.
func (v visitor) asks(h *hall, r app.RouteRow, address string) page {
	p := h.phone()
	form := url.Values{}
	if v.desk != nil && !r.Token {
		p.cookies = map[string]*http.Cookie{"soundings": v.desk.cookies["soundings"]}
		form.Set("csrf", v.desk.csrf)
	}
	if r.Token && v.token != "" {
		p.header.Set("Authorization", "Bearer "+v.token)
	}
	switch {
	case r.Method == http.MethodPost && r.Token:
		p.header.Set("Content-Type", "application/json")
		return p.send(r.Method, address, strings.NewReader("{}"))
	case r.Method == http.MethodPost:
		return p.send(r.Method, address, formOf(form))
	}
	return p.send(r.Method, address, nil)
}

// insiders are accounts of the first programme: one with every role, and one of
// each; and nobody.
func (e *estate) insiders() []visitor {
	e.tb.Helper()
	all := []visitor{{name: "signed_out"}}
	add := func(name string, roles ...surveys.Role) {
		d := e.colleague(name, roles...)
		token := d.sends("/account/tokens", wishOf("walk"))
		token.wants(e.tb, 201)
		all = append(all, visitor{name: name, desk: d, token: apiTokenIn(token.body), roles: roles})
	}
	add("everything", surveys.Roles()...)
	for _, role := range surveys.Roles() {
		add(string(role), role)
	}
	return all
}

// ofAProgramme are the routes of programmes.
func ofAProgramme() []app.RouteRow {
	return slices.DeleteFunc(app.RouteTable(), func(r app.RouteRow) bool { return !strings.Contains(r.Path, "/:programme") })
}

// TestForeignIdentifiers puts into every parameter of every route, one after the
// other, the id of something that another programme has: for whoever may use the
// route it is as if there were no such thing, and nothing of the other programme is
// shown or changed.
func TestForeignIdentifiers(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	all := e.insiders()
	words := []string{e.foreign.mark}
	for _, id := range e.foreign.ids {
		words = append(words, id)
	}
	// Whoever has roles in both still finds nothing of one in the other.
	all = append(all, visitor{name: "roles_in_both", desk: e.ownersDesk(), roles: surveys.Roles(), foreign: true})
	if err := e.server.Shutdown(); err != nil { // live pages end at once, requests are still answered
		t.Fatal(err)
	}
	before := e.watch.holding(t, words...)
	for _, v := range all {
		t.Run(v.name, func(t *testing.T) {
			for _, r := range ofAProgramme() {
				e.putsForeign(t, v, r)
			}
		})
	}
	if after := e.watch.holding(t, words...); !slices.Equal(before, after) {
		t.Errorf("the other programme is not what it was: %s", firstDifference(before, after))
	}
}

func firstDifference(before, after []string) string {
	for _, one := range after {
		if !slices.Contains(before, one) {
			return fmt.Sprintf("there is now %.300q", one)
		}
	}
	for _, one := range before {
		if !slices.Contains(after, one) {
			return fmt.Sprintf("there is no more %.300q", one)
		}
	}
	return fmt.Sprintf("%d things, then %d", len(before), len(after))
}

// putsForeign tries each parameter of one route.
func (e *estate) putsForeign(t *testing.T, v visitor, r app.RouteRow) {
	t.Helper()
	for _, upTo := range parameters(r.Path) {
		key := keyOf(e.own.ids, upTo)
		if key == "" || key == ":programme" && v.foreign || r.Token && v.foreign {
			continue
		}
		at := strings.Count(upTo, "/")
		with := func(id string) (page, string) {
			parts := strings.Split(e.filled(r.Path, e.own), "/")
			parts[at] = id
			return v.asks(e.hall, r, strings.Join(parts, "/")), strings.Join(parts, "/")
		}
		foreign, none := e.foreign.ids[key], nothingLike(e.foreign.ids[key])
		got, address := with(foreign)
		nothing, _ := with(none)
		if strings.Contains(got.body, e.foreign.mark) {
			t.Errorf("%s %s shows something of another programme", r.Method, address)
		}
		if differs := sameBut(got, nothing, foreign, none); differs != "" {
			t.Errorf("%s %s with %s is told from one that is not there: %s", r.Method, r.Path, key, differs)
		}
		if want := v.wantForeign(r, key); got.status != want && !(want == 401 && got.status == 303 && got.header.Get("Location") == "/sign-in") {
			t.Errorf("%s %s with %s of another programme = %d %s, want %d", r.Method, r.Path, key, got.status, got.header.Get("Location"), want)
		}
	}
}

// wantForeign is the status for an id of another programme: 404 for whoever may use
// the route in their own, and for the programme itself.
func (v visitor) wantForeign(r app.RouteRow, key string) int {
	if v.desk == nil {
		return 401
	}
	may := slices.ContainsFunc(v.roles, func(role surveys.Role) bool { return slices.Contains(r.Roles, role) })
	if !may && key != ":programme" {
		return 403
	}
	return 404
}

// TestOwnIdentifiers opens every page and file of a programme with what it has: who
// may sees it, and others are refused. Without it the test above could try ids that
// never were.
func TestOwnIdentifiers(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	all := append(e.insiders(), visitor{name: "roles_in_both", desk: e.ownersDesk(), roles: surveys.Roles(), foreign: true})
	if err := e.server.Shutdown(); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		for _, r := range ofAProgramme() {
			if r.Method != http.MethodGet || neverBegun[r.Path] || r.Token && v.foreign {
				continue
			}
			g := v.asks(e.hall, r, e.filled(r.Path, e.own)+queries[r.Path])
			want := v.wantOwn(r)
			if g.status != want && !(want == 401 && g.status == 303 && g.header.Get("Location") == "/sign-in") {
				t.Errorf("%s: GET %s = %d %.300q, want %d", v.name, r.Path, g.status, g.text(t), want)
			}
			if strings.Contains(g.body, e.foreign.mark) {
				t.Errorf("%s: GET %s shows something of another programme", v.name, r.Path)
			}
		}
	}
}

// wantOwn is the status for the ids of one's own programme.
func (v visitor) wantOwn(r app.RouteRow) int {
	want := v.wantForeign(r, "")
	switch {
	case want != 404:
		return want
	case v.name == "administrator" && strings.Contains(r.Path, "/exports/:export"):
		return 403 // the estate's file has every row: for evaluators
	case !v.foreign && strings.Contains(r.Path, "/import/:preview"):
		return 404 // what was read of an upload is its account's
	}
	return 200
}

// queries are what some pages have to be asked with.
var queries = map[string]string{"/programmes/:programme/reach/rows": "?of=institutions"}

// neverBegun are pages of what the estate has not: they are walked by tests of their own.
var neverBegun = map[string]bool{
	"/programmes/:programme/retention/certificates/:step":            true, // nothing was destroyed
	"/programmes/:programme/retention/frozen/:strand/:profile/:file": true, // nothing was frozen
	"/programmes/:programme/paper/:batch/forms/:form":                true, // a form that was keyed twice
}

// TestWhatIsOfAnotherAccount asks for what another account keeps: its tokens and what
// was read of its uploads.
func TestWhatIsOfAnotherAccount(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	owner := e.ownersDesk()
	e.startDraft(t)
	last := func(g page) string {
		to := g.wants(t, 303).header.Get("Location")
		return to[strings.LastIndex(to, "/")+1:]
	}
	e.others["/questionnaires/import/:preview"] = last(owner.uploads("/questionnaires/import", "x.xlsx", formWorkbook(t)))
	const sheets = "/questionnaires/:questionnaire/draft/languages/sheets/:preview"
	sheet := translated(t, owner, languagesPage+"/sheet.xlsx", map[string]string{"A1": "id"})
	e.others[sheets] = last(owner.uploads(languagesPage+"/sheets", "x.xlsx", sheet))
	owner.sends("/account/tokens", wishOf("theirs")).wants(t, 201)
	e.others["/account/tokens/:token"] = between(owner.open("/account").body, `action="/account/tokens/`, `/`, 1)
	e.ownersDesk() // a second sign-in, so that the page has one to end
	e.others["/account/sign-ins/:session"] = between(owner.open("/account").body, `action="/account/sign-ins/`, `/end"`, 1)
	insider := visitor{name: "insider", desk: e.colleague("insider", surveys.Roles()...)}
	for _, r := range app.RouteTable() {
		for _, upTo := range parameters(r.Path) {
			id, ok := e.others[upTo]
			if slices.Contains(ofAnAccount, upTo) != ok || ok && id == "" {
				t.Errorf("estate.others has %q for %s", id, upTo)
			}
			if !ok {
				continue
			}
			asks := func(id string) page {
				address := strings.Replace(r.Path, upTo, strings.Replace(upTo, upTo[strings.LastIndex(upTo, ":"):], id, 1), 1)
				return insider.asks(e.hall, r, strings.Replace(address, ":questionnaire", "views", 1))
			}
			if got, none := asks(id), asks(nothingLike(id)); got.status != 404 || sameBut(got, none, id, nothingLike(id)) != "" {
				t.Errorf("%s %s of another account = %d, %s", r.Method, r.Path, got.status, sameBut(got, none, id, nothingLike(id)))
			}
		}
	}
	if strings.Contains(owner.open("/account").body, e.others["/account/tokens/:token"]) == false {
		t.Error("the token of the other account is gone")
	}
}
