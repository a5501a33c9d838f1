package browsertest_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"
)

// signedIn opens a tab signed in as the demonstration's owner. Each has a sign-in of its
// own: when the owner's roles change, a secret that two browsers share is renewed for
// the first that asks, and ends for the other.
func signedIn(t *testing.T, l look) *tab {
	t.Helper()
	p := newTab(t, l)
	p.signIn(product.email, product.password)
	return p
}

// signIn fills the form in and sends it.
func (p *tab) signIn(email, password string) {
	p.t.Helper()
	p.visit("/sign-in")
	p.writeIn("email", email)
	p.writeIn("password", password)
	p.follow("form.stack .main")
}

func (p *tab) signInCookie() string {
	p.t.Helper()
	for _, c := range call(p, network.GetCookies, network.GetCookiesParams{URLs: []string{p.base}}).Cookies {
		if c.Name == "soundings" {
			return c.Value
		}
	}
	p.t.Fatalf("signing in gave no cookie\n%s", p.whereabouts())
	return ""
}

func (p *tab) useSignIn(value string) {
	p.t.Helper()
	call(p, network.SetCookie, network.SetCookieParams{Name: "soundings", Value: value, URL: p.base, HTTPOnly: new(true)})
}

// createToken makes a token for the API on the page of the account.
func createToken(p *tab) string {
	p.t.Helper()
	p.visit("/account")
	p.write("#token-name", "browser tests")
	for _, scope := range []string{"figures", "answers", "collect", "manage", "design"} {
		p.choose("scopes", scope)
	}
	p.follow(`form[action="/account/tokens"] .main`)
	token := p.text("code.secret")
	if token == "" {
		p.t.Fatalf("no token is shown\n%s", p.whereabouts())
	}
	return token
}
