package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"soundings/surveys"
)

const (
	insertRecord = `INSERT INTO records (scope, key, at, revision, body, kind, id) VALUES (?, ?, ?, ?, ?, ?, ?)`
	updateRecord = `UPDATE records SET scope = ?, key = ?, at = ?, revision = ?, body = ? WHERE kind = ? AND id = ? AND revision = ?`
	findRecord   = `SELECT 1 FROM records WHERE kind = ? AND id = ?`
	selectRecord = `SELECT kind, id, scope, coalesce(key, ''), at, revision, body FROM records `
	countRecords = `SELECT count(*) FROM records WHERE kind = ? AND at >= ? `

	deleteRecord        = `DELETE FROM records WHERE kind = ? AND id = ?`
	deleteRecordsBefore = `DELETE FROM records WHERE kind = ? AND at < ?`
)

// everyScope asks Records and CountRecords for all scopes.
const everyScope = "*"

// PutRecord inserts r if its revision is 0, else replaces the revision it names.
func (s *Store) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	next := r.Revision + 1
	args := recordArgs(r, next)
	err := s.write(ctx, func(to *writeStatements) error {
		if r.Revision == 0 {
			_, err := changed(to.insertRecord, args...)
			return err
		}
		return replace(to.updateRecord, append(args, r.Revision), to.findRecord, string(r.Kind), r.ID)
	})
	if err != nil {
		return 0, fmt.Errorf("putting %s %s: %w", r.Kind, r.ID, err)
	}
	return next, nil
}

func recordArgs(r surveys.Record, revision int64) []any {
	key := sql.NullString{String: r.Key, Valid: r.Key != ""}
	return []any{r.Scope, key, r.At.UnixMilli(), revision, string(r.Body), string(r.Kind), r.ID}
}

// Record returns one by id.
func (s *Store) Record(ctx context.Context, kind surveys.RecordKind, id string) (surveys.Record, error) {
	r, err := s.oneRecord(ctx, s.reads.record, kind, id)
	if err != nil {
		return r, fmt.Errorf("reading %s %s: %w", kind, id, err)
	}
	return r, nil
}

// RecordByKey returns the one with that unique key, which the error does not
// repeat: it may be a secret.
func (s *Store) RecordByKey(ctx context.Context, kind surveys.RecordKind, key string) (surveys.Record, error) {
	r, err := s.oneRecord(ctx, s.reads.recordByKey, kind, key)
	if err != nil {
		return r, fmt.Errorf("reading %s by key: %w", kind, err)
	}
	return r, nil
}

func (s *Store) oneRecord(ctx context.Context, stmt *sql.Stmt, kind surveys.RecordKind, name string) (surveys.Record, error) {
	if err := s.ready(ctx); err != nil {
		return surveys.Record{}, err
	}
	r, err := scanRecord(stmt.QueryRowContext(ctx, string(kind), name))
	return r, meaning(err)
}

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

func scanRecord(row scanner) (r surveys.Record, err error) {
	var at int64
	err = row.Scan(&r.Kind, &r.ID, &r.Scope, &r.Key, &at, &r.Revision, &r.Body)
	r.At = fromMillis(at)
	return r, err
}

// fromMillis also gives back the zero time.
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Records streams those of a kind and scope by time, then id.
func (s *Store) Records(ctx context.Context, kind surveys.RecordKind, scope string) iter.Seq2[surveys.Record, error] {
	stmt, args := s.reads.recordsOfScope, []any{string(kind), scope}
	if scope == everyScope {
		stmt, args = s.reads.recordsOfAll, args[:1]
	}
	return stream(ctx, s, "listing "+string(kind), stmt, args, func(row scanner) (surveys.Record, error) { return scanRecord(row) })
}

// DeleteRecord removes one.
func (s *Store) DeleteRecord(ctx context.Context, kind surveys.RecordKind, id string) error {
	err := s.write(ctx, func(to *writeStatements) error {
		_, err := changed(to.deleteRecord, string(kind), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("deleting %s %s: %w", kind, id, err)
	}
	return nil
}

// DeleteRecordsBefore removes those of a kind whose time is before t.
func (s *Store) DeleteRecordsBefore(ctx context.Context, kind surveys.RecordKind, t time.Time) (int, error) {
	var n int
	err := s.write(ctx, func(to *writeStatements) (err error) {
		n, err = changed(to.deleteRecordsBefore, string(kind), t.UnixMilli())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("deleting %s before %s: %w", kind, t.UTC().Format(time.RFC3339), err)
	}
	return n, nil
}

// CountRecords counts those of a kind and scope with time at or after since.
func (s *Store) CountRecords(ctx context.Context, kind surveys.RecordKind, scope string, since time.Time) (n int, err error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	stmt, args := s.reads.countRecordsOfScope, []any{string(kind), since.UnixMilli(), scope}
	if scope == everyScope {
		stmt, args = s.reads.countOfAll, args[:2]
	}
	if err := stmt.QueryRowContext(ctx, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting %s: %w", kind, meaning(err))
	}
	return n, nil
}
