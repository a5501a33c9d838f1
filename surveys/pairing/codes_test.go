package pairing_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"soundings/surveys/pairing"
)

func newCode(t testing.TB, n int) pairing.Code {
	t.Helper()
	c, err := pairing.NewCode(rand.Reader, n)
	if err != nil {
		t.Fatalf("NewCode(%d) error %v", n, err)
	}
	return c
}

func TestCodeAlphabetHasNoLookAlikesAndIsPrime(t *testing.T) {
	t.Parallel()
	if strings.ContainsAny(pairing.CodeAlphabet, "0O1ILQSZBGUAE") {
		t.Errorf("alphabet %s has a character that is left out", pairing.CodeAlphabet)
	}
	if len(pairing.CodeAlphabet) != 23 {
		t.Errorf("alphabet of %d characters, want the prime 23", len(pairing.CodeAlphabet))
	}
}

// All single errors, of every character to every other, in codes of every length.
func TestParseCodeFindsEverySingleError(t *testing.T) {
	t.Parallel()
	for n := pairing.MinCode; n <= pairing.MaxCode; n++ {
		for range 20 {
			code := newCode(t, n)
			for i := range code {
				for _, r := range pairing.CodeAlphabet {
					wrong := string(code[:i]) + string(r) + string(code[i+1:])
					_, err := pairing.ParseCode(wrong, n)
					if isSame := wrong == string(code); isSame != (err == nil) {
						t.Fatalf("ParseCode(%q) for %q: error %v", wrong, code, err)
					}
				}
			}
		}
	}
}

// Every two different characters in every two places of a code.
func TestParseCodeFindsEveryTransposition(t *testing.T) {
	t.Parallel()
	const n = pairing.DefaultCode
	for i := range n + 1 {
		for j := range i {
			for _, a := range []byte(pairing.CodeAlphabet) {
				for _, b := range []byte(pairing.CodeAlphabet) {
					code := codeWith(t, i, j, a, b)
					code[i], code[j] = code[j], code[i]
					if _, err := pairing.ParseCode(string(code), n); a != b && !errors.Is(err, pairing.ErrCodeCheck) {
						t.Fatalf("ParseCode(%q), %d and %d exchanged: error %v, want ErrCodeCheck", code, i, j, err)
					}
				}
			}
		}
	}
}

// codeWith returns a right code with a in place i and b in place j.
func codeWith(t *testing.T, i, j int, a, b byte) []byte {
	t.Helper()
	code := []byte("K7M2RX942")
	code[i], code[j] = a, b
	free := slices.IndexFunc([]int{0, 1, 2}, func(k int) bool { return k != i && k != j })
	for _, c := range []byte(pairing.CodeAlphabet) {
		code[free] = c
		if _, err := pairing.ParseCode(string(code), pairing.DefaultCode); err == nil {
			return code
		}
	}
	t.Fatalf("no right code has %c in place %d and %c in place %d", a, i, b, j)
	return nil
}

func TestParseCode(t *testing.T) {
	t.Parallel()
	// Values 3 0 6 4 19 0: 3·7 + 0·6 + 6·5 + 4·4 + 19·3 + 0·2 = 124 = 5·23 + 9, so the
	// check character has the value 14: M.
	const code = "5286V2M"
	cases := []struct {
		name, raw string
		want      error
	}{
		{"as_drawn", "5286V2M", nil},
		{"lower_case", "5286v2m", nil},
		{"grouped", "528-6V2-M", nil},
		{"blanks_and_dashes", " 528 – 6v2 — m.\n", nil},
		{"look_alikes", "SZBGUZM", nil},
		{"other_digits", "٥٢٨٦v٢m", nil},
		{"wide", "５２８６Ｖ２Ｍ", nil},
		{"invisible", "\u200e5286V2M\ufeff", nil},
		{"zero", "0286V2T", pairing.ErrCodeCharacter},
		{"letter_o", "5286V2O", pairing.ErrCodeCharacter},
		{"symbol", "5286V2%", pairing.ErrCodeCharacter},
		{"invalid_utf8", "\xff286V2T", pairing.ErrCodeCharacter},
		{"empty", "", pairing.ErrCodeLength},
		{"short", "5286V2", pairing.ErrCodeLength},
		{"long", "5286V2M2", pairing.ErrCodeLength},
		{"endless", strings.Repeat("5286V2M ", 100), pairing.ErrCodeLength},
		{"check", "5286V2V", pairing.ErrCodeCheck},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := pairing.ParseCode(c.raw, 6)
			if c.want == nil && (got != code || err != nil) {
				t.Errorf("ParseCode(%q) = %q, %v, want %q", c.raw, got, err, code)
			}
			if c.want != nil && (got != "" || !errors.Is(err, c.want)) {
				t.Errorf("ParseCode(%q) = %q, %v, want %v", c.raw, got, err, c.want)
			}
		})
	}
}

func TestNewCode(t *testing.T) {
	t.Parallel()
	seen := map[pairing.Code]bool{}
	for range 1000 {
		c := newCode(t, pairing.DefaultCode)
		if back, err := pairing.ParseCode(c.Grouped(), pairing.DefaultCode); err != nil || back != c || seen[c] {
			t.Fatalf("ParseCode(%q) = %q, %v, seen before %t", c.Grouped(), back, err, seen[c])
		}
		seen[c] = true
	}
	for _, n := range []int{-1, 0, pairing.MinCode - 1, pairing.MaxCode + 1} {
		if _, err := pairing.NewCode(rand.Reader, n); !errors.Is(err, pairing.ErrCodeLength) {
			t.Errorf("NewCode(%d) error %v, want ErrCodeLength", n, err)
		}
	}
	if _, err := pairing.NewCode(strings.NewReader("abc"), 6); err == nil {
		t.Error("NewCode of 3 random bytes gave no error")
	}
}

// Each character as likely as any other: all 256 bytes give each exactly 11 times.
func TestNewCodeFavoursNoCharacter(t *testing.T) {
	t.Parallel()
	var all []byte
	for i := range 256 {
		all = append(all, byte(i))
	}
	times, r := map[byte]int{}, strings.NewReader(string(all))
	for range 253 / 11 {
		c, err := pairing.NewCode(r, 11)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 11 {
			times[c[i]]++
		}
	}
	for i := range pairing.CodeAlphabet {
		if times[pairing.CodeAlphabet[i]] != 11 {
			t.Errorf("%c drawn %d times, want 11", pairing.CodeAlphabet[i], times[pairing.CodeAlphabet[i]])
		}
	}
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"5286V2M", "528-6v2-m", "SZBGUZM", "٥٢٨٦v٢m", "", "\xff", "K7M-2QX-9", "=1+1", "5286V2M\x00"} {
		f.Add(s, 6)
	}
	f.Fuzz(func(t *testing.T, raw string, n int) {
		c, err := pairing.ParseCode(raw, n)
		if err != nil {
			if c != "" {
				t.Fatalf("ParseCode(%q) = %q with error %v", raw, c, err)
			}
			return
		}
		if back, err := pairing.ParseCode(c.Grouped(), n); err != nil || back != c || len(c) != n+1 {
			t.Fatalf("ParseCode(%q) = %q, read again %q, %v", raw, c, back, err)
		}
	})
}

// Any one sign of a code typed as any other letter or digit that people have on
// their keys, and any two neighbours exchanged, is refused, not read as another code.
func TestParseCodeRefusesEverySlip(t *testing.T) {
	t.Parallel()
	const keys = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(pairing.MinCode, pairing.MaxCode).Draw(t, "n")
		code, err := pairing.NewCode(rand.Reader, n)
		if err != nil {
			t.Fatal(err)
		}
		for i := range code {
			for _, key := range keys {
				typed := string(code[:i]) + string(key) + string(code[i+1:])
				if read, err := pairing.ParseCode(typed, n); err == nil && read != code {
					t.Fatalf("ParseCode(%q) = %q, want %q or a refusal", typed, read, code)
				} else if err == nil && !meant(key, rune(code[i])) {
					t.Fatalf("ParseCode(%q) reads %c as %c", typed, key, code[i])
				}
			}
			if i > 0 && code[i] != code[i-1] {
				swapped := []byte(code)
				swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
				if _, err := pairing.ParseCode(string(swapped), n); !errors.Is(err, pairing.ErrCodeCheck) {
					t.Fatalf("ParseCode(%q) for %q: error %v, want ErrCodeCheck", swapped, code, err)
				}
			}
		}
	})
}

// meant reports whether key is another way to type sign: in lower case, or the
// letter that looks like it.
func meant(key, sign rune) bool {
	upper := unicode.ToUpper(key)
	if i := strings.IndexRune("SZBGU", upper); i >= 0 {
		upper = rune("5286V"[i])
	}
	return upper == sign
}

func TestLooseCode(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"": "", " - ": "", "k7m-2rx 94h": "K7M2RX94H", "SZBGU": "5286V", "olaQ0!": "OLAQ0", "٥٢": "52", "کد": "کد", "\u200e\ufeff": "",
		strings.Repeat("A", pairing.MaxRunes+1): "", "\x00\xff": "",
	} {
		if got := pairing.LooseCode(raw); got != want {
			t.Errorf("LooseCode(%q) = %q, want %q", raw, got, want)
		}
	}
	code := newCode(t, pairing.DefaultCode)
	if got := pairing.LooseCode(code.Grouped()); got != string(code) {
		t.Errorf("LooseCode(%q) = %q, want the code", code.Grouped(), got)
	}
}

func FuzzLooseCode(f *testing.F) {
	for _, s := range []string{"5286V2M", "k7m-2rx", "\xff", "کد ۱۲", "ﷺ", "ß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		code := pairing.LooseCode(raw)
		if again := pairing.LooseCode(" " + raw + "-"); again != code && again != "" {
			t.Fatalf("LooseCode(%q) = %q, with fillers %q", raw, code, again)
		}
		for _, r := range code {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				t.Fatalf("LooseCode(%q) = %q, which has %q", raw, code, r)
			}
		}
	})
}
