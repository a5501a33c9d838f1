package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Email is the address of the account that Load sets up. Nobody reads it.
const Email = "demo@example.org"

// Result is what was loaded, and how to get in.
type Result struct {
	Email      string
	Password   string // drawn for this store; it is kept nowhere else
	Lead       string // password of the account LeadEmail, likewise
	Programmes []surveys.Programme
	Respondent string // link token of a form to try on a phone: parents, after the programme
	Responses  int    // submitted
	Readings   int    // open answers that were decided about
	Duration   time.Duration

	loader *loader // for Retire
	lines  []*filled
}

// Load fills an empty store with the demonstration and takes a few seconds on
// SQLite. It calls progress, which may be nil, from one goroutine at a time.
//
// KindConflict: the store has an account already, so it is in use, or holds
// the demonstration from before. What is there stays as it is, also after a
// Load that was broken off: its password cannot be told again, so the way back
// is a new, empty store.
func Load(ctx context.Context, service *surveys.Service, progress func(done, total int)) (Result, error) {
	began := service.Now()
	lines, err := readForms()
	if err != nil {
		return Result{}, fmt.Errorf("loading the demonstration: %w", err)
	}
	decisions, err := readDecisions(lines)
	if err != nil {
		return Result{}, fmt.Errorf("loading the demonstration: %w", err)
	}
	l := &loader{service: service, progress: meter(progress, len(lines)+len(decisions))}
	result, err := l.load(ctx, lines, decisions)
	if err != nil {
		return Result{}, fmt.Errorf("loading the demonstration: %w", err)
	}
	result.Duration = service.Now().Sub(began)
	return result, nil
}

// loader is one Load under way.
type loader struct {
	service      *surveys.Service
	progress     func()
	account      surveys.Account
	programmes   []surveys.Programme
	asked        map[*form]asked
	programme    map[*form]surveys.ProgrammeID
	tokens       map[place]string
	institutions map[string]surveys.InstitutionID // by name
	cohorts      map[surveys.CohortID]string      // their names
	tones        []tone
	themes       map[surveys.ProgrammeID]map[string]surveys.ThemeID // by name
	workshops    map[string][]string                                // link tokens of workshops, by the name of their cohort
}

// place is where a line of a form was handed in.
type place struct {
	form   *form
	cohort string
	wave   questionnaire.Wave
}

func (l *loader) load(ctx context.Context, lines []*filled, decisions []decision) (Result, error) {
	password, err := l.signUp(ctx)
	if err != nil {
		return Result{}, err
	}
	if ctx, err = l.setUp(ctx); err != nil {
		return Result{}, err
	}
	if err := l.setUpMailing(ctx); err != nil {
		return Result{}, err
	}
	if err := each(ctx, lines, l.submit); err != nil {
		return Result{}, err
	}
	if err := each(ctx, decisions, l.decide); err != nil {
		return Result{}, err
	}
	lead, err := l.care(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := l.answerForAll(ctx); err != nil {
		return Result{}, err
	}
	return Result{
		Lead: lead, Email: Email, Password: password, Programmes: l.programmes,
		Respondent: l.tokens[place{forms[0], "Series 4", questionnaire.WavePost}],
		Responses:  len(lines), Readings: len(decisions), loader: l, lines: lines,
	}, nil
}

// signUp makes the owner's account by the one-time link, as the first person at
// a new installation does, and returns its password.
func (l *loader) signUp(ctx context.Context) (string, error) {
	secret, err := l.service.SetUpSecret(ctx)
	if err != nil {
		return "", err
	}
	if secret == "" {
		return "", &surveys.Error{Kind: surveys.KindConflict, Key: "demo.store_in_use"}
	}
	password, err := drawPassword()
	if err != nil {
		return "", err
	}
	l.account, err = l.service.SetUp(ctx, secret, "Demo owner", Email, password)
	return password, err
}

// drawPassword draws two groups of ten unambiguous signs: 31^20 is 6×10^29.
func drawPassword() (string, error) {
	first, err := surveys.NewToken(rand.Reader)
	if err != nil {
		return "", err
	}
	second, err := surveys.NewToken(rand.Reader)
	return first + "-" + second, err
}

// submit sends one form at the moment at which it was sent.
func (l *loader) submit(ctx context.Context, f *filled) error {
	submission, err := l.asked[f.form].submission(f)
	if err != nil {
		return err
	}
	token, ok := l.tokens[place{f.form, f.cohort + ", " + f.cells["phase"], f.wave}]
	if !ok { // the institution's own phase, or a form that asks for none
		token, ok = l.tokens[place{f.form, f.cohort, f.wave}]
	}
	if workshop := l.rated(f); workshop != "" {
		token, ok = workshop, true
	}
	if !ok {
		return fmt.Errorf("response %s: no link for %s at %s", f.id, f.cohort, f.wave)
	}
	if _, err := l.service.At(f.submitted).Submit(ctx, token, submission); err != nil {
		return fmt.Errorf("sending response %s: %w", f.id, err)
	}
	l.progress()
	return nil
}
