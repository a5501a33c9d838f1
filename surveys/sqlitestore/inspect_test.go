package sqlitestore_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"soundings/surveys/sqlitestore"
)

// TestInspectMissing: a file whose index somebody took away is told, by its name.
func TestInspectMissing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "soundings.db")
	store, err := sqlitestore.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "DROP INDEX records_key"); err != nil {
		t.Fatal(err)
	}
	seen, err := store.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(seen.Wrong) != 1 || !strings.Contains(seen.Wrong[0], "index records_key") {
		t.Errorf("Inspect says %q is wrong, want the index records_key", seen.Wrong)
	}
}
