package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"soundings/surveys"
)

// runAccount prints a link by which somebody gets in again who cannot: the way for an
// owner who forgot the password where no letters are sent.
func runAccount(ctx context.Context, c config, out io.Writer) (err error) {
	if c.email == "" {
		return errors.New("say whose account it is: -email owner@example.org")
	}
	if err := refusePending(ctx, c); err != nil {
		return err
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, store)
	secret, err := surveys.NewService(store, time.Now, rand.Reader).Rescue(ctx, c.email)
	switch surveys.KindOf(err) {
	case surveys.KindNotFound:
		return fmt.Errorf("nobody has an account with %s: look for another spelling, or ask an owner for an invitation", c.email)
	case surveys.KindConflict:
		return fmt.Errorf("the account of %s was closed: another owner can open it again on the page Accounts", c.email)
	}
	if err != nil {
		return err
	}
	base := cmp.Or(c.baseURL, demoBase(c.listen))
	_, err = fmt.Fprintf(out, "With this link %s chooses a new password; it works once, until tomorrow:\n  %s/reset/%s\nA second factor stays as it is.\n",
		strings.ToLower(c.email), base, secret)
	return err
}
