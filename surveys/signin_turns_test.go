package surveys_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
)

// TestNobodyLocksAnybodyOut lets fifty networks try ten thousand passwords of the
// owner in an hour, through two instances. Few are looked at; the owner signs in at
// once from a known browser, and within a bounded time from another.
func TestNobodyLocksAnybodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, err := w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "the office"})
	must(t, err)
	both := []*surveys.Service{w.Service, surveys.NewService(w.store, w.clock.Now, rand.Reader)}
	networks, tries := 50, 10_000
	if testing.Short() {
		tries = 1000
	}
	guesses := 0
	for i := range tries {
		_, err := both[i%2].SignIn(t.Context(), ownerEmail, "wrong", surveys.Visitor{Network: fmt.Sprint("network ", i%networks)})
		switch surveys.KindOf(err) {
		case surveys.KindUnauthenticated:
			guesses++
		case surveys.KindThrottled:
		default:
			t.Fatal(err)
		}
		w.clock.pass(time.Hour / time.Duration(tries))
	}
	if guesses < 20 || guesses > 40 {
		t.Errorf("%d of %d tries in an hour were looked at, want at most 40", guesses, tries)
	}
	again, err := w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "the office", Device: first.Device})
	must(t, err)
	if again.Secret == "" || again.Device == "" || again.Device == first.Device {
		t.Errorf("from a known browser: %+v, want a sign-in and a new device", again)
	}
	waited := time.Duration(0)
	for ; ; waited += time.Minute {
		_, err = w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "a train"})
		if err == nil {
			break
		}
		wantError(t, "from an unknown browser", err, surveys.KindThrottled, "account.sign_in_turn")
		for n := range networks { // they go on meanwhile
			_, _ = w.SignIn(t.Context(), ownerEmail, "wrong", surveys.Visitor{Network: fmt.Sprint("network ", n)})
		}
		w.clock.pass(time.Minute)
		if waited > time.Duration(networks+2)*3*time.Minute {
			t.Fatalf("still waiting after %v", waited)
		}
	}
	t.Logf("%d guesses of %d in an hour; an unknown browser waited %v behind %d networks", guesses, tries, waited, networks)
}

// TestSignInTurns walks through the turns of two networks.
func TestSignInTurns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.guess(t, t.Context(), ownerEmail, "their network", surveys.KindUnauthenticated)
	}
	for _, tt := range []struct {
		name, network string
		minutes       int
	}{{"the first", "one", 3}, {"the second", "two", 6}, {"the first again", "one", 3}} {
		_, err := w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: tt.network})
		wantError(t, tt.name, err, surveys.KindThrottled, "account.sign_in_turn")
		if got := argOf(t, err); got != tt.minutes {
			t.Errorf("%s waits %v minutes, want %d", tt.name, got, tt.minutes)
		}
	}
	w.clock.pass(3 * time.Minute)
	w.guess(t, t.Context(), ownerEmail, "two", surveys.KindThrottled)
	w.guess(t, t.Context(), ownerEmail, "one", surveys.KindUnauthenticated) // its turn
	w.guess(t, t.Context(), ownerEmail, "one", surveys.KindThrottled)       // used up: behind two
	w.clock.pass(3 * time.Minute)
	must(t, second(w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "two"})))
}

// TestSignInTurnsAreFew fills the turns of an address.
func TestSignInTurnsAreFew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.guess(t, t.Context(), "nobody@example.org", "network", surveys.KindUnauthenticated)
	}
	for i := range 160 {
		w.guess(t, t.Context(), "nobody@example.org", fmt.Sprint(i), surveys.KindThrottled)
	}
	_, err := w.SignIn(t.Context(), "nobody@example.org", "", surveys.Visitor{Network: "one more"})
	wantError(t, "one more", err, surveys.KindThrottled, "account.sign_in_crowded")
	must(t, second(w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "one more"})))
}

// TestOneTurnOneTry uses a turn from eight places at once.
func TestOneTurnOneTry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.guess(t, t.Context(), ownerEmail, "network", surveys.KindUnauthenticated)
	}
	w.guess(t, t.Context(), ownerEmail, "network", surveys.KindThrottled)
	w.clock.pass(3 * time.Minute)
	_, errs := together(8, func(int) (surveys.SignInStep, error) {
		return w.SignIn(t.Context(), ownerEmail, "wrong", surveys.Visitor{Network: "network"})
	})
	looked := 0
	for _, err := range errs {
		if surveys.KindOf(err) == surveys.KindUnauthenticated {
			looked++
		}
	}
	if looked != 1 {
		t.Errorf("%d of 8 tries at once in one turn were looked at, want 1", looked)
	}
}

// TestDeviceCountsByItself: a browser that is known has ten tries of its own, and
// none for another's account.
func TestDeviceCountsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(t, second(w.CreateAccount(w.ctx, surveys.Account{Name: "Fay", Email: "fay@example.org"}, password)))
	step, err := w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})
	must(t, err)
	known := surveys.Visitor{Network: "network", Device: step.Device}
	for range 15 { // ten of its own, and five that all share
		_, err := w.SignIn(t.Context(), ownerEmail, "wrong", known)
		wantError(t, "a wrong password", err, surveys.KindUnauthenticated, "")
	}
	_, err = w.SignIn(t.Context(), ownerEmail, password, known)
	wantError(t, "after fifteen", err, surveys.KindThrottled, "account.sign_in_turn")
	for range 5 {
		w.guess(t, t.Context(), "fay@example.org", "elsewhere", surveys.KindUnauthenticated)
	}
	_, err = w.SignIn(t.Context(), "fay@example.org", password, known)
	wantError(t, "another's browser", err, surveys.KindThrottled, "account.sign_in_turn")
}

func argOf(tb testing.TB, err error) any {
	tb.Helper()
	e, ok := err.(*surveys.Error) //nolint:errorlint // it is not wrapped
	if !ok || len(e.Args) == 0 {
		tb.Fatalf("error %v has no arguments", err)
	}
	return e.Args[0]
}
