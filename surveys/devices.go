package surveys

import (
	"context"
	"time"
)

// deviceLife is how long a browser stays known after it last signed in.
const deviceLife = 180 * 24 * time.Hour

// device is a browser in which an account has signed in. It opens nothing: what
// others try for the account does not slow it down.
type device struct {
	Account AccountID `json:"account"`
	Ends    time.Time `json:"ends"`
}

// knowDevice makes a browser known and returns the secret of its cookie. One that
// was known keeps its place under a new secret.
func (s *Service) knowDevice(ctx context.Context, id AccountID, old string) (string, error) {
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	now := s.moment()
	ends := now.Add(deviceLife)
	record, err := encode(recordDevice, hashSecret(secret), string(id), "", ends, 0, device{id, ends})
	if err != nil {
		return "", err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return "", err
	}
	if old != "" {
		if err := s.dropDevice(ctx, id, old); err != nil {
			return "", err
		}
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordDevice, now)
	return secret, err
}

// dropDevice forgets a browser of this account; another account's stays.
func (s *Service) dropDevice(ctx context.Context, id AccountID, secret string) error {
	d, err := readRecord[device](ctx, s.store, recordDevice, hashSecret(secret))
	if kindOfNil(err) == KindNotFound || err == nil && d.Account != id {
		return nil
	}
	if err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordDevice, hashSecret(secret))
}

// knownDevice reports whether a browser has signed in to the account of an address
// before. For an address that nobody has it reads as much.
func (s *Service) knownDevice(ctx context.Context, email, secret string) (bool, error) {
	if secret == "" {
		return false, nil
	}
	d, err := readRecord[device](ctx, s.store, recordDevice, hashSecret(secret))
	if kindOfNil(err) == KindNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	account, err := s.accountByEmail(ctx, email)
	if kindOfNil(err) == KindNotFound {
		return false, nil
	}
	return err == nil && account.ID == d.Account && s.now().Before(d.Ends), err
}
