package mongostore_test

import (
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/mongostore"
	"soundings/surveys/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Mongo, storetest.StandInLimits()...)
}

func TestInstances(t *testing.T) {
	storetest.RunInstances(t, func(tb testing.TB) (first, second surveys.Store) {
		uri := storetest.MongoURI(tb)
		return storetest.OpenMongo(tb, uri), storetest.OpenMongo(tb, uri)
	})
}

// TestOpenTwice: the indexes that are there are left alone, and the data.
func TestOpenTwice(t *testing.T) {
	uri := storetest.MongoURI(t)
	r := storetest.ExampleResponse(0, 5)
	if err := storetest.OpenMongo(t, uri).PutResponse(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := storetest.OpenMongo(t, uri).Response(t.Context(), r.ID); err != nil {
		t.Error(err)
	}
}

// TestLinkageOfNothing: a crash after the linkage and before its response leaves
// a linkage of nothing. The submission that is repeated replaces it.
func TestLinkageOfNothing(t *testing.T) {
	store := storetest.Mongo(t).(*mongostore.Store)
	r := storetest.ExampleResponse(0, 5)
	l := surveys.Linkage{Response: r.ID, Programme: r.Programme, Strand: r.Strand, Elements: []string{"aa"}}
	if err := store.PutLinkageOnly(t.Context(), &l); err != nil {
		t.Fatal(err)
	}
	l.Elements = []string{"bb"}
	if err := store.PutResponse(t.Context(), r, &l); err != nil {
		t.Fatal(err)
	}
	for got, err := range store.Linkages(t.Context(), r.Programme, r.Strand) {
		if err != nil || len(got.Elements) != 1 || got.Elements[0] != "bb" {
			t.Errorf("linkage %v, %v, want the elements of the second try", got, err)
		}
	}
}

func TestDescribe(t *testing.T) {
	for _, c := range []struct{ uri, want string }{
		{"mongodb://localhost", "MongoDB database soundings at localhost"},
		{"mongodb://localhost:27017/", "MongoDB database soundings at localhost:27017"},
		{"mongodb://anna:s3cret@db1:1,db2:2/pilot%20one?replicaSet=rs0", "MongoDB database pilot one at db1:1,db2:2"},
		{"mongodb+srv://anna:s3%40cret@cluster.example.org/?w=majority", "MongoDB database soundings at cluster.example.org"},
	} {
		if got := mongostore.Describe(c.uri); got != c.want {
			t.Errorf("Describe(%q) = %q, want %q", c.uri, got, c.want)
		}
	}
}

// TestOpenErrors: what is wrong, how to mend it, and never the password.
func TestOpenErrors(t *testing.T) {
	for _, c := range []struct{ name, uri, want string }{
		{"no_scheme", "localhost:27017", "does not begin with mongodb://"},
		{"empty", "", "does not begin with mongodb://"},
		{"other_scheme", "postgres://anna:s3cret@localhost/x", "does not begin with mongodb://"},
		{"bad_option", "mongodb://anna:s3cret@localhost/x?tls=maybe", "check it"},
		{"bad_password", "mongodb://anna:s3cret%zz@localhost/x", "check it"},
		{"bad_database", "mongodb://anna:s3cret@localhost/%zz", "check its % signs"},
		{"unreachable", "mongodb://anna:s3cret@127.0.0.1:1/x", "does not answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			store, err := mongostore.Open(t.Context(), c.uri)
			if err == nil {
				store.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error is %q, want %q and no password", err, c.want)
			}
			if waited := time.Since(start); waited > 10*time.Second {
				t.Errorf("it took %v", waited)
			}
		})
	}
}

// TestDropTest: only what a test made can be dropped.
func TestDropTest(t *testing.T) {
	for _, database := range []string{"", "soundings", "soundings_test_", "soundings_test_0123456789abcdeg", "soundings_test_0123456789abcdef0"} {
		if err := mongostore.DropTest(t.Context(), "mongodb://127.0.0.1:1/"+database); err == nil || !strings.Contains(err.Error(), "not the database of a test") {
			t.Errorf("dropping %q gave %v, want a refusal", database, err)
		}
	}
}
