package pairing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// KeySize is the length of a Key in bytes: that of SHA-256's output, beyond which
// HMAC gains nothing (RFC 2104, section 3).
const KeySize = 32

// HashSize is the length of an ElementHash in bytes. Equal hashes must mean equal
// elements: at 128 bits a million different values collide with a probability of
// 10^-27. It is half of SHA-256's output, the shortest RFC 2104 (section 5)
// recommends, and longer hashes would only make rows longer: they would not hide
// the elements any better, see the package comment.
const HashSize = 16

// ErrKey is returned for a key that is missing, destroyed or of another length.
var ErrKey = errors.New("no linkage key")

// ErrHash is returned for a text that is no ElementHash.
var ErrHash = errors.New("not an element hash")

// Key is the secret of one programme under which the elements of its linkage codes
// are hashed. Whoever holds it can find the elements again by trying all values,
// so it is stored apart from the hashes and destroyed before them; without it no
// new response can be linked to an old one. The zero Key is no key. It does not
// show itself when printed or logged.
type Key [KeySize]byte

// NewKey draws a key from rand, which in production is crypto/rand.Reader. It
// returns the error of rand.
func NewKey(rand io.Reader) (Key, error) {
	var k Key
	if _, err := io.ReadFull(rand, k[:]); err != nil {
		return Key{}, fmt.Errorf("drawing linkage key: %w", err)
	}
	return k, nil
}

// KeyOf returns the key stored as b. It returns ErrKey if b is not KeySize bytes
// long or all zero.
func KeyOf(b []byte) (Key, error) {
	if len(b) != KeySize || Key(b) == (Key{}) {
		return Key{}, fmt.Errorf("reading linkage key of %d bytes: %w", len(b), ErrKey)
	}
	return Key(b), nil
}

// Format writes a placeholder, whatever the verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "pairing.Key(hidden)") }

// LogValue hides the key from slog.
func (Key) LogValue() slog.Value { return slog.StringValue("pairing.Key(hidden)") }

// ElementHash stands for one normalised element of a linkage code: equal under one
// key and name if and only if the elements are. The zero value is a blank element.
// As text it is 22 characters of URL-safe base64, or "" for blank.
type ElementHash [HashSize]byte

// domain keeps these hashes apart from any other use of the same key.
const domain = "soundings/pairing/element/1"

// Element returns the hash of a normalised element. name is the element's id in
// the programme ("mother", "day"), so that an S in two places gives two hashes. A
// blank element has the zero hash. It returns ErrKey for the zero Key, under which
// hashes would be open to everyone.
//
//	ElementHash = first 16 bytes of HMAC-SHA-256(key, p(domain) p(name) p(value))
//	p(s)        = length of s in bytes as 8 bytes, big endian, then s
//
// Source: RFC 2104.
func Element(key Key, name, normalised string) (ElementHash, error) {
	if key == (Key{}) {
		return ElementHash{}, fmt.Errorf("hashing element: %w", ErrKey)
	}
	if normalised == "" {
		return ElementHash{}, nil
	}
	var message []byte
	for _, part := range []string{domain, name, normalised} {
		message = binary.BigEndian.AppendUint64(message, uint64(len(part)))
		message = append(message, part...)
	}
	mac := hmac.New(sha256.New, key[:])
	mac.Write(message)
	return ElementHash(mac.Sum(nil)[:HashSize]), nil
}

// IsBlank tells whether h stands for an element that was not given.
func (h ElementHash) IsBlank() bool { return h == ElementHash{} }

var hashText = base64.RawURLEncoding.Strict()

// MarshalText returns h as 22 characters of URL-safe base64, or none for blank. It
// never returns an error.
func (h ElementHash) MarshalText() ([]byte, error) {
	if h.IsBlank() {
		return []byte{}, nil
	}
	return hashText.AppendEncode(nil, h[:]), nil
}

// UnmarshalText reads what MarshalText wrote, and returns ErrHash for anything
// else, leaving h alone.
func (h *ElementHash) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*h = ElementHash{}
		return nil
	}
	if len(text) != hashText.EncodedLen(HashSize) {
		return fmt.Errorf("reading %d characters: %w", len(text), ErrHash)
	}
	var b ElementHash
	if n, err := hashText.Decode(b[:], text); err != nil || n != HashSize {
		return fmt.Errorf("reading %d characters: %w", len(text), ErrHash)
	}
	if b.IsBlank() {
		return fmt.Errorf("blank written as zeros: %w", ErrHash)
	}
	*h = b
	return nil
}
