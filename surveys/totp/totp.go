// Package totp works out the codes of authenticator apps: time-based one-time
// passwords of RFC 6238, with what every such app uses: HMAC-SHA-1, six digits,
// steps of thirty seconds. It keeps nothing: who uses it remembers which step a
// code was taken for, so that none is taken twice.
package totp

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what the standard and all apps use; HMAC does not need it to resist collisions
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
)

const (
	step       = 30 * time.Second
	digits     = 6
	modulus    = 1_000_000
	secretSize = 20 // bytes: the length of the hash, RFC 4226 section 4, R6
	// slack is how many steps a phone's clock, or a slow hand, may be off: RFC 6238,
	// section 5.2, recommends one.
	slack = 1
)

// Life is the longest that a code can be taken for: who remembers a step for as
// long takes no code twice.
const Life = (2*slack + 1) * step

// Secret is what the app and we share.
type Secret []byte

var base32NoPadding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret draws a secret.
func NewSecret(random io.Reader) (Secret, error) {
	secret := make(Secret, secretSize)
	if _, err := io.ReadFull(random, secret); err != nil {
		return nil, fmt.Errorf("drawing a secret: %w", err)
	}
	return secret, nil
}

// ParseSecret reads what String writes, however it is spaced.
func ParseSecret(text string) (Secret, error) {
	text = strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	raw, err := base32NoPadding.DecodeString(text)
	if err != nil || base32NoPadding.EncodeToString(raw) != text || len(raw) != secretSize {
		return nil, errors.New("no secret of 20 bytes in base32") // which does not repeat it
	}
	return raw, nil
}

// String is the secret as people type it into an app: base32 in groups of four.
func (s Secret) String() string {
	text := base32NoPadding.EncodeToString(s)
	groups := make([]string, 0, len(text)/4+1)
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), " ")
}

// Address is what an app reads from the QR code: the "key URI" that the apps agree
// on. issuer and account tell the entry in the app from others.
func (s Secret) Address(issuer, account string) string {
	query := "secret=" + base32NoPadding.EncodeToString(s) + "&issuer=" + escaped(issuer)
	return "otpauth://totp/" + escaped(issuer) + ":" + escaped(account) + "?" + query
}

// escaped is text within the address: some apps show a "+" as it is.
func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// StepAt is the number of the step that t lies in: T of RFC 6238.
func StepAt(t time.Time) int64 { return t.Unix() / int64(step/time.Second) }

// Code is the code of a step, six digits.
func (s Secret) Code(at int64) string {
	mac := hmac.New(sha1.New, s)
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(at)) //nolint:gosec // a step before 1970 is as good as any
	_, _ = mac.Write(counter[:])                       // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	number := binary.BigEndian.Uint32(sum[offset:offset+4]) & 0x7fffffff
	return fmt.Sprintf("%0*d", digits, number%modulus)
}

// Match returns the step near now whose code was typed, however it is spaced. It
// takes as long whether the code is right or wrong.
func (s Secret) Match(typed string, now time.Time) (at int64, ok bool) {
	typed = Tidy(typed)
	for near := int64(-slack); near <= slack; near++ {
		if subtle.ConstantTimeCompare([]byte(s.Code(StepAt(now)+near)), []byte(typed)) == 1 {
			at, ok = StepAt(now)+near, true
		}
	}
	return at, ok
}

// Tidy is what was typed without the gaps that apps show within a code.
func Tidy(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\u00a0', '\u202f':
			return -1
		}
		return r
	}, typed)
}

// LooksLikeCode reports whether typed is six digits, and so not a recovery code.
func LooksLikeCode(typed string) bool {
	typed = Tidy(typed)
	return len(typed) == digits && strings.Trim(typed, "0123456789") == ""
}
