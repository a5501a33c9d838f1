package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
)

// stream yields one value a row through a cursor that has a connection of its
// own, so that the consumer may read and write inside the loop. It ends at the
// first error, which it yields.
func stream[T any](ctx context.Context, s *Store, doing string, stmt *sql.Stmt, args []any, scan func(scanner) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := s.each(ctx, stmt, args, func(row scanner) (more bool, err error) {
			v, err := scan(row)
			return err == nil && yield(v, nil), err
		})
		if err != nil {
			var none T
			yield(none, fmt.Errorf("%s: %w", doing, err))
		}
	}
}

// each calls visit for each row until it wants no more.
func (s *Store) each(ctx context.Context, stmt *sql.Stmt, args []any, visit func(scanner) (more bool, err error)) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return meaning(err)
	}
	return visitAll(ctx, rows, visit)
}

// visitAll calls visit for each row until it wants no more, and closes rows.
func visitAll(ctx context.Context, rows *sql.Rows, visit func(scanner) (more bool, err error)) error {
	defer rows.Close()
	for ctx.Err() == nil && rows.Next() { // rows notice the end of ctx only a little later
		more, err := visit(rows)
		if err != nil || !more {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return meaning(rows.Err())
}

// write hands one write to the writer.
func (s *Store) write(ctx context.Context, run func(*writeStatements) error) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	return s.writer.do(ctx, run)
}
