package surveys

import (
	"context"
	"io"
	"slices"
	"strings"
)

// A recovery code is fifteen signs, 31^15 or 74 bits: whoever has the store cannot
// try them all against their hashes, so these need no slow hash.
const (
	recoveryCodes = 10
	recoverySigns = 15
	recoveryGroup = 5
)

// newRecoveryCodes draws ten codes as they are shown, "abcde-fghjk-mnpqr", and their
// hashes as they are kept.
func newRecoveryCodes(random io.Reader, id AccountID) (shown, kept []string, err error) {
	for range recoveryCodes {
		signs, err := drawSigns(random, recoverySigns)
		if err != nil {
			return nil, nil, err
		}
		kept = append(kept, recoveryHash(id, signs))
		shown = append(shown, signs[:recoveryGroup]+"-"+signs[recoveryGroup:2*recoveryGroup]+"-"+signs[2*recoveryGroup:])
	}
	return shown, kept, nil
}

// recoveryHash stands for a code of an account, however it is typed.
func recoveryHash(id AccountID, typed string) string {
	return hashSecret("recovery\x00" + string(id) + "\x00" + strings.ToLower(withoutGaps.Replace(typed)))
}

// useRecoveryCode uses a code of an account up, and reports whether it had that one.
// Of two who use it at once, one has it: the account is changed by compare-and-set.
func (s *Service) useRecoveryCode(ctx context.Context, id AccountID, typed string) (bool, error) {
	hash, had := recoveryHash(id, typed), false
	_, err := s.changeAccount(ctx, id, func(a *Account) error {
		had = false
		if a.Factor == nil {
			return nil
		}
		if i := slices.Index(a.Factor.Codes, hash); i >= 0 {
			a.Factor.Codes, had = slices.Delete(a.Factor.Codes, i, i+1), true
		}
		return nil
	})
	return had, err
}

// NewRecoveryCodes makes the recovery codes of the account that acts anew; those
// there were work no more. They are shown once.
func (s *Service) NewRecoveryCodes(ctx context.Context, secret, password string) ([]string, error) {
	account, err := s.confirmSelf(ctx, secret, password)
	if err != nil {
		return nil, err
	}
	shown, kept, err := newRecoveryCodes(s.random, account.ID)
	if err != nil {
		return nil, err
	}
	_, err = s.changeAccount(ctx, account.ID, func(a *Account) error {
		if a.Factor == nil {
			return notFound("factor.none")
		}
		a.Factor.Codes = kept
		return nil
	})
	if err != nil {
		return nil, err
	}
	return shown, s.Audit(ctx, "", "factor.codes_made", "")
}
