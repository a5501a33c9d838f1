package surveys

import (
	"context"
	"time"
)

// A sign-in waits for its second factor for ten minutes and bears four wrong ones;
// at the fifth it is over, and the password is asked for again.
const (
	pendingLife   = 10 * time.Minute
	pendingMisses = 5
)

// pendingSignIn is a sign-in that waits for a second factor. It opens nothing.
type pendingSignIn struct {
	Account AccountID `json:"account"`
	First   string    `json:"first"` // what was shown already, for the trail
	Ends    time.Time `json:"ends"`
	Misses  int       `json:"misses,omitempty"`
	Over    bool      `json:"over,omitempty"` // used, or missed too often
}

func (s *Service) openPending(ctx context.Context, id AccountID, first string) (string, error) {
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	now := s.moment()
	ends := now.Add(pendingLife)
	record, err := encode(recordPending, hashSecret(secret), string(id), "", ends, 0, pendingSignIn{Account: id, First: first, Ends: ends})
	if err != nil {
		return "", err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return "", err
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordPending, now)
	return secret, err
}

// PendingSignIn is the account whose sign-in waits. KindUnauthenticated: there is
// no such sign-in, or it is over.
func (s *Service) PendingSignIn(ctx context.Context, pending string) (Account, error) {
	p, err := readRecord[pendingSignIn](ctx, s.store, recordPending, hashSecret(pending))
	if err != nil && KindOf(err) != KindNotFound {
		return Account{}, err
	}
	if err != nil || p.Over || !s.now().Before(p.Ends) {
		return Account{}, signInAgain(err)
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(p.Account))
	if kindOfNil(err) == KindNotFound || err == nil && account.Inactive {
		return Account{}, signInAgain(err)
	}
	account.Password = ""
	return account, err
}

// finishPending opens the sign-in that waits, once: of two at once one is let in.
func (s *Service) finishPending(ctx context.Context, pending string, from Visitor, how string) (SignInStep, error) {
	account, err := s.PendingSignIn(ctx, pending)
	if err != nil {
		return SignInStep{}, err
	}
	first := ""
	if err := s.changePending(ctx, pending, func(p *pendingSignIn) { p.Over, first = true, p.First }); err != nil {
		return SignInStep{}, err
	}
	return s.openStep(ctx, account, from, first+"+"+how)
}

// missPending counts a wrong second factor. KindUnauthenticated: it was the last
// that this sign-in bears.
func (s *Service) missPending(ctx context.Context, pending string) error {
	over := false
	err := s.changePending(ctx, pending, func(p *pendingSignIn) {
		p.Misses++
		p.Over = p.Misses >= pendingMisses
		over = p.Over
	})
	if err == nil && over {
		return signInAgain(nil)
	}
	return err
}

func (s *Service) changePending(ctx context.Context, pending string, edit func(*pendingSignIn)) error {
	id := hashSecret(pending)
	for range tries {
		r, err := s.store.Record(ctx, recordPending, id)
		if err != nil {
			return orSignInAgain(err)
		}
		p, err := decode[pendingSignIn](r)
		if err != nil {
			return err
		}
		if p.Over {
			return signInAgain(nil)
		}
		edit(&p)
		next, err := encode(recordPending, id, r.Scope, "", r.At, r.Revision, p)
		if err != nil {
			return err
		}
		if _, err = s.store.PutRecord(ctx, next); kindOfNil(err) != KindConflict {
			return orSignInAgain(err)
		}
	}
	return signInAgain(nil)
}

func orSignInAgain(err error) error {
	if kindOfNil(err) == KindNotFound {
		return signInAgain(err)
	}
	return err
}
