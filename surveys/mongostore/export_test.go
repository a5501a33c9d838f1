package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
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

// SetSchema writes a version down, as another program would.
func (s *Store) SetSchema(ctx context.Context, version int) error {
	_, err := s.about.ReplaceOne(ctx, bson.D{{Key: "_id", Value: aboutSchema}}, schemaDoc{aboutSchema, version}, options.Replace().SetUpsert(true))
	return err
}

// BeginTurn leaves a turn as a program that was killed would.
func (s *Store) BeginTurn(ctx context.Context) error {
	return insert(ctx, s.about, turnDoc{aboutTurn, "a program that was killed", 3})
}

// MigrateAgain migrates with another patience.
func (s *Store) MigrateAgain(ctx context.Context, beat time.Duration, beats int) error {
	return s.migrate(ctx, patienceOf{beat, beats})
}

// Newest is the newest version.
func Newest() int { return len(migrations) }
