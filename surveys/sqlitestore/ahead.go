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
	batchRows    = 64
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
}

// ahead streams responses like stream, with rows read and decoded ahead of the
// consumer, in the order of the cursor. It ends at the first error, which it yields
// after the rows before it.
func (s *Store) ahead(ctx context.Context, doing string, open func(context.Context, func(responseRow) bool) error) iter.Seq2[surveys.Response, error] {
	return func(yield func(surveys.Response, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		r := &reading{ctx: ctx, raw: make(chan *batch, batchesAhead), ordered: make(chan *batch, batchesAhead)}
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
		}
		if r.err != nil {
			yield(surveys.Response{}, fmt.Errorf("%s: %w", doing, r.err))
		}
	}
}

// reading is one pass: batches go to whoever decodes and, in order, to the consumer.
type reading struct {
	ctx          context.Context
	raw, ordered chan *batch
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
func (r *reading) read(open func(context.Context, func(responseRow) bool) error) error {
	next := newBatch()
	err := open(r.ctx, func(row responseRow) bool {
		next.rows = append(next.rows, row)
		if len(next.rows) < batchRows {
			return true
		}
		sent := r.send(next)
		next = newBatch()
		return sent
	})
	if len(next.rows) > 0 {
		r.send(next)
	}
	return cmp.Or(err, r.ctx.Err()) // without the second, a stream that was cut short would look whole
}

func newBatch() *batch {
	return &batch{rows: make([]responseRow, 0, batchRows), decoded: make(chan struct{})}
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
	for i := range b.rows {
		if b.err = reader.finish(&b.rows[i]); b.err != nil {
			b.rows = b.rows[:i]
			return
		}
	}
}
