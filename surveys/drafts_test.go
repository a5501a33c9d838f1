package surveys_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// editing returns a world with a draft of its questionnaire.
func editing(tb testing.TB) (*world, surveys.Draft) {
	tb.Helper()
	w := newWorld(tb)
	d, err := w.StartDraft(w.ctx, "views")
	must(tb, err)
	return w, d
}

// item finds an item of a definition.
func item(tb testing.TB, d *questionnaire.Definition, id questionnaire.ItemID) *questionnaire.Item {
	tb.Helper()
	for i := range d.Parts {
		for j := range d.Parts[i].Items {
			if d.Parts[i].Items[j].ID == id {
				return &d.Parts[i].Items[j]
			}
		}
	}
	tb.Fatalf("no item %s", id)
	return nil
}

// word is an edit that words an item in another way.
func word(tb testing.TB, id questionnaire.ItemID, words string) func(*questionnaire.Definition) error {
	return func(d *questionnaire.Definition) error {
		item(tb, d, id).Label = questionnaire.Text{"en": words}
		return nil
	}
}

func TestDraftBegins(t *testing.T) {
	t.Parallel()
	w, d := editing(t)
	if d.Base != 1 || d.Revision != 1 || d.By != "Olu Owner" || d.Undo != "" || d.Redo != "" || !d.Changed.Equal(origin) {
		t.Errorf("StartDraft = %+v", d)
	}
	if diff := cmp.Diff(definition(t), d.Definition); diff != "" {
		t.Errorf("StartDraft differs from the version (-want +got)\n%s", diff)
	}
	again, err := w.StartDraft(w.ctx, "views")
	must(t, err)
	read, err := w.Draft(w.ctx, "views")
	must(t, err)
	if diff := cmp.Diff(again, read); diff != "" || again.Revision != 1 {
		t.Errorf("the draft that is there: (-started +read)\n%s", diff)
	}
	_, err = w.StartDraft(w.ctx, "nothing")
	wantError(t, "StartDraft of nothing", err, surveys.KindNotFound, "questionnaire.not_found")
	_, err = w.Draft(w.ctx, "nothing")
	wantError(t, "Draft of nothing", err, surveys.KindNotFound, "draft.not_found")
	_, err = w.CreateDraft(w.ctx, "views", questionnaire.Definition{})
	wantError(t, "CreateDraft of what is published", err, surveys.KindConflict, "questionnaire.exists")
	_, err = w.CreateDraft(w.ctx, "No id", questionnaire.Definition{})
	wantField(t, "CreateDraft", err, "id")
	unfinished, err := w.CreateDraft(w.ctx, "unfinished", questionnaire.Definition{})
	must(t, err)
	if unfinished.Base != 0 {
		t.Errorf("CreateDraft: base = %d, want 0", unfinished.Base)
	}
	_, err = w.CreateDraft(w.ctx, "unfinished", questionnaire.Definition{})
	wantError(t, "CreateDraft twice", err, surveys.KindConflict, "questionnaire.exists")
	all, err := w.Drafts(w.ctx)
	must(t, err)
	if len(all) != 2 {
		t.Errorf("Drafts: %d, want 2", len(all))
	}
}

func TestCopyQuestionnaire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	changed := definition(t)
	changed.Title["en"] = "Your views again"
	_, err := w.Publish(w.ctx, "views", changed)
	must(t, err)
	for version, title := range map[int]string{0: "Your views again", 1: "Your views", 2: "Your views again"} {
		id := questionnaire.ID(fmt.Sprintf("copy_%d", version))
		d, err := w.CopyQuestionnaire(w.ctx, "views", version, id)
		must(t, err)
		if d.ID != id || d.Base != 0 || d.Definition.Title["en"] != title {
			t.Errorf("CopyQuestionnaire of version %d = %+v", version, d)
		}
	}
	_, err = w.CopyQuestionnaire(w.ctx, "views", 3, "copy_3")
	wantError(t, "no such version", err, surveys.KindNotFound, "")
	_, err = w.CopyQuestionnaire(w.ctx, "views", 1, "views")
	wantError(t, "onto itself", err, surveys.KindConflict, "questionnaire.exists")
}

// TestUndoAndRedo goes back and forth, and past both ends.
func TestUndoAndRedo(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	for _, words := range []string{"one", "two", "three"} {
		_, err := w.EditDraft(w.ctx, "views", "word "+words, word(t, "stress", words))
		must(t, err)
	}
	look := func(d surveys.Draft, err error) string {
		t.Helper()
		must(t, err)
		return fmt.Sprintf("%s|%s|%s", item(t, &d.Definition, "stress").Label["en"], d.Undo, d.Redo)
	}
	for i, step := range []struct {
		do   func(context.Context, questionnaire.ID) (surveys.Draft, error)
		want string
	}{
		{w.UndoDraft, "two|word two|word three"},
		{w.UndoDraft, "one|word one|word two"},
		{w.UndoDraft, "How stressed are you?||word one"},
		{w.RedoDraft, "one|word one|word two"},
		{w.RedoDraft, "two|word two|word three"},
		{w.UndoDraft, "one|word one|word two"},
		{w.RedoDraft, "two|word two|word three"},
		{w.RedoDraft, "three|word three|"},
		{w.UndoDraft, "two|word two|word three"},
	} {
		if got := look(step.do(w.ctx, "views")); got != step.want {
			t.Errorf("step %d: %s, want %s", i, got, step.want)
		}
	}
	if got := look(w.EditDraft(w.ctx, "views", "word four", word(t, "stress", "four"))); got != "four|word four|" {
		t.Errorf("after an edit: %s, want nothing to redo", got)
	}
	_, err := w.RedoDraft(w.ctx, "views")
	wantError(t, "RedoDraft past the end", err, surveys.KindInvalid, "draft.nothing_to_redo")
	for range 3 {
		_, err = w.UndoDraft(w.ctx, "views")
		must(t, err)
	}
	_, err = w.UndoDraft(w.ctx, "views")
	wantError(t, "UndoDraft past the end", err, surveys.KindInvalid, "draft.nothing_to_undo")
}

// TestHistoryIsBounded: fifty steps are kept, each once, and none without a draft.
func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	for i := range 60 {
		_, err := w.EditDraft(w.ctx, "views", "edit", word(t, "stress", fmt.Sprint("words ", i)))
		must(t, err)
	}
	steps := func() int {
		n, err := w.store.CountRecords(w.ctx, "draft_step", "*", origin)
		must(t, err)
		return n
	}
	if got := steps(); got != 50 {
		t.Errorf("%d steps are kept, want 50", got)
	}
	undone := 0
	for ; ; undone++ {
		if _, err := w.UndoDraft(w.ctx, "views"); err != nil {
			wantError(t, "UndoDraft", err, surveys.KindInvalid, "draft.nothing_to_undo")
			break
		}
	}
	d, err := w.Draft(w.ctx, "views")
	must(t, err)
	if got := item(t, &d.Definition, "stress").Label["en"]; undone != 50 || got != "words 9" {
		t.Errorf("%d edits were undone, back to %q, want 50 and \"words 9\"", undone, got)
	}
	must(t, w.DiscardDraft(w.ctx, "views"))
	if got := steps(); got != 0 {
		t.Errorf("%d steps are left of a draft that was discarded", got)
	}
	wantError(t, "DiscardDraft twice", w.DiscardDraft(w.ctx, "views"), surveys.KindNotFound, "draft.not_found")
	d, err = w.StartDraft(w.ctx, "views")
	must(t, err)
	if got := item(t, &d.Definition, "stress").Label["en"]; got != "How stressed are you?" || d.Undo != "" {
		t.Errorf("a draft begun anew has %q and can undo %q", got, d.Undo)
	}
}

func TestEditThatChangesNothingStoresNothing(t *testing.T) {
	t.Parallel()
	w, before := editing(t)
	after, err := w.EditDraft(w.ctx, "views", "nothing", func(*questionnaire.Definition) error { return nil })
	must(t, err)
	if after.Revision != before.Revision || after.Undo != "" {
		t.Errorf("EditDraft = %+v, want revision %d and nothing to undo", after, before.Revision)
	}
}

// TestEditRefuses: what is refused leaves the draft as it was.
func TestEditRefuses(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	stale := &surveys.Error{Kind: surveys.KindConflict, Key: "editor.stale"}
	_, err := w.EditDraft(w.ctx, "views", "lock", func(d *questionnaire.Definition) error {
		item(t, d, "travel").Locked = true
		return nil
	})
	must(t, err)
	before, err := w.Draft(w.ctx, "views")
	must(t, err)
	asked := 0
	for name, tt := range map[string]struct {
		edit func(*questionnaire.Definition) error
		kind surveys.Kind
		key  string
	}{
		"the edit itself": {func(d *questionnaire.Definition) error { asked++; d.Title = nil; return stale }, surveys.KindConflict, "editor.stale"},
		"no number": {func(d *questionnaire.Definition) error {
			nan := math.NaN()
			item(t, d, "sleep").Max = &nan
			return nil
		}, surveys.KindInvalid, "draft.number"},
		"no text":     {word(t, "stress", "a\xffb"), surveys.KindInvalid, "draft.unreadable"},
		"too large":   {word(t, "stress", strings.Repeat("a", questionnaire.DefinitionLimit)), surveys.KindInvalid, "draft.too_large"},
		"locked item": {word(t, "travel", "Bus?"), surveys.KindInvalid, "draft.locked"},
	} {
		_, err := w.EditDraft(w.ctx, "views", "edit", tt.edit)
		wantError(t, name, err, tt.kind, tt.key)
	}
	if asked != 1 {
		t.Errorf("an edit that refuses was asked %d times, want once", asked)
	}
	after, err := w.Draft(w.ctx, "views")
	must(t, err)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("refused edits changed the draft (-before +after)\n%s", diff)
	}
	_, err = w.EditDraft(w.ctx, "nothing", "edit", word(t, "stress", "x"))
	wantError(t, "no draft", err, surveys.KindNotFound, "draft.not_found")
}

// TestTwoEditorsLoseNothing edits different items at once, many times, through
// two services on one store.
func TestTwoEditorsLoseNothing(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	other := w.another()
	ids := []questionnaire.ItemID{"stress", "travel"}
	for round := range 20 {
		_, errs := together(2, func(i int) (surveys.Draft, error) {
			s := []*surveys.Service{w.Service, other}[i]
			return s.EditDraft(w.ctx, "views", "word", word(t, ids[i], fmt.Sprint("words ", round)))
		})
		must(t, errors.Join(errs...))
		d, err := w.Draft(w.ctx, "views")
		must(t, err)
		for _, id := range ids {
			if got, want := item(t, &d.Definition, id).Label["en"], fmt.Sprint("words ", round); got != want {
				t.Fatalf("round %d: %s is %q, want %q", round, id, got, want)
			}
		}
	}
	d, err := w.Draft(w.ctx, "views")
	must(t, err)
	for range 40 {
		d, err = w.UndoDraft(w.ctx, "views")
		must(t, err)
	}
	if diff := cmp.Diff(definition(t), d.Definition); diff != "" || d.Undo != "" {
		t.Errorf("40 edits undone (-want +got)\n%s", diff)
	}
}

// TestSameItemIsNotOverwritten: of two who saw the same words, the second is told.
func TestSameItemIsNotOverwritten(t *testing.T) {
	t.Parallel()
	w, seen := editing(t)
	saw := item(t, &seen.Definition, "stress").Label["en"]
	_, errs := together(8, func(i int) (surveys.Draft, error) {
		return w.EditDraft(w.ctx, "views", "word", func(d *questionnaire.Definition) error {
			if item(t, d, "stress").Label["en"] != saw {
				return &surveys.Error{Kind: surveys.KindConflict, Key: "editor.stale"}
			}
			return word(t, "stress", fmt.Sprint("by ", i))(d)
		})
	})
	stored := slices.DeleteFunc(errs, func(err error) bool { return err != nil })
	if len(stored) != 1 {
		t.Errorf("%d of 8 were stored, want 1", len(stored))
	}
}

// TestUndoAtOnce: undo and edits through several pages leave a history that holds.
func TestUndoAtOnce(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	for i := range 10 {
		_, err := w.EditDraft(w.ctx, "views", "edit", word(t, "stress", fmt.Sprint("words ", i)))
		must(t, err)
	}
	_, errs := together(8, func(i int) (surveys.Draft, error) {
		if i%2 == 0 {
			return w.UndoDraft(w.ctx, "views")
		}
		return w.EditDraft(w.ctx, "views", "edit", word(t, "travel", fmt.Sprint("at once ", i)))
	})
	must(t, errors.Join(errs...))
	for {
		if _, err := w.UndoDraft(w.ctx, "views"); err != nil {
			wantError(t, "UndoDraft", err, surveys.KindInvalid, "draft.nothing_to_undo")
			break
		}
	}
	d, err := w.Draft(w.ctx, "views")
	must(t, err)
	if diff := cmp.Diff(definition(t), d.Definition); diff != "" {
		t.Errorf("all undone (-want +got)\n%s", diff)
	}
}

func TestStartDraftAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	drafts, errs := together(8, func(int) (surveys.Draft, error) { return w.StartDraft(w.ctx, "views") })
	must(t, errors.Join(errs...))
	for _, d := range drafts {
		if d.Revision != 1 {
			t.Errorf("StartDraft = revision %d, want one draft at 1", d.Revision)
		}
	}
}

// TestReservedIDs: a questionnaire of such an id would be hidden behind a page.
func TestReservedIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range surveys.ReservedIDs {
		_, err := w.CreateDraft(w.ctx, id, definition(t))
		wantError(t, "CreateDraft of "+string(id), err, surveys.KindInvalid, "questionnaire.reserved_id")
		_, err = w.Publish(w.ctx, id, definition(t))
		wantError(t, "Publish of "+string(id), err, surveys.KindInvalid, "questionnaire.reserved_id")
	}
}
