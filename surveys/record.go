package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// RecordKind is what a record holds.
type RecordKind string

// The kinds of record, each with its scope and unique key.
const (
	recordProgramme   RecordKind = "programme"   // scope "", no key
	recordInstitution RecordKind = "institution" // scope programme, key programme/name
	recordCohort      RecordKind = "cohort"      // scope programme, no key
	recordLink        RecordKind = "link"        // scope programme, key token
	recordVersion     RecordKind = "version"     // scope "", id questionnaire@number
	recordRetired     RecordKind = "retired"     // id questionnaire: takes no new links
	recordDraft       RecordKind = "draft"       // scope "", id questionnaire
	recordDraftStep   RecordKind = "draft_step"  // scope questionnaire, id draft@revision; what can be undone
	recordTrial       RecordKind = "trial"       // scope questionnaire, key token
	recordMedium      RecordKind = "medium"      // id SHA-256 of the bytes; recordings and pictures
	recordPreview     RecordKind = "preview"     // scope account; what was read of an upload, until it is used or two hours old
	recordSavedItem   RecordKind = "saved_item"  // scope "", items that the team saved for reuse
	recordPairingKey  RecordKind = "pairing_key" // scope and id programme; kept apart from the data it hides
	recordDecision    RecordKind = "decision"    // scope programme/strand, id the two responses and #number; append only. Old ones: pre+post
	recordReading     RecordKind = "reading"     // scope programme/strand, id response/item
	recordAccount     RecordKind = "account"     // scope "", key e-mail address in lower case
	recordSignIn      RecordKind = "sign_in"     // scope account, id hash of the cookie; time = when it ends
	recordAPIToken    RecordKind = "api_token"   // scope account, id hash of the token
	recordAudit       RecordKind = "audit"       // scope programme or "", append only
	recordThrottle    RecordKind = "throttle"    // scope what is counted; one record a try
	recordCardSet     RecordKind = "card_set"    // scope programme, id cohort/strand, key token; the address on cards
	recordCardSheet   RecordKind = "card_sheet"  // scope programme, key programme/number; print runs
	recordCard        RecordKind = "card"        // scope programme, id programme/keyed hash of the code
	recordSetUp       RecordKind = "set_up"      // the one-time link of the first account; id hash of its secret
	recordDayKey      RecordKind = "day_key"     // id the day; the key under which addresses are hashed
	recordClaim       RecordKind = "claim"       // id what is done once, or a lease and its slot; time = when it is forgotten
)

// The kinds that came with collecting, likewise.
const (
	// Held answers, and codes to go on with.
	recordHeld   RecordKind = "held"   // scope programme, id response; by which link it came, when
	recordResume RecordKind = "resume" // scope programme, id keyed hash of a code; time = when it ends

	// Rooms.
	recordRoom       RecordKind = "room"        // scope programme, key token
	recordRoomKey    RecordKind = "room_key"    // scope programme, id room; time = when it is destroyed
	recordRoomAnswer RecordKind = "room_answer" // scope room, id a hash: that one answer came; what is counted
	recordBegun      RecordKind = "begun"       // scope programme/cohort/strand/wave, id a hash: that somebody began; a day old at most

	// Cards.

	// Workshops, packs and the board.
	recordWorkshop RecordKind = "workshop" // scope programme, no key

	// Contacts and mailings.
	recordAddressKey   RecordKind = "address_key"  // id "check"; tells another key from the one that addresses are sealed under
	recordContact      RecordKind = "contact"      // scope programme, key programme/strand/keyed hash of the address; the address is sealed
	recordPersonal     RecordKind = "personal"     // scope contact, id hash of a personal link's secret
	recordUnsubscribed RecordKind = "unsubscribed" // scope "", id keyed hash of an address that wants no letters from any programme
	recordMailing      RecordKind = "mailing"      // scope programme, key programme/strand/wave
	recordLetter       RecordKind = "letter"       // scope mailing, id mailing/contact/step, key its tag; writing it first is the claim

	// Paper.
	recordBatch     RecordKind = "batch"      // scope programme, key programme/number
	recordPaperForm RecordKind = "paper_form" // scope batch, id batch/number
	recordKeying    RecordKind = "keying"     // scope response, id response/entry; what differed in a second pass

	// Old data: uploads, jobs, mappings.
	recordUpload      RecordKind = "upload"       // scope programme/strand; a file of old answers, until it is imported or two days old
	recordUploadPiece RecordKind = "upload_piece" // scope upload, id upload/number; bytes of the file
	recordMapping     RecordKind = "mapping"      // scope and part of the id programme/strand, then the fingerprint of headings
	recordJob         RecordKind = "job"          // scope programme/strand
	recordJobDue      RecordKind = "job_due"      // id job: there is something to do for it
	recordJobProblems RecordKind = "job_problems" // scope job, id job/row: what is wrong with cells of some rows

	// Quotes.
	recordTheme    RecordKind = "theme"     // scope programme, key programme/name
	recordQuoteUse RecordKind = "quote_use" // scope programme/strand, id random; where a quote was printed

	// Exports: jobs and files.
	recordExport      RecordKind = "export"       // scope programme, id a hash of what was asked for, and a number
	recordExportDue   RecordKind = "export_due"   // scope programme, id export: there is something to do for it
	recordExportPiece RecordKind = "export_piece" // scope attempt, id attempt/number; bytes of the file
	recordTakenBack   RecordKind = "taken_back"   // scope programme/strand; one for each time that answers, or consent, went

	// What was published.
	recordRelease RecordKind = "release" // scope programme/strand, id the export; what a file told of how many

	// Summaries.
	recordSummary RecordKind = "summary" // scope programme/strand, id that, the profile and a hash of the filter; what people changed in the sentences

	// Corrections.
	recordRevised RecordKind = "revised" // scope programme/strand; one for each time that what is there may have changed
	recordDoomed  RecordKind = "doomed"  // id response; time = when it is destroyed, if it is still deleted then
)

// The kinds that came with trust, likewise.
const (
	// Accounts: invitations, sessions, tokens.
	recordPending    RecordKind = "pending"      // scope account, id hash of the cookie; time = when it ends; a sign-in that waits for a second factor
	recordDevice     RecordKind = "device"       // scope account, id hash of the cookie; time = when it ends; a browser that has signed in before
	recordSignInTurn RecordKind = "sign_in_turn" // scope a hash of the address, id that and its place, key that and the network; time = when it begins
	recordInvitation RecordKind = "invitation"   // scope programme or "", id hash of its secret, key scope and address; time = when it ends
	recordReset      RecordKind = "reset"        // scope account, id hash of the secret; time = when it ends; a one-time link for a new password
	recordForgotten  RecordKind = "forgotten"    // scope "", id a hash of address and hour; somebody asked for a link, until it is written
	recordOwners     RecordKind = "owners"       // id "owners": who they are, so that there is always one
	recordHome       RecordKind = "home"         // id questionnaire: whose it is, and whether it is shared

	// Second factors and sign-in elsewhere.
	recordFactorSetUp RecordKind = "factor_set_up" // scope and id account; time = when it ends; a second factor that is not confirmed yet
	recordSignInRules RecordKind = "sign_in_rules" // id "rules"; what owners ask of every sign-in
	recordElsewhere   RecordKind = "elsewhere"     // scope account or "", id hash of the state; time = when it ends; what was asked of the provider
	recordIdentity    RecordKind = "identity"      // scope account, id a hash of issuer and subject, key one of account and issuer; who an account is at the provider
	recordGroupRoles  RecordKind = "group_roles"   // scope and id programme; which groups at the provider have which roles
	recordTLS         RecordKind = "tls"           // id a hash of autocert's name; sealed; certificates that several instances share

	// Safeguarding: word lists, what was done.
	recordLookout  RecordKind = "lookout"    // scope programme, id programme/number; append only
	recordConcern  RecordKind = "concern"    // scope programme/strand/open or /closed, id a hash of response and variable
	recordMarked   RecordKind = "marked"     // scope programme, id programme/strand; how far answers were marked
	recordReadUpTo RecordKind = "read_up_to" // scope programme, id programme/strand; how far open answers were read
	recordToRead   RecordKind = "to_read"    // scope programme, id response; open answers that came behind that
	recordNotified RecordKind = "notified"   // scope and id programme; when lead and deputy were written to last

	// Alerts: letters to staff.
	recordAlert RecordKind = "alert" // scope waiting or done, id what it is about; time = when it is forgotten

	// People who asked to be contacted.
	recordApproach RecordKind = "approach" // scope programme, id a keyed hash; what was written is sealed; time = the hour

	// Statements.
	recordStatements RecordKind = "statements" // scope and id programme; what people said for its statements
	recordIssue      RecordKind = "issue"      // scope programme, id programme/statement/number; a statement as it was published

	// Retention.
	recordRetentionRun RecordKind = "retention_run" // scope programme, id programme/step; how far a step is
	recordCertificate  RecordKind = "certificate"   // scope programme, id programme/step; kept for ever
	recordFrozen       RecordKind = "frozen"        // scope programme/strand, id that and a profile; figures as they were before something was destroyed
	recordFrozenPiece  RecordKind = "frozen_piece"  // scope frozen, id frozen/name/sum/number; bytes of a frozen file
	recordScrub        RecordKind = "scrub"         // scope "", random id; the pages of the store are to be cleaned of what was deleted

	// Backups.
	recordBackup       RecordKind = "backup"        // id drawn; one that was tried: when, where, what it held, what failed
	recordBackupDue    RecordKind = "backup_due"    // id "due": an owner asked for one now
	recordRestoring    RecordKind = "restoring"     // id "restoring": which backup; there until a restore is finished
	recordKeyDestroyed RecordKind = "key_destroyed" // id programme: its keys were destroyed; kept for good, so that no backup brings them back

// Running: schema versions.
)

// Record is a small JSON document in a store.
type Record struct {
	Kind     RecordKind
	ID       string    // unique within Kind
	Scope    string    // what it belongs to; "" is none
	Key      string    // unique within Kind; "" is none
	At       time.Time // order within a scope; UTC whole milliseconds
	Revision int64
	Body     []byte // JSON
}

// encode makes the record of v.
func encode(kind RecordKind, id, scope, key string, at time.Time, revision int64, v any) (Record, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return Record{}, fmt.Errorf("encoding %s %s: %w", kind, id, err)
	}
	return Record{Kind: kind, ID: id, Scope: scope, Key: key, At: at, Revision: revision, Body: body}, nil
}

// decode reads the body of r as a T and gives it the stored revision.
func decode[T any](r Record) (T, error) {
	var v T
	if err := json.Unmarshal(r.Body, &v); err != nil {
		return v, fmt.Errorf("decoding %s %s: %w", r.Kind, r.ID, err)
	}
	if holder, ok := any(&v).(interface{ setRevision(int64) }); ok {
		holder.setRevision(r.Revision)
	}
	return v, nil
}

func (p *Programme) setRevision(n int64)   { p.Revision = n }
func (i *Institution) setRevision(n int64) { i.Revision = n }
func (c *Cohort) setRevision(n int64)      { c.Revision = n }
func (l *Link) setRevision(n int64)        { l.Revision = n }

// readRecord returns the one T with that id. KindNotFound.
func readRecord[T any](ctx context.Context, store RecordStore, kind RecordKind, id string) (T, error) {
	r, err := store.Record(ctx, kind, id)
	if err != nil {
		var none T
		return none, fmt.Errorf("reading %s %s: %w", kind, id, err)
	}
	return decode[T](r)
}

// tries is how often a write that met a conflict is tried again on what is there now.
const tries = 20

// change replaces the record of a T by what edit makes of it. It keeps the
// record's time, and with it its place in every list. If another write came
// between, edit is asked again about what is there now.
func change[T any](ctx context.Context, s *Service, kind RecordKind, id string, edit func(*T) error) (T, error) {
	for range tries {
		v, err := changeOnce(ctx, s, kind, id, edit)
		if kindOfNil(err) != KindConflict {
			return v, err
		}
	}
	var none T
	return none, &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

func changeOnce[T any](ctx context.Context, s *Service, kind RecordKind, id string, edit func(*T) error) (v T, err error) {
	r, err := s.store.Record(ctx, kind, id)
	if err != nil {
		return v, fmt.Errorf("reading %s %s: %w", kind, id, err)
	}
	if v, err = decode[T](r); err != nil {
		return v, err
	}
	if err := edit(&v); err != nil {
		return v, err
	}
	next, err := encode(kind, id, r.Scope, r.Key, r.At, r.Revision, v)
	if err != nil {
		return v, err
	}
	if next.Revision, err = s.store.PutRecord(ctx, next); err != nil {
		return v, fmt.Errorf("changing %s %s: %w", kind, id, err)
	}
	return decode[T](next)
}

// listRecords returns every T of a kind and scope, by time, then id.
func listRecords[T any](ctx context.Context, store RecordStore, kind RecordKind, scope string) ([]T, error) {
	var all []T
	for r, err := range store.Records(ctx, kind, scope) {
		if err != nil {
			return nil, fmt.Errorf("listing %s: %w", kind, err)
		}
		v, err := decode[T](r)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
