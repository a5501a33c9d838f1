package surveys

import (
	"context"
	"errors"
	"strings"
)

// ChangePassword gives the account that acts another password. The old one is asked,
// all other sign-ins end, and secret's goes on under the secret that it returns.
func (s *Service) ChangePassword(ctx context.Context, secret, old, password string) (string, error) {
	actor, err := requirePerson(ctx)
	if err != nil {
		return "", err
	}
	hash, err := s.newPassword(password, actor)
	if err != nil {
		return "", err
	}
	if err := s.ConfirmPassword(ctx, old); err != nil {
		return "", atField(err, "old")
	}
	if old == password {
		return "", invalid("password", "account.same_password")
	}
	_, err = s.changeAccount(ctx, actor.ID, func(a *Account) error {
		a.Password = hash
		return nil
	})
	if err != nil {
		return "", err
	}
	if err := s.deleteScope(ctx, recordReset, string(actor.ID)); err != nil {
		return "", err
	}
	next, err := s.rotateOthers(ctx, actor.ID, secret)
	if err != nil {
		return "", err
	}
	return next, s.Audit(ctx, "", "account.password_changed", "")
}

// atField puts what is invalid at another field.
func atField(err error, field string) error {
	var e *Error
	if errors.As(err, &e) && e.Kind == KindInvalid {
		placed := *e
		placed.Field = field
		return &placed
	}
	return err
}

// ChangeName gives the account that acts another name.
func (s *Service) ChangeName(ctx context.Context, name string) error {
	actor, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	_, err = s.changeAccount(ctx, actor.ID, func(a *Account) error {
		a.Name = strings.TrimSpace(name)
		return check(*a)
	})
	if err != nil {
		return err
	}
	return s.Audit(ctx, "", "account.renamed", "")
}

// ChangeAddress gives the account that acts another e-mail address, with which it
// signs in from then on. Its password is asked. KindConflict at "email": the address
// has an account.
func (s *Service) ChangeAddress(ctx context.Context, email, password string) error {
	actor, err := requirePerson(ctx)
	if err != nil {
		return err
	}
	if err := s.ConfirmPassword(ctx, password); err != nil {
		return err
	}
	if err := s.moveAccount(ctx, actor.ID, strings.ToLower(strings.TrimSpace(email))); err != nil {
		return err
	}
	return s.Audit(ctx, "", "account.address_changed", "")
}

// moveAccount stores an account under another address; the unique index decides
// whether it is free.
func (s *Service) moveAccount(ctx context.Context, id AccountID, email string) error {
	for range tries {
		r, err := s.store.Record(ctx, recordAccount, string(id))
		if err != nil {
			return err
		}
		a, err := decode[Account](r)
		if err != nil {
			return err
		}
		a.Email = email
		if err := check(a); err != nil {
			return err
		}
		next, err := encode(recordAccount, r.ID, r.Scope, email, r.At, r.Revision, a)
		if err != nil {
			return err
		}
		if _, err = s.store.PutRecord(ctx, next); kindOfNil(err) != KindConflict {
			return err
		}
		if other, err := s.accountByEmail(ctx, email); err == nil && other.ID != id {
			return &Error{Kind: KindConflict, Key: "account.exists", Field: "email"}
		}
	}
	return &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}
