// Package outsidetest runs the built program against the real outside: a provider of
// OpenID Connect, built on zitadel/oidc, which is certified by the OpenID Foundation,
// and the certificate authority that Let's Encrypt tests clients with, pebble. Both run
// in this process on loopback. It is a module of its own, so that neither is in the
// product's go.mod.
//
//	go test ./...    builds the program first; SOUNDINGS_BINARY names one that is built
package outsidetest
