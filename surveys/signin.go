package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// signInLife is how long a sign-in lasts, used or not: a working day.
const signInLife = 12 * time.Hour

// The throttle of signing in: tries in a window, for one address signed in to
// and for one network address. It bears an office behind one address.
const (
	throttleWindow  = 15 * time.Minute
	triesPerAccount = 10
	triesPerNetwork = 50
)

// SignIn is one browser's sign-in. Its secret is in the browser's cookie; the
// store holds the hash.
type SignIn struct {
	Account AccountID `json:"account"`
	CSRF    string    `json:"csrf"` // sent back by every form that changes something
	Ends    time.Time `json:"ends"`
}

// hashSecret is how cookies, API tokens and set-up links are stored: SHA-256 is
// enough for 128 random bits.
func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte("soundings secret\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// SignIn checks an address and a password and returns the secret for a cookie.
// network stands for where the try comes from: a keyed hash, never an address.
// KindUnauthenticated: one of the two is wrong, without saying which.
// KindThrottled: too many tries in a quarter of an hour.
func (s *Service) SignIn(ctx context.Context, email, password, network string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	tries, err := s.throttleSignIn(ctx, email, network)
	if err != nil {
		return "", err
	}
	account, err := s.accountByEmail(ctx, email)
	if err != nil && KindOf(err) != KindNotFound {
		return "", err
	}
	stored := account.Password
	if err != nil {
		stored = nobody
	}
	matches, busy := passwordMatches(ctx, stored, password)
	if busy != nil {
		return "", busy
	}
	if !matches || err != nil {
		return "", s.refuseSignIn(ctx, account.ID)
	}
	for _, try := range tries { // what counts is failing
		if err := s.store.DeleteRecord(ctx, recordThrottle, try); err != nil {
			return "", err
		}
	}
	secret, err := s.openSignIn(ctx, account.ID)
	if err != nil {
		return "", err
	}
	return secret, s.Audit(WithAccount(ctx, account), "", "account.signed_in", "")
}

// throttleSignIn counts a try to sign in and returns the ids of its two counts.
func (s *Service) throttleSignIn(ctx context.Context, email, network string) ([]string, error) {
	// The network first: what it may not try any more locks nobody's account.
	one, err := s.throttle(ctx, "sign-in from "+network, triesPerNetwork)
	if err != nil {
		return nil, err
	}
	two, err := s.throttle(ctx, "sign-in of "+hashSecret(email), triesPerAccount)
	return []string{one, two}, err
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

func (s *Service) openSignIn(ctx context.Context, id AccountID) (string, error) {
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	csrf, err := s.newID()
	if err != nil {
		return "", err
	}
	ends := s.moment().Add(signInLife)
	record, err := encode(recordSignIn, hashSecret(secret), string(id), "", ends, 0, SignIn{id, csrf, ends})
	if err != nil {
		return "", err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return "", fmt.Errorf("storing a sign-in: %w", err)
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordSignIn, s.moment())
	return secret, err
}

// SignedIn returns the account and sign-in of a cookie. KindUnauthenticated if it
// is unknown or has ended.
func (s *Service) SignedIn(ctx context.Context, secret string) (Account, SignIn, error) {
	signIn, err := readRecord[SignIn](ctx, s.store, recordSignIn, hashSecret(secret))
	if err != nil && KindOf(err) != KindNotFound {
		return Account{}, signIn, err
	}
	if err != nil || !s.now().Before(signIn.Ends) {
		return Account{}, signIn, &Error{Kind: KindUnauthenticated, Key: "account.sign_in", Err: err}
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(signIn.Account))
	if kindOfNil(err) == KindNotFound {
		return Account{}, signIn, &Error{Kind: KindUnauthenticated, Key: "account.sign_in", Err: err}
	}
	return account.shown(), signIn, err
}

// SignOut ends a sign-in.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	if err := s.Audit(ctx, "", "account.signed_out", ""); err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordSignIn, hashSecret(secret))
}

// throttle counts a try of what and fails with KindThrottled after most tries
// within the window. Each try is a record of its own, so that any number of
// instances count together, and is kept before the others are counted, so that no
// number of tries at once gets past. A try that is turned away is not kept: what
// is counted stays few however many come. It returns the id of the try.
func (s *Service) throttle(ctx context.Context, what string, most int) (string, error) {
	id, err := s.newID()
	if err != nil {
		return "", err
	}
	since := s.moment().Add(-throttleWindow)
	if _, err := s.put(ctx, recordThrottle, id, what, "", 0, struct{}{}); err != nil {
		return "", err
	}
	if _, err := s.store.DeleteRecordsBefore(ctx, recordThrottle, since); err != nil {
		return "", err
	}
	tries, err := s.store.CountRecords(ctx, recordThrottle, what, since)
	if err != nil {
		return "", err
	}
	if tries > most {
		if err := s.store.DeleteRecord(ctx, recordThrottle, id); err != nil {
			return "", err
		}
		return "", tooManyTries()
	}
	return id, nil
}

// mayTry is KindThrottled if as many of what were counted as may be. It counts
// nothing: throttle does, once a try has missed.
func (s *Service) mayTry(ctx context.Context, what string, most int) error {
	n, err := s.store.CountRecords(ctx, recordThrottle, what, s.moment().Add(-throttleWindow))
	if err != nil {
		return err
	}
	if n >= most {
		return tooManyTries()
	}
	return nil
}

func tooManyTries() error {
	return &Error{Kind: KindThrottled, Key: "account.too_many_tries", Args: []any{int(throttleWindow.Minutes())}}
}

// guessesPerNetwork is how many unknown link tokens one network address may try
// in the window: a class of forty that all mistype one three times.
const guessesPerNetwork = 120

// MissedLink counts an unknown link token; KindThrottled once there were too many.
func (s *Service) MissedLink(ctx context.Context, network string) error {
	_, err := s.throttle(ctx, "link from "+network, guessesPerNetwork)
	return err
}

// startsPerNetwork is how many responses one network address may begin in the
// window: a school of six hundred, each of whom begins once.
const startsPerNetwork = 600

// Started counts a response that is about to begin on the server, where it stays
// whether or not it is ever sent; KindThrottled once there were too many.
func (s *Service) Started(ctx context.Context, network string) error {
	_, err := s.throttle(ctx, "start from "+network, startsPerNetwork)
	return err
}

// NetworkMark stands for a network address in the throttle: its hash under a key
// that is drawn anew each day and then deleted, so that no mark can be traced
// back, nor compared with another day's.
func (s *Service) NetworkMark(ctx context.Context, address string) (string, error) {
	day := s.moment().Format(time.DateOnly)
	key, ok := s.cache.dayKeys.get(day, time.Time{})
	if !ok {
		var err error
		if key, err = s.dayKey(ctx, day); err != nil {
			return "", err
		}
		s.cache.dayKeys.putOnly(day, key, s.now())
	}
	return hashSecret(key + "\x00" + address), nil
}

// dayKey draws the key of the day, or reads the one that another instance drew.
func (s *Service) dayKey(ctx context.Context, day string) (string, error) {
	key, err := s.newID()
	if err != nil {
		return "", err
	}
	_, err = s.put(ctx, recordDayKey, day, "", "", 0, key)
	if kindOfNil(err) == KindConflict {
		return readRecord[string](ctx, s.store, recordDayKey, day)
	}
	if err != nil {
		return "", err
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordDayKey, s.moment().Truncate(24*time.Hour))
	return key, err
}
