package sqlitestore_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
	"soundings/surveys/storetest"
)

// The tests here start this test program once more as a child that writes.
const (
	childTask = "SOUNDINGS_TEST_CHILD" // what the child does
	childPath = "SOUNDINGS_TEST_PATH"  // the file it writes to
	childRun  = "SOUNDINGS_TEST_RUN"   // begins its ids
)

func childCommand(ctx context.Context, task, path, run string, wrapper ...string) *exec.Cmd {
	args := append(wrapper, os.Args[0])
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path, childRun+"="+run)
	return command
}

func child(task string) error {
	ctx := context.Background()
	store, err := sqlitestore.Open(ctx, os.Getenv(childPath))
	if err != nil {
		return err
	}
	defer store.Close()
	if task == "acknowledge" {
		return acknowledge(ctx, store)
	}
	return load(ctx, store)
}

// acknowledgements is how many sequential writes are watched.
const acknowledgements = 50

// acknowledge says "ack k" after each durable write.
func acknowledge(ctx context.Context, store *sqlitestore.Store) error {
	for k := range acknowledgements {
		if err := store.PutResponse(ctx, storetest.ExampleResponse(k, 30), nil); err != nil {
			return err
		}
		if _, err := fmt.Printf("ack %d\n", k); err != nil {
			return err
		}
	}
	return nil
}

// load writes from 16 goroutines and says each id once it is durable, until killed.
func load(ctx context.Context, store *sqlitestore.Store) error {
	failed := make(chan error)
	for writer := range 16 {
		go func() {
			for k := 0; ; k++ {
				r := storetest.ExampleResponse(k, 10)
				r.ID = surveys.ResponseID(fmt.Sprintf("%s_%d_%d", os.Getenv(childRun), writer, k))
				l := &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: []string{"aa"}}
				if err := store.PutResponse(ctx, r, l); err != nil {
					failed <- err
					return
				}
				fmt.Println(r.ID)
			}
		}()
	}
	return <-failed
}

func TestEveryConnectionIsDurable(t *testing.T) {
	store := open(t)
	connections := 0
	must(t, store.EachConnection(t.Context(), 20, func(conn *sql.Conn) error {
		connections++
		for name, want := range map[string]string{"synchronous": "2", "journal_mode": "wal"} {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("connection %d: %s = %s, want %s", connections, name, got, want)
			}
		}
		return nil
	}))
	if connections != 21 {
		t.Errorf("looked at %d connections, want 21", connections)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	store, first := open(t), true
	must(t, store.EachConnection(t.Context(), 3, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(t.Context(), "DELETE FROM records")
		if (err == nil) != first {
			t.Errorf("the writing connection: %v; a write gave %v", first, err)
		}
		first = false
		return nil
	}))
}

func TestUnsafeConnectionIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "soundings.db")
	storetest.OpenSQLite(t, path)
	for pragma, want := range map[string]string{
		"synchronous(NORMAL)": "PRAGMA synchronous is 1",
		"synchronous(OFF)":    "PRAGMA synchronous is 0",
	} {
		db := sqlitestore.Pool(path, pragma)
		if err := db.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a connection with %s gave %v, want %q", pragma, err, want)
		}
		must(t, db.Close())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFsyncBeforeAcknowledgement watches the system calls of a child: before it
// says that a response is kept, the log was synced after the last write to it.
func TestFsyncBeforeAcknowledgement(t *testing.T) {
	strace := findStrace(t)
	folder := t.TempDir()
	trace := filepath.Join(folder, "trace")
	command := childCommand(t.Context(), "acknowledge", filepath.Join(folder, "soundings.db"), "",
		strace, "-f", "-y", "-o", trace, "-e", "trace=fsync,fdatasync,write,pwrite64")
	if text, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	file, err := os.Open(trace)
	must(t, err)
	defer file.Close()
	if acks := checkTrace(t, file); acks != acknowledgements {
		t.Errorf("the trace shows %d acknowledgements, want %d", acks, acknowledgements)
	}
}

func findStrace(t *testing.T) string {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed, so the order of fsync and acknowledgement cannot be watched")
	}
	if err := exec.Command(strace, "-o", os.DevNull, "true").Run(); err != nil {
		t.Skipf("strace may not trace here (%v), so the order of fsync and acknowledgement cannot be watched", err)
	}
	return strace
}

// Lines of strace -f -y: a call may be split where threads interleave.
var (
	traceWrite  = regexp.MustCompile(`^\d+ +p?write(64)?\(\d+<[^>]*-wal>`)
	traceSync   = regexp.MustCompile(`^(\d+) +f(?:data)?sync\(\d+<[^>]*-wal>(.*)`)
	traceSynced = regexp.MustCompile(`^(\d+) +<\.\.\. f(?:data)?sync resumed>.* = 0`)
	traceAck    = regexp.MustCompile(`^\d+ +write\(1<.*"ack (\d+)`)
)

// checkTrace returns how many acknowledgements it saw.
func checkTrace(t *testing.T, trace io.Reader) (acks int) {
	t.Helper()
	syncing := map[string]bool{} // threads that are syncing the log
	written, safe := false, false
	lines := bufio.NewScanner(trace)
	for lines.Scan() {
		line := lines.Text()
		if traceWrite.MatchString(line) {
			written, safe = true, false
		}
		if m := traceSync.FindStringSubmatch(line); m != nil {
			syncing[m[1]] = !strings.HasSuffix(m[2], "= 0")
			safe = safe || !syncing[m[1]]
		}
		if m := traceSynced.FindStringSubmatch(line); m != nil && syncing[m[1]] {
			syncing[m[1]], safe = false, true
		}
		if m := traceAck.FindStringSubmatch(line); m != nil {
			acks++
			if !written || !safe {
				t.Errorf("ack %s: log written %v, synced after that %v", m[1], written, safe)
			}
			written, safe = false, false
		}
	}
	must(t, lines.Err())
	return acks
}

// kills is how often TestKilledUnderLoad kills its child.
const kills = 20

// TestKilledUnderLoad kills a child that writes, at random moments, again and
// again on one file: whatever it said was kept is there, once, with its linkage.
func TestKilledUnderLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "soundings.db")
	acknowledged := map[surveys.ResponseID]bool{}
	for n := range kills {
		said := storetest.Killed(t, childCommand(t.Context(), "load", path, fmt.Sprintf("run%d", n)), 150*time.Millisecond)
		if len(said) == 0 {
			t.Errorf("run %d was killed before it kept anything", n)
		}
		for _, id := range said {
			acknowledged[surveys.ResponseID(id)] = true
		}
	}
	store := storetest.OpenSQLite(t, path).(*sqlitestore.Store)
	found, linked := map[surveys.ResponseID]int{}, map[surveys.ResponseID]int{}
	for r, err := range store.Responses(t.Context(), "p1", "pupils") {
		must(t, err)
		found[r.ID]++
	}
	for l, err := range store.Linkages(t.Context(), "p1", "pupils") {
		must(t, err)
		linked[l.Response]++
	}
	for id := range acknowledged {
		if found[id] != 1 || linked[id] != 1 {
			t.Errorf("%s was acknowledged and is there %d times, its linkage %d times", id, found[id], linked[id])
		}
	}
	checkIntegrity(t, store)
	t.Logf("%d responses acknowledged in %d runs, %d found", len(acknowledged), kills, len(found))
}

func checkIntegrity(t *testing.T, store *sqlitestore.Store) {
	t.Helper()
	must(t, store.EachConnection(t.Context(), 0, func(conn *sql.Conn) error {
		var verdict string
		if err := conn.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			t.Errorf("integrity_check says %s", verdict)
		}
		return nil
	}))
}
