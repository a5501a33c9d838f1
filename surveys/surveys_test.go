package surveys_test

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

const (
	ownerEmail = "owner@example.org"
	password   = "a long enough password"
)

// origin is the moment at which every test begins.
var origin = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a store with one owner, one questionnaire, one programme with one
// cohort, and a link for each wave.
type world struct {
	*surveys.Service
	store     surveys.Store
	clock     *clock
	ctx       context.Context // the owner's
	account   surveys.Account
	programme surveys.Programme
	cohort    surveys.Cohort
	links     map[questionnaire.Wave]surveys.Link
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	return newWorldIn(tb, storetest.SQLite(tb))
}

func newWorldIn(tb testing.TB, store surveys.Store) *world {
	tb.Helper()
	w := &world{store: store, clock: &clock{now: origin}, links: map[questionnaire.Wave]surveys.Link{}}
	w.Service = surveys.NewService(store, w.clock.Now, rand.Reader)
	secret, err := w.SetUpSecret(tb.Context())
	must(tb, err)
	w.account, err = w.SetUp(tb.Context(), secret, "Olu Owner", ownerEmail, password)
	must(tb, err)
	w.ctx = surveys.WithAccount(tb.Context(), w.account)
	_, err = w.Publish(w.ctx, "views", definition(tb))
	must(tb, err)
	w.programme, err = w.CreateProgramme(w.ctx, plan())
	must(tb, err)
	w.ctx = w.as(tb, ownerEmail)
	w.cohort, err = w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "Class 6"})
	must(tb, err)
	for _, wave := range surveys.DesignPrePost.Waves() {
		w.links[wave] = w.link(tb, surveys.Link{Wave: wave})
	}
	return w
}

// plan is a valid programme.
func plan() surveys.Programme {
	return surveys.Programme{Name: "Calm schools", Zone: "Europe/London", SmallestGroup: 5, Strands: []surveys.Strand{{
		ID: "pupils", Title: "Pupils", Audience: surveys.AudienceParticipant, Design: surveys.DesignPrePost,
		Questionnaire: "views", Block: surveys.BlockCohort, Role: "Pupil",
	}}}
}

func definition(tb testing.TB) questionnaire.Definition {
	tb.Helper()
	data, err := os.ReadFile("testdata/views.json")
	must(tb, err)
	d, err := questionnaire.ParseDefinition(data)
	must(tb, err)
	return d
}

// link makes a link of the world's strand and cohort.
func (w *world) link(tb testing.TB, l surveys.Link) surveys.Link {
	tb.Helper()
	l.Programme, l.Strand, l.Cohort = w.programme.ID, "pupils", w.cohort.ID
	made, err := w.CreateLink(w.ctx, l)
	must(tb, err)
	return made
}

func (w *world) token() string { return w.links[questionnaire.WavePre].Token }

// as is a context in which the account with this address acts, as it is now.
func (w *world) as(tb testing.TB, email string) context.Context {
	tb.Helper()
	all, err := w.Accounts(surveys.WithAccount(tb.Context(), w.account))
	must(tb, err)
	i := slices.IndexFunc(all, func(a surveys.Account) bool { return a.Email == email })
	if i < 0 {
		tb.Fatalf("no account %s", email)
	}
	return surveys.WithAccount(tb.Context(), all[i])
}

// holding is a context of an account with these roles in the programme.
func (w *world) holding(tb testing.TB, roles ...surveys.Role) context.Context {
	tb.Helper()
	a := surveys.Account{ID: "someone", Name: "Sam"}
	if len(roles) > 0 {
		a.Roles = map[surveys.ProgrammeID][]surveys.Role{w.programme.ID: roles}
	}
	return surveys.WithAccount(tb.Context(), a)
}

// form is a whole valid form; other changes it, nil takes a control away.
func form(other questionnaire.Raw) questionnaire.Raw {
	raw := questionnaire.Raw{
		"own_code__mother": {"Xanthippe"}, "own_code__day": {"17"}, "own_code__month": {"May"}, "own_code__siblings": {"2"},
		"stress": {"7"}, "travel": {"bus"}, "subjects": {"maths", "art"}, "sleep": {"8.5"},
		"may_quote": {"yes"}, "why": {"Because of the garden."},
	}
	maps.Copy(raw, other)
	maps.DeleteFunc(raw, func(_ string, values []string) bool { return values == nil })
	return raw
}

// sent are the submitted responses, in order.
func (w *world) sent(tb testing.TB) []surveys.Response {
	tb.Helper()
	var all []surveys.Response
	for r, err := range w.store.Responses(tb.Context(), w.programme.ID, "pupils") {
		must(tb, err)
		all = append(all, r)
	}
	return all
}

func (w *world) linkages(tb testing.TB) []surveys.Linkage {
	tb.Helper()
	var all []surveys.Linkage
	for l, err := range w.store.Linkages(tb.Context(), w.programme.ID, "pupils") {
		must(tb, err)
		all = append(all, l)
	}
	return all
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// wantError checks kind and key; key "" is any.
func wantError(tb testing.TB, doing string, err error, kind surveys.Kind, key string) {
	tb.Helper()
	var e *surveys.Error
	if !errors.As(err, &e) {
		tb.Fatalf("%s: error = %v, want kind %v", doing, err, kind)
	}
	if e.Kind != kind || key != "" && e.Key != key {
		tb.Fatalf("%s: error = %v, want %v: %s", doing, err, kind, key)
	}
}

// wantField checks that err is KindInvalid and names field.
func wantField(tb testing.TB, doing string, err error, field string) {
	tb.Helper()
	wantError(tb, doing, err, surveys.KindInvalid, "")
	var e *surveys.Error
	errors.As(err, &e)
	if e.Field != field {
		tb.Errorf("%s: error = %v, want field %q", doing, err, field)
	}
}

// together calls from n goroutines at once and returns what each gave.
func together[T any](n int, call func(i int) (T, error)) ([]T, []error) {
	results, errs := make([]T, n), make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			results[i], errs[i] = call(i)
		})
	}
	close(start)
	all.Wait()
	return results, errs
}

// another is a second instance on the same store.
func (w *world) another() *surveys.Service {
	return surveys.NewService(w.store, w.clock.Now, rand.Reader)
}

// racingStore does something once, just before it stores the first record that
// before picks.
type racingStore struct {
	surveys.Store
	before func(surveys.Record) bool
	do     func()
	done   bool
}

func (s *racingStore) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	if !s.done && s.before(r) {
		s.done = true
		s.do()
	}
	return s.Store.PutRecord(ctx, r)
}

// everything is a wish for a token that may all that a token may.
func everything(name string) surveys.TokenWish {
	return surveys.TokenWish{Name: name, Scopes: surveys.Scopes(), Days: 365}
}
