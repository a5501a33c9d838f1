package mongostore

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// batchSize is how many documents of a stream are held at once.
const batchSize = 200

// stream yields one value a document through a cursor, the fields named in without
// left out of it. It ends at the first error, which it yields.
func stream[D, T any](ctx context.Context, s *Store, doing string, in *mongo.Collection, filter, order bson.D, value func(*D) (T, error), without ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := s.each(ctx, in, filter, options.Find().SetSort(order).SetProjection(leaving(without)), func(cursor *mongo.Cursor) (more bool, err error) {
			var doc D
			if err := cursor.Decode(&doc); err != nil {
				return false, err
			}
			v, err := value(&doc)
			if err != nil {
				return false, err
			}
			return yield(v, nil), nil
		})
		if err != nil {
			var none T
			yield(none, fmt.Errorf("%s: %w", doing, err))
		}
	}
}

// leaving is the projection that leaves fields out.
func leaving(fields []string) bson.D {
	out := bson.D{}
	for _, field := range fields {
		out = append(out, bson.E{Key: field, Value: 0})
	}
	return out
}

// each calls visit for each document until it wants no more.
func (s *Store) each(ctx context.Context, in *mongo.Collection, filter bson.D, how *options.FindOptionsBuilder, visit func(*mongo.Cursor) (more bool, err error)) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	cursor, err := in.Find(ctx, filter, how.SetBatchSize(batchSize))
	if err != nil {
		return meaning(ctx, err)
	}
	defer part(ctx, cursor)
	for ctx.Err() == nil && cursor.Next(ctx) { // a batch that is here would go on after ctx ended
		more, err := visit(cursor)
		if err != nil || !more {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return meaning(ctx, cursor.Err())
}

// part frees the server's cursor even if ctx has ended.
func part(ctx context.Context, cursor *mongo.Cursor) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingTimeout)
	defer cancel()
	_ = cursor.Close(ctx) // the server frees it by itself after a while
}

// insert adds one document.
func insert(ctx context.Context, in *mongo.Collection, doc any) error {
	_, err := in.InsertOne(ctx, doc)
	return meaning(ctx, err)
}

// replace puts doc in the place of the one with that id and revision.
func replace(ctx context.Context, in *mongo.Collection, id string, revision int64, doc any) error {
	result, err := in.ReplaceOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "revision", Value: revision}}, doc)
	if err != nil || result.MatchedCount == 1 {
		return meaning(ctx, err)
	}
	if _, err := storedRevision(ctx, in, id); err != nil {
		return err
	}
	return errConflict
}

// storedRevision returns the revision of one document. KindNotFound.
func storedRevision(ctx context.Context, in *mongo.Collection, id string) (int64, error) {
	var doc struct {
		Revision int64 `bson:"revision"`
	}
	only := options.FindOne().SetProjection(bson.D{{Key: "revision", Value: 1}})
	err := in.FindOne(ctx, bson.D{{Key: "_id", Value: id}}, only).Decode(&doc)
	return doc.Revision, meaning(ctx, err)
}
