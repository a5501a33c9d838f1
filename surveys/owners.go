package surveys

import (
	"context"
	"fmt"
	"slices"
)

// ownersID is the one record that says who the active owners are. Every change of
// who is one goes through it by compare-and-set, so that of two who step down at
// once one is refused. It may know of one owner too few, after a crash between two
// writes, never of one too many.
const ownersID = "owners"

// owners is that record.
type owners struct {
	Accounts []AccountID `json:"accounts"`
}

// ensureOwners makes the record from the accounts, where there is none yet.
func (s *Service) ensureOwners(ctx context.Context) error {
	_, err := s.store.Record(ctx, recordOwners, ownersID)
	if kindOfNil(err) != KindNotFound {
		return err
	}
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return err
	}
	var first owners
	for _, a := range accounts {
		if a.Owner && !a.Inactive {
			first.Accounts = append(first.Accounts, a.ID)
		}
	}
	if _, err = s.put(ctx, recordOwners, ownersID, "", "", 0, first); kindOfNil(err) == KindConflict {
		return nil // another made it meanwhile
	}
	return err
}

// leaveOwners takes an account off the record. KindInvalid: it is the last.
func (s *Service) leaveOwners(ctx context.Context, id AccountID) error {
	return s.changeOwners(ctx, func(o *owners) error {
		left := slices.DeleteFunc(slices.Clone(o.Accounts), func(other AccountID) bool { return other == id })
		if len(left) == 0 {
			return invalid("owner", "account.last_owner")
		}
		o.Accounts = left
		return nil
	})
}

// joinOwners puts an account on the record, which is an owner already.
func (s *Service) joinOwners(ctx context.Context, id AccountID) error {
	return s.changeOwners(ctx, func(o *owners) error {
		if !slices.Contains(o.Accounts, id) {
			o.Accounts = append(o.Accounts, id)
		}
		return nil
	})
}

func (s *Service) changeOwners(ctx context.Context, edit func(*owners) error) error {
	if err := s.ensureOwners(ctx); err != nil {
		return err
	}
	_, err := change(ctx, s, recordOwners, ownersID, edit)
	return err
}

// setOwner makes an account an owner, or takes that away; the last one stays.
func (s *Service) setOwner(ctx context.Context, id AccountID, owner bool) error {
	if !owner {
		if err := s.leaveOwners(ctx, id); err != nil {
			return err
		}
	}
	account, err := s.changeAccount(ctx, id, func(a *Account) error {
		a.Owner = owner
		return nil
	})
	if err != nil || !owner || account.Inactive {
		return err
	}
	return s.joinOwners(ctx, id)
}

// changeAccount changes what is stored of an account, by compare-and-set. Its
// address is changed by changeAddress.
func (s *Service) changeAccount(ctx context.Context, id AccountID, edit func(*Account) error) (Account, error) {
	a, err := change(ctx, s, recordAccount, string(id), edit)
	if err != nil {
		return a, fmt.Errorf("changing account %s: %w", id, err)
	}
	return a, nil
}
