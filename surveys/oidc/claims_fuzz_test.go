package oidc

import (
	"encoding/json"
	"testing"
)

// FuzzRead: whatever a provider says, and under whatever name its groups are looked
// for, nothing breaks; nobody is vouched for without a word that says so.
func FuzzRead(f *testing.F) {
	f.Add(`{"email":"a@b.org","email_verified":true,"groups":["a"]}`, "groups")
	f.Add(`{"realm_access":{"roles":["a","b"]},"_claim_names":{"groups":"src1"}}`, "realm_access.roles")
	f.Add(`{"groups":{"a":null},"hasgroups":"TRUE","email":null}`, "groups.a.")
	f.Fuzz(func(t *testing.T, text, name string) {
		var all claims
		if json.Unmarshal([]byte(text), &all) != nil {
			return
		}
		p := &Provider{config: Config{GroupsClaim: name}}
		said := p.read(all)
		_, verified := all["email_verified"]
		_, owned := all["xms_edov"]
		if said.Verified && !verified && !owned {
			t.Errorf("%s: the address counts as verified", text)
		}
	})
}
