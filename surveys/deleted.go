package surveys

import (
	"context"
	"fmt"
	"time"
)

// DeletedLife is how long what was deleted can be taken back.
const DeletedLife = 30 * 24 * time.Hour

// DeleteResponse leaves a response out and destroys it after DeletedLife, until
// when UndoChange brings it back. That it is to be destroyed is kept first: of a
// response that is not deleted after all it means nothing.
func (s *Service) DeleteResponse(ctx context.Context, c Correction) (Response, error) {
	r, err := s.StoredResponse(ctx, c.Programme, c.Strand, c.Response)
	if err != nil {
		return r, err
	}
	doomed, err := encode(recordDoomed, string(r.ID), "", "", s.moment().Add(DeletedLife), 0, struct{}{})
	if err != nil {
		return r, err
	}
	// Deleted before and taken back, it is destroyed when the last deletion is old enough.
	if _, err = s.store.PutRecord(ctx, doomed); err != nil && kindOfNil(err) != KindConflict {
		return r, fmt.Errorf("keeping that a response is to be destroyed: %w", err)
	}
	if err := s.takenBack(ctx, r.Programme, r.Strand); err != nil {
		return r, err
	}
	if r, err = s.leaveOut(ctx, c, ActionDeleted, StatusDeleted); err != nil {
		return r, err
	}
	return r, s.spoilExports(ctx, r.Programme, r.Strand)
}

// destroyDeleted destroys what was deleted long enough ago.
func (s *Service) destroyDeleted(ctx context.Context) error {
	var due []string
	for record, err := range s.store.Records(ctx, recordDoomed, "*") {
		if err != nil {
			return fmt.Errorf("listing what is to be destroyed: %w", err)
		}
		if record.At.After(s.moment()) {
			break
		}
		due = append(due, record.ID)
	}
	for _, id := range due {
		if err := s.destroyIfDeleted(ctx, ResponseID(id)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) destroyIfDeleted(ctx context.Context, id ResponseID) error {
	r, err := s.store.Response(ctx, id)
	if err != nil && KindOf(err) != KindNotFound {
		return fmt.Errorf("reading what is to be destroyed: %w", err)
	}
	if err == nil && r.Status == StatusDeleted {
		if last := r.History[len(r.History)-1]; s.moment().Before(last.At.Add(DeletedLife)) {
			return s.doomLater(ctx, r, last.At.Add(DeletedLife))
		}
		if err := s.forgetTraces(ctx, r); err != nil {
			return err
		}
		if err := s.forgetReadings(ctx, r); err != nil {
			return err
		}
		if err := s.store.DeleteResponse(ctx, id); err != nil {
			return fmt.Errorf("destroying a deleted response: %w", err)
		}
	}
	return s.store.DeleteRecord(ctx, recordDoomed, string(id))
}

// doomLater puts off the end of what was deleted, taken back and deleted again.
func (s *Service) doomLater(ctx context.Context, r Response, at time.Time) error {
	record, err := s.store.Record(ctx, recordDoomed, string(r.ID))
	if err != nil {
		return err
	}
	record.At = at
	_, err = s.store.PutRecord(ctx, record)
	return err
}

// forgetReadings removes what was decided about the open answers of r, quotes
// included, and what was keyed of it in a second pass.
func (s *Service) forgetReadings(ctx context.Context, r Response) error {
	if err := s.forgetKeyings(ctx, r.ID); err != nil {
		return err
	}
	if err := s.forgetConcernsOf(ctx, r); err != nil {
		return err
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	for i := range in.Variables() {
		if err := s.store.DeleteRecord(ctx, recordReading, readingID(r.ID, in.Variables()[i].ID)); err != nil {
			return fmt.Errorf("removing what was decided about an answer: %w", err)
		}
	}
	return nil
}
