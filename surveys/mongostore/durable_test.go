package mongostore

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
)

// TestDurableWhateverTheAddressSays: what was thanked for outlives the loss of one
// server, and is read of who has it, even if the address asks for less.
func TestDurableWhateverTheAddressSays(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{
		"mongodb://a,b,c/soundings?replicaSet=soundings",
		"mongodb://a,b,c/soundings?replicaSet=soundings&w=1&journal=false&readPreference=secondary&readConcernLevel=local",
	} {
		how := clientOptions(uri)
		if how.WriteConcern.W != "majority" || how.WriteConcern.Journal != nil || how.ReadConcern.Level != "majority" || how.ReadPreference.Mode() != readpref.PrimaryMode {
			t.Errorf("%s: writes wait for %v, reads see %s of %s", uri, how.WriteConcern, how.ReadConcern.Level, how.ReadPreference.Mode())
		}
		if err := how.Validate(); err != nil {
			t.Error(err)
		}
	}
}
