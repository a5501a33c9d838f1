package surveys

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// exportWatch keeps how far an export is, holds its lease, and ends it when it was
// cancelled or taken over.
type exportWatch struct {
	service *Service
	export  Export
	of      int
	done    atomic.Int64
	stop    context.CancelCauseFunc
	over    chan struct{}
	ended   chan error
}

// watchExport begins to watch an attempt. Whoever asked for it learns at once that it
// is under way.
func (s *Service) watchExport(ctx context.Context, e Export, of int, stop context.CancelCauseFunc) *exportWatch {
	w := &exportWatch{service: s, export: e, of: of, stop: stop, over: make(chan struct{}), ended: make(chan error, 1)}
	go w.run(ctx)
	return w
}

// tell keeps how many responses are in the file.
func (w *exportWatch) tell(responses int) { w.done.Store(int64(responses)) }

// end stops watching and returns why the attempt was ended, if it was.
func (w *exportWatch) end() error {
	close(w.over)
	return <-w.ended
}

func (w *exportWatch) run(ctx context.Context) {
	tick := time.NewTicker(exportLook)
	defer tick.Stop()
	err := w.look(ctx, 0)
	for n := 1; err == nil; n++ {
		select {
		case <-w.over:
			w.ended <- nil
			return
		case <-tick.C:
			err = w.look(ctx, n)
		}
	}
	w.stop(err)
	<-w.over
	w.ended <- err
}

// look is what is done at look number n.
func (w *exportWatch) look(ctx context.Context, n int) error {
	s := w.service
	if n%exportLooksHold == exportLooksHold-1 {
		for _, name := range w.leases() {
			if mine, err := s.hold(ctx, name); err != nil || !mine {
				return errors.Join(err, errNotMineIf(err == nil))
			}
		}
	}
	_, err := s.changeExport(ctx, w.export.ID, func(now *Export) error {
		if now.State != ExportWorking || now.Attempt != w.export.Attempt {
			return errNotMine
		}
		done := min(int(w.done.Load()), w.of)
		if now.Done == done && now.Of == w.of {
			return errNothingNew
		}
		now.Done, now.Of = done, w.of
		return nil
	})
	if errors.Is(err, errNothingNew) {
		return nil
	}
	return err
}

func errNotMineIf(lost bool) error {
	if lost {
		return errNotMine
	}
	return nil
}

func (w *exportWatch) leases() []string {
	if w.export.Profile == ProfileRows {
		return []string{exportLease(w.export.ID)}
	}
	return []string{exportLease(w.export.ID), releaseLease(w.export.Programme, w.export.Strand)}
}
