package surveys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"soundings/surveys/olddata"
	"soundings/surveys/sheets"
)

// JobID names a job. That of an import is the Batch of the responses it created.
type JobID string

// JobKind is what a job does.
type JobKind string

// The kinds of job.
const (
	JobCheck  JobKind = "check"  // looks through a file; keeps nothing
	JobImport JobKind = "import" // keeps the responses of a file
	JobUndo   JobKind = "undo"   // removes what an import created
)

// JobState is where a job stands.
type JobState string

// The states of a job.
const (
	JobWaiting  JobState = "waiting"
	JobChecking JobState = "checking" // looks through the file
	JobStoring  JobState = "storing"  // keeps responses
	JobRemoving JobState = "removing" // removes responses
	JobDone     JobState = "done"
	JobRefused  JobState = "refused" // rows are wrong, and nothing was kept
	JobFailed   JobState = "failed"  // could not go on; Key says why
	JobUndone   JobState = "undone"  // an import whose responses were removed again
)

// Policy says what becomes of a file of which rows are wrong.
type Policy string

// The policies.
const (
	PolicyAll  Policy = "all"  // nothing is kept
	PolicySkip Policy = "skip" // the other rows are kept
)

// Job is long work that any instance can do, go on with and show. Its counts are
// right whenever it stands still; a piece of work that was broken off is done
// again, which changes nothing.
type Job struct {
	ID        JobID           `json:"id"`
	Kind      JobKind         `json:"kind"`
	Programme ProgrammeID     `json:"programme"`
	Strand    StrandID        `json:"strand"`
	Account   AccountID       `json:"account"`
	By        string          `json:"by"` // name of the account
	File      string          `json:"file"`
	Upload    UploadID        `json:"upload,omitempty"`
	Mapping   olddata.Mapping `json:"mapping,omitzero"`
	Policy    Policy          `json:"policy,omitempty"`

	Import      JobID `json:"import,omitempty"`       // undo: of which import
	KeepChanged bool  `json:"keep_changed,omitempty"` // undo: what was changed since stays

	State JobState `json:"state"`
	Key   string   `json:"key,omitempty"` // failed: why
	Args  []any    `json:"args,omitempty"`
	Row   int      `json:"row,omitempty"` // the last row of the sheet that is done
	Done  int      `json:"done"`          // rows, or responses removed
	Of    int      `json:"of"`
	JobCounts
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"`
}

// JobCounts is what became of the rows.
type JobCounts struct {
	New       int `json:"new"`       // responses that were created, or would be
	Same      int `json:"same"`      // responses that were there already
	Conflicts int `json:"conflicts"` // responses that are there with other answers, which stay
	Blank     int `json:"blank"`     // rows without an answer
	Wrong     int `json:"wrong"`     // rows of which something is wrong
	Problems  int `json:"problems"`  // cells of which something is wrong
	Aside     int `json:"aside"`     // answers to what was not asked, set aside
	Coded     int `json:"coded"`     // responses that can be paired
	Removed   int `json:"removed"`
	Kept      int `json:"kept"` // undo: changed since, and kept
}

// Ended says whether there is nothing more to do.
func (j Job) Ended() bool {
	return slices.Contains([]JobState{JobDone, JobRefused, JobFailed, JobUndone}, j.State)
}

// CellProblem is what is wrong with a cell, or for column 0 with a row.
type CellProblem struct {
	Row    int    `json:"row"`
	Column int    `json:"column,omitempty"` // from 1
	Key    string `json:"key"`
	Args   []any  `json:"args,omitempty"`
}

// Limits of jobs.
const (
	jobsEvery    = 2 * time.Second
	batchRows    = 500                 // rows between two times that progress is kept
	maxProblems  = 5_000               // cells told of; more are counted
	problemsLife = 30 * 24 * time.Hour // what was wrong names cells of a file, and is not kept longer
	jobsShown    = 50
	dueLife      = time.Minute // a job that was to be created by then never was
)

// startJob keeps a job and that there is something to do for it.
func (s *Service) startJob(ctx context.Context, j Job) (Job, error) {
	id, err := s.newID()
	if err != nil {
		return j, err
	}
	account, _ := AccountFrom(ctx)
	j.ID, j.State, j.Account, j.By, j.Created, j.Changed = JobID(id), JobWaiting, account.ID, account.Name, s.moment(), s.moment()
	if _, err := s.put(ctx, recordJobDue, id, "", "", 0, j.ID); err != nil {
		return j, err
	}
	_, err = s.put(ctx, recordJob, id, strandScope(j.Programme, j.Strand), "", 0, j)
	return j, err
}

// Job returns one of a strand's jobs. KindNotFound for any other.
func (s *Service) Job(ctx context.Context, programme ProgrammeID, strand StrandID, id JobID) (Job, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return Job{}, err
	}
	j, err := readRecord[Job](ctx, s.store, recordJob, string(id))
	if err == nil && (j.Programme != programme || j.Strand != strand) {
		return Job{}, notFound("old_data.job_gone")
	}
	return j, orNotFound(err, "old_data.job_gone")
}

// Jobs lists a strand's imports and their undoings, newest first.
func (s *Service) Jobs(ctx context.Context, programme ProgrammeID, strand StrandID) ([]Job, error) {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return nil, err
	}
	all, err := listRecords[Job](ctx, s.store, recordJob, strandScope(programme, strand))
	all = slices.DeleteFunc(all, func(j Job) bool { return j.Kind == JobCheck })
	slices.Reverse(all)
	return all[:min(len(all), jobsShown)], err
}

// Problems lists what is wrong with the cells that a job has met so far, in the
// order of the rows; they are kept for a month.
func (s *Service) Problems(ctx context.Context, programme ProgrammeID, strand StrandID, id JobID) ([]CellProblem, error) {
	if _, err := s.Job(ctx, programme, strand, id); err != nil {
		return nil, err
	}
	pieces, err := listRecords[[]CellProblem](ctx, s.store, recordJobProblems, string(id))
	all := slices.Concat(pieces...)
	slices.SortStableFunc(all, func(a, b CellProblem) int { return a.Row - b.Row })
	return all, err
}

// WorkJobs does what is to be done for all jobs, under a lease for each.
func (s *Service) WorkJobs(ctx context.Context) error {
	var due []Record
	for r, err := range s.store.Records(ctx, recordJobDue, "") {
		if err != nil {
			return fmt.Errorf("listing jobs: %w", err)
		}
		due = append(due, r)
	}
	var failed error
	for _, r := range due {
		failed = errors.Join(failed, s.workJob(ctx, r))
	}
	return failed
}

// workJob goes on with one job until it has ended or another instance holds it.
func (s *Service) workJob(ctx context.Context, due Record) (err error) {
	defer func() { s.leave(ctx, jobLease(JobID(due.ID)), &err) }()
	for {
		j, err := readRecord[Job](ctx, s.store, recordJob, due.ID)
		switch {
		case kindOfNil(err) == KindNotFound && s.moment().Before(due.At.Add(dueLife)):
			return nil
		case kindOfNil(err) == KindNotFound:
			return s.store.DeleteRecord(ctx, recordJobDue, due.ID)
		case err == nil && j.Ended():
			return s.forgetDue(ctx, j)
		case err != nil:
			return err
		}
		if mine, err := s.hold(ctx, jobLease(j.ID)); err != nil || !mine {
			return err
		}
		if j, err = readRecord[Job](ctx, s.store, recordJob, due.ID); err != nil { // as who held it before left it
			return err
		}
		if j.Ended() {
			continue
		}
		if err := s.passJob(ctx, j); err != nil {
			return s.failJob(ctx, j.ID, err)
		}
	}
}

func jobLease(id JobID) string { return "job " + string(id) }

// errNotMine ends a pass whose lease another instance has taken over.
var errNotMine = errors.New("another instance does this job")

// passJob does one pass of a job, which ends in another state.
func (s *Service) passJob(ctx context.Context, j Job) error {
	ctx = WithAccount(ctx, Account{ID: j.Account, Name: j.By})
	switch j.State {
	case JobWaiting:
		first := JobChecking
		switch {
		case j.Kind == JobUndo:
			first = JobRemoving
		case j.Kind == JobImport && j.Policy == PolicySkip:
			first = JobStoring
		}
		return s.enter(ctx, j.ID, first)
	case JobChecking, JobStoring:
		return s.passRows(ctx, j)
	case JobRemoving:
		return s.passRemoval(ctx, j)
	}
	return fmt.Errorf("job %s is in the unknown state %s", j.ID, j.State)
}

// enter begins a pass with counts of nothing.
func (s *Service) enter(ctx context.Context, id JobID, state JobState) error {
	return s.changeJob(ctx, id, func(j *Job) { j.State, j.Row, j.Done, j.JobCounts = state, 0, 0, JobCounts{} })
}

// end ends a job. What it did is in the trail before it is ended, so that it is
// there even if the end has to be told twice.
func (s *Service) end(ctx context.Context, j Job, state JobState, action string) error {
	what := fmt.Sprintf("%s: %d new, %d there already, %d rows wrong, %d removed", j.ID, j.New, j.Same+j.Conflicts, j.Wrong, j.Removed)
	if action != "" {
		if err := s.Audit(ctx, j.Programme, action, what); err != nil {
			return err
		}
	}
	return s.changeJob(ctx, j.ID, func(j *Job) { j.State = state })
}

func (s *Service) changeJob(ctx context.Context, id JobID, edit func(*Job)) error {
	_, err := change(ctx, s, recordJob, string(id), func(j *Job) error {
		edit(j)
		j.Changed = s.moment()
		return nil
	})
	return err
}

// failJob keeps why a job cannot go on, if the cause is one that trying again does
// not mend; else the error is the log's, and the job goes on later.
func (s *Service) failJob(ctx context.Context, id JobID, cause error) error {
	var e *Error
	cause = FromSheet(cause, "")
	switch {
	case errors.Is(cause, errNotMine):
		return nil
	case !errors.As(cause, &e), e.Kind != KindInvalid && e.Kind != KindNotFound:
		return fmt.Errorf("job %s: %w", id, cause)
	}
	return s.changeJob(ctx, id, func(j *Job) { j.State, j.Key, j.Args = JobFailed, e.Key, e.Args })
}

// keepProblems keeps what is wrong with the cells of a batch, once: the same batch
// done again has the same.
func (s *Service) keepProblems(ctx context.Context, j Job, firstRow int, problems []CellProblem) error {
	if len(problems) == 0 || j.Problems >= maxProblems {
		return nil
	}
	problems = problems[:min(len(problems), maxProblems-j.Problems)]
	_, err := s.put(ctx, recordJobProblems, fmt.Sprintf("%s/%08d", j.ID, firstRow), string(j.ID), "", 0, problems)
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

func itoa(n int) string { return strconv.Itoa(n) }

// Where names the cell of a problem: "row 17, column F".
func (p CellProblem) Where() string { return sheets.Place(p.Row, p.Column) }
