package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/app"
)

// TestForgedHost asks for every page under a name that is not ours. With a base URL no
// page says that name, nor does one without that a proxy is said to have been asked for;
// and what one visitor forged is never shown to the next, in a page, a live part or a
// letter.
func TestForgedHost(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	const evil = "evil.example"
	for name, tt := range map[string]struct {
		base   string
		header http.Header
		shown  bool // to who forged it, and to nobody else
	}{
		"host_with_a_base_url":      {"https://feedback.example.org", http.Header{"Host": {evil}}, false},
		"forwarded_with_a_base_url": {"https://feedback.example.org", http.Header{"X-Forwarded-Host": {evil}, "X-Forwarded-Proto": {"https"}}, false},
		"forwarded_without":         {"", http.Header{"X-Forwarded-Host": {evil}, "Forwarded": {"host=" + evil}, "X-Original-Url": {"/" + evil}, "X-Rewrite-Url": {"/" + evil}}, false},
		"host_without":              {"", http.Header{"Host": {evil}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEstateWith(t, app.Config{BaseURL: tt.base, TrustedProxies: []string{"192.0.2.9"}}, "")
			d := e.ownersDesk()
			if tt.base != "" {
				d.cookies["__Host-soundings"].Path = "/"
			}
			if err := e.server.Shutdown(); err != nil {
				t.Fatal(err)
			}
			addresses := append(e.staffAddresses(), e.publicAddresses()...)
			for turn, header := range []http.Header{tt.header, {}} {
				d.header = header.Clone()
				for _, address := range addresses {
					g := d.open(address)
					for _, line := range g.header {
						if strings.Contains(strings.Join(line, " "), evil) && !strings.Contains(address, evil) {
							t.Errorf("%s has the header %s", address, line)
						}
					}
					if strings.Contains(g.body, evil) && (turn == 1 || !tt.shown) {
						t.Errorf("%s (turn %d) says %s", address, turn, evil)
					}
				}
			}
		})
	}
}

// TestLettersHaveNoForgedHost: addresses in letters are those of the configuration,
// whoever caused the letter and under whatever name they asked; without one there are
// no letters to respondents.
func TestLettersHaveNoForgedHost(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	r := newMailRoom(t, "everything")
	d := r.ownersDesk()
	d.header.Set("Host", "evil.example")
	d.header.Set("X-Forwarded-Host", "evil.example")
	d.sends(r.path("/contacts"), url.Values{"strand": {"pupils"}, "cohort": {string(r.link.Cohort)}, "agreed": {"yes"}, "do": {"keep"}, "list": {"jo@school.example\n"}}).wants(t, 200)
	at := d.sends(r.path(""), url.Values{"wave": {"pupils/pre"}, "invitation": {"2026-03-07T09:00"}}).wants(t, 303).header.Get("Location")
	d.sends(at, url.Values{"do": {"start"}}).wants(t, 200)
	r.sendsLetters()
	letter := r.letterTo("jo@school.example")
	if text := strings.ReplaceAll(letter.Raw, "=\r\n", ""); strings.Contains(text, "evil.example") || !strings.Contains(text, "https://feedback.example/p/") {
		t.Errorf("the letter leads to %.400s", text)
	}
}
