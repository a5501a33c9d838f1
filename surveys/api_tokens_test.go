package surveys_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
)

// tokenOf is a context of a token of the owner with these scopes.
func (w *world) tokenOf(tb testing.TB, programme surveys.ProgrammeID, scopes ...surveys.Scope) context.Context {
	tb.Helper()
	token, err := w.CreateAPIToken(w.ctx, surveys.TokenWish{Name: "t", Scopes: scopes, Programme: programme, Days: 7})
	must(tb, err)
	account, err := w.AccountOfToken(tb.Context(), token)
	must(tb, err)
	return surveys.WithAccount(tb.Context(), account)
}

// TestTokenScopes asks with each scope of the owner's, who has all roles, for one thing
// of each permission.
func TestTokenScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(t, w.Grant(w.ctx, ownerEmail, w.programme.ID, surveys.Roles()))
	w.ctx = w.as(t, ownerEmail)
	id := w.programme.ID
	calls := map[surveys.Permission]func(context.Context) error{
		surveys.MaySeeProgramme: func(ctx context.Context) error { return second(w.Programme(ctx, id)) },
		surveys.MayManage:       func(ctx context.Context) error { return second(w.AuditTrail(ctx, id)) },
		surveys.MayRunLinks:     func(ctx context.Context) error { return second(w.Links(ctx, id)) },
		surveys.MayReadAnswers:  func(ctx context.Context) error { return second(w.Dataset(ctx, id, "pupils")) },
		surveys.MayEnterPaper:   func(ctx context.Context) error { return second(w.Batches(ctx, id)) },
		surveys.MayReadFigures:  func(ctx context.Context) error { return second(w.Exports(ctx, id)) },
	}
	lets := map[surveys.Scope][]surveys.Permission{
		surveys.ScopeFigures: {surveys.MayReadFigures},
		surveys.ScopeAnswers: {surveys.MayReadFigures, surveys.MayReadAnswers},
		surveys.ScopeCollect: {surveys.MayRunLinks, surveys.MayEnterPaper},
		surveys.ScopeManage:  {surveys.MayManage},
		surveys.ScopeDesign:  {},
	}
	for _, scope := range surveys.Scopes() {
		ctx := w.tokenOf(t, "", scope)
		for permission, call := range calls {
			err := call(ctx)
			if permission == surveys.MaySeeProgramme || slices.Contains(lets[scope], permission) {
				must(t, err)
				continue
			}
			wantError(t, string(scope), err, surveys.KindForbidden, "account.not_allowed")
		}
		account, _ := surveys.AccountFrom(ctx)
		if account.May(id, surveys.MayReadConcerns) || account.Owns() != (scope == surveys.ScopeManage) || account.Designs() != (scope == surveys.ScopeDesign) {
			t.Errorf("%s: concerns %v, owns %v, designs %v", scope, account.May(id, surveys.MayReadConcerns), account.Owns(), account.Designs())
		}
	}
}

// TestTokenOfOneProgramme knows of no other.
func TestTokenOfOneProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, other := w.partner(t)
	ctx := w.tokenOf(t, other.ID, surveys.Scopes()...)
	must(t, second(w.Programme(ctx, other.ID)))
	_, err := w.Programme(ctx, w.programme.ID)
	wantError(t, "another programme", err, surveys.KindNotFound, "programme.not_found")
	_, err = w.CreateProgramme(ctx, plan())
	wantError(t, "owning", err, surveys.KindForbidden, "")
	_, err = w.Questionnaire(ctx, "views")
	wantError(t, "another programme's questionnaire", err, surveys.KindNotFound, "")
}

// TestTokensDoNothingAboutAccounts tries everything about accounts with a token that
// may all that a token may, of an owner.
func TestTokensDoNothingAboutAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, id := w.tokenOf(t, "", surveys.Scopes()...), w.account.ID
	for name, err := range map[string]error{
		"CreateAccount":   second(w.CreateAccount(ctx, surveys.Account{Name: "x", Email: "x@example.org"}, password)),
		"Accounts":        second(w.Accounts(ctx)),
		"Invite":          second(w.Invite(ctx, surveys.StaffInvitation{Name: "x", Email: "x@example.org"})),
		"InvitePerson":    second(w.Invite(ctx, surveys.StaffInvitation{Name: "x", Email: "x@example.org", Programme: w.programme.ID, Roles: surveys.Roles()})),
		"Invitations":     second(w.Invitations(ctx, w.programme.ID)),
		"Grant":           w.Grant(ctx, ownerEmail, w.programme.ID, surveys.Roles()),
		"MakeReset":       second(w.MakeReset(ctx, id)),
		"SetInactive":     w.SetInactive(ctx, id, true),
		"RemoveAccount":   w.RemoveAccount(ctx, id),
		"SetOwner":        w.SetOwner(ctx, id, true),
		"Orphans":         second(w.Orphans(ctx)),
		"Appoint":         w.Appoint(ctx, w.programme.ID, id),
		"ProgrammeNames":  second(w.ProgrammeNames(ctx)),
		"CreateAPIToken":  second(w.CreateAPIToken(ctx, everything("more"))),
		"APITokens":       second(w.APITokens(ctx)),
		"AllAPITokens":    second(w.AllAPITokens(ctx)),
		"RevokeAPIToken":  w.RevokeAPIToken(ctx, "none"),
		"SignIns":         second(w.SignIns(ctx)),
		"EndSignIn":       w.EndSignIn(ctx, "none"),
		"EndOthers":       second(w.EndOtherSignIns(ctx, "none")),
		"ChangePassword":  second(w.ChangePassword(ctx, "none", password, "another password, longer")),
		"ChangeName":      w.ChangeName(ctx, "x"),
		"ChangeAddress":   w.ChangeAddress(ctx, "x@example.org", password),
		"ConfirmPassword": w.ConfirmPassword(ctx, password),
		"Share":           w.ShareQuestionnaire(ctx, "views", true),
	} {
		wantError(t, name, err, surveys.KindForbidden, "api_token.not_for_this")
	}
}

func TestTokenIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for field, change := range map[string]func(*surveys.TokenWish){
		"name":      func(wish *surveys.TokenWish) { wish.Name = " " },
		"scopes":    func(wish *surveys.TokenWish) { wish.Scopes = nil },
		"days":      func(wish *surveys.TokenWish) { wish.Days = 366 },
		"programme": func(wish *surveys.TokenWish) { wish.Programme = "none" },
	} {
		wish := everything("nightly")
		change(&wish)
		_, err := w.CreateAPIToken(w.ctx, wish)
		wantField(t, field, err, field)
	}
}

// TestTokensOfOthers are an owner's to see and to revoke, and vanish when they end.
func TestTokensOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fay, _ := w.join(t, "fay", surveys.RoleEvaluator)
	short := everything("short")
	short.Days = 7
	token, err := w.CreateAPIToken(fay, short)
	must(t, err)
	must(t, second(w.CreateAPIToken(fay, everything("long"))))
	_, err = w.AllAPITokens(fay)
	wantError(t, "by no owner", err, surveys.KindForbidden, "")
	must(t, second(w.AccountOfToken(t.Context(), token)))
	w.clock.pass(25 * time.Hour)
	must(t, second(w.AccountOfToken(t.Context(), token)))
	all, err := w.AllAPITokens(w.ctx)
	must(t, err)
	if len(all) != 2 || !slices.ContainsFunc(all, func(one surveys.APIToken) bool { return one.Used.Equal(time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)) }) {
		t.Errorf("AllAPITokens = %+v, want two, one used on the second day", all)
	}
	w.clock.pass(6 * 24 * time.Hour)
	_, err = w.AccountOfToken(t.Context(), token)
	wantError(t, "after seven days", err, surveys.KindUnauthenticated, "api_token.unknown")
	all, err = w.AllAPITokens(w.ctx)
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d tokens are listed, want 1", len(all))
	}
	must(t, w.RevokeAPIToken(w.ctx, all[0].ID))
	if all, _ = w.APITokens(fay); len(all) != 0 {
		t.Error("the owner's revoking did not end the token")
	}
}
