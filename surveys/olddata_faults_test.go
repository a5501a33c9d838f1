package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/olddata"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestOldDataFaults lets each store call of an import and of its undoing fail in
// turn; what failed is done again, and in the end all is as if nothing had failed.
func TestOldDataFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	step := 1
	if testing.Short() {
		step = 4
	}
	for n, failed := 1, true; failed; n += step {
		faulty := storetest.Faulty(w.store, n)
		f := &faultyImport{world: w, service: surveys.NewService(faulty, w.clock.Now, rand.Reader), t: t}
		f.run(n)
		failed = faulty.Calls() >= n
		if n > 400 {
			t.Fatal("it never ends")
		}
	}
}

// faultyImport is one import with a store of which one call fails.
type faultyImport struct {
	*world
	service *surveys.Service
	t       *testing.T
}

// again does a step once more if the store failed on purpose.
func (f *faultyImport) again(step func() error) {
	f.t.Helper()
	err := step()
	for tries := 0; err != nil && tries < 3; tries++ {
		if !errors.Is(err, storetest.ErrFault) && surveys.KindOf(err) != surveys.KindConflict {
			f.t.Fatal(err)
		}
		err = step()
	}
	must(f.t, err)
}

func (f *faultyImport) run(n int) {
	t, s, id := f.t, f.service, f.programme.ID
	t.Helper()
	csv := fmt.Sprintf("respondent,wave,date,stress,travel\nf%d,pre,2025-03-07,7,bus\nf%d,post,2025-06-07,3,foot\ng%d,pre,2025-06-07,3,rocket\n", n, n, n)
	var u surveys.Upload
	f.again(func() (err error) {
		u, err = s.KeepUpload(f.ctx, id, "pupils", "old.csv", strings.NewReader(csv), int64(len(csv)))
		return err
	})
	u.Mapping.Cohort = string(f.cohort.ID)
	f.again(func() error { return second(s.SetMapping(f.ctx, id, "pupils", u.ID, u.Mapping)) })
	f.again(func() error { return second(s.PreviewUpload(f.ctx, id, "pupils", u.ID)) })
	f.again(func() error { return s.WorkJobs(t.Context()) })
	f.clock.pass(time.Second)
	f.again(func() error { return second(s.StartImport(f.ctx, id, "pupils", u.ID, surveys.PolicySkip)) })
	f.again(func() error { return s.WorkJobs(t.Context()) })
	f.again(func() error { return s.WorkJobs(t.Context()) })
	done := f.newest()
	if done.State != surveys.JobDone || done.New != 2 || done.Wrong != 1 || len(f.sent(t)) != 2 || len(f.linkages(t)) != 2 {
		t.Fatalf("call %d failed: %s, %+v, %d responses, %d linkages", n, done.State, done.JobCounts, len(f.sent(t)), len(f.linkages(t)))
	}
	f.clock.pass(time.Second)
	f.again(func() error {
		_, err := s.UndoImport(f.ctx, id, "pupils", done.ID, false)
		if surveys.KindOf(orFault(err)) == surveys.KindConflict { // it was begun all the same
			return nil
		}
		return err
	})
	f.again(func() error { return s.WorkJobs(t.Context()) })
	f.again(func() error { return s.WorkJobs(t.Context()) })
	if undone := f.newest(); undone.Kind != surveys.JobUndo || undone.State != surveys.JobDone || undone.Removed != 2 || len(f.sent(t)) != 0 || len(f.linkages(t)) != 0 {
		t.Fatalf("call %d failed: %s, %+v, %d responses", n, undone.State, undone.JobCounts, len(f.sent(t)))
	}
	f.again(func() error { return s.DropUpload(f.ctx, id, "pupils", u.ID) })
	f.clock.pass(3 * time.Minute)
}

// orFault is err, or one that is no conflict where there is none.
func orFault(err error) error {
	if err == nil {
		return storetest.ErrFault
	}
	return err
}

// newest is the newest job of the strand.
func (f *faultyImport) newest() surveys.Job {
	f.t.Helper()
	jobs, err := f.Jobs(f.ctx, f.programme.ID, "pupils")
	must(f.t, err)
	if len(jobs) == 0 {
		f.t.Fatal("there is no job")
	}
	return jobs[0]
}

// TestOldDataRollsBack: what turns out to be wrong only while responses are kept
// takes all of them back.
func TestOldDataRollsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.mapped(t, w.upload(t, "id,wave,stress\na,pre,1\nb,pre,2\n"), nil)
	other := w.mapped(t, w.upload(t, "id,wave,stress\nb,pre,9\n"), nil)
	j, err := w.StartImport(w.ctx, w.programme.ID, "pupils", u.ID, surveys.PolicyAll)
	must(t, err)
	between := &racingStore{Store: w.store, before: func(r surveys.Record) bool {
		return r.Kind == "job" && strings.Contains(string(r.Body), `"state":"storing"`)
	}, do: func() { must(t, w.another().ImportNow(t.Context(), other)) }}
	must(t, surveys.NewService(between, w.clock.Now, rand.Reader).WorkJobs(t.Context()))
	ended, err := w.Job(w.ctx, w.programme.ID, "pupils", j.ID)
	must(t, err)
	if ended.State != surveys.JobRefused || ended.Removed != 1 {
		t.Errorf("the import: %+v", ended)
	}
	if all := w.sent(t); len(all) != 1 || all[0].Batch == string(j.ID) {
		t.Errorf("kept: %+v", all)
	}
}

func TestOldDataUndoTellsWhatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.imports(t, "id,wave,stress\na,pre,1\nb,pre,2\nc,pre,3\n", surveys.PolicyAll)
	r := w.sent(t)[0]
	_, err := w.ExcludeResponse(w.ctx, surveys.Correction{Programme: w.programme.ID, Strand: "pupils", Response: r.ID, Revision: r.Revision, Reason: "a test"})
	must(t, err)
	all, changed, err := w.Changed(w.ctx, w.programme.ID, "pupils", first.ID)
	if err != nil || all != 3 || changed != 1 {
		t.Errorf("Changed = %d, %d, %v, want 3, 1", all, changed, err)
	}
	if again := w.imports(t, "id,wave,stress\na,pre,1\nb,pre,2\nc,pre,3\n", surveys.PolicyAll); again.Same != 3 || again.New != 0 {
		t.Errorf("what a person left out comes back: %+v", again)
	}
	undone := w.undoes(t, first.ID, true)
	if undone.Removed != 2 || undone.Kept != 1 {
		t.Errorf("undoing: %+v", undone)
	}
	if kept, err := w.store.Response(t.Context(), r.ID); err != nil || kept.Status != surveys.StatusExcluded {
		t.Errorf("what was changed since: %+v, %v", kept, err)
	}
}

// TestOldDataRemembers: the next file with the same headings is read as the last.
func TestOldDataRemembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mapped(t, w.upload(t, "A,B,C\np1,x,7\n"), func(m *olddata.Mapping) {
		m.Wave, m.Columns[0].Target, m.Columns[2].Target = questionnaire.WavePre, olddata.TargetRespondent, "stress"
	})
	u := w.upload(t, "a,b ,C.\np2,y,8\n")
	if !u.Remembered || u.Mapping.Columns[2].Target != "stress" || u.Mapping.Wave != questionnaire.WavePre || u.Mapping.Cohort != string(w.cohort.ID) {
		t.Errorf("the mapping of the last file is not offered: %+v", u.Mapping)
	}
	w.clock.pass(49 * time.Hour)
	_, err := w.Upload(w.ctx, w.programme.ID, "pupils", u.ID)
	wantError(t, "an old upload", err, surveys.KindNotFound, "old_data.upload_gone")
}

// TestOldDataKeepsNoNames: what names a person is nowhere in the store once the
// file has been imported.
func TestOldDataKeepsNoNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.imports(t, "respondent,wave,stress\nXanthippe-42,pre,1\nXanthippe-42,post,2\n", surveys.PolicyAll)
	for _, kind := range []surveys.RecordKind{"upload", "upload_piece", "job", "job_due", "job_problems", "mapping", "audit"} {
		for r, err := range w.store.Records(t.Context(), kind, "*") {
			must(t, err)
			if strings.Contains(string(r.Body)+r.ID+r.Key, "Xanthippe") || kind == "upload_piece" || kind == "upload" {
				t.Errorf("%s %s is there: %s", kind, r.ID, r.Body)
			}
		}
	}
	for _, r := range w.sent(t) {
		if strings.Contains(fmt.Sprintf("%+v", r), "Xanthippe") || !r.Coded {
			t.Errorf("response: %+v", r)
		}
	}
}
