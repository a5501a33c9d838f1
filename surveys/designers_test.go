package surveys_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestDesignersOnly calls everything about drafts, versions, trials, media and
// saved items signed out, with each role, and as an owner without a role. What
// changes a questionnaire that another programme uses too is for who designs in
// that one as well; what only looks is for any designer.
func TestDesignersOnly(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	trial := w.trial(t, 1)
	other, err := w.CreateProgramme(w.ctx, plan()) // uses the questionnaire too
	must(t, err)
	both := map[surveys.ProgrammeID][]surveys.Role{w.programme.ID: {surveys.RoleDesigner}, other.ID: {surveys.RoleAdministrator}}
	nothing := func(*questionnaire.Definition) error { return nil }
	for _, tt := range []struct {
		name    string
		changes bool
		call    func(context.Context) error
	}{
		{"CreateDraft", true, func(ctx context.Context) error {
			return second(w.CreateDraft(ctx, "views", questionnaire.Definition{}))
		}},
		{"StartDraft", true, func(ctx context.Context) error { return second(w.StartDraft(ctx, "views")) }},
		{"EditDraft", true, func(ctx context.Context) error { return second(w.EditDraft(ctx, "views", "edit", nothing)) }},
		{"UndoDraft", true, func(ctx context.Context) error { return second(w.UndoDraft(ctx, "views")) }},
		{"RedoDraft", true, func(ctx context.Context) error { return second(w.RedoDraft(ctx, "views")) }},
		{"PublishDraft", true, func(ctx context.Context) error {
			return second(w.PublishDraft(ctx, "views", 7, surveys.Decisions{}))
		}},
		{"Publish", true, func(ctx context.Context) error {
			return second(w.Publish(ctx, "views", questionnaire.Definition{}))
		}},
		{"Retire", true, func(ctx context.Context) error { return w.Retire(ctx, "views") }},
		{"Reinstate", true, func(ctx context.Context) error { return w.Reinstate(ctx, "views") }},
		{"StartTrial", true, func(ctx context.Context) error { return second(w.StartTrial(ctx, "views", 1, "pre", "")) }},
		{"EndTrial", true, func(ctx context.Context) error { return w.EndTrial(ctx, trial.Token) }},
		{"Draft", false, func(ctx context.Context) error { return second(w.Draft(ctx, "views")) }},
		{"Drafts", false, func(ctx context.Context) error { return second(w.Drafts(ctx)) }},
		{"DraftChanges", false, func(ctx context.Context) error { return second(w.DraftChanges(ctx, "views")) }},
		{"CopyQuestionnaire", false, func(ctx context.Context) error { return second(w.CopyQuestionnaire(ctx, "views", 1, "No id")) }},
		{"Versions", false, func(ctx context.Context) error { return second(w.Versions(ctx, "views")) }},
		{"Version", false, func(ctx context.Context) error { return second(w.Version(ctx, "views", 1)) }},
		{"CheckCore", false, func(ctx context.Context) error { return second(w.CheckCore(ctx, "views")) }},
		{"Trials", false, func(ctx context.Context) error { return second(w.Trials(ctx, "views")) }},
		{"TrialAnswers", false, func(ctx context.Context) error { _, _, err := w.TrialAnswers(ctx, trial.Token); return err }},
		{"AddMedium", false, func(ctx context.Context) error { return second(w.AddMedium(ctx, nil)) }},
		{"Medium", false, func(ctx context.Context) error { return second(w.Medium(ctx, "none")) }},
		{"SaveItem", false, func(ctx context.Context) error { return second(w.SaveItem(ctx, questionnaire.Item{}, false)) }},
		{"SavedItems", false, func(ctx context.Context) error { return second(w.SavedItems(ctx)) }},
		{"DeleteSavedItem", false, func(ctx context.Context) error { return w.DeleteSavedItem(ctx, "none") }},
		{"DiscardDraft", true, func(ctx context.Context) error { return w.DiscardDraft(ctx, "views") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantError(t, "signed out", tt.call(t.Context()), surveys.KindUnauthenticated, "account.sign_in")
			for _, role := range surveys.Roles() {
				designs := role == surveys.RoleDesigner || role == surveys.RoleAdministrator
				wantAllowed(t, string(role), tt.call(w.holding(t, role)), designs && !tt.changes)
			}
			wantAllowed(t, "designer of both", tt.call(surveys.WithAccount(t.Context(), surveys.Account{ID: "both", Roles: both})), true)
			wantAllowed(t, "owner", tt.call(surveys.WithAccount(t.Context(), surveys.Account{ID: "bare", Owner: true})), true)
		})
	}
	_, err = w.StartTrial(surveys.WithAccount(t.Context(), surveys.Account{ID: "both", Roles: both}), "views", 1, "pre", other.ID)
	must(t, err)
	facilitates := map[surveys.ProgrammeID][]surveys.Role{w.programme.ID: {surveys.RoleDesigner}, other.ID: {surveys.RoleFacilitator}}
	_, err = w.StartTrial(surveys.WithAccount(t.Context(), surveys.Account{ID: "some", Roles: facilitates}), "fresh", 1, "pre", other.ID)
	wantError(t, "a trial in the name of a programme where one does not design", err, surveys.KindForbidden, "account.not_allowed")
}

// wantAllowed checks whether a call got past the question who may do it.
func wantAllowed(t *testing.T, who string, err error, allowed bool) {
	t.Helper()
	refused := err != nil && surveys.KindOf(err) == surveys.KindForbidden
	if refused == allowed {
		t.Errorf("%s: error = %v, want allowed %v", who, err, allowed)
	}
}

// TestDesignFaults lets each store call of an operation fail in turn and does it
// again: what is there then is as if nothing had failed.
func TestDesignFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	decisions := surveys.Decisions{Comparable: verdict{"stress": false}, Fallback: arabic}
	for _, tt := range []struct {
		name  string
		do    func(s *surveys.Service, id questionnaire.ID) error
		check func(id questionnaire.ID) error
	}{
		{"StartDraft", func(s *surveys.Service, id questionnaire.ID) error { return second(s.StartDraft(w.ctx, id)) },
			func(id questionnaire.ID) error { return second(w.Draft(w.ctx, id)) }},
		{"EditDraft", func(s *surveys.Service, id questionnaire.ID) error {
			if _, err := w.StartDraft(w.ctx, id); err != nil {
				return err
			}
			return second(s.EditDraft(w.ctx, id, "word", word(t, "stress", "Stress?")))
		}, func(id questionnaire.ID) error { return wantSteps(w, id, "Stress?", 1) }},
		{"UndoDraft", func(s *surveys.Service, id questionnaire.ID) error {
			d, err := w.StartDraft(w.ctx, id)
			if err == nil && d.Redo == "" && d.Undo == "" {
				_, err = w.EditDraft(w.ctx, id, "word", word(t, "stress", "Stress?"))
			}
			if err != nil {
				return err
			}
			return second(s.UndoDraft(w.ctx, id))
		}, func(id questionnaire.ID) error { return wantSteps(w, id, "How stressed are you?", 0) }},
		{"DiscardDraft", func(s *surveys.Service, id questionnaire.ID) error {
			if _, err := w.StartDraft(w.ctx, id); err != nil {
				return err
			}
			if _, err := w.EditDraft(w.ctx, id, "word", word(t, "stress", "Stress?")); err != nil {
				return err
			}
			return s.DiscardDraft(w.ctx, id)
		}, func(id questionnaire.ID) error { return wantGone(w, id) }},
		{"PublishDraft", func(s *surveys.Service, id questionnaire.ID) error {
			d, err := w.Draft(w.ctx, id)
			if surveys.KindOf(orInternal(err)) == surveys.KindNotFound {
				if versions, err := w.Versions(w.ctx, id); err != nil || len(versions) == 2 {
					return err // its last step had failed: all is done
				}
				if _, err = w.StartDraft(w.ctx, id); err == nil {
					d, err = w.EditDraft(w.ctx, id, "word", word(t, "stress", "Stress?"))
				}
			}
			if err != nil {
				return err
			}
			return second(s.PublishDraft(w.ctx, id, d.Revision, decisions))
		}, func(id questionnaire.ID) error {
			versions, err := w.Versions(w.ctx, id)
			if err != nil || len(versions) != 2 || versions[0].Replaced["stress"] != "stress_2" {
				return fmt.Errorf("versions: %+v, %w", versions, orInternal(err))
			}
			return wantGone(w, id)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for n, failed := 1, true; failed; n++ {
				id := questionnaire.ID(fmt.Sprintf("%s_%d", strings.ToLower(tt.name), n))
				_, err := w.Publish(w.ctx, id, definition(t))
				must(t, err)
				faulty := storetest.Faulty(w.store, n)
				err = tt.do(surveys.NewService(faulty, w.clock.Now, rand.Reader), id)
				if failed = faulty.Calls() >= n; failed && err != nil {
					if !errors.Is(err, storetest.ErrFault) {
						t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
					}
					err = tt.do(w.Service, id)
				}
				must(t, err)
				if err := tt.check(id); err != nil {
					t.Errorf("after call %d failed and all was done again: %v", n, err)
				}
			}
		})
	}
}

func orInternal(err error) error {
	if err == nil {
		return errors.New("no error")
	}
	return err
}

// wantSteps checks how the draft words an item, and that all can be undone.
func wantSteps(w *world, id questionnaire.ID, words string, undos int) error {
	d, err := w.Draft(w.ctx, id)
	if err != nil {
		return err
	}
	got := d.Definition.Parts[1].Items[0].Label["en"]
	for range undos {
		if d, err = w.UndoDraft(w.ctx, id); err != nil {
			return err
		}
	}
	if diff := cmp.Diff("How stressed are you?", d.Definition.Parts[1].Items[0].Label["en"]); diff != "" || got != words || d.Undo != "" {
		return fmt.Errorf("the draft says %q, want %q, and after %d undos differs: %s", got, words, undos, diff)
	}
	return nil
}

// wantGone checks that nothing is left of a draft.
func wantGone(w *world, id questionnaire.ID) error {
	if _, err := w.Draft(w.ctx, id); surveys.KindOf(orInternal(err)) != surveys.KindNotFound {
		return fmt.Errorf("the draft is there: %w", orInternal(err))
	}
	return nil
}
