package pairing

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CodeAlphabet is the 23 characters of issued codes, in order of their values
// 0 to 22.
//
// Left out are 0 O Q and 1 I L, which are mistaken for each other; S Z B G and U,
// which ParseCode reads as the 5 2 8 6 and V they resemble; and the vowels, so
// that no code spells a word. What is left is a prime number of characters, which
// the check character needs.
//
// Source: the reasoning is that of Open Location Code, "Word considerations".
const CodeAlphabet = "23456789CDFHJKMNPRTVWXY"

// The number of characters an issued code may have, without its check character.
// 8 give 78,000 million codes: among 10,000 cards a wrongly typed code that
// passes its check belongs to somebody else once in 8 million times.
const (
	MinCode     = 6
	DefaultCode = 8
	MaxCode     = 12
)

// Why a code is refused. Errors name the place, never the code.
var (
	ErrCodeCharacter = errors.New("character not used in codes")
	ErrCodeLength    = errors.New("wrong number of characters")
	ErrCodeCheck     = errors.New("check character does not match")
)

// Code is an issued linkage code: capitals of CodeAlphabet without hyphens, the
// check character last, as in "K7M2RX94H". Make one with NewCode or ParseCode.
type Code string

// NewCode draws a code of n characters and a check character from rand, each code
// as likely as any other. It returns ErrCodeLength if n is not MinCode to MaxCode,
// or the error of rand.
func NewCode(rand io.Reader, n int) (Code, error) {
	if n < MinCode || n > MaxCode {
		return "", fmt.Errorf("drawing code of %d characters: %w", n, ErrCodeLength)
	}
	code := make([]byte, 0, n+1)
	for len(code) < n {
		var b [1]byte
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			return "", fmt.Errorf("drawing code: %w", err)
		}
		// Of 256 bytes 253 are 11 times 23: the last 3 would favour 2, 3 and 4.
		if int(b[0]) < 256/len(CodeAlphabet)*len(CodeAlphabet) {
			code = append(code, CodeAlphabet[int(b[0])%len(CodeAlphabet)])
		}
	}
	return Code(append(code, checkCharacter(code))), nil
}

// ParseCode reads a typed or scanned code of n characters and a check character.
// It ignores case, blanks, hyphens, full stops and invisible characters, reads
// digits of any script and S Z B G U as 5 2 8 6 V. It returns ErrCodeCharacter,
// ErrCodeLength or ErrCodeCheck, asked in this order; the check finds every single
// wrong character and every two that changed places, next to each other or not.
func ParseCode(raw string, n int) (Code, error) {
	if utf8.RuneCountInString(raw) > MaxRunes {
		return "", fmt.Errorf("reading code: %w", ErrCodeLength)
	}
	var code []byte
	for _, r := range norm.NFKC.String(raw) {
		if isCodeFiller(r) {
			continue
		}
		c, ok := codeCharacter(r)
		if !ok {
			return "", fmt.Errorf("reading code, character %d: %w", len(code)+1, ErrCodeCharacter)
		}
		code = append(code, c)
	}
	if n < MinCode || n > MaxCode || len(code) != n+1 {
		return "", fmt.Errorf("reading code of %d characters: %w", len(code), ErrCodeLength)
	}
	if checkSum(code) != 0 {
		return "", fmt.Errorf("reading code: %w", ErrCodeCheck)
	}
	return Code(code), nil
}

// LooseCode returns what was typed as a code in one form, however it was typed:
// capitals without blanks, hyphens and invisible characters, look-alikes as
// ParseCode reads them. It is for a code that ParseCode refuses and that a person
// goes on with: typed the same way next time it is the same. Of a right code it is
// the code; "" if nothing but fillers was typed, or more than MaxRunes characters.
func LooseCode(raw string) string {
	if utf8.RuneCountInString(raw) > MaxRunes {
		return ""
	}
	var b strings.Builder
	for _, r := range norm.NFKC.String(strings.ToUpper(strings.ToValidUTF8(raw, ""))) {
		if isCodeFiller(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if c, ok := codeCharacter(r); ok {
			b.WriteByte(c)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Grouped returns the code as it is printed, in threes: "K7M-2RX-94H".
func (c Code) Grouped() string {
	var b strings.Builder
	for i, r := range string(c) {
		if i > 0 && i%3 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isCodeFiller tells whether r may stand anywhere in a code without meaning.
func isCodeFiller(r rune) bool {
	return unicode.IsSpace(r) || r == '.' || r == '_' || r == '−' ||
		unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r)
}

// codeCharacter returns the character of CodeAlphabet that r stands for.
func codeCharacter(r rune) (byte, bool) {
	if unicode.Is(unicode.Nd, r) {
		r = digit(r)
	}
	r = unicode.ToUpper(r)
	if i := strings.IndexRune("SZBGU", r); i >= 0 {
		r = rune("5286V"[i])
	}
	i := strings.IndexRune(CodeAlphabet, r)
	if i < 0 {
		return 0, false
	}
	return CodeAlphabet[i], true
}

// checkSum returns the weighted sum of a whole code, 0 if it is right:
//
//	Σ w(i) · value(i) mod 23, with w = 1 for the check character, then 2, 3, … leftwards
//
// A wrong character changes the sum by w·d, two exchanged ones by (w-w')·d, with
// d not 0. As 23 is prime and all weights differ and are not 0 up to 22
// characters, neither product is 0.
//
// Source: the check digit of ISBN-10 (ISO 2108:1992), with 23 for 11.
func checkSum(code []byte) int {
	sum := 0
	for i, c := range code {
		sum += (len(code) - i) * strings.IndexByte(CodeAlphabet, c)
	}
	return sum % len(CodeAlphabet)
}

// checkCharacter returns the character that makes the sum of body and it 0.
func checkCharacter(body []byte) byte {
	whole := append(append([]byte{}, body...), CodeAlphabet[0]) // value 0
	size := len(CodeAlphabet)
	return CodeAlphabet[(size-checkSum(whole))%size]
}
