package surveys

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// atWork is what this process does now: two chores make exports beside each other,
// and a lease tells instances apart, not them.
type atWork struct {
	mu    sync.Mutex
	names map[string]bool
}

// take reports whether nobody here is at it; then drop it in the end.
func (a *atWork) take(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.names[name] {
		return false
	}
	if a.names == nil {
		a.names = map[string]bool{}
	}
	a.names[name] = true
	return true
}

func (a *atWork) drop(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.names, name)
}

// wakeExports lets the chore begin at once on this instance. Others look in their time.
func (s *Service) wakeExports() {
	select {
	case s.exportAsked <- struct{}{}:
	default:
	}
}

// WorkExports makes the files that were asked for, each under a lease. One that was
// broken off, by a cut or by the end of an instance, is made again from the beginning.
func (s *Service) WorkExports(ctx context.Context) error {
	if s.files == nil {
		return nil
	}
	var due []Record
	for r, err := range s.store.Records(ctx, recordExportDue, "*") {
		if err != nil {
			return fmt.Errorf("listing exports: %w", err)
		}
		due = append(due, r)
	}
	var failed error
	for _, r := range due {
		failed = errors.Join(failed, s.workExport(ctx, r))
	}
	return failed
}

// AwaitExport returns an export when it has ended. It makes the file itself if nobody
// is at it. KindNotFound and KindForbidden as of Export.
func (s *Service) AwaitExport(ctx context.Context, programme ProgrammeID, id ExportID) (Export, error) {
	look := time.NewTicker(exportLook / 4)
	defer look.Stop()
	for {
		e, err := s.Export(ctx, programme, id)
		if err != nil || e.Ended() {
			return e, err
		}
		if s.files != nil {
			// What goes wrong is kept with the export, or tried again.
			err = s.workExport(ctx, Record{ID: string(id), At: s.moment()})
		}
		if err == nil {
			if e, err = s.Export(ctx, programme, id); err != nil || e.Ended() {
				return e, err
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return e, ctx.Err()
		}
	}
}

func exportLease(id ExportID) string { return "export " + string(id) }

// workExport makes one export, unless another is at it.
func (s *Service) workExport(ctx context.Context, due Record) (err error) {
	if !s.atWork.take(due.ID) {
		return nil
	}
	defer s.atWork.drop(due.ID)
	if e, err := readRecord[Export](ctx, s.store, recordExport, due.ID); err != nil || e.Ended() {
		return s.settleDue(ctx, due, err)
	}
	if mine, err := s.hold(ctx, exportLease(ExportID(due.ID))); err != nil || !mine {
		return err
	}
	defer s.leave(ctx, exportLease(ExportID(due.ID)), &err)
	e, err := readRecord[Export](ctx, s.store, recordExport, due.ID) // as who held it before left it
	if err != nil || e.Ended() {
		return s.settleDue(ctx, due, err)
	}
	return s.underRelease(ctx, e, func() error { return s.makeExport(ctx, e.ID) })
}

// settleDue forgets that there is something to do for an export that has ended, or
// that never came to be; err is how reading it went.
func (s *Service) settleDue(ctx context.Context, due Record, err error) error {
	if err != nil && KindOf(err) != KindNotFound {
		return err
	}
	if err != nil && s.moment().Before(due.At.Add(dueLife)) { // it is being asked for
		return nil
	}
	return s.store.DeleteRecord(ctx, recordExportDue, due.ID)
}

// underRelease does the work on files of few people's figures one after the other in
// each strand: what one shows is known before the next is made.
func (s *Service) underRelease(ctx context.Context, e Export, do func() error) error {
	if e.Profile == ProfileRows {
		return do()
	}
	name := releaseLease(e.Programme, e.Strand)
	if !s.atWork.take(name) {
		return nil
	}
	defer s.atWork.drop(name)
	if mine, err := s.hold(ctx, name); err != nil || !mine {
		return err
	}
	err := do()
	parting, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingTime)
	defer cancel()
	return errors.Join(err, s.letGo(parting, name))
}

func releaseLease(programme ProgrammeID, strand StrandID) string {
	return "release " + strandScope(programme, strand)
}

// makeExport does one attempt at an export.
func (s *Service) makeExport(ctx context.Context, id ExportID) error {
	e, err := s.beginExport(ctx, id)
	if err != nil {
		return s.failExport(ctx, e, err)
	}
	ctx = WithAccount(ctx, Account{ID: e.Account, Name: e.By})
	file, err := s.attemptExport(ctx, e)
	if err == nil {
		err = s.finishExport(ctx, e, file)
	}
	if err != nil {
		if ctx.Err() == nil {
			err = errors.Join(err, s.removePieces(ctx, e.Attempt))
		}
		return s.failExport(ctx, e, err)
	}
	return s.store.DeleteRecord(ctx, recordExportDue, string(id))
}

// beginExport starts an attempt with nothing done, and removes what an earlier one
// left behind.
func (s *Service) beginExport(ctx context.Context, id ExportID) (Export, error) {
	attempt, err := s.newID()
	if err != nil {
		return Export{ID: id}, err
	}
	before, err := readRecord[Export](ctx, s.store, recordExport, string(id))
	if err == nil {
		err = s.removePieces(ctx, before.Attempt)
	}
	if err != nil {
		return Export{ID: id}, err
	}
	e, err := s.changeExport(ctx, id, func(e *Export) error {
		if e.Ended() || e.Attempt != before.Attempt {
			return errNotMine
		}
		e.State, e.Attempt, e.Done, e.Tries = ExportWorking, attempt, 0, e.Tries+1
		return nil
	})
	if err != nil {
		return Export{ID: id}, err
	}
	if e.Tries > exportTries {
		err = invalid("", "export.broken")
	}
	return e, err
}

// attemptExport makes the file.
func (s *Service) attemptExport(ctx context.Context, e Export) (*exportPieces, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if e.Whole() {
		return s.attemptHoldings(ctx, e)
	}
	file := s.newPieces(e.Attempt)
	m, err := s.materialOf(ctx, e, file)
	if err != nil {
		return nil, err
	}
	of, err := m.Data.submitted(ctx)
	if err != nil {
		return nil, err
	}
	watch := s.watchExport(ctx, e, of, stop)
	m.Progress = watch.tell
	err = survive(func() (err error) {
		file.release, err = s.files.Make(ctx, file.in(ctx), m)
		return err
	})
	if err == nil {
		err = file.close(ctx)
	}
	if ended := watch.end(); ended != nil {
		err = ended
	}
	return file, err
}

// materialOf gathers what a file is made of, and notes on the file as of when.
func (s *Service) materialOf(ctx context.Context, e Export, file *exportPieces) (m Making, err error) {
	if file.gone, err = s.goneMarks(ctx, e.Programme, e.Strand); err != nil { // before anything is read
		return m, err
	}
	file.moment = s.moment()
	m = Making{Export: e, Moment: file.moment}
	if e.Profile != ProfileRows {
		if m.Earlier, err = s.releases(ctx, e.Programme, e.Strand); err != nil {
			return m, err
		}
	}
	m.Data, err = s.dataset(ctx, e.Programme, e.Strand)
	return m, err
}

// survive turns a panic in do into an error: one mistake in a file would end the
// program again and again.
func survive(do func() error) (err error) {
	defer func() {
		if said := recover(); said != nil {
			err = PanicError(said)
		}
	}()
	return do()
}

// finishExport makes the file one that can be downloaded. If answers were taken back
// while it was made, it is made again.
func (s *Service) finishExport(ctx context.Context, e Export, file *exportPieces) error {
	gone, err := s.goneMarks(ctx, e.Programme, e.Strand)
	if err != nil {
		return err
	}
	if gone != file.gone {
		return errTakenBack
	}
	if err := s.releaseExport(ctx, e, file.release); err != nil {
		return err
	}
	if err := s.Audit(ctx, e.Programme, "export.made", fmt.Sprintf("%s: %d bytes, SHA-256 %x", e.ID, file.size, file.sum.Sum(nil))); err != nil {
		return err
	}
	_, err = s.changeExport(ctx, e.ID, func(now *Export) error {
		if now.State != ExportWorking || now.Attempt != e.Attempt {
			return errNotMine
		}
		now.State, now.Done, now.Gone, now.Key, now.Args = ExportDone, now.Of, gone, "", nil
		now.Size, now.Sum = file.size, fmt.Sprintf("%x", file.sum.Sum(nil))
		now.Made, now.Expires = file.moment, s.moment().Add(ExportLife)
		return nil
	})
	return err
}

// releaseExport remembers what a file tells before anybody has it. A later attempt may
// tell something else, since there are more answers, and is remembered beside the first.
func (s *Service) releaseExport(ctx context.Context, e Export, r *Release) error {
	if r == nil {
		return nil
	}
	kept := *r
	kept.ID, kept.Profile, kept.Format, kept.Filter = string(e.ID), e.Profile, e.Format, e.Filter
	if e.Tries > 1 {
		kept.ID = fmt.Sprintf("%s.%d", e.ID, e.Tries)
	}
	return s.keepRelease(ctx, e.Programme, e.Strand, kept)
}

// errTakenBack ends an attempt that may hold answers which are no longer there.
var errTakenBack = errors.New("answers were taken back while the file was made")

// failExport keeps why an export cannot be made, if the cause is one that trying
// again does not mend. Anything else is the log's, and is tried again.
func (s *Service) failExport(ctx context.Context, e Export, cause error) error {
	var shown *Error
	key, args := "", []any(nil)
	switch {
	case errors.Is(cause, errNotMine): // it was cancelled, or another instance goes on
		return nil
	case ctx.Err() != nil: // this instance ends, and another makes it
		return cause
	case errors.Is(cause, errTakenBack):
		_, err := s.changeExport(ctx, e.ID, func(now *Export) error {
			now.Tries = max(0, now.Tries-1)
			return nil
		})
		return err
	case errors.As(cause, &shown) && (shown.Kind == KindInvalid || shown.Kind == KindNotFound || shown.Kind == KindConflict):
		key, args, cause = shown.Key, shown.Args, nil
	case e.Tries >= exportTries:
		key = "export.broken"
	default:
		return fmt.Errorf("export %s: %w", e.ID, cause)
	}
	_, err := s.changeExport(ctx, e.ID, func(now *Export) error {
		if now.Ended() {
			return errNotMine
		}
		now.State, now.Key, now.Args = ExportFailed, key, args
		return nil
	})
	if errors.Is(err, errNotMine) {
		err = nil
	}
	if err == nil {
		err = s.store.DeleteRecord(ctx, recordExportDue, string(e.ID))
	}
	return errors.Join(cause, err)
}

// errNothingNew spares a write.
var errNothingNew = errors.New("nothing has changed")
