package surveys

import (
	"context"
	"errors"
	"time"
)

// DeleteProgramme destroys a programme and all that belongs to it, figures and trail
// included; what stays is its certificates. Its retention must be over, or it must never
// have had an answer; name, as it is written, says that it is meant. It is done by the
// next round of retention. KindInvalid: the name or the reason is wrong, or there is
// still something to be destroyed first.
func (s *Service) DeleteProgramme(ctx context.Context, id ProgrammeID, name, reason string) error {
	account, err := require(ctx, id, MayManage)
	if err != nil {
		return err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(id))
	if err != nil {
		return err
	}
	tidy(&name, &reason)
	switch {
	case name != p.Name:
		return invalid("name", "retention.delete_name")
	case reason == "" || len([]rune(reason)) > 500 || !plain(reason, ""):
		return invalid("why", "retention.reason_needed")
	}
	if err := s.mayDelete(ctx, p); err != nil {
		return err
	}
	// The trail of the product has it first: that of the programme goes with it.
	if err := s.Audit(ctx, "", "programme.deletion_asked", string(id)); err != nil {
		return err
	}
	run := RetentionRun{Programme: id, Step: StepProgramme, State: RunClosing, Began: s.moment(), By: account.ID, Name: account.Name, Reason: reason}
	_, err = s.put(ctx, recordRetentionRun, runID(id, StepProgramme), string(id), "", 0, run)
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

func (s *Service) mayDelete(ctx context.Context, p Programme) error {
	if _, more := p.RetentionNext(); !more {
		return nil
	}
	if _, held := p.RetentionHeld(s.moment()); held {
		return invalid("name", "retention.delete_held")
	}
	answered, err := s.hasAnswers(ctx, p.ID)
	if answered {
		return invalid("name", "retention.delete_first")
	}
	return err
}

// hasAnswers reports whether a programme has a response, of whatever status.
func (s *Service) hasAnswers(ctx context.Context, id ProgrammeID) (bool, error) {
	counts, err := s.store.CountResponses(ctx, id)
	for _, n := range counts {
		if n > 0 {
			return true, err
		}
	}
	return false, err
}

// callOffIfAnswered ends the deletion of a programme that had no answer when it was
// asked for and got one before nobody could send any more: what was thanked for is
// kept. Its links stay closed; its administrators open them again.
func (s *Service) callOffIfAnswered(ctx context.Context, p Programme) error {
	if _, more := p.RetentionNext(); !more {
		return nil
	}
	answered, err := s.hasAnswers(ctx, p.ID)
	if err != nil || !answered {
		return err
	}
	_, err = change(ctx, s, recordProgramme, string(p.ID), func(p *Programme) error {
		if len(p.Retention.Done) == 0 { // no step of its clock has closed it for good
			p.Retention.Closed = time.Time{}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.Audit(ctx, p.ID, "programme.deletion_called_off", ""); err != nil {
		return err
	}
	if err := s.store.DeleteRecord(ctx, recordRetentionRun, runID(p.ID, StepProgramme)); err != nil {
		return err
	}
	return errNotYet
}

// DeletionAsked is the deletion of a programme that is on its way. KindNotFound: none.
func (s *Service) DeletionAsked(ctx context.Context, id ProgrammeID) (RetentionRun, error) {
	if _, err := require(ctx, id, MayManage); err != nil {
		return RetentionRun{}, err
	}
	return readRecord[RetentionRun](ctx, s.store, recordRetentionRun, runID(id, StepProgramme))
}

// RetentionRuns lists how far the steps of a programme are.
func (s *Service) RetentionRuns(ctx context.Context, id ProgrammeID) ([]RetentionRun, error) {
	if _, err := require(ctx, id, MayManage); err != nil {
		return nil, err
	}
	return listRecords[RetentionRun](ctx, s.store, recordRetentionRun, string(id))
}

// forgetProgramme is the end of a deletion: roles in it, and the programme itself. The
// run goes last, so that what breaks off here is gone on with.
func (s *Service) forgetProgramme(ctx context.Context, p Programme) error {
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return err
	}
	none := errors.New("no role")
	for _, a := range accounts {
		_, err := change(ctx, s, recordAccount, string(a.ID), func(a *Account) error {
			if _, has := a.Roles[p.ID]; !has {
				return none
			}
			delete(a.Roles, p.ID)
			return nil
		})
		if err != nil && !errors.Is(err, none) && kindOfNil(err) != KindNotFound {
			return err
		}
	}
	if err := s.store.DeleteRecord(ctx, recordProgramme, string(p.ID)); err != nil {
		return err
	}
	return s.forgetRuns(ctx, p.ID)
}

// forgetRuns removes how far the steps of a deleted programme were, and cleans the
// store once more.
func (s *Service) forgetRuns(ctx context.Context, id ProgrammeID) error {
	if err := s.askScrub(ctx); err != nil {
		return err
	}
	runs, err := s.inScope(ctx, recordRetentionRun, string(id), "")
	if err != nil {
		return err
	}
	return s.destroyAll(ctx, recordRetentionRun, runs)
}

// lostRuns goes on with deletions that were broken off after the programme was gone.
func (s *Service) lostRuns(ctx context.Context) error {
	runs, err := listRecords[RetentionRun](ctx, s.store, recordRetentionRun, "*")
	if err != nil {
		return err
	}
	for _, run := range runs {
		_, err := s.store.Record(ctx, recordProgramme, string(run.Programme))
		if kindOfNil(err) == KindNotFound && s.moment().After(run.Began.Add(time.Minute)) {
			err = s.forgetRuns(ctx, run.Programme)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
