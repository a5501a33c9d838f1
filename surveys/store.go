package surveys

import (
	"context"
	"iter"
	"time"

	"soundings/surveys/questionnaire"
)

// Store keeps everything. The rules that every store follows, and that package
// storetest checks:
//
//   - A write is durable when the method returns nil: on disk, or acknowledged
//     by a majority.
//   - A write touches one document (PutResponse: one linkage, then one
//     response), so a crash leaves no half of anything that was acknowledged.
//   - Uniqueness is decided by an index, never by look-then-write.
//   - Revisions are compare-and-set: the first write has revision 0 in and 1
//     stored; a later one carries the revision that was read.
//   - Times come back as UTC whole milliseconds.
//   - A cancelled context ends every method with the context's error.
//
// Errors are *Error with the kind each method names, or a wrapped cause.
type Store interface {
	RecordStore
	ResponseStore
	WholeStore

	// Describe names the store for people, without secrets: "SQLite file soundings.db".
	Describe() string
	// Ping fails with KindUnavailable if the store does not answer.
	Ping(ctx context.Context) error
	Close() error
}

// RecordStore keeps the small things: programmes, accounts, links, decisions.
type RecordStore interface {
	// PutRecord inserts r if r.Revision is 0 and replaces the one with r.Kind and
	// r.ID if its revision is r.Revision; it stores and returns the next revision.
	// KindConflict: the id or the key exists, or the revision is stale.
	// KindNotFound: nothing to replace.
	PutRecord(ctx context.Context, r Record) (revision int64, err error)
	// Record returns one by id. KindNotFound.
	Record(ctx context.Context, kind RecordKind, id string) (Record, error)
	// RecordByKey returns the one with that unique key. KindNotFound.
	RecordByKey(ctx context.Context, kind RecordKind, key string) (Record, error)
	// Records streams those of a kind and scope by time, then id; scope "*" is every scope.
	Records(ctx context.Context, kind RecordKind, scope string) iter.Seq2[Record, error]
	// DeleteRecord removes one. Deleting what is not there is no error.
	DeleteRecord(ctx context.Context, kind RecordKind, id string) error
	// DeleteRecordsBefore removes those of a kind whose time is before t: what has
	// run out (sign-ins, throttle marks). It returns how many.
	DeleteRecordsBefore(ctx context.Context, kind RecordKind, t time.Time) (int, error)
	// CountRecords counts those of a kind and scope with time at or after since.
	CountRecords(ctx context.Context, kind RecordKind, scope string, since time.Time) (int, error)
}

// ResponseStore keeps what respondents send.
type ResponseStore interface {
	// PutResponse inserts r if r.Revision is 0, else replaces the one whose
	// revision is r.Revision; the stored revision is one more. With l it keeps the
	// linkage of the same response too, replacing an earlier one, before or
	// together with the response. KindConflict: the id exists (insert) or the
	// revision is stale. KindNotFound: nothing to replace.
	PutResponse(ctx context.Context, r Response, l *Linkage) error
	// Response returns one by id. KindNotFound.
	Response(ctx context.Context, id ResponseID) (Response, error)
	// Responses streams the submitted ones of a strand by time of submission, then
	// id, without holding them all.
	Responses(ctx context.Context, programme ProgrammeID, strand StrandID) iter.Seq2[Response, error]
	// ResponsesSince streams those of Responses that were submitted at or after since,
	// in the same order, from an index: it costs what is new, not what is there.
	ResponsesSince(ctx context.Context, programme ProgrammeID, strand StrandID, since time.Time) iter.Seq2[Response, error]
	// ResponseHeads streams all of a strand, whatever their status, without answers,
	// those set aside and history, by status, submission and id.
	ResponseHeads(ctx context.Context, programme ProgrammeID, strand StrandID) iter.Seq2[Response, error]
	// ResponsesWithPrefix returns at most limit of those whose id begins with
	// prefix, by id: what a receipt leads to.
	ResponsesWithPrefix(ctx context.Context, prefix string, limit int) ([]Response, error)
	// CountResponses counts a programme's responses by cohort, strand, wave and
	// status, from an index.
	CountResponses(ctx context.Context, programme ProgrammeID) (map[CountKey]int, error)
	// Tallies counts them by workshop too and tells when the latest came: from an
	// index, in no order, without those that count nobody.
	Tallies(ctx context.Context, programme ProgrammeID) ([]Tally, error)
	// DeleteResponse removes one and its linkage, the linkage first or together
	// with it. Deleting what is not there is no error.
	DeleteResponse(ctx context.Context, id ResponseID) error
	// DeleteLinkage removes the linkage of one response. Deleting what is not there
	// is no error.
	DeleteLinkage(ctx context.Context, id ResponseID) error
	// DeleteResponses removes the responses of a strand, whatever their status, and
	// their linkages, linkages first or together with them. It returns how many
	// responses it removed; a delete that was broken off can be repeated.
	DeleteResponses(ctx context.Context, programme ProgrammeID, strand StrandID) (int, error)
	// Linkages streams the linkages of a strand by response id.
	Linkages(ctx context.Context, programme ProgrammeID, strand StrandID) iter.Seq2[Linkage, error]
}

// WholeStore reads and writes all there is, of every kind and programme: what
// backups are made of and restored to.
type WholeStore interface {
	// Snapshot begins to read everything. The caller closes it.
	Snapshot(ctx context.Context) (Snapshot, error)
	// KeepRecords stores records as they are, each with the revision it carries, in
	// place of one with its kind and id. Records are stored together or one by one;
	// a call that failed can be repeated. KindConflict: a key exists under another id.
	KeepRecords(ctx context.Context, records []Record) error
	// KeepResponses likewise stores responses, each with the linkage beside it; one
	// that has none there has none afterwards.
	KeepResponses(ctx context.Context, responses []Whole) error
	// Schema tells how the store lays out what it keeps.
	Schema(ctx context.Context) (Schema, error)
}

// Whole is a response with the linkage that belongs to it.
type Whole struct {
	Response
	Linkage *Linkage // nil: none
}

// Schema is how a store lays out what it keeps: its name, and a number that goes
// up with each migration.
type Schema struct {
	Store   string `json:"store"` // "sqlite" or "mongodb"
	Version int    `json:"version"`
}

// Snapshot reads everything in a store. Each document is seen whole, as it was
// written last; one that was acknowledged before the snapshot began and was not
// deleted is seen.
type Snapshot interface {
	// Still reports whether both streams, however often they are read, show the
	// store as of the moment the snapshot began. If not, what is written meanwhile
	// may be seen or not; a linkage is never seen without its response.
	Still() bool
	// Records streams all of every kind by kind, then id.
	Records(ctx context.Context) iter.Seq2[Record, error]
	// Responses streams all of every programme, whatever their status, by id.
	Responses(ctx context.Context) iter.Seq2[Whole, error]
	Close() error
}

// AfterEveryID comes after every character of a response's id: the ids that begin
// with a prefix lie between it and it with this behind it.
const AfterEveryID = "~"

// Tally is how many responses there are of one cohort, strand, wave, status and
// workshop.
type Tally struct {
	Cohort    CohortID
	Strand    StrandID
	Wave      questionnaire.Wave
	Status    Status
	Workshop  WorkshopID // "": none
	Responses int
	Last      time.Time // of the latest submission; zero for what is not submitted
}

// CountKey is one cell of CountResponses.
type CountKey struct {
	Cohort CohortID
	Strand StrandID
	Wave   questionnaire.Wave
	Status Status
}
