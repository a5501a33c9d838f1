package surveys

import (
	"errors"
	"fmt"

	"soundings/surveys/questionnaire"
)

// Kind says what a caller can do about an error; it decides status and log level.
type Kind uint8

const (
	KindInternal        Kind = iota // not the caller's fault; shows one plain sentence
	KindInvalid                     // mend what was sent
	KindNotFound                    // there is no such thing, or not for this account
	KindConflict                    // it exists already, or has changed since it was read
	KindForbidden                   // signed in, but the role does not allow it
	KindUnauthenticated             // sign in first
	KindClosed                      // the link or the wave is not open
	KindThrottled                   // too many tries; wait
	KindUnavailable                 // the store does not answer; try again
)

var kindNames = [...]string{"internal", "invalid", "not_found", "conflict", "forbidden", "unauthenticated", "closed", "throttled", "unavailable"}

// String names the kind as logs and the API do: "not_found".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind_%d", uint8(k))
}

// Error is the one error that people see. Key is a translation key phrased as
// an instruction; Err is the cause, for the log only.
type Error struct {
	Kind   Kind
	Key    string                    // "link.closed"
	Args   []any                     // for the key
	Field  string                    // form field or item; "" for the whole
	Fields questionnaire.FieldErrors // what is wrong with each answer, in form order
	Err    error
}

// Error is for logs. It never holds what a respondent typed.
func (e *Error) Error() string {
	text := e.Kind.String() + ": " + e.Key
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first Error in err's chain, KindInternal for
// any other error. It must not be asked about nil.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

func invalid(field, key string, args ...any) error {
	return &Error{Kind: KindInvalid, Key: key, Args: args, Field: field}
}

func notFound(key string, args ...any) error {
	return &Error{Kind: KindNotFound, Key: key, Args: args}
}
