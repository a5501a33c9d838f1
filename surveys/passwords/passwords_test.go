package passwords

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestListIsInOrder(t *testing.T) {
	if len(common)%prefixBytes != 0 || len(common)/prefixBytes < 49_000 {
		t.Fatalf("the list has %d bytes", len(common))
	}
	for i := prefixBytes; i < len(common); i += prefixBytes {
		if common[i-prefixBytes:i] >= common[i:i+prefixBytes] {
			t.Fatalf("the list is out of order at %d: a search would miss", i)
		}
	}
}

func TestCommon(t *testing.T) {
	t.Parallel()
	for _, common := range []string{
		"123456", "password", "Password", "PASSWORD1234", "Password2024!!", "!!password!!", "P4ssw0rd", "p@ssw0rd1234", "qwertyuiop12", "qwertyqwerty",
		"passwordpassword", "iloveyou1234", "iloveyouiloveyou", "1qaz2wsx3edc", "123456789012", "sunshine2025", "i love you 12",
	} {
		if !Common(common) {
			t.Errorf("Common(%q) = false", common)
		}
	}
	for _, good := range []string{
		"", "correct horse battery staple", "a long enough password", "the password of Fay", "Wuthering-7-Marmalade", "grün wie der See im Mai", "facilitator has a long password",
	} {
		if Common(good) {
			t.Errorf("Common(%q) = true", good)
		}
	}
}

// TestFewAreTakenForCommon asks for passwords that are on no list.
func TestFewAreTakenForCommon(t *testing.T) {
	t.Parallel()
	for i := range 100_000 {
		if made := fmt.Sprintf("not on any list, %d of many, xyz", i); Common(made) {
			t.Errorf("Common(%q) = true", made)
		}
	}
}

func TestUnitAndSteps(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{"": "", "a": "a", "aaaaaaaaaaaa": "a", "abcabcab": "abc", "abcd": "abcd", "ößößößöß": "öß"} {
		if got := Unit(password); got != want {
			t.Errorf("Unit(%q) = %q, want %q", password, got, want)
		}
	}
	for _, steps := range []string{"123456789012", "abcdefghijkl", "zyxwvutsrqpo", "aaaaaaaaaaaa", "012345678901"} {
		if !Steps(steps) {
			t.Errorf("Steps(%q) = false", steps)
		}
	}
	for _, words := range []string{"correct horse battery staple", "two words only", "bookkeeper knows"} {
		if Steps(words) {
			t.Errorf("Steps(%q) = true", words)
		}
	}
}

func TestRemainder(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		password string
		words    []string
		want     int
	}{
		{"Soundings2026", []string{"soundings"}, 4},
		{"olu owner olu owner", []string{"Olu", "Owner"}, 0},
		{"a long enough password", []string{"Al"}, 19},
		{"", nil, 0},
	} {
		if got := Remainder(tt.password, tt.words...); got != tt.want {
			t.Errorf("Remainder(%q, %v) = %d, want %d", tt.password, tt.words, got, tt.want)
		}
	}
}

// FuzzCommon holds Common to what it says of any text: it ends, and a listed one
// stays listed whatever case it is in.
func FuzzCommon(f *testing.F) {
	for _, seed := range []string{"", "password", "\xff\xfe", "ＰＡＳＳ", strings.Repeat("ab", 200), "0134"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, password string) {
		if listed(strings.ToLower(password)) && !Common(password) {
			t.Errorf("Common(%q) = false for one that is listed", password)
		}
		if !slices.Contains(forms(password), password) {
			t.Errorf("%q is not looked up as it is", password)
		}
		_, _ = Unit(password), Steps(password)
	})
}
