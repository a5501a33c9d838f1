package surveys_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
)

// madeUpProvider answers with what a test says; that of a real one is tested in
// cmd/soundings/outsidetest.
type madeUpProvider struct {
	says map[string]surveys.ProviderSays // by code
	down bool
	asks []surveys.ProviderAsk
}

var errDown = &surveys.Error{Kind: surveys.KindUnavailable, Key: "elsewhere.down", Err: errors.New("no route")}

func (p *madeUpProvider) Name() string        { return "Northbank" }
func (p *madeUpProvider) Issuer() string      { return "https://login.example.org" }
func (p *madeUpProvider) OwnersGroup() string { return "owners" }

func (p *madeUpProvider) Start(_ context.Context, ask surveys.ProviderAsk) (string, error) {
	if p.down {
		return "", errDown
	}
	p.asks = append(p.asks, ask)
	return "https://login.example.org/auth?state=" + ask.State, nil
}

func (p *madeUpProvider) Finish(_ context.Context, ask surveys.ProviderAsk, code string) (surveys.ProviderSays, error) {
	if p.down {
		return surveys.ProviderSays{}, errDown
	}
	if !slices.Contains(p.asks, ask) {
		return surveys.ProviderSays{}, &surveys.Error{Kind: surveys.KindUnauthenticated, Key: "elsewhere.refused"}
	}
	return p.says[code], nil
}

func (p *madeUpProvider) SignOut(context.Context) (string, error) {
	return "https://login.example.org/end", nil
}

// ada is somebody at the provider.
func ada(groups ...string) surveys.ProviderSays {
	return surveys.ProviderSays{Subject: "ada-1", Email: "ada@example.org", Verified: true, Name: "Ada", Groups: groups}
}

// outsideWorld is a world whose accounts can sign in elsewhere.
type outsideWorld struct {
	*world
	provider *madeUpProvider
}

func newOutsideWorld(tb testing.TB, w *world) outsideWorld {
	p := &madeUpProvider{says: map[string]surveys.ProviderSays{}}
	w.Service = w.WithProvider(p)
	return outsideWorld{w, p}
}

// another is a second instance on the same store.
func (w outsideWorld) another() *surveys.Service { return w.world.another().WithProvider(w.provider) }

// goes begins on one instance and comes back to another, as whom the provider says.
func (w outsideWorld) goes(tb testing.TB, says surveys.ProviderSays) (surveys.SignInStep, error) {
	tb.Helper()
	to, err := w.SignInElsewhere(tb.Context(), office, "")
	must(tb, err)
	w.provider.says["code"] = says
	step, _, err := w.world.another().WithProvider(w.provider).BackFromElsewhere(tb.Context(), back(to))
	return step, err
}

func back(to surveys.Elsewhere) surveys.Returned {
	_, state, _ := strings.Cut(to.Address, "state=")
	return surveys.Returned{State: state, Code: "code", Browser: to.Browser, From: office}
}

// signedIn is the account of a step.
func (w outsideWorld) signedIn(tb testing.TB, step surveys.SignInStep, err error) (surveys.Account, surveys.SignIn) {
	tb.Helper()
	must(tb, err)
	account, signIn, err := w.SignedIn(tb.Context(), step.Secret)
	must(tb, err)
	return account, signIn
}

func (w outsideWorld) groups(tb testing.TB, group string, roles ...surveys.Role) {
	tb.Helper()
	must(tb, w.SetGroupRoles(w.ctx, w.programme.ID, surveys.GroupRoles{Group: group, Roles: roles}))
}

func TestElsewhereOnBothStores(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newOutsideWorld(t, newWorldIn(t, store))
		w.groups(t, "evaluators", surveys.RoleEvaluator)
		w.groups(t, "helpers", surveys.RoleFacilitator)
		to, err := w.SignInElsewhere(t.Context(), office, "")
		must(t, err)
		w.provider.says["code"] = ada("evaluators", "helpers", "others")
		steps, errs := together(2, func(int) (surveys.SignInStep, error) {
			step, _, err := w.another().BackFromElsewhere(t.Context(), back(to))
			return step, err
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("brought back on two instances at once: %v, want one to be let in", errs)
		}
		step := steps[0]
		if errs[0] != nil {
			step = steps[1]
		}
		account, signIn := w.signedIn(t, step, nil)
		if diff := cmp.Diff([]surveys.Role{surveys.RoleEvaluator, surveys.RoleFacilitator}, account.Roles[w.programme.ID]); diff != "" || account.Owner || !signIn.Outside {
			t.Errorf("roles by group (-want +got):\n%s owner %t, outside %t", diff, account.Owner, signIn.Outside)
		}
		again, _ := w.signedIn2(t, ada("helpers"))
		if again.ID != account.ID || !slices.Equal(again.Roles[w.programme.ID], []surveys.Role{surveys.RoleFacilitator}) {
			t.Errorf("signed in without the group: %+v, want the same account as facilitator only", again)
		}
		members, err := w.GroupMembers(w.ctx, w.programme.ID)
		must(t, err)
		if len(members) != 1 || members[0].Account.Email != "ada@example.org" {
			t.Errorf("members by group %+v, want Ada", members)
		}
	})
}

func (w outsideWorld) signedIn2(tb testing.TB, says surveys.ProviderSays) (surveys.Account, surveys.SignIn) {
	tb.Helper()
	step, err := w.goes(tb, says)
	return w.signedIn(tb, step, err)
}

// TestElsewhereRefuses: what did not begin here, in this browser, just now, is not heard.
func TestElsewhereRefuses(t *testing.T) {
	t.Parallel()
	w := newOutsideWorld(t, newWorld(t))
	w.groups(t, "helpers", surveys.RoleFacilitator)
	w.provider.says["code"] = ada("helpers")
	to, err := w.SignInElsewhere(t.Context(), office, "")
	must(t, err)
	other, err := w.SignInElsewhere(t.Context(), office, "")
	must(t, err)
	for name, change := range map[string]func(*surveys.Returned){
		"another browser": func(r *surveys.Returned) { r.Browser = other.Browser },
		"no browser":      func(r *surveys.Returned) { r.Browser = "" },
		"another state":   func(r *surveys.Returned) { r.State = "0123456789abcdef0123456789abcdef" },
		"no state":        func(r *surveys.Returned) { r.State = "" },
	} {
		wrong := back(to)
		change(&wrong)
		_, _, err = w.BackFromElsewhere(t.Context(), wrong)
		wantError(t, name, err, surveys.KindUnauthenticated, "elsewhere.begin_again")
	}
	_, _, err = w.BackFromElsewhere(t.Context(), back(to))
	must(t, err)
	_, _, err = w.BackFromElsewhere(t.Context(), back(to))
	wantError(t, "brought back again", err, surveys.KindUnauthenticated, "elsewhere.begin_again")
	w.clock.pass(10 * time.Minute)
	_, _, err = w.BackFromElsewhere(t.Context(), back(other))
	wantError(t, "after ten minutes", err, surveys.KindUnauthenticated, "elsewhere.begin_again")
	w.provider.down = true
	_, err = w.SignInElsewhere(t.Context(), office, "")
	wantError(t, "the provider is down", err, surveys.KindUnavailable, "elsewhere.down")
	_, err = w.world.another().SignInElsewhere(t.Context(), office, "")
	wantError(t, "no provider", err, surveys.KindNotFound, "")
}

func TestJoinOutside(t *testing.T) {
	t.Parallel()
	w := newOutsideWorld(t, newWorld(t))
	w.groups(t, "helpers", surveys.RoleFacilitator)
	for _, tt := range []struct {
		name string
		says surveys.ProviderSays
		key  string
	}{
		{"an address that nobody vouches for", surveys.ProviderSays{Subject: "x", Email: ownerEmail, Groups: []string{"helpers"}}, "elsewhere.not_verified"},
		{"no address", surveys.ProviderSays{Subject: "x", Verified: true, Groups: []string{"helpers"}}, "elsewhere.not_verified"},
		{"no group that has a role", ada("others"), "elsewhere.no_account"},
		{"groups not listed", surveys.ProviderSays{Subject: "x", Email: "x@example.org", Verified: true, NotListed: true}, "elsewhere.not_listed"},
		{"no address that an account can have", surveys.ProviderSays{Subject: "x", Email: "x", Verified: true, Groups: []string{"helpers"}}, "elsewhere.unusable"},
	} {
		_, err := w.goes(t, tt.says)
		wantError(t, tt.name, err, surveys.KindUnauthenticated, tt.key)
	}
	owner := surveys.ProviderSays{Subject: "olu-1", Email: ownerEmail, Verified: true}
	account, _ := w.signedIn2(t, owner)
	if account.ID != w.account.ID || !account.Owner {
		t.Errorf("joined %+v, want the owner's account with what it had by hand", account)
	}
	owner.Email, owner.Verified = "another@example.org", false // linked, the address counts no more
	if again, _ := w.signedIn2(t, owner); again.ID != w.account.ID {
		t.Errorf("signed in as %s, want the account that is linked", again.ID)
	}
	_, err := w.goes(t, surveys.ProviderSays{Subject: "eve-1", Email: ownerEmail, Verified: true})
	wantError(t, "another person with the address", err, surveys.KindUnauthenticated, "elsewhere.another_person")
	account, _ = w.signedIn2(t, ada("owners"))
	if !account.Owner || len(account.Roles) != 0 {
		t.Errorf("a member of the owners' group is %+v, want an owner without roles", account)
	}
	if account, _ = w.signedIn2(t, ada("helpers")); account.Owner {
		t.Error("out of the owners' group, and an owner still")
	}
	step, err := w.SignIn(t.Context(), "ada@example.org", "", office)
	if err == nil {
		t.Errorf("an account without a password is let in with none: %+v", step)
	}
}

// TestJoinOutsideProves: whoever made an account for somebody's address, or took it, is
// out of it once that person signs in elsewhere.
func TestJoinOutsideProves(t *testing.T) {
	t.Parallel()
	w := newOutsideWorld(t, newWorld(t))
	_, err := w.CreateAccount(w.ctx, surveys.Account{Name: "Mallory", Email: "ada@example.org"}, password)
	must(t, err)
	mallory, err := w.SignIn(t.Context(), "ada@example.org", password, office)
	must(t, err)
	acting, _, err := w.SignedIn(t.Context(), mallory.Secret)
	must(t, err)
	token, err := w.CreateAPIToken(surveys.WithAccount(t.Context(), acting), surveys.TokenWish{Name: "nightly", Days: 30, Scopes: []surveys.Scope{surveys.ScopeManage}})
	must(t, err)
	if account, _ := w.signedIn2(t, ada("owners")); account.ID != acting.ID || !account.Owner {
		t.Errorf("joined %+v, want the account with the address, an owner by group", account)
	}
	_, _, err = w.SignedIn(t.Context(), mallory.Secret)
	wantError(t, "the sign-in from before", err, surveys.KindUnauthenticated, "account.sign_in")
	_, err = w.SignIn(t.Context(), "ada@example.org", password, office)
	wantError(t, "the password from before", err, surveys.KindUnauthenticated, "account.wrong_sign_in")
	_, err = w.AccountOfToken(t.Context(), token)
	wantError(t, "the token from before", err, surveys.KindUnauthenticated, "api_token.unknown")
}

// TestRolesByHandStayApart: what a group gives is never written into what was given by
// hand, and ends by itself.
func TestRolesByHandStayApart(t *testing.T) {
	t.Parallel()
	w := newOutsideWorld(t, newWorld(t))
	w.groups(t, "evaluators", surveys.RoleEvaluator)
	w.signedIn2(t, ada("evaluators"))
	must(t, w.Grant(w.ctx, "ada@example.org", w.programme.ID, []surveys.Role{surveys.RoleFacilitator}))
	step, err := w.goes(t, ada("evaluators"))
	account, _ := w.signedIn(t, step, err)
	both := []surveys.Role{surveys.RoleEvaluator, surveys.RoleFacilitator}
	if !slices.Equal(account.Roles[w.programme.ID], both) {
		t.Errorf("roles %v, want %v", account.Roles[w.programme.ID], both)
	}
	w.groups(t, "evaluators", surveys.RoleSafeguarding)
	_, _, err = w.SignedIn(t.Context(), step.Secret)
	wantError(t, "after the roles of the group changed", err, surveys.KindUnauthenticated, "")
	step, err = w.goes(t, ada())
	if account, _ = w.signedIn(t, step, err); !slices.Equal(account.Roles[w.programme.ID], both[1:]) {
		t.Errorf("out of the group: roles %v, want those by hand only", account.Roles[w.programme.ID])
	}
	w.groups(t, "evaluators", surveys.RoleEvaluator)
	must(t, w.Grant(w.ctx, "ada@example.org", w.programme.ID, nil))
	step, err = w.goes(t, ada("evaluators"))
	account, _ = w.signedIn(t, step, err)
	token, err := w.CreateAPIToken(surveys.WithAccount(t.Context(), account), surveys.TokenWish{Name: "nightly", Days: 30, Scopes: []surveys.Scope{surveys.ScopeFigures}})
	must(t, err)
	w.clock.pass(7*24*time.Hour + time.Millisecond)
	must(t, surveys.ForgetOldGroups(t.Context(), w.Service))
	if account, err = w.AccountOfToken(t.Context(), token); err != nil || len(account.Roles) != 0 {
		t.Errorf("after a week without a sign-in elsewhere, a token has the roles %v, %v", account.Roles, err)
	}
}

func TestSetGroupRolesRefuses(t *testing.T) {
	t.Parallel()
	w := newOutsideWorld(t, newWorld(t))
	set := func(group string, roles ...surveys.Role) error {
		return w.SetGroupRoles(w.ctx, w.programme.ID, surveys.GroupRoles{Group: group, Roles: roles})
	}
	wantField(t, "no name", set(" ", surveys.RoleFacilitator), "group")
	wantField(t, "two lines", set("a\nb", surveys.RoleFacilitator), "group")
	wantField(t, "unknown role", set("a", "king"), "roles")
	wantField(t, "no roles", set("a"), "roles")
	must(t, set(" a ", surveys.RoleFacilitator, surveys.RoleFacilitator))
	must(t, set("b", surveys.RoleEvaluator))
	must(t, set("a"))
	groups, err := w.GroupRoles(w.ctx, w.programme.ID)
	must(t, err)
	if diff := cmp.Diff([]surveys.GroupRoles{{Group: "b", Roles: []surveys.Role{surveys.RoleEvaluator}}}, groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

func TestLinkElsewhere(t *testing.T) {
	t.Parallel()
	w := newOutsideWorld(t, newWorld(t))
	w.groups(t, "helpers", surveys.RoleFacilitator)
	secret := w.enters(t).Secret
	_, err := w.LinkElsewhere(w.ctx, secret, "wrong", "")
	wantError(t, "a wrong password", err, surveys.KindInvalid, "account.wrong_password")
	link := func(signIn string, says surveys.ProviderSays) error {
		to, err := w.LinkElsewhere(w.ctx, secret, password, "")
		must(t, err)
		w.provider.says["code"] = says
		r := back(to)
		r.SignIn = signIn
		_, linked, err := w.another().BackFromElsewhere(t.Context(), r)
		if !linked {
			t.Error("what comes back opens a sign-in of its own")
		}
		return err
	}
	private := surveys.ProviderSays{Subject: "olu-9", Email: "olu.private@example.org"}
	wantError(t, "signed out meanwhile", link("", private), surveys.KindUnauthenticated, "")
	w.signedIn2(t, ada("helpers"))
	wantError(t, "somebody who has another account", link(secret, ada("helpers")), surveys.KindUnauthenticated, "elsewhere.another_account")
	must(t, link(secret, private))
	wantError(t, "a second person", link(secret, surveys.ProviderSays{Subject: "olu-10"}), surveys.KindUnauthenticated, "elsewhere.another_person")
	account, _ := w.signedIn2(t, private)
	if account.ID != w.account.ID {
		t.Errorf("signed in as %s, want the linked account", account.ID)
	}
	wantError(t, "a wrong password", w.UnlinkElsewhere(w.ctx, secret, "wrong"), surveys.KindInvalid, "account.wrong_password")
	must(t, w.UnlinkElsewhere(w.ctx, secret, password))
	_, err = w.goes(t, private)
	wantError(t, "unlinked", err, surveys.KindUnauthenticated, "elsewhere.not_verified")
	wantError(t, "unlinked again", w.UnlinkElsewhere(w.ctx, secret, password), surveys.KindNotFound, "elsewhere.not_linked")

	step, err := w.goes(t, ada("helpers"))
	guest, _ := w.signedIn(t, step, err)
	acting := surveys.WithAccount(t.Context(), guest)
	wantError(t, "unlinking without a password", w.UnlinkElsewhere(acting, step.Secret, ""), surveys.KindInvalid, "elsewhere.no_password")
	w.clock.pass(15*time.Minute + time.Millisecond)
	wantError(t, "long after signing in", w.UnlinkElsewhere(acting, step.Secret, ""), surveys.KindInvalid, "factor.sign_in_again")
}

// TestElsewhereAndSecondFactor: the provider's sign-in is enough, unless a rule says
// that ours is asked for besides; and a rule may leave passwords to owners.
func TestElsewhereAndSecondFactor(t *testing.T) {
	t.Parallel()
	w := newOutsideWorld(t, newWorld(t))
	p, _, _ := w.enrols(t)
	olu := surveys.ProviderSays{Subject: "olu-1", Email: ownerEmail, Verified: true}
	w.signedIn2(t, olu)
	must(t, w.SetSignInRules(w.ctx, surveys.SignInRules{Factor: true, FactorOutside: true, OutsideOnly: true}))
	w.clock.pass(4 * time.Second)
	step, err := w.goes(t, olu)
	must(t, err)
	if step.Secret != "" || step.Pending == "" {
		t.Fatalf("signed in elsewhere: %+v, want it to wait for the second factor", step)
	}
	step, err = w.SecondFactor(t.Context(), step.Pending, p.next(), office)
	if _, signIn := w.signedIn(t, step, err); !signIn.Outside {
		t.Error("the sign-in does not say that it came from elsewhere")
	}
	if w.enters(t).Pending == "" {
		t.Error("an owner's password works no more")
	}
	_, err = w.CreateAccount(w.ctx, surveys.Account{Name: "Ed", Email: "ed@example.org"}, password)
	must(t, err)
	_, err = w.SignIn(t.Context(), "ed@example.org", password, office)
	wantError(t, "somebody else's password", err, surveys.KindUnauthenticated, "elsewhere.only")
	_, err = w.SignIn(t.Context(), "ed@example.org", "wrong", office)
	wantError(t, "somebody else's wrong password", err, surveys.KindUnauthenticated, "account.wrong_sign_in")
	_, err = w.world.another().SignIn(t.Context(), "ed@example.org", password, office)
	must(t, err) // where no provider is set, nobody is shut out
}
