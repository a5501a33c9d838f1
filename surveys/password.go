package surveys

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"soundings/surveys/passwords"
)

// Cost of argon2id: the second recommendation of RFC 9106, section 4, with less
// memory, as OWASP's password storage cheat sheet (2023) allows: 19 MiB, 2
// passes, 1 lane.
const (
	argonMemory  = 19 * 1024 // KiB
	argonPasses  = 2
	argonLanes   = 1
	argonKey     = 32 // bytes
	argonSalt    = 16 // bytes
	minPassword  = 12 // characters, NIST SP 800-63B-4 asks for 15 alone or 8 beside another factor
	maxPassword  = 200
	phcFormat    = "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s"
	phcSeparator = "$"
)

// argonSlots bounds how many passwords are hashed at once, and so the memory that
// tries to sign in can take: 38 MiB for each processor. The others wait.
var argonSlots = make(chan struct{}, 2*runtime.GOMAXPROCS(0))

// checkPassword refuses a password that is too short or too easily guessed: by its
// account's name and address too. KindInvalid at "password".
func checkPassword(password, name, email string) error {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return invalid("password", "account.password_length", minPassword, maxPassword)
	}
	if utf8.RuneCountInString(passwords.Unit(password)) < minUnit || passwords.Steps(password) {
		return invalid("password", "account.password_simple")
	}
	if passwords.Common(password) {
		return invalid("password", "account.password_common")
	}
	if passwords.Remainder(password, wordsOf(name, email)...) < minOwn {
		return invalid("password", "account.password_own")
	}
	return nil
}

// A password that repeats has a unit of at least five signs; without what anybody
// knows of its account, six signs are left.
const (
	minUnit = 5
	minOwn  = 6
)

// wordsOf is what anybody knows of an account: its address, its names, ours. Longer
// ones come first, so that none hides in another.
func wordsOf(name, email string) []string {
	words := append([]string{email, productName}, strings.FieldsFunc(name+" "+email, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})...)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

// productName is what this is called everywhere.
const productName = "soundings"

// HashPassword returns password in PHC form. KindInvalid: shorter than 12 or
// longer than 200 characters.
func HashPassword(random io.Reader, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return "", invalid("password", "account.password_length", minPassword, maxPassword)
	}
	return hashPassword(random, password)
}

// atTodaysCost reports whether a hash was made with the cost above.
func atTodaysCost(phc string) bool {
	return strings.HasPrefix(phc, fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonPasses, argonLanes))
}

// hashPassword is HashPassword for one that is there already, whatever its length.
func hashPassword(random io.Reader, password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("drawing a salt: %w", err)
	}
	argonSlots <- struct{}{}
	defer func() { <-argonSlots }()
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf(phcFormat, argon2.Version, argonMemory, argonPasses, argonLanes, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// passwordMatches checks password against its PHC form, in the same time whether
// it is right or wrong. It fails only if ctx ends while it waits for its turn.
func passwordMatches(ctx context.Context, phc, password string) (bool, error) {
	fields := strings.Split(phc, phcSeparator)
	if len(fields) != 6 || fields[1] != "argon2id" {
		return false, nil
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
		return false, nil
	}
	salt, err := base64.RawStdEncoding.DecodeString(fields[4])
	if err != nil {
		return false, nil
	}
	want, err := base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil || len(want) == 0 {
		return false, nil
	}
	select {
	case argonSlots <- struct{}{}:
		defer func() { <-argonSlots }()
	case <-ctx.Done():
		return false, &Error{Kind: KindUnavailable, Key: "page.broken", Err: ctx.Err()}
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// nobody is the password hash of no account (all zero bytes): checking against
// it costs an unknown address as much time as a known one.
var nobody = fmt.Sprintf(phcFormat, argon2.Version, argonMemory, argonPasses, argonLanes,
	base64.RawStdEncoding.EncodeToString(make([]byte, argonSalt)),
	base64.RawStdEncoding.EncodeToString(make([]byte, argonKey)))
