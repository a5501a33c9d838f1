package outsidetest_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	clientID     = "soundings"
	clientSecret = "hush"
)

// provider is a real provider with a page to sign in, and people that a test changes.
type provider struct {
	*storage.Storage
	*people
	server *httptest.Server
}

// people are who can sign in, with their groups. crook, if set, makes another ID token
// out of the claims of the real one.
type people struct {
	mu     sync.Mutex
	users  map[string]*storage.User
	groups map[string][]string
	crook  func(claims map[string]any) string
}

func (p *people) GetUserByID(id string) *storage.User {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.users[id]
}

func (p *people) GetUserByUsername(name string) *storage.User { return p.GetUserByID(name) }

func (p *people) ExampleClientID() string { return "service" }

// join adds somebody, or changes who is there.
func (p *people) join(id string, verified bool, groups ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.users[id] = &storage.User{ID: id, Username: id, Password: "verysecure", FirstName: id, LastName: "Outside", Email: id + "@northbank.example", EmailVerified: verified}
	p.groups[id] = groups
}

func (p *people) set(crook func(claims map[string]any) string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crook = crook
}

func newProvider(t *testing.T, redirect string) *provider {
	t.Helper()
	p := &provider{people: &people{users: map[string]*storage.User{}, groups: map[string][]string{}}}
	p.Storage = storage.NewStorageWithClients(p.people, map[string]*storage.Client{clientID: storage.WebClient(clientID, clientSecret, redirect)})
	var handler http.Handler
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.answer(handler, w, r) }))
	t.Cleanup(p.server.Close)
	handler = exampleop.SetupServer(p.server.URL, p, slog.New(slog.NewTextHandler(io.Discard, nil)), false)
	return p
}

// answer is the provider's own answer, but for an ID token that is to be crooked.
func (p *provider) answer(handler http.Handler, w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	crook := p.crook
	p.mu.Unlock()
	if crook == nil || !strings.HasSuffix(r.URL.Path, "/token") {
		handler.ServeHTTP(w, r)
		return
	}
	kept := httptest.NewRecorder()
	handler.ServeHTTP(kept, r)
	var tokens map[string]any
	if err := json.Unmarshal(kept.Body.Bytes(), &tokens); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if raw, ok := tokens["id_token"].(string); ok {
		tokens["id_token"] = crook(claimsOf(raw))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(kept.Code)
	_ = json.NewEncoder(w).Encode(tokens)
}

func claimsOf(raw string) map[string]any {
	token, err := jose.ParseSigned(raw, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		panic(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(token.UnsafePayloadWithoutVerification(), &claims); err != nil {
		panic(err)
	}
	return claims
}

// signs signs claims with a key, under the id of the provider's own.
func (p *provider) signs(key any, claims map[string]any) string {
	own, err := p.SigningKey(context.Background())
	if err != nil {
		panic(err)
	}
	if key == nil {
		key = own.Key()
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{"kid": own.ID()}})
	if err != nil {
		panic(err)
	}
	text, _ := json.Marshal(claims)
	signed, err := signer.Sign(text)
	if err != nil {
		panic(err)
	}
	raw, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return raw
}

// The groups of a person stand where the provider puts its claims: at the userinfo
// endpoint, as OpenID Connect wants it where there is an access token.

func (p *provider) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, token, subject, origin string) error {
	if err := p.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin); err != nil {
		return err
	}
	p.people.mu.Lock()
	defer p.people.mu.Unlock()
	info.AppendClaims("groups", p.groups[subject])
	return nil
}

var _ op.Storage = (*provider)(nil)
