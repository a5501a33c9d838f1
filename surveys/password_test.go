package surveys_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"

	"soundings/surveys"
)

func TestHashPassword(t *testing.T) {
	t.Parallel()
	first, err := surveys.HashPassword(rand.Reader, password)
	must(t, err)
	second, err := surveys.HashPassword(rand.Reader, password)
	must(t, err)
	if first == second {
		t.Error("one password has the same hash twice, want a salt")
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(first, want) || strings.Contains(first, password) {
		t.Errorf("HashPassword = %q, want %s…", first, want)
	}
	for _, bad := range []string{"", strings.Repeat("é", 11), strings.Repeat("é", 201)} {
		_, err := surveys.HashPassword(rand.Reader, bad)
		wantField(t, "HashPassword", err, "password")
	}
}

// TestPasswordIsRefused says for each why.
func TestPasswordIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for given, key := range map[string]string{
		"eleven char": "account.password_length", "aaaaaaaaaaaa": "account.password_simple", "abcabcabcabc": "account.password_simple",
		"123456789012": "account.password_simple", "password1234": "account.password_common", "P4ssw0rd2024!": "account.password_common",
		"fay@example.org": "account.password_own", "Fay Miller 12": "account.password_own", "Soundings2026": "account.password_own",
	} {
		_, err := w.CreateAccount(w.ctx, surveys.Account{Name: "Fay Miller", Email: "fay@example.org"}, given)
		wantError(t, given, err, surveys.KindInvalid, key)
	}
	must(t, second(w.CreateAccount(w.ctx, surveys.Account{Name: "Fay Miller", Email: "fay@example.org"}, "marmalade on Fay's toast")))
}

// TestPasswordIsHashedAnew at sign-in, when the cost has changed since.
func TestPasswordIsHashedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cheap := func() bool {
		r, err := w.store.Record(t.Context(), "account", string(w.account.ID))
		must(t, err)
		return strings.Contains(string(r.Body), "$m=64,t=1,p=1$")
	}
	salt := []byte("0123456789abcdef")
	b64 := base64.RawStdEncoding
	old := fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=1$%s$%s", b64.EncodeToString(salt), b64.EncodeToString(argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)))
	r, err := w.store.Record(t.Context(), "account", string(w.account.ID))
	must(t, err)
	var stored map[string]any
	must(t, json.Unmarshal(r.Body, &stored))
	stored["password"] = old
	r.Body, err = json.Marshal(stored)
	must(t, err)
	must(t, second(w.store.PutRecord(t.Context(), r)))
	w.guess(t, t.Context(), ownerEmail, "network", surveys.KindUnauthenticated)
	if !cheap() {
		t.Error("a wrong password changed the hash")
	}
	for range 2 {
		must(t, second(w.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})))
		if cheap() {
			t.Error("the password is still hashed at the old cost")
		}
	}
}

// BenchmarkHashPassword measures one sign-in. Budget: 20 to 250 ms on one core,
// slow enough to guess against and quick enough for a Monday morning.
func BenchmarkHashPassword(b *testing.B) {
	for b.Loop() {
		if _, err := surveys.HashPassword(rand.Reader, password); err != nil {
			b.Fatal(err)
		}
	}
}
