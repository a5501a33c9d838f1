package surveys_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// kept sends one form before the workshops and returns what is kept of it.
func (w *world) kept(tb testing.TB) surveys.Response {
	tb.Helper()
	id, err := surveys.NewID(rand.Reader)
	must(tb, err)
	r, err := w.Submit(tb.Context(), w.token(), surveys.Submission{ID: surveys.ResponseID(id), Raw: form(nil)})
	must(tb, err)
	return r
}

// about is a correction of r as it is now.
func about(r surveys.Response) surveys.Correction {
	return surveys.Correction{Programme: r.Programme, Strand: r.Strand, Response: r.ID, Revision: r.Revision, Reason: "typed in twice"}
}

// elsewhere is another class.
func (w *world) elsewhere(tb testing.TB) surveys.Cohort {
	tb.Helper()
	c, err := w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "Class 7"})
	must(tb, err)
	return c
}

// corrections are all ways to correct a response, each changing one thing.
func corrections(w *world, to surveys.CohortID) map[string]func(*surveys.Service, surveys.Response) (surveys.Response, error) {
	return map[string]func(*surveys.Service, surveys.Response) (surveys.Response, error){
		"moved_cohort": func(s *surveys.Service, r surveys.Response) (surveys.Response, error) {
			return s.MoveResponse(w.ctx, about(r), to, r.Wave)
		},
		"moved_wave": func(s *surveys.Service, r surveys.Response) (surveys.Response, error) {
			return s.MoveResponse(w.ctx, about(r), r.Cohort, questionnaire.WavePost)
		},
		"corrected": func(s *surveys.Service, r surveys.Response) (surveys.Response, error) {
			return s.CorrectAnswer(w.ctx, about(r), "stress", questionnaire.Raw{"stress": {"3"}})
		},
		"excluded": func(s *surveys.Service, r surveys.Response) (surveys.Response, error) {
			return s.ExcludeResponse(w.ctx, about(r))
		},
		"deleted": func(s *surveys.Service, r surveys.Response) (surveys.Response, error) {
			return s.DeleteResponse(w.ctx, about(r))
		},
	}
}

// TestCorrectAndUndo: each correction shows, says who and why, and is undone to
// what was there.
func TestCorrectAndUndo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.elsewhere(t).ID
	for name, correct := range corrections(w, to) {
		t.Run(name, func(t *testing.T) {
			before := w.kept(t)
			after, err := correct(w.Service, before)
			must(t, err)
			if len(after.History) != 1 || after.History[0].Name != "Olu Owner" || after.History[0].Reason != "typed in twice" {
				t.Errorf("history = %+v, want one change by the owner with its reason", after.History)
			}
			if unchanged(before, after) {
				t.Error("nothing has changed")
			}
			undone, err := w.UndoChange(w.ctx, about(after), 1)
			must(t, err)
			if !unchanged(before, undone) {
				t.Errorf("after undo: %s", cmp.Diff(before, undone))
			}
			stored, err := w.StoredResponse(w.ctx, before.Programme, before.Strand, before.ID)
			must(t, err)
			if !unchanged(before, stored) || len(stored.History) != 2 {
				t.Errorf("stored after undo: %s", cmp.Diff(before, stored))
			}
			_, err = w.UndoChange(w.ctx, about(stored), 1)
			wantError(t, "undoing twice", err, surveys.KindConflict, "correction.undone_already")
		})
	}
}

// unchanged compares all but history and revision.
func unchanged(a, b surveys.Response) bool {
	return cmp.Equal(a, b, cmpopts.IgnoreFields(surveys.Response{}, "History", "Revision"), cmpopts.EquateEmpty())
}

// TestCorrectionsCount: what is left out is counted no more, and what is taken back is.
func TestCorrectionsCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.kept(t)
	w.kept(t)
	data := func() *surveys.Dataset {
		d, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
		must(t, err)
		return d
	}
	r, err := w.ExcludeResponse(w.ctx, about(r))
	must(t, err)
	if d := data(); len(w.sent(t)) != 1 || d.LeftOut.Excluded != 1 || d.Revised == 0 {
		t.Errorf("sent %d, left out %+v, revised %d; want 1 sent, 1 excluded and a mark", len(w.sent(t)), d.LeftOut, d.Revised)
	}
	marks := data().Revised
	_, err = w.UndoChange(w.ctx, about(r), 1)
	must(t, err)
	if d := data(); len(w.sent(t)) != 2 || d.LeftOut != (surveys.LeftOut{}) || d.Revised <= marks {
		t.Errorf("after undo: sent %d, left out %+v, marks %d after %d", len(w.sent(t)), d.LeftOut, d.Revised, marks)
	}
}

// TestUndoLaterFirst: a change under a later one of the same thing is not undone.
func TestUndoLaterFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.kept(t)
	r, err := w.CorrectAnswer(w.ctx, about(r), "stress", questionnaire.Raw{"stress": {"3"}})
	must(t, err)
	r, err = w.CorrectAnswer(w.ctx, about(r), "stress", questionnaire.Raw{"stress": {"2"}})
	must(t, err)
	_, err = w.UndoChange(w.ctx, about(r), 1)
	wantError(t, "undoing the earlier", err, surveys.KindConflict, "correction.later_first")
	r, err = w.UndoChange(w.ctx, about(r), 2)
	must(t, err)
	r, err = w.UndoChange(w.ctx, about(r), 1)
	must(t, err)
	if got := *r.Answers["stress"].Number; got != 7 {
		t.Errorf("stress = %v after all is undone, want the 7 that was sent", got)
	}
}

// TestCorrectionsRefused: what cannot be is said, and changes nothing.
func TestCorrectionsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.kept(t)
	c := about(r)
	stale, silent, long := c, c, c
	stale.Revision++
	silent.Reason = " \n "
	long.Reason = string(slices.Repeat([]byte("a"), 501))
	for name, tt := range map[string]struct {
		err  error
		want surveys.Kind
	}{
		"stale":          {second(w.ExcludeResponse(w.ctx, stale)), surveys.KindConflict},
		"no_reason":      {second(w.ExcludeResponse(w.ctx, silent)), surveys.KindInvalid},
		"long_reason":    {second(w.ExcludeResponse(w.ctx, long)), surveys.KindInvalid},
		"unknown_cohort": {second(w.MoveResponse(w.ctx, c, "nowhere", r.Wave)), surveys.KindInvalid},
		"unknown_wave":   {second(w.MoveResponse(w.ctx, c, r.Cohort, questionnaire.WaveFollowUp)), surveys.KindInvalid},
		"same_place":     {second(w.MoveResponse(w.ctx, c, r.Cohort, r.Wave)), surveys.KindInvalid},
		"no_such_item":   {second(w.CorrectAnswer(w.ctx, c, "nothing", questionnaire.Raw{})), surveys.KindInvalid},
		"no_such_choice": {second(w.CorrectAnswer(w.ctx, c, "stress", questionnaire.Raw{"stress": {"77"}})), surveys.KindInvalid},
		"no_change":      {second(w.UndoChange(w.ctx, c, 1)), surveys.KindNotFound},
		"nobody":         {second(w.ExcludeResponse(t.Context(), c)), surveys.KindUnauthenticated},
	} {
		if tt.err == nil || surveys.KindOf(tt.err) != tt.want {
			t.Errorf("%s: error = %v, want %v", name, tt.err, tt.want)
		}
	}
	now, err := w.StoredResponse(w.ctx, r.Programme, r.Strand, r.ID)
	must(t, err)
	if diff := cmp.Diff(r, now, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("refused corrections have changed it: %s", diff)
	}
}

// TestSentAgainAfterCorrection: a phone that lost the answer sends again what a
// person has moved, corrected or left out meanwhile: nothing comes back.
func TestSentAgainAfterCorrection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.elsewhere(t).ID
	for name, correct := range corrections(w, to) {
		before := w.kept(t)
		after, err := correct(w.Service, before)
		must(t, err)
		again, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: before.ID, Raw: form(nil)})
		must(t, err)
		if diff := cmp.Diff(after, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: sent again it is another response: %s", name, diff)
		}
	}
}

// TestDeletedIsDestroyed: not before its time, and not if it was taken back.
func TestDeletedIsDestroyed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, back := w.kept(t), w.kept(t)
	for _, r := range []*surveys.Response{&gone, &back} {
		var err error
		*r, err = w.DeleteResponse(w.ctx, about(*r))
		must(t, err)
	}
	back, err := w.UndoChange(w.ctx, about(back), 1)
	must(t, err)
	w.clock.pass(surveys.DeletedLife - time.Second)
	must(t, surveys.DestroyDeleted(w.Service, t.Context()))
	if _, err := w.store.Response(t.Context(), gone.ID); err != nil {
		t.Fatalf("destroyed before its time: %v", err)
	}
	w.clock.pass(2 * time.Second)
	must(t, surveys.DestroyDeleted(w.Service, t.Context()))
	_, err = w.store.Response(t.Context(), gone.ID)
	if err == nil || surveys.KindOf(err) != surveys.KindNotFound {
		t.Errorf("reading what was destroyed: %v, want that it is not found", err)
	}
	if _, err := w.store.Response(t.Context(), back.ID); err != nil {
		t.Errorf("what was taken back is gone: %v", err)
	}
}

// TestDeletionFaults: whichever call of the store fails, what is deleted is destroyed
// when its time is up, and nothing else.
func TestDeletionFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, failed := 1, true; failed; n++ {
		r := w.kept(t)
		faulty := storetest.Faulty(w.store, n)
		_, err := surveys.NewService(faulty, w.clock.Now, rand.Reader).DeleteResponse(w.as(t, ownerEmail), about(r))
		if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("with call %d failing: error = %v", n, err)
		}
		there, err := w.store.Response(t.Context(), r.ID)
		must(t, err)
		w.clock.pass(surveys.DeletedLife)
		must(t, surveys.DestroyDeleted(w.Service, t.Context()))
		_, err = w.store.Response(t.Context(), r.ID)
		if deleted := there.Status == surveys.StatusDeleted; deleted == (err == nil) {
			t.Errorf("call %d failed: deleted %v, and after its time is up: %v", n, deleted, err)
		}
	}
}

// TestCorrectionFaults: whichever call of the store fails, a correction made again
// is made once, and a report never keeps what it was before.
func TestCorrectionFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.elsewhere(t).ID
	for name, correct := range corrections(w, to) {
		t.Run(name, func(t *testing.T) {
			for n, failed := 1, true; failed; n++ {
				before := w.kept(t)
				faulty := storetest.Faulty(w.store, n)
				_, err := correct(surveys.NewService(faulty, w.clock.Now, rand.Reader), before)
				if failed = faulty.Calls() >= n; failed && !errors.Is(err, storetest.ErrFault) {
					t.Fatalf("with call %d failing: error = %v", n, err)
				}
				now, err := w.StoredResponse(w.ctx, before.Programme, before.Strand, before.ID)
				must(t, err)
				if now.Revision == before.Revision {
					now, err = correct(w.Service, now)
					must(t, err)
				}
				if len(now.History) != 1 || unchanged(before, now) {
					t.Errorf("after call %d failed: %d changes in its history, want 1", n, len(now.History))
				}
			}
		})
	}
}

// TestCorrectionsInAnyOrder: whatever is done and undone from the last to the first
// leaves a response as it was.
func TestCorrectionsInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ways := corrections(w, w.elsewhere(t).ID)
	names := []string{"corrected", "deleted", "excluded", "moved_cohort", "moved_wave"}
	rapid.Check(t, func(rt *rapid.T) {
		first := w.kept(t)
		r := first
		var done []int
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, len(names), func(s string) string { return s }).Draw(rt, "ways") {
			next, err := ways[name](w.Service, r)
			if err != nil && surveys.KindOf(err) == surveys.KindInvalid {
				continue // nothing to correct after what came before
			}
			must(t, err)
			r, done = next, append(done, len(next.History))
		}
		for i := len(done) - 1; i >= 0; i-- {
			var err error
			r, err = w.UndoChange(w.ctx, about(r), done[i])
			must(t, err)
		}
		if !unchanged(first, r) {
			rt.Fatalf("after all was undone: %s", cmp.Diff(first, r))
		}
	})
}
