package surveys

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// fate is what becomes of a response.
type fate uint8

const (
	fateNew fate = iota
	fateSame
	fateConflict
)

// fateOf compares a response with the one that is there under its id. One that its
// respondent withdrew is not brought back, and one that people corrected stays as
// they left it.
func (o *oldRows) fateOf(ctx context.Context, r oldResponse, before Response) (fate, error) {
	if before.Status == StatusWithdrawn || sameAsBefore(before, r.response) {
		return fateSame, nil
	}
	if before.Version == r.response.Version && before.Questionnaire == r.response.Questionnaire {
		return fateConflict, nil
	}
	older, err := o.service.Instrument(ctx, before.Questionnaire, before.Version) // a newer one may read the same row otherwise
	if err != nil {
		return fateConflict, err
	}
	inv, err := o.invitation(ctx, invitedTo{CohortID(r.head.Cohort), r.head.Wave})
	if err != nil {
		return fateConflict, err
	}
	inv.Instrument = older
	then, _, err := o.prepareAs(ctx, r.row, r.head, r.response.ID, inv)
	if err == nil && sameAsBefore(before, then.response) {
		return fateSame, nil
	}
	return fateConflict, err
}

func sameAsBefore(before, r Response) bool {
	return before.Digest == r.Digest && (sameForm(before, r) || len(before.History) > 0)
}

// settle says what becomes of a response, and with store keeps a new one.
func (o *oldRows) settle(ctx context.Context, r oldResponse, store bool) (fate, error) {
	before, err := o.service.store.Response(ctx, r.response.ID)
	if kindOfNil(err) == KindNotFound && store {
		if err := o.service.markBehind(ctx, r.response); err != nil {
			return fateNew, err
		}
		if err = o.service.store.PutResponse(ctx, r.response, r.linkage); kindOfNil(err) == KindConflict {
			before, err = o.service.store.Response(ctx, r.response.ID)
		} else if err == nil {
			return fateNew, nil
		}
	}
	switch {
	case kindOfNil(err) == KindNotFound:
		return fateNew, nil
	case err != nil:
		return fateNew, fmt.Errorf("looking a response of an import up: %w", err)
	}
	what, err := o.fateOf(ctx, r, before)
	if what == fateSame && store && r.again.row == 0 && before.Batch == string(o.job.ID) {
		what = fateNew // this job kept it, and was broken off before it said so
	}
	return what, err
}

// settled is a batch of rows and what became of them.
type settled struct {
	JobCounts
	rows     int
	last     int // row of the sheet
	problems []CellProblem
}

// batch is rows being gathered.
type batch struct {
	rows []readRow
	last int
}

// settleBatch settles the rows of a batch, many at once; those whose response a row
// before gave too follow one after another.
func (o *oldRows) settleBatch(ctx context.Context, b batch, store bool) (settled, error) {
	done := settled{rows: len(b.rows), last: b.last}
	var ready []oldResponse
	for _, row := range b.rows {
		done.problems = append(done.problems, row.problems...)
		if row.blank {
			done.Blank++
		} else if len(row.problems) > 0 {
			done.Wrong++
		}
		ready = append(ready, row.ready...)
	}
	fates := make([]fate, len(ready))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(importsAtOnce)
	for i, r := range ready {
		if r.again.row > 0 {
			continue
		}
		group.Go(func() (err error) {
			fates[i], err = o.settle(groupCtx, r, store)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return done, err
	}
	for i, r := range ready {
		if r.again.row > 0 {
			var err error
			if fates[i], err = o.settleAgain(ctx, r, store); err != nil {
				return done, err
			}
		}
		done.count(r, fates[i])
	}
	return done, nil
}

// settleAgain settles a response that an earlier row gave too: it is compared with
// what that row said, or with what was kept of it.
func (o *oldRows) settleAgain(ctx context.Context, r oldResponse, store bool) (fate, error) {
	switch {
	case store:
		return o.settle(ctx, r, true)
	case r.again.digest == r.response.Digest:
		return fateSame, nil
	}
	return fateConflict, nil
}

func (d *settled) count(r oldResponse, what fate) {
	d.Aside += len(r.response.Aside)
	switch what {
	case fateNew:
		d.New++
		if r.linkage.given() {
			d.Coded++
		}
	case fateSame:
		d.Same++
	case fateConflict:
		d.Conflicts++
		problem := CellProblem{Row: r.row.Number, Key: "old_data.changed"}
		if r.again.row > 0 {
			problem.Key, problem.Args = "old_data.row_twice", []any{r.again.row}
		}
		d.problems = append(d.problems, problem)
	}
}
