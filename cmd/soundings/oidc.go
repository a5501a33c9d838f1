package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/oidc"
)

// oidcSettings are the settings for signing in elsewhere.
func oidcSettings() []setting {
	return []setting{
		{"oidc-issuer", "SOUNDINGS_OIDC_ISSUER", "", false, "where accounts can sign in elsewhere, as the provider of OpenID Connect names itself, such as https://login.example.org/realms/staff; empty: nowhere", readIssuer},
		{"oidc-client-id", "SOUNDINGS_OIDC_CLIENT_ID", "", false, "what it calls this installation", func(c *config, v string) error { c.oidc.ClientID = v; return nil }},
		{"oidc-client-secret", "SOUNDINGS_OIDC_CLIENT_SECRET", "", true, "with which secret; empty: none is needed", func(c *config, v string) error { c.oidc.ClientSecret = v; return nil }},
		{"oidc-name", "SOUNDINGS_OIDC_NAME", "your organisation", false, "what the button to sign in there says", func(c *config, v string) error { c.oidc.Name = v; return nil }},
		{"oidc-groups-claim", "SOUNDINGS_OIDC_GROUPS_CLAIM", "groups", false, "what it calls the groups of a person: a name, or a path such as realm_access.roles", func(c *config, v string) error { c.oidc.GroupsClaim = v; return nil }},
		{"oidc-owners-group", "SOUNDINGS_OIDC_OWNERS_GROUP", "", false, "the group whose members own this installation; empty: none. Groups get roles on each programme's page Roles by group", func(c *config, v string) error { c.oidc.OwnersGroup = v; return nil }},
		{"oidc-trust-email", "SOUNDINGS_OIDC_TRUST_EMAIL", "no", false, "yes: its addresses count as verified although it does not say so, since nobody there can choose their own (as in Entra ID with one tenant)", readTrustEmail},
	}
}

func readIssuer(c *config, value string) error {
	u, err := url.Parse(value)
	if value != "" && (err != nil || u.Host == "" || u.RawQuery != "" || u.Scheme != "https" && (u.Scheme != "http" || !onThisMachine(u.Hostname()))) {
		return fmt.Errorf("is %q: write its address with https://, such as https://login.example.org/realms/staff", value)
	}
	c.oidc.Issuer = value
	return nil
}

// onThisMachine reports whether what is sent to host leaves no machine.
func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func readTrustEmail(c *config, value string) error {
	if value != "yes" && value != "no" {
		return fmt.Errorf("is %q: write yes or no", value)
	}
	c.oidc.TrustEmail = value == "yes"
	return nil
}

// withProvider gives service where accounts sign in elsewhere, if that is set.
func withProvider(service *surveys.Service, c config) (*surveys.Service, error) {
	if c.oidc.Issuer == "" {
		return service, nil
	}
	if c.oidc.ClientID == "" {
		return nil, errors.New("signing in elsewhere needs what the provider calls this installation: set -oidc-client-id or SOUNDINGS_OIDC_CLIENT_ID")
	}
	if c.baseURL == "" {
		return nil, errors.New("signing in elsewhere needs the address that people come back to: set -base-url or SOUNDINGS_BASE_URL, and register it at the provider followed by /sign-in/oidc/callback")
	}
	settings := c.oidc
	base := strings.TrimSuffix(c.baseURL, "/")
	settings.Redirect, settings.SignedOut = base+"/sign-in/oidc/callback", base+"/sign-in"
	return service.WithProvider(oidc.New(settings, time.Now)), nil
}
