package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"soundings/surveys"
)

const (
	everyRecord = selectRecord + `ORDER BY kind, id`
	// everyResponse joins by the number of the row, which both tables are kept by.
	everyResponse = `SELECT ` + responseColumns + `, elements FROM responses LEFT JOIN linkages USING (number) ORDER BY id`
	keepRecord    = insertRecord + ` ON CONFLICT (kind, id) DO UPDATE SET scope = excluded.scope, key = excluded.key, at = excluded.at,
		revision = excluded.revision, body = excluded.body`
	// keepResponse updates what is there, so that the triggers keep the tallies.
	keepResponse = insertResponse + ` ON CONFLICT (id) DO UPDATE SET programme = excluded.programme, strand = excluded.strand, cohort = excluded.cohort,
		wave = excluded.wave, questionnaire = excluded.questionnaire, version = excluded.version, language = excluded.language, mode = excluded.mode,
		status = excluded.status, started = excluded.started, submitted = excluded.submitted, page = excluded.page, coded = excluded.coded,
		device = excluded.device, batch = excluded.batch, workshop = excluded.workshop, digest = excluded.digest, notes = excluded.notes,
		answers = excluded.answers, aside = excluded.aside, history = excluded.history, revision = excluded.revision`
)

// KeepRecords stores records as they are, up to the first that meets a conflict.
func (s *Store) KeepRecords(ctx context.Context, records []surveys.Record) error {
	err := s.write(ctx, func(to *writeStatements) error {
		for _, r := range records {
			if _, err := changed(to.keepRecord, recordArgs(r, r.Revision)...); err != nil {
				return fmt.Errorf("%s %s: %w", r.Kind, r.ID, meaning(err))
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keeping records: %w", err)
	}
	return nil
}

// KeepResponses stores responses and their linkages as they are.
func (s *Store) KeepResponses(ctx context.Context, responses []surveys.Whole) error {
	all := make([][]any, len(responses))
	for i, r := range responses {
		as := r.Response
		as.Revision-- // responseArgs counts one up
		args, err := responseArgs(as)
		if err != nil {
			return fmt.Errorf("encoding response %s: %w", r.ID, err)
		}
		all[i] = args
	}
	err := s.write(ctx, func(to *writeStatements) error {
		for i, r := range responses {
			if err := keepWhole(to, all[i], r); err != nil {
				return fmt.Errorf("response %s: %w", r.ID, meaning(err))
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keeping responses: %w", err)
	}
	return nil
}

func keepWhole(to *writeStatements, args []any, r surveys.Whole) error {
	if _, err := changed(to.keepResponse, args...); err != nil {
		return err
	}
	if r.Linkage == nil {
		_, err := changed(to.deleteLinkage, string(r.ID))
		return err
	}
	_, err := changed(to.putLinkage, encodeTexts(r.Linkage.Elements), string(r.ID))
	return err
}

// Schema tells the number of the last migration.
func (s *Store) Schema(ctx context.Context) (surveys.Schema, error) {
	if err := s.ready(ctx); err != nil {
		return surveys.Schema{}, err
	}
	schema := surveys.Schema{Store: "sqlite"}
	if err := s.reading.QueryRowContext(ctx, "PRAGMA user_version").Scan(&schema.Version); err != nil {
		return schema, fmt.Errorf("reading the schema's version: %w", meaning(err))
	}
	return schema, nil
}

// snapshot is one reading transaction on a connection of its own. While it is
// open, the log beside the file grows with what is written.
type snapshot struct {
	store *Store
	conn  *sql.Conn
}

// Snapshot begins a reading transaction.
func (s *Store) Snapshot(ctx context.Context) (surveys.Snapshot, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	conn, err := s.reading.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening a snapshot: %w", meaning(err))
	}
	view := &snapshot{store: s, conn: conn}
	if _, err = conn.ExecContext(ctx, "BEGIN"); err == nil {
		var tables int
		err = conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables) // what is read first decides the moment
	}
	if err != nil {
		_ = view.Close()
		return nil, fmt.Errorf("opening a snapshot: %w", meaning(err))
	}
	return view, nil
}

// Still is true: a reading transaction sees one moment.
func (v *snapshot) Still() bool { return true }

// Records streams all of every kind by kind, then id.
func (v *snapshot) Records(ctx context.Context) iter.Seq2[surveys.Record, error] {
	return streamFrom(ctx, v, "reading every record", everyRecord, func(row scanner) (surveys.Record, error) { return scanRecord(row) })
}

// Responses streams all of every programme by id.
func (v *snapshot) Responses(ctx context.Context) iter.Seq2[surveys.Whole, error] {
	reader := &responseReader{names: make(names)}
	return streamFrom(ctx, v, "reading every response", everyResponse, reader.scanWhole)
}

// scanWhole scans a row of everyResponse.
func (reader *responseReader) scanWhole(row scanner) (surveys.Whole, error) {
	var elements sql.NullString
	r, err := reader.scan(withLast{row, &elements})
	if err != nil || !elements.Valid {
		return surveys.Whole{Response: r}, err
	}
	l := &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand}
	if l.Elements, err = decodeTexts(elements.String); err != nil {
		return surveys.Whole{Response: r}, fmt.Errorf("linkage of %s: %w", r.ID, err)
	}
	return surveys.Whole{Response: r, Linkage: l}, nil
}

// withLast scans one more column behind those that are asked for.
type withLast struct {
	scanner
	last any
}

// Scan reads a row.
func (w withLast) Scan(dest ...any) error { return w.scanner.Scan(append(dest, w.last)...) }

// streamFrom streams within the snapshot.
func streamFrom[T any](ctx context.Context, v *snapshot, doing, query string, scan func(scanner) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := v.each(ctx, query, func(row scanner) (bool, error) {
			value, err := scan(row)
			return err == nil && yield(value, nil), err
		})
		if err != nil {
			var none T
			yield(none, fmt.Errorf("%s: %w", doing, err))
		}
	}
}

func (v *snapshot) each(ctx context.Context, query string, visit func(scanner) (more bool, err error)) error {
	if err := v.store.ready(ctx); err != nil {
		return err
	}
	rows, err := v.conn.QueryContext(ctx, query)
	if err != nil {
		return meaning(err)
	}
	return visitAll(ctx, rows, visit)
}

// Close ends the transaction and gives the connection back.
func (v *snapshot) Close() error {
	_, _ = v.conn.ExecContext(context.Background(), "ROLLBACK") // without a transaction there is nothing to end
	return v.conn.Close()
}
