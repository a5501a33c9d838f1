package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// migration takes a file from one schema version to the next.
type migration struct {
	does string // for people: "make the tables"
	sql  string
}

// migrations are only ever added to; the first makes version 1.
var migrations = []migration{
	{"make the tables", schema1},
	{"keep how a response came, and what it rates", schema2},
	{"count responses by workshop", schema3},
	{"refuse programs that know nothing of second factors, safeguarding and retention", schema4},
}

// applicationID marks a file as ours: "Sndg" in ASCII.
const applicationID = 0x536E6467

// schema1: unique key "" is stored as NULL, which SQLite never counts as equal.
const schema1 = `
PRAGMA application_id = 0x536E6467; -- "Sndg"

CREATE TABLE records (
	kind     TEXT NOT NULL,
	id       TEXT NOT NULL,
	scope    TEXT NOT NULL,
	key      TEXT,
	at       INTEGER NOT NULL, -- ms since 1970
	revision INTEGER NOT NULL,
	body     TEXT NOT NULL
);
-- Record, PutRecord, DeleteRecord; decides which insert wins.
CREATE UNIQUE INDEX records_id ON records (kind, id);
-- RecordByKey; decides who has a key.
CREATE UNIQUE INDEX records_key ON records (kind, key);
-- Records and CountRecords of one scope, in order.
CREATE INDEX records_scope ON records (kind, scope, at, id);
-- Records and CountRecords of every scope, in order; DeleteRecordsBefore.
CREATE INDEX records_at ON records (kind, at, id);

CREATE TABLE responses (
	number        INTEGER PRIMARY KEY, -- joins the linkage
	id            TEXT NOT NULL,
	programme     TEXT NOT NULL,
	strand        TEXT NOT NULL,
	cohort        TEXT NOT NULL,
	wave          TEXT NOT NULL,
	questionnaire TEXT NOT NULL,
	version       INTEGER NOT NULL,
	language      TEXT NOT NULL,
	mode          TEXT NOT NULL,
	status        TEXT NOT NULL,
	started       INTEGER NOT NULL, -- ms since 1970
	submitted     INTEGER NOT NULL, -- ms since 1970; year 1 while in progress
	page          INTEGER NOT NULL,
	coded         INTEGER NOT NULL,
	digest        TEXT NOT NULL,
	notes         TEXT NOT NULL, -- JSON array
	answers       TEXT NOT NULL, -- JSON object
	aside         TEXT NOT NULL, -- JSON object
	revision      INTEGER NOT NULL
);
-- Response, PutResponse; decides which insert wins.
CREATE UNIQUE INDEX responses_id ON responses (id);
-- Responses: the submitted ones of a strand, in order; Linkages; DeleteResponses.
CREATE INDEX responses_stream ON responses (programme, strand, status, submitted, id);

-- Linkages live under the number of their response: an index over random ids
-- less to write at each submission, for a sort when they are read.
CREATE TABLE linkages (
	number   INTEGER PRIMARY KEY,
	elements TEXT NOT NULL -- JSON array
);

-- CountResponses reads these few rows, which the triggers keep, instead of an
-- index entry a response.
CREATE TABLE counts (
	programme TEXT NOT NULL,
	cohort    TEXT NOT NULL,
	strand    TEXT NOT NULL,
	wave      TEXT NOT NULL,
	status    TEXT NOT NULL,
	responses INTEGER NOT NULL,
	PRIMARY KEY (programme, cohort, strand, wave, status)
) WITHOUT ROWID;
CREATE TRIGGER responses_inserted AFTER INSERT ON responses BEGIN
	INSERT INTO counts VALUES (NEW.programme, NEW.cohort, NEW.strand, NEW.wave, NEW.status, 1)
		ON CONFLICT DO UPDATE SET responses = responses + 1;
END;
CREATE TRIGGER responses_deleted AFTER DELETE ON responses BEGIN
	UPDATE counts SET responses = responses - 1
		WHERE programme = OLD.programme AND cohort = OLD.cohort AND strand = OLD.strand AND wave = OLD.wave AND status = OLD.status;
	DELETE FROM linkages WHERE number = OLD.number;
END;
CREATE TRIGGER responses_moved AFTER UPDATE OF programme, cohort, strand, wave, status ON responses BEGIN
	UPDATE counts SET responses = responses - 1
		WHERE programme = OLD.programme AND cohort = OLD.cohort AND strand = OLD.strand AND wave = OLD.wave AND status = OLD.status;
	INSERT INTO counts VALUES (NEW.programme, NEW.cohort, NEW.strand, NEW.wave, NEW.status, 1)
		ON CONFLICT DO UPDATE SET responses = responses + 1;
END;
`

// schema2: how a response came, and what it rates.
const schema2 = `
ALTER TABLE responses ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN batch TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN workshop TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN history TEXT NOT NULL DEFAULT ''; -- JSON array; '' for none
`

// schema3: counts by workshop too, and when the latest answer came. Only the
// tally of submitted responses keeps that moment. Taking the latest away looks
// for the one before it from the end of the stream; nothing else is looked up.
const schema3 = `
DROP TRIGGER responses_inserted;
DROP TRIGGER responses_deleted;
DROP TRIGGER responses_moved;
DROP TABLE counts;

-- CountResponses and Tallies read these few rows, which the triggers keep,
-- instead of an index entry a response.
CREATE TABLE tallies (
	programme TEXT NOT NULL,
	cohort    TEXT NOT NULL,
	strand    TEXT NOT NULL,
	wave      TEXT NOT NULL,
	status    TEXT NOT NULL,
	workshop  TEXT NOT NULL,
	responses INTEGER NOT NULL,
	last      INTEGER NOT NULL, -- ms since 1970, of the latest submission; year 1 while there is none
	PRIMARY KEY (programme, cohort, strand, wave, status, workshop)
) WITHOUT ROWID;
INSERT INTO tallies SELECT programme, cohort, strand, wave, status, workshop, count(*), max(submitted) FROM responses
	GROUP BY programme, cohort, strand, wave, status, workshop;

CREATE TRIGGER responses_inserted AFTER INSERT ON responses BEGIN
	` + tallyOne + `
END;
CREATE TRIGGER responses_deleted AFTER DELETE ON responses BEGIN
	` + untallyOne + `
	DELETE FROM linkages WHERE number = OLD.number;
END;
CREATE TRIGGER responses_moved AFTER UPDATE OF programme, cohort, strand, wave, status, workshop, submitted ON responses BEGIN
	` + untallyOne + `
	` + tallyOne + `
END;
`

// schema4 changes no table: the version alone keeps out programs that would let
// people in, and show answers, by older rules.
const schema4 = `SELECT 4;`

// tallyOne counts the new row of a trigger, untallyOne the old one no longer.
const (
	tallyOne = `INSERT INTO tallies VALUES (NEW.programme, NEW.cohort, NEW.strand, NEW.wave, NEW.status, NEW.workshop, 1, NEW.submitted)
		ON CONFLICT DO UPDATE SET responses = responses + 1, last = max(last, excluded.last);`
	untallyOne = `UPDATE tallies SET responses = responses - 1, last = CASE WHEN OLD.submitted < last OR OLD.status <> 'submitted' THEN last ELSE coalesce((
			SELECT submitted FROM responses WHERE programme = OLD.programme AND strand = OLD.strand AND status = OLD.status
				AND cohort = OLD.cohort AND wave = OLD.wave AND workshop = OLD.workshop ORDER BY submitted DESC LIMIT 1), -62135596800000) END
		WHERE programme = OLD.programme AND cohort = OLD.cohort AND strand = OLD.strand AND wave = OLD.wave AND status = OLD.status AND workshop = OLD.workshop;`
)

// migrate brings the file to the newest schema, all or nothing, and returns the
// version it had.
func migrate(ctx context.Context, db *sql.DB) (from int, err error) {
	version, err := schemaVersion(ctx, db)
	if err != nil || version == len(migrations) {
		return version, err
	}
	tx, err := db.BeginTx(ctx, nil) // immediate: two programs starting at once take turns
	if err != nil {
		return version, err
	}
	defer tx.Rollback()
	// Read again: the other program may have done it meanwhile, and may be a newer one.
	if version, err = schemaVersion(ctx, tx); err != nil {
		return version, err
	}
	for from = version; version < len(migrations); version++ {
		if _, err := tx.ExecContext(ctx, migrations[version].sql); err != nil {
			return from, fmt.Errorf("schema %d (%s): %w", version+1, migrations[version].does, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return from, err
	}
	return from, tx.Commit()
}

// Migrated are the versions before and after Open; equal if it had nothing to do.
func (s *Store) Migrated() (from, to int) { return s.migratedFrom, len(migrations) }

// Pending says what opening the file at path would do, without doing it. A file
// that is not there has version 0.
func Pending(ctx context.Context, path string) (at int, steps []string, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return 0, stepsFrom(0), nil
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return 0, nil, err
	}
	// Not one of the pool's: a file that was copied is in no mode yet.
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "mode=ro"}).String())
	if err != nil {
		return 0, nil, err
	}
	defer db.Close()
	if at, err = schemaVersion(ctx, db); err != nil {
		return at, nil, fmt.Errorf("opening the SQLite file %s: %w", path, advise(err))
	}
	return at, stepsFrom(at), nil
}

func stepsFrom(version int) (steps []string) {
	for _, step := range migrations[version:] {
		steps = append(steps, step.does)
	}
	return steps
}

// querier is a *sql.DB or a *sql.Tx.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// schemaVersion returns the file's schema version, 0 for an empty file. It
// refuses the file of a newer Soundings and the file of another program.
func schemaVersion(ctx context.Context, db querier) (int, error) {
	const query = "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version, pragma_application_id"
	var version, application, tables int
	err := db.QueryRowContext(ctx, query).Scan(&version, &application, &tables)
	switch {
	case err != nil:
		return 0, err
	case tables > 0 && application != applicationID:
		return 0, errors.New("it is the SQLite file of another program: name a file of its own for Soundings")
	case version > len(migrations):
		return 0, fmt.Errorf("the file has schema %d and this program knows up to %d: start the newer Soundings that wrote it, or restore a backup made before the upgrade", version, len(migrations))
	}
	return version, nil
}
