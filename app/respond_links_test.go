package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// What a link may be when it is opened, and what else may come to its address.

func TestLinkStates(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	p.post("/part/2", everything[1]).wants(t, 303)

	h.close()
	p.get("").wants(t, 410, "is closed", "opened again")
	p.get("/part/2").wants(t, 410, "is closed", "What you saved before is kept")
	p.post("/part/4", everything[3]).wants(t, 410, "is closed", "What you wrote on this page", "Leeds", "The <pond>")
	p.post("/part/1", everything[0]).wants(t, 410).lacks(t, ">SU<", `"SU"`)
	p.post("/send", nil).wants(t, 410, "is closed", "kept")
	p.post("/start", nil).wants(t, 410, "is closed")
	p.post("/submit", whole()).wants(t, 410, "is closed", "Leeds")
	script(h.phone()).post("/submit", whole()).wants(t, 410, `"kind":"closed"`, "is closed")
	if n := len(h.stored()); n != 0 {
		t.Fatalf("%d responses are stored, want none", n)
	}
	if _, err := h.service.SetLinkOpen(h.owner, h.link.Programme, h.link.ID, true); err != nil {
		t.Fatal(err)
	}
	p.get("/part/2").wants(t, 200).has(t, `value="good" checked`)
}

func TestNotYetOpen(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	h.pass(-time.Minute)
	p := h.phone()
	p.get("").wants(t, 410, "not open yet", "It opens on 7 March 2026 at 09:00.")
	p.get("?lang=ar").wants(t, 410, "يُفتح في 7 مارس 2026")
	p.post("/start", nil).wants(t, 410, "not open yet")
	h.pass(time.Minute + 24*time.Hour)
	p.get("").wants(t, 410, "is closed")
}

func TestUnknownLinkAndCookies(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	for _, path := range []string{"/s/nosuchlink", "/s/%00%ff", "/s/" + strings.Repeat("x", 1000), "/s/nosuchlink/part/1"} {
		p.send("GET", path, nil).wants(t, 404, "Check the link")
	}
	p.get("/nothing/here").wants(t, 404, "no such page here")
	p.send("GET", "/s/"+strings.ToUpper(h.link.Token)+"?lang=ar", nil).wants(t, 303, "/s/"+h.link.Token+"?lang=ar")
	p.get("/part/1").wants(t, 404, "Start the form again", "Go to the start of the form")
	p.get("/send").wants(t, 303, "/s/"+h.link.Token)
	p.begin()
	for _, n := range []string{"0", "5", "-1", "99999999999999999999", "x", "1.5"} {
		p.get("/part/"+n).wants(t, 404, "no such part", "Go to your answers")
		p.post("/part/"+n, everything[0]).wants(t, 404, "no such part")
	}
	// A cookie of another link opens nothing here.
	other := h.newLink("Another programme", "Other")
	stranger := h.phone()
	stranger.cookies["soundings_response"] = &http.Cookie{Name: "soundings_response", Value: p.cookies["soundings_response"].Value, Path: "/s/"}
	for _, rest := range []string{"/part/1", "/check", "/thanks"} {
		stranger.send("GET", "/s/"+other.Token+rest, nil).wants(t, 404, "Start the form again")
	}
	stranger.send("POST", "/s/"+other.Token+"/send", nil).wants(t, 404)
	stranger.cookies["soundings_response"].Value = "../../etc/passwd"
	stranger.get("/check").wants(t, 404)
}

func TestUnknownLinksAreThrottled(t *testing.T) {
	t.Parallel()
	h := newHall(t, "twenty_three")
	p := h.phone()
	for range 120 {
		p.send("GET", "/s/guess", nil)
	}
	p.send("GET", "/s/guess", nil).wants(t, 429, "too many tries", "15 minutes")
	p.get("").wants(t, 200) // those who have the link are not kept out
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	big := "liked=" + strings.Repeat("a", 600<<10)
	for _, rest := range []string{"/part/4", "/submit", "/start"} {
		p.send("POST", p.at(rest), strings.NewReader(big)).wants(t, 413, "more than can be sent at once")
	}
	script(p).send("POST", p.at("/submit"), strings.NewReader(big)).wants(t, 413, "more than can be sent at once")
}

func TestHead(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	for _, rest := range []string{"", "/part/1", "/check"} {
		if got := p.send("HEAD", p.at(rest), nil).wants(t, 200); got.body != "" {
			t.Errorf("HEAD %s has a body", rest)
		}
	}
	p.send("HEAD", "/s/nosuchlink", nil).wants(t, 404)
	p.send("PUT", p.at("/submit"), strings.NewReader("x=y")).wants(t, 404)
}
