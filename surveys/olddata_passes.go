package surveys

import (
	"cmp"
	"context"
	"time"

	"soundings/surveys/sheets"
)

// passRows reads the file of a job from where it stands to its end.
func (s *Service) passRows(ctx context.Context, j Job) error {
	if j.State == JobChecking && j.Row > 0 { // what was met before is not known here
		return s.enter(ctx, j.ID, JobChecking)
	}
	home, err := s.homeOf(ctx, j.Programme, j.Strand)
	if err != nil {
		return err
	}
	u, err := s.uploadOf(ctx, j.Programme, j.Strand, j.Upload)
	if err != nil {
		return err
	}
	table, err := s.tableOf(ctx, u)
	if err != nil {
		return err
	}
	rows, err := s.newOldRows(ctx, home, j)
	if err != nil {
		return err
	}
	return rows.through(ctx, table)
}

// through goes through the rows of a table.
func (o *oldRows) through(ctx context.Context, table *sheets.Table) error {
	from, gathered := o.job.Row, batch{}
	for row, err := range table.Rows() {
		switch {
		case err != nil:
			return err
		case row.Number <= o.job.Mapping.HeadRow:
			continue
		case row.Number <= from:
			if err := o.pass(row); err != nil {
				return err
			}
			continue
		}
		read, err := o.read(ctx, row)
		if err != nil {
			return err
		}
		gathered.rows, gathered.last = append(gathered.rows, read), row.Number
		if len(gathered.rows) == batchRows {
			if err := o.advance(ctx, gathered); err != nil {
				return err
			}
			gathered = batch{}
		}
	}
	if err := o.advance(ctx, gathered); err != nil {
		return err
	}
	return o.finish(ctx)
}

// advance settles a batch and keeps how far the job is.
func (o *oldRows) advance(ctx context.Context, b batch) error {
	if len(b.rows) == 0 {
		return nil
	}
	s := o.service
	if mine, err := s.hold(ctx, jobLease(o.job.ID)); err != nil || !mine {
		return cmp.Or(err, errNotMine)
	}
	done, err := o.settleBatch(ctx, b, o.job.State == JobStoring)
	if err != nil {
		return err
	}
	if err := s.keepProblems(ctx, o.job, b.rows[0].number, done.problems); err != nil {
		return err
	}
	state := o.job.State
	err = s.changeJob(ctx, o.job.ID, func(j *Job) {
		// Where two instances are at it for a moment, who is behind counts nothing again.
		if j.Row < b.rows[0].number && j.State == state {
			j.Row, j.Done = done.last, j.Done+done.rows
			j.add(done)
		}
		o.job = *j
	})
	if err == nil && o.job.State != state {
		err = errNotMine // the other has ended this pass
	}
	return err
}

func (j *Job) add(d settled) {
	j.New += d.New
	j.Same += d.Same
	j.Conflicts += d.Conflicts
	j.Blank += d.Blank
	j.Wrong += d.Wrong
	j.Problems += len(d.problems)
	j.Aside += d.Aside
	j.Coded += d.Coded
}

// faulty says whether any row is wrong; blank ones are not.
func (j Job) faulty() bool { return j.Wrong+j.Conflicts > 0 }

// finish ends a pass: a file that was looked through is kept if nothing is wrong, or
// refused. One of which all was kept is thrown away; while rows are wrong, it may be
// that its columns are to be put right.
func (o *oldRows) finish(ctx context.Context) error {
	s, j := o.service, o.job
	switch {
	case j.Kind == JobCheck:
		return s.end(ctx, j, JobDone, "")
	case j.State == JobChecking && j.faulty():
		return s.end(ctx, j, JobRefused, "old_data.refused")
	case j.State == JobChecking:
		return s.enter(ctx, j.ID, JobStoring)
	case j.Policy == PolicyAll && j.faulty(): // a cohort was renamed or a version published since
		return s.changeJob(ctx, j.ID, func(j *Job) { j.State, j.Import, j.Row, j.Done, j.Of = JobRemoving, j.ID, 0, 0, j.New })
	}
	return s.end(ctx, j, JobDone, "old_data.imported")
}

// forgetDue forgets that there is something to do for a job that has ended. A file of
// which all was kept goes first, after the end: without it the job could not be ended
// once more by who goes on after a cut.
func (s *Service) forgetDue(ctx context.Context, j Job) error {
	if j.Kind == JobImport && j.State != JobRefused && j.State != JobFailed && !j.faulty() {
		u, err := s.uploadOf(ctx, j.Programme, j.Strand, j.Upload)
		if err == nil {
			err = s.removeUpload(ctx, u)
		}
		if err != nil && KindOf(err) != KindNotFound {
			return err
		}
	}
	return s.store.DeleteRecord(ctx, recordJobDue, string(j.ID))
}

// Took is how long a job has taken, or takes so far.
func (j Job) Took() time.Duration { return j.Changed.Sub(j.Created) }
