package surveys_test

import (
	"crypto/rand"
	"runtime"
	"testing"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestUnknownAccountCostsTheSame: who asks for an address that nobody has cannot tell so
// by how long it takes, as far as that is work of ours: the same calls to the store, and
// a password hashed as well. No clock is asked; the hash is known by its memory.
func TestUnknownAccountCostsTheSame(t *testing.T) { // not beside others, whose memory would count
	const aHash = 15 << 20 // argon2id as it is set takes 19 MiB
	w := newWorld(t)
	counting := storetest.Faulty(w.store, 0)
	s := surveys.NewService(counting, w.clock.Now, rand.Reader)
	cost := func(email, network string) (calls int, hashes bool) {
		t.Helper()
		var before, after runtime.MemStats
		counting.Again(0)
		runtime.ReadMemStats(&before)
		_, err := s.SignIn(t.Context(), email, "not the password", surveys.Visitor{Network: network})
		runtime.ReadMemStats(&after)
		wantError(t, email, err, surveys.KindUnauthenticated, "account.wrong_sign_in")
		return counting.Calls(), after.TotalAlloc-before.TotalAlloc > aHash
	}
	cost(ownerEmail, "first") // what is read once is read
	known, hashed := cost(ownerEmail, "known")
	unknown, alike := cost("nobody@example.org", "unknown")
	if known != unknown || !hashed || !alike {
		t.Errorf("an account costs %d calls, hashing: %t; an address that nobody has %d, hashing: %t", known, hashed, unknown, alike)
	}
}
