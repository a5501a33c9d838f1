package surveys

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Ids are random text, so that none tells when or in which order it was drawn.
type (
	ProgrammeID   string
	StrandID      string // chosen by the author: "pupils"; unique within its programme
	InstitutionID string
	CohortID      string
	LinkID        string
	WorkshopID    string
	ResponseID    string
	AccountID     string
	ThemeID       string
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

// idOf is an id worked out from parts, so that two who make the same thing at
// once make one: the unique index decides who is first.
func idOf(parts ...string) string {
	sum := sha256.Sum256([]byte("soundings id\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:idBytes])
}

// responseIDPattern is what a phone may send as the id it drew.
var responseIDPattern = regexp.MustCompile(`^[a-z0-9_]{10,40}$`)

// Valid reports whether a phone may use id: 10 to 40 of a–z, 0–9 and "_".
func (id ResponseID) Valid() bool { return responseIDPattern.MatchString(string(id)) }

// unambiguous are the signs of whatever people type or read aloud: no 0 O 1 I L.
const unambiguous = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// tokenLength is how many signs a link token has. 31^10 is 8.2×10^14. With 1,000
// open links, one guess in 8.2×10^11 finds one. The throttle lets a network miss
// 120 times in a quarter of an hour (MissedLink), whichever instance it asks: one
// network needs 200,000 years, ten thousand of them together about twenty; and all
// that is found is a form to fill in, no answer of anybody. At eight signs those
// ten thousand would need a week, at nine eight months. Ten signs are typed as two
// halves of five.
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

// A receipt is nine signs, 31^9 or 2.6×10^13, and stands for the first eleven
// hexadecimal digits of a response's id, 44 bits or 1.8×10^13: so the index of ids
// finds what it is of, and nothing is kept for it. The other 84 bits of the id stay
// the secret of who drew it. Who guesses at 100,000 responses finds one in 180
// million tries; unknown receipts are counted like unknown links.
const (
	receiptSigns  = 9
	receiptDigits = 11
)

// ReceiptOf is the receipt that a respondent may keep: nine signs in groups of
// three, worked out from the response's id, so that a repeated submission gives the
// same receipt. An id that is not 32 hexadecimal digits, which only an import has,
// gives one that finds nothing.
func ReceiptOf(id ResponseID) string {
	n, ok := receiptNumber(id)
	if !ok {
		sum := sha256.Sum256([]byte("soundings receipt\x00" + id))
		n = binary.BigEndian.Uint64(sum[:]) >> (64 - 4*receiptDigits)
	}
	signs := make([]byte, receiptSigns)
	for i := range signs {
		signs[len(signs)-1-i] = unambiguous[n%uint64(len(unambiguous))]
		n /= uint64(len(unambiguous))
	}
	return string(signs[:3]) + "-" + string(signs[3:6]) + "-" + string(signs[6:])
}

// Reference names a response in files that leave the product: the 21 digits of its id
// that are no part of its receipt, with which whoever gets the file could take the
// answers back. They are 84 bits, so that no two agree. An id that no receipt is made
// of is its own reference.
func (id ResponseID) Reference() string {
	if _, ok := receiptNumber(id); ok {
		return string(id[receiptDigits:])
	}
	return string(id)
}

// receiptNumber is the beginning of an id that was drawn.
func receiptNumber(id ResponseID) (uint64, bool) {
	if len(id) != 2*idBytes {
		return 0, false
	}
	if _, err := hex.DecodeString(string(id)); err != nil {
		return 0, false
	}
	n, err := strconv.ParseUint(string(id[:receiptDigits]), 16, 64)
	return n, err == nil
}

// ReceiptPrefix is how the ids begin that a receipt may be of, however it is
// typed; false for what is no receipt.
func ReceiptPrefix(typed string) (string, bool) {
	signs := strings.ToUpper(withoutGaps.Replace(typed))
	if len(signs) != receiptSigns {
		return "", false
	}
	n := uint64(0)
	for _, sign := range []byte(signs) {
		value := strings.IndexByte(unambiguous, sign)
		if value < 0 {
			return "", false
		}
		n = n*uint64(len(unambiguous)) + uint64(value)
	}
	prefix := fmt.Sprintf("%0*x", receiptDigits, n)
	return prefix, len(prefix) == receiptDigits
}
