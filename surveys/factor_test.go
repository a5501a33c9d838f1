package surveys_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/totp"
)

// phone is an authenticator app: what it shows is worked out from the clock.
type phone struct {
	secret totp.Secret
	clock  *clock
}

func (p phone) shows() string { return p.secret.Code(totp.StepAt(p.clock.Now())) }

// next waits until the app shows another code, and returns it.
func (p phone) next() string {
	p.clock.pass(30 * time.Second)
	return p.shows()
}

var office = surveys.Visitor{Network: "office"}

// enters signs the owner in by password, and returns what follows.
func (w *world) enters(tb testing.TB) surveys.SignInStep {
	tb.Helper()
	step, err := w.SignIn(tb.Context(), ownerEmail, password, office)
	must(tb, err)
	return step
}

// enrols sets a second factor up for the owner, and returns its phone, its recovery
// codes and the secret under which the sign-in goes on.
func (w *world) enrols(tb testing.TB) (phone, []string, string) {
	tb.Helper()
	secret := w.enters(tb).Secret
	must(tb, w.BeginFactor(w.ctx, secret, password))
	drawn, err := w.FactorBegun(w.ctx)
	must(tb, err)
	p := phone{drawn, w.clock}
	codes, next, err := w.ConfirmFactor(w.ctx, secret, p.shows())
	must(tb, err)
	return p, codes, next
}

// factor is what is stored of the owner's second factor.
func (w *world) factor(tb testing.TB) surveys.Factor {
	tb.Helper()
	r, err := w.store.Record(tb.Context(), "account", string(w.account.ID))
	must(tb, err)
	var a surveys.Account
	must(tb, json.Unmarshal(r.Body, &a))
	if a.Factor == nil {
		tb.Fatal("the account has no second factor")
	}
	return *a.Factor
}

func TestSecondFactorOnBothStores(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		p, codes, _ := w.enrols(t)
		if len(codes) != 10 || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != 10 {
			t.Fatalf("%d recovery codes %v, want ten different ones", len(codes), codes)
		}
		code := p.next()
		pendings := []string{w.enters(t).Pending, w.enters(t).Pending}
		_, errs := together(2, func(i int) (surveys.SignInStep, error) {
			return w.another().SecondFactor(t.Context(), pendings[i], code, office)
		})
		wantOnce(t, "one code on two instances at once", errs, "factor.used_code")
		pendings = []string{w.enters(t).Pending, w.enters(t).Pending}
		_, errs = together(2, func(i int) (surveys.SignInStep, error) {
			return w.another().SecondFactor(t.Context(), pendings[i], codes[3], office)
		})
		wantOnce(t, "one recovery code on two instances at once", errs, "factor.wrong_code")
		pending := w.enters(t).Pending
		code = p.next()
		_, errs = together(2, func(i int) (surveys.SignInStep, error) {
			return w.another().SecondFactor(t.Context(), pending, []string{code, codes[4]}[i], office)
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("of two who open one sign-in that waits, not one was let in: %v", errs)
		}
	})
}

func wantOnce(t *testing.T, doing string, errs []error, key string) {
	t.Helper()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("%s: %v, want one to be let in", doing, errs)
	}
	for _, err := range errs {
		if err != nil {
			wantError(t, doing, err, surveys.KindInvalid, key)
		}
	}
}

func TestSecondFactorAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, codes, _ := w.enrols(t)
	step := w.enters(t)
	if step.Secret != "" || step.Pending == "" {
		t.Fatalf("SignIn = %+v, want a sign-in that waits", step)
	}
	_, _, err := w.SignedIn(t.Context(), step.Pending)
	wantError(t, "what waits opens nothing", err, surveys.KindUnauthenticated, "")
	_, err = w.SecondFactor(t.Context(), step.Pending, p.shows(), office)
	wantError(t, "the code it was set up with", err, surveys.KindInvalid, "factor.used_code")
	for _, wrong := range []string{"", "000000", "abcde-fghjk-mnpqr"} {
		_, err = w.SecondFactor(t.Context(), step.Pending, wrong, office)
		wantError(t, wrong, err, surveys.KindInvalid, "factor.wrong_code")
	}
	open, err := w.SecondFactor(t.Context(), step.Pending, " "+p.next()[:3]+" "+p.shows()[3:], office)
	must(t, err)
	_, _, err = w.SignedIn(t.Context(), open.Secret)
	must(t, err)
	_, err = w.SecondFactor(t.Context(), step.Pending, p.next(), office)
	wantError(t, "what waited is used up", err, surveys.KindUnauthenticated, "")

	open, err = w.SecondFactor(t.Context(), w.enters(t).Pending, strings.ToUpper(strings.ReplaceAll(codes[0], "-", " ")), office)
	must(t, err)
	account, _, err := w.SignedIn(t.Context(), open.Secret)
	must(t, err)
	if account.Factor.Left != 9 || account.Factor.Secret != nil || account.Factor.Codes != nil {
		t.Errorf("the account shows %+v, want nine codes left and no secret", account.Factor)
	}
	_, err = w.SecondFactor(t.Context(), w.enters(t).Pending, codes[0], office)
	wantError(t, "a recovery code used again", err, surveys.KindInvalid, "factor.wrong_code")
	alerts, err := w.Alerts(surveys.WithAccount(t.Context(), account))
	must(t, err)
	if len(alerts) != 1 || !strings.Contains(alerts[0].Body, "recovery code") {
		t.Errorf("alerts %+v, want one about the recovery code", alerts)
	}
}

// TestSecondFactorThrottle: who has the password and guesses is stopped on every
// instance; who has not cannot keep anybody out.
func TestSecondFactorThrottle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _, secret := w.enrols(t)
	first := w.enters(t).Pending
	for i := range 5 {
		want := surveys.KindInvalid
		if i == 4 {
			want = surveys.KindUnauthenticated // the password is asked for again
		}
		_, err := w.another().SecondFactor(t.Context(), first, "000000", office)
		wantError(t, "a wrong code", err, want, "")
	}
	_, err := w.SecondFactor(t.Context(), w.enters(t).Pending, p.next(), surveys.Visitor{Network: "another"})
	wantError(t, "the right code after five wrong ones", err, surveys.KindThrottled, "account.too_many_tries")
	_, _, err = w.SignedIn(t.Context(), secret)
	must(t, err) // who is signed in stays so
	w.clock.pass(15*time.Minute + time.Millisecond)
	_, err = w.SecondFactor(t.Context(), w.enters(t).Pending, p.next(), office)
	must(t, err)
	for range 20 { // a stranger without the password
		_, _ = w.SignIn(t.Context(), ownerEmail, "wrong", surveys.Visitor{Network: "stranger"})
		_, err = w.SecondFactor(t.Context(), "unknown", "000000", surveys.Visitor{Network: "stranger"})
		wantError(t, "nothing waits", err, surveys.KindUnauthenticated, "")
	}
	alerts, err := w.Alerts(w.ctx)
	must(t, err)
	if len(alerts) != 1 || !strings.Contains(alerts[0].Body, "knows your password") {
		t.Errorf("alerts %+v, want one about the guesses", alerts)
	}
}

func TestConfirmFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := w.enters(t).Secret
	_, err := w.FactorBegun(w.ctx)
	wantError(t, "nothing begun", err, surveys.KindNotFound, "factor.begin_again")
	wantError(t, "a wrong password", w.BeginFactor(w.ctx, secret, "wrong"), surveys.KindInvalid, "account.wrong_password")
	must(t, w.BeginFactor(w.ctx, secret, password))
	first, err := w.FactorBegun(w.ctx)
	must(t, err)
	must(t, w.BeginFactor(w.ctx, secret, password))
	drawn, err := w.FactorBegun(w.ctx)
	must(t, err)
	if slices.Equal(first, drawn) {
		t.Error("begun again, the secret is the same")
	}
	_, _, err = w.ConfirmFactor(w.ctx, secret, phone{first, w.clock}.shows())
	wantError(t, "the code of the one before", err, surveys.KindInvalid, "factor.wrong_code")
	w.clock.pass(30 * time.Minute)
	_, _, err = w.ConfirmFactor(w.ctx, secret, phone{drawn, w.clock}.shows())
	wantError(t, "after half an hour", err, surveys.KindNotFound, "factor.begin_again")
	if w.enters(t).Secret == "" {
		t.Error("a factor that was never confirmed is asked for")
	}
}

// TestConfirmFactorEndsOthers: what somebody else opened with the password alone ends.
func TestConfirmFactorEndsOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.enters(t).Secret
	_, _, next := w.enrols(t)
	_, _, err := w.SignedIn(t.Context(), other)
	wantError(t, "another sign-in", err, surveys.KindUnauthenticated, "")
	_, _, err = w.SignedIn(t.Context(), next)
	must(t, err)
}

func TestNewRecoveryCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, old, secret := w.enrols(t)
	_, err := w.NewRecoveryCodes(w.ctx, secret, "wrong")
	wantError(t, "a wrong password", err, surveys.KindInvalid, "account.wrong_password")
	codes, err := w.NewRecoveryCodes(w.ctx, secret, password)
	must(t, err)
	_, err = w.SecondFactor(t.Context(), w.enters(t).Pending, old[0], office)
	wantError(t, "an old code", err, surveys.KindInvalid, "factor.wrong_code")
	_, err = w.SecondFactor(t.Context(), w.enters(t).Pending, codes[0], office)
	must(t, err)
	stored := strings.Join(w.factor(t).Codes, " ")
	for _, code := range codes {
		if strings.Contains(stored, code) || strings.Contains(stored, strings.ReplaceAll(code, "-", "")) {
			t.Error("a recovery code is stored as it is")
		}
	}
}

func TestRemoveFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _, secret := w.enrols(t)
	must(t, w.SetSignInRules(w.ctx, surveys.SignInRules{Factor: true}))
	w.clock.pass(4 * time.Second)
	_, err := w.RemoveFactor(w.ctx, secret, password)
	wantError(t, "while a rule asks for it", err, surveys.KindInvalid, "factor.required")
	must(t, w.SetSignInRules(w.ctx, surveys.SignInRules{Revision: 1}))
	w.clock.pass(4 * time.Second)
	_, err = w.RemoveFactor(w.ctx, secret, "wrong")
	wantError(t, "a wrong password", err, surveys.KindInvalid, "account.wrong_password")
	waits := w.enters(t).Pending
	_, err = w.RemoveFactor(w.ctx, secret, password)
	must(t, err)
	_, err = w.SecondFactor(t.Context(), waits, p.next(), office)
	wantError(t, "what waited for it", err, surveys.KindUnauthenticated, "")
	if w.enters(t).Secret == "" {
		t.Error("it is asked for still")
	}
}

// TestTakeFactor: an owner helps somebody whose phone is lost.
func TestTakeFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, _, _ := w.enrols(t)
	helper, err := w.CreateAccount(w.ctx, surveys.Account{Name: "Hal Helper", Email: "hal@example.org", Owner: true}, password)
	must(t, err)
	helping := surveys.WithAccount(t.Context(), helper)
	step, err := w.SignIn(t.Context(), "hal@example.org", password, office)
	must(t, err)
	open, err := w.SecondFactor(t.Context(), w.enters(t).Pending, p.next(), office)
	must(t, err)
	wantError(t, "a wrong password", w.TakeFactor(helping, w.account.ID, step.Secret, "wrong"), surveys.KindInvalid, "account.wrong_password")
	wantError(t, "one who has none", w.TakeFactor(helping, helper.ID, step.Secret, password), surveys.KindNotFound, "factor.none")
	wantError(t, "nobody", w.TakeFactor(helping, "nobody", step.Secret, password), surveys.KindNotFound, "account.unknown")
	wantError(t, "no owner", w.TakeFactor(w.holding(t, surveys.Roles()...), w.account.ID, step.Secret, password), surveys.KindForbidden, "")
	wantError(t, "one's own", w.TakeFactor(w.ctx, w.account.ID, open.Secret, password), surveys.KindInvalid, "factor.own")
	must(t, w.TakeFactor(helping, w.account.ID, step.Secret, password))
	_, _, err = w.SignedIn(t.Context(), open.Secret)
	wantError(t, "a sign-in that was open", err, surveys.KindUnauthenticated, "")
	if w.enters(t).Secret == "" {
		t.Error("it is asked for still")
	}
	trail, err := w.AuditTrail(helping, "")
	must(t, err)
	if !slices.ContainsFunc(trail, func(e surveys.AuditEntry) bool {
		return e.Action == "factor.taken_away" && e.Account == helper.ID && e.What == string(w.account.ID)
	}) {
		t.Errorf("the trail does not say who took it away: %+v", trail)
	}
	alerts, err := w.Alerts(w.ctx)
	must(t, err)
	if len(alerts) != 1 || !strings.Contains(alerts[0].Body, "taken the second factor") {
		t.Errorf("alerts %+v, want one about it", alerts)
	}
}

// TestFactorSealed keeps the secret sealed where there is a key, and works without.
func TestFactorSealed(t *testing.T) {
	t.Parallel()
	key, err := surveys.NewAddressKey(rand.Reader)
	must(t, err)
	for name, k := range map[string]surveys.AddressKey{"with a key": key, "without": {}} {
		w := newWorld(t)
		w.Service = w.WithMail(surveys.Mail{Key: k})
		p, codes, _ := w.enrols(t)
		stored := w.factor(t)
		if sealed := name == "with a key"; stored.Sealed != sealed || slices.Equal(stored.Secret, p.secret) == sealed || w.SealsFactors() != sealed {
			t.Errorf("%s: sealed %t", name, stored.Sealed)
		}
		_, err := w.SecondFactor(t.Context(), w.enters(t).Pending, p.next(), office)
		must(t, err)
		if !stored.Sealed {
			continue
		}
		lost := w.WithMail(surveys.Mail{})
		_, err = lost.SecondFactor(t.Context(), w.enters(t).Pending, p.next(), office)
		wantError(t, "without the key", err, surveys.KindConflict, "factor.other_key")
		_, err = lost.SecondFactor(t.Context(), w.enters(t).Pending, codes[0], office)
		must(t, err)
	}
}

func TestSignInRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reads := func(ctx context.Context) surveys.Account { a, _ := surveys.AccountFrom(ctx); return a }
	lacks := func(a surveys.Account, outside bool) bool {
		t.Helper()
		is, err := w.another().LacksFactor(t.Context(), a, surveys.SignIn{Outside: outside})
		must(t, err)
		return is
	}
	evaluator, facilitator := reads(w.holding(t, surveys.RoleEvaluator)), reads(w.holding(t, surveys.RoleFacilitator))
	lead := reads(w.holding(t, surveys.RoleSafeguarding))
	if lacks(evaluator, false) {
		t.Error("without a rule, a factor is lacking")
	}
	must(t, w.SetSignInRules(w.ctx, surveys.SignInRules{Factor: true}))
	for _, tt := range []struct {
		name    string
		account surveys.Account
		outside bool
		want    bool
	}{
		{"evaluator", evaluator, false, true}, {"safeguarding lead", lead, false, true}, {"owner", w.account, false, true},
		{"facilitator", facilitator, false, false}, {"evaluator signed in elsewhere", evaluator, true, false},
	} {
		if got := lacks(tt.account, tt.outside); got != tt.want {
			t.Errorf("%s lacks a factor: %t, want %t", tt.name, got, tt.want)
		}
	}
	wantError(t, "a stale revision", w.SetSignInRules(w.ctx, surveys.SignInRules{}), surveys.KindConflict, "record.changed_meanwhile")
	must(t, w.SetSignInRules(w.ctx, surveys.SignInRules{Factor: true, FactorOutside: true, Revision: 1}))
	if !lacks(evaluator, true) {
		t.Error("the rule for who signs in elsewhere does not hold")
	}
	wantError(t, "only elsewhere, without a provider", w.SetSignInRules(w.ctx, surveys.SignInRules{OutsideOnly: true, Revision: 2}), surveys.KindInvalid, "elsewhere.none")
	wantError(t, "no owner", w.SetSignInRules(w.holding(t, surveys.Roles()...), surveys.SignInRules{}), surveys.KindForbidden, "")
}
