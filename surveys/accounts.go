package surveys

import (
	"context"
	"slices"
	"strings"
	"time"
)

// CreateAccount adds an account with a password; only an owner may.
// KindConflict: the address has an account.
func (s *Service) CreateAccount(ctx context.Context, a Account, password string) (Account, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return a, err
	}
	id, err := s.newID()
	if err != nil {
		return a, err
	}
	a.Roles = nil // roles are a programme's to give: Grant
	if a, err = s.addAccount(ctx, AccountID(id), a, password); err != nil {
		return a, orConflict(err, "email", "account.exists")
	}
	return a, s.Audit(ctx, "", "account.created", string(a.ID))
}

// addAccount stores a new account. KindConflict: the id or the address has one.
func (s *Service) addAccount(ctx context.Context, id AccountID, a Account, password string) (Account, error) {
	tidy(&a.Name, &a.Email)
	a.Email = strings.ToLower(a.Email)
	if err := check(a); err != nil {
		return a, err
	}
	if err := checkPassword(password, a.Name, a.Email); err != nil {
		return a, err
	}
	var err error
	if a.Password, err = HashPassword(s.random, password); err != nil {
		return a, err
	}
	return s.insertAccount(ctx, id, a)
}

// addOutsideAccount stores a new account that signs in elsewhere and has no
// password. KindConflict: the id or the address has one.
func (s *Service) addOutsideAccount(ctx context.Context, id AccountID, a Account) (Account, error) {
	tidy(&a.Name, &a.Email)
	a.Email, a.Password = strings.ToLower(a.Email), ""
	if err := check(a); err != nil {
		return a, err
	}
	return s.insertAccount(ctx, id, a)
}

func (s *Service) insertAccount(ctx context.Context, id AccountID, a Account) (Account, error) {
	var err error
	a.ID, a.Created, a.Revision = id, s.moment(), 0
	if a.Revision, err = s.put(ctx, recordAccount, string(id), "", a.Email, 0, a); err != nil {
		return a.shown(), err
	}
	if a.Owner {
		err = s.joinOwners(ctx, id)
	}
	return a.shown(), err
}

// Accounts lists all accounts, oldest first; only an owner may.
func (s *Service) Accounts(ctx context.Context) ([]Account, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return nil, err
	}
	all, err := listRecords[Account](ctx, s.store, recordAccount, "")
	for i := range all {
		all[i] = all[i].shown()
	}
	return all, err
}

// Grant sets the roles of an account in a programme, none to take them away; its
// administrators may. Nobody can take the role of administrator from themselves,
// so that every programme keeps one.
func (s *Service) Grant(ctx context.Context, email string, programme ProgrammeID, roles []Role) error {
	actor, err := s.mayInvite(ctx, programme)
	if err != nil {
		return err
	}
	if err := knownRoles(roles); err != nil {
		return err
	}
	account, err := s.accountByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return orNotFound(err, "account.unknown")
	}
	if account.ID == actor.ID && !slices.Contains(roles, RoleAdministrator) {
		return invalid("roles", "account.keep_administrator")
	}
	if err := s.staysInCare(ctx, account.ID, programme, roles); err != nil {
		return err
	}
	if err := s.grant(ctx, account.ID, programme, roles); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "account.roles_changed", string(account.ID))
}

// staysInCare refuses roles by which the safeguarding lead or the deputy could no longer
// look: what waits for them would wait for nobody.
func (s *Service) staysInCare(ctx context.Context, id AccountID, programme ProgrammeID, roles []Role) error {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return err
	}
	if slices.Contains(p.Safeguarding.people(), id) && !slices.Contains(roles, RoleSafeguarding) {
		return invalid("roles", "safeguarding.named")
	}
	return nil
}

// orNotFound gives a KindNotFound from the store its key for people.
func orNotFound(err error, key string, args ...any) error {
	if kindOfNil(err) != KindNotFound {
		return err
	}
	return &Error{Kind: KindNotFound, Key: key, Args: args, Err: err}
}

// grant sets roles.
func (s *Service) grant(ctx context.Context, id AccountID, programme ProgrammeID, roles []Role) error {
	_, err := change(ctx, s, recordAccount, string(id), func(a *Account) error {
		a.setRoles(programme, roles)
		return nil
	})
	return err
}

func (a *Account) setRoles(programme ProgrammeID, roles []Role) {
	if a.Roles == nil {
		a.Roles = map[ProgrammeID][]Role{}
	}
	a.Roles[programme] = slices.Compact(slices.Sorted(slices.Values(roles)))
	if len(roles) == 0 {
		delete(a.Roles, programme)
	}
}

// setUpLife is how long the link for the first account works.
const setUpLife = 24 * time.Hour

// firstAccount is the id of the first account. It is the same everywhere, so that
// of two who use the link at once the unique insert lets one through.
const firstAccount AccountID = "first"

// SetUpSecret returns the secret of a one-time link that creates the first
// account, or "" if there is an account already. A new one replaces the last.
func (s *Service) SetUpSecret(ctx context.Context) (string, error) {
	count, err := s.store.CountRecords(ctx, recordAccount, "", time.Time{})
	if err != nil || count > 0 {
		return "", err
	}
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	if _, err := s.store.DeleteRecordsBefore(ctx, recordSetUp, s.moment().Add(time.Millisecond)); err != nil {
		return "", err
	}
	_, err = s.put(ctx, recordSetUp, hashSecret(secret), "", "", 0, s.moment().Add(setUpLife))
	return secret, err
}

// SetUpOpen reports whether the one-time link still works.
func (s *Service) SetUpOpen(ctx context.Context, secret string) error {
	ends, err := readRecord[time.Time](ctx, s.store, recordSetUp, hashSecret(secret))
	if err != nil {
		return orNotFound(err, "account.set_up_used")
	}
	count, err := s.store.CountRecords(ctx, recordAccount, "", time.Time{})
	if err != nil {
		return err
	}
	if count > 0 || !s.now().Before(ends) {
		return notFound("account.set_up_used")
	}
	return nil
}

// SetUp creates the first account, an owner, and uses the link up.
func (s *Service) SetUp(ctx context.Context, secret, name, email, password string) (Account, error) {
	if err := s.SetUpOpen(ctx, secret); err != nil {
		return Account{}, err
	}
	a, err := s.addAccount(ctx, firstAccount, Account{Name: name, Email: email, Owner: true}, password)
	if err != nil {
		return a, orConflict(err, "", "account.set_up_used")
	}
	if err := s.store.DeleteRecord(ctx, recordSetUp, hashSecret(secret)); err != nil {
		return a, err
	}
	return a, s.Audit(WithAccount(ctx, a), "", "account.set_up", "")
}
