package surveys

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// How long a link for a new password works: one that an owner hands over, and one
// that was asked for by whoever knew the address.
const (
	resetByOwner = 24 * time.Hour
	resetByMail  = time.Hour
)

// asksPerNetwork is how many links one network may ask for in the window.
const asksPerNetwork = 10

// reset is a one-time link for a new password.
type reset struct {
	Account AccountID `json:"account"`
	Ends    time.Time `json:"ends"`
}

// MakeReset returns the secret of a one-time link with which an account gets a new
// password, for an owner to hand over. A second factor stays as it is.
func (s *Service) MakeReset(ctx context.Context, id AccountID) (string, error) {
	if _, err := requireOwnerPerson(ctx); err != nil {
		return "", err
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
	if err != nil {
		return "", orNotFound(err, "account.unknown")
	}
	if account.Inactive {
		return "", &Error{Kind: KindConflict, Key: "account.is_inactive"}
	}
	secret, err := s.keepReset(ctx, id, resetByOwner)
	if err != nil {
		return "", err
	}
	return secret, s.Audit(ctx, "", "account.reset_made", string(id))
}

// keepReset stores a link. Those before it work no more.
func (s *Service) keepReset(ctx context.Context, id AccountID, life time.Duration) (string, error) {
	if err := s.deleteScope(ctx, recordReset, string(id)); err != nil {
		return "", err
	}
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	ends := s.moment().Add(life)
	record, err := encode(recordReset, hashSecret(secret), string(id), "", ends, 0, reset{id, ends})
	if err != nil {
		return "", err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return "", fmt.Errorf("keeping a link for a new password: %w", err)
	}
	return secret, nil
}

// forgotten is an address for which somebody asked for a link, until the chore has
// looked whether anybody has it.
type forgotten struct {
	Email string `json:"email" validate:"required,email,max=254"`
}

// AskReset asks for a link by e-mail. Whether the address has an account is looked
// up later, by a chore: the answer, and the time it takes, are the same. Asking
// again within the hour is one asking. KindThrottled: too many from one network.
func (s *Service) AskReset(ctx context.Context, email, network string) error {
	if _, err := s.throttle(ctx, "link asked from "+network, asksPerNetwork); err != nil {
		return err
	}
	email = strings.ToLower(strings.TrimSpace(email))
	if err := check(forgotten{email}); err != nil {
		return err
	}
	id := idOf("forgotten", email, s.moment().Truncate(time.Hour).Format(time.RFC3339))
	_, err := s.put(ctx, recordForgotten, id, "", "", 0, forgotten{email})
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

// SendResets sends the links that were asked for, once an hour for each account.
func (s *Service) SendResets(ctx context.Context) error {
	if !s.WritesStaff() {
		return nil
	}
	var all []Record
	for r, err := range s.store.Records(ctx, recordForgotten, "") {
		if err != nil {
			return fmt.Errorf("listing who asked for a link: %w", err)
		}
		all = append(all, r)
	}
	var failed error
	for _, r := range all {
		failed = errors.Join(failed, s.writeReset(ctx, r))
	}
	return failed
}

func (s *Service) writeReset(ctx context.Context, r Record) error {
	asked, err := decode[forgotten](r)
	if err != nil {
		return err
	}
	account, err := s.accountByEmail(ctx, asked.Email)
	if err != nil && kindOfNil(err) != KindNotFound {
		return err
	}
	if err != nil || account.Inactive || account.Password == "" {
		return s.store.DeleteRecord(ctx, recordForgotten, r.ID)
	}
	hour := s.moment().Truncate(time.Hour)
	first, err := s.once(ctx, "reset of "+string(account.ID)+"@"+hour.Format(time.RFC3339), hour.Add(2*time.Hour))
	if err != nil || !first {
		return errors.Join(err, s.store.DeleteRecord(ctx, recordForgotten, r.ID))
	}
	secret, err := s.keepReset(ctx, account.ID, resetByMail)
	if err != nil {
		return err
	}
	err = s.alert(ctx, Alert{
		ID: "reset " + hashSecret(secret), To: account.ID, Subject: "A new password for Soundings",
		Body: "Somebody asked for a new password for your account. If it was you, choose one within an hour; the link works once. If it was not, there is nothing to do.",
		Path: "/reset/" + secret,
	})
	if err != nil {
		return err
	}
	if err := s.Audit(ctx, "", "account.reset_asked", string(account.ID)); err != nil {
		return err
	}
	return s.store.DeleteRecord(ctx, recordForgotten, r.ID)
}

// ResetOpen fails with KindNotFound if a link for a new password works no more.
func (s *Service) ResetOpen(ctx context.Context, secret string) error {
	_, err := s.resetOf(ctx, secret)
	return err
}

func (s *Service) resetOf(ctx context.Context, secret string) (Account, error) {
	r, err := readRecord[reset](ctx, s.store, recordReset, hashSecret(secret))
	if err != nil {
		return Account{}, orNotFound(err, "account.reset_used")
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(r.Account))
	if err != nil {
		return account, orNotFound(err, "account.reset_used")
	}
	if account.Inactive || !s.now().Before(r.Ends) {
		return account, notFound("account.reset_used")
	}
	return account, nil
}

// Reset gives the account of a link a new password, ends all its sign-ins, and goes
// on as after a password. Of two who use the link at once one does.
func (s *Service) Reset(ctx context.Context, secret, password string, from Visitor) (SignInStep, error) {
	account, err := s.resetOf(ctx, secret)
	if err != nil {
		return SignInStep{}, err
	}
	hash, err := s.newPassword(password, account)
	if err != nil {
		return SignInStep{}, err
	}
	first, err := s.once(ctx, "reset "+hashSecret(secret), s.moment().Add(2*resetByOwner))
	if err != nil {
		return SignInStep{}, err
	}
	if !first {
		return SignInStep{}, notFound("account.reset_used")
	}
	if account, err = s.setPassword(ctx, account.ID, hash); err != nil {
		return SignInStep{}, err
	}
	if err := s.Audit(WithAccount(ctx, account), "", "account.password_reset", ""); err != nil {
		return SignInStep{}, err
	}
	return s.signInStep(ctx, account, from)
}

// newPassword is the hash of a password that account may have.
func (s *Service) newPassword(password string, account Account) (string, error) {
	if err := checkPassword(password, account.Name, account.Email); err != nil {
		return "", err
	}
	return HashPassword(s.random, password)
}

// setPassword stores a password and ends what was open under the old one.
func (s *Service) setPassword(ctx context.Context, id AccountID, hash string) (Account, error) {
	account, err := s.changeAccount(ctx, id, func(a *Account) error {
		a.Password = hash
		return nil
	})
	if err != nil {
		return account, err
	}
	if err := s.deleteScope(ctx, recordReset, string(id)); err != nil {
		return account, err
	}
	return account, s.endSignIns(ctx, id)
}

// forgetEnded removes invitations, links and API tokens that have run out.
func (s *Service) forgetEnded(ctx context.Context) error {
	for _, kind := range []RecordKind{recordInvitation, recordReset, recordSignIn, recordPending, recordDevice} {
		if _, err := s.store.DeleteRecordsBefore(ctx, kind, s.moment()); err != nil {
			return err
		}
	}
	if _, err := s.store.DeleteRecordsBefore(ctx, recordForgotten, s.moment().Add(-24*time.Hour)); err != nil {
		return err
	}
	return s.forgetEndedTokens(ctx)
}
