package surveys

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"

	"soundings/surveys/questionnaire"
)

// Service is what can be done with Soundings: its methods are the use cases,
// each with the permission it needs. Pages, API, demo and commands all go
// through it. It is safe for concurrent use, and any number of services can
// share one store.
type Service struct {
	store    Store
	now      func() time.Time
	random   io.Reader
	cache    *cache
	mail     Mail
	provider Provider // nil: nobody signs in elsewhere
	watch    Watch
	instance string // tells this service from others on the same store, in leases

	files       FileMaker // nil: this instance makes no files
	atWork      *atWork
	exportAsked chan struct{} // wakes the chore that makes files
	marksAsked  chan struct{} // wakes the chore that marks answers

	backups     BackupPlan    // what this instance backs up by itself
	backupAsked chan struct{} // wakes the chore that does
}

// NewService returns a service over store. now gives the present moment and
// random the randomness of ids and keys: time.Now and crypto/rand.Reader.
func NewService(store Store, now func() time.Time, random io.Reader) *Service {
	return &Service{store: store, now: now, random: random, cache: newCache(now), instance: rand.Text(), atWork: &atWork{}, exportAsked: make(chan struct{}, 1), backupAsked: make(chan struct{}, 1), marksAsked: make(chan struct{}, 1)}
}

// At returns the same service with its clock stopped at t: for loading what
// happened in the past.
func (s *Service) At(t time.Time) *Service {
	stopped := *s
	stopped.now = func() time.Time { return t }
	return &stopped
}

// moment is the present as stores keep it: UTC, whole milliseconds.
func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// Now is the present of this service: UTC, whole milliseconds.
func (s *Service) Now() time.Time { return s.moment() }

// Describe names the store for people.
func (s *Service) Describe() string { return s.store.Describe() }

// Ping fails with KindUnavailable if the store does not answer.
func (s *Service) Ping(ctx context.Context) error { return s.store.Ping(ctx) }

// newID draws an id.
func (s *Service) newID() (string, error) { return NewID(s.random) }

// put stores v as a record and returns its next revision.
func (s *Service) put(ctx context.Context, kind RecordKind, id, scope, key string, revision int64, v any) (int64, error) {
	r, err := encode(kind, id, scope, key, s.moment(), revision, v)
	if err != nil {
		return 0, err
	}
	next, err := s.store.PutRecord(ctx, r)
	if err != nil {
		return 0, fmt.Errorf("storing %s: %w", kind, err)
	}
	return next, nil
}

// checker reads the validate tags. It is safe for concurrent use. Besides the
// library's own there are "line", text of one line, and "lines", of several: both
// refuse what is not UTF-8 and the control characters that nobody can type.
var checker = newChecker()

func newChecker() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	for tag, allowed := range map[string]string{"line": "", "lines": "\t\r\n"} {
		err := v.RegisterValidation(tag, func(field validator.FieldLevel) bool { return plain(field.Field().String(), allowed) })
		if err != nil {
			panic(fmt.Errorf("registering the rule %s: %w", tag, err)) // a name the library refuses
		}
	}
	return v
}

// plain reports whether text is UTF-8 without control characters but those allowed.
func plain(text, allowed string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune(allowed, r)
	})
}

// tidy cuts the blanks around each text.
func tidy(texts ...*string) {
	for _, text := range texts {
		*text = strings.TrimSpace(*text)
	}
}

// check refuses v with every field that breaks its validate tag. The error is
// that of the first; all are in its Fields.
func check(v any) error {
	wrong, err := broken(v)
	if err != nil {
		return err
	}
	return refuseFields(wrong)
}

// broken lists the fields of v that break their validate tags, in order. Each has
// the key "field.invalid" with the field and the rule: "required", "max 200
// characters", "min 1", "datetime 2006-01-02".
func broken(v any) (questionnaire.FieldErrors, error) {
	err := checker.Struct(v)
	if err == nil {
		return nil, nil
	}
	var rules validator.ValidationErrors
	if !errors.As(err, &rules) || len(rules) == 0 {
		return nil, fmt.Errorf("checking %T: %w", v, err)
	}
	wrong := make(questionnaire.FieldErrors, 0, len(rules))
	for _, rule := range rules {
		_, path, _ := strings.Cut(rule.StructNamespace(), ".")
		wrong = append(wrong, questionnaire.FieldError{Control: snake(path), Key: "field.invalid", Args: []any{snake(path), wordsOfRule(rule)}})
	}
	return wrong, nil
}

func wordsOfRule(rule validator.FieldError) string {
	if rule.Param() == "" {
		return rule.Tag()
	}
	words := rule.Tag() + " " + rule.Param()
	if rule.Kind() == reflect.String && (rule.Tag() == "max" || rule.Tag() == "min") {
		words += " characters"
	}
	return words
}

// refuseFields is the refusal of all that is wrong, nil for nothing.
func refuseFields(wrong questionnaire.FieldErrors) error {
	if len(wrong) == 0 {
		return nil
	}
	first := wrong[0]
	return &Error{Kind: KindInvalid, Key: first.Key, Args: first.Args, Field: first.Control, Fields: wrong}
}

// snake turns a Go field path into the name that pages and API use:
// "SmallestGroup" to "smallest_group", "Strands[0].Title" to "strands[0].title".
func snake(path string) string {
	var b strings.Builder
	for i, r := range path {
		if r >= 'A' && r <= 'Z' {
			if i > 0 && path[i-1] != '.' && !(path[i-1] >= 'A' && path[i-1] <= 'Z') {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
