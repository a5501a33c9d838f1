package surveys

import (
	"slices"
	"time"
)

// Factor is the second factor of an account: what an app on a phone and we share,
// and the recovery codes that are left. Outside the service it tells only Since and
// Left.
type Factor struct {
	Secret []byte    `json:"secret,omitempty"` // of totp; sealed if Sealed
	Sealed bool      `json:"sealed,omitempty"` // under the key that addresses are sealed under
	Codes  []string  `json:"codes,omitempty"`  // hashes of the recovery codes that are left
	Since  time.Time `json:"since"`
	Left   int       `json:"-"` // how many recovery codes
}

// Outside is who an account is at the provider, and what its groups there gave it
// when it last signed in. What was given by hand stands in the account itself.
type Outside struct {
	Issuer    string                 `json:"issuer"`
	Subject   string                 `json:"subject"`
	Linked    time.Time              `json:"linked"`
	Roles     map[ProgrammeID][]Role `json:"roles,omitempty"` // by group
	Owner     bool                   `json:"owner,omitempty"` // by group
	NotListed bool                   `json:"not_listed,omitempty"`
	Seen      time.Time              `json:"seen,omitzero"` // when its groups were last heard
}

// needsFactor reports whether a asks for a second factor after its password.
func (s *Service) needsFactor(a Account) bool { return a.Factor != nil }

// hideFactor takes away what must not leave the service, and adds to the roles of a
// what its groups give: as others see it, an account has both.
func (a *Account) hideFactor() {
	if a.Factor != nil {
		a.Factor = &Factor{Since: a.Factor.Since, Left: max(a.Factor.Left, len(a.Factor.Codes))}
	}
	*a = a.withGroups()
}

// withGroups is a with the roles that it has by hand and by group. Asked again it
// changes nothing.
func (a Account) withGroups() Account {
	if a.Outside == nil {
		return a
	}
	a.Owner = a.Owner || a.Outside.Owner
	all := make(map[ProgrammeID][]Role, len(a.Roles)+len(a.Outside.Roles))
	for programme, roles := range a.Roles {
		all[programme] = roles
	}
	for programme, roles := range a.Outside.Roles {
		both := slices.Concat(all[programme], roles)
		slices.Sort(both)
		all[programme] = slices.Compact(both)
	}
	a.Roles = all
	return a
}

// administers reports whether a, by hand or by group, looks after a programme: who is to
// be told when something is due there. As it is stored, a need not have its groups yet.
func (a Account) administers(programme ProgrammeID) bool {
	return !a.Inactive && slices.Contains(a.withGroups().Roles[programme], RoleAdministrator)
}

// rolesByGroup are the roles that a has in a programme by group.
func (a Account) rolesByGroup(programme ProgrammeID) []Role {
	if a.Outside == nil {
		return nil
	}
	return a.Outside.Roles[programme]
}

// ReadsAnswers reports whether a may read answers or concerns of any programme, or
// is an owner, who gives such roles.
func (a Account) ReadsAnswers() bool {
	if a.Owner {
		return true
	}
	for programme := range a.Roles {
		if a.May(programme, MayReadAnswers) || a.May(programme, MayReadConcerns) {
			return true
		}
	}
	return false
}
