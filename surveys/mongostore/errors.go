package mongostore

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"soundings/surveys"
)

var (
	errNotFound = &surveys.Error{Kind: surveys.KindNotFound, Key: "store.not_found"}
	errConflict = &surveys.Error{Kind: surveys.KindConflict, Key: "store.conflict"}
	errClosed   = &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: errors.New("the MongoDB store is closed")}
)

// meaning turns what the driver reported into what the Store contract names.
// The end of ctx comes first: the driver shows it in many guises.
func meaning(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, mongo.ErrNoDocuments):
		return errNotFound
	case mongo.IsDuplicateKeyError(err):
		return errConflict
	case mongo.IsTimeout(err), mongo.IsNetworkError(err), errors.Is(err, mongo.ErrClientDisconnected):
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: err}
	}
	return err
}
