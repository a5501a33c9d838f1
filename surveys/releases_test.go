package surveys_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

func releaseOf(id string) surveys.Release {
	return surveys.Release{
		ID: id, Profile: surveys.ProfilePublished, Format: "publication.xlsx", Filter: surveys.Filter{Languages: []string{"ar"}},
		Smallest: 10, Through: origin, Cells: []surveys.Cell{{Key: surveys.EveryoneCell, People: 44, Matched: 40, Low: 43, High: 47}},
	}
}

// TestKeepRelease: what a file told is kept once for each export, in the order of
// time, with who asked for it.
func TestKeepRelease(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		id := w.programme.ID
		must(t, w.KeepRelease(w.ctx, id, "pupils", releaseOf("one")))
		again := releaseOf("one")
		again.Format = "other"
		must(t, w.KeepRelease(w.ctx, id, "pupils", again))
		must(t, w.KeepRelease(w.ctx, id, "staff", releaseOf("elsewhere")))
		kept, err := w.Releases(w.ctx, id, "pupils")
		must(t, err)
		want := releaseOf("one")
		want.Programme, want.Strand, want.At, want.By, want.Name = id, "pupils", w.clock.Now(), w.account.ID, w.account.Name
		if diff := cmp.Diff([]surveys.Release{want}, kept); diff != "" {
			t.Errorf("Releases (-want +got):\n%s", diff)
		}
		if c, ok := kept[0].Cell(surveys.EveryoneCell); !ok || c.People != 44 {
			t.Errorf("Cell = %+v, %v", c, ok)
		}
	})
}

func TestKeepReleaseRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, spoil := range map[string]func(*surveys.Release){
		"no_id":   func(r *surveys.Release) { r.ID = "" },
		"rows":    func(r *surveys.Release) { r.Profile = surveys.ProfileRows },
		"unknown": func(r *surveys.Release) { r.Profile = "secret" },
	} {
		r := releaseOf("one")
		spoil(&r)
		if err := w.KeepRelease(w.ctx, w.programme.ID, "pupils", r); surveys.KindOf(err) != surveys.KindInvalid {
			t.Errorf("%s: error = %v, want KindInvalid", name, err)
		}
	}
}

// TestKeepReleaseFaults lets each store call fail in turn and tries again: the
// release is there once.
func TestKeepReleaseFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, failed := 1, true; failed; n++ {
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		strand := surveys.StrandID("pupils")
		r := releaseOf("try" + string(rune('0'+n)))
		err := service.KeepRelease(w.ctx, w.programme.ID, strand, r)
		if failed = faulty.Calls() >= n; failed {
			if !errors.Is(err, storetest.ErrFault) {
				t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
			}
			err = service.KeepRelease(w.ctx, w.programme.ID, strand, r)
		}
		must(t, err)
		kept, err := w.Releases(w.ctx, w.programme.ID, strand)
		must(t, err)
		if len(kept) != n {
			t.Errorf("after call %d failed and all was done again: %d releases, want %d", n, len(kept), n)
		}
	}
}

// TestReleaseFigures: of several instances and callers at once each knows what those
// before it released, and no two make something at the same time.
func TestReleaseFigures(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		w := newWorldIn(t, store)
		instances := []*surveys.Service{surveys.NewService(store, time.Now, rand.Reader), surveys.NewService(store, time.Now, rand.Reader)}
		var all sync.WaitGroup
		var making atomic.Int32
		seen := make([]atomic.Bool, 6)
		for n := range seen {
			all.Go(func() {
				err := instances[n%2].ReleaseFigures(w.ctx, w.programme.ID, "pupils", func(earlier []surveys.Release) (*surveys.Release, error) {
					if making.Add(1) > 1 {
						t.Error("two are made at once")
					}
					defer making.Add(-1)
					if len(earlier) < len(seen) && seen[len(earlier)].Swap(true) {
						t.Errorf("two know of the same %d before them", len(earlier))
					}
					r := releaseOf(fmt.Sprint("caller ", n))
					return &r, nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		kept, err := w.Releases(w.ctx, w.programme.ID, "pupils")
		if must(t, err); len(kept) != len(seen) {
			t.Errorf("%d releases are kept, want %d", len(kept), len(seen))
		}
	})
}

// TestReleaseFiguresFaults lets each store call fail in turn and tries again: the
// release is there once, and the lease is not kept from who tries again.
func TestReleaseFiguresFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, failed := 1, true; failed; n++ {
		faulty := storetest.Faulty(w.store, n)
		service := surveys.NewService(faulty, w.clock.Now, rand.Reader)
		again := func() error {
			return service.ReleaseFigures(w.ctx, w.programme.ID, "pupils", func([]surveys.Release) (*surveys.Release, error) {
				r := releaseOf(fmt.Sprint("try ", n))
				return &r, nil
			})
		}
		err := again()
		if failed = faulty.Calls() >= n; failed {
			if !errors.Is(err, storetest.ErrFault) {
				t.Fatalf("with call %d failing: error = %v, want that of the store", n, err)
			}
			err = again()
		}
		must(t, err)
		kept, err := w.Releases(w.ctx, w.programme.ID, "pupils")
		if must(t, err); len(kept) != n {
			t.Fatalf("with call %d failing: %d releases, want %d", n, len(kept), n)
		}
		w.clock.pass(3 * time.Minute) // a lease that could not be given up has run out
	}
}

// TestReleaseFiguresOfNothing: what was not made is not kept.
func TestReleaseFiguresOfNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	broken := errors.New("broken")
	err := w.ReleaseFigures(w.ctx, w.programme.ID, "pupils", func([]surveys.Release) (*surveys.Release, error) { return nil, broken })
	if !errors.Is(err, broken) {
		t.Errorf("error = %v, want that of what makes it", err)
	}
	must(t, w.ReleaseFigures(w.ctx, w.programme.ID, "pupils", func([]surveys.Release) (*surveys.Release, error) { return nil, nil }))
	if kept, err := w.Releases(w.ctx, w.programme.ID, "pupils"); err != nil || len(kept) != 0 {
		t.Errorf("kept %v, %v", kept, err)
	}
}
