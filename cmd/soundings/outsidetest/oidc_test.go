package outsidetest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browser is a browser as far as signing in needs one: cookies, redirects, forms.
type browser struct {
	t    *testing.T
	base string // of the product
	*http.Client
	back string // address of the last call back from the provider
	hold bool   // stop before the call back
}

func newBrowser(t *testing.T, base string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, base: base, Client: &http.Client{Jar: jar, Timeout: time.Minute}}
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/sign-in/oidc/callback" {
			b.back = r.URL.String()
			if b.hold {
				return http.ErrUseLastResponse
			}
		}
		return nil
	}
	return b
}

// shown is a page that came back.
type shown struct {
	status  int
	address string
	text    string
}

func (b *browser) read(answer *http.Response, err error) shown {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return shown{answer.StatusCode, answer.Request.URL.String(), string(text)}
}

func (b *browser) open(address string) shown {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.base + address
	}
	return b.read(b.Get(address))
}

func (b *browser) sends(address string, form url.Values) shown {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.base + address
	}
	return b.read(b.PostForm(address, form))
}

// arrives signs in at the provider, by the product's button and the provider's page.
func (b *browser) arrives(name string) shown {
	b.t.Helper()
	login := b.open("/sign-in/oidc")
	at, err := url.Parse(login.address)
	if err != nil || at.Query().Get("authRequestID") == "" {
		b.t.Fatalf("the button led to %s %d, want the provider's page", login.address, login.status)
	}
	return b.sends(at.Scheme+"://"+at.Host+"/login/username", url.Values{"id": {at.Query().Get("authRequestID")}, "username": {name}, "password": {"verysecure"}})
}

func (s shown) wants(t *testing.T, status int, words ...string) {
	t.Helper()
	if s.status != status {
		t.Errorf("%s: status %d, want %d", s.address, s.status, status)
	}
	for _, w := range words {
		if !strings.Contains(s.text, w) {
			t.Errorf("%s: %q is not on the page", s.address, w)
		}
	}
}

var (
	signLine  = regexp.MustCompile(`Sign in with\s+(\S+)\s+password\s+(\S+)`)
	csrfField = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)
	programme = regexp.MustCompile(`href="(/programmes/[0-9a-f]{32})"`)
)

// installation is the demonstration with a real provider, and its owner's browser.
type installation struct {
	*provider
	base  string
	owner *browser
	at    string // path of a programme that the owner administers
}

func install(t *testing.T) *installation {
	t.Helper()
	base := "http://127.0.0.1:" + freePort(t)
	p := newProvider(t, base+"/sign-in/oidc/callback")
	said, _ := start(t, "Stop with", nil, "demo", "-listen", strings.TrimPrefix(base, "http://"), "-base-url", base, "-data", filepath.Join(t.TempDir(), "data"),
		"-oidc-issuer", p.server.URL, "-oidc-client-id", clientID, "-oidc-client-secret", clientSecret, "-oidc-name", "Northbank", "-oidc-owners-group", "directors")
	sign := signLine.FindStringSubmatch(said)
	if sign == nil {
		t.Fatalf("no sign-in in what the program said:\n%s", said)
	}
	in := &installation{provider: p, base: base, owner: newBrowser(t, base)}
	home := in.owner.sends("/sign-in", url.Values{"email": {sign[1]}, "password": {sign[2]}})
	home.wants(t, 200)
	found := programme.FindStringSubmatch(home.text)
	if found == nil {
		t.Fatalf("no programme on %s", home.address)
	}
	in.at = found[1]
	return in
}

// post sends a form of a page with its token.
func (b *browser) post(page, address string, form url.Values) shown {
	b.t.Helper()
	token := csrfField.FindStringSubmatch(b.open(page).text)
	if token == nil {
		b.t.Fatalf("no form on %s", page)
	}
	form.Set("csrf", token[1])
	return b.sends(address, form)
}

func TestSignInElsewhere(t *testing.T) {
	in := install(t)
	groups := in.at + "/people/groups"
	in.owner.post(groups, groups, url.Values{"group": {"assessors"}, "roles": {"evaluator"}}).wants(t, 200, "assessors", "Evaluator")

	t.Run("groups_give_roles", func(t *testing.T) {
		in.join("ada", true, "assessors", "others")
		b := newBrowser(t, in.base)
		b.arrives("ada").wants(t, 200, in.at, "ada Outside")
		b.open(in.at+"/results").wants(t, 200)
		b.open(in.at+"/people").wants(t, 403)
		b.open(b.back).wants(t, 401, "Begin again")

		in.join("ada", true)
		b = newBrowser(t, in.base)
		if home := b.arrives("ada"); home.status != 200 || strings.Contains(home.text, in.at) {
			t.Errorf("out of the group: %d %s, want no programme", home.status, home.address)
		}
		b.open(in.at+"/results").wants(t, 404)
		out := b.post("/account", "/sign-out", url.Values{})
		out.wants(t, 200, "You are signed out here", "/end_session?client_id=soundings")
		b.open("/programmes").wants(t, 200, "Sign in with Northbank")
	})

	t.Run("owners_group", func(t *testing.T) {
		in.join("dot", true, "directors")
		b := newBrowser(t, in.base)
		b.arrives("dot").wants(t, 200)
		b.open("/accounts").wants(t, 200, "ada@northbank.example")
		in.join("dot", true)
		b = newBrowser(t, in.base)
		b.arrives("dot").wants(t, 200)
		b.open("/accounts").wants(t, 403)
	})

	t.Run("refused", func(t *testing.T) {
		in.join("una", false, "assessors")
		newBrowser(t, in.base).arrives("una").wants(t, 401, "does not vouch for your e-mail address")
		in.join("ned", true, "others")
		newBrowser(t, in.base).arrives("ned").wants(t, 401, "none of your groups at Northbank has a role")
	})

	t.Run("not_to_be_believed", func(t *testing.T) {
		in.join("bob", true, "assessors")
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		for name, crook := range map[string]func(map[string]any) string{
			"nonce":     func(c map[string]any) string { c["nonce"] = "another"; return in.signs(nil, c) },
			"audience":  func(c map[string]any) string { c["aud"], c["azp"] = "another", "another"; return in.signs(nil, c) },
			"issuer":    func(c map[string]any) string { c["iss"] = "https://evil.example"; return in.signs(nil, c) },
			"run out":   func(c map[string]any) string { c["exp"] = time.Now().Add(-time.Hour).Unix(); return in.signs(nil, c) },
			"wrong key": func(c map[string]any) string { return in.signs(key, c) },
			"no signature": func(c map[string]any) string {
				text, _ := json.Marshal(c)
				return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(text) + "."
			},
		} {
			in.set(crook)
			if page := newBrowser(t, in.base).arrives("bob"); page.status != 401 || !strings.Contains(page.text, "could not be believed") {
				t.Errorf("%s: %d at %s, want it refused", name, page.status, page.address)
			}
		}
		in.set(func(c map[string]any) string { return in.signs(nil, c) })
		newBrowser(t, in.base).arrives("bob").wants(t, 200, in.at) // signed as it should be, it is believed
		in.set(nil)
	})

	t.Run("state_and_code", func(t *testing.T) {
		b := newBrowser(t, in.base)
		b.hold = true
		b.arrives("bob")
		first := b.back
		newBrowser(t, in.base).open(first).wants(t, 401, "not begun in this browser")
		b.open(strings.Replace(first, "state=", "state=0", 1)).wants(t, 401, "Begin again")
		b.open(first).wants(t, 200, in.at)
		b.arrives("bob")
		used, second := query(t, first), query(t, b.back)
		second.Set("code", used.Get("code"))
		b.open("/sign-in/oidc/callback?"+second.Encode()).wants(t, 401, "could not be believed")
		b.open("/sign-in/oidc/callback?error=access_denied&state=x").wants(t, 401, "did not sign you in")
	})

	t.Run("away", func(t *testing.T) {
		b := newBrowser(t, in.base)
		b.hold = true
		b.arrives("bob")
		in.server.CloseClientConnections()
		in.server.Close()
		b.open(b.back).wants(t, 503, "Northbank does not answer", `name="password"`)
		in.owner.open("/programmes").wants(t, 200)
	})
}

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

// TestProviderNeverThere starts with a provider that does not answer: the page to sign
// in is there, and says so once the button is pressed.
func TestProviderNeverThere(t *testing.T) {
	base := "http://127.0.0.1:" + freePort(t)
	start(t, "Soundings answers", nil, "serve", "-listen", strings.TrimPrefix(base, "http://"), "-base-url", base, "-data", t.TempDir(),
		"-oidc-issuer", "http://127.0.0.1:"+freePort(t), "-oidc-client-id", clientID, "-oidc-name", "Northbank")
	b := newBrowser(t, base)
	b.open("/sign-in").wants(t, 200, "Sign in with Northbank", `href="/sign-in/oidc"`)
	b.open("/sign-in/oidc").wants(t, 503, "Northbank does not answer", `name="password"`)
}
