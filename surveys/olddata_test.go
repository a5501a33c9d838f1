package surveys_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/olddata"
	"soundings/surveys/storetest"
)

// upload keeps a file of old answers.
func (w *world) upload(tb testing.TB, csv string) surveys.Upload {
	tb.Helper()
	u, err := w.KeepUpload(w.ctx, w.programme.ID, "pupils", "old answers.csv", strings.NewReader(csv), int64(len(csv)))
	must(tb, err)
	return u
}

// mapped says what an upload's columns are: as suggested, in the world's cohort and
// on one day, unless its columns say otherwise.
func (w *world) mapped(tb testing.TB, u surveys.Upload, edit func(*olddata.Mapping)) surveys.Upload {
	tb.Helper()
	m := u.Mapping
	m.Cohort = string(w.cohort.ID)
	if !m.Has(olddata.TargetSubmitted) {
		m.Submitted = "2025-06-30"
	}
	if edit != nil {
		edit(&m)
	}
	u, err := w.SetMapping(w.ctx, w.programme.ID, "pupils", u.ID, m)
	must(tb, err)
	return u
}

// work does the jobs as this service, and returns how one stands.
func (w *world) work(tb testing.TB, s *surveys.Service, id surveys.JobID) surveys.Job {
	tb.Helper()
	must(tb, s.WorkJobs(tb.Context()))
	j, err := w.Job(w.ctx, w.programme.ID, "pupils", id)
	must(tb, err)
	return j
}

// imports imports a file and returns what became of it.
func (w *world) imports(tb testing.TB, csv string, policy surveys.Policy) surveys.Job {
	tb.Helper()
	u := w.mapped(tb, w.upload(tb, csv), nil)
	j, err := w.StartImport(w.ctx, w.programme.ID, "pupils", u.ID, policy)
	must(tb, err)
	return w.work(tb, w.Service, j.ID)
}

func (w *world) undoes(tb testing.TB, id surveys.JobID, keepChanged bool) surveys.Job {
	tb.Helper()
	j, err := w.UndoImport(w.ctx, w.programme.ID, "pupils", id, keepChanged)
	must(tb, err)
	return w.work(tb, w.Service, j.ID)
}

func (w *world) problems(tb testing.TB, id surveys.JobID) []string {
	tb.Helper()
	all, err := w.Problems(w.ctx, w.programme.ID, "pupils", id)
	must(tb, err)
	var lines []string
	for _, p := range all {
		lines = append(lines, p.Where()+" "+p.Key)
	}
	return lines
}

const twoWaves = "respondent,wave,date,stress,travel,subjects,why\n" +
	"p1,pre,2025-03-07,7,By bus,Maths; Art,Because\n" +
	"p1,post,2025-06-07,3,foot,maths,\n" +
	"p2,pre,2025-03-07,6,,,\n"

func TestOldDataStory(t *testing.T) {
	t.Parallel()
	for name, open := range bothStores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldIn(t, open(t))
			first := w.imports(t, twoWaves, surveys.PolicyAll)
			if first.State != surveys.JobDone || first.New != 3 || first.Coded != 3 || first.Done != 3 {
				t.Fatalf("import: %+v %v", first, w.problems(t, first.ID))
			}
			all := w.sent(t)
			if len(all) != 3 || all[0].Batch != string(first.ID) || all[0].Mode != surveys.ModeImport || all[0].Submitted.Format(time.DateOnly) != "2025-03-07" {
				t.Fatalf("responses: %+v", all)
			}
			elements := map[string]int{}
			for _, l := range w.linkages(t) {
				elements[strings.Join(l.Elements, " ")]++
			}
			if len(elements) != 2 {
				t.Errorf("p1 and p2 are %d people: %v", len(elements), elements)
			}
			if again := w.imports(t, twoWaves, surveys.PolicyAll); again.State != surveys.JobDone || again.New != 0 || again.Same != 3 {
				t.Errorf("the same file again: %+v", again)
			}
			longer := w.imports(t, twoWaves+"p3,pre,2025-03-08,5,,,\n", surveys.PolicyAll)
			if longer.New != 1 || longer.Same != 3 || len(w.sent(t)) != 4 {
				t.Errorf("a longer file: %+v", longer)
			}
			if undone := w.undoes(t, first.ID, false); undone.State != surveys.JobDone || undone.Removed != 3 {
				t.Errorf("undoing: %+v", undone)
			}
			left := w.sent(t)
			if len(left) != 1 || left[0].Batch != string(longer.ID) || len(w.linkages(t)) != 1 {
				t.Errorf("after undoing the first import there are %d responses and %d linkages, want what the other created", len(left), len(w.linkages(t)))
			}
			_, err := w.UndoImport(w.ctx, w.programme.ID, "pupils", first.ID, false)
			wantError(t, "undoing twice", err, surveys.KindConflict, "old_data.not_imported")
		})
	}
}

// overtaken lets somebody else act when a job is about to be kept with its first rows.
type overtaken struct {
	surveys.Store
	by func()
}

func (s *overtaken) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	if by := s.by; r.Kind == "job" && bytes.Contains(r.Body, []byte(`"row":501`)) && by != nil {
		s.by = nil
		by()
	}
	return s.Store.PutRecord(ctx, r)
}

// TestOldDataOvertaken: an instance whose clock is late goes on with an import that
// another has ended meanwhile. No row is counted twice.
func TestOldDataOvertaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var csv strings.Builder
	csv.WriteString("id,wave,stress\n")
	for i := range 1800 {
		fmt.Fprintf(&csv, "p%d,pre,%d\n", i, i%11)
	}
	u := w.mapped(t, w.upload(t, csv.String()), nil)
	must(t, w.WorkJobs(t.Context()))
	j, err := w.StartImport(w.ctx, w.programme.ID, "pupils", u.ID, surveys.PolicySkip)
	must(t, err)
	ahead := surveys.NewService(w.store, func() time.Time { return w.clock.Now().Add(3 * time.Minute) }, rand.Reader)
	late := surveys.NewService(&overtaken{w.store, func() { must(t, ahead.WorkJobs(t.Context())) }}, w.clock.Now, rand.Reader)
	must(t, late.WorkJobs(t.Context()))
	ended, err := w.Job(w.ctx, w.programme.ID, "pupils", j.ID)
	must(t, err)
	if ended.State != surveys.JobDone || ended.New != 1800 || ended.Same != 0 || ended.Done != 1800 || len(w.sent(t)) != 1800 {
		t.Errorf("overtaken: %+v, %d responses; want 1800 new", ended, len(w.sent(t)))
	}
}

// TestOldDataWithdrawnStaysAway withdraws what an import brought, undoes the import
// and imports the file once more.
func TestOldDataWithdrawnStaysAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.imports(t, twoWaves, surveys.PolicyAll)
	_, err := w.Withdraw(t.Context(), "here", surveys.ReceiptOf(w.sent(t)[0].ID))
	must(t, err)
	if undone := w.undoes(t, first.ID, false); undone.Removed != 2 || undone.Kept != 1 {
		t.Errorf("undoing: %+v, want 2 removed and what was withdrawn left", undone)
	}
	if again := w.imports(t, twoWaves, surveys.PolicyAll); again.New != 2 || again.Same != 1 || len(w.sent(t)) != 2 {
		t.Errorf("the same file again: %+v, %d responses; want what was withdrawn to stay away", again, len(w.sent(t)))
	}
}

func TestOldDataPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const wrong = "id,wave,stress,travel\np1,pre,7,bus\np2,pre,11,bus\np3,pre,5,rocket\np4,before,5,foot\n,,,\np5,pre,,\n"
	refused := w.imports(t, wrong, surveys.PolicyAll)
	if refused.State != surveys.JobRefused || len(w.sent(t)) != 0 || refused.Wrong != 2 || refused.Blank != 1 {
		t.Errorf("all or nothing: %+v, %d kept", refused, len(w.sent(t)))
	}
	want := []string{"row 3, column C answer.number_between", "row 4, column D old_data.unknown_choice", "row 7 old_data.blank_row"}
	if diff := cmp.Diff(want, w.problems(t, refused.ID)); diff != "" {
		t.Error(diff)
	}
	skipped := w.imports(t, wrong, surveys.PolicySkip)
	if skipped.State != surveys.JobDone || skipped.New != 2 || skipped.Wrong != 2 || len(w.sent(t)) != 2 {
		t.Errorf("skip and report: %+v", skipped)
	}
	changed := w.imports(t, "id,wave,stress\np1,pre,1\np9,pre,1\np9,pre,1\np9,pre,2\n", surveys.PolicySkip)
	if changed.New != 1 || changed.Same != 1 || changed.Conflicts != 2 {
		t.Errorf("changed rows: %+v", changed)
	}
	want = []string{"row 2 old_data.changed", "row 5 old_data.row_twice"}
	if diff := cmp.Diff(want, w.problems(t, changed.ID)); diff != "" {
		t.Error(diff)
	}
}

// TestOldDataMoves lets one instance begin an import and another go on with it.
func TestOldDataMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var csv strings.Builder
	csv.WriteString("wave,stress,travel\n")
	for i := range 1800 {
		fmt.Fprintf(&csv, "pre,%d,%s\n", i%11, []string{"bus", "foot"}[i%2])
	}
	u := w.mapped(t, w.upload(t, csv.String()), nil)
	must(t, w.WorkJobs(t.Context()))
	j, err := w.StartImport(w.ctx, w.programme.ID, "pupils", u.ID, surveys.PolicySkip)
	must(t, err)
	dying := surveys.NewService(filling(w.store, 1200), w.clock.Now, rand.Reader)
	if err := dying.WorkJobs(t.Context()); !errors.Is(err, storetest.ErrFault) {
		t.Fatalf("the first instance ended with %v", err)
	}
	begun, other := w.work(t, w.another(), j.ID), w.another()
	if begun.Done != 1000 || begun.Ended() {
		t.Fatalf("while the first may be alive, another took over: %+v", begun)
	}
	w.clock.pass(3 * time.Minute)
	ended := w.work(t, other, j.ID)
	if ended.State != surveys.JobDone || ended.New != 1800 || ended.Done != 1800 || len(w.sent(t)) != 1800 {
		t.Errorf("another went on: %+v, %d responses", ended, len(w.sent(t)))
	}
}

// fullStore keeps so many responses, and then fails.
type fullStore struct {
	surveys.Store
	left atomic.Int64
}

func filling(store surveys.Store, responses int64) *fullStore {
	s := &fullStore{Store: store}
	s.left.Store(responses)
	return s
}

func (s *fullStore) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	if s.left.Add(-1) < 0 {
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: storetest.ErrFault}
	}
	return s.Store.PutResponse(ctx, r, l)
}
