package mongostore

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"soundings/surveys"
)

// everyScope asks Records and CountRecords for all scopes.
const everyScope = "*"

// keyed begins the unique value of a record that has a key; unkeyed that of one
// that has none, which goes on with its id.
const (
	keyed   = "key/"
	unkeyed = "id/"
)

// recordDoc is a record as stored.
type recordDoc struct {
	ID       string    `bson:"_id"` // kind/id; a kind has no "/"
	Kind     string    `bson:"kind"`
	Scope    string    `bson:"scope"`
	Unique   string    `bson:"unique"`
	At       time.Time `bson:"at"`
	Revision int64     `bson:"revision"`
	Body     string    `bson:"body"` // JSON
}

func recordID(kind surveys.RecordKind, id string) string { return string(kind) + "/" + id }

func recordDocOf(r surveys.Record, revision int64) *recordDoc {
	unique := unkeyed + r.ID
	if r.Key != "" {
		unique = keyed + r.Key
	}
	return &recordDoc{
		ID: recordID(r.Kind, r.ID), Kind: string(r.Kind), Scope: r.Scope, Unique: unique,
		At: r.At, Revision: revision, Body: string(r.Body),
	}
}

func (d *recordDoc) record() (surveys.Record, error) {
	key, found := strings.CutPrefix(d.Unique, keyed)
	if !found {
		key = ""
	}
	return surveys.Record{
		Kind: surveys.RecordKind(d.Kind), ID: strings.TrimPrefix(d.ID, d.Kind+"/"), Scope: d.Scope, Key: key,
		At: d.At.UTC(), Revision: d.Revision, Body: []byte(d.Body),
	}, nil
}

// PutRecord inserts r if its revision is 0, else replaces the revision it names.
func (s *Store) PutRecord(ctx context.Context, r surveys.Record) (int64, error) {
	next := r.Revision + 1
	if err := s.putRecord(ctx, recordDocOf(r, next), r.Revision); err != nil {
		return 0, fmt.Errorf("putting %s %s: %w", r.Kind, r.ID, err)
	}
	return next, nil
}

func (s *Store) putRecord(ctx context.Context, doc *recordDoc, revision int64) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	if revision == 0 {
		return insert(ctx, s.records, doc)
	}
	return replace(ctx, s.records, doc.ID, revision, doc)
}

// Record returns one by id.
func (s *Store) Record(ctx context.Context, kind surveys.RecordKind, id string) (surveys.Record, error) {
	r, err := s.oneRecord(ctx, bson.D{{Key: "_id", Value: recordID(kind, id)}})
	if err != nil {
		return r, fmt.Errorf("reading %s %s: %w", kind, id, err)
	}
	return r, nil
}

// RecordByKey returns the one with that unique key, which the error does not
// repeat: it may be a secret.
func (s *Store) RecordByKey(ctx context.Context, kind surveys.RecordKind, key string) (surveys.Record, error) {
	r, err := s.oneRecord(ctx, bson.D{{Key: "kind", Value: string(kind)}, {Key: "unique", Value: keyed + key}})
	if err != nil {
		return r, fmt.Errorf("reading %s by key: %w", kind, err)
	}
	return r, nil
}

func (s *Store) oneRecord(ctx context.Context, filter bson.D) (surveys.Record, error) {
	if err := s.ready(ctx); err != nil {
		return surveys.Record{}, err
	}
	var doc recordDoc
	if err := s.records.FindOne(ctx, filter).Decode(&doc); err != nil {
		return surveys.Record{}, meaning(ctx, err)
	}
	return doc.record()
}

// ofScope is the filter for a kind and scope.
func ofScope(kind surveys.RecordKind, scope string) bson.D {
	filter := bson.D{{Key: "kind", Value: string(kind)}}
	if scope == everyScope {
		return filter
	}
	return append(filter, bson.E{Key: "scope", Value: scope})
}

// Records streams those of a kind and scope by time, then id.
func (s *Store) Records(ctx context.Context, kind surveys.RecordKind, scope string) iter.Seq2[surveys.Record, error] {
	return stream(ctx, s, "listing "+string(kind), s.records, ofScope(kind, scope), ascending("at", "_id"), (*recordDoc).record)
}

// DeleteRecord removes one.
func (s *Store) DeleteRecord(ctx context.Context, kind surveys.RecordKind, id string) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	if _, err := s.records.DeleteOne(ctx, bson.D{{Key: "_id", Value: recordID(kind, id)}}); err != nil {
		return fmt.Errorf("deleting %s %s: %w", kind, id, meaning(ctx, err))
	}
	return nil
}

// DeleteRecordsBefore removes those of a kind whose time is before t.
func (s *Store) DeleteRecordsBefore(ctx context.Context, kind surveys.RecordKind, t time.Time) (int, error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	result, err := s.records.DeleteMany(ctx, bson.D{
		{Key: "kind", Value: string(kind)},
		{Key: "at", Value: bson.D{{Key: "$lt", Value: t}}},
	})
	if err != nil {
		return 0, fmt.Errorf("deleting %s before %s: %w", kind, t.UTC().Format(time.RFC3339), meaning(ctx, err))
	}
	return int(result.DeletedCount), nil
}

// CountRecords counts those of a kind and scope with time at or after since.
func (s *Store) CountRecords(ctx context.Context, kind surveys.RecordKind, scope string, since time.Time) (int, error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	filter := append(ofScope(kind, scope), bson.E{Key: "at", Value: bson.D{{Key: "$gte", Value: since}}})
	n, err := s.records.CountDocuments(ctx, filter)
	if err != nil {
		return 0, fmt.Errorf("counting %s: %w", kind, meaning(ctx, err))
	}
	return int(n), nil
}
