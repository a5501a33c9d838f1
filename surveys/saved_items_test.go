package surveys_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// TestSaveItem keeps what an item says and drops what ties it to its questionnaire.
func TestSaveItem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := questionnaire.Text{"pl": "Ile?", "en": "How many?"}
	score := 1.0
	saved, err := w.SaveItem(w.ctx, questionnaire.Item{
		ID: "many", Kind: questionnaire.KindSingleChoice, Label: text, Name: "q7", Group: "g", Relevant: "${a} = 1", RequiredIf: "${a} = 2",
		ReadOnly: "true()", Filter: "x = ${a}", Constraint: ". != ${a}", ConstraintMessage: text, Waves: []questionnaire.Wave{"pre"},
		Sheet: questionnaire.Cells{"note": "x"}, Default: "one", Quotable: true, Consent: "may",
		Choices: []questionnaire.Choice{{Code: "one", Label: text, Score: &score}},
	}, true)
	must(t, err)
	want := questionnaire.Item{
		ID: "many", Kind: questionnaire.KindSingleChoice, Label: text, Default: "one", Library: saved.ID, Locked: true,
		Choices: []questionnaire.Choice{{Code: "one", Label: text, Score: &score}},
	}
	all, err := w.SavedItems(w.ctx)
	must(t, err)
	if len(all) != 1 || !cmp.Equal(all[0], saved) || saved.By != "Olu Owner" || !saved.Saved.Equal(origin) {
		t.Errorf("SavedItems = %+v, want %+v", all, saved)
	}
	if diff := cmp.Diff(want, saved.Item); diff != "" {
		t.Errorf("the item that is kept (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"en", "pl"}, saved.Languages); diff != "" {
		t.Errorf("Languages (-want +got)\n%s", diff)
	}
	kept, err := w.SaveItem(w.ctx, questionnaire.Item{ID: "age", Kind: questionnaire.KindNumber, Label: text, Constraint: ". > 3", ConstraintMessage: text}, false)
	must(t, err)
	if kept.Item.Constraint != ". > 3" || kept.Item.ConstraintMessage == nil || kept.Item.Locked {
		t.Errorf("a constraint on the answer itself: %+v", kept.Item)
	}
	_, err = w.SaveItem(w.ctx, questionnaire.Item{ID: "bare"}, false)
	wantError(t, "an item without words", err, surveys.KindInvalid, "item.needs_label")
}

// TestDeleteSavedItem: who saved it may, and owners.
func TestDeleteSavedItem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	item := questionnaire.Item{ID: "many", Label: questionnaire.Text{"en": "How many?"}}
	designer := w.holding(t, surveys.RoleDesigner)
	own, err := w.SaveItem(designer, item, false)
	must(t, err)
	others, err := w.SaveItem(w.ctx, item, false)
	must(t, err)
	wantError(t, "another's", w.DeleteSavedItem(designer, others.ID), surveys.KindForbidden, "account.not_allowed")
	must(t, w.DeleteSavedItem(designer, own.ID))
	wantError(t, "twice", w.DeleteSavedItem(designer, own.ID), surveys.KindNotFound, "item.not_found")
	must(t, w.DeleteSavedItem(w.ctx, others.ID))
	all, err := w.SavedItems(w.ctx)
	must(t, err)
	if len(all) != 0 {
		t.Errorf("SavedItems = %+v, want none", all)
	}
}
