package surveys

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// AddressKey is the key under which addresses are sealed. It is kept apart from
// the data: whoever has only the data can read no address. Its zero value is none.
type AddressKey struct{ raw [addressKeySize]byte }

const addressKeySize = 32

// NewAddressKey draws a key.
func NewAddressKey(random io.Reader) (AddressKey, error) {
	var k AddressKey
	if _, err := io.ReadFull(random, k.raw[:]); err != nil {
		return k, fmt.Errorf("drawing the address key: %w", err)
	}
	return k, nil
}

// ParseAddressKey reads what String writes, or 64 hexadecimal digits. The error
// does not repeat the text.
func ParseAddressKey(text string) (AddressKey, error) {
	var k AddressKey
	text = strings.TrimSpace(text)
	raw, err := hex.DecodeString(text)
	if err != nil {
		raw, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil || len(raw) != addressKeySize {
		return k, errors.New("no key of 32 bytes in base64")
	}
	copy(k.raw[:], raw)
	return k, nil
}

// String is the key in base64, for the one file it is kept in.
func (k AddressKey) String() string { return base64.StdEncoding.EncodeToString(k.raw[:]) }

func (k AddressKey) none() bool { return k == AddressKey{} }

// part is a key for one purpose, drawn from k (HKDF, RFC 5869).
func (k AddressKey) part(purpose string) []byte {
	part, err := hkdf.Key(sha256.New, k.raw[:], nil, "soundings "+purpose, addressKeySize)
	if err != nil {
		panic(fmt.Errorf("deriving a key: %w", err)) // a length that the hash cannot give
	}
	return part
}

// lookup stands for an address where two have to be told apart: a keyed hash.
func (k AddressKey) lookup(address string) string {
	return keyedHash(k.part("lookup"), strings.ToLower(address))
}

// keyedHash is the first 16 bytes of HMAC-SHA-256, in hexadecimal digits.
func keyedHash(key []byte, parts ...string) string {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		_, _ = fmt.Fprintf(mac, "%d:%s", len(part), part) // a hash takes everything
	}
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

func (k AddressKey) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.part("seal"))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal hides text (AES-256-GCM) so that it can only be read as what belongs to owner.
func (k AddressKey) seal(random io.Reader, owner string, text []byte) ([]byte, error) {
	aead, err := k.cipher()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("drawing a nonce: %w", err)
	}
	return aead.Seal(nonce, nonce, text, []byte(owner)), nil
}

// open reads what seal hid.
func (k AddressKey) open(owner string, sealed []byte) ([]byte, error) {
	aead, err := k.cipher()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errors.New("what was sealed is cut short")
	}
	text, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(owner))
	if err != nil {
		return nil, errors.New("what was sealed does not open")
	}
	return text, nil
}

// addressCheck is the one record by which another key is noticed before it seals
// some addresses that the right one cannot open.
const addressCheck = "check"

// KeepsAddresses reports whether addresses can be kept: a key for them is set.
func (s *Service) KeepsAddresses() bool { return s.mayKeepAddresses() == nil }

// mayKeepAddresses says whether addresses can be kept.
func (s *Service) mayKeepAddresses() error {
	if s.mail.Key.none() {
		return &Error{Kind: KindInvalid, Key: "mail.no_key"}
	}
	return nil
}

// AddressKeyFits reports whether the key that is set is the one that addresses, requests
// for contact and second factors of this store are sealed under, or none are yet.
func (s *Service) AddressKeyFits(ctx context.Context) (bool, error) {
	kept, err := readRecord[string](ctx, s.store, recordAddressKey, addressCheck)
	if kindOfNil(err) == KindNotFound {
		return true, nil
	}
	return err == nil && !s.mail.Key.none() && kept == keyedHash(s.mail.Key.part("check")), err
}

// requireAddressKey fails unless the key that is set is the one that the addresses
// of this store are sealed under. The first one ever used is that.
func (s *Service) requireAddressKey(ctx context.Context) error {
	if err := s.mayKeepAddresses(); err != nil {
		return err
	}
	want := keyedHash(s.mail.Key.part("check"))
	kept, err := readRecord[string](ctx, s.store, recordAddressKey, addressCheck)
	if kindOfNil(err) == KindNotFound {
		if _, err = s.put(ctx, recordAddressKey, addressCheck, "", "", 0, want); err == nil {
			return nil
		}
		if kindOfNil(err) == KindConflict { // another was quicker
			kept, err = readRecord[string](ctx, s.store, recordAddressKey, addressCheck)
		}
	}
	if err != nil {
		return err
	}
	if kept != want {
		return &Error{Kind: KindInvalid, Key: "mail.another_key"}
	}
	return nil
}
