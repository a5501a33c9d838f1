package pairing_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"soundings/surveys/pairing"
)

func element1(t *testing.T, key pairing.Key, name, value string) pairing.ElementHash {
	t.Helper()
	h, err := pairing.Element(key, name, value)
	if err != nil {
		t.Fatalf("Element(%q, %q) error %v", name, value, err)
	}
	return h
}

func TestElementKeepsKeysNamesAndValuesApart(t *testing.T) {
	t.Parallel()
	other := pairing.Key{9}
	seen := map[pairing.ElementHash]string{}
	for _, c := range []struct {
		key         pairing.Key
		name, value string
	}{
		{testKey, "day", "7"}, {testKey, "day", "17"}, {testKey, "count", "7"},
		{testKey, "da", "y7"}, {testKey, "day7", "7"}, {other, "day", "7"},
	} {
		label := c.name + "/" + c.value
		h := element1(t, c.key, c.name, c.value)
		if was, ok := seen[h]; ok {
			t.Errorf("%s has the hash of %s", label, was)
		}
		seen[h] = label
		if h != element1(t, c.key, c.name, c.value) {
			t.Errorf("%s has two hashes", label)
		}
	}
}

// The expected value is Python's: hmac.new(key, message, "sha256").digest()[:16]
// with key 01 02 03 00 … and message as in the comment of Element.
func TestElementIsTheDocumentedHash(t *testing.T) {
	t.Parallel()
	h := element1(t, testKey, "day", "7")
	const want = "fc6f6ab78b6310dff6de409f7797bb8a"
	if got := hex.EncodeToString(h[:]); got != want {
		t.Errorf("Element(day, 7) = %s, want %s", got, want)
	}
}

func TestElementBlankAndKeyless(t *testing.T) {
	t.Parallel()
	if h := element1(t, testKey, "day", ""); !h.IsBlank() {
		t.Errorf("Element of a blank = %x, want the zero hash", h)
	}
	if _, err := pairing.Element(pairing.Key{}, "day", "7"); !errors.Is(err, pairing.ErrKey) {
		t.Errorf("Element without a key: error %v, want ErrKey", err)
	}
}

func TestElementHashText(t *testing.T) {
	t.Parallel()
	for _, h := range []pairing.ElementHash{{}, {1}, {0xff, 15: 0xff}, element1(t, testKey, "day", "7")} {
		text, err := h.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		back := pairing.ElementHash{7}
		if err := back.UnmarshalText(text); err != nil || back != h {
			t.Errorf("%x written as %q, read as %x, %v", h, text, back, err)
		}
	}
	zeros, last := strings.Repeat("A", 22), strings.Repeat("A", 21)+"B"
	for _, text := range []string{"A", zeros, last, zeros + "A", zeros + "==", strings.Repeat("A", 20) + "\nQ", strings.Repeat("+", 22)} {
		h := pairing.ElementHash{7}
		if err := h.UnmarshalText([]byte(text)); !errors.Is(err, pairing.ErrHash) || h != (pairing.ElementHash{7}) {
			t.Errorf("UnmarshalText(%q) = %v and %x, want ErrHash and no change", text, err, h)
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	k, err := pairing.NewKey(rand.Reader)
	if err != nil || k == (pairing.Key{}) {
		t.Fatalf("NewKey() = zero %t, %v", k == pairing.Key{}, err)
	}
	if back, err := pairing.KeyOf(k[:]); err != nil || back != k {
		t.Errorf("KeyOf does not give the key back: %v", err)
	}
	for _, b := range [][]byte{nil, k[:31], append(k[:], 1), make([]byte, 32)} {
		if _, err := pairing.KeyOf(b); !errors.Is(err, pairing.ErrKey) {
			t.Errorf("KeyOf(%d bytes) error %v, want ErrKey", len(b), err)
		}
	}
	if _, err := pairing.NewKey(strings.NewReader("short")); err == nil {
		t.Error("NewKey of 5 random bytes gave no error")
	}
}

func TestKeyDoesNotShowItself(t *testing.T) {
	t.Parallel()
	key := pairing.Key([]byte("0123456789abcdefghijklmnopqrstuv"))
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "key", key)
	fmt.Fprintf(&out, "%v %s %x %d %#v %+v", key, key, key, key, key, struct{ K pairing.Key }{key})
	for _, secret := range []string{"0123", "30313233", "48 49", "48, 49", "0x30"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q shows %q", out.String(), secret)
		}
	}
}
