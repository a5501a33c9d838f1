package surveys

import (
	"context"
	"reflect"
	"time"
)

// identity is who an account is at a provider: one account for each person there, and
// one person there for each account.
type identity struct {
	Account AccountID `json:"account"`
	Linked  time.Time `json:"linked"`
}

func identityID(issuer, subject string) string { return idOf("identity", issuer, subject) }

// joinOutside finds the account of a person at the provider: the one that is linked,
// else the one with the address that the provider vouches for, else a new one for who
// has a role by a group. Nobody has shown that whoever chose the password of the one
// with the address is that person; see proveOutside.
func (s *Service) joinOutside(ctx context.Context, says ProviderSays) (Account, error) {
	linked, err := readRecord[identity](ctx, s.store, recordIdentity, identityID(s.provider.Issuer(), says.Subject))
	if err == nil {
		return s.heardOutside(ctx, linked.Account, says)
	}
	if kindOfNil(err) != KindNotFound {
		return Account{}, err
	}
	if !says.Verified || says.Email == "" {
		return Account{}, &Error{Kind: KindUnauthenticated, Key: "elsewhere.not_verified", Args: []any{s.provider.Name()}}
	}
	account, err := s.accountByEmail(ctx, says.Email)
	if kindOfNil(err) == KindNotFound {
		account, err = s.newOutside(ctx, says)
	}
	if err != nil {
		return Account{}, err
	}
	if err := s.proveOutside(ctx, account); err != nil {
		return Account{}, err
	}
	if err := s.keepIdentity(ctx, account.ID, says.Subject); err != nil {
		return Account{}, err
	}
	if err := s.Audit(WithAccount(ctx, account.shown()), "", "elsewhere.joined", string(account.ID)); err != nil {
		return Account{}, err
	}
	return s.heardOutside(ctx, account.ID, says)
}

// proveOutside takes from an account what lets somebody in who is not the person at
// the provider. An account can be made for anybody's address, by who invites it, and
// can take anybody's address: who did either would have, by the password, what the
// groups of the person give. Who has the password can link the account instead, and
// keeps it. An owner by hand keeps it too: the door for when the provider does not
// answer, and nobody becomes one by an invitation of their own.
func (s *Service) proveOutside(ctx context.Context, account Account) error {
	if account.Owner {
		return nil
	}
	if account.Password != "" {
		if err := s.Audit(WithAccount(ctx, account.shown()), "", "elsewhere.password_ended", string(account.ID)); err != nil {
			return err
		}
		_, err := s.changeAccount(ctx, account.ID, func(a *Account) error {
			a.Password = ""
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.endEverything(ctx, account.ID) // always: the last try may have been broken off here
}

// newOutside makes an account for somebody whose groups give a role here.
func (s *Service) newOutside(ctx context.Context, says ProviderSays) (Account, error) {
	roles, owner, err := s.byGroup(ctx, says.Groups)
	if err != nil {
		return Account{}, err
	}
	if len(roles) == 0 && !owner {
		key := "elsewhere.no_account"
		if says.NotListed {
			key = "elsewhere.not_listed"
		}
		return Account{}, &Error{Kind: KindUnauthenticated, Key: key, Args: []any{s.provider.Name()}}
	}
	id, err := s.newID()
	if err != nil {
		return Account{}, err
	}
	name := says.Name
	if name == "" {
		name = says.Email
	}
	account, err := s.addOutsideAccount(ctx, AccountID(id), Account{Name: name, Email: says.Email})
	if kindOfNil(err) == KindConflict { // made meanwhile
		return s.accountByEmail(ctx, says.Email)
	}
	if kindOfNil(err) == KindInvalid { // a name or an address that no account can have
		return account, &Error{Kind: KindUnauthenticated, Key: "elsewhere.unusable", Args: []any{s.provider.Name()}, Err: err}
	}
	return account, err
}

// keepIdentity links an account to a person at the provider.
func (s *Service) keepIdentity(ctx context.Context, id AccountID, subject string) error {
	issuer := s.provider.Issuer()
	_, err := s.put(ctx, recordIdentity, identityID(issuer, subject), string(id), idOf("identity of", string(id), issuer), 0, identity{id, s.moment()})
	if kindOfNil(err) != KindConflict {
		return err
	}
	there, err := readRecord[identity](ctx, s.store, recordIdentity, identityID(issuer, subject))
	switch {
	case kindOfNil(err) == KindNotFound: // the account is linked to another person
		return &Error{Kind: KindUnauthenticated, Key: "elsewhere.another_person", Args: []any{s.provider.Name()}}
	case err == nil && there.Account != id:
		return &Error{Kind: KindUnauthenticated, Key: "elsewhere.another_account", Args: []any{s.provider.Name()}}
	}
	return err
}

// heardOutside gives an account what its groups give it now, and returns it.
func (s *Service) heardOutside(ctx context.Context, id AccountID, says ProviderSays) (Account, error) {
	roles, owner, err := s.byGroup(ctx, says.Groups)
	if err != nil {
		return Account{}, err
	}
	var before Outside
	account, err := s.changeAccount(ctx, id, func(a *Account) error {
		before = Outside{}
		if a.Outside != nil {
			before = *a.Outside
		}
		now := Outside{Issuer: s.provider.Issuer(), Subject: says.Subject, Linked: before.Linked, Roles: roles, Owner: owner, NotListed: says.NotListed, Seen: s.moment()}
		if before.Subject != says.Subject || before.Issuer != now.Issuer {
			now.Linked = now.Seen
		}
		a.Outside = &now
		return nil
	})
	if err != nil {
		return account, err
	}
	return account, s.auditByGroup(WithAccount(ctx, account.shown()), id, before, *account.Outside)
}

// auditByGroup writes down which roles came and went by group.
func (s *Service) auditByGroup(ctx context.Context, id AccountID, before, after Outside) error {
	if before.Owner != after.Owner {
		if err := s.Audit(ctx, "", "account.owner_by_group", string(id)); err != nil {
			return err
		}
	}
	for programme := range mergedKeys(before.Roles, after.Roles) {
		if reflect.DeepEqual(before.Roles[programme], after.Roles[programme]) {
			continue
		}
		if err := s.Audit(ctx, programme, "account.roles_by_group", string(id)); err != nil {
			return err
		}
	}
	return nil
}

func mergedKeys(a, b map[ProgrammeID][]Role) map[ProgrammeID]bool {
	keys := make(map[ProgrammeID]bool, len(a)+len(b))
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	return keys
}

// linkOutside links the account that asked for it, and is still signed in, to a
// person at the provider.
func (s *Service) linkOutside(ctx context.Context, id AccountID, secret string, says ProviderSays) error {
	signIn, err := s.signInOf(ctx, secret)
	if err != nil {
		return err
	}
	if signIn.Account != id {
		return &Error{Kind: KindUnauthenticated, Key: "elsewhere.begin_again"}
	}
	if err := s.keepIdentity(ctx, id, says.Subject); err != nil {
		return err
	}
	account, err := s.heardOutside(ctx, id, says)
	if err != nil {
		return err
	}
	return s.Audit(WithAccount(ctx, account.shown()), "", "elsewhere.linked", string(id))
}

// UnlinkElsewhere ends the link of the account that acts to the provider. It needs a
// password, which is all that is left.
func (s *Service) UnlinkElsewhere(ctx context.Context, secret, password string) error {
	account, err := s.confirmSelf(ctx, secret, password)
	if err != nil {
		return err
	}
	if account.Outside == nil {
		return notFound("elsewhere.not_linked")
	}
	if account.Password == "" {
		return invalid("", "elsewhere.no_password")
	}
	if err := s.Audit(ctx, "", "elsewhere.unlinked", string(account.ID)); err != nil {
		return err
	}
	if err := s.store.DeleteRecord(ctx, recordIdentity, identityID(account.Outside.Issuer, account.Outside.Subject)); err != nil {
		return err
	}
	_, err = s.changeAccount(ctx, account.ID, func(a *Account) error {
		a.Outside = nil
		return nil
	})
	return err
}
