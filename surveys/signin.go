package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// What a sign-in lasts: a working day at most, and less when it is not used. The
// last use is kept to the hour, so it ends one to two hours after it.
const (
	signInLife = 12 * time.Hour
	signInIdle = 2 * time.Hour
	usedTo     = time.Hour
)

// throttleWindow is how long a try counts. triesPerNetwork bears an office behind
// one address.
const (
	throttleWindow  = 15 * time.Minute
	triesPerNetwork = 50
)

// SignIn is one browser's sign-in. Its secret is in the browser's cookie; the
// store holds the hash. Nothing tells where it was or in which browser.
type SignIn struct {
	ID       string    `json:"-"` // the hash
	Account  AccountID `json:"account"`
	CSRF     string    `json:"csrf"` // sent back by every form that changes something
	Opened   time.Time `json:"opened"`
	Used     time.Time `json:"used"` // last, to the hour
	Ends     time.Time `json:"ends"`
	Rights   string    `json:"rights"`            // what the account may, when the secret was drawn
	Outside  bool      `json:"outside,omitempty"` // signed in elsewhere
	Replaced bool      `json:"replaced"`          // by another secret; works until what was under way has come
	Revision int64     `json:"-"`
}

func (s *SignIn) setRevision(n int64) { s.Revision = n }

// Visitor is where a try to sign in comes from.
type Visitor struct {
	Network string // stands for a network: a keyed hash, never an address
	Device  string // the secret of a browser that has signed in before; "" is unknown
}

// SignInStep is what follows once somebody has shown who they are: a sign-in that is
// open, or one that waits for a second factor.
type SignInStep struct {
	Secret  string // for the cookie of an open sign-in; "" while it waits
	Pending string // for the cookie of one that waits; "" once it is open
	Device  string // for the cookie of a known browser; "" keeps the one there is
}

// hashSecret is how cookies, API tokens and one-time links are stored: SHA-256 is
// enough for 128 random bits.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte("soundings secret\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// SignIn checks an address and a password.
// KindUnauthenticated: one of the two is wrong, without saying which.
// KindThrottled: too many tries; see signin_turns.go.
func (s *Service) SignIn(ctx context.Context, email, password string, from Visitor) (SignInStep, error) {
	account, tries, err := s.tryPassword(ctx, email, password, from)
	if err != nil {
		return SignInStep{}, err
	}
	if err := s.forgive(ctx, tries); err != nil {
		return SignInStep{}, err
	}
	if account, err = s.rehash(ctx, account, password); err != nil {
		return SignInStep{}, err
	}
	return s.signInStep(ctx, account, from)
}

// tryPassword counts a try and checks it; it returns the ids of the counts.
func (s *Service) tryPassword(ctx context.Context, email, password string, from Visitor) (Account, []string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	tries, err := s.throttleSignIn(ctx, email, from)
	if err != nil {
		return Account{}, nil, err
	}
	account, err := s.passwordOf(ctx, email, password)
	return account, tries, err
}

// forgive takes counts back: what counts is failing.
func (s *Service) forgive(ctx context.Context, tries []string) error {
	for _, try := range tries {
		if err := s.store.DeleteRecord(ctx, recordThrottle, try); err != nil {
			return err
		}
	}
	return nil
}

// rehash stores the password of account at today's cost, if it was hashed at
// another. It is the moment at which the password is known.
func (s *Service) rehash(ctx context.Context, account Account, password string) (Account, error) {
	if atTodaysCost(account.Password) {
		return account, nil
	}
	hash, err := hashPassword(s.random, password)
	if err != nil {
		return account, err
	}
	old := account.Password
	return s.changeAccount(ctx, account.ID, func(a *Account) error {
		if a.Password == old { // not one that was set meanwhile
			a.Password = hash
		}
		return nil
	})
}

// passwordOf finds the account of an address and a password. An address that
// nobody has takes as long as one with another password.
func (s *Service) passwordOf(ctx context.Context, email, password string) (Account, error) {
	account, err := s.accountByEmail(ctx, email)
	if err != nil && KindOf(err) != KindNotFound {
		return Account{}, err
	}
	stored := account.Password
	if err != nil || stored == "" || account.Inactive {
		stored = nobody
	}
	matches, busy := passwordMatches(ctx, stored, password)
	if busy != nil {
		return Account{}, busy
	}
	if !matches || stored == nobody {
		return Account{}, s.refuseSignIn(ctx, account.ID)
	}
	return account, nil
}

// What is shown first by who signs in.
const (
	firstPassword = "password"
	firstOutside  = "elsewhere"
)

// signInStep goes on with an account that has shown its password.
func (s *Service) signInStep(ctx context.Context, account Account, from Visitor) (SignInStep, error) {
	if err := s.mayUsePassword(ctx, account); err != nil {
		return SignInStep{}, err
	}
	if !s.needsFactor(account) {
		return s.openStep(ctx, account, from, firstPassword)
	}
	pending, err := s.openPending(ctx, account.ID, firstPassword)
	return SignInStep{Pending: pending}, err
}

// openStep opens a sign-in for an account that has shown all that is asked, and
// makes its browser known. how says by what, for the trail.
func (s *Service) openStep(ctx context.Context, account Account, from Visitor, how string) (SignInStep, error) {
	if account.Inactive {
		return SignInStep{}, s.refuseSignIn(ctx, account.ID)
	}
	secret, err := s.openSignIn(ctx, account, strings.HasPrefix(how, firstOutside))
	if err != nil {
		return SignInStep{}, err
	}
	device, err := s.knowDevice(ctx, account.ID, from.Device)
	if err != nil {
		return SignInStep{}, err
	}
	return SignInStep{Secret: secret, Device: device}, s.Audit(WithAccount(ctx, account), "", "account.signed_in", how)
}

// refuseSignIn writes down the try and refuses it. The entry of an address that
// nobody has names nothing: it is written so that a refusal takes as long.
func (s *Service) refuseSignIn(ctx context.Context, id AccountID) error {
	if err := s.Audit(WithAccount(ctx, Account{ID: id}), "", "account.sign_in_refused", ""); err != nil {
		return err
	}
	return &Error{Kind: KindUnauthenticated, Key: "account.wrong_sign_in"}
}

func (s *Service) accountByEmail(ctx context.Context, email string) (Account, error) {
	r, err := s.store.RecordByKey(ctx, recordAccount, email)
	if err != nil {
		return Account{}, err
	}
	return decode[Account](r)
}

// openSignIn stores a new sign-in and returns its secret; outside says that the
// account showed who it is at the provider.
func (s *Service) openSignIn(ctx context.Context, account Account, outside bool) (string, error) {
	csrf, err := s.newID()
	if err != nil {
		return "", err
	}
	now := s.moment()
	secret, err := s.keepSignIn(ctx, SignIn{Account: account.ID, CSRF: csrf, Opened: now, Used: now.Truncate(usedTo), Ends: now.Add(signInLife), Rights: account.rights(), Outside: outside})
	if err != nil {
		return "", err
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordSignIn, now)
	return secret, err
}

// keepSignIn stores v under a new secret.
func (s *Service) keepSignIn(ctx context.Context, v SignIn) (string, error) {
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	return secret, s.putSignIn(ctx, hashSecret(secret), 0, v)
}

func (s *Service) putSignIn(ctx context.Context, id string, revision int64, v SignIn) error {
	record, err := encode(recordSignIn, id, string(v.Account), "", v.Ends, revision, v)
	if err != nil {
		return err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return fmt.Errorf("storing a sign-in: %w", err)
	}
	return nil
}

// SignedIn returns the account and sign-in of a cookie. KindUnauthenticated if it
// is unknown or has ended.
func (s *Service) SignedIn(ctx context.Context, secret string) (Account, SignIn, error) {
	signIn, err := s.signInOf(ctx, secret)
	if err != nil {
		return Account{}, signIn, err
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(signIn.Account))
	if kindOfNil(err) == KindNotFound || err == nil && account.Inactive {
		return Account{}, signIn, signInAgain(err)
	}
	if err != nil {
		return Account{}, signIn, err
	}
	return account.shown(), signIn, s.touch(ctx, signIn)
}

// signInOf is the open sign-in of a secret.
func (s *Service) signInOf(ctx context.Context, secret string) (SignIn, error) {
	signIn, err := readRecord[SignIn](ctx, s.store, recordSignIn, hashSecret(secret))
	if err != nil && KindOf(err) != KindNotFound {
		return signIn, err
	}
	signIn.ID = hashSecret(secret)
	if err != nil || !s.now().Before(signIn.Ends) || !s.now().Before(signIn.Used.Add(signInIdle)) {
		return signIn, signInAgain(err)
	}
	return signIn, nil
}

func signInAgain(cause error) error {
	return &Error{Kind: KindUnauthenticated, Key: "account.sign_in", Err: cause}
}

// touch keeps the hour of the last use: one write in an hour. Whoever comes second
// finds it done.
func (s *Service) touch(ctx context.Context, v SignIn) error {
	hour := s.moment().Truncate(usedTo)
	if !hour.After(v.Used) {
		return nil
	}
	v.Used = hour
	err := s.putSignIn(ctx, v.ID, v.Revision, v)
	if kind := kindOfNil(err); kind == KindConflict || kind == KindNotFound {
		return nil
	}
	return err
}

// SignOut ends a sign-in.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	if err := s.Audit(ctx, "", "account.signed_out", ""); err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordSignIn, hashSecret(secret))
}

// ConfirmPassword asks the account that acts for its password again, before what
// cannot be taken back. KindInvalid at "password": it is wrong. KindThrottled.
func (s *Service) ConfirmPassword(ctx context.Context, password string) error {
	actor, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	try, err := s.throttle(ctx, "password of "+string(actor.ID), triesPerDevice)
	if err != nil {
		return err
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(actor.ID))
	if err != nil {
		return err
	}
	matches, err := passwordMatches(ctx, account.Password, password)
	if err != nil {
		return err
	}
	if !matches {
		return invalid("password", "account.wrong_password")
	}
	return s.store.DeleteRecord(ctx, recordThrottle, try)
}
