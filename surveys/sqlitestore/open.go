package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"soundings/surveys"
)

// idleReaders is how many reading connections are kept open between requests.
const idleReaders = 16

// Store is a surveys.Store in one SQLite file.
type Store struct {
	path    string
	closed  atomic.Bool
	writing *sql.DB // one connection
	// reading opens as many connections as are asked for: a bound would let
	// iterations that read something else inside wait for one another.
	reading *sql.DB
	writer  *writer
	reads   readStatements

	migratedFrom int // the schema's version when it was opened
}

var _ surveys.Store = (*Store)(nil)

// Open opens the SQLite file at path and makes it if it is not there; the
// folder must exist. An error says what is wrong and how to mend it.
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("opening the SQLite file %s: %w", path, advise(err))
	}
	return s, nil
}

func open(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	s := &Store{path: path, writing: pool(path, writingPragmas), reading: pool(path, readingPragmas)}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.reading.Close(), s.writing.Close())
	}
	return s, nil
}

// create makes the file readable to its owner only. A file that exists is left
// alone: closing it here would drop the locks that another Store of this
// process holds on it.
func create(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

func (s *Store) start(ctx context.Context) error {
	s.writing.SetMaxOpenConns(1)
	s.reading.SetMaxIdleConns(idleReaders)
	s.reading.SetConnMaxIdleTime(time.Minute)
	var err error
	if s.migratedFrom, err = migrate(ctx, s.writing); err != nil {
		return err
	}
	if err := s.reads.prepare(ctx, s.reading); err != nil {
		return err
	}
	s.writer, err = startWriter(ctx, s.writing)
	return err
}

// advise adds to an error of opening how to mend it.
func advise(err error) error {
	code := primaryCode(err)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%w: make the folder first, or name a file in another one", err)
	case errors.Is(err, os.ErrPermission), code == sqlite3.SQLITE_READONLY, code == sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%w: let the account that runs Soundings write the file and its folder, or name another file", err)
	case code == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: name another file, or restore a backup", err)
	case code == sqlite3.SQLITE_BUSY:
		return fmt.Errorf("%w: another program holds the file; stop it and try again", err)
	}
	return err
}

// Describe names the file, without its folder.
func (s *Store) Describe() string { return "SQLite file " + filepath.Base(s.path) }

// Ping fails with KindUnavailable if the file cannot be read.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	var one int
	err := s.reads.ping.QueryRowContext(ctx).Scan(&one)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: err}
}

// Close ends the writer after the group it is writing and closes the file.
// Methods called later return KindUnavailable. Closing twice is no error.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	// The writer's connection goes last: as the last one it empties the log into the file.
	return errors.Join(s.writer.close(), s.reading.Close(), s.writing.Close())
}

// ready is asked first by every method.
func (s *Store) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.closed.Load() {
		return errClosed
	}
	return nil
}
