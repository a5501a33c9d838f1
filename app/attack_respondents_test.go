package app_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"soundings/app"
	"soundings/surveys"
)

// publicAddresses are all pages that anyone may open, with what the estate has and
// with what it has not.
func (e *estate) publicAddresses() []string {
	var all []string
	secrets := []map[string]string{
		{"/s/:token": e.link.Token, "/k/:token": e.own.cards, "/room/:room": e.own.room, "/p/:secret": "none", "/m/:letter": "none", "/set-up/:secret": "none"},
		{"/s/:token": "none", "/k/:token": "none", "/room/:room": "none", "/p/:secret": `"><script>alert(1)</script>`, "/m/:letter": "none", "/set-up/:secret": "none"},
	}
	for _, r := range app.RouteTable() {
		if r.Method != http.MethodGet || r.Who != "anyone" {
			continue
		}
		for _, known := range secrets {
			path := r.Path
			for pattern, secret := range known {
				if path == pattern || strings.HasPrefix(path, pattern+"/") {
					path = pattern[:strings.Index(pattern, ":")] + url.PathEscape(secret) + strings.TrimPrefix(path, pattern)
				}
			}
			path = strings.NewReplacer(":part", "1", ":id", "none").Replace(path)
			if !strings.Contains(path, ":") && !slices.Contains(all, path) {
				all = append(all, path)
			}
		}
	}
	return all
}

// TestEveryPublicPage goes everywhere where no sign-in is needed, in an installation
// whose every text is hostile, with hostile words in the address, in what is typed and
// in the headers.
func TestEveryPublicPage(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	e := newEstateWith(t, app.Config{BaseURL: "https://feedback.example.org"}, hostileName)
	var all []crawled
	see := func(address string, g page) page {
		all = append(all, crawled{page: g, address: address})
		return g
	}
	p := e.phone()
	p.header.Set("Accept-Language", hostileName)
	hostileQuery := "?lang=" + url.QueryEscape(hostileName) + "&next=" + url.QueryEscape(elsewhere) + "&" + url.QueryEscape(hostileName) + "=1"
	for _, address := range e.publicAddresses() {
		see(address, p.send(http.MethodGet, address, nil))
		see(address, p.send(http.MethodGet, address+hostileQuery, nil))
	}
	e.answersBadly(p, see)
	e.answersWell(see)
	for _, r := range app.RouteTable() { // what is posted without a sign-in
		if r.Method == http.MethodPost && r.Who == "anyone" && !strings.HasPrefix(r.Path, "/s/") && !strings.HasPrefix(r.Path, "/room/") {
			address := e.filled(strings.NewReplacer(":secret", "none", ":letter", "none", ":token", "none").Replace(r.Path), e.own)
			form := url.Values{"email": {hostileName}, "password": {hostileName}, "name": {hostileName}, "receipt": {hostileName}, "do": {elsewhere}, "next": {elsewhere}, "lang": {hostileName}}
			see("POST "+address, p.send(r.Method, address, formOf(form)))
		}
	}
	shown := 0
	for _, one := range all {
		checkInert(t, one)
		checkGrade(t, one.address, one.page)
		if strings.HasPrefix(one.header.Get("Content-Type"), "text/html") && strings.Contains(one.text(t), hostileName) {
			shown++
		}
	}
	if shown < 15 {
		t.Errorf("of %d pages %d show the texts", len(all), shown)
	}
}

// answersBadly fills the form part by part with what is refused.
func (e *estate) answersBadly(p *phone, see func(string, page) page) {
	e.tb.Helper()
	for _, values := range []url.Values{nil, {"agree": {hostileName}, "code__mother": {hostileName}, "town": {hostileName}}} {
		see("/start", p.post("/start", url.Values{"_lang": {"en"}}))
		for _, part := range []string{"/part/1", "/part/2", "/part/3", "/part/4", "/part/99"} {
			see(part, p.get(part))
			see("POST "+part, p.post(part, values))
		}
		for _, rest := range []string{"/check", "/saved", "/resume", "/thanks"} {
			see(rest, p.get(rest))
		}
		for _, rest := range []string{"/send", "/submit", "/late", "/language", "/resume", "/again", "/begun"} {
			form := maps.Clone(values)
			if form == nil {
				form = url.Values{}
			}
			form["_id"], form["_lang"], form["code"] = []string{hostileName}, []string{elsewhere}, []string{hostileName}
			see("POST "+rest, p.post(rest, form))
			script := e.phone()
			script.header.Set("Accept", "application/json")
			see("POST "+rest, script.post(rest, form))
		}
	}
}

// answersWell sends a whole form and looks at its end.
func (e *estate) answersWell(see func(string, page) page) {
	e.tb.Helper()
	p := e.phone()
	see("/start", p.post("/start", url.Values{"_lang": {"en"}}))
	for i, part := range everything {
		at := "/part/" + string(rune('1'+i))
		form := maps.Clone(part)
		if form.Get("town") != "" {
			form.Set("town", hostileName)
			form.Set("liked", hostileName)
		}
		see(at, p.get(at))
		see("POST "+at, p.post(at, form))
		see(at, p.get(at))
	}
	see("/check", p.get("/check"))
	see("/saved", p.get("/saved"))
	see("POST /send", p.post("/send", nil).wants(e.tb, 303))
	see("/thanks", p.get("/thanks").wants(e.tb, 200))
	receipt := surveys.ReceiptOf(surveys.ResponseID(e.own.ids[":response"]))
	see("POST /withdraw", e.phone().send(http.MethodPost, "/withdraw", formOf(url.Values{"receipt": {receipt}})))
}

// TestErrorPagesAreGraded looks at what is answered before any page of ours begins.
func TestErrorPagesAreGraded(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	h := hallWith(t, readDefinition(t, "everything"), app.Config{BaseURL: "https://feedback.example.org"})
	p := h.phone()
	for _, address := range []string{"/nothing", "/api/v1/nothing", "/s/nothing/nothing", "/%00", "/..%2f..%2fetc/passwd", "/static/none.css", "/programmes/none", "/api/v1/programmes"} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"} {
			g := p.send(method, address, nil)
			if g.status < 300 || g.status >= 500 {
				t.Errorf("%s %s = %d", method, address, g.status)
			}
			checkGrade(t, method+" "+address, g)
		}
	}
}
