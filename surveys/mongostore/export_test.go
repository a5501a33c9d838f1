package mongostore

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"soundings/surveys"
)

// unconnected is a store that was never started.
func unconnected(uri string) *Store {
	where, err := parseAddress(uri)
	if err != nil {
		panic(err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://127.0.0.1:1"))
	if err != nil {
		panic(err)
	}
	return newStore(client, where)
}

// Describe is what the store of that address says of itself.
func Describe(uri string) string { return unconnected(uri).Describe() }

// DropTest asks the store of that address, which nothing answers at.
func DropTest(ctx context.Context, uri string) error { return unconnected(uri).DropTest(ctx) }

// PutLinkageOnly writes what a crash in the middle of PutResponse leaves.
func (s *Store) PutLinkageOnly(ctx context.Context, l *surveys.Linkage) error {
	return s.putLinkage(ctx, linkageDocOf(l), 0)
}
