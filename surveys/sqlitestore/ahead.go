package sqlitestore

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"soundings/surveys"
)

// Reading rows, decoding their answers and what the consumer does with them take
// about a third of the time each: they go on at the same time, a few batches apart,
// so that memory stays flat.
const (
	batchRows    = 16
	batchesAhead = 8
)

// batch is some rows in the order of the cursor, decoded by one goroutine.
type batch struct {
	rows    []responseRow
	err     error // of decoding
	decoded chan struct{}
}

// responseRow is a response as far as columns say it, and the texts of the others.
type responseRow struct {
	surveys.Response
	notes, answers, aside, history string
	passing                        bool // only answers are to be read, see PassingResponses
}

// ahead streams responses like stream, with rows read and decoded ahead of the
// consumer, in the order of the cursor. It ends at the first error, which it yields
// after the rows before it. Batches that the consumer has seen go into free, to be
// filled again, unless it is nil.
func (s *Store) ahead(ctx context.Context, doing string, free chan *batch, open func(context.Context, func(responseRow) bool) error) iter.Seq2[surveys.Response, error] {
	return func(yield func(surveys.Response, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		r := &reading{ctx: ctx, raw: make(chan *batch, batchesAhead), ordered: make(chan *batch, batchesAhead), free: free}
		defer r.running.Wait()
		defer stop()
		r.start(open)
		for b := range r.ordered {
			<-b.decoded
			for i := range b.rows {
				if !yield(b.rows[i].Response, nil) {
					return
				}
			}
			if b.err != nil {
				yield(surveys.Response{}, fmt.Errorf("%s: %w", doing, b.err))
				return
			}
			r.release(b)
		}
		if err := cmp.Or(r.err, ctx.Err()); err != nil { // of ctx even if all was read ahead before it ended
			yield(surveys.Response{}, fmt.Errorf("%s: %w", doing, err))
		}
	}
}

// reading is one pass: batches go to whoever decodes and, in order, to the consumer.
type reading struct {
	ctx          context.Context
	raw, ordered chan *batch
	free         chan *batch // seen; nil: none is used again
	running      sync.WaitGroup
	err          error // of reading; to be looked at when ordered is closed
}

// start reads in one goroutine and decodes in as many more as there are processors.
func (r *reading) start(open func(context.Context, func(responseRow) bool) error) {
	r.running.Go(func() {
		defer close(r.ordered)
		defer close(r.raw)
		r.err = r.read(open)
	})
	for range max(1, min(4, runtime.GOMAXPROCS(0))) {
		r.running.Go(func() {
			reader := &responseReader{names: make(names)}
			for b := range r.raw {
				b.decode(reader)
			}
		})
	}
}

// read fills batches until the rows end or the consumer wants no more.
func (r *reading) read(open func(context.Context, func(responseRow) bool) error) (err error) {
	defer func() {
		if said := recover(); said != nil { // or one mistake would end the program
			err = surveys.PanicError(said)
		}
	}()
	next := r.batch()
	err = open(r.ctx, func(row responseRow) bool {
		next.add(row)
		if len(next.rows) < batchRows {
			return true
		}
		sent := r.send(next)
		next = r.batch()
		return sent
	})
	if len(next.rows) > 0 {
		r.send(next)
	}
	return cmp.Or(err, r.ctx.Err()) // without the second, a stream that was cut short would look whole
}

// batch returns an empty one, one that was seen if there is one.
func (r *reading) batch() *batch {
	select {
	case b := <-r.free:
		return &batch{rows: b.rows[:0], decoded: make(chan struct{})}
	default:
		return &batch{rows: make([]responseRow, 0, batchRows), decoded: make(chan struct{})}
	}
}

// release gives back a batch that the consumer has seen.
func (r *reading) release(b *batch) {
	select {
	case r.free <- b:
	default:
	}
}

// add adds a row; one that passes gets the Answers that were in its place.
func (b *batch) add(row responseRow) {
	if n := len(b.rows); row.passing && n < cap(b.rows) {
		row.Answers = b.rows[:n+1][n].Answers
	}
	b.rows = append(b.rows, row)
}

// send hands a batch on; false if the consumer has gone.
func (r *reading) send(b *batch) bool {
	for _, to := range []chan *batch{r.raw, r.ordered} {
		select {
		case to <- b:
		case <-r.ctx.Done():
			return false
		}
	}
	return true
}

// decode reads the texts of the rows, up to the first that cannot be read.
func (b *batch) decode(reader *responseReader) {
	defer close(b.decoded)
	defer func() {
		if said := recover(); said != nil {
			b.rows, b.err = b.rows[:0], surveys.PanicError(said)
		}
	}()
	for i := range b.rows {
		if b.err = reader.finish(&b.rows[i]); b.err != nil {
			b.rows = b.rows[:i]
			return
		}
	}
}
