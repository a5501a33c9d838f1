package surveys

import "context"

// Provider is where an account signs in elsewhere: its organisation's own sign-in.
// Package oidc is the one there is.
type Provider interface {
	// Name is what the button says: "Northbank Trust".
	Name() string
	// Issuer names the provider in identities, for ever.
	Issuer() string
	// OwnersGroup is the group whose members own this installation; "": none.
	OwnersGroup() string
	// Start is the address that the browser is sent to.
	// KindUnavailable: the provider does not answer.
	Start(ctx context.Context, ask ProviderAsk) (address string, err error)
	// Finish trades the code that the browser brought back for who it is.
	// KindUnauthenticated: what came back is not to be believed, or used up.
	// KindUnavailable: the provider does not answer.
	Finish(ctx context.Context, ask ProviderAsk, code string) (ProviderSays, error)
	// SignOut is the address where the browser ends its sign-in at the provider and
	// comes back from; "" if the provider has none.
	SignOut(ctx context.Context) (string, error)
}

// ProviderAsk is what binds an answer of the provider to the question: drawn for
// one try, and known to the browser only as far as it has to be.
type ProviderAsk struct {
	State    string // comes back in the address
	Nonce    string // comes back in the signed token
	Verifier string // proves that who trades the code is who asked for it (PKCE, RFC 7636)
}

// ProviderSays is what the provider says of a person.
type ProviderSays struct {
	Subject   string // who it is, the same for ever
	Email     string
	Verified  bool // the provider vouches that the address is this person's
	Name      string
	Groups    []string
	NotListed bool // there are groups, but too many to be listed
}
