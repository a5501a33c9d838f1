package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CancelExport stops an export that waits or is made, and throws the file of one that
// is done away. One that has no file any more is left so. Errors as of Export.
func (s *Service) CancelExport(ctx context.Context, programme ProgrammeID, id ExportID) (Export, error) {
	if _, err := s.Export(ctx, programme, id); err != nil {
		return Export{}, err
	}
	e, err := s.changeExport(ctx, id, func(e *Export) error {
		if e.Ended() && e.State != ExportDone {
			return errNothingNew
		}
		e.State = ExportCancelled
		return nil
	})
	if errors.Is(err, errNothingNew) {
		return s.Export(ctx, programme, id)
	}
	if err != nil {
		return e, err
	}
	if err := s.Audit(ctx, programme, "export.cancelled", string(id)); err != nil {
		return e, err
	}
	return e, s.dropFile(ctx, e)
}

// dropFile removes the file of an export that has ended, then that there is one: a
// removal that was broken off is done again by tidyExports.
func (s *Service) dropFile(ctx context.Context, e Export) error {
	if e.Attempt == "" {
		return nil
	}
	if err := s.removePieces(ctx, e.Attempt); err != nil {
		return err
	}
	_, err := s.changeExport(ctx, e.ID, func(now *Export) error {
		if now.Attempt != e.Attempt || !now.Ended() || now.State == ExportDone {
			return errNothingNew
		}
		now.Attempt = ""
		return nil
	})
	if errors.Is(err, errNothingNew) {
		return nil
	}
	return err
}

// takenBack marks that answers of a strand, or somebody's consent to show them, were
// taken back: no file that was made before may be downloaded from now on. Mark before
// the answers go and after; what is made in between is then made again.
func (s *Service) takenBack(ctx context.Context, programme ProgrammeID, strand StrandID) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	_, err = s.put(ctx, recordTakenBack, id, strandScope(programme, strand), "", 0, struct{}{})
	return err
}

// goneMarks counts how often answers of a strand were taken back.
func (s *Service) goneMarks(ctx context.Context, programme ProgrammeID, strand StrandID) (int, error) {
	if strand == "" { // of all strands
		return s.goneAnywhere(ctx, programme)
	}
	n, err := s.store.CountRecords(ctx, recordTakenBack, strandScope(programme, strand), time.Time{})
	if err != nil {
		return 0, fmt.Errorf("counting what was taken back: %w", err)
	}
	return n, nil
}

// goneAnywhere counts it over all strands of a programme.
func (s *Service) goneAnywhere(ctx context.Context, programme ProgrammeID) (int, error) {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return 0, err
	}
	all := 0
	for _, strand := range p.Strands {
		n, err := s.goneMarks(ctx, programme, strand.ID)
		if err != nil {
			return 0, err
		}
		all += n
	}
	return all, nil
}

// spoilExports marks that answers of a strand were taken back, and removes the files
// that may hold them. Should the removal be broken off, tidyExports goes on with it,
// and nobody can download them in between.
func (s *Service) spoilExports(ctx context.Context, programme ProgrammeID, strand StrandID) error {
	if err := s.takenBack(ctx, programme, strand); err != nil {
		return err
	}
	all, err := listRecords[Export](ctx, s.store, recordExport, string(programme))
	if err != nil {
		return err
	}
	var failed error
	for _, e := range all {
		if (e.Strand == strand || e.Whole()) && e.State == ExportDone {
			failed = errors.Join(failed, s.endExport(ctx, e, ExportStale, "export.stale"))
		}
	}
	return failed
}

// endExport takes the file of a finished export away. Who did it is the program.
func (s *Service) endExport(ctx context.Context, e Export, state ExportState, action string) error {
	ctx = WithAccount(ctx, Account{})
	e, err := s.changeExport(ctx, e.ID, func(now *Export) error {
		if now.State != ExportDone {
			return errNothingNew
		}
		now.State = state
		return nil
	})
	if errors.Is(err, errNothingNew) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(s.dropFile(ctx, e), s.Audit(ctx, e.Programme, action, string(e.ID)))
}

// tidyExports removes files that have run out or hold what was taken back, goes on
// with removals that were broken off, and lets nothing that was asked for be forgotten.
func (s *Service) tidyExports(ctx context.Context) error {
	all, err := listRecords[Export](ctx, s.store, recordExport, "*")
	if err != nil {
		return err
	}
	var failed error
	for _, e := range all {
		failed = errors.Join(failed, s.tidyExport(ctx, e))
	}
	// What an instance wrote that had lost its lease without knowing belongs to nobody.
	if _, err := s.store.DeleteRecordsBefore(ctx, recordExportPiece, s.moment().Add(-ExportLife-24*time.Hour)); err != nil {
		failed = errors.Join(failed, fmt.Errorf("removing pieces of exports: %w", err))
	}
	return failed
}

func (s *Service) tidyExport(ctx context.Context, e Export) error {
	switch {
	case !e.Ended():
		_, err := s.put(ctx, recordExportDue, string(e.ID), string(e.Programme), "", 0, e.ID)
		if kindOfNil(err) == KindConflict {
			return nil
		}
		return err
	case e.State != ExportDone:
		return s.dropFile(ctx, e)
	case !e.there(s.moment()):
		return s.endExport(ctx, e, ExportExpired, "export.expired")
	}
	gone, err := s.goneMarks(ctx, e.Programme, e.Strand)
	if err == nil && gone != e.Gone {
		err = s.endExport(ctx, e, ExportStale, "export.stale")
	}
	return err
}
