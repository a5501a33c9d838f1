package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"

	"soundings/surveys"
)

// walToWatch is how large the log beside the file may be before somebody should ask
// why it is not emptied: a reader that never ends.
const walToWatch = 256 << 20 // bytes

// schemaNames is what a file must hold beside its rows.
const schemaNames = "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"

// Inspect reads the whole file and compares its tables, indexes and triggers with
// those of a new one.
func (s *Store) Inspect(ctx context.Context) (surveys.Inspection, error) {
	var seen surveys.Inspection
	if err := s.Sound(ctx); ctx.Err() != nil {
		return seen, err
	} else if err != nil {
		seen.Wrong = append(seen.Wrong, "the file is damaged ("+err.Error()+"): stop the program and restore the last good backup")
	} else {
		seen.Said = append(seen.Said, "the file is sound: pages, counts and linkages fit one another")
	}
	missing, err := s.missing(ctx)
	if err != nil {
		return seen, fmt.Errorf("comparing the SQLite file with a new one: %w", err)
	}
	if len(missing) > 0 {
		seen.Wrong = append(seen.Wrong, "the file lacks "+strings.Join(missing, ", ")+": somebody took them away; restore a backup")
	} else {
		seen.Said = append(seen.Said, fmt.Sprintf("schema %d with every index is there", len(migrations)))
	}
	if log, err := os.Stat(s.path + "-wal"); err == nil && log.Size() > walToWatch {
		seen.Advice = append(seen.Advice, fmt.Sprintf("its log has grown to %d MB: start the program anew", log.Size()>>20))
	}
	return seen, nil
}

// missing lists what a new file has and this one has not.
func (s *Store) missing(ctx context.Context) ([]string, error) {
	blank, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { _ = blank.Close() }()
	blank.SetMaxOpenConns(1) // each connection would have a memory of its own
	for _, step := range migrations {
		if _, err := blank.ExecContext(ctx, step.sql); err != nil {
			return nil, err
		}
	}
	want, err := texts(ctx, blank, schemaNames)
	if err != nil {
		return nil, err
	}
	got, err := texts(ctx, s.reading, schemaNames)
	return slices.DeleteFunc(want, func(name string) bool { return slices.Contains(got, name) }), err
}

// texts reads rows of one text.
func texts(ctx context.Context, db *sql.DB, query string) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err tells
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
