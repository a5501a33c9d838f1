package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"soundings/surveys"
)

// Config is what has to be known about the provider.
type Config struct {
	Issuer       string // exactly as the provider names itself, "https://login.example.org/realms/staff"
	ClientID     string
	ClientSecret string // "": a public client, which PKCE alone protects
	Name         string // on the button
	GroupsClaim  string // "groups", or a path such as "realm_access.roles"
	OwnersGroup  string // "": none
	TrustEmail   bool   // the provider's addresses are as good as verified: it is the organisation's own
	Redirect     string // where the browser comes back to, as registered at the provider
	SignedOut    string // where it comes back to after signing out there
}

const (
	askTime    = 8 * time.Second // of one request to the provider: shorter than a person waits
	keepFor    = time.Hour       // of what was discovered
	pauseFor   = 3 * time.Second // after discovery failed, before it is tried again
	mostOfBody = 1 << 20         // bytes of an answer of the provider
)

// Provider is one provider of OpenID Connect. It is safe for concurrent use.
type Provider struct {
	config Config
	now    func() time.Time
	client *http.Client

	mu     sync.Mutex
	found  *discovered
	failed error
	at     time.Time // when it was found, or failed
}

// discovered is what the provider says of itself.
type discovered struct {
	provider *oidc.Provider
	scopes   []string
	signOut  string
}

// New returns the provider of c. It asks it nothing yet.
func New(c Config, now func() time.Time) *Provider {
	return &Provider{config: c, now: now, client: &http.Client{Timeout: askTime, Transport: bounded{http.DefaultTransport}}}
}

// Name is what the button says.
func (p *Provider) Name() string { return p.config.Name }

// Issuer names the provider in identities.
func (p *Provider) Issuer() string { return p.config.Issuer }

// OwnersGroup is the group whose members own the installation.
func (p *Provider) OwnersGroup() string { return p.config.OwnersGroup }

// Start is the address that the browser is sent to.
func (p *Provider) Start(ctx context.Context, ask surveys.ProviderAsk) (string, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return p.oauth(d).AuthCodeURL(ask.State, oidc.Nonce(ask.Nonce), oauth2.S256ChallengeOption(ask.Verifier)), nil
}

// Finish trades the code for who it is.
func (p *Provider) Finish(ctx context.Context, ask surveys.ProviderAsk, code string) (surveys.ProviderSays, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return surveys.ProviderSays{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(d).Exchange(ctx, code, oauth2.VerifierOption(ask.Verifier))
	if err != nil {
		return surveys.ProviderSays{}, p.exchangeError(err)
	}
	id, err := p.verify(ctx, d, token, ask.Nonce)
	if err != nil {
		return surveys.ProviderSays{}, &surveys.Error{Kind: surveys.KindUnauthenticated, Key: "elsewhere.refused", Args: []any{p.config.Name}, Err: shortened(err)}
	}
	return p.says(ctx, d, token, id)
}

// SignOut is the address where the browser ends its sign-in at the provider.
func (p *Provider) SignOut(ctx context.Context) (string, error) {
	d, err := p.discover(ctx)
	if err != nil || d.signOut == "" {
		return "", err
	}
	address, err := url.Parse(d.signOut)
	if err != nil {
		return "", p.down(err)
	}
	query := address.Query()
	query.Set("client_id", p.config.ClientID)
	query.Set("post_logout_redirect_uri", p.config.SignedOut)
	address.RawQuery = query.Encode()
	return address.String(), nil
}

func (p *Provider) oauth(d *discovered) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, RedirectURL: p.config.Redirect,
		Endpoint: d.provider.Endpoint(), Scopes: d.scopes,
	}
}

// discover returns what the provider says of itself: kept for an hour, and longer
// while it does not answer.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	age := p.now().Sub(p.at)
	switch {
	case p.found != nil && age < keepFor:
		return p.found, nil
	case p.failed != nil && age < pauseFor:
		return nil, p.failed
	}
	found, err := p.ask(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, p.down(ctx.Err()) // who asked is gone: nothing was learnt
	}
	if p.at = p.now(); err != nil && p.found != nil {
		return p.found, nil
	}
	p.found, p.failed = found, err
	return found, err
}

func (p *Provider) ask(ctx context.Context) (*discovered, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.config.Issuer)
	if err != nil {
		return nil, p.down(shortened(err))
	}
	var more struct {
		SignOut string   `json:"end_session_endpoint"`
		Scopes  []string `json:"scopes_supported"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, p.down(err)
	}
	d := &discovered{provider, []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail}, more.SignOut}
	if slices.Contains(more.Scopes, "groups") { // others send groups as they are set up to
		d.scopes = append(d.scopes, "groups")
	}
	return d, nil
}

var (
	errNoToken  = errors.New("the provider sent no ID token")
	errNonce    = errors.New("the ID token is of another try")
	errAudience = errors.New("the ID token was made for another client")
)

// verify checks the ID token: by the library its signature, issuer, audience and
// expiry; here that it belongs to this try, this client and this access token.
func (p *Provider) verify(ctx context.Context, d *discovered, token *oauth2.Token, nonce string) (*oidc.IDToken, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errNoToken
	}
	id, err := d.provider.VerifierContext(oidc.ClientContext(context.WithoutCancel(ctx), p.client),
		&oidc.Config{ClientID: p.config.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return nil, errNonce
	}
	var party struct {
		Authorized string `json:"azp"`
	}
	if err := id.Claims(&party); err != nil {
		return nil, err
	}
	if party.Authorized != "" && party.Authorized != p.config.ClientID || party.Authorized == "" && len(id.Audience) > 1 {
		return nil, errAudience
	}
	if id.AccessTokenHash == "" {
		return id, nil
	}
	return id, id.VerifyAccessToken(token.AccessToken)
}

// exchangeError tells a provider that does not answer from one that refuses. What
// the provider wrote beside its code of error may be anything, and is left out.
func (p *Provider) exchangeError(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return p.down(shortened(err))
	}
	status := 0
	if refused.Response != nil {
		status = refused.Response.StatusCode
	}
	cause := fmt.Errorf("trading the code: status %d, error %.60q", status, refused.ErrorCode)
	if status >= http.StatusInternalServerError {
		return p.down(cause)
	}
	return &surveys.Error{Kind: surveys.KindUnauthenticated, Key: "elsewhere.refused", Args: []any{p.config.Name}, Err: cause}
}

func (p *Provider) down(err error) error {
	return &surveys.Error{Kind: surveys.KindUnavailable, Key: "elsewhere.down", Args: []any{p.config.Name}, Err: err}
}

// shortened keeps a provider's page of HTML out of the log.
func shortened(err error) error { return fmt.Errorf("%.300s", err.Error()) }
