package totp_test

import (
	"bytes"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/surveys/totp"
)

// rfcSecret is the secret of the test vectors of RFC 4226 and RFC 6238.
var rfcSecret = totp.Secret("12345678901234567890")

// TestCodeOfTheStandards has the values of RFC 4226, appendix D, and the last six
// of the eight digits of RFC 6238, appendix B, for SHA-1.
func TestCodeOfTheStandards(t *testing.T) {
	t.Parallel()
	for step, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := rfcSecret.Code(int64(step)); got != want {
			t.Errorf("Code(%d) = %s, want %s", step, got, want)
		}
	}
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := rfcSecret.Code(totp.StepAt(time.Unix(seconds, 0))); got != want {
			t.Errorf("code at %d = %s, want %s", seconds, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	now := time.Unix(1111111109, 0)
	here := totp.StepAt(now)
	for _, tt := range []struct {
		name, typed string
		want        int64 // the step
		ok          bool
	}{
		{"now", rfcSecret.Code(here), here, true},
		{"with gaps", "081 804", here, true},
		{"with other gaps", " 081\u202f804-", here, true},
		{"the step before", rfcSecret.Code(here - 1), here - 1, true},
		{"the step after", rfcSecret.Code(here + 1), here + 1, true},
		{"two before", rfcSecret.Code(here - 2), 0, false},
		{"two after", rfcSecret.Code(here + 2), 0, false},
		{"one digit short", "08180", 0, false},
		{"one more", "0818040", 0, false},
		{"no digits", "o81804", 0, false},
		{"Arabic digits", "٠٨١٨٠٤", 0, false},
		{"nothing", "", 0, false},
	} {
		if at, ok := rfcSecret.Match(tt.typed, now); at != tt.want || ok != tt.ok {
			t.Errorf("%s: Match(%q) = %d, %t, want %d, %t", tt.name, tt.typed, at, ok, tt.want, tt.ok)
		}
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	if got, want := rfcSecret.String(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"; got != want {
		t.Errorf("String = %q, want %q", got, want)
	}
	drawn, err := totp.NewSecret(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	back, err := totp.ParseSecret(strings.ToLower(drawn.String()))
	if err != nil || !bytes.Equal(drawn, back) {
		t.Errorf("ParseSecret(String) = %v, %v, want the same", back, err)
	}
	for _, wrong := range []string{"", "GEZD", "1111 1111 1111 1111 1111 1111 1111 1111", drawn.String() + "A"} {
		if _, err := totp.ParseSecret(wrong); err == nil || wrong != "" && strings.Contains(err.Error(), wrong) {
			t.Errorf("ParseSecret(%q) = %v, want an error that does not repeat it", wrong, err)
		}
	}
	if _, err := totp.NewSecret(strings.NewReader("short")); err == nil {
		t.Error("NewSecret of too little randomness is no error")
	}
}

// TestAddress reads the address back as an app does.
func TestAddress(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(rfcSecret.Address("Soundings of A&B: one/two", "ada+x@example.org"))
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	for what, pair := range map[string][2]string{
		"scheme": {address.Scheme, "otpauth"}, "kind": {address.Host, "totp"},
		"label":  {address.Path, "/Soundings of A&B: one/two:ada+x@example.org"},
		"issuer": {query.Get("issuer"), "Soundings of A&B: one/two"},
		"secret": {query.Get("secret"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s = %q, want %q", what, pair[0], pair[1])
		}
	}
}

func TestLooksLikeCode(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]bool{"123456": true, "123 456": true, "12345": false, "abcde-fghjk": false, "": false, "12345x": false} {
		if got := totp.LooksLikeCode(typed); got != want {
			t.Errorf("LooksLikeCode(%q) = %t, want %t", typed, got, want)
		}
	}
}

// FuzzMatch: nothing typed does harm, and what matches is one of three codes.
func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"081804", "081 804", "", "٠٨١٨٠٤", "-----", "\x00\xff"} {
		f.Add(seed, int64(1111111109))
	}
	f.Fuzz(func(t *testing.T, typed string, seconds int64) {
		now := time.Unix(seconds, 0)
		at, ok := rfcSecret.Match(typed, now)
		if ok && (rfcSecret.Code(at) != totp.Tidy(typed) || at < totp.StepAt(now)-1 || at > totp.StepAt(now)+1) {
			t.Errorf("Match(%q, %d) = %d, which is not a step whose code it is", typed, seconds, at)
		}
		if ok && !totp.LooksLikeCode(typed) {
			t.Errorf("%q matches and does not look like a code", typed)
		}
	})
}

// FuzzParseSecret: what is read is written the same again.
func FuzzParseSecret(f *testing.F) {
	f.Add(rfcSecret.String())
	f.Add("gezd")
	f.Fuzz(func(t *testing.T, text string) {
		secret, err := totp.ParseSecret(text)
		if err != nil {
			return
		}
		if back, err := totp.ParseSecret(secret.String()); err != nil || !bytes.Equal(back, secret) {
			t.Errorf("ParseSecret(%q) does not come back", text)
		}
	})
}
