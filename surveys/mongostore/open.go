package mongostore

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"soundings/surveys"
)

const (
	// selectionTimeout is how long a server is looked for before a person is told.
	selectionTimeout = 5 * time.Second
	// connectTimeout is how long a connection may take to be made.
	connectTimeout = 5 * time.Second
	// operationTimeout bounds one exchange with the server, a wait for a free connection
	// included, of who sets no deadline: chores, and files that are made.
	operationTimeout = 30 * time.Second
	// partingTimeout bounds what is said to the server when nobody waits: closing.
	partingTimeout = 5 * time.Second
)

// Store is a surveys.Store in one MongoDB database.
type Store struct {
	address  address
	client   *mongo.Client
	database *mongo.Database
	closed   atomic.Bool

	migratedFrom int // the schema's version when it was opened

	records, responses, linkages *mongo.Collection
	about                        *mongo.Collection // the store itself: its schema's version, whose turn it is to migrate
}

var _ surveys.Store = (*Store)(nil)

// Open connects to the database that uri names, "soundings" if it names none,
// and brings it to the newest schema. An error says what is wrong and how to mend
// it, and never repeats the password.
func Open(ctx context.Context, uri string) (*Store, error) {
	s, err := connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, patience); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("opening the MongoDB database %s: %w", s.address.database, err)
	}
	return s, nil
}

// connect reaches the server and changes nothing.
func connect(ctx context.Context, uri string) (*Store, error) {
	where, err := parseAddress(uri)
	if err != nil {
		return nil, err
	}
	client, err := mongo.Connect(clientOptions(uri))
	if err != nil {
		return nil, fmt.Errorf("reading the MongoDB address of %s: %s: check it", where.hosts, where.redact(err))
	}
	s := newStore(client, where)
	if err := s.reach(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// clientOptions are those of uri; waiting is bounded where it says nothing of it, and
// what is durable is not for it to say.
func clientOptions(uri string) *options.ClientOptions {
	how := options.Client().ApplyURI(uri).
		SetAppName("soundings").
		SetReadPreference(readpref.Primary()).
		SetReadConcern(readconcern.Majority()).
		SetWriteConcern(writeconcern.Majority())
	if how.ServerSelectionTimeout == nil {
		how.SetServerSelectionTimeout(selectionTimeout)
	}
	if how.ConnectTimeout == nil {
		how.SetConnectTimeout(connectTimeout)
	}
	if how.Timeout == nil {
		how.SetTimeout(operationTimeout)
	}
	return how
}

func newStore(client *mongo.Client, where address) *Store {
	db := client.Database(where.database)
	return &Store{
		address: where, client: client, database: db,
		records: db.Collection("records"), responses: db.Collection("responses"), linkages: db.Collection("linkages"),
		about: db.Collection("about"),
	}
}

func (s *Store) reach(ctx context.Context) error {
	err := s.Ping(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return &unreachable{hosts: s.address.hosts, cause: err}
}

// Describe names the database and its hosts, without credentials.
func (s *Store) Describe() string {
	return fmt.Sprintf("MongoDB database %s at %s", s.address.database, s.address.hosts)
}

// Ping fails with KindUnavailable if the primary does not answer.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	err := s.client.Ping(ctx, readpref.Primary())
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: err}
}

// Close ends the connections. Methods called later return KindUnavailable.
// Closing twice is no error.
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), partingTimeout)
	defer cancel()
	return s.client.Disconnect(ctx)
}

// ready is asked first by every method.
func (s *Store) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.closed.Load() {
		return errClosed
	}
	return nil
}
