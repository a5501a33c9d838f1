// Package oidc signs people in with their organisation's own sign-in: any provider
// of OpenID Connect 1.0 with discovery, such as Entra ID or Keycloak. It does the
// authorisation code flow with PKCE, state and nonce; signatures, issuer, audience
// and expiry are checked by github.com/coreos/go-oidc.
//
// Nothing is asked of the provider until somebody signs in. What was discovered is
// kept for an hour, and longer if the provider does not answer then.
//
// # What is read of a token
//
//	sub                 who it is
//	email               address, in lower case
//	email_verified      true or "true"; also xms_edov, Entra ID's word for it
//	name                else preferred_username
//	groups              names or ids, under the name that is set: "groups", or a
//	                    path such as "realm_access.roles"
//	_claim_names        Entra ID names groups here when there are too many to list
//
// What the token does not say is asked of the userinfo endpoint, once.
package oidc
