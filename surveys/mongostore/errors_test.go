package mongostore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"soundings/surveys"
)

// TestMeaning: a server that is away, steps down or stops is unavailable; what it says of
// the request itself is not.
func TestMeaning(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		err  error
		want surveys.Kind
	}{
		"not primary":          {mongo.CommandError{Code: 10107, Name: "NotWritablePrimary"}, surveys.KindUnavailable},
		"shutting down":        {mongo.CommandError{Code: 91}, surveys.KindUnavailable},
		"stepped down":         {mongo.CommandError{Code: 189}, surveys.KindUnavailable},
		"to be tried again":    {mongo.CommandError{Code: 1, Labels: []string{"RetryableWriteError"}}, surveys.KindUnavailable},
		"connection cut":       {mongo.CommandError{Labels: []string{"NetworkError"}}, surveys.KindUnavailable},
		"cut in a handshake":   {fmt.Errorf("connection: %w", io.EOF), surveys.KindUnavailable},
		"client closed":        {mongo.ErrClientDisconnected, surveys.KindUnavailable},
		"majority not reached": {mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, surveys.KindUnavailable},
		"not there":            {mongo.ErrNoDocuments, surveys.KindNotFound},
		"there already":        {mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000}}}, surveys.KindConflict},
		"not what it was told": {mongo.CommandError{Code: 9}, surveys.KindInternal},
		"something of our own": {errors.New("broken"), surveys.KindInternal},
	} {
		if got := surveys.KindOf(meaning(context.Background(), tt.err)); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
