package sqlitestore_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
	"soundings/surveys/storetest"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(childTask); task != "" {
		if err := child(task); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func TestStore(t *testing.T) { storetest.Run(t, storetest.SQLite) }

func TestInstances(t *testing.T) {
	storetest.RunInstances(t, func(tb testing.TB) (first, second surveys.Store) {
		path := filepath.Join(tb.TempDir(), "soundings.db")
		return storetest.OpenSQLite(tb, path), storetest.OpenSQLite(tb, path)
	})
}

// open is storetest.SQLite with its own type.
func open(t *testing.T) *sqlitestore.Store {
	t.Helper()
	return storetest.SQLite(t).(*sqlitestore.Store)
}

// TestGroupFailure: one write that fails for no reason a caller could know
// spoils none of those that share its transaction.
func TestGroupFailure(t *testing.T) {
	store := open(t)
	broken := errors.New("broken")
	var all sync.WaitGroup
	for n := range 300 {
		all.Go(func() {
			if n%30 == 0 {
				if err := store.Write(t.Context(), func() error { return broken }); !errors.Is(err, broken) {
					t.Errorf("the broken write gave %v", err)
				}
				return
			}
			if err := store.PutResponse(t.Context(), storetest.ExampleResponse(n, 3), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	stored := 0
	for _, err := range store.Responses(t.Context(), "p1", "pupils") {
		if err != nil {
			t.Fatal(err)
		}
		stored++
	}
	if stored != 290 {
		t.Errorf("%d responses stored, want 290", stored)
	}
}

// TestCountsFollowEveryChange: the counts that triggers keep are what counting
// the responses gives, whatever was changed.
func TestCountsFollowEveryChange(t *testing.T) {
	store := open(t)
	for n := range 60 {
		r := storetest.ExampleResponse(n, 1)
		r.Status = surveys.StatusInProgress
		for step := range n % 4 {
			if err := store.PutResponse(t.Context(), r, nil); err != nil {
				t.Fatal(err)
			}
			r.Revision++
			r.Status = []surveys.Status{surveys.StatusSubmitted, surveys.StatusWithdrawn, surveys.StatusSubmitted}[step]
			r.Cohort = surveys.CohortID(fmt.Sprint(step))
		}
	}
	got, err := store.CountResponses(t.Context(), "p1")
	if err != nil {
		t.Fatal(err)
	}
	byStatus := map[surveys.Status]int{}
	for key, n := range got {
		byStatus[key.Status] += n
	}
	// Of each four responses one is not stored, and one each stops at each status.
	want := map[surveys.Status]int{surveys.StatusInProgress: 15, surveys.StatusSubmitted: 15, surveys.StatusWithdrawn: 15}
	for status, n := range want {
		if byStatus[status] != n {
			t.Errorf("%d %s, want %d", byStatus[status], status, n)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "letter.txt")
	write(t, text, strings.Repeat("Dear all, ", 1000))
	for _, c := range []struct {
		name, path string
		want       []string
	}{
		{"no_folder", filepath.Join(folder, "nowhere", "soundings.db"), []string{"no such file or directory", "make the folder first"}},
		{"is_a_folder", folder, []string{"let the account that runs Soundings write"}},
		{"not_a_database", text, []string{"not a database", "name another file"}},
		{"another_program", foreign(t, folder), []string{"another program", "a file of its own"}},
		{"newer_schema", newer(t, folder), []string{"schema 99", "start the newer Soundings"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			store, err := sqlitestore.Open(t.Context(), c.path)
			if err == nil {
				store.Close()
				t.Fatal("no error")
			}
			for _, want := range append(c.want, c.path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error %q does not say %q", err, want)
				}
			}
		})
	}
	if got, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(got), "Dear all") {
		t.Errorf("the refused file was changed: %v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// foreign makes the SQLite file of another program.
func foreign(t *testing.T, folder string) string {
	path := filepath.Join(folder, "contacts.db")
	run(t, path, "CREATE TABLE people (name)")
	return path
}

// newer makes the file of a later version of this program.
func newer(t *testing.T, folder string) string {
	path := filepath.Join(folder, "newer.db")
	if err := storetest.OpenSQLite(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, path, "PRAGMA user_version = 99")
	return path
}

// run executes statements on the file at path, without a Store.
func run(t *testing.T, path string, statements ...string) {
	t.Helper()
	db := sqlitestore.Pool(path, "synchronous(FULL);PRAGMA journal_mode(WAL)")
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenOddPaths(t *testing.T) {
	for _, name := range []string{"with space.db", "q?mode=memory.db", "a#b%20c.db", "ö'\".db", ":memory:"} {
		path := filepath.Join(t.TempDir(), name)
		store := storetest.OpenSQLite(t, path)
		if err := store.PutResponse(t.Context(), storetest.ExampleResponse(0, 1), nil); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, mode %v, want a file for its owner only", name, err, info.Mode())
		}
		if got := store.Describe(); got != "SQLite file "+name {
			t.Errorf("Describe() = %q, want the name %q without its folder", got, name)
		}
	}
}

func TestReopenKeepsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "soundings.db")
	first := storetest.OpenSQLite(t, path)
	if err := first.PutResponse(t.Context(), storetest.ExampleResponse(0, 30), nil); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("Close left the log beside the file")
	}
	second := storetest.OpenSQLite(t, path)
	if _, err := second.Response(t.Context(), storetest.ExampleResponse(0, 30).ID); err != nil {
		t.Error(err)
	}
	if n, err := second.CountRecords(t.Context(), "none", "*", time.Time{}); err != nil || n != 0 {
		t.Errorf("CountRecords = %d, %v", n, err)
	}
}

// TestQueriesUseTheirIndex: no query walks a whole table, and only Linkages sorts.
func TestQueriesUseTheirIndex(t *testing.T) {
	store := open(t)
	must(t, store.EachConnection(t.Context(), 0, func(conn *sql.Conn) error {
		for _, query := range sqlitestore.Queries() {
			plan := explain(t, conn, query)
			if strings.Contains(plan, "SCAN") {
				t.Errorf("%s walks a table: %s", query, plan)
			}
			if sorts := strings.Contains(plan, "TEMP B-TREE"); sorts != strings.Contains(query, "linkages") {
				t.Errorf("%s sorts: %v: %s", query, sorts, plan)
			}
		}
		return nil
	}))
}

func explain(t *testing.T, conn *sql.Conn, query string) (plan string) {
	t.Helper()
	args := make([]any, strings.Count(query, "?"))
	rows, err := conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		plan += detail + "; "
	}
	must(t, rows.Err())
	return plan
}
