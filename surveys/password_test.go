package surveys_test

import (
	"crypto/rand"
	"strings"
	"testing"

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

// BenchmarkHashPassword measures one sign-in. Budget: 20 to 250 ms on one core,
// slow enough to guess against and quick enough for a Monday morning.
func BenchmarkHashPassword(b *testing.B) {
	for b.Loop() {
		if _, err := surveys.HashPassword(rand.Reader, password); err != nil {
			b.Fatal(err)
		}
	}
}
