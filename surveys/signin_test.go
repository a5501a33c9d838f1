package surveys_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	step, err := w.SignIn(t.Context(), " OWNER@example.org ", password, surveys.Visitor{Network: "network"})
	must(t, err)
	secret := step.Secret
	account, signIn, err := w.SignedIn(t.Context(), secret)
	must(t, err)
	if account.ID != w.account.ID || signIn.CSRF == "" || signIn.CSRF == secret || account.Password != "" {
		t.Errorf("SignedIn = %+v, %+v, want the owner without a password, and a CSRF token", account, signIn)
	}
	for range 12 {
		w.clock.pass(time.Hour - time.Millisecond)
		_, _, err = w.SignedIn(t.Context(), secret)
		must(t, err)
	}
	w.clock.pass(12 * time.Millisecond)
	_, _, err = w.SignedIn(t.Context(), secret)
	wantError(t, "after twelve hours", err, surveys.KindUnauthenticated, "account.sign_in")
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	step, err := w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})
	must(t, err)
	secret := step.Secret
	must(t, w.SignOut(w.ctx, secret))
	for _, gone := range []string{secret, "", "unknown", strings.ToUpper(secret)} {
		_, _, err = w.SignedIn(t.Context(), gone)
		wantError(t, "signed out", err, surveys.KindUnauthenticated, "account.sign_in")
	}
}

// TestSignInRefuses gives the same error for a wrong password and for an address
// that has no account.
func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct{ name, email, password string }{
		{"wrong password", ownerEmail, password + "!"},
		{"no password", ownerEmail, ""},
		{"unknown address", "nobody@example.org", password},
		{"no address", "", password},
		{"the password of nobody", "nobody@example.org", ""},
	} {
		_, err := w.SignIn(t.Context(), tt.email, tt.password, surveys.Visitor{Network: "network"})
		wantError(t, tt.name, err, surveys.KindUnauthenticated, "account.wrong_sign_in")
		if got, want := err.Error(), "unauthenticated: account.wrong_sign_in"; got != want {
			t.Errorf("%s: error = %q, want %q", tt.name, got, want)
		}
	}
}

// guess tries to sign in with a wrong password and wants that kind.
func (w *world) guess(tb testing.TB, ctx context.Context, email, network string, want surveys.Kind) {
	tb.Helper()
	_, err := w.SignIn(ctx, email, "wrong", surveys.Visitor{Network: network})
	wantError(tb, "a wrong password of "+email, err, want, "")
}

func TestSignInThrottleOfANetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, errs := together(52, func(i int) (surveys.SignInStep, error) {
		return w.SignIn(t.Context(), fmt.Sprintf("guess%d@example.org", i), "", surveys.Visitor{Network: "network"})
	})
	throttled := 0
	for _, err := range errs {
		if surveys.KindOf(err) == surveys.KindThrottled {
			throttled++
		}
	}
	if throttled < 2 {
		t.Errorf("%d of 52 tries at once were turned away, want at least 2", throttled)
	}
	w.guess(t, t.Context(), ownerEmail, "another network", surveys.KindUnauthenticated)
}

// TestSigningInIsNotCounted signs in rightly more often than wrongly is allowed.
func TestSigningInIsNotCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 12 {
		must(t, second(w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})))
	}
}

func TestMissedLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 120 {
		must(t, w.MissedLink(t.Context(), "school"))
	}
	wantError(t, "one more", w.MissedLink(t.Context(), "school"), surveys.KindThrottled, "account.too_many_tries")
	must(t, w.MissedLink(t.Context(), "library"))
	w.clock.pass(15*time.Minute + time.Millisecond)
	must(t, w.MissedLink(t.Context(), "school"))
	n, err := w.store.CountRecords(t.Context(), "throttle", "*", time.Time{})
	must(t, err)
	if n != 1 {
		t.Errorf("%d marks are kept, want 1: the others are older than the window", n)
	}
}

// TestThrottleStaysSmall keeps trying long after it is turned away: that makes
// neither the store nor the count of the next try any larger, and locks nobody out.
func TestThrottleStaysSmall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 200 {
		_ = w.MissedLink(t.Context(), "school") // turned away from the 121st on
	}
	for i := range 60 {
		email := fmt.Sprintf("guess%d@example.org", min(i, 50)) // the 51st is turned away, and the ten after it
		_, _ = w.SignIn(t.Context(), email, "", surveys.Visitor{Network: "network"})
	}
	n, err := w.store.CountRecords(t.Context(), "throttle", "*", time.Time{})
	must(t, err)
	if want := 120 + 2*50; n != want {
		t.Errorf("%d tries are kept, want %d: none that was turned away", n, want)
	}
	w.guess(t, t.Context(), "guess50@example.org", "another network", surveys.KindUnauthenticated)
}

func TestNetworkMark(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mark := func(s *surveys.Service, address string) string {
		t.Helper()
		m, err := s.NetworkMark(t.Context(), address)
		must(t, err)
		return m
	}
	first := mark(w.Service, "192.0.2.7")
	if strings.Contains(first, "192.0.2.7") || len(first) != 64 {
		t.Errorf("mark %q, want a hash", first)
	}
	other := surveys.NewService(w.store, w.clock.Now, rand.Reader)
	if mark(w.Service, "192.0.2.7") != first || mark(other, "192.0.2.7") != first {
		t.Error("one address has two marks on one day")
	}
	if mark(w.Service, "192.0.2.8") == first {
		t.Error("two addresses have one mark")
	}
	w.clock.pass(24 * time.Hour)
	if mark(w.Service, "192.0.2.7") == first {
		t.Error("one address has the same mark on two days")
	}
	n, err := w.store.CountRecords(t.Context(), "day_key", "", time.Time{})
	must(t, err)
	if n != 1 {
		t.Errorf("%d day keys are kept, want only that of today", n)
	}
}

func TestNetworkMarkAtOnce(t *testing.T) {
	t.Parallel()
	store := storetest.SQLite(t)
	marks, errs := together(20, func(int) (string, error) {
		return surveys.NewService(store, time.Now, rand.Reader).NetworkMark(t.Context(), "192.0.2.7")
	})
	for i := range marks {
		must(t, errs[i])
		if marks[i] != marks[0] {
			t.Fatal("instances that begin the day at once have two keys")
		}
	}
}

// TestSignInEndsUnused leaves a sign-in alone for two hours.
func TestSignInEndsUnused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	step, err := w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})
	must(t, err)
	w.clock.pass(2 * time.Hour)
	_, _, err = w.SignedIn(t.Context(), step.Secret)
	wantError(t, "unused for two hours", err, surveys.KindUnauthenticated, "account.sign_in")
}
