package surveys

import (
	"context"
	"fmt"
	"time"

	"soundings/surveys/totp"
)

// triesPerFactor is how many wrong codes an account bears in a quarter of an hour.
// Only who has its password can try one, so no stranger can use them up. A guess is
// right three times in a million: who guesses all day gets in once in two years.
const triesPerFactor = 5

// claimFactor is how long a step is remembered that a code was taken for: longer than
// it works, since the clocks of instances differ.
const claimFactor = totp.Life + 10*time.Minute

// SecondFactor goes on with a sign-in that waits: typed is a code of the app, or one
// of the recovery codes. KindInvalid: it is wrong, or was used before.
// KindUnauthenticated: it was wrong too often, or the sign-in waits no more.
// KindThrottled: too many wrong ones in a quarter of an hour.
func (s *Service) SecondFactor(ctx context.Context, pending, typed string, from Visitor) (SignInStep, error) {
	account, err := s.PendingSignIn(ctx, pending)
	if err != nil {
		return SignInStep{}, err
	}
	if account.Factor == nil { // taken away meanwhile: the password alone does not do for a sign-in that began with one
		return SignInStep{}, signInAgain(nil)
	}
	try, err := s.throttle(ctx, "factor of "+string(account.ID), triesPerFactor)
	if kindOfNil(err) == KindThrottled {
		return SignInStep{}, s.tellOfGuesses(ctx, account.ID, err)
	}
	if err != nil {
		return SignInStep{}, err
	}
	how, err := s.checkFactor(ctx, account, typed)
	if kindOfNil(err) == KindInvalid {
		return SignInStep{}, s.refuseFactor(ctx, account, pending, err)
	}
	if err != nil {
		return SignInStep{}, err
	}
	if err := s.store.DeleteRecord(ctx, recordThrottle, try); err != nil {
		return SignInStep{}, err
	}
	return s.finishPending(ctx, pending, from, how)
}

// checkFactor takes a code of the app or a recovery code, and says which it was.
func (s *Service) checkFactor(ctx context.Context, account Account, typed string) (how string, err error) {
	if totp.LooksLikeCode(typed) {
		secret, err := s.openFactor(ctx, account.ID, account.Factor.Secret, account.Factor.Sealed)
		if err != nil {
			return "", err
		}
		return "totp", s.takeCode(ctx, account.ID, secret, typed)
	}
	had, err := s.useRecoveryCode(ctx, account.ID, typed)
	if err != nil {
		return "", err
	}
	if !had {
		return "", invalid("code", "factor.wrong_code")
	}
	if err := s.Audit(WithAccount(ctx, account.shown()), "", "factor.code_used", ""); err != nil {
		return "", err
	}
	return "recovery code", s.alertOfFactor(ctx, account.ID, "code used",
		"A recovery code was used to sign in to your account. If that was not you, change your password and tell an owner at once.")
}

// takeCode takes a code for the step that it is of, once: of all that use it, on any
// instance, one has it (RFC 6238, section 5.2).
func (s *Service) takeCode(ctx context.Context, id AccountID, secret totp.Secret, typed string) error {
	step, ok := secret.Match(typed, s.now())
	if !ok {
		return invalid("code", "factor.wrong_code")
	}
	first, err := s.once(ctx, fmt.Sprintf("code of %s@%d", id, step), s.moment().Add(claimFactor))
	if err == nil && !first {
		return invalid("code", "factor.used_code")
	}
	return err
}

// refuseFactor writes down a wrong code and counts it.
func (s *Service) refuseFactor(ctx context.Context, account Account, pending string, refusal error) error {
	if err := s.Audit(WithAccount(ctx, account.shown()), "", "factor.refused", ""); err != nil {
		return err
	}
	if err := s.missPending(ctx, pending); err != nil {
		return err
	}
	return refusal
}

// tellOfGuesses writes to an account, once a day, that somebody has its password and
// guesses at its codes.
func (s *Service) tellOfGuesses(ctx context.Context, id AccountID, refusal error) error {
	err := s.alertOfFactor(ctx, id, "guessed at", "Somebody who knows your password has typed several wrong codes. If that was not you, change your password now.")
	if err != nil {
		return err
	}
	return refusal
}

// sealFactor hides a secret under the key that addresses are sealed under. Where no
// key is set, as on MongoDB without SOUNDINGS_ADDRESS_KEY, it is kept as it is: a
// second factor that whoever has the store can read is still one for everybody else.
func (s *Service) sealFactor(ctx context.Context, id AccountID, secret totp.Secret) (kept []byte, sealed bool, err error) {
	if s.mail.Key.none() {
		return secret, false, nil
	}
	if err := s.requireAddressKey(ctx); err != nil {
		return nil, false, err
	}
	kept, err = s.mail.Key.seal(s.random, factorOwner(id), secret)
	return kept, true, err
}

// openFactor reads what sealFactor kept.
func (s *Service) openFactor(_ context.Context, id AccountID, kept []byte, sealed bool) (totp.Secret, error) {
	if !sealed {
		return kept, nil
	}
	if s.mail.Key.none() {
		return nil, &Error{Kind: KindConflict, Key: "factor.other_key"}
	}
	secret, err := s.mail.Key.open(factorOwner(id), kept)
	if err != nil {
		return nil, &Error{Kind: KindConflict, Key: "factor.other_key", Err: err}
	}
	return secret, nil
}

func factorOwner(id AccountID) string { return "second factor\x00" + string(id) }

// SealsFactors reports whether secrets of second factors are sealed at rest.
func (s *Service) SealsFactors() bool { return !s.mail.Key.none() }
