package surveys

import (
	"context"
	"errors"
	"strings"
)

// Rescue returns the secret of a one-time link with which an account gets a new
// password: for whoever runs the program on its machine, and so holds the store anyway,
// when no owner can get in. The trail names the program itself. KindNotFound: nobody
// has the address.
func (s *Service) Rescue(ctx context.Context, email string) (string, error) {
	account, err := s.accountByEmail(ctx, strings.ToLower(strings.TrimSpace(email)))
	if err != nil {
		return "", orNotFound(err, "account.unknown")
	}
	if account.Inactive {
		return "", &Error{Kind: KindConflict, Key: "account.is_inactive"}
	}
	secret, err := s.keepReset(ctx, account.ID, resetByOwner)
	return secret, errors.Join(err, s.Audit(ctx, "", "account.rescued", string(account.ID)))
}
