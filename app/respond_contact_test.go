package app_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
)

// listeningHall is a hall whose programme takes approaches, the desk of its lead, and
// the log of the server.
func listeningHall(t *testing.T) (*hall, *desk, *bytes.Buffer) {
	t.Helper()
	h := newHall(t, "everything")
	key, err := surveys.NewAddressKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h.service = h.service.WithMail(surveys.Mail{Key: key})
	log := &bytes.Buffer{}
	h.server, err = app.New(h.service, app.Config{}, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	lead := h.colleague("lead", surveys.RoleSafeguarding)
	h.nameLead("lead@example.org")
	help := helped()
	help.Contact = true
	h.sets(help)
	return h, lead, log
}

// nameLead makes an account the programme's safeguarding lead.
func (h *hall) nameLead(email string) {
	h.tb.Helper()
	accounts, err := h.service.Accounts(h.owner)
	if err != nil {
		h.tb.Fatal(err)
	}
	r, err := h.store.Record(h.tb.Context(), "programme", string(h.link.Programme))
	if err != nil {
		h.tb.Fatal(err)
	}
	var p surveys.Programme
	if err := json.Unmarshal(r.Body, &p); err != nil {
		h.tb.Fatal(err)
	}
	for _, a := range accounts {
		if a.Email == email {
			p.Safeguarding.Lead = a.ID
		}
	}
	if r.Body, err = json.Marshal(p); err != nil {
		h.tb.Fatal(err)
	}
	if _, err := h.store.PutRecord(h.tb.Context(), r); err != nil {
		h.tb.Fatal(err)
	}
}

var formField = regexp.MustCompile(`name="_form" value="([0-9a-f]+)"`)

func TestSomebodyAsksToBeContacted(t *testing.T) {
	t.Parallel()
	h, lead, log := listeningHall(t)
	const number, story = "07700 900123", "Quillon frightens me"
	p := h.phone()
	p.get("").wants(t, 200, "I would like someone to contact me").has(t, `href="/s/`+h.link.Token+`/contact?lang=en"`)
	g := p.get("/contact?lang=en").wants(t, 200, "None of your answers goes with it", "Class 5B", "not kept on this device", "0800 1111")
	checkHTML(t, g)
	if g.header.Get("Cache-Control") != "no-store" {
		t.Error("the form may be kept on the way")
	}
	typed := url.Values{"_form": {formField.FindStringSubmatch(g.body)[1]}, "_lang": {"en"}, "name": {"Zip"}, "words": {story}}
	again := p.post("/contact?lang=en", typed).wants(t, 422, "There is a problem", "Say how we can reach you").has(t, `value="Zip"`).has(t, story)
	checkHTML(t, again)
	arabic := p.post("/contact?lang=ar", url.Values{"_lang": {"ar"}, "name": {"زين"}}).wants(t, 422).has(t, `dir="rtl"`).has(t, `value="زين"`)
	checkHTML(t, arabic)
	typed.Set("reach", number)
	for range 2 { // a finger that taps twice
		p.post("/contact?lang=en", typed).wants(t, 303, "/contact?sent&lang=en")
	}
	checkHTML(t, p.get("/contact?sent&lang=en").wants(t, 200, "We have passed it on", "talk to somebody now").lacks(t, number, story))
	at := h.programmePath() + "/approaches"
	list := lead.open(at).wants(t, 200, "Class 5B", "Saturday 7 March 2026, after 09:00", "nobody has looked yet").lacks(t, number, story, "Zip")
	checkHTML(t, list)
	checkHTML(t, lead.open("/programmes").wants(t, 200, "1 person asks to be contacted").has(t, `href="`+at+`"`).lacks(t, number, story, "Zip"))
	one := regexp.MustCompile(at+`/[0-9a-f]+`).FindAllString(list.body, -1)
	if len(one) != 1 {
		t.Fatalf("%d approaches are listed, want one", len(one))
	}
	checkHTML(t, lead.open(one[0]).wants(t, 200, number, story, "Zip", "Class 5B"))
	checkHTML(t, lead.sends(one[0], url.Values{"outcome": {""}}).wants(t, 422, "Write what was done", number))
	lead.sends(one[0], url.Values{"outcome": {"Rang back"}}).wants(t, 303)
	lead.open(at).wants(t, 200, "Nobody waits", "done 7 March 2026")
	lead.open("/programmes").wants(t, 200).lacks(t, "to be contacted")
	lead.open(one[0]).wants(t, 200, "destroyed 30 days").has(t, "Rang back")
	for name, who := range map[string]*desk{"evaluator": h.colleague("eve", surveys.RoleEvaluator), "administrator": h.colleague("ada", surveys.RoleAdministrator)} {
		for _, path := range []string{at, one[0]} {
			who.open(path).wants(t, 403).lacks(t, number, story)
		}
		who.open(h.programmePath()).lacks(t, "Asked to be contacted")
		if name == "administrator" {
			who.open(h.programmePath()+"/audit").wants(t, 200, "approach: read", "approach: done").lacks(t, number, story, "Rang back", "Zip")
		}
	}
	for _, secret := range []string{number, url.QueryEscape(number), story, "Quillon", "Zip", "Rang back"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestAskingIsOfferedWhereSomebodyReadsIt(t *testing.T) {
	t.Parallel()
	h, _, _ := listeningHall(t)
	h.close()
	h.pass(5 * time.Second)
	h.phone().get("").wants(t, 410, "I would like someone to contact me")
	h.phone().get("/contact").wants(t, 200, "How can we reach you?") // a form that is over still helps
	h.sets(helped())
	h.phone().get("").lacks(t, "/contact?lang")
	h.phone().get("/contact").wants(t, 404, "Ask the person who gave you the link")
	h.phone().post("/contact", url.Values{"reach": {"07700"}}).wants(t, 404, "Ask the person")
}

func TestWhatIsAskedHoldsNoMarkup(t *testing.T) {
	t.Parallel()
	h, lead, _ := listeningHall(t)
	const evil = `<img src=x onerror=alert(1)>`
	h.phone().post("/contact", url.Values{"_form": {evil}, "name": {evil}, "when": {evil}, "words": {evil}}).wants(t, 422).lacks(t, evil)
	h.phone().post("/contact", url.Values{"_form": {evil}, "name": {evil}, "reach": {evil}, "when": {evil}, "words": {evil}}).wants(t, 303)
	at := h.programmePath() + "/approaches"
	one := regexp.MustCompile(at + `/[0-9a-f]+`).FindString(lead.open(at).wants(t, 200).body)
	lead.open(one).wants(t, 200).lacks(t, evil)
	lead.sends(one, url.Values{"outcome": {evil}}).wants(t, 303)
	lead.open(one).wants(t, 200).lacks(t, evil)
}
