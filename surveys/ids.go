package surveys

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
)

// Ids are random text, so that none tells when or in which order it was drawn.
type (
	ProgrammeID   string
	StrandID      string // chosen by the author: "pupils"; unique within its programme
	InstitutionID string
	CohortID      string
	LinkID        string
	ResponseID    string
	AccountID     string
)

// idBytes is the randomness of an id: 16 bytes, 128 bits, so that an id can
// also serve as the secret of the one who drew it.
const idBytes = 16

// NewID draws an id of 32 hexadecimal digits from random.
func NewID(random io.Reader) (string, error) {
	var raw [idBytes]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("drawing an id: %w", err)
	}
	return hex.EncodeToString(raw[:]), nil
}

// responseIDPattern is what a phone may send as the id it drew.
var responseIDPattern = regexp.MustCompile(`^[a-z0-9_]{10,40}$`)

// Valid reports whether a phone may use id: 10 to 40 of a–z, 0–9 and "_".
func (id ResponseID) Valid() bool { return responseIDPattern.MatchString(string(id)) }

// unambiguous are the signs of whatever people type or read aloud: no 0 O 1 I L.
const unambiguous = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// tokenLength is how many signs a link token has. 31^10 is 8×10^14: with 1,000
// open links, 100 guesses a second find one in 250 years, and the throttle
// allows far fewer.
const tokenLength = 10

// NewToken draws a link token of ten unambiguous signs, in lower case for addresses.
func NewToken(random io.Reader) (string, error) { return drawSigns(random, tokenLength) }

// drawSigns draws n signs evenly: bytes that would favour some signs are dropped.
func drawSigns(random io.Reader, n int) (string, error) {
	const fair = 256 - 256%len(unambiguous)
	out := make([]byte, 0, n)
	var b [1]byte
	for len(out) < n {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", fmt.Errorf("drawing a code: %w", err)
		}
		if int(b[0]) < fair {
			out = append(out, lower(unambiguous[int(b[0])%len(unambiguous)]))
		}
	}
	return string(out), nil
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// ReceiptOf is the receipt a respondent may keep: nine signs in groups of
// three, worked out from the response's id, so that a repeated submission gives
// the same receipt. 31^9 is 2.6×10^13.
func ReceiptOf(id ResponseID) string {
	sum := sha256.Sum256([]byte("soundings receipt\x00" + id))
	out := make([]byte, 0, 11)
	for i := range 9 {
		if i == 3 || i == 6 {
			out = append(out, '-')
		}
		out = append(out, unambiguous[int(sum[i])%len(unambiguous)])
	}
	return string(out)
}
