package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"soundings/surveys"
)

// claims is what the provider says, as it came.
type claims map[string]json.RawMessage

var errOtherPerson = errors.New("the userinfo endpoint speaks of another person than the ID token")

// says reads the token, and asks the userinfo endpoint for what it leaves out.
func (p *Provider) says(ctx context.Context, d *discovered, token *oauth2.Token, id *oidc.IDToken) (surveys.ProviderSays, error) {
	var all claims
	if err := id.Claims(&all); err != nil {
		return surveys.ProviderSays{}, p.down(err)
	}
	said := p.read(all)
	if d.provider.UserInfoEndpoint() != "" && (said.Email == "" || len(said.Groups) == 0 && !said.NotListed) {
		more, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return said, p.down(shortened(err))
		}
		if more.Subject != id.Subject { // OpenID Connect Core 1.0, section 5.3.2
			return said, &surveys.Error{Kind: surveys.KindUnauthenticated, Key: "elsewhere.refused", Args: []any{p.config.Name}, Err: errOtherPerson}
		}
		var others claims
		if err := more.Claims(&others); err != nil {
			return said, p.down(err)
		}
		for name, value := range all { // what is signed wins
			others[name] = value
		}
		said = p.read(others)
	}
	said.Subject = id.Subject
	return said, nil
}

// read gives claims their meaning.
func (p *Provider) read(all claims) surveys.ProviderSays {
	said := surveys.ProviderSays{
		Email:    strings.ToLower(strings.TrimSpace(all.text("email"))),
		Verified: p.config.TrustEmail || all.yes("email_verified") || all.yes("xms_edov"),
		Name:     strings.TrimSpace(all.text("name")),
		Groups:   all.list(p.config.GroupsClaim),
	}
	if said.Name == "" {
		said.Name = strings.TrimSpace(all.text("preferred_username"))
	}
	var elsewhere map[string]string
	if json.Unmarshal(all["_claim_names"], &elsewhere) == nil {
		_, said.NotListed = elsewhere[p.config.GroupsClaim]
	}
	said.NotListed = said.NotListed || all.yes("hasgroups") && len(said.Groups) == 0
	return said
}

// text is a claim that is text; "" if it is not.
func (c claims) text(name string) string {
	var text string
	if json.Unmarshal(c[name], &text) != nil {
		return ""
	}
	return text
}

// yes is a claim that says so, as providers write it: true, "true", 1 or "1".
func (c claims) yes(name string) bool {
	switch strings.ToLower(strings.Trim(string(c[name]), `"`)) {
	case "true", "1":
		return true
	}
	return false
}

// list is a claim of several texts, or of one; its name may be a path into objects.
func (c claims) list(path string) []string {
	if value, ok := c[path]; ok {
		return texts(value)
	}
	name, rest, ok := strings.Cut(path, ".")
	if !ok {
		return nil
	}
	var within claims
	if json.Unmarshal(c[name], &within) != nil {
		return nil
	}
	return within.list(rest)
}

func texts(value json.RawMessage) []string {
	var several []string
	if json.Unmarshal(value, &several) == nil {
		return several
	}
	var one string
	if json.Unmarshal(value, &one) == nil && one != "" {
		return []string{one}
	}
	return nil
}

// bounded reads no more of an answer than an honest one has.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, mostOfBody), answer.Body}
	return answer, nil
}
