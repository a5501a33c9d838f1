package mongostore

import (
	"context"
	"fmt"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"soundings/surveys"
)

// KeepRecords stores records as they are, up to the first that meets a conflict.
func (s *Store) KeepRecords(ctx context.Context, records []surveys.Record) error {
	docs, ids := make([]any, len(records)), make([]string, len(records))
	for i, r := range records {
		doc := recordDocOf(r, r.Revision)
		docs[i], ids[i] = doc, doc.ID
	}
	if err := s.keep(ctx, s.records, ids, docs); err != nil {
		return fmt.Errorf("keeping records: %w", err)
	}
	return nil
}

// KeepResponses stores linkages, then responses, as they are.
func (s *Store) KeepResponses(ctx context.Context, responses []surveys.Whole) error {
	batch, err := wholeBatchOf(responses)
	if err == nil {
		err = s.keep(ctx, s.linkages, batch.linkageIDs, batch.linkages)
	}
	if err == nil && len(batch.without) > 0 {
		err = s.keepNoLinkage(ctx, batch.without)
	}
	if err == nil {
		err = s.keep(ctx, s.responses, batch.ids, batch.responses)
	}
	if err != nil {
		return fmt.Errorf("keeping responses: %w", err)
	}
	return nil
}

// wholeBatch is what KeepResponses writes.
type wholeBatch struct {
	responses, linkages      []any
	ids, linkageIDs, without []string
}

func wholeBatchOf(responses []surveys.Whole) (b wholeBatch, err error) {
	for _, r := range responses {
		doc, err := responseDocOf(r.Response)
		if err != nil {
			return b, fmt.Errorf("encoding response %s: %w", r.ID, err)
		}
		doc.Revision = r.Revision
		b.responses, b.ids = append(b.responses, doc), append(b.ids, doc.ID)
		if r.Linkage == nil {
			b.without = append(b.without, doc.ID)
			continue
		}
		b.linkages, b.linkageIDs = append(b.linkages, linkageDocOf(r.Linkage)), append(b.linkageIDs, doc.ID)
	}
	return b, nil
}

// keepNoLinkage removes the linkages of responses that have none, where there are any.
func (s *Store) keepNoLinkage(ctx context.Context, ids []string) error {
	_, err := s.linkages.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	return meaning(ctx, err)
}

// keep inserts documents that are likely new, and if one is there already, puts each
// in the place of the one with its id.
func (s *Store) keep(ctx context.Context, in *mongo.Collection, ids []string, docs []any) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	if len(docs) == 0 {
		return nil
	}
	_, err := in.InsertMany(ctx, docs)
	if meaning(ctx, err) != errConflict {
		return meaning(ctx, err)
	}
	for i, doc := range docs {
		_, err := in.ReplaceOne(ctx, bson.D{{Key: "_id", Value: ids[i]}}, doc, options.Replace().SetUpsert(true))
		if err != nil {
			return meaning(ctx, err)
		}
	}
	return nil
}

// snapshot reads everything: as of one moment by a session of the server's if it
// offers that, else as it is when it is read.
type snapshot struct {
	store   *Store
	session *mongo.Session // nil: the server has no snapshots
}

// Snapshot begins a snapshot session if the server has one: a replica set or a
// sharded cluster from MongoDB 5.0. The server keeps a moment for five minutes
// unless minSnapshotHistoryWindowInSeconds says longer.
func (s *Store) Snapshot(ctx context.Context) (surveys.Snapshot, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	view := &snapshot{store: s}
	replicated, err := s.replicated(ctx)
	if err != nil {
		return nil, fmt.Errorf("opening a snapshot: %w", meaning(ctx, err))
	}
	if !replicated {
		return view, nil
	}
	if view.session, err = s.client.StartSession(options.Session().SetSnapshot(true)); err != nil {
		return nil, fmt.Errorf("opening a snapshot: %w", meaning(ctx, err))
	}
	// What is read first decides the moment.
	err = s.records.FindOne(view.within(ctx), bson.D{{Key: "_id", Value: ""}}).Err()
	if err != nil && meaning(ctx, err) != errNotFound {
		_ = view.Close()
		return &snapshot{store: s}, nil // an older server
	}
	if view.session.SnapshotTime().IsZero() {
		_ = view.Close()
		return &snapshot{store: s}, nil // it said yes and gave no moment
	}
	return view, nil
}

// replicated asks whether the server is one of those that keep moments.
func (s *Store) replicated(ctx context.Context) (bool, error) {
	var said struct {
		Set     string `bson:"setName"`
		Message string `bson:"msg"`
	}
	err := s.database.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&said)
	return said.Set != "" || said.Message == "isdbgrid", err
}

func (v *snapshot) within(ctx context.Context) context.Context {
	if v.session == nil {
		return ctx
	}
	return mongo.NewSessionContext(ctx, v.session)
}

// Still reports whether the server keeps the moment.
func (v *snapshot) Still() bool { return v.session != nil }

// Close ends the session.
func (v *snapshot) Close() error {
	if v.session == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), partingTimeout)
	defer cancel()
	v.session.EndSession(ctx)
	return nil
}

// Records streams all of every kind by kind, then id: a kind's letters and
// underscores come after the slash between it and the id.
func (v *snapshot) Records(ctx context.Context) iter.Seq2[surveys.Record, error] {
	return stream(v.within(ctx), v.store, "reading every record", v.store.records, bson.D{}, ascending("_id"), (*recordDoc).record)
}

// Responses streams all of every programme by id, beside the linkages. A linkage
// of nothing, which a crash can leave, is left out.
func (v *snapshot) Responses(ctx context.Context) iter.Seq2[surveys.Whole, error] {
	return func(yield func(surveys.Whole, error) bool) {
		within := v.within(ctx)
		linkages, stop := iter.Pull2(stream(within, v.store, "reading every linkage", v.store.linkages, bson.D{}, ascending("_id"), (*linkageDoc).linkage))
		defer stop()
		beside := besides{next: linkages}
		for r, err := range stream(within, v.store, "reading every response", v.store.responses, bson.D{}, ascending("_id"), (*responseDoc).response) {
			whole := surveys.Whole{Response: r}
			if err == nil {
				whole.Linkage, err = beside.of(r.ID)
			}
			if err == nil && !v.Still() {
				err = v.lookAgain(ctx, &whole)
			}
			if !yield(whole, err) || err != nil {
				return
			}
		}
	}
}

// besides walks the linkages beside the responses.
type besides struct {
	next func() (surveys.Linkage, error, bool)
	last *surveys.Linkage // read and not yet passed
	done bool
}

// of returns the linkage of that response, nil if it has none.
func (b *besides) of(id surveys.ResponseID) (*surveys.Linkage, error) {
	for !b.done && (b.last == nil || b.last.Response < id) {
		l, err, more := b.next()
		if err != nil {
			return nil, err
		}
		b.last, b.done = &l, !more
	}
	if b.done || b.last.Response != id {
		return nil, nil
	}
	return b.last, nil
}

// lookAgain reads the linkage of a response that may have come, or come anew, after
// the linkages beside it were read. A linkage is written before its response.
func (v *snapshot) lookAgain(ctx context.Context, whole *surveys.Whole) error {
	if !whole.Coded || whole.Linkage != nil && whole.Revision <= 1 {
		return nil
	}
	var doc linkageDoc
	err := meaning(ctx, v.store.linkages.FindOne(ctx, bson.D{{Key: "_id", Value: string(whole.ID)}}).Decode(&doc))
	if err == errNotFound {
		whole.Linkage = nil
		return nil
	}
	if err != nil {
		return err
	}
	l, err := doc.linkage()
	whole.Linkage = &l
	return err
}
