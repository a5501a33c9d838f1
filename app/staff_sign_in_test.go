package app_test

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/url"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/storetest"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	p := h.phone()
	p.send("GET", "/", nil).wants(t, 303, "/programmes")
	p.send("GET", "/programmes", nil).wants(t, 303, "/sign-in")
	wrong := p.send("POST", "/sign-in", formOf(url.Values{"email": {"owner@example.org"}, "password": {"not this one"}}))
	wrong.wants(t, 401, "one of them is wrong").lacks(t, "not this one")
	wrong.has(t, `value="owner@example.org"`)
	checkHTML(t, wrong)
	right := p.send("POST", "/sign-in", formOf(url.Values{"email": {"Owner@Example.org "}, "password": {ownerPassword}}))
	right.wants(t, 303, "/programmes")
	p.send("GET", "/programmes", nil).wants(t, 200, "Hillside Projects", "Owner")
}

func TestSignInCookie(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	c := h.ownersDesk().cookies["soundings"]
	if c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Value == "" {
		t.Errorf("cookie = %+v, want HttpOnly, SameSite=Lax, path /", c)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	kept := *d.cookies["soundings"]
	d.sends("/sign-out", nil).wants(t, 303, "/sign-in")
	d.cookies["soundings"] = &kept
	d.open("/programmes").wants(t, 303, "/sign-in")
}

func TestSignInIsThrottled(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	known := h.ownersDesk()
	form := url.Values{"email": {"owner@example.org"}, "password": {"a wrong password"}}
	for range 5 {
		h.phone().send("POST", "/sign-in", formOf(form)).wants(t, 401)
	}
	right := url.Values{"email": {"owner@example.org"}, "password": {ownerPassword}}
	stranger := h.phone()
	stranger.send("POST", "/sign-in", formOf(right)).wants(t, 429, "yours is in 3 minutes")
	known.send("POST", "/sign-in", formOf(right)).wants(t, 303, "/programmes")
	h.pass(3 * time.Minute)
	stranger.send("POST", "/sign-in", formOf(right)).wants(t, 303, "/programmes")
}

// TestFormsFromOtherSites posts the forms that have no token of their own.
func TestFormsFromOtherSites(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	tests := []struct {
		name, header, value string
		want                int
	}{
		{"another_site", "Sec-Fetch-Site", "cross-site", 403},
		{"a_sister_site", "Sec-Fetch-Site", "same-site", 403},
		{"another_origin", "Origin", "https://evil.example", 403},
		{"a_hidden_origin", "Origin", "null", 403},
		{"this_site", "Sec-Fetch-Site", "same-origin", 303},
		{"this_origin", "Origin", "http://example.com", 303},
		{"no_browser", "Accept", "*/*", 303},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := h.phone()
			p.header.Set(tt.header, tt.value)
			p.send("POST", "/sign-in", formOf(url.Values{"email": {"owner@example.org"}, "password": {ownerPassword}})).wants(t, tt.want)
		})
	}
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	h := &hall{tb: t, store: storetest.SQLite(t), clock: time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)}
	h.service = surveys.NewService(h.store, h.now, rand.Reader)
	var err error
	if h.server, err = app.New(h.service, app.Config{}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	secret, err := h.service.SetUpSecret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := h.phone()
	form := url.Values{"name": {"Ada"}, "email": {"ada@example.org"}, "password": {"short"}, "again": {"short"}}
	p.send("GET", "/set-up/nonsense", nil).wants(t, 404)
	checkHTML(t, p.send("GET", "/set-up/"+secret, nil).wants(t, 200, "first account"))
	p.send("POST", "/set-up/"+secret, formOf(form)).wants(t, 422, "12 to 200 characters").has(t, `value="Ada"`, `href="#set-up-password"`)
	form.Set("password", ownerPassword)
	p.send("POST", "/set-up/"+secret, formOf(form)).wants(t, 422, "same password twice")
	form.Set("again", ownerPassword)
	p.send("POST", "/set-up/"+secret, formOf(form)).wants(t, 303, "/sign-in")
	p.send("GET", "/set-up/"+secret, nil).wants(t, 404, "has been used")
	h.signIn("ada@example.org", ownerPassword).open("/programmes").wants(t, 200, "no programme yet", "New programme")
}
