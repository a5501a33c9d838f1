package sqlitestore_test

import (
	"database/sql"
	"fmt"
	"testing"

	"soundings/surveys"
	"soundings/surveys/sqlitestore"
	"soundings/surveys/storetest"
)

// pragma sets something of the writing connection.
func pragma(t *testing.T, store *sqlitestore.Store, text string) {
	t.Helper()
	must(t, store.EachConnection(t.Context(), 0, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(t.Context(), "PRAGMA "+text)
		return err
	}))
}

// TestRefusesAndRecovers: a file that can grow no more, and one that nobody may write to
// any more, refuse writes and go on reading; what was kept stays, and once there is room
// the same store takes what it refused.
func TestRefusesAndRecovers(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]struct{ ill, well string }{
		"disk full": {"max_page_count = 60", "max_page_count = 1000000"},
		"read-only": {"query_only = ON", "query_only = OFF"},
	} {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			kept := func(n int) error {
				r := storetest.ExampleResponse(n, 30)
				r.Digest = "d"
				return store.PutResponse(t.Context(), r, &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: []string{"aa"}})
			}
			must(t, kept(0))
			pragma(t, store, state.ill)
			n := 1
			for ; n < 2000; n++ {
				if err := kept(n); err != nil {
					if surveys.KindOf(err) != surveys.KindUnavailable {
						t.Fatalf("write %d: %v, want unavailable", n, err)
					}
					break
				}
			}
			if _, err := store.PutRecord(t.Context(), surveys.Record{Kind: "note", ID: "a", Body: fmt.Appendf(nil, "%q", make([]byte, 9000))}); surveys.KindOf(err) != surveys.KindUnavailable {
				t.Errorf("a record: %v, want unavailable", err)
			}
			for range 3 {
				if err := kept(n); err == nil {
					t.Fatal("what was refused is taken, and nothing has changed")
				}
			}
			_, err := store.Response(t.Context(), storetest.ExampleResponse(0, 30).ID)
			must(t, err)
			pragma(t, store, state.well)
			for n := range n + 1 {
				if err := kept(n); n > 0 && err != nil && surveys.KindOf(err) != surveys.KindConflict {
					t.Fatal(err)
				}
			}
			must(t, store.Sound(t.Context()))
			storetest.WantSound(t, store, "p1", "pupils")
			if got := count(t, store); got != n+1 {
				t.Errorf("%d responses, want %d", got, n+1)
			}
		})
	}
}

func count(t *testing.T, store surveys.Store) (n int) {
	t.Helper()
	for _, err := range store.Responses(t.Context(), "p1", "pupils") {
		must(t, err)
		n++
	}
	return n
}
