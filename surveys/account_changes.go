package surveys

import (
	"context"
	"slices"
	"strings"
)

// SetInactive ends what an account can do, at once: its sign-ins and its API tokens
// go, and it signs in no more until it is active again. Only an owner may; the last
// owner stays active.
func (s *Service) SetInactive(ctx context.Context, id AccountID, inactive bool) error {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return err
	}
	if err := s.setInactive(ctx, id, inactive); err != nil {
		return orNotFound(err, "account.unknown")
	}
	if inactive {
		return s.Audit(ctx, "", "account.deactivated", string(id))
	}
	return s.Audit(ctx, "", "account.reactivated", string(id))
}

func (s *Service) setInactive(ctx context.Context, id AccountID, inactive bool) error {
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
	if err != nil {
		return err
	}
	if inactive && account.Owner {
		if err := s.leaveOwners(ctx, id); err != nil {
			return err
		}
	}
	account, err = s.changeAccount(ctx, id, func(a *Account) error {
		a.Inactive = inactive
		return nil
	})
	switch {
	case err != nil:
		return err
	case inactive:
		return s.endEverything(ctx, id)
	case account.Owner:
		return s.joinOwners(ctx, id)
	}
	return nil
}

// endEverything ends what lets an account, or its programs, in.
func (s *Service) endEverything(ctx context.Context, id AccountID) error {
	for _, kind := range []RecordKind{recordAPIToken, recordReset} {
		if err := s.deleteScope(ctx, kind, string(id)); err != nil {
			return err
		}
	}
	return s.endSignIns(ctx, id)
}

// RemoveAccount removes an account for good. What it did stays in the trail under
// its name. Only an owner may; the last owner stays.
func (s *Service) RemoveAccount(ctx context.Context, id AccountID) error {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return err
	}
	if err := s.setInactive(ctx, id, true); err != nil {
		return orNotFound(err, "account.unknown")
	}
	for _, kind := range []RecordKind{recordIdentity, recordFactorSetUp} {
		if err := s.deleteScope(ctx, kind, string(id)); err != nil {
			return err
		}
	}
	if err := s.store.DeleteRecord(ctx, recordAccount, string(id)); err != nil {
		return err
	}
	return s.Audit(ctx, "", "account.removed", string(id))
}

// SetOwner makes an account an owner, or takes that away. Only an owner may; the
// last owner stays one.
func (s *Service) SetOwner(ctx context.Context, id AccountID, owner bool) error {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return err
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
	if err != nil {
		return orNotFound(err, "account.unknown")
	}
	if account.Inactive {
		return &Error{Kind: KindConflict, Key: "account.is_inactive"}
	}
	if err := s.setOwner(ctx, id, owner); err != nil {
		return err
	}
	if owner {
		return s.Audit(ctx, "", "account.made_owner", string(id))
	}
	return s.Audit(ctx, "", "account.no_owner_any_more", string(id))
}

// Members lists the accounts with a role in a programme, those by hand in Roles and
// those by group in Outside.Roles, for its administrators: of
// other programmes, and of accounts without a role here, they learn nothing.
func (s *Service) Members(ctx context.Context, programme ProgrammeID) ([]Account, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return nil, err
	}
	all, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return nil, err
	}
	var members []Account
	for _, a := range all {
		byGroup := a.rolesByGroup(programme)
		if roles := a.Roles[programme]; len(roles)+len(byGroup) > 0 {
			members = append(members, Account{ID: a.ID, Name: a.Name, Email: a.Email, Inactive: a.Inactive, Roles: map[ProgrammeID][]Role{programme: roles}, Outside: &Outside{Roles: map[ProgrammeID][]Role{programme: byGroup}}})
		}
	}
	slices.SortStableFunc(members, func(a, b Account) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return members, nil
}

// Orphans lists the programmes that no active account administers, for owners.
func (s *Service) Orphans(ctx context.Context) ([]Programme, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return nil, err
	}
	programmes, err := listRecords[Programme](ctx, s.store, recordProgramme, "")
	if err != nil {
		return nil, err
	}
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(programmes, func(p Programme) bool {
		return slices.ContainsFunc(accounts, func(a Account) bool { return a.administers(p.ID) })
	}), nil
}

// Appoint makes an active account the administrator of a programme that has none.
func (s *Service) Appoint(ctx context.Context, programme ProgrammeID, id AccountID) error {
	orphans, err := s.Orphans(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(orphans, func(p Programme) bool { return p.ID == programme }) {
		return invalid("programme", "account.no_orphan")
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
	if err != nil {
		return orNotFound(err, "account.unknown")
	}
	if account.Inactive {
		return &Error{Kind: KindConflict, Key: "account.is_inactive"}
	}
	if err := s.grantMore(ctx, id, programme, []Role{RoleAdministrator}); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "account.appointed", string(id))
}

// ProgrammeNames lists every programme by id and name, for owners: who has which
// roles where. It tells nothing else of them.
func (s *Service) ProgrammeNames(ctx context.Context) ([]Programme, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return nil, err
	}
	all, err := listRecords[Programme](ctx, s.store, recordProgramme, "")
	for i, p := range all {
		all[i] = Programme{ID: p.ID, Name: p.Name}
	}
	return all, err
}
