package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc/oidctest"
	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/oidc"
)

const client = "soundings-client"

// origin is the moment of all tests.
var origin = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// provider is a made-up provider that says whatever a test wants. What a real one
// says is tested in cmd/soundings/outsidetest.
type provider struct {
	*httptest.Server
	key *ecdsa.PrivateKey

	mu       sync.Mutex
	down     bool
	found    int            // how often it was discovered
	said     map[string]any // what the token says beside the usual
	info     string         // what userinfo answers; "": there is no such endpoint
	sign     func(claims string) string
	answer   string // of the token endpoint, instead of a token
	status   int
	verifier string // what the code was traded with
}

func newProvider(tb testing.TB) *provider {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	p := &provider{key: key}
	p.sign = func(claims string) string { return oidctest.SignIDToken(key, "one", "ES256", claims) }
	keys := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "one", Algorithm: "ES256"}}}
	mux := http.NewServeMux()
	mux.Handle("/keys", keys)
	mux.HandleFunc("/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("/token", p.token)
	mux.HandleFunc("/info", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(p.info)) })
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.down {
			http.Error(w, "<html>Bad gateway</html>", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	tb.Cleanup(p.Close)
	return p
}

func (p *provider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.found++
	all := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/auth?tenant=1", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"}, "scopes_supported": []string{"openid", "groups"},
		"end_session_endpoint": p.URL + "/end",
	}
	if p.info != "" {
		all["userinfo_endpoint"] = p.URL + "/info"
	}
	_ = json.NewEncoder(w).Encode(all)
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.verifier = r.PostFormValue("code_verifier")
	w.Header().Set("Content-Type", "application/json")
	if p.answer != "" {
		w.WriteHeader(p.status)
		_, _ = w.Write([]byte(p.answer))
		return
	}
	all := map[string]any{"iss": p.URL, "aud": client, "sub": "person-1", "nonce": "the nonce", "exp": origin.Add(time.Minute).Unix(), "iat": origin.Unix()}
	maps.Copy(all, p.said)
	claims, _ := json.Marshal(all)
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": p.sign(string(claims))})
}

// set changes what the provider does.
func (p *provider) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// ours is our side of it.
func (p *provider) ours(now func() time.Time, change func(*oidc.Config)) *oidc.Provider {
	c := oidc.Config{
		Issuer: p.URL, ClientID: client, ClientSecret: "hush", Name: "Northbank", GroupsClaim: "groups",
		Redirect: "https://feedback.example.org/sign-in/oidc/callback", SignedOut: "https://feedback.example.org/sign-in",
	}
	if change != nil {
		change(&c)
	}
	return oidc.New(c, now)
}

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

var ask = surveys.ProviderAsk{State: "the state", Nonce: "the nonce", Verifier: strings.Repeat("v", 43)}

func TestStart(t *testing.T) {
	t.Parallel()
	address, err := newProvider(t).ours(at(origin), nil).Start(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(ask.Verifier))
	want := url.Values{
		"tenant": {"1"}, "client_id": {client}, "response_type": {"code"}, "scope": {"openid profile email groups"},
		"redirect_uri": {"https://feedback.example.org/sign-in/oidc/callback"}, "state": {"the state"}, "nonce": {"the nonce"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" {
		t.Errorf("Start asks (-want +got):\n%s", diff)
	}
	if strings.Contains(address, ask.Verifier) {
		t.Error("the address holds the verifier")
	}
}

func TestFinish(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		said   map[string]any
		info   string
		change func(*oidc.Config)
		want   surveys.ProviderSays
	}{
		{"all in the token", map[string]any{"email": " Ada@Example.org", "email_verified": true, "name": "Ada", "groups": []string{"staff", "admins"}}, "", nil,
			surveys.ProviderSays{Email: "ada@example.org", Verified: true, Name: "Ada", Groups: []string{"staff", "admins"}}},
		{"not verified", map[string]any{"email": "ada@example.org", "preferred_username": "ada"}, "", nil, surveys.ProviderSays{Email: "ada@example.org", Name: "ada"}},
		{"verified as text", map[string]any{"email": "a@b.org", "email_verified": "true"}, "", nil, surveys.ProviderSays{Email: "a@b.org", Verified: true}},
		{"not verified as text", map[string]any{"email": "a@b.org", "email_verified": "false"}, "", nil, surveys.ProviderSays{Email: "a@b.org"}},
		{"verified in the words of Entra ID", map[string]any{"email": "a@b.org", "xms_edov": "1"}, "", nil, surveys.ProviderSays{Email: "a@b.org", Verified: true}},
		{"addresses are trusted", map[string]any{"email": "a@b.org"}, "", func(c *oidc.Config) { c.TrustEmail = true }, surveys.ProviderSays{Email: "a@b.org", Verified: true}},
		{"one group as text", map[string]any{"email": "a@b.org", "groups": "staff"}, "", nil, surveys.ProviderSays{Email: "a@b.org", Groups: []string{"staff"}}},
		{"groups in a path", map[string]any{"email": "a@b.org", "realm_access": map[string]any{"roles": []string{"staff"}}}, "", func(c *oidc.Config) { c.GroupsClaim = "realm_access.roles" },
			surveys.ProviderSays{Email: "a@b.org", Groups: []string{"staff"}}},
		{"a claim with dots in its name", map[string]any{"email": "a@b.org", "https://example.org/groups": []string{"staff"}}, "", func(c *oidc.Config) { c.GroupsClaim = "https://example.org/groups" },
			surveys.ProviderSays{Email: "a@b.org", Groups: []string{"staff"}}},
		{"too many groups", map[string]any{"email": "a@b.org", "_claim_names": map[string]string{"groups": "src1"}, "_claim_sources": map[string]any{"src1": map[string]string{"endpoint": "https://graph.example.org"}}}, "", nil,
			surveys.ProviderSays{Email: "a@b.org", NotListed: true}},
		{"too many groups, in short", map[string]any{"email": "a@b.org", "hasgroups": true}, "", nil, surveys.ProviderSays{Email: "a@b.org", NotListed: true}},
		{"nonsense", map[string]any{"email": 7, "name": []int{1}, "groups": map[string]int{"a": 1}, "email_verified": []bool{true}}, "", nil, surveys.ProviderSays{}},
		{"the rest at userinfo", map[string]any{"name": "Ada"}, `{"sub":"person-1","name":"Forged","email":"ada@example.org","email_verified":true,"groups":["staff"]}`, nil,
			surveys.ProviderSays{Email: "ada@example.org", Verified: true, Name: "Ada", Groups: []string{"staff"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			p.said, p.info = tt.said, tt.info
			got, err := p.ours(at(origin), tt.change).Finish(t.Context(), ask, "code")
			if err != nil {
				t.Fatalf("%v: %v", err, errors.Unwrap(err))
			}
			tt.want.Subject = "person-1"
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Finish (-want +got):\n%s", diff)
			}
			if p.verifier != ask.Verifier {
				t.Errorf("the code was traded with the verifier %q", p.verifier)
			}
		})
	}
}

// unsigned is a token without a signature, as "alg": "none" would allow.
func unsigned(claims string) string {
	b64 := base64.RawURLEncoding
	return b64.EncodeToString([]byte(`{"alg":"none"}`)) + "." + b64.EncodeToString([]byte(claims)) + "."
}

func TestFinishRefuses(t *testing.T) {
	t.Parallel()
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		change func(*provider)
		kind   surveys.Kind
		cause  string // part of what the log says
	}{
		{"another nonce", func(p *provider) { p.said = map[string]any{"nonce": "another"} }, surveys.KindUnauthenticated, "another try"},
		{"no nonce", func(p *provider) { p.said = map[string]any{"nonce": ""} }, surveys.KindUnauthenticated, "another try"},
		{"another audience", func(p *provider) { p.said = map[string]any{"aud": "another-client"} }, surveys.KindUnauthenticated, "expected audience"},
		{"made for two, neither said to be us", func(p *provider) { p.said = map[string]any{"aud": []string{client, "another-client"}} }, surveys.KindUnauthenticated, "another client"},
		{"another party", func(p *provider) { p.said = map[string]any{"azp": "another-client"} }, surveys.KindUnauthenticated, "another client"},
		{"another issuer", func(p *provider) { p.said = map[string]any{"iss": "https://evil.example.org"} }, surveys.KindUnauthenticated, "different provider"},
		{"run out", func(p *provider) { p.said = map[string]any{"exp": origin.Add(-time.Minute).Unix()} }, surveys.KindUnauthenticated, "expired"},
		{"not yet", func(p *provider) { p.said = map[string]any{"nbf": origin.Add(time.Hour).Unix()} }, surveys.KindUnauthenticated, "not before"},
		{"no signature", func(p *provider) { p.sign = unsigned }, surveys.KindUnauthenticated, ""},
		{"signed by another", func(p *provider) {
			p.sign = func(c string) string { return oidctest.SignIDToken(other, "one", "ES256", c) }
		}, surveys.KindUnauthenticated, "signature"},
		{"signed by an unknown key", func(p *provider) {
			p.sign = func(c string) string { return oidctest.SignIDToken(other, "two", "ES256", c) }
		}, surveys.KindUnauthenticated, "signature"},
		{"signed with what everybody knows", func(p *provider) {
			p.sign = func(c string) string { return oidctest.SignIDToken([]byte(strings.Repeat("k", 32)), "one", "HS256", c) }
		}, surveys.KindUnauthenticated, ""},
		{"another access token", func(p *provider) { p.said = map[string]any{"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"} }, surveys.KindUnauthenticated, "hash"},
		{"no token", func(p *provider) { p.sign = func(string) string { return "" } }, surveys.KindUnauthenticated, ""},
		{"the code is used up", func(p *provider) {
			p.status, p.answer = 400, `{"error":"invalid_grant","error_description":"private words"}`
		}, surveys.KindUnauthenticated, "invalid_grant"},
		{"broken while trading", func(p *provider) { p.status, p.answer = 500, `{"error":"oops"}` }, surveys.KindUnavailable, "status 500"},
		{"userinfo of another person", func(p *provider) { p.info = `{"sub":"person-2","email":"eve@example.org"}` }, surveys.KindUnauthenticated, "another person"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			tt.change(p)
			said, err := p.ours(at(origin), nil).Finish(t.Context(), ask, "secret-code")
			if err == nil {
				t.Fatalf("Finish = %+v, want it refused", said)
			}
			if surveys.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.cause) {
				t.Errorf("Finish: %v, want kind %s with %q", err, tt.kind, tt.cause)
			}
			for _, secret := range []string{"private words", "secret-code", "hush", ask.Verifier} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error says %q: %v", secret, err)
				}
			}
		})
	}
}

// TestDown asks a provider that does not answer, then answers, then goes away again.
func TestDown(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	now := origin
	ours := p.ours(func() time.Time { return now }, nil)
	p.set(func() { p.down = true })
	_, err := ours.Start(t.Context(), ask)
	if surveys.KindOf(err) != surveys.KindUnavailable {
		t.Fatalf("Start while it is down: %v, want unavailable", err)
	}
	p.set(func() { p.down = false })
	if _, err = ours.Start(t.Context(), ask); err == nil {
		t.Error("it was asked again at once: a provider that is down is left alone for some seconds")
	}
	now = now.Add(4 * time.Second)
	if _, err = ours.Start(t.Context(), ask); err != nil {
		t.Fatalf("Start once it is back: %v", err)
	}
	now = now.Add(2 * time.Hour)
	p.set(func() { p.down = true })
	if _, err = ours.Start(t.Context(), ask); err != nil {
		t.Errorf("Start while it is down again: %v, want what was known before", err)
	}
	_, err = ours.Finish(t.Context(), ask, "code")
	if surveys.KindOf(err) != surveys.KindUnavailable {
		t.Errorf("Finish while it is down: %v, want unavailable", err)
	}
	if p.found != 1 {
		t.Errorf("it was discovered %d times, want once", p.found)
	}
}

func TestDiscoveryRefuses(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	_, err := p.ours(at(origin), func(c *oidc.Config) { c.Issuer = p.URL + "/" }).Start(t.Context(), ask)
	if err == nil || !strings.Contains(err.Error(), "did not match") {
		t.Errorf("Start with another issuer than the provider says: %v, want it refused", err)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	address, err := p.ours(at(origin), nil).SignOut(t.Context())
	want := fmt.Sprintf("%s/end?client_id=%s&post_logout_redirect_uri=%s", p.URL, client, url.QueryEscape("https://feedback.example.org/sign-in"))
	if err != nil || address != want {
		t.Errorf("SignOut = %q, %v, want %q", address, err, want)
	}
}
