package sqlitestore

import (
	"database/sql"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"soundings/surveys"
)

var (
	errNotFound = &surveys.Error{Kind: surveys.KindNotFound, Key: "store.not_found"}
	errConflict = &surveys.Error{Kind: surveys.KindConflict, Key: "store.conflict"}
	errClosed   = &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: errors.New("the SQLite store is closed")}
)

// unavailable are the primary result codes that say that the file, not the
// statement, is at fault: what a person mends and tries again.
var unavailable = map[int]bool{
	sqlite3.SQLITE_BUSY:     true,
	sqlite3.SQLITE_LOCKED:   true,
	sqlite3.SQLITE_FULL:     true,
	sqlite3.SQLITE_IOERR:    true,
	sqlite3.SQLITE_READONLY: true,
	sqlite3.SQLITE_CANTOPEN: true,
	sqlite3.SQLITE_NOTADB:   true,
	sqlite3.SQLITE_CORRUPT:  true,
}

// meaning turns what SQLite reported into what the Store contract names.
func meaning(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return errNotFound
	}
	code := primaryCode(err)
	switch {
	case code == sqlite3.SQLITE_CONSTRAINT:
		return errConflict
	case unavailable[code]:
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: err}
	}
	return err
}

// primaryCode returns SQLite's primary result code, 0 if err is not SQLite's.
func primaryCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}
