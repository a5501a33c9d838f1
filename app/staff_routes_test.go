package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"soundings/app"
	"soundings/surveys"
)

// visitor is one kind of account, with its cookie and its API token.
type visitor struct {
	name    string
	desk    *desk // nil: signed out
	token   string
	owner   bool
	roles   []surveys.Role // in the hall's programme
	foreign bool           // has a role, but in another programme
}

// visitors are an account for each role, the owner without one, an account with
// a role elsewhere, one without any, and nobody.
func visitors(h *hall) []visitor {
	h.tb.Helper()
	all := []visitor{{name: "signed_out"}}
	here := h.owner
	elsewhere := h.newLink("Elsewhere", "Others").Programme
	there := h.owner
	h.owner = here
	add := func(v visitor) {
		token := v.desk.sends("/account/tokens", wishOf("walk"))
		token.wants(h.tb, 201)
		v.token = apiTokenIn(token.body)
		all = append(all, v)
	}
	for _, role := range surveys.Roles() {
		add(visitor{name: string(role), desk: h.colleague(string(role), role), roles: []surveys.Role{role}})
	}
	add(visitor{name: "no_role", desk: h.colleague("no_role")})
	stranger := h.colleague("stranger")
	if err := h.service.Grant(there, "stranger@example.org", elsewhere, surveys.Roles()); err != nil {
		h.tb.Fatal(err)
	}
	add(visitor{name: "role_elsewhere", desk: stranger, foreign: true})
	administrator := all[1].desk
	administrator.sends(h.programmePath()+"/people", url.Values{"email": {"owner@example.org"}}).wants(h.tb, 303)
	add(visitor{name: "owner", desk: h.ownersDesk(), owner: true})
	return all
}

func apiTokenIn(body string) string {
	_, after, _ := strings.Cut(body, `class="secret">`)
	token, _, _ := strings.Cut(after, "<")
	return token
}

// request makes one request of a route, signed in the way the route asks for.
func (v visitor) request(h *hall, r app.RouteRow) page {
	path := strings.NewReplacer(":programme", string(h.link.Programme), ":strand", "pupils", ":cohort", string(h.link.Cohort),
		":link", string(h.link.ID), ":questionnaire", "views", ":part", "1", ":preview", "none", ":version", "1", ":secret", "none", ":scale", "who5", ":account", "none",
		":response", "response01",
		":workshop", "none",
		":letter", "none", ":contact", "none", ":mailing", "none",
		":upload", "none", ":import", "none",
		":batch", "P-0001", ":form", "1",
		":export", "none", ":approach", "none", ":kind", "privacy",
		":session", "none", ":invitation", "none", ":account", "none", ":token/revoke", "none/revoke",
		":concern", "none",
	).Replace(r.Path)
	if strings.HasPrefix(path, "/s/") {
		path = strings.Replace(path, ":token", h.link.Token, 1)
	}
	if strings.Contains(path, ":room") {
		room := h.room()
		names := map[bool]string{true: room.Token, false: string(room.ID)}
		path = strings.Replace(path, ":room", names[strings.HasPrefix(path, "/room/")], 1)
	}
	p := h.phone()
	form := url.Values{}
	if v.desk != nil && !r.Token {
		p.cookies = map[string]*http.Cookie{"soundings": v.desk.cookies["soundings"]}
		form.Set("csrf", v.desk.csrf)
	}
	if r.Token && v.token != "" {
		p.header.Set("Authorization", "Bearer "+v.token)
	}
	if r.Method == http.MethodPost {
		return p.send(r.Method, path, formOf(form))
	}
	return p.send(r.Method, path, nil)
}

// verdict is what the table says: "in", "403", "404" or "sign in".
func (v visitor) verdict(r app.RouteRow) string {
	if r.Who == "anyone" {
		return "in"
	}
	if v.desk == nil {
		return "sign in"
	}
	switch r.Who {
	case "owner", "owner's token":
		if !v.owner {
			return "403"
		}
	case "designer", "designer's token":
		designs := func(r surveys.Role) bool { return slices.Contains(surveys.RolesWith(surveys.MayDesign), r) }
		if !v.owner && !v.foreign && !slices.ContainsFunc(v.roles, designs) {
			return "403"
		}
	case "role":
		if len(v.roles) == 0 {
			return "404"
		}
		if !slices.Contains(r.Roles, v.roles[0]) {
			return "403"
		}
	}
	return "in"
}

// keeps reports whether what came back is what the verdict says.
func keeps(verdict string, g page) bool {
	toSignIn := g.status == 303 && g.header.Get("Location") == "/sign-in"
	switch verdict {
	case "403":
		return g.status == 403
	case "404":
		return g.status == 404
	case "sign in":
		return g.status == 401 || toSignIn
	}
	if g.status == 404 && (strings.Contains(g.body, "programme.not_found") || strings.Contains(g.body, "There is no such programme")) {
		return false
	}
	return g.status != 401 && g.status != 403 && g.status < 500 && !toSignIn
}

// TestEveryRouteEveryRole asks for every route as every kind of account.
func TestEveryRouteEveryRole(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	h := classroom(t)
	all := visitors(h)
	if err := h.server.Shutdown(); err != nil { // live pages end at once, requests are still answered
		t.Fatal(err)
	}
	table := app.RouteTable()
	for _, v := range all {
		t.Run(v.name, func(t *testing.T) {
			for _, r := range table {
				if (r.Path == "/sign-out" || r.Path == "/account/sign-ins/end-others") && v.desk != nil || r.Method == http.MethodPost && r.Path == "/sign-in" {
					continue // they end or refuse a sign-in by themselves: TestSignOut, TestSignIn
				}
				if strings.HasPrefix(r.Path, "/sign-in/") {
					continue // the steps of a sign-in send back whoever has not begun one: TestSecondFactorPages, TestElsewherePages
				}
				if r.Path == "/readyz" {
					continue // it says that the server ends
				}
				verdict := v.verdict(r)
				if got := v.request(h, r); !keeps(verdict, got) {
					t.Errorf("%s %s = %d %s, want %s", r.Method, r.Path, got.status, got.header.Get("Location"), verdict)
				}
			}
		})
	}
}

// TestEveryRouteIsInTheTable compares the table with what Fiber serves.
func TestEveryRouteIsInTheTable(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	listed := map[string]bool{}
	for _, r := range app.RouteTable() {
		if listed[r.Method+" "+r.Path] {
			t.Errorf("%s %s is listed twice", r.Method, r.Path)
		}
		listed[r.Method+" "+r.Path] = true
	}
	for _, stack := range h.server.Fiber().Stack() {
		for _, r := range stack {
			if r.Path == "/" && len(r.Handlers) != 2 {
				continue // middleware
			}
			method := r.Method
			if method == http.MethodHead {
				method = http.MethodGet
			}
			if !listed[method+" "+r.Path] && r.Path != "/" {
				t.Errorf("%s %s is served and not listed", r.Method, r.Path)
			}
		}
	}
}

// TestChangesNeedTheToken sends every change without the form's token.
func TestChangesNeedTheToken(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.csrf = "0123456789abcdef0123456789abcdef"
	v := visitor{desk: d}
	for _, r := range app.RouteTable() {
		if r.Method != http.MethodPost || r.Who == "anyone" || r.Token {
			continue
		}
		v.request(h, r).wants(t, 403, "load the page again")
	}
}
