package surveys_test

import (
	"context"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// partner is a context of a designer of another programme than the world's.
func (w *world) partner(tb testing.TB) (context.Context, surveys.Programme) {
	tb.Helper()
	p := plan()
	p.Name = "Partner's programme"
	p.Strands[0].Questionnaire = "theirs"
	must(tb, second(w.Publish(w.ctx, "theirs", definition(tb))))
	other, err := w.CreateProgramme(w.ctx, p)
	must(tb, err)
	w.ctx = w.as(tb, ownerEmail)
	return surveys.WithAccount(tb.Context(), surveys.Account{ID: "paula", Name: "Paula", Roles: map[surveys.ProgrammeID][]surveys.Role{other.ID: {surveys.RoleDesigner, surveys.RoleAdministrator}}}), other
}

// TestPartnersSeeOnlyTheirQuestionnaires: a designer of one programme gets for what
// only others use the same answer as for what there is not.
func TestPartnersSeeOnlyTheirQuestionnaires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paula, _ := w.partner(t)
	must(t, second(w.CreateDraft(w.ctx, "owners_draft", definition(t))))
	own := w.holding(t, surveys.RoleDesigner)
	must(t, second(w.StartDraft(own, "views")))
	must(t, second(w.CreateDraft(own, "secret_draft", definition(t))))
	trial, err := w.StartTrial(own, "views", 1, questionnaire.WavePre, "")
	must(t, err)
	for name, call := range map[string]func(context.Context, questionnaire.ID) error{
		"Questionnaire": func(ctx context.Context, id questionnaire.ID) error { return second(w.Questionnaire(ctx, id)) },
		"Version":       func(ctx context.Context, id questionnaire.ID) error { return second(w.Version(ctx, id, 1)) },
		"Versions":      func(ctx context.Context, id questionnaire.ID) error { return second(w.Versions(ctx, id)) },
		"Draft":         func(ctx context.Context, id questionnaire.ID) error { return second(w.Draft(ctx, id)) },
		"Trials":        func(ctx context.Context, id questionnaire.ID) error { return second(w.Trials(ctx, id)) },
		"Shared":        func(ctx context.Context, id questionnaire.ID) error { return second(w.SharedQuestionnaire(ctx, id)) },
		"CheckCore":     func(ctx context.Context, id questionnaire.ID) error { return second(w.CheckCore(ctx, "theirs", id)) },
		"Publish":       func(ctx context.Context, id questionnaire.ID) error { return second(w.Publish(ctx, id, definition(t))) },
		"StartDraft":    func(ctx context.Context, id questionnaire.ID) error { return second(w.StartDraft(ctx, id)) },
		"DiscardDraft":  func(ctx context.Context, id questionnaire.ID) error { return w.DiscardDraft(ctx, id) },
		"Retire":        func(ctx context.Context, id questionnaire.ID) error { return w.Retire(ctx, id) },
		"StartTrial": func(ctx context.Context, id questionnaire.ID) error {
			return second(w.StartTrial(ctx, id, 1, questionnaire.WavePre, ""))
		},
	} {
		for _, id := range []questionnaire.ID{"views", "owners_draft", "secret_draft"} {
			wantError(t, name+" "+string(id), call(paula, id), surveys.KindNotFound, "")
		}
	}
	wantError(t, "EndTrial", w.EndTrial(paula, trial.Token), surveys.KindNotFound, "link.not_found")
	_, _, err = w.TrialAnswers(paula, trial.Token)
	wantError(t, "TrialAnswers", err, surveys.KindNotFound, "link.not_found")
	w.wantLists(t, "the partner", paula, []questionnaire.ID{"theirs"}, nil)
	w.wantLists(t, "the designer", own, []questionnaire.ID{"views"}, []questionnaire.ID{"secret_draft", "views"})
	w.wantLists(t, "the owner", w.ctx, []questionnaire.ID{"theirs", "views"}, []questionnaire.ID{"owners_draft", "secret_draft", "views"})
}

// wantLists compares what two lists show an account, in any order.
func (w *world) wantLists(tb testing.TB, who string, ctx context.Context, published, drafts []questionnaire.ID) {
	tb.Helper()
	got := map[questionnaire.ID]int{}
	all, err := w.Questionnaires(ctx)
	must(tb, err)
	for _, q := range all {
		got[q.ID]++
	}
	open, err := w.Drafts(ctx)
	must(tb, err)
	for _, d := range open {
		got[d.ID]++
	}
	if len(all) != len(published) || len(open) != len(drafts) {
		tb.Errorf("%s sees %d questionnaires and %d drafts, want %v and %v", who, len(all), len(open), published, drafts)
	}
	for _, id := range append(published, drafts...) {
		if got[id]--; got[id] < 0 {
			tb.Errorf("%s does not see %s", who, id)
		}
	}
}

// TestSharedQuestionnaire may be looked at and copied by all, and changed by none more.
func TestSharedQuestionnaire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paula, _ := w.partner(t)
	wantError(t, "by no owner", w.ShareQuestionnaire(paula, "theirs", true), surveys.KindForbidden, "")
	wantError(t, "what there is not", w.ShareQuestionnaire(w.ctx, "none", true), surveys.KindNotFound, "")
	must(t, w.ShareQuestionnaire(w.ctx, "views", true))
	must(t, second(w.Questionnaire(paula, "views")))
	_, err := w.Publish(paula, "views", definition(t))
	wantError(t, "changing it", err, surveys.KindForbidden, "account.not_allowed")
	must(t, w.ShareQuestionnaire(w.ctx, "views", false))
	_, err = w.Questionnaire(paula, "views")
	wantError(t, "shared no more", err, surveys.KindNotFound, "questionnaire.not_found")
}

// TestOldQuestionnairesHaveNoHome: what was there before is seen by who uses it.
func TestOldQuestionnairesHaveNoHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paula, _ := w.partner(t)
	must(t, w.store.DeleteRecord(t.Context(), "home", "views"))
	must(t, second(w.Questionnaire(w.holding(t, surveys.RoleDesigner), "views")))
	_, err := w.Questionnaire(paula, "views")
	wantError(t, "who does not use it", err, surveys.KindNotFound, "")
}

func TestSavedItemsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paula, _ := w.partner(t)
	own := w.holding(t, surveys.RoleDesigner)
	item := questionnaire.Item{ID: "calm", Kind: questionnaire.KindShortText, Label: questionnaire.Text{"en": "How calm?"}}
	saved, err := w.SaveItem(own, item, false)
	must(t, err)
	must(t, second(w.SaveItem(w.ctx, item, false))) // an owner's are for all
	for who, tt := range map[string]struct {
		ctx  context.Context
		want int
	}{"the partner": {paula, 1}, "the designer": {own, 2}, "the owner": {w.ctx, 2}} {
		all, err := w.SavedItems(tt.ctx)
		must(t, err)
		if len(all) != tt.want {
			t.Errorf("%s sees %d saved items, want %d", who, len(all), tt.want)
		}
	}
	wantError(t, "another's", w.DeleteSavedItem(paula, saved.ID), surveys.KindNotFound, "item.not_found")
}

// TestMembersOfOneProgramme shows an administrator nobody, and no role, of others.
func TestMembersOfOneProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, other := w.partner(t)
	w.join(t, "fay", surveys.RoleFacilitator)
	must(t, w.Grant(w.ctx, "fay@example.org", other.ID, []surveys.Role{surveys.RoleEvaluator}))
	w.join(t, "gil", surveys.RoleFacilitator)
	must(t, w.Grant(w.ctx, "gil@example.org", w.programme.ID, nil))
	members, err := w.Members(w.ctx, w.programme.ID)
	must(t, err)
	if len(members) != 2 || members[0].Name != "fay" || len(members[0].Roles) != 1 || members[0].Owner || members[0].Password != "" {
		t.Errorf("Members = %+v, want Fay and the owner with their roles here only", members)
	}
}
