package surveys

import (
	"context"
	"errors"
	"strings"
	"time"
)

// CreateAccount adds an account with a password; only an owner may.
// KindConflict: the address has an account.
func (s *Service) CreateAccount(ctx context.Context, a Account, password string) (Account, error) {
	if _, err := requireOwner(ctx); err != nil {
		return a, err
	}
	a, err := s.addAccount(ctx, a, password)
	if err != nil {
		return a, err
	}
	return a, s.Audit(ctx, "", "account.created", string(a.ID))
}

func (s *Service) addAccount(ctx context.Context, a Account, password string) (Account, error) {
	a.Email = strings.ToLower(strings.TrimSpace(a.Email))
	if err := check(a); err != nil {
		return a, err
	}
	id, err := s.newID()
	if err != nil {
		return a, err
	}
	if a.Password, err = HashPassword(s.random, password); err != nil {
		return a, err
	}
	a.ID, a.Created, a.Revision = AccountID(id), s.moment(), 0
	a.Revision, err = s.put(ctx, recordAccount, id, "", a.Email, 0, a)
	return a, orConflict(err, "email", "account.exists")
}

// Accounts lists all accounts, oldest first; only an owner may.
func (s *Service) Accounts(ctx context.Context) ([]Account, error) {
	if _, err := requireOwner(ctx); err != nil {
		return nil, err
	}
	return listRecords[Account](ctx, s.store, recordAccount, "")
}

// Grant sets the roles of an account in a programme; its administrators may.
func (s *Service) Grant(ctx context.Context, email string, programme ProgrammeID, roles []Role) error {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return err
	}
	account, err := s.accountByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return orNotFound(err, "account.unknown")
	}
	if err := s.grant(ctx, account.ID, programme, roles); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "account.roles_changed", string(account.ID))
}

func orNotFound(err error, key string) error {
	if KindOf(err) != KindNotFound {
		return err
	}
	return &Error{Kind: KindNotFound, Key: key, Err: err}
}

// grant sets roles, trying again when the account changed meanwhile.
func (s *Service) grant(ctx context.Context, id AccountID, programme ProgrammeID, roles []Role) error {
	for {
		a, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
		if err != nil {
			return err
		}
		if a.Roles == nil {
			a.Roles = map[ProgrammeID][]Role{}
		}
		a.Roles[programme] = roles
		_, err = s.put(ctx, recordAccount, string(id), "", a.Email, a.Revision, a)
		if kindOfNil(err) != KindConflict {
			return err
		}
	}
}

// setUpLife is how long the link for the first account works.
const setUpLife = 24 * time.Hour

// setUpClaim is the id of the record that says that the first account is made.
const setUpClaim = "claimed"

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
	// Of two who use the link at once, the unique insert lets one through.
	if _, err := s.put(ctx, recordSetUp, setUpClaim, "", "", 0, hashSecret(secret)); err != nil {
		return Account{}, orConflict(err, "", "account.set_up_used")
	}
	a, err := s.addAccount(ctx, Account{Name: strings.TrimSpace(name), Email: email, Owner: true}, password)
	if err != nil {
		return a, errors.Join(err, s.store.DeleteRecord(ctx, recordSetUp, setUpClaim))
	}
	if err := s.store.DeleteRecord(ctx, recordSetUp, hashSecret(secret)); err != nil {
		return a, err
	}
	return a, s.Audit(WithAccount(ctx, a), "", "account.set_up", "")
}

// APIToken is a bearer token of one account; the store holds its hash.
type APIToken struct {
	ID      string    `json:"id"`
	Account AccountID `json:"account"`
	Name    string    `json:"name" validate:"required,max=80"`
	Created time.Time `json:"created"`
	Ends    time.Time `json:"ends"`
}

// apiTokenLife is how long a token works.
const apiTokenLife = 365 * 24 * time.Hour

// CreateAPIToken gives the account that acts a bearer token, shown once.
func (s *Service) CreateAPIToken(ctx context.Context, name string) (string, error) {
	account, ok := AccountFrom(ctx)
	if !ok {
		return "", &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	t := APIToken{ID: hashSecret(secret), Account: account.ID, Name: strings.TrimSpace(name), Created: s.moment(), Ends: s.moment().Add(apiTokenLife)}
	if err := check(t); err != nil {
		return "", err
	}
	if _, err := s.put(ctx, recordAPIToken, t.ID, string(account.ID), "", 0, t); err != nil {
		return "", err
	}
	return "snd_" + secret, s.Audit(ctx, "", "api_token.created", t.Name)
}

// APITokens lists the tokens of the account that acts, oldest first.
func (s *Service) APITokens(ctx context.Context) ([]APIToken, error) {
	account, ok := AccountFrom(ctx)
	if !ok {
		return nil, &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	return listRecords[APIToken](ctx, s.store, recordAPIToken, string(account.ID))
}

// RevokeAPIToken ends a token of the account that acts.
func (s *Service) RevokeAPIToken(ctx context.Context, id string) error {
	tokens, err := s.APITokens(ctx)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		if t.ID == id {
			if err := s.Audit(ctx, "", "api_token.revoked", t.Name); err != nil {
				return err
			}
			return s.store.DeleteRecord(ctx, recordAPIToken, id)
		}
	}
	return notFound("api_token.not_found")
}

// AccountOfToken returns the account of a bearer token. KindUnauthenticated if it
// is unknown or has ended.
func (s *Service) AccountOfToken(ctx context.Context, token string) (Account, error) {
	secret, ok := strings.CutPrefix(token, "snd_")
	if !ok {
		return Account{}, &Error{Kind: KindUnauthenticated, Key: "api_token.unknown"}
	}
	t, err := readRecord[APIToken](ctx, s.store, recordAPIToken, hashSecret(secret))
	if err != nil && KindOf(err) != KindNotFound {
		return Account{}, err
	}
	if err != nil || !s.now().Before(t.Ends) {
		return Account{}, &Error{Kind: KindUnauthenticated, Key: "api_token.unknown", Err: err}
	}
	return readRecord[Account](ctx, s.store, recordAccount, string(t.Account))
}
