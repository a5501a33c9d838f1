package surveys_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// cutOff is a store that an instance loses for good after so many writes.
type cutOff struct {
	surveys.Store
	left atomic.Int32
}

func cutAfter(store surveys.Store, writes int) *cutOff {
	c := &cutOff{Store: store}
	c.left.Store(int32(writes))
	return c
}

func (c *cutOff) write() error {
	if c.left.Add(-1) < 0 {
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: storetest.ErrFault}
	}
	return nil
}

func (c *cutOff) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	if err := c.write(); err != nil {
		return 0, err
	}
	return c.Store.PutRecord(ctx, r)
}

func (c *cutOff) DeleteRecord(ctx context.Context, kind surveys.RecordKind, id string) error {
	if err := c.write(); err != nil {
		return err
	}
	return c.Store.DeleteRecord(ctx, kind, id)
}

func (c *cutOff) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	if err := c.write(); err != nil {
		return err
	}
	return c.Store.PutResponse(ctx, r, l)
}

func (c *cutOff) DeleteResponse(ctx context.Context, id surveys.ResponseID) error {
	if err := c.write(); err != nil {
		return err
	}
	return c.Store.DeleteResponse(ctx, id)
}

// TestOldDataCutOff: an instance that imports, and one that undoes, ends before each of
// its writes in turn. Another brings the job to its end, and the file of which all was
// kept is gone.
func TestOldDataCutOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ends := func(start func() surveys.Job) {
		t.Helper()
		for cut, done := 0, false; !done; cut++ {
			j := start()
			dying := surveys.NewService(cutAfter(w.store, cut), w.clock.Now, rand.Reader)
			done = dying.WorkJobs(t.Context()) == nil
			w.clock.pass(3 * time.Minute)
			if j = w.work(t, w.Service, j.ID); j.State != surveys.JobDone || j.New+j.Removed != 3 {
				t.Fatalf("cut off after %d writes: the job is %+v", cut, j)
			}
			uploads, err := w.Uploads(w.ctx, w.programme.ID, "pupils")
			must(t, err)
			if len(uploads) > 0 {
				t.Fatalf("cut off after %d writes: the file is left behind", cut)
			}
		}
	}
	n := 0
	imports := func() surveys.Job {
		n++
		csv := fmt.Sprintf("respondent,wave,date,stress\nc%d,pre,2025-03-07,7\nc%d,post,2025-06-07,3\nd%d,pre,2025-03-07,6\n", n, n, n)
		j, err := w.StartImport(w.ctx, w.programme.ID, "pupils", w.mapped(t, w.upload(t, csv), nil).ID, surveys.PolicySkip)
		must(t, err)
		return j
	}
	ends(imports)
	ends(func() surveys.Job {
		done := w.work(t, w.Service, imports().ID)
		j, err := w.UndoImport(w.ctx, w.programme.ID, "pupils", done.ID, false)
		must(t, err)
		return j
	})
}
