package app_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/surveys/totp"
)

var (
	factorSecret = regexp.MustCompile(`class="secret">([A-Z2-7 ]+)<`)
	recoveryCode = regexp.MustCompile(`<li><code>([a-z0-9-]{17})</code>`)
)

// TestSecondFactorPages sets a second factor up because a rule asks for it, signs in
// with a code and with a recovery code, and removes it, all without a script.
func TestSecondFactorPages(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.sends("/sign-in-rules", url.Values{"rules": {"factor"}, "revision": {"0"}}).wants(t, 303, "/sign-in-rules")
	h.pass(4 * time.Second)
	d.open("/programmes").wants(t, 303, "/account/factor") // before anything else
	d.sends("/programmes", nil).wants(t, 303, "/account/factor")
	checkHTML(t, d.open("/account/factor").wants(t, 200, "Set one up to go on"))
	d.sends("/account/factor", url.Values{"password": {"wrong"}}).wants(t, 422, "this is not it")
	d.sends("/account/factor", url.Values{"password": {ownerPassword}}).wants(t, 303, "/account/factor")
	begun := d.open("/account/factor").wants(t, 200, "Turn it on")
	begun.has(t, `class="qr"`)
	checkHTML(t, begun)
	secret, err := totp.ParseSecret(factorSecret.FindStringSubmatch(begun.body)[1])
	if err != nil {
		t.Fatal(err)
	}
	code := func() string { return secret.Code(totp.StepAt(h.now())) }
	d.sends("/account/factor/confirm", url.Values{"code": {"000000"}}).wants(t, 422, "this one is wrong")
	made := d.sends("/account/factor/confirm", url.Values{"code": {code()}}).wants(t, 201, "Keep these ten codes")
	checkHTML(t, made)
	codes := recoveryCode.FindAllStringSubmatch(made.body, -1)
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes, want 10", len(codes))
	}
	d.open("/account/factor").wants(t, 200, "10 recovery codes are left").lacks(t, codes[0][1])
	d.open("/programmes").wants(t, 200)

	p := h.phone()
	p.send("GET", "/sign-in/second", nil).wants(t, 303, "/sign-in")
	signIn := url.Values{"email": {"owner@example.org"}, "password": {ownerPassword}}
	p.send("POST", "/sign-in", formOf(signIn)).wants(t, 303, "/sign-in/second")
	p.send("GET", "/programmes", nil).wants(t, 303, "/sign-in")
	checkHTML(t, p.send("GET", "/sign-in/second", nil).wants(t, 200, "recovery codes"))
	wrong := p.send("POST", "/sign-in/second", formOf(url.Values{"code": {"123 456"}})).wants(t, 422, "this one is wrong")
	if strings.Contains(wrong.body, "123 456") {
		t.Error("a wrong code comes back on the page")
	}
	h.pass(30 * time.Second)
	p.send("POST", "/sign-in/second", formOf(url.Values{"code": {code()}})).wants(t, 303, "/programmes")
	p.send("GET", "/programmes", nil).wants(t, 200)

	p = h.phone()
	p.send("POST", "/sign-in", formOf(signIn)).wants(t, 303, "/sign-in/second")
	p.send("POST", "/sign-in/second", formOf(url.Values{"code": {codes[9][1]}})).wants(t, 303, "/programmes")
	p.send("GET", "/account", nil).wants(t, 200, "9 recovery codes are left")
	d.sends("/account/factor/remove", url.Values{"password": {ownerPassword}}).wants(t, 422, "everyone who reads answers needs one")
}
