package surveys

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// replacedStays is how long a secret works after it was replaced, for what the
// browser had asked already.
const replacedStays = time.Minute

// SignIns lists the open sign-ins of the account that acts, the newest first.
func (s *Service) SignIns(ctx context.Context) ([]SignIn, error) {
	account, err := requirePerson(ctx)
	if err != nil {
		return nil, err
	}
	return s.signInsOf(ctx, account.ID)
}

func (s *Service) signInsOf(ctx context.Context, id AccountID) ([]SignIn, error) {
	var all []SignIn
	for r, err := range s.store.Records(ctx, recordSignIn, string(id)) {
		if err != nil {
			return nil, fmt.Errorf("listing sign-ins: %w", err)
		}
		v, err := decode[SignIn](r)
		if err != nil {
			return nil, err
		}
		v.ID = r.ID
		if !v.Replaced && s.now().Before(v.Ends) && s.now().Before(v.Used.Add(signInIdle)) {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(a, b SignIn) int { return cmp.Or(b.Opened.Compare(a.Opened), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// EndSignIn ends one sign-in of the account that acts.
func (s *Service) EndSignIn(ctx context.Context, id string) error {
	all, err := s.SignIns(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(v SignIn) bool { return v.ID == id }) {
		return notFound("account.no_sign_in")
	}
	if err := s.Audit(ctx, "", "account.sign_in_ended", ""); err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordSignIn, id)
}

// EndOtherSignIns ends every sign-in of the account that acts but the one of
// secret, and forgets the browsers that were known. It returns the secret under
// which that one goes on.
func (s *Service) EndOtherSignIns(ctx context.Context, secret string) (string, error) {
	account, err := requirePerson(ctx)
	if err != nil {
		return "", err
	}
	next, err := s.rotateOthers(ctx, account.ID, secret)
	if err != nil {
		return "", err
	}
	return next, s.Audit(ctx, "", "account.sign_ins_ended", "")
}

// rotateOthers gives the sign-in of secret a new secret and ends all others.
func (s *Service) rotateOthers(ctx context.Context, id AccountID, secret string) (string, error) {
	v, err := s.signInOf(ctx, secret)
	if err != nil {
		return "", err
	}
	if v.Account != id {
		return "", signInAgain(nil)
	}
	if err := s.endSignIns(ctx, id); err != nil {
		return "", err
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
	if err != nil {
		return "", err
	}
	v.Rights, v.Replaced = account.rights(), false
	return s.keepSignIn(ctx, v)
}

// endSignIns ends every sign-in of an account, open or waiting, and forgets the
// browsers that it signed in with.
func (s *Service) endSignIns(ctx context.Context, id AccountID) error {
	for _, kind := range []RecordKind{recordSignIn, recordPending, recordDevice} {
		if err := s.deleteScope(ctx, kind, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// Renew gives a sign-in a new secret once what its account may has changed, and ""
// while it has not. The old secret works a minute longer, for what was asked with
// it already; the forms that are open stay good. Of two at once one renews.
func (s *Service) Renew(ctx context.Context, account Account, v SignIn) (string, error) {
	if v.Replaced || v.Rights == account.rights() {
		return "", nil
	}
	old := v
	old.Replaced, old.Ends = true, s.moment().Add(replacedStays)
	err := s.putSignIn(ctx, v.ID, v.Revision, old)
	if kind := kindOfNil(err); kind == KindConflict || kind == KindNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	v.Rights = account.rights()
	return s.keepSignIn(ctx, v)
}
