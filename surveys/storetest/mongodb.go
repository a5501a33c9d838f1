package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/mongostore"
)

// Mongo opens a new empty database, which it drops when the test ends.
func Mongo(tb testing.TB) surveys.Store {
	tb.Helper()
	return OpenMongo(tb, MongoURI(tb))
}

// OpenMongo opens the database that uri names until the test ends. A second call
// with the same uri is a second instance on the same store.
func OpenMongo(tb testing.TB, uri string) surveys.Store {
	tb.Helper()
	store, err := mongostore.Open(tb.Context(), uri)
	if err != nil {
		tb.Fatal(err)
	}
	closeAtEnd(tb, store)
	return store
}

// MongoURI returns the address of a new empty database, which is dropped when
// the test ends. With -short it skips the test.
func MongoURI(tb testing.TB) string {
	tb.Helper()
	uri := withDatabase(mongoServer(tb), "soundings_test_"+randomDigits())
	tb.Cleanup(func() {
		if err := drop(uri); err != nil {
			tb.Errorf("dropping the test's database: %v", err)
		}
	})
	return uri
}

// drop opens the database anew, since the test may have closed its store.
func drop(uri string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	store, err := mongostore.Open(ctx, uri)
	if err != nil {
		return err
	}
	defer store.Close()
	return store.DropTest(ctx)
}

// randomDigits are 16 hexadecimal digits.
func randomDigits() string {
	var raw [8]byte
	rand.Read(raw[:]) // never fails, see crypto/rand
	return hex.EncodeToString(raw[:])
}

// withDatabase puts a database's name into the path of a server's address.
func withDatabase(server, database string) string {
	scheme, rest, _ := strings.Cut(server, "://")
	rest, options, found := strings.Cut(rest, "?")
	hosts, _, _ := strings.Cut(rest, "/")
	uri := scheme + "://" + hosts + "/" + database
	if found {
		uri += "?" + options
	}
	return uri
}

// StandInLimits names the rules that FerretDB 1.24 cannot keep; none if a server
// is named by SOUNDINGS_TEST_MONGODB_URI. It reports a unique index that refuses
// an update as an internal error without the code of a duplicate key.
func StandInLimits() []string {
	if os.Getenv(mongoVariable) != "" {
		return nil
	}
	return []string{"Records/update_to_a_taken_key"}
}
