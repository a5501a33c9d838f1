package sqlitestore_test

import (
	"database/sql"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestSound: a file that was written as usual is sound, and each fault that is put into
// it is found.
func TestSound(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[string]string{
		"":                            "SELECT 1",
		"tallies of responses":        "UPDATE tallies SET responses = responses + 1",
		"tallies that miss responses": "DELETE FROM tallies",
		"linkages without a response": "INSERT INTO linkages VALUES (4711, '[]')",
		"sent by halves":              "UPDATE responses SET digest = '' WHERE id = 'r1'",
	} {
		store := open(t)
		for n := range 5 {
			r := storetest.ExampleResponse(n, 3)
			if r.Digest = "d"; n == 1 {
				r.ID = "r1"
			}
			must(t, store.PutResponse(t.Context(), r, &surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: []string{"aa"}}))
		}
		must(t, store.DeleteResponse(t.Context(), storetest.ExampleResponse(3, 3).ID))
		must(t, store.EachConnection(t.Context(), 0, func(conn *sql.Conn) error {
			_, err := conn.ExecContext(t.Context(), spoil)
			return err
		}))
		switch err := store.Sound(t.Context()); {
		case want == "" && err != nil:
			t.Errorf("a sound file: %v", err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("after %s: %v, want %q in it", spoil, err, want)
		}
	}
}
