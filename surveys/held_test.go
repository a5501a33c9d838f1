package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// shut closes the world's link of the first wave.
func (w *world) shut(tb testing.TB) {
	tb.Helper()
	_, err := w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(tb, err)
}

const lateID = "0123456789abcdef0123456789abcdef"

func late(raw questionnaire.Raw) surveys.Submission {
	return surveys.Submission{ID: lateID, Started: origin.Add(-time.Hour), Raw: form(raw)}
}

// TestHandIn hands answers in after the link was closed, as often as a phone may,
// has them decided about, and counts.
func TestHandIn(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		w.clock.pass(time.Hour)
		w.shut(t)
		_, err := w.Submit(t.Context(), w.token(), late(nil))
		wantError(t, "Submit", err, surveys.KindClosed, "link.closed")
		finished := origin.Add(30 * time.Minute)
		kept, err := w.HandIn(t.Context(), w.token(), late(nil), finished)
		must(t, err)
		if kept.Status != surveys.StatusHeld || !kept.Submitted.Equal(finished) || !slices.Contains(kept.Notes, "late") || !kept.Coded {
			t.Errorf("HandIn = %+v, want it held, with the time of the phone, the note and the code", kept)
		}
		w.clock.pass(time.Minute)
		again, err := w.HandIn(t.Context(), w.token(), late(nil), finished)
		must(t, err)
		if diff := cmp.Diff(kept, again); diff != "" {
			t.Errorf("the same again differs:\n%s", diff)
		}
		if n := len(w.sent(t)); n != 0 {
			t.Errorf("%d responses count, want none before anybody has decided", n)
		}
		all, err := w.Held(w.ctx, w.programme.ID)
		must(t, err)
		if len(all) != 1 || all[0].Receipt != surveys.ReceiptOf(lateID) || all[0].Status != surveys.StatusHeld || all[0].Cohort != w.cohort.ID || all[0].Link != w.links[questionnaire.WavePre].ID {
			t.Fatalf("Held = %+v, want the one", all)
		}
		taken, err := w.DecideHeld(w.ctx, w.programme.ID, lateID, all[0].Revision, true, "")
		must(t, err)
		if got := w.sent(t); len(got) != 1 || got[0].ID != lateID || !got[0].Submitted.Equal(finished) {
			t.Errorf("after it was taken in these count: %+v", got)
		}
		if len(taken.History) != 1 || taken.History[0].Action != surveys.ActionTakenIn || taken.History[0].Name != "Olu Owner" {
			t.Errorf("the history is %+v, want one line that says who took it in", taken.History)
		}
		again, err = w.HandIn(t.Context(), w.token(), late(nil), finished)
		must(t, err)
		if again.Status != surveys.StatusSubmitted || len(w.sent(t)) != 1 {
			t.Errorf("handed in again after it was taken in: %s, %d count", again.Status, len(w.sent(t)))
		}
		trail, err := w.AuditTrail(w.ctx, w.programme.ID)
		must(t, err)
		if trail[0].Action != "response.taken_in" || trail[0].What != surveys.TrailName(lateID) {
			t.Errorf("the trail ends with %+v", trail[0])
		}
	})
}

func TestHandInRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shut(t)
	wrong := late(questionnaire.Raw{"stress": {"11"}})
	_, err := w.HandIn(t.Context(), w.token(), wrong, origin)
	wantError(t, "answers that do not fit", err, surveys.KindInvalid, "answers.check")
	_, err = w.HandIn(t.Context(), "nosuchlink", late(nil), origin)
	wantError(t, "no link", err, surveys.KindNotFound, "")
	_, err = w.HandIn(t.Context(), w.token(), surveys.Submission{ID: "x", Raw: form(nil)}, origin)
	wantError(t, "no id", err, surveys.KindInvalid, "response.bad_id")
	all, err := w.Held(w.ctx, w.programme.ID)
	must(t, err)
	if len(all) != 0 {
		t.Errorf("%d are listed, want none", len(all))
	}
}

// TestHandInThroughAnOpenLink: it may have been opened again meanwhile.
func TestHandInThroughAnOpenLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, err := w.HandIn(t.Context(), w.token(), late(nil), origin)
	must(t, err)
	if r.Status != surveys.StatusSubmitted || len(w.sent(t)) != 1 {
		t.Errorf("HandIn = %s, want it submitted", r.Status)
	}
	if all, err := w.Held(w.ctx, w.programme.ID); err != nil || len(all) != 0 {
		t.Errorf("Held = %v, %v, want none", all, err)
	}
}

// TestHandInKeepsOtherAnswersBeside: the same id with other answers is another response.
func TestHandInKeepsOtherAnswersBeside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Submit(t.Context(), w.token(), late(nil))
	must(t, err)
	w.shut(t)
	other, err := w.HandIn(t.Context(), w.token(), late(questionnaire.Raw{"stress": {"1"}}), origin)
	must(t, err)
	if other.ID == lateID || other.Status != surveys.StatusHeld {
		t.Errorf("other answers = %s, %s, want them held under an id of their own", other.ID, other.Status)
	}
	all, err := w.Held(w.ctx, w.programme.ID)
	must(t, err)
	if len(all) != 1 || all[0].Response != other.ID {
		t.Errorf("Held = %+v, want the other answers only", all)
	}
}

func TestHandInFinished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shut(t)
	for i, tt := range []struct {
		name           string
		finished, want time.Time
	}{
		{"an hour ago", origin.Add(-time.Hour), origin.Add(-time.Hour)},
		{"in the future", origin.Add(time.Hour), origin},
		{"31 days ago", origin.AddDate(0, 0, -31), origin},
		{"never", time.Time{}, origin},
	} {
		sub := late(nil)
		sub.ID = surveys.ResponseID(fmt.Sprintf("%032d", i))
		r, err := w.HandIn(t.Context(), w.token(), sub, tt.finished)
		must(t, err)
		if !r.Submitted.Equal(tt.want) {
			t.Errorf("finished %s: %v, want %v", tt.name, r.Submitted, tt.want)
		}
	}
}

// TestHandInFile takes a file up: by its own link, and by another if its own is unknown.
func TestHandInFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shut(t)
	pre := w.links[questionnaire.WavePre]
	r, err := w.HandInFile(w.ctx, w.programme.ID, "", w.token(), late(nil), origin)
	must(t, err)
	if r.Status != surveys.StatusHeld {
		t.Errorf("the file's answers are %s, want held", r.Status)
	}
	_, err = w.HandInFile(w.ctx, w.programme.ID, "", "nosuchlink", late(nil), origin)
	wantField(t, "a link that is not known", err, "link")
	again, err := w.HandInFile(w.ctx, w.programme.ID, pre.ID, "nosuchlink", late(nil), origin)
	must(t, err)
	if again.ID != r.ID {
		t.Errorf("taken up again = %s, want the same response", again.ID)
	}
	other, err := w.CreateProgramme(w.ctx, plan())
	must(t, err)
	_, err = w.HandInFile(w.as(t, ownerEmail), other.ID, "", w.token(), late(nil), origin)
	wantField(t, "another programme's link", err, "link")
}

func TestDecideHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.shut(t)
	r, err := w.HandIn(t.Context(), w.token(), late(nil), origin)
	must(t, err)
	decide := func(id surveys.ResponseID, revision int64, take bool, reason string) error {
		return second(w.DecideHeld(w.ctx, w.programme.ID, id, revision, take, reason))
	}
	wantField(t, "no reason", decide(r.ID, r.Revision, false, " "), "reason")
	wantError(t, "seen before it changed", decide(r.ID, r.Revision+5, true, ""), surveys.KindConflict, "held.decided")
	wantError(t, "no such response", decide("nosuchresponse", 1, true, ""), surveys.KindNotFound, "response.unknown")
	must(t, decide(r.ID, r.Revision, false, "Not of this class"))
	wantError(t, "decided otherwise", decide(r.ID, r.Revision, true, ""), surveys.KindConflict, "held.decided")
	all, err := w.Held(w.ctx, w.programme.ID)
	must(t, err)
	if all[0].Status != surveys.StatusExcluded || all[0].Decided.Reason != "Not of this class" || len(w.sent(t)) != 0 {
		t.Errorf("Held = %+v, want it left out", all)
	}
	sent, err := w.Submit(t.Context(), w.link(t, surveys.Link{Wave: questionnaire.WavePre}).Token, surveys.Submission{ID: "another_response", Raw: form(nil)})
	must(t, err)
	wantError(t, "one that was not late", decide(sent.ID, sent.Revision, false, "x"), surveys.KindNotFound, "response.unknown")
}

// TestHeldFaults lets each store call fail in turn and does it again.
func TestHeldFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var begun surveys.ResponseID
	for name, do := range map[string]func(s *surveys.Service, id surveys.ResponseID) error{
		"HandIn": func(s *surveys.Service, id surveys.ResponseID) error {
			sub := late(nil)
			sub.ID = id
			return second(s.HandIn(t.Context(), w.token(), sub, origin))
		},
		"HandInFile": func(s *surveys.Service, id surveys.ResponseID) error {
			sub := late(nil)
			sub.ID = id
			return second(s.HandInFile(w.ctx, w.programme.ID, "", w.token(), sub, origin))
		},
		"HandBegun": func(s *surveys.Service, _ surveys.ResponseID) error {
			return second(s.HandBegun(t.Context(), w.token(), "", begun))
		},
		"DecideHeld": func(s *surveys.Service, id surveys.ResponseID) error {
			sub := late(nil)
			sub.ID = id
			r, err := w.HandIn(t.Context(), w.token(), sub, origin)
			must(t, err)
			return second(s.DecideHeld(w.ctx, w.programme.ID, id, min(r.Revision, 1), true, ""))
		},
	} {
		for n, failed := 1, true; failed; n++ {
			_, err := w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, true)
			must(t, err)
			begun = w.begin(t)
			w.shut(t)
			id := surveys.ResponseID(fmt.Sprintf("%s_%03d", map[string]string{"HandIn": "handed_in", "HandInFile": "by_file", "DecideHeld": "decided"}[name], n) + "_long_enough")
			if name == "HandBegun" {
				id = begun
			}
			faulty := storetest.Faulty(w.store, n)
			err = do(surveys.NewService(faulty, w.clock.Now, rand.Reader), id)
			if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
				t.Fatalf("%s with call %d failing: error = %v, want that of the store", name, n, err)
			}
			must(t, do(w.Service, id))
			wantListedOnce(t, w, name, id)
		}
	}
}

func wantListedOnce(t *testing.T, w *world, name string, id surveys.ResponseID) {
	t.Helper()
	all, err := w.Held(w.ctx, w.programme.ID)
	must(t, err)
	want := map[bool]surveys.Status{true: surveys.StatusSubmitted, false: surveys.StatusHeld}[name == "DecideHeld"]
	found := slices.DeleteFunc(all, func(h surveys.Held) bool { return h.Response != id })
	if len(found) != 1 || found[0].Status != want {
		t.Errorf("%s of %s: Held has %+v, want it once, %s", name, id, found, want)
	}
}
