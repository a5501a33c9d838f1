package surveys

import (
	"context"
	"time"

	"soundings/surveys/totp"
)

// factorSetUpLife is how long a second factor may take to set up: to find the
// phone, fetch an app and read the code off it.
const factorSetUpLife = 30 * time.Minute

// freshSignIn is how old a sign-in may be to stand for a password that an account
// which signs in elsewhere does not have.
const freshSignIn = 15 * time.Minute

// factorSetUp is a second factor that is not confirmed yet.
type factorSetUp struct {
	Secret []byte    `json:"secret"`
	Sealed bool      `json:"sealed,omitempty"`
	Ends   time.Time `json:"ends"`
}

// confirmSelf makes sure that it is the account that acts which asks for a change
// of how it signs in: by its password, or, if it has none, by having signed in just
// now. secret is that of the sign-in.
func (s *Service) confirmSelf(ctx context.Context, secret, password string) (Account, error) {
	acting, err := requirePerson(ctx)
	if err != nil {
		return acting, err
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(acting.ID))
	if err != nil {
		return account, err
	}
	if account.Password != "" {
		return account, s.ConfirmPassword(ctx, password)
	}
	signIn, err := s.signInOf(ctx, secret)
	if err != nil {
		return account, err
	}
	if signIn.Account != account.ID || s.now().Sub(signIn.Opened) > freshSignIn {
		return account, &Error{Kind: KindInvalid, Key: "factor.sign_in_again"}
	}
	return account, nil
}

// BeginFactor draws the secret of a second factor for the account that acts. It
// asks for nothing until ConfirmFactor.
func (s *Service) BeginFactor(ctx context.Context, secret, password string) error {
	account, err := s.confirmSelf(ctx, secret, password)
	if err != nil {
		return err
	}
	drawn, err := totp.NewSecret(s.random)
	if err != nil {
		return err
	}
	set := factorSetUp{Ends: s.moment().Add(factorSetUpLife)}
	if set.Secret, set.Sealed, err = s.sealFactor(ctx, account.ID, drawn); err != nil {
		return err
	}
	if _, err := s.store.DeleteRecordsBefore(ctx, recordFactorSetUp, s.moment()); err != nil {
		return err
	}
	if err := s.store.DeleteRecord(ctx, recordFactorSetUp, string(account.ID)); err != nil {
		return err
	}
	record, err := encode(recordFactorSetUp, string(account.ID), string(account.ID), "", set.Ends, 0, set)
	if err != nil {
		return err
	}
	_, err = s.store.PutRecord(ctx, record)
	return orConflict(err, "", "record.changed_meanwhile")
}

// FactorBegun is the secret of the second factor that the account that acts is
// setting up. KindNotFound: it is not, or took too long.
func (s *Service) FactorBegun(ctx context.Context) (totp.Secret, error) {
	account, err := requirePerson(ctx)
	if err != nil {
		return nil, err
	}
	set, err := readRecord[factorSetUp](ctx, s.store, recordFactorSetUp, string(account.ID))
	if err != nil {
		return nil, orNotFound(err, "factor.begin_again")
	}
	if !s.now().Before(set.Ends) {
		return nil, notFound("factor.begin_again")
	}
	return s.openFactor(ctx, account.ID, set.Secret, set.Sealed)
}

// DropFactorBegun gives up setting one up.
func (s *Service) DropFactorBegun(ctx context.Context) error {
	account, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordFactorSetUp, string(account.ID))
}

// ConfirmFactor gives the account that acts the second factor that it was setting
// up, once its app shows the right code; the one there was works no more, and every
// other sign-in ends. It returns ten recovery codes, shown once, and the secret under
// which the sign-in goes on.
func (s *Service) ConfirmFactor(ctx context.Context, secret, code string) (codes []string, next string, err error) {
	drawn, err := s.FactorBegun(ctx)
	if err != nil {
		return nil, "", err
	}
	account, _ := AccountFrom(ctx)
	try, err := s.throttle(ctx, "factor of "+string(account.ID), triesPerFactor)
	if err != nil {
		return nil, "", err
	}
	if err := s.takeCode(ctx, account.ID, drawn, code); err != nil {
		return nil, "", err
	}
	if err := s.store.DeleteRecord(ctx, recordThrottle, try); err != nil {
		return nil, "", err
	}
	if codes, err = s.keepFactor(ctx, account.ID, drawn); err != nil {
		return nil, "", err
	}
	if err := s.Audit(ctx, "", "factor.set_up", ""); err != nil {
		return nil, "", err
	}
	next, err = s.rotateOthers(ctx, account.ID, secret)
	return codes, next, err
}

// keepFactor stores a second factor with new recovery codes, and forgets that it
// was being set up.
func (s *Service) keepFactor(ctx context.Context, id AccountID, drawn totp.Secret) ([]string, error) {
	sealed, isSealed, err := s.sealFactor(ctx, id, drawn)
	if err != nil {
		return nil, err
	}
	shown, kept, err := newRecoveryCodes(s.random, id)
	if err != nil {
		return nil, err
	}
	_, err = s.changeAccount(ctx, id, func(a *Account) error {
		a.Factor = &Factor{Secret: sealed, Sealed: isSealed, Codes: kept, Since: s.moment()}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return shown, s.store.DeleteRecord(ctx, recordFactorSetUp, string(id))
}

// RemoveFactor takes the second factor of the account that acts away, if no rule
// asks for one, and ends every other sign-in.
func (s *Service) RemoveFactor(ctx context.Context, secret, password string) (next string, err error) {
	account, err := s.confirmSelf(ctx, secret, password)
	if err != nil {
		return "", err
	}
	rules, err := s.rules(ctx)
	if err != nil {
		return "", err
	}
	if rules.Factor && account.withGroups().ReadsAnswers() {
		return "", invalid("", "factor.required")
	}
	if err := s.dropFactor(ctx, account.ID); err != nil {
		return "", err
	}
	if err := s.Audit(ctx, "", "factor.removed", ""); err != nil {
		return "", err
	}
	return s.rotateOthers(ctx, account.ID, secret)
}

func (s *Service) dropFactor(ctx context.Context, id AccountID) error {
	_, err := s.changeAccount(ctx, id, func(a *Account) error {
		a.Factor = nil
		return nil
	})
	if err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordFactorSetUp, string(id))
}

// AccountWithFactor is another account that has a second factor; an owner may see
// it. KindNotFound: it has none, or there is no such account.
func (s *Service) AccountWithFactor(ctx context.Context, id AccountID) (Account, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return Account{}, err
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
	if err != nil {
		return account, orNotFound(err, "account.unknown")
	}
	if account.Factor == nil {
		return account, notFound("factor.none")
	}
	return account.shown(), nil
}

// TakeFactor takes the second factor of another account away, whose phone is lost;
// an owner may, with the password again. Every sign-in of that account ends, and it
// is written to.
func (s *Service) TakeFactor(ctx context.Context, id AccountID, secret, password string) error {
	if _, err := s.AccountWithFactor(ctx, id); err != nil {
		return err
	}
	acting, err := s.confirmSelf(ctx, secret, password)
	if err != nil {
		return err
	}
	if acting.ID == id {
		return invalid("", "factor.own")
	}
	if err := s.Audit(ctx, "", "factor.taken_away", string(id)); err != nil {
		return err
	}
	if err := s.dropFactor(ctx, id); err != nil {
		return err
	}
	if err := s.endSignIns(ctx, id); err != nil {
		return err
	}
	return s.alertOfFactor(ctx, id, "taken away", "An owner has taken the second factor of your account away. If you did not ask for that, tell them at once.")
}

// alertOfFactor writes to an account that something changed about how it signs in.
func (s *Service) alertOfFactor(ctx context.Context, id AccountID, what, body string) error {
	about := "factor " + what + " " + string(id) + " " + s.moment().Format(time.DateOnly)
	return s.alert(ctx, Alert{ID: idOf(about), To: id, Subject: "Your second factor", Body: body, Path: "/account"})
}
