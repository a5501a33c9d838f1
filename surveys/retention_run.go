package surveys

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// The rhythm of retention.
const (
	retentionEvery   = 10 * time.Minute
	retentionClosing = 2 * time.Minute // from the closing of a programme until nothing that was under way can still write
	destroyedAtOnce  = 8               // records; each write waits for the disk
)

// RunState is how far a step is.
type RunState string

// The states of a step, in their order.
const (
	RunClosing    RunState = "closing"    // no answer is taken any more; waits for what is under way
	RunFreezing   RunState = "freezing"   // the figures are kept
	RunDestroying RunState = "destroying" // what goes is counted, and goes
	RunCleaning   RunState = "cleaning"   // the pages of the store are cleaned of it, and looked through
	RunDone       RunState = "done"       // the certificate is there
)

// RetentionRun is one step of one programme on its way. Whoever does the step, on
// whichever instance, goes on where it stands; each part of it can be done twice.
type RetentionRun struct {
	Programme ProgrammeID      `json:"programme"`
	Step      RetentionStep    `json:"step"`
	State     RunState         `json:"state"`
	Began     time.Time        `json:"began"`
	Counted   bool             `json:"counted,omitempty"`
	Plan      []RetentionCount `json:"plan,omitempty"` // what there was to destroy
	By        AccountID        `json:"by,omitempty"`   // of a deletion: who asked
	Name      string           `json:"name,omitempty"` // of By
	Reason    string           `json:"reason,omitempty"`
	Revision  int64            `json:"-"`
}

func (r *RetentionRun) setRevision(n int64) { r.Revision = n }

func runID(programme ProgrammeID, step RetentionStep) string {
	return string(programme) + "/" + string(step)
}

// keepRetention warns of what will be destroyed and does what is due, for every
// programme with a clock and every one whose deletion was asked for.
func (s *Service) keepRetention(ctx context.Context) error {
	s.forgetKeysHere(ctx)
	all, err := listRecords[Programme](ctx, s.store, recordProgramme, "")
	if err != nil {
		return err
	}
	var failed error
	for _, p := range all {
		if err := s.retain(ctx, p); err != nil && ctx.Err() == nil {
			failed = errors.Join(failed, fmt.Errorf("retention of programme %s: %w", p.ID, err))
		}
	}
	return errors.Join(failed, s.lostRuns(ctx), s.scrubIfAsked(ctx))
}

// retain does what is due of one programme, under a lease.
func (s *Service) retain(ctx context.Context, p Programme) error {
	step, due, err := s.dueStep(ctx, &p)
	if err != nil {
		return err
	}
	if !due {
		return s.warnRetention(ctx, p)
	}
	name := "retention " + string(p.ID)
	if !s.atWork.take(name) {
		return nil
	}
	defer s.atWork.drop(name)
	if mine, err := s.hold(ctx, name); err != nil || !mine {
		return err
	}
	err = s.runStep(ctx, p.ID, step)
	if errors.Is(err, errNoFreezer) || errors.Is(err, errNotYet) {
		return s.letGo(ctx, name)
	}
	return errors.Join(err, s.letGo(ctx, name))
}

// dueStep is the step of p that is to be done, or gone on with, now.
func (s *Service) dueStep(ctx context.Context, p *Programme) (RetentionStep, bool, error) {
	_, err := readRecord[RetentionRun](ctx, s.store, recordRetentionRun, runID(p.ID, StepProgramme))
	if err == nil {
		return StepProgramme, true, nil
	}
	if kindOfNil(err) != KindNotFound {
		return "", false, err
	}
	step, more := p.RetentionNext()
	if !more {
		return "", false, nil
	}
	run, err := readRecord[RetentionRun](ctx, s.store, recordRetentionRun, runID(p.ID, step))
	if err == nil && (run.State == RunDestroying || run.State == RunCleaning) {
		return step, true, nil // half of it is gone: nothing is saved by waiting
	}
	if err != nil && kindOfNil(err) != KindNotFound {
		return "", false, err
	}
	at, ok := p.RetentionDate(step)
	if _, held := p.RetentionHeld(s.moment()); held || !ok || s.moment().Before(at) {
		return "", false, nil
	}
	return step, true, nil
}

// errNotYet ends a round: something has to pass before the step goes on.
var errNotYet = errors.New("not yet")

// runStep goes on with a step from where it stands until its end, or until something
// has to be waited for.
func (s *Service) runStep(ctx context.Context, id ProgrammeID, step RetentionStep) error {
	run, err := s.beginRun(ctx, id, step)
	for err == nil && run.State != RunDone {
		if mine, err := s.hold(ctx, "retention "+string(id)); err != nil || !mine {
			return err
		}
		var p Programme
		p, err = readRecord[Programme](ctx, s.store, recordProgramme, string(id))
		if kindOfNil(err) == KindNotFound && step == StepProgramme {
			return s.forgetRuns(ctx, id)
		}
		if err == nil {
			run, err = s.goOn(ctx, p, run)
		}
	}
	return err
}

func (s *Service) beginRun(ctx context.Context, id ProgrammeID, step RetentionStep) (RetentionRun, error) {
	run := RetentionRun{Programme: id, Step: step, State: RunClosing, Began: s.moment()}
	_, err := s.put(ctx, recordRetentionRun, runID(id, step), string(id), "", 0, run)
	if err != nil && kindOfNil(err) != KindConflict {
		return run, err
	}
	return readRecord[RetentionRun](ctx, s.store, recordRetentionRun, runID(id, step))
}

// goOn does what the state of a run asks for, and returns the run in the next.
func (s *Service) goOn(ctx context.Context, p Programme, run RetentionRun) (RetentionRun, error) {
	switch run.State {
	case RunClosing:
		if err := s.closeForRetention(ctx, &p, run); err != nil {
			return run, err
		}
		if run.Step == StepProgramme {
			if err := s.callOffIfAnswered(ctx, p); err != nil {
				return run, err
			}
		}
		return s.nextState(ctx, run, RunFreezing, nil)
	case RunFreezing:
		if run.Step != StepProgramme {
			if err := s.freeze(ctx, &p, run.Step); err != nil {
				return run, err
			}
		}
		plan, err := s.countEnding(ctx, &p, run.Step)
		if err != nil {
			return run, err
		}
		return s.nextState(ctx, run, RunDestroying, plan)
	case RunDestroying:
		if err := s.destroy(ctx, &p, run.Step); err != nil {
			return run, err
		}
		return s.nextState(ctx, run, RunCleaning, nil)
	case RunCleaning:
		return s.finishRun(ctx, p, run)
	}
	return run, fmt.Errorf("the step %s stands nowhere: %q", run.Step, run.State)
}

func (s *Service) nextState(ctx context.Context, run RetentionRun, state RunState, plan []RetentionCount) (RetentionRun, error) {
	return change(ctx, s, recordRetentionRun, runID(run.Programme, run.Step), func(now *RetentionRun) error {
		now.State = state
		if state == RunDestroying && !now.Counted {
			now.Plan, now.Counted = plan, true
		}
		return nil
	})
}

// closeForRetention takes no answers from now on, ends files and imports that are being
// made, and waits until nothing that was under way can still write.
func (s *Service) closeForRetention(ctx context.Context, p *Programme, run RetentionRun) error {
	closed, err := change(ctx, s, recordProgramme, string(p.ID), func(p *Programme) error {
		if p.Retention.Closed.IsZero() {
			p.Retention.Closed = s.moment()
		}
		return nil
	})
	if err != nil {
		return err
	}
	*p = closed
	if err := s.closeLinks(ctx, p); err != nil {
		return err
	}
	if err := s.cancelExports(ctx, p); err != nil {
		return err
	}
	for _, strand := range p.Strands {
		jobs, err := listRecords[Job](ctx, s.store, recordJob, strandScope(p.ID, strand.ID))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(jobs, func(j Job) bool { return !j.Ended() }) {
			return errNotYet
		}
	}
	if s.moment().Before(run.Began.Add(retentionClosing)) {
		return errNotYet
	}
	return nil
}

// cancelExports ends the files of p that wait or are being made. Those that are done
// are counted with what goes.
func (s *Service) cancelExports(ctx context.Context, p *Programme) error {
	all, err := listRecords[Export](ctx, s.store, recordExport, string(p.ID))
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Ended() {
			continue
		}
		_, err := s.changeExport(ctx, e.ID, func(now *Export) error {
			if now.Ended() {
				return errNothingNew
			}
			now.State = ExportCancelled
			return nil
		})
		if err != nil && !errors.Is(err, errNothingNew) && kindOfNil(err) != KindNotFound {
			return err
		}
	}
	return nil
}

// closeLinks ends every link of p that is open or will open.
func (s *Service) closeLinks(ctx context.Context, p *Programme) error {
	links, err := listRecords[Link](ctx, s.store, recordLink, string(p.ID))
	if err != nil {
		return err
	}
	for _, l := range links {
		if state := l.State(p.Retention.Closed); state == "closed" || state == "withdrawn" {
			continue
		}
		_, err := change(ctx, s, recordLink, string(l.ID), func(l *Link) error {
			l.Closes = p.Retention.Closed
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// destroy removes all that goes with a step and those before it.
func (s *Service) destroy(ctx context.Context, p *Programme, step RetentionStep) error {
	if err := s.destroyKeys(ctx, p.ID); err != nil {
		return err
	}
	s.forgetKeyHere(p.ID)
	if slices.Contains(step.upTo(), StepContacts) {
		if err := s.closeMailings(ctx, p.ID); err != nil { // keeps their totals
			return err
		}
	}
	return s.eachEnding(ctx, p, step, func(kind RecordKind, all []found) error {
		return s.destroyAll(ctx, kind, all)
	})
}

// destroyAll removes some records, or what stands for them.
func (s *Service) destroyAll(ctx context.Context, kind RecordKind, all []found) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(destroyedAtOnce)
	for _, one := range all {
		group.Go(func() error {
			if err := s.destroyOne(ctx, kind, one.ID); err != nil {
				return fmt.Errorf("destroying %s: %w", kind, err)
			}
			return nil
		})
	}
	return group.Wait()
}

func (s *Service) destroyOne(ctx context.Context, kind RecordKind, id string) error {
	switch kind {
	case kindLinkage:
		return s.store.DeleteLinkage(ctx, ResponseID(id))
	case kindInProgress, kindResponse:
		return s.store.DeleteResponse(ctx, ResponseID(id))
	case kindText:
		return s.blankResponse(ctx, ResponseID(id))
	}
	return s.store.DeleteRecord(ctx, kind, id)
}

// finishRun cleans the store, looks whether anything lingers, writes the certificate,
// and says that the step is done.
func (s *Service) finishRun(ctx context.Context, p Programme, run RetentionRun) (RetentionRun, error) {
	left, err := s.countEnding(ctx, &p, run.Step)
	if err != nil {
		return run, err
	}
	if len(left) > 0 { // somebody made more meanwhile: it goes, too
		if err := s.destroy(ctx, &p, run.Step); err != nil {
			return run, err
		}
		return run, errNotYet
	}
	cleaned, err := s.scrub(ctx, true)
	if err != nil {
		return run, err
	}
	if err := s.certify(ctx, p, run, cleaned); err != nil {
		return run, err
	}
	if run.Step == StepProgramme {
		return run, s.forgetProgramme(ctx, p)
	}
	_, err = change(ctx, s, recordProgramme, string(p.ID), func(p *Programme) error {
		p.Retention.Done = maps.Clone(p.Retention.Done)
		if p.Retention.Done == nil {
			p.Retention.Done = map[RetentionStep]time.Time{}
		}
		if _, done := p.Retention.Done[run.Step]; !done {
			p.Retention.Done[run.Step] = s.moment()
		}
		return nil
	})
	if err != nil {
		return run, err
	}
	return s.nextState(ctx, run, RunDone, nil)
}

// Retain does at once what is due of all programmes, as the chore does in its time.
func (s *Service) Retain(ctx context.Context) error { return s.keepRetention(ctx) }
