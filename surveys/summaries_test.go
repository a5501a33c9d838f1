package surveys_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// edited is a summary with one paragraph in somebody's words.
func edited(text string) surveys.Summary {
	return surveys.Summary{Profile: surveys.ProfileInternal, Edits: map[string]surveys.SummaryEdit{
		"lead": {Text: text, Proposed: "Of 57 parents 44 answered twice."}, "method": {Text: "As it was.", Proposed: "As it was."},
	}}
}

func TestSaveSummary(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.programme.ID
	none, err := w.Summary(w.ctx, id, "pupils", surveys.ProfileInternal, surveys.Filter{})
	must(t, err)
	if none.Revision != 0 || len(none.Edits) != 0 {
		t.Errorf("a summary nobody changed = %+v", none)
	}
	saved, err := w.SaveSummary(w.ctx, id, "pupils", edited("Forty-four parents answered twice."))
	must(t, err)
	if saved.Revision != 1 || len(saved.Edits) != 1 || saved.Edits["lead"].Name == "" || saved.Edits["lead"].At.IsZero() {
		t.Errorf("saved = %+v, want the one paragraph that was changed, signed", saved)
	}
	if _, err := w.SaveSummary(w.ctx, id, "pupils", edited("Over another's words.")); surveys.KindOf(err) != surveys.KindConflict {
		t.Errorf("saving over a revision that was not read: %v, want a conflict", err)
	}
	again := edited("Forty-four parents answered twice.")
	again.Revision = 1
	kept, err := w.SaveSummary(w.ctx, id, "pupils", again)
	must(t, err)
	if !kept.Edits["lead"].At.Equal(saved.Edits["lead"].At) {
		t.Error("words that nobody changed have another author now")
	}
	data, err := w.Dataset(w.ctx, id, "pupils")
	must(t, err)
	if got := data.SummaryOf(surveys.ProfileInternal, surveys.Filter{}); got.Revision != 2 || got.Edits["lead"].Text != again.Edits["lead"].Text {
		t.Errorf("the dataset has %+v", got)
	}
	for name, other := range map[string]surveys.Summary{
		"profile": data.SummaryOf(surveys.ProfilePublished, surveys.Filter{}),
		"filter":  data.SummaryOf(surveys.ProfileInternal, surveys.Filter{Phases: []string{"Primary"}}),
	} {
		if len(other.Edits) != 0 {
			t.Errorf("of another %s: %+v", name, other)
		}
	}
	trail, err := w.AuditTrail(w.ctx, id)
	must(t, err)
	lines := 0
	for _, entry := range trail {
		if entry.Action == "summary.edited" {
			lines++
		}
		if strings.Contains(entry.What, "Forty-four") {
			t.Errorf("trail: %+v", entry)
		}
	}
	if lines != 2 {
		t.Errorf("the trail has %d lines about it, want 2", lines)
	}
}

func TestSaveSummaryRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, summary := range map[string]surveys.Summary{
		"rows":    {},
		"unknown": {Profile: "secret"},
		"long":    edited(strings.Repeat("a", 2001)),
		"control": edited("a\x00b"),
	} {
		if _, err := w.SaveSummary(w.ctx, w.programme.ID, "pupils", summary); surveys.KindOf(err) != surveys.KindInvalid {
			t.Errorf("%s: %v, want that it is refused", name, err)
		}
	}
	if _, err := w.SaveSummary(w.ctx, w.programme.ID, "nobody", edited("a")); surveys.KindOf(err) != surveys.KindNotFound {
		t.Errorf("of no strand: %v", err)
	}
}

// TestSaveSummaryAfterAFault: whichever store call fails, saving again ends as if
// nothing had failed: with the words, once, or with word that they are there.
func TestSaveSummaryAfterAFault(t *testing.T) {
	t.Parallel()
	for n, failed := 1, true; failed; n++ {
		w := newWorld(t)
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		_, err := service.SaveSummary(w.ctx, w.programme.ID, "pupils", edited("Mine."))
		if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
		}
		if failed {
			if _, err := w.SaveSummary(w.ctx, w.programme.ID, "pupils", edited("Mine.")); err != nil && surveys.KindOf(err) != surveys.KindConflict {
				t.Fatalf("again after call %d failed: %v", n, err)
			}
		}
		got, err := w.Summary(w.ctx, w.programme.ID, "pupils", surveys.ProfileInternal, surveys.Filter{})
		must(t, err)
		if got.Revision != 1 || got.Edits["lead"].Text != "Mine." {
			t.Errorf("after call %d failed and all was done again: %+v", n, got)
		}
	}
}
