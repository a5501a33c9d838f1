package surveys

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"
)

// passRemoval removes what an import created. Readings of what was written go with
// the responses; what pairs people said they are falls away by itself.
func (s *Service) passRemoval(ctx context.Context, j Job) error {
	remove, kept, err := s.createdBy(ctx, j)
	if err != nil {
		return err
	}
	if err := s.revised(ctx, Response{Programme: j.Programme, Strand: j.Strand}); err != nil { // as of a correction: before and after
		return err
	}
	if err := s.takenBack(ctx, j.Programme, j.Strand); err != nil { // files made from them go too: below
		return err
	}
	if err := s.removeReadings(ctx, j, remove); err != nil {
		return err
	}
	if j.Row == 0 { // how many there are is kept before the first goes, so that what is left tells how many went
		j.Row, j.Of = 1, len(remove)+kept
		if err := s.changeJob(ctx, j.ID, func(now *Job) { now.Row, now.Of = j.Row, j.Of }); err != nil {
			return err
		}
	}
	for from := 0; from <= len(remove); from += batchRows {
		if mine, err := s.hold(ctx, jobLease(j.ID)); err != nil || !mine {
			return cmp.Or(err, errNotMine)
		}
		to := min(from+batchRows, len(remove))
		if err := s.removeResponses(ctx, remove[from:to]); err != nil {
			return err
		}
		err := s.changeJob(ctx, j.ID, func(now *Job) {
			now.Kept = kept
			now.Removed = j.Of - kept - (len(remove) - to)
			now.Done = now.Removed
			j = *now
		})
		if err != nil {
			return err
		}
	}
	if err := s.revised(ctx, Response{Programme: j.Programme, Strand: j.Strand}); err != nil {
		return err
	}
	if err := s.spoilExports(ctx, j.Programme, j.Strand); err != nil {
		return err
	}
	if j.Kind == JobImport {
		return s.end(ctx, j, JobRefused, "old_data.refused")
	}
	if err := s.changeJob(ctx, j.Import, func(now *Job) { now.State, now.Removed, now.Kept = JobUndone, j.Removed, kept }); err != nil {
		return err
	}
	return s.end(ctx, j, JobDone, "old_data.undone")
}

// createdBy lists the responses that an import created and that are to be removed,
// and counts those changed since that are to stay. What its respondent withdrew
// always stays: there is no answer in it, and it keeps the same row, imported once
// more, from bringing the answers back.
func (s *Service) createdBy(ctx context.Context, j Job) (remove []ResponseID, kept int, err error) {
	for r, err := range s.store.ResponseHeads(ctx, j.Programme, j.Strand) {
		switch {
		case err != nil:
			return nil, 0, fmt.Errorf("listing what an import created: %w", err)
		case r.Batch != string(j.Import) || r.Mode != ModeImport:
		case j.KeepChanged && changedSince(r), r.Status == StatusWithdrawn:
			kept++
		default:
			remove = append(remove, r.ID)
		}
	}
	return remove, kept, nil
}

func (s *Service) removeResponses(ctx context.Context, ids []ResponseID) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(importsAtOnce)
	for _, id := range ids {
		group.Go(func() error { return s.store.DeleteResponse(ctx, id) })
	}
	return group.Wait()
}

// removeReadings removes what was decided about the words in these responses.
func (s *Service) removeReadings(ctx context.Context, j Job, ids []ResponseID) error {
	gone := make(map[ResponseID]bool, len(ids))
	for _, id := range ids {
		gone[id] = true
	}
	var remove []string
	for r, err := range s.store.Records(ctx, recordReading, strandScope(j.Programme, j.Strand)) {
		if err != nil {
			return fmt.Errorf("listing readings: %w", err)
		}
		if response, _, _ := strings.Cut(r.ID, "/"); gone[ResponseID(response)] {
			remove = append(remove, r.ID)
		}
	}
	for _, id := range remove {
		if err := s.store.DeleteRecord(ctx, recordReading, id); err != nil {
			return fmt.Errorf("removing a reading: %w", err)
		}
	}
	return nil
}
