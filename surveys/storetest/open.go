package storetest

import (
	"path/filepath"
	"testing"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
)

// SQLite opens a new empty SQLite store in a folder of the test's own.
func SQLite(tb testing.TB) surveys.Store {
	tb.Helper()
	return OpenSQLite(tb, filepath.Join(tb.TempDir(), "soundings.db"))
}

// OpenSQLite opens the SQLite file at path until the test ends. A second call
// with the same path is a second instance on the same store.
func OpenSQLite(tb testing.TB, path string) surveys.Store {
	tb.Helper()
	store, err := sqlitestore.Open(tb.Context(), path)
	if err != nil {
		tb.Fatal(err)
	}
	closeAtEnd(tb, store)
	return store
}

func closeAtEnd(tb testing.TB, store surveys.Store) {
	tb.Cleanup(func() {
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	})
}
