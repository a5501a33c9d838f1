package app_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soundings/app"
)

// changes are the routes by which staff change something.
func changes() []app.RouteRow {
	var all []app.RouteRow
	for _, r := range app.RouteTable() {
		if r.Method != http.MethodGet && !r.Token && !ofRespondents(r.Path) {
			all = append(all, r)
		}
	}
	return all
}

// ofRespondents are the posts that carry the token of a link instead of a sign-in.
func ofRespondents(path string) bool {
	for _, start := range []string{"/s/", "/k/", "/room/", "/p/", "/m/", "/withdraw"} {
		if strings.HasPrefix(path, start) {
			return true
		}
	}
	return false
}

// TestForgedChanges sends every change as another site's page would, or somebody with
// half of what it takes: without the form's token, with another sign-in's, with the
// right one in the address; and with the right one from another site.
func TestForgedChanges(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstate(t)
	d, other := e.ownersDesk(), e.ownersDesk()
	written := e.watch.written()
	for name, forge := range map[string]func(*phone, url.Values, *string){
		"no_token":       func(_ *phone, form url.Values, _ *string) { form.Del("csrf") },
		"empty_token":    func(_ *phone, form url.Values, _ *string) { form.Set("csrf", "") },
		"anothers_token": func(_ *phone, form url.Values, _ *string) { form.Set("csrf", other.csrf) },
		"in_the_address": func(_ *phone, form url.Values, address *string) { form.Del("csrf"); *address += "?csrf=" + d.csrf },
		"as_json": func(p *phone, form url.Values, _ *string) {
			form.Del("csrf")
			p.header.Set("Content-Type", "application/json")
		},
		"another_site":   func(p *phone, _ url.Values, _ *string) { p.header.Set("Sec-Fetch-Site", "cross-site") },
		"a_sister_site":  func(p *phone, _ url.Values, _ *string) { p.header.Set("Sec-Fetch-Site", "same-site") },
		"another_origin": func(p *phone, _ url.Values, _ *string) { p.header.Set("Origin", "https://evil.example") },
		"a_like_origin":  func(p *phone, _ url.Values, _ *string) { p.header.Set("Origin", "http://example.com.evil.example") },
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range changes() {
				tokenless := r.Who == "anyone"
				if tokenless && (strings.HasSuffix(name, "token") || name == "in_the_address" || name == "as_json") {
					continue // there is no sign-in yet: what other sites send is refused below
				}
				p, form, address := e.phone(), url.Values{"csrf": {d.csrf}}, strings.ReplaceAll(e.filled(r.Path, e.own)+"/", "//", "/x/")
				address = strings.TrimSuffix(address, "/")
				p.cookies["soundings"] = d.cookies["soundings"]
				forge(p, form, &address)
				if g := p.send(r.Method, address, formOf(form)); g.status != 403 {
					t.Errorf("%s %s = %d %s, want 403", r.Method, r.Path, g.status, g.header.Get("Location"))
				}
			}
		})
	}
	for kind, n := range e.watch.written() {
		if n != written[kind] {
			t.Errorf("forged changes wrote %d of %s", n-written[kind], kind)
		}
	}
}

// TestHiddenOrigin: forms of our own pages say "null", since the pages send no referrer.
func TestHiddenOrigin(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.header.Set("Origin", "null")
	d.sends("/account/tokens", wishOf("mine")).wants(t, 201)
	d.header.Set("Sec-Fetch-Site", "same-origin")
	d.sends("/account/tokens", wishOf("mine too")).wants(t, 201)
}

// TestCookies: where people come by HTTPS a sign-in is bound to this host, and one that
// was set for the domain, or by HTTP, is none.
func TestCookies(t *testing.T) {
	t.Parallel()
	h := hallWith(t, readDefinition(t, "everything"), app.Config{BaseURL: "https://feedback.example.org"})
	p := h.phone()
	p.send("POST", "/sign-in", formOf(url.Values{"email": {"owner@example.org"}, "password": {ownerPassword}})).wants(t, 303)
	c := p.cookies["__Host-soundings"]
	if c == nil || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
		t.Fatalf("cookies %v", p.cookies)
	}
	p.send("GET", "/account", nil).wants(t, 200)
	p.cookies = map[string]*http.Cookie{"soundings": {Name: "soundings", Value: c.Value, Path: "/"}}
	p.send("GET", "/account", nil).wants(t, 303, "/sign-in")

	respondent := h.phone()
	respondent.begin()
	c = respondent.cookies["__Secure-soundings_response"]
	if c == nil || !c.Secure || !c.HttpOnly || c.Path != "/s/"+h.link.Token {
		t.Fatalf("cookies %v", respondent.cookies)
	}
	respondent.get("/part/1").wants(t, 200)
	respondent.cookies = map[string]*http.Cookie{"soundings_response": {Name: "soundings_response", Value: c.Value, Path: "/s/"}}
	if g := respondent.get("/part/1"); g.status == 200 {
		t.Error("a response that another host named is gone on with")
	}
}

// TestCookiesAreReadInOnePlace: who reads a cookie by its plain name finds none where
// people come by HTTPS.
func TestCookiesAreReadInOnePlace(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file != "security.go" && !strings.HasSuffix(file, "_test.go") && (strings.Contains(string(raw), "c.Cookies(") || strings.Contains(string(raw), "c.Cookie(")) {
			t.Errorf("%s: use (*Server).cookie and setCookie, which know the name under HTTPS", file)
		}
	}
}
