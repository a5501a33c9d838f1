package surveys

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// invitationLife is how long the link of an invitation works.
const invitationLife = 7 * 24 * time.Hour

// StaffInvitation lets somebody make an account of their own, with a password that only
// they know, or take roles with the one they have. Its link is shown once and works
// once.
type StaffInvitation struct {
	ID        string      `json:"-"` // the hash of its secret
	Name      string      `json:"name" validate:"required,max=200,line"`
	Email     string      `json:"email" validate:"required,email,max=254"`
	Owner     bool        `json:"owner,omitempty"`     // only without a programme
	Programme ProgrammeID `json:"programme,omitempty"` // "": to the installation
	Roles     []Role      `json:"roles,omitempty"`     // in the programme
	By        AccountID   `json:"by"`
	Made      time.Time   `json:"made"`
	Ends      time.Time   `json:"ends"`
}

// Invite keeps an invitation and returns the secret of its link. Owners invite to
// the installation, administrators into their programme. Inviting an address again
// replaces the link before. It tells nobody whether the address has an account.
func (s *Service) Invite(ctx context.Context, in StaffInvitation) (string, error) {
	actor, err := s.mayInvite(ctx, in.Programme)
	if err != nil {
		return "", err
	}
	tidy(&in.Name, &in.Email)
	in.Email, in.By = strings.ToLower(in.Email), actor.ID
	if err := checkInvitation(in); err != nil {
		return "", err
	}
	if in.Programme == "" {
		if _, err := s.accountByEmail(ctx, in.Email); kindOfNil(err) != KindNotFound {
			return "", orTaken(err, "email", "account.exists")
		}
	}
	secret, err := s.newID()
	if err != nil {
		return "", err
	}
	in.Made, in.Ends = s.moment(), s.moment().Add(invitationLife)
	if err := s.keepInvitation(ctx, hashSecret(secret), in); err != nil {
		return "", err
	}
	if err := s.writeInvitation(ctx, in, secret); err != nil {
		return "", err
	}
	return secret, s.Audit(ctx, in.Programme, "account.invited", "")
}

// orTaken is err, or without one, since something was found, the refusal of a field.
func orTaken(err error, field, key string) error {
	if err != nil {
		return err
	}
	return invalid(field, key)
}

// mayInvite fails unless the account that acts invites into a programme, or to the
// installation for "".
func (s *Service) mayInvite(ctx context.Context, programme ProgrammeID) (Account, error) {
	if programme == "" {
		return requireOwnerPerson(ctx)
	}
	if _, err := requirePerson(ctx); err != nil {
		return Account{}, err
	}
	return require(ctx, programme, MayManage)
}

func checkInvitation(in StaffInvitation) error {
	if err := check(in); err != nil {
		return err
	}
	if in.Programme == "" {
		in.Roles = nil
		return nil
	}
	if in.Owner || len(in.Roles) == 0 {
		return invalid("roles", "account.no_role")
	}
	return knownRoles(in.Roles)
}

func knownRoles(roles []Role) error {
	for _, role := range roles {
		if !slices.Contains(Roles(), role) {
			return invalid("roles", "account.unknown_role")
		}
	}
	return nil
}

// keepInvitation stores one, in the place of an earlier one for the same address.
func (s *Service) keepInvitation(ctx context.Context, id string, in StaffInvitation) error {
	key := string(in.Programme) + "/" + in.Email
	record, err := encode(recordInvitation, id, string(in.Programme), key, in.Ends, 0, in)
	if err != nil {
		return err
	}
	for range tries {
		if _, err = s.store.PutRecord(ctx, record); kindOfNil(err) != KindConflict {
			break
		}
		old, lookErr := s.store.RecordByKey(ctx, recordInvitation, key)
		if kindOfNil(lookErr) == KindNotFound {
			continue
		}
		if lookErr != nil {
			return lookErr
		}
		if err := s.store.DeleteRecord(ctx, recordInvitation, old.ID); err != nil {
			return err
		}
	}
	if err != nil {
		return fmt.Errorf("keeping an invitation: %w", err)
	}
	return nil
}

// writeInvitation sends the link, if letters can be sent.
func (s *Service) writeInvitation(ctx context.Context, in StaffInvitation, secret string) error {
	if !s.WritesStaff() {
		return nil
	}
	return s.alert(ctx, Alert{
		ID: "invitation " + hashSecret(secret), Email: in.Email, Programme: in.Programme,
		Subject: "Your invitation to Soundings",
		Body:    "You have been invited to work with Soundings. Choose your own password within seven days. The link works once; nobody else needs it.",
		Path:    "/invitation/" + secret,
	})
}

// WritesStaff reports whether letters to staff can be sent, with a link in them.
func (s *Service) WritesStaff() bool { return s.mail.Post != nil && s.mail.Base != "" }

// Invitations lists those that still work, the oldest first.
func (s *Service) Invitations(ctx context.Context, programme ProgrammeID) ([]StaffInvitation, error) {
	if _, err := s.mayInvite(ctx, programme); err != nil {
		return nil, err
	}
	var all []StaffInvitation
	for r, err := range s.store.Records(ctx, recordInvitation, string(programme)) {
		if err != nil {
			return nil, fmt.Errorf("listing invitations: %w", err)
		}
		in, err := decode[StaffInvitation](r)
		if err != nil {
			return nil, err
		}
		if in.ID = r.ID; s.now().Before(in.Ends) {
			all = append(all, in)
		}
	}
	slices.SortStableFunc(all, func(a, b StaffInvitation) int { return a.Made.Compare(b.Made) })
	return all, nil
}

// RevokeInvitation ends one. KindNotFound: it was used, has ended, or is another's.
func (s *Service) RevokeInvitation(ctx context.Context, programme ProgrammeID, id string) error {
	all, err := s.Invitations(ctx, programme)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(in StaffInvitation) bool { return in.ID == id }) {
		return notFound("account.no_invitation")
	}
	if err := s.store.DeleteRecord(ctx, recordInvitation, id); err != nil {
		return err
	}
	if err := s.store.DeleteRecord(ctx, recordAlert, "invitation "+id); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "account.invitation_revoked", "")
}

// InvitationOf is the invitation of a link, and whether its address has an account
// already, which then only takes the roles. KindNotFound: it was used, revoked, has
// run out, or whoever invited may not any more.
func (s *Service) InvitationOf(ctx context.Context, secret string) (in StaffInvitation, has bool, err error) {
	in, err = readRecord[StaffInvitation](ctx, s.store, recordInvitation, hashSecret(secret))
	if err != nil {
		return in, false, orNotFound(err, "account.no_invitation")
	}
	in.ID = hashSecret(secret)
	if !s.now().Before(in.Ends) {
		return in, false, notFound("account.no_invitation")
	}
	host, err := readRecord[Account](ctx, s.store, recordAccount, string(in.By))
	if err != nil {
		return in, false, orNotFound(err, "account.no_invitation")
	}
	if host.Inactive || in.Programme == "" && !host.Owner || in.Programme != "" && !host.May(in.Programme, MayManage) {
		return in, false, notFound("account.no_invitation")
	}
	_, err = s.accountByEmail(ctx, in.Email)
	if kindOfNil(err) == KindNotFound {
		return in, false, nil
	}
	return in, err == nil, err
}

// Accept makes the account of an invitation, or gives its roles to the one there is,
// and goes on as after a password.
func (s *Service) Accept(ctx context.Context, secret, name, password string, from Visitor) (SignInStep, error) {
	in, has, err := s.InvitationOf(ctx, secret)
	if err != nil {
		return SignInStep{}, err
	}
	account, err := s.invited(ctx, in, has, name, password, from)
	if err != nil {
		return SignInStep{}, err
	}
	if len(in.Roles) > 0 {
		if err := s.grantMore(ctx, account.ID, in.Programme, in.Roles); err != nil {
			return SignInStep{}, err
		}
	}
	if err := s.store.DeleteRecord(ctx, recordInvitation, in.ID); err != nil {
		return SignInStep{}, err
	}
	if err := s.Audit(WithAccount(ctx, account), in.Programme, "account.joined", string(account.ID)); err != nil {
		return SignInStep{}, err
	}
	account, err = readRecord[Account](ctx, s.store, recordAccount, string(account.ID))
	if err != nil {
		return SignInStep{}, err
	}
	return s.signInStep(ctx, account, from)
}

// invited is the account that accepts. Its id is made of the invitation, so that of
// two who use the link at once the unique insert lets one through.
func (s *Service) invited(ctx context.Context, in StaffInvitation, has bool, name, password string, from Visitor) (Account, error) {
	if has {
		account, tries, err := s.tryPassword(ctx, in.Email, password, from)
		if err != nil {
			return account, err
		}
		return account, s.forgive(ctx, tries)
	}
	id := AccountID(idOf("invited", in.ID))
	account, err := s.addAccount(ctx, id, Account{Name: cmp.Or(strings.TrimSpace(name), in.Name), Email: in.Email, Owner: in.Owner}, password)
	return account, orConflict(err, "", "account.no_invitation")
}

// grantMore adds roles to those that an account has in a programme.
func (s *Service) grantMore(ctx context.Context, id AccountID, programme ProgrammeID, roles []Role) error {
	_, err := s.changeAccount(ctx, id, func(a *Account) error {
		a.setRoles(programme, slices.Concat(a.Roles[programme], roles))
		return nil
	})
	return err
}
