package demo_test

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/demo"
	"soundings/surveys/sqlitestore"
)

var errDisk = errors.New("the disk is full")

// full is a store that keeps no more than some responses.
type full struct {
	surveys.Store
	room atomic.Int64
}

func (s *full) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	if s.room.Add(-1) < 0 {
		return errDisk
	}
	return s.Store.PutResponse(ctx, r, l)
}

func TestLoadBrokenOff(t *testing.T) {
	t.Parallel()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "full.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	small := &full{Store: store}
	small.room.Store(100)
	last := 0
	result, err := demo.Load(t.Context(), surveys.NewService(small, time.Now, rand.Reader), func(done, _ int) { last = done })
	if !errors.Is(err, errDisk) || result.Password != "" {
		t.Errorf("Load() = %+v, %v; want nothing and %v", result, err, errDisk)
	}
	if last < 1 || last > 100 {
		t.Errorf("progress told of %d, want 1 to 100", last)
	}
	_, err = demo.Load(t.Context(), surveys.NewService(store, time.Now, rand.Reader), nil)
	if err == nil || surveys.KindOf(err) != surveys.KindConflict {
		t.Errorf("Load() after one that broke off: %v, want kind conflict", err)
	}
}
