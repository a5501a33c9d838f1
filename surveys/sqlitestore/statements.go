package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// writeStatements are prepared once on the writer's connection.
type writeStatements struct {
	begin, commit, rollback *sql.Stmt

	insertRecord, updateRecord, findRecord *sql.Stmt
	deleteRecord, deleteRecordsBefore      *sql.Stmt

	insertResponse, updateResponse, findResponse *sql.Stmt
	deleteResponse, deleteResponses              *sql.Stmt
	putLinkage, deleteLinkage                    *sql.Stmt
	keepRecord, keepResponse                     *sql.Stmt

	all []*sql.Stmt
}

func (s *writeStatements) prepare(ctx context.Context, conn *sql.Conn) (err error) {
	s.all, err = prepareAll(ctx, conn, map[**sql.Stmt]string{
		&s.begin:               "BEGIN IMMEDIATE",
		&s.commit:              "COMMIT",
		&s.rollback:            "ROLLBACK",
		&s.insertRecord:        insertRecord,
		&s.updateRecord:        updateRecord,
		&s.findRecord:          findRecord,
		&s.deleteRecord:        deleteRecord,
		&s.deleteRecordsBefore: deleteRecordsBefore,
		&s.insertResponse:      insertResponse,
		&s.updateResponse:      updateResponse,
		&s.findResponse:        findResponse,
		&s.deleteResponse:      deleteResponse,
		&s.deleteResponses:     deleteResponses,
		&s.deleteLinkage:       deleteLinkage,
		&s.putLinkage:          putLinkage,
		&s.keepRecord:          keepRecord,
		&s.keepResponse:        keepResponse,
	})
	return err
}

// close ends them all: a connection with an open statement is never quite
// closed, and would leave its log behind. A pool does this by itself.
func (s *writeStatements) close() (err error) {
	for _, stmt := range s.all {
		err = errors.Join(err, stmt.Close())
	}
	return err
}

// readStatements are prepared on each reading connection as it first uses them.
type readStatements struct {
	ping *sql.Stmt

	record, recordByKey             *sql.Stmt
	recordsOfScope, recordsOfAll    *sql.Stmt
	countRecordsOfScope, countOfAll *sql.Stmt

	response, responses, responsesSince, countResponses, tallies, linkages *sql.Stmt
	responseHeads, responsesWithPrefix, passing                            *sql.Stmt
}

func (s *readStatements) prepare(ctx context.Context, db *sql.DB) error {
	_, err := prepareAll(ctx, db, s.queries())
	return err
}

func (s *readStatements) queries() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&s.ping:                "SELECT count(*) FROM records WHERE kind = '' AND id = ''",
		&s.record:              selectRecord + "WHERE kind = ? AND id = ?",
		&s.recordByKey:         selectRecord + "WHERE kind = ? AND key = ?",
		&s.recordsOfScope:      selectRecord + "WHERE kind = ? AND scope = ? ORDER BY at, id",
		&s.recordsOfAll:        selectRecord + "WHERE kind = ? ORDER BY at, id",
		&s.countRecordsOfScope: countRecords + "AND scope = ?",
		&s.countOfAll:          countRecords,
		&s.response:            selectResponse + "WHERE id = ?",
		&s.responses:           selectResponse + "WHERE programme = ? AND strand = ? AND status = 'submitted' ORDER BY submitted, id",
		&s.responsesSince:      selectResponse + "WHERE programme = ? AND strand = ? AND status = 'submitted' AND submitted >= ? ORDER BY submitted, id",
		&s.passing:             selectPassing + "WHERE programme = ? AND strand = ? AND status = 'submitted' ORDER BY submitted, id",
		&s.responseHeads:       selectHead + "WHERE programme = ? AND strand = ? ORDER BY status, submitted, id",
		&s.responsesWithPrefix: selectResponse + "WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
		&s.countResponses:      countResponses,
		&s.tallies:             selectTallies,
		&s.linkages:            selectLinkages,
	}
}

// preparer is a *sql.DB or a *sql.Conn.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func prepareAll(ctx context.Context, on preparer, queries map[**sql.Stmt]string) (all []*sql.Stmt, err error) {
	for place, query := range queries {
		stmt, err := on.PrepareContext(ctx, query)
		if err != nil {
			return all, fmt.Errorf("preparing %q: %w", query, err)
		}
		*place = stmt
		all = append(all, stmt)
	}
	return all, nil
}

// changed runs a statement and returns how many rows it changed.
func changed(stmt *sql.Stmt, args ...any) (int, error) {
	result, err := stmt.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// replace runs an update that names the expected revision. If it changes
// nothing, find tells whether there is another revision or nothing at all.
func replace(update *sql.Stmt, args []any, find *sql.Stmt, id ...any) error {
	n, err := changed(update, args...)
	if err != nil || n == 1 {
		return err
	}
	var one int
	err = find.QueryRowContext(context.Background(), id...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return errConflict
}
