package sqlitestore

import (
	"context"
	"database/sql"
	"errors"

	"soundings/surveys"
)

// maxGroup bounds how many writes one transaction takes, so that the first of
// them does not wait for long.
const maxGroup = 256

// write is one caller's write on its way through the writer.
type write struct {
	ctx  context.Context
	run  func(*writeStatements) error
	done chan error // holds one, so that the writer never waits for a caller
}

// writer is the only one who writes: a goroutine with one connection. It takes
// all writes that wait, runs them in one transaction and syncs once.
type writer struct {
	queue      chan *write // no buffer: what was not received was not begun
	lone       chan *write // likewise, of what cannot stand in a transaction
	stop, done chan struct{}
	conn       *sql.Conn
	statements writeStatements
}

func startWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{queue: make(chan *write), lone: make(chan *write), stop: make(chan struct{}), done: make(chan struct{}), conn: conn}
	if err := w.statements.prepare(ctx, conn); err != nil {
		return nil, errors.Join(err, w.statements.close(), conn.Close())
	}
	go w.loop()
	return w, nil
}

// do runs one write in a group and returns when it is on disk.
func (w *writer) do(ctx context.Context, run func(*writeStatements) error) error {
	op := &write{ctx: ctx, run: run, done: make(chan error, 1)}
	select {
	case w.queue <- op:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stop:
		return errClosed
	}
	select {
	case err := <-op.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// alone runs what cannot stand in a transaction between two groups, and returns when it
// is done: it is not broken off.
func (w *writer) alone(ctx context.Context, run func(context.Context) error) error {
	op := &write{ctx: ctx, done: make(chan error, 1), run: func(*writeStatements) error { return run(context.WithoutCancel(ctx)) }}
	select {
	case w.lone <- op:
		return <-op.done
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stop:
		return errClosed
	}
}

func (w *writer) loop() {
	defer close(w.done)
	group := make([]*write, 0, maxGroup)
	for {
		select {
		case op := <-w.queue:
			group = w.take(append(group[:0], op))
			w.run(group)
			clear(group)
		case op := <-w.lone:
			op.done <- meaning(op.run(nil))
		case <-w.stop:
			return
		}
	}
}

// take adds whatever waits.
func (w *writer) take(group []*write) []*write {
	for len(group) < maxGroup {
		select {
		case op := <-w.queue:
			group = append(group, op)
		default:
			return group
		}
	}
	return group
}

// run answers each write of the group. If the group as a whole fails, each is
// tried by itself, so that one write that SQLite cannot bear spoils no other.
func (w *writer) run(group []*write) {
	outcomes, err := w.commit(group)
	if err != nil && len(group) > 1 {
		for _, op := range group {
			w.run([]*write{op})
		}
		return
	}
	for i, op := range group {
		if err != nil {
			op.done <- err
			continue
		}
		op.done <- outcomes[i]
	}
}

// commit runs the group in one transaction. A statement that meets a conflict
// undoes only itself; any other failure undoes the whole group.
func (w *writer) commit(group []*write) (outcomes []error, err error) {
	background := context.Background() // one caller's end must not undo the others' writes
	if _, err := w.statements.begin.ExecContext(background); err != nil {
		return nil, meaning(err)
	}
	outcomes = make([]error, len(group))
	for i, op := range group {
		outcomes[i] = op.outcome(&w.statements)
		if !settled(outcomes[i]) {
			return nil, w.undo(outcomes[i])
		}
	}
	if _, err := w.statements.commit.ExecContext(background); err != nil {
		return nil, w.undo(err)
	}
	return outcomes, nil
}

// undo rolls back and returns what err means. SQLite may have rolled back by
// itself, so an error of the rollback tells nothing new.
func (w *writer) undo(err error) error {
	_, _ = w.statements.rollback.ExecContext(context.Background())
	return meaning(err)
}

func (op *write) outcome(s *writeStatements) error {
	if err := op.ctx.Err(); err != nil {
		return err // nobody waits for it any more
	}
	return meaning(op.run(s))
}

// settled reports whether the transaction may go on after err.
func settled(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	kind := surveys.KindOf(err)
	return kind == surveys.KindConflict || kind == surveys.KindNotFound
}

// close lets the group in hand finish and gives the connection back.
func (w *writer) close() error {
	close(w.stop)
	<-w.done
	return errors.Join(w.statements.close(), w.conn.Close())
}
