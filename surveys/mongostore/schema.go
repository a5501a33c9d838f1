package mongostore

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Indexes beside those of _id, which serve Record, Response and every write.
var (
	recordIndexes = []mongo.IndexModel{
		// RecordByKey; decides who has a key.
		unique("unique", "kind", "unique"),
		// Records and CountRecords of one scope, in order.
		index("scope", "kind", "scope", "at", "_id"),
		// Records and CountRecords of every scope, in order; DeleteRecordsBefore.
		index("at", "kind", "at", "_id"),
	}
	responseIndexes = []mongo.IndexModel{
		// Responses: the submitted ones of a strand, in order; DeleteResponses.
		index("stream", "programme", "strand", "status", "submitted", "_id"),
		// CountResponses and Tallies, without fetching a document.
		index("tally", "programme", "cohort", "strand", "wave", "status", "workshop", "submitted"),
	}
	linkageIndexes = []mongo.IndexModel{
		// Linkages of a strand, in order; DeleteResponses.
		index("strand", "programme", "strand", "_id"),
	}
)

func index(name string, fields ...string) mongo.IndexModel {
	return mongo.IndexModel{Keys: ascending(fields...), Options: options.Index().SetName(name)}
}

func unique(name string, fields ...string) mongo.IndexModel {
	model := index(name, fields...)
	model.Options.SetUnique(true)
	return model
}

// ascending is the order by fields.
func ascending(fields ...string) bson.D {
	order := make(bson.D, len(fields))
	for i, field := range fields {
		order[i] = bson.E{Key: field, Value: 1}
	}
	return order
}

// indexed is a collection with the indexes that it is to have.
type indexed struct {
	collection *mongo.Collection
	indexes    []mongo.IndexModel
}

func (s *Store) declared() []indexed {
	return []indexed{{s.records, recordIndexes}, {s.responses, responseIndexes}, {s.linkages, linkageIndexes}}
}

// makeIndexes makes what is not there; making an index again does nothing. It
// makes one at a time: FerretDB 1.24 breaks off at several that are there.
func (s *Store) makeIndexes(ctx context.Context) error {
	for _, of := range s.declared() {
		for _, model := range of.indexes {
			if _, err := of.collection.Indexes().CreateOne(ctx, model); err != nil {
				return meaning(ctx, err)
			}
		}
	}
	return nil
}
