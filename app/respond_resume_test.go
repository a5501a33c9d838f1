package app_test

import (
	"net/url"
	"regexp"
	"testing"

	"soundings/app"
)

var resumeCode = regexp.MustCompile(`<b class="receipt" dir="ltr">([A-Z0-9-]{11})</b>`)

func codeOn(t *testing.T, g page) string {
	t.Helper()
	found := resumeCode.FindStringSubmatch(g.body)
	if found == nil {
		t.Fatalf("the page shows no code:\n%.2000s", g.body)
	}
	return found[1]
}

// TestResumeCode goes on on another device by a code that every page shows.
func TestResumeCode(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	one := h.phone()
	one.begin()
	part := one.get("/part/1").wants(t, 200, "It works until 21 March 2026.")
	code := codeOn(t, part)
	checkHTML(t, part)
	one.post("/part/1", everything[0]).wants(t, 303, "/part/2")
	pause := url.Values{"_pause": {"1"}}
	for name, values := range everything[1] {
		pause[name] = values
	}
	one.post("/part/2", pause).wants(t, 303, "/saved")
	saved := one.get("/saved").wants(t, 200, "Your answers are saved", code)
	checkHTML(t, saved)

	two := h.phone()
	two.get("").has(t, `<a href="/s/`+h.link.Token+`/resume?lang=en">`)
	asks := two.get("/resume").wants(t, 200, "Your code")
	checkHTML(t, asks)
	asks.lacks(t, code)
	wrong := two.post("/resume", url.Values{"code": {"222-222-222"}}).wants(t, 422, "It opens nothing").has(t, `value="222-222-222"`)
	checkHTML(t, wrong)
	two.post("/resume", url.Values{"code": {" " + code + " "}}).wants(t, 303, "/start")
	two.get("/start").wants(t, 303, "/part/3")
	two.get("/part/1").wants(t, 200).has(t, `value="yes" id="a-agree" checked`)
	if got := codeOn(t, two.get("/check")); got != code {
		t.Errorf("the check shows the code %s, want %s", got, code)
	}
}

// TestNoCodeForTheNext: a device that goes round shows none.
func TestNoCodeForTheNext(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.post("/start", url.Values{"_mode": {"shared_device"}}).wants(t, 303)
	p.get("/part/1").wants(t, 200).lacks(t, "_pause", `class="receipt"`)
	p.get("?shared").lacks(t, "/resume")
}

// TestPlainHTTPSaysWhatIsMissing: browsers open no page without network then.
func TestPlainHTTPSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	h.phone().get("").wants(t, 200, "This page cannot be opened again without signal")
	secure := hallWith(t, readDefinition(t, "everything"), app.Config{BaseURL: "https://feedback.example.org"})
	secure.phone().get("").wants(t, 200).lacks(t, "cannot be opened again without signal")
}
