package surveys_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// newInstallation is a service on an empty store.
func newInstallation(tb testing.TB) (*surveys.Service, *clock, surveys.Store) {
	tb.Helper()
	store, c := storetest.SQLite(tb), &clock{now: origin}
	return surveys.NewService(store, c.Now, rand.Reader), c, store
}

func TestSetUpOnce(t *testing.T) {
	t.Parallel()
	s, _, _ := newInstallation(t)
	secret, err := s.SetUpSecret(t.Context())
	must(t, err)
	must(t, s.SetUpOpen(t.Context(), secret))
	for _, tt := range []struct{ name, person, email, password, field string }{
		{"no name", " ", ownerEmail, password, "name"},
		{"no address", "Olu", "not an address", password, "email"},
		{"short password", "Olu", ownerEmail, "eleven char", "password"},
		{"long password", "Olu", ownerEmail, strings.Repeat("a", 201), "password"},
	} {
		_, err := s.SetUp(t.Context(), secret, tt.person, tt.email, tt.password)
		wantField(t, tt.name, err, tt.field)
	}
	a, err := s.SetUp(t.Context(), secret, " Olu ", " Owner@Example.org", password)
	must(t, err)
	if a.Name != "Olu" || a.Email != ownerEmail || !a.Owner || a.Password != "" {
		t.Errorf("SetUp = %+v, want an owner, tidied, without the password", a)
	}
	wantError(t, "SetUpOpen afterwards", s.SetUpOpen(t.Context(), secret), surveys.KindNotFound, "account.set_up_used")
	_, err = s.SetUp(t.Context(), secret, "Eve", "eve@example.org", password)
	wantError(t, "SetUp afterwards", err, surveys.KindNotFound, "account.set_up_used")
	if again, err := s.SetUpSecret(t.Context()); again != "" || err != nil {
		t.Errorf("SetUpSecret afterwards = %q, %v, want none", again, err)
	}
}

func TestSetUpEnds(t *testing.T) {
	t.Parallel()
	s, c, _ := newInstallation(t)
	first, err := s.SetUpSecret(t.Context())
	must(t, err)
	second, err := s.SetUpSecret(t.Context())
	must(t, err)
	wantError(t, "the replaced link", s.SetUpOpen(t.Context(), first), surveys.KindNotFound, "account.set_up_used")
	wantError(t, "a made-up link", s.SetUpOpen(t.Context(), "first"), surveys.KindNotFound, "account.set_up_used")
	c.pass(24*time.Hour - time.Millisecond)
	must(t, s.SetUpOpen(t.Context(), second))
	c.pass(time.Millisecond)
	wantError(t, "after a day", s.SetUpOpen(t.Context(), second), surveys.KindNotFound, "account.set_up_used")
}

func TestSetUpAtOnce(t *testing.T) {
	t.Parallel()
	s, _, store := newInstallation(t)
	secret, err := s.SetUpSecret(t.Context())
	must(t, err)
	_, errs := together(6, func(i int) (surveys.Account, error) {
		return s.SetUp(t.Context(), secret, "Olu", string(rune('a'+i))+"@example.org", password)
	})
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if k := surveys.KindOf(err); k != surveys.KindConflict && k != surveys.KindNotFound {
			t.Errorf("SetUp: %v, want a conflict", err)
		}
	}
	n, err := store.CountRecords(t.Context(), "account", "", time.Time{})
	must(t, err)
	if made != 1 || n != 1 {
		t.Errorf("%d made, %d accounts, want 1", made, n)
	}
}

// TestSetUpAfterAFailure lets each store call of setting up fail: nobody is
// locked out of a new installation.
func TestSetUpAfterAFailure(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		s, c, store := newInstallation(t)
		secret, err := s.SetUpSecret(t.Context())
		must(t, err)
		faulty := storetest.Faulty(store, n)
		_, err = surveys.NewService(faulty, c.Now, rand.Reader).SetUp(t.Context(), secret, "Olu", ownerEmail, password)
		if faulty.Calls() < n {
			return
		}
		wantError(t, "SetUp", err, surveys.KindUnavailable, "")
		count, err := store.CountRecords(t.Context(), "account", "", time.Time{})
		must(t, err)
		if count == 0 {
			_, err = s.SetUp(t.Context(), secret, "Olu", ownerEmail, password)
			must(t, err)
		}
	}
}

func TestCreateAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := surveys.Account{Name: "Fay", Email: "Fay@example.org", Roles: map[surveys.ProgrammeID][]surveys.Role{w.programme.ID: surveys.Roles()}}
	made, err := w.CreateAccount(w.ctx, ask, password)
	must(t, err)
	if made.Roles != nil || made.Owner || made.Password != "" {
		t.Errorf("CreateAccount = %+v, want no roles: those are a programme's to give", made)
	}
	_, err = w.CreateAccount(w.ctx, surveys.Account{Name: "Fay", Email: " fay@EXAMPLE.org"}, password)
	wantError(t, "the address again", err, surveys.KindConflict, "account.exists")
	all, err := w.Accounts(w.ctx)
	must(t, err)
	for _, a := range all {
		if a.Password != "" {
			t.Errorf("Accounts shows a password of %s", a.Email)
		}
	}
}

func TestGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.pass(time.Minute)
	_, err := w.CreateAccount(w.ctx, surveys.Account{Name: "Fay", Email: "fay@example.org"}, password)
	must(t, err)
	w.clock.pass(time.Minute)
	roles := []surveys.Role{surveys.RoleFacilitator, surveys.RoleEvaluator, surveys.RoleFacilitator}
	must(t, w.Grant(w.ctx, " FAY@example.org", w.programme.ID, roles))
	fay, _ := surveys.AccountFrom(w.as(t, "fay@example.org"))
	if len(fay.Roles[w.programme.ID]) != 2 || !fay.May(w.programme.ID, surveys.MayRunLinks) || fay.May(w.programme.ID, surveys.MayManage) {
		t.Errorf("roles = %v, want facilitator and evaluator", fay.Roles)
	}
	all, err := w.Accounts(w.ctx)
	must(t, err)
	if all[0].Email != ownerEmail {
		t.Errorf("Accounts begins with %s, want the oldest", all[0].Email)
	}
	wantError(t, "unknown account", w.Grant(w.ctx, "nobody@example.org", w.programme.ID, roles), surveys.KindNotFound, "account.unknown")
	wantField(t, "unknown role", w.Grant(w.ctx, "fay@example.org", w.programme.ID, []surveys.Role{"king"}), "roles")
	wantField(t, "the last administrator", w.Grant(w.ctx, ownerEmail, w.programme.ID, nil), "roles")
	must(t, w.Grant(w.ctx, "fay@example.org", w.programme.ID, nil))
	_, err = w.Programme(w.as(t, "fay@example.org"), w.programme.ID)
	wantError(t, "without roles", err, surveys.KindNotFound, "")
}

func TestGrantAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	programmes := []surveys.ProgrammeID{w.programme.ID}
	for range 5 {
		p, err := w.CreateProgramme(w.ctx, plan())
		must(t, err)
		programmes = append(programmes, p.ID)
	}
	_, err := w.CreateAccount(w.ctx, surveys.Account{Name: "Fay", Email: "fay@example.org"}, password)
	must(t, err)
	ctx := w.as(t, ownerEmail)
	_, errs := together(len(programmes), func(i int) (int, error) {
		return i, w.Grant(ctx, "fay@example.org", programmes[i], []surveys.Role{surveys.RoleDesigner})
	})
	for _, err := range errs {
		must(t, err)
	}
	if fay, _ := surveys.AccountFrom(w.as(t, "fay@example.org")); len(fay.Roles) != len(programmes) {
		t.Errorf("roles in %d programmes, want %d: none is lost", len(fay.Roles), len(programmes))
	}
}

func TestAPITokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.CreateAPIToken(t.Context(), everything("signed out"))
	wantError(t, "signed out", err, surveys.KindUnauthenticated, "")
	for _, name := range []string{"", " ", "a\x00b", strings.Repeat("a", 81)} {
		_, err := w.CreateAPIToken(w.ctx, everything(name))
		wantField(t, "CreateAPIToken", err, "name")
	}
	token, err := w.CreateAPIToken(w.ctx, everything("nightly"))
	must(t, err)
	account, err := w.AccountOfToken(t.Context(), token)
	must(t, err)
	if account.ID != w.account.ID || account.Password != "" {
		t.Errorf("AccountOfToken = %+v, want the owner without the password", account)
	}
	for _, wrong := range []string{"", "snd_", token[4:], token + "0", "SND_" + token[4:]} {
		_, err := w.AccountOfToken(t.Context(), wrong)
		wantError(t, "a wrong token", err, surveys.KindUnauthenticated, "api_token.unknown")
	}
	w.clock.pass(365 * 24 * time.Hour)
	_, err = w.AccountOfToken(t.Context(), token)
	wantError(t, "after a year", err, surveys.KindUnauthenticated, "api_token.unknown")
}

func TestRevokeAPIToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, err := w.CreateAPIToken(w.ctx, everything("nightly"))
	must(t, err)
	tokens, err := w.APITokens(w.ctx)
	must(t, err)
	if len(tokens) != 1 || tokens[0].Name != "nightly" || strings.Contains(token, tokens[0].ID) {
		t.Errorf("APITokens = %+v, want one, by its hash", tokens)
	}
	wantError(t, "another's token", w.RevokeAPIToken(w.holding(t), tokens[0].ID), surveys.KindNotFound, "api_token.not_found")
	must(t, w.RevokeAPIToken(w.ctx, tokens[0].ID))
	_, err = w.AccountOfToken(t.Context(), token)
	wantError(t, "revoked", err, surveys.KindUnauthenticated, "api_token.unknown")
}
