package mongostore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"soundings/surveys"
)

var (
	errNotFound = &surveys.Error{Kind: surveys.KindNotFound, Key: "store.not_found"}
	errConflict = &surveys.Error{Kind: surveys.KindConflict, Key: "store.conflict"}
	errClosed   = &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: errors.New("the MongoDB store is closed")}
)

// unreachable is a server that did not answer as the store was opened: one
// sentence for the person who starts the program, the cause for errors.As.
type unreachable struct {
	hosts string
	cause error
}

func (e *unreachable) Error() string {
	return fmt.Sprintf("MongoDB at %s does not answer within %v: start it, or check the address, the user and the password in MONGODB_URI", e.hosts, selectionTimeout)
}

func (e *unreachable) Unwrap() error { return e.cause }

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
	case away(err):
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: err}
	}
	return err
}

// awayCodes are those of a server that stops, or is the primary no longer: another
// answers in a moment. 64 is a write that a majority did not confirm in time. See "Error
// Codes" in MongoDB's manual.
var awayCodes = []int{6, 7, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436}

// away reports whether err says that the server, not what was asked of it, is at fault.
func away(err error) bool {
	if mongo.IsTimeout(err) || mongo.IsNetworkError(err) || errors.Is(err, mongo.ErrClientDisconnected) {
		return true
	}
	var wire net.Error
	var pool interface{ Retryable() bool } // connections that were given up since another failed
	if errors.As(err, &wire) || errors.As(err, &pool) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	var said mongo.ServerError
	if !errors.As(err, &said) {
		return false
	}
	return said.HasErrorLabel("RetryableWriteError") || said.HasErrorLabel("TransientTransactionError") || slices.ContainsFunc(awayCodes, said.HasErrorCode)
}
