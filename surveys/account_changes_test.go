package surveys_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

// join invites somebody into the world's programme and accepts for them.
func (w *world) join(tb testing.TB, name string, roles ...surveys.Role) (context.Context, surveys.SignInStep) {
	tb.Helper()
	email := name + "@example.org"
	secret, err := w.Invite(w.ctx, surveys.StaffInvitation{Name: name, Email: email, Programme: w.programme.ID, Roles: roles})
	must(tb, err)
	step, err := w.Accept(tb.Context(), secret, "", password, surveys.Visitor{Network: name})
	must(tb, err)
	return w.as(tb, email), step
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, err := w.Invite(w.ctx, surveys.StaffInvitation{Name: "Fay", Email: " Fay@Example.org", Programme: w.programme.ID, Roles: []surveys.Role{surveys.RoleFacilitator}})
	must(t, err)
	r, err := w.store.Record(t.Context(), "invitation", w.invitations(t)[0].ID)
	must(t, err)
	if strings.Contains(string(r.Body), secret) || strings.Contains(r.ID, secret) {
		t.Error("the store holds the secret of the link")
	}
	_, err = w.Accept(t.Context(), secret, "Fay", "short", surveys.Visitor{})
	wantField(t, "a short password", err, "password")
	step, err := w.Accept(t.Context(), secret, " Fay Miller ", password, surveys.Visitor{Network: "home"})
	must(t, err)
	fay, _, err := w.SignedIn(t.Context(), step.Secret)
	must(t, err)
	if fay.Name != "Fay Miller" || fay.Email != "fay@example.org" || fay.Owner || !fay.May(w.programme.ID, surveys.MayRunLinks) || fay.May(w.programme.ID, surveys.MayManage) {
		t.Errorf("who was invited = %+v, want a facilitator", fay)
	}
	_, err = w.Accept(t.Context(), secret, "Eve", password, surveys.Visitor{})
	wantError(t, "a second time", err, surveys.KindNotFound, "account.no_invitation")
	if len(w.invitations(t)) != 0 {
		t.Error("the invitation is still listed")
	}
	must(t, second(w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{})))
}

func (w *world) invitations(tb testing.TB) []surveys.StaffInvitation {
	tb.Helper()
	all, err := w.Invitations(w.ctx, w.programme.ID)
	must(tb, err)
	return all
}

// TestInvitationEnds by time, by being revoked or replaced, and with the rights of
// whoever invited.
func TestInvitationEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, _ := w.join(t, "anna", surveys.RoleAdministrator)
	in := surveys.StaffInvitation{Name: "Fay", Email: "fay@example.org", Programme: w.programme.ID, Roles: []surveys.Role{surveys.RoleFacilitator}}
	gone := func(name, secret string) {
		t.Helper()
		_, err := w.Accept(t.Context(), secret, "", password, surveys.Visitor{})
		wantError(t, name, err, surveys.KindNotFound, "account.no_invitation")
	}
	first, err := w.Invite(anna, in)
	must(t, err)
	second2, err := w.Invite(anna, in)
	must(t, err)
	gone("replaced", first)
	must(t, w.RevokeInvitation(w.ctx, w.programme.ID, w.invitations(t)[0].ID))
	gone("revoked", second2)
	third, err := w.Invite(anna, in)
	must(t, err)
	must(t, w.Grant(w.ctx, "anna@example.org", w.programme.ID, []surveys.Role{surveys.RoleEvaluator}))
	gone("by who may not any more", third)
	fourth, err := w.Invite(w.ctx, in)
	must(t, err)
	w.clock.pass(7 * 24 * time.Hour)
	gone("after seven days", fourth)
	gone("never made", "0123456789abcdef0123456789abcdef")
}

func TestInvitationIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := surveys.StaffInvitation{Name: "Fay", Email: "fay@example.org", Programme: w.programme.ID, Roles: []surveys.Role{surveys.RoleDesigner}}
	for _, tt := range []struct {
		name, field string
		change      func(*surveys.StaffInvitation)
	}{
		{"no name", "name", func(in *surveys.StaffInvitation) { in.Name = " " }},
		{"no address", "email", func(in *surveys.StaffInvitation) { in.Email = "fay" }},
		{"no role", "roles", func(in *surveys.StaffInvitation) { in.Roles = nil }},
		{"a made-up role", "roles", func(in *surveys.StaffInvitation) { in.Roles = []surveys.Role{"king"} }},
		{"an owner into a programme", "roles", func(in *surveys.StaffInvitation) { in.Owner = true }},
		{"who has an account, to the installation", "email", func(in *surveys.StaffInvitation) { in.Programme, in.Email = "", ownerEmail }},
	} {
		in := good
		tt.change(&in)
		_, err := w.Invite(w.ctx, in)
		wantField(t, tt.name, err, tt.field)
	}
	anna, _ := w.join(t, "anna", surveys.RoleAdministrator)
	_, err := w.Invite(anna, surveys.StaffInvitation{Name: "Fay", Email: "fay@example.org", Owner: true})
	wantError(t, "an owner by no owner", err, surveys.KindForbidden, "")
}

// TestInvitationOfWhoHasAnAccount tells the inviter nothing, asks for the password
// that there is, and adds roles.
func TestInvitationOfWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(t, "fay", surveys.RoleFacilitator)
	secret, err := w.Invite(w.ctx, surveys.StaffInvitation{Name: "Fay", Email: "fay@example.org", Programme: w.programme.ID, Roles: []surveys.Role{surveys.RoleEvaluator}})
	must(t, err)
	_, err = w.Accept(t.Context(), secret, "Mallory", "another password of mine", surveys.Visitor{Network: "theirs"})
	wantError(t, "with another password", err, surveys.KindUnauthenticated, "account.wrong_sign_in")
	must(t, second(w.Accept(t.Context(), secret, "", password, surveys.Visitor{Network: "home"})))
	fay, _ := surveys.AccountFrom(w.as(t, "fay@example.org"))
	if !fay.May(w.programme.ID, surveys.MayRunLinks) || !fay.May(w.programme.ID, surveys.MayReadAnswers) || fay.Name != "fay" {
		t.Errorf("roles = %v, want both", fay.Roles)
	}
}

// TestInvitationAtOnce uses one link from four places at once.
func TestInvitationAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret, err := w.Invite(w.ctx, surveys.StaffInvitation{Name: "Fay", Email: "fay@example.org"})
	must(t, err)
	_, errs := together(4, func(i int) (surveys.SignInStep, error) {
		return w.Accept(t.Context(), secret, "", password+strings.Repeat("!", i), surveys.Visitor{Network: "home"})
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d of 4 made the account, want 1: %v", won, errs)
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, old := w.join(t, "fay", surveys.RoleFacilitator)
	fay, _ := surveys.AccountFrom(w.as(t, "fay@example.org"))
	first, err := w.MakeReset(w.ctx, fay.ID)
	must(t, err)
	secret, err := w.MakeReset(w.ctx, fay.ID)
	must(t, err)
	wantError(t, "the replaced link", w.ResetOpen(t.Context(), first), surveys.KindNotFound, "account.reset_used")
	_, err = w.Reset(t.Context(), secret, "123456789012", surveys.Visitor{})
	wantField(t, "a common password", err, "password")
	const next = "another password, longer"
	must(t, second(w.Reset(t.Context(), secret, next, surveys.Visitor{})))
	_, _, err = w.SignedIn(t.Context(), old.Secret)
	wantError(t, "the old sign-in", err, surveys.KindUnauthenticated, "")
	_, err = w.Reset(t.Context(), secret, next, surveys.Visitor{})
	wantError(t, "a second time", err, surveys.KindNotFound, "account.reset_used")
	_, err = w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{})
	wantError(t, "the old password", err, surveys.KindUnauthenticated, "")
	must(t, second(w.SignIn(t.Context(), "fay@example.org", next, surveys.Visitor{})))
	late, err := w.MakeReset(w.ctx, fay.ID)
	must(t, err)
	w.clock.pass(24 * time.Hour)
	wantError(t, "after a day", w.ResetOpen(t.Context(), late), surveys.KindNotFound, "account.reset_used")
	_, err = w.MakeReset(w.holding(t, surveys.RoleAdministrator), fay.ID)
	wantError(t, "by no owner", err, surveys.KindForbidden, "")
}

// TestAskReset: the answer is the same for whoever asks, the letter goes only to who
// has an account, and once an hour.
func TestAskReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sent := &letterBox{}
	s := w.WithMail(surveys.Mail{Post: sent, Base: "https://feedback.example"})
	for _, email := range []string{ownerEmail, "nobody@example.org", " OWNER@example.org"} {
		must(t, s.AskReset(t.Context(), email, "network"))
	}
	wantField(t, "no address", s.AskReset(t.Context(), "nobody", "network"), "email")
	must(t, s.SendResets(t.Context()))
	must(t, s.AskReset(t.Context(), ownerEmail, "network"))
	must(t, s.SendResets(t.Context()))
	n, err := w.store.CountRecords(t.Context(), "reset", "*", time.Time{})
	must(t, err)
	left, err := w.store.CountRecords(t.Context(), "forgotten", "", time.Time{})
	must(t, err)
	if n != 1 || left != 0 {
		t.Errorf("%d links and %d askings are kept, want 1 and none", n, left)
	}
	for range 5 {
		must(t, s.AskReset(t.Context(), "nobody@example.org", "network"))
	}
	wantError(t, "too often", s.AskReset(t.Context(), "nobody@example.org", "network"), surveys.KindThrottled, "")
	alerts, err := s.Alerts(w.ctx)
	must(t, err)
	if len(alerts) != 1 {
		t.Fatalf("%d alerts, want 1", len(alerts))
	}
	must(t, second(s.Reset(t.Context(), strings.TrimPrefix(alerts[0].Path, "/reset/"), "another password, longer", surveys.Visitor{})))
}

// letterBox is a mail server that takes nothing yet.
type letterBox struct{}

func (*letterBox) Open(context.Context) (surveys.Round, error) {
	return nil, &surveys.Error{Kind: surveys.KindUnavailable, Key: "page.broken"}
}

// TestLastOwner: of two owners who step down, or put each other out, at once, one
// is refused.
func TestLastOwner(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(w *world, ctx context.Context, id surveys.AccountID) error{
		"SetOwner":      func(w *world, ctx context.Context, id surveys.AccountID) error { return w.SetOwner(ctx, id, false) },
		"SetInactive":   func(w *world, ctx context.Context, id surveys.AccountID) error { return w.SetInactive(ctx, id, true) },
		"RemoveAccount": func(w *world, ctx context.Context, id surveys.AccountID) error { return w.RemoveAccount(ctx, id) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			wantError(t, "the only one", leave(w, w.ctx, w.account.ID), surveys.KindInvalid, "account.last_owner")
			secret, err := w.Invite(w.ctx, surveys.StaffInvitation{Name: "Fay", Email: "fay@example.org", Owner: true})
			must(t, err)
			must(t, second(w.Accept(t.Context(), secret, "", password, surveys.Visitor{})))
			fay, _ := surveys.AccountFrom(w.as(t, "fay@example.org"))
			ids := []surveys.AccountID{w.account.ID, fay.ID}
			_, errs := together(2, func(i int) (int, error) { return i, leave(w, w.ctx, ids[i]) })
			refused := 0
			for _, err := range errs {
				if err != nil {
					wantError(t, "one of two", err, surveys.KindInvalid, "account.last_owner")
					refused++
				}
			}
			if refused != 1 {
				t.Errorf("%d of 2 owners were kept, want 1: %v", refused, errs)
			}
		})
	}
}

// TestInactive ends sign-ins and tokens at once, and nothing for ever.
func TestInactive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, step := w.join(t, "fay", surveys.RoleEvaluator)
	fay, _ := surveys.AccountFrom(ctx)
	token, err := w.CreateAPIToken(ctx, everything("nightly"))
	must(t, err)
	must(t, w.SetInactive(w.ctx, fay.ID, true))
	_, _, err = w.SignedIn(t.Context(), step.Secret)
	wantError(t, "its sign-in", err, surveys.KindUnauthenticated, "account.sign_in")
	_, err = w.AccountOfToken(t.Context(), token)
	wantError(t, "its token", err, surveys.KindUnauthenticated, "api_token.unknown")
	_, err = w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{Device: step.Device})
	wantError(t, "its password", err, surveys.KindUnauthenticated, "account.wrong_sign_in")
	_, err = w.MakeReset(w.ctx, fay.ID)
	wantError(t, "a link for it", err, surveys.KindConflict, "account.is_inactive")
	must(t, w.SetInactive(w.ctx, fay.ID, false))
	must(t, second(w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{})))
	must(t, w.RemoveAccount(w.ctx, fay.ID))
	_, err = w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{})
	wantError(t, "removed", err, surveys.KindUnauthenticated, "account.wrong_sign_in")
	wantError(t, "who is gone", w.SetInactive(w.ctx, fay.ID, true), surveys.KindNotFound, "account.unknown")
}

// TestAppoint gives a programme whose administrator is gone another.
func TestAppoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _ = w.join(t, "fay", surveys.RoleAdministrator)
	fay, _ := surveys.AccountFrom(w.as(t, "fay@example.org"))
	wantField(t, "one that has two", w.Appoint(w.ctx, w.programme.ID, w.account.ID), "programme")
	must(t, w.Grant(w.as(t, "fay@example.org"), ownerEmail, w.programme.ID, nil))
	must(t, w.SetInactive(w.ctx, fay.ID, true))
	orphans, err := w.Orphans(w.ctx)
	must(t, err)
	if len(orphans) != 1 || orphans[0].ID != w.programme.ID {
		t.Fatalf("Orphans = %v, want the programme", orphans)
	}
	must(t, w.Appoint(w.ctx, w.programme.ID, w.account.ID))
	must(t, second(w.Members(w.as(t, ownerEmail), w.programme.ID)))
}

func TestOwnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, here := w.join(t, "fay", surveys.RoleEvaluator)
	there, err := w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{Network: "elsewhere"})
	must(t, err)
	const next = "another password, longer"
	_, err = w.ChangePassword(ctx, here.Secret, "wrong", next)
	wantField(t, "the old one wrong", err, "old")
	_, err = w.ChangePassword(ctx, here.Secret, password, "fay@example.org")
	wantField(t, "its own address", err, "password")
	_, err = w.ChangePassword(ctx, here.Secret, password, password)
	wantField(t, "the same", err, "password")
	secret, err := w.ChangePassword(ctx, here.Secret, password, next)
	must(t, err)
	for name, gone := range map[string]string{"the other sign-in": there.Secret, "the old secret": here.Secret} {
		_, _, err := w.SignedIn(t.Context(), gone)
		wantError(t, name, err, surveys.KindUnauthenticated, "")
	}
	must(t, w.ChangeName(ctx, " Fay Miller "))
	wantField(t, "no name", w.ChangeName(ctx, " "), "name")
	wantError(t, "the address of another", w.ChangeAddress(ctx, ownerEmail, next), surveys.KindConflict, "account.exists")
	wantField(t, "a wrong password", w.ChangeAddress(ctx, "fay@new.example", "wrong"), "password")
	must(t, w.ChangeAddress(ctx, "Fay@New.example", next))
	fay, _, err := w.SignedIn(t.Context(), secret)
	must(t, err)
	if fay.Name != "Fay Miller" || fay.Email != "fay@new.example" {
		t.Errorf("account = %+v, want the new name and address", fay)
	}
	must(t, second(w.SignIn(t.Context(), "fay@new.example", next, surveys.Visitor{})))
	_, err = w.SignIn(t.Context(), "fay@example.org", next, surveys.Visitor{})
	wantError(t, "the old address", err, surveys.KindUnauthenticated, "")
	must(t, second(w.CreateAccount(w.ctx, surveys.Account{Name: "Other", Email: "fay@example.org"}, password)))
}

func TestSignInsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, first := w.join(t, "fay", surveys.RoleEvaluator)
	w.clock.pass(90 * time.Minute)
	second2, err := w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{})
	must(t, err)
	third, err := w.SignIn(t.Context(), "fay@example.org", password, surveys.Visitor{Device: second2.Device})
	must(t, err)
	all, err := w.SignIns(ctx)
	must(t, err)
	if len(all) != 3 || !all[2].Opened.Equal(origin) || all[0].Used.Minute() != 0 || strings.Contains(third.Secret, all[0].ID) {
		t.Fatalf("SignIns = %+v, want three, newest first, used to the hour", all)
	}
	wantError(t, "another's", w.EndSignIn(w.ctx, all[0].ID), surveys.KindNotFound, "account.no_sign_in")
	must(t, w.EndSignIn(ctx, all[2].ID))
	_, _, err = w.SignedIn(t.Context(), first.Secret)
	wantError(t, "ended", err, surveys.KindUnauthenticated, "")
	secret, err := w.EndOtherSignIns(ctx, third.Secret)
	must(t, err)
	if all, err = w.SignIns(ctx); err != nil || len(all) != 1 {
		t.Errorf("SignIns = %v, %v, want one", all, err)
	}
	must(t, third3(w.SignedIn(t.Context(), secret)))
}

func third3[A, B any](_ A, _ B, err error) error { return err }

// TestSignInIsRenewed when roles change: the secret is another, the old one works for
// what was under way, and the forms stay good.
func TestSignInIsRenewed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, step := w.join(t, "fay", surveys.RoleEvaluator)
	fay, before, err := w.SignedIn(t.Context(), step.Secret)
	must(t, err)
	if secret, err := w.Renew(t.Context(), fay, before); secret != "" || err != nil {
		t.Errorf("Renew without a change = %q, %v, want nothing", secret, err)
	}
	must(t, w.Grant(w.ctx, "fay@example.org", w.programme.ID, []surveys.Role{surveys.RoleAdministrator}))
	fay, before, err = w.SignedIn(t.Context(), step.Secret)
	must(t, err)
	secrets, errs := together(6, func(int) (string, error) { return w.Renew(t.Context(), fay, before) })
	renewed := ""
	for i, secret := range secrets {
		must(t, errs[i])
		if secret != "" && renewed != "" {
			t.Error("two of six at once have renewed")
		}
		renewed = max(renewed, secret)
	}
	_, after, err := w.SignedIn(t.Context(), renewed)
	must(t, err)
	if after.CSRF != before.CSRF || renewed == step.Secret {
		t.Error("want another secret and the same token of forms")
	}
	must(t, third3(w.SignedIn(t.Context(), step.Secret)))
	w.clock.pass(time.Minute)
	_, _, err = w.SignedIn(t.Context(), step.Secret)
	wantError(t, "the old secret after a minute", err, surveys.KindUnauthenticated, "")
}
