package mongostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"soundings/surveys"
)

// migration takes a database from one schema version to the next. It can be
// repeated: a program can end in the middle of it.
type migration struct {
	does string // for people: "making the indexes"
	run  func(*Store, context.Context) error
}

// migrations are only ever added to; the first makes version 1.
var migrations = []migration{
	{"make the indexes", (*Store).migrateTo1},
	{"count responses by workshop, from an index in place of an older one", (*Store).migrateTo2},
	{"refuse programs that know nothing of second factors, safeguarding and retention", (*Store).migrateTo3},
}

// migrateTo1 makes what every version has; what was there before versions were
// counted has these and one of those of versions 1 and 2.
func (s *Store) migrateTo1(ctx context.Context) error { return s.makeIndexes(ctx) }

// migrateTo2 drops the index that "tally" replaced.
func (s *Store) migrateTo2(ctx context.Context) error {
	names, err := s.indexNames(ctx, s.responses)
	if err != nil || !names[replacedIndex] {
		return err
	}
	return meaning(ctx, s.responses.Indexes().DropOne(ctx, replacedIndex))
}

// replacedIndex served CountResponses in version 1.
const replacedIndex = "count"

// migrateTo3 changes nothing that is stored: the version alone keeps out programs
// that would let people in, and show answers, by older rules.
func (s *Store) migrateTo3(context.Context) error { return nil }

func (s *Store) indexNames(ctx context.Context, in *mongo.Collection) (map[string]bool, error) {
	specifications, err := in.Indexes().ListSpecifications(ctx)
	if err != nil {
		return nil, meaning(ctx, err)
	}
	names := make(map[string]bool, len(specifications))
	for _, one := range specifications {
		names[one.Name] = true
	}
	return names, nil
}

// The documents of the collection "about".
const (
	aboutSchema = "schema" // {_id: "schema", version: 3}
	aboutTurn   = "turn"   // {_id: "turn", holder: "9f…", beat: 12}; there while somebody migrates
)

type schemaDoc struct {
	ID      string `bson:"_id"`
	Version int    `bson:"version"`
}

// schemaVersion is 0 for a database without one: a new one, or one from before
// versions were counted. It refuses what a newer program has written.
func (s *Store) schemaVersion(ctx context.Context) (int, error) {
	var doc schemaDoc
	err := meaning(ctx, s.about.FindOne(ctx, bson.D{{Key: "_id", Value: aboutSchema}}).Decode(&doc))
	if err != nil && err != errNotFound {
		return 0, fmt.Errorf("reading the schema's version: %w", err)
	}
	if doc.Version > len(migrations) {
		return 0, fmt.Errorf("the database has schema %d and this program knows up to %d: start the newer Soundings that wrote it, or restore a backup made before the upgrade", doc.Version, len(migrations))
	}
	return doc.Version, nil
}

// Schema tells the number of the last migration.
func (s *Store) Schema(ctx context.Context) (surveys.Schema, error) {
	if err := s.ready(ctx); err != nil {
		return surveys.Schema{}, err
	}
	version, err := s.schemaVersion(ctx)
	return surveys.Schema{Store: "mongodb", Version: version}, err
}

// Migrated are the versions before and after Open; equal if it had nothing to do.
func (s *Store) Migrated() (from, to int) { return s.migratedFrom, len(migrations) }

// Pending says what opening the database that uri names would do, without doing it.
func Pending(ctx context.Context, uri string) (at int, steps []string, err error) {
	s, err := connect(ctx, uri)
	if err != nil {
		return 0, nil, err
	}
	defer s.Close()
	if at, err = s.schemaVersion(ctx); err != nil {
		return at, nil, err
	}
	for _, step := range migrations[at:] {
		steps = append(steps, step.does)
	}
	return at, steps, nil
}

// migrate brings the database to the newest schema. Of several programs that start
// at once one migrates and the others wait for it.
func (s *Store) migrate(ctx context.Context, wait patienceOf) error {
	version, err := s.schemaVersion(ctx)
	s.migratedFrom = version
	if err != nil {
		return err
	}
	if version == len(migrations) {
		return s.makeIndexes(ctx) // one that somebody dropped
	}
	mine := &turn{store: s, wait: wait, holder: bson.NewObjectID().Hex()}
	if err := mine.take(ctx); err != nil {
		return err
	}
	defer mine.giveBack(ctx)
	return s.step(ctx)
}

// step does the migrations that are left, and writes down each.
func (s *Store) step(ctx context.Context) error {
	version, err := s.schemaVersion(ctx) // again: another may have done it meanwhile
	if err != nil {
		return err
	}
	for ; version < len(migrations); version++ {
		if err := migrations[version].run(s, ctx); err != nil {
			return fmt.Errorf("schema %d (%s): %w", version+1, migrations[version].does, err)
		}
		doc := schemaDoc{aboutSchema, version + 1}
		if _, err := s.about.ReplaceOne(ctx, bson.D{{Key: "_id", Value: aboutSchema}}, doc, options.Replace().SetUpsert(true)); err != nil {
			return fmt.Errorf("writing the schema's version: %w", meaning(ctx, err))
		}
	}
	return nil
}

// patienceOf is how a turn is waited for.
type patienceOf struct {
	beat  time.Duration // between two signs of life
	beats int           // without one, after which the holder is taken for dead
}

var patience = patienceOf{time.Second, 15}

// turn is a lease by unique insert whose holder shows by a count that goes up that
// it is alive: no clock of another machine is compared.
type turn struct {
	store  *Store
	wait   patienceOf
	holder string
	stop   context.CancelFunc
	ended  chan struct{}
}

type turnDoc struct {
	ID     string `bson:"_id"`
	Holder string `bson:"holder"`
	Beat   int64  `bson:"beat"`
}

// take waits until it is our turn.
func (t *turn) take(ctx context.Context) error {
	var last turnDoc
	for silent := 0; ; {
		err := insert(ctx, t.store.about, turnDoc{aboutTurn, t.holder, 0})
		if err == nil {
			return t.live(ctx)
		}
		if err != errConflict {
			return fmt.Errorf("waiting for the turn to migrate: %w", err)
		}
		var now turnDoc
		err = meaning(ctx, t.store.about.FindOne(ctx, bson.D{{Key: "_id", Value: aboutTurn}}).Decode(&now))
		if err == errNotFound {
			continue
		}
		if err != nil {
			return fmt.Errorf("waiting for the turn to migrate: %w", err)
		}
		if now != last {
			last, silent = now, 0
		} else if silent++; silent >= t.wait.beats {
			if err := t.remove(ctx, now); err != nil { // of those who see it dead one inserts next
				return err
			}
		}
		if err := sleep(ctx, t.wait.beat); err != nil {
			return err
		}
	}
}

// remove ends a turn as it was seen.
func (t *turn) remove(ctx context.Context, seen turnDoc) error {
	_, err := t.store.about.DeleteOne(ctx, bson.D{{Key: "_id", Value: aboutTurn}, {Key: "holder", Value: seen.Holder}, {Key: "beat", Value: seen.Beat}})
	return meaning(ctx, err)
}

// live shows signs of life until the turn is given back.
func (t *turn) live(ctx context.Context) error {
	ctx, t.stop = context.WithCancel(ctx)
	t.ended = make(chan struct{})
	go func() {
		defer close(t.ended)
		for beat := int64(1); sleep(ctx, t.wait.beat) == nil; beat++ {
			_, err := t.store.about.ReplaceOne(ctx, bson.D{{Key: "_id", Value: aboutTurn}, {Key: "holder", Value: t.holder}}, turnDoc{aboutTurn, t.holder, beat})
			if err != nil && !errors.Is(err, context.Canceled) {
				continue // the next one tells
			}
		}
	}()
	return nil
}

// giveBack ends our turn, also if ctx has ended.
func (t *turn) giveBack(ctx context.Context) {
	t.stop()
	<-t.ended
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingTimeout)
	defer cancel()
	// If this fails, the next program takes us for dead after a while.
	_, _ = t.store.about.DeleteOne(ctx, bson.D{{Key: "_id", Value: aboutTurn}, {Key: "holder", Value: t.holder}})
}

func sleep(ctx context.Context, long time.Duration) error {
	select {
	case <-time.After(long):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
