package mongostore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Scrub asks the server to give back the blocks of its files that hold nothing any
// more, which is the most that a client can ask for. deep or not is the same to it.
// What a server refuses, since it does not know the command or the account may not
// give it, is said and is no failure: the documents are deleted.
func (s *Store) Scrub(ctx context.Context, _ bool) (string, error) {
	if err := s.ready(ctx); err != nil {
		return "", err
	}
	var refused []string
	for _, c := range []*mongo.Collection{s.records, s.responses, s.linkages} {
		err := s.database.RunCommand(ctx, bson.D{{Key: "compact", Value: c.Name()}, {Key: "force", Value: true}}).Err()
		var said mongo.CommandError
		switch {
		case errors.As(err, &said):
			refused = append(refused, c.Name())
		case err != nil:
			return "", fmt.Errorf("compacting %s: %w", c.Name(), meaning(ctx, err))
		}
	}
	if len(refused) > 0 {
		return "The documents are deleted on a majority of the MongoDB servers. Their files could not be compacted from here (" + strings.Join(refused, ", ") + "): run “compact” on each server. " + mongoLimit, nil
	}
	return "The documents are deleted on a majority of the MongoDB servers, and the collections were compacted on the one that takes writes. " + mongoLimit, nil
}

const mongoLimit = "The oplog of a replica set and the journal keep what was written until they have gone round, which takes hours or days, and free blocks are written over only when they are used again: encrypt the disks."
