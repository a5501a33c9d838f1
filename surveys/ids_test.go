package surveys_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"regexp"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"soundings/surveys"
)

var (
	idForm      = regexp.MustCompile(`^[0-9a-f]{32}$`)
	tokenForm   = regexp.MustCompile(`^[2-9a-hjkmnp-z]{10}$`)
	receiptForm = regexp.MustCompile(`^[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{3}$`)
)

func TestIDsAndTokens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 40, 200).Draw(t, "random")
		id, err := surveys.NewID(bytes.NewReader(raw))
		if err != nil || !idForm.MatchString(id) || !surveys.ResponseID(id).Valid() {
			t.Fatalf("NewID = %q, %v, want 32 hexadecimal digits", id, err)
		}
		// What is drawn may be dropped, so give it more.
		token, err := surveys.NewToken(bytes.NewReader(append(raw, make([]byte, 10)...)))
		if err != nil || !tokenForm.MatchString(token) {
			t.Fatalf("NewToken = %q, %v, want ten unambiguous signs", token, err)
		}
	})
}

// TestTokenIsEven draws many signs and counts them: none is favoured.
func TestTokenIsEven(t *testing.T) {
	t.Parallel()
	const tokens = 6200 // 62,000 signs of 31: 2,000 of each, standard deviation 44
	seen := map[rune]int{}
	for range tokens {
		token, err := surveys.NewToken(rand.Reader)
		must(t, err)
		for _, sign := range token {
			seen[sign]++
		}
	}
	if len(seen) != 31 {
		t.Errorf("%d signs, want 31", len(seen))
	}
	for sign, n := range seen {
		if n < 1700 || n > 2300 {
			t.Errorf("%c was drawn %d times, want about 2,000", sign, n)
		}
	}
}

func TestRandomnessFails(t *testing.T) {
	t.Parallel()
	broken := iotest.ErrReader(errors.New("no randomness"))
	if id, err := surveys.NewID(broken); err == nil {
		t.Errorf("NewID = %q without randomness, want an error", id)
	}
	if token, err := surveys.NewToken(broken); err == nil {
		t.Errorf("NewToken = %q without randomness, want an error", token)
	}
	if hash, err := surveys.HashPassword(broken, password); err == nil {
		t.Errorf("HashPassword = %q without randomness, want an error", hash)
	}
}

// TestReference: nothing of a receipt stands in what names a response in files.
func TestReference(t *testing.T) {
	t.Parallel()
	const id surveys.ResponseID = "0123456789abcdef0123456789abcdef"
	if got, want := id.Reference(), "bcdef0123456789abcdef"; got != want {
		t.Errorf("reference = %q, want %q", got, want)
	}
	if prefix, ok := surveys.ReceiptPrefix(surveys.ReceiptOf(id)); !ok || prefix+id.Reference() != string(id) {
		t.Errorf("receipt and reference overlap, or leave something out: %q", prefix)
	}
	if got := surveys.ResponseID("imported_one").Reference(); got != "imported_one" {
		t.Errorf("reference of an imported one = %q", got)
	}
}

func TestReceiptOf(t *testing.T) {
	t.Parallel()
	if got, want := surveys.ReceiptOf("response_one"), surveys.ReceiptOf("response_one"); got != want {
		t.Errorf("ReceiptOf twice = %q, %q", got, want)
	}
	seen := map[string]surveys.ResponseID{}
	rapid.Check(t, func(t *rapid.T) {
		id := surveys.ResponseID(rapid.StringMatching(`[a-z0-9_]{10,40}`).Draw(t, "id"))
		receipt := surveys.ReceiptOf(id)
		if !receiptForm.MatchString(receipt) || receipt != surveys.ReceiptOf(id) {
			t.Fatalf("ReceiptOf(%q) = %q, want three times three unambiguous signs, always the same", id, receipt)
		}
		if other, ok := seen[receipt]; ok && other != id {
			t.Fatalf("%q and %q have one receipt", other, id)
		}
		seen[receipt] = id
	})
}
