package surveys

import (
	"context"
	"fmt"
	"io"
	"time"

	"soundings/surveys/backup"
)

// BackupHow is what a backup is made with.
type BackupHow struct {
	Product    string            // version of the program, for the header
	Moment     time.Time         // now
	ID         string            // drawn anew for each backup
	Recipients backup.Recipients // none: it is not encrypted
	WithKeys   bool              // keys too: for moving to another store, never for a file
	Progress   func(done int) error
}

// BackupMade is what was written.
type BackupMade struct {
	Header  backup.Header
	Trailer backup.Trailer
}

// Responses is how many responses it holds.
func (m BackupMade) Responses() int { return m.Trailer.Section(sectionResponses).Held }

// Records is how many records it holds.
func (m BackupMade) Records() int {
	n := 0
	for _, s := range m.Trailer.Sections {
		if len(s.Name) > len(sectionRecords) && s.Name[:len(sectionRecords)] == sectionRecords {
			n += s.Held
		}
	}
	return n
}

// rounds bounds how often a store that does not hold still is read again for what
// changed while it was read.
const rounds = 5

// WriteBackup writes everything in the store but keys and what passes, while it is
// in use; it holds one document at a time. What was acknowledged before it began and
// not deleted since is in it, each document whole, each linkage with its response.
//
// A store that shows one moment (SQLite; a MongoDB replica set from 5.0) is written
// as of that moment. One that does not is read again, responses and records in turn,
// and what differs from what was written is written anew, until a round finds
// nothing or the fifth is over: then all that the last round wrote was there at one
// time or another while it was read.
func WriteBackup(ctx context.Context, store Store, to io.Writer, how BackupHow) (BackupMade, error) {
	schema, err := store.Schema(ctx)
	if err != nil {
		return BackupMade{}, err
	}
	view, err := store.Snapshot(ctx)
	if err != nil {
		return BackupMade{}, err
	}
	defer view.Close() // nothing was written through it
	made := BackupMade{Header: backup.Header{
		Contents: backup.Data, Product: how.Product, Store: schema.Store, Schema: schema.Version,
		Documents: DocumentsVersion, Moment: how.Moment, ID: how.ID,
	}}
	w, err := backup.NewWriter(to, made.Header, how.Recipients)
	if err != nil {
		return made, err
	}
	writing := &backupWriting{view: view, to: w, how: how}
	if err := writing.all(ctx); err != nil {
		return made, fmt.Errorf("backing up: %w", err)
	}
	made.Trailer, err = w.Close(view.Still())
	return made, err
}

// backupWriting is one backup while it is written.
type backupWriting struct {
	view Snapshot
	to   *backup.Writer
	how  BackupHow
	done int // documents read
}

func (b *backupWriting) all(ctx context.Context) error {
	responses, records := &pass{to: b.to}, &pass{to: b.to}
	defer responses.close()
	defer records.close()
	for round := range rounds {
		again := !b.view.Still()
		before := responses.changed + records.changed
		if err := responses.over(again, func(see seeing) error { return b.responses(ctx, see) }); err != nil {
			return err
		}
		if err := records.over(again, func(see seeing) error { return b.records(ctx, see) }); err != nil {
			return err
		}
		if !again || round > 0 && responses.changed+records.changed == before {
			return nil
		}
	}
	return nil
}

// progress tells how far it has come, now and then.
func (b *backupWriting) progress() error {
	b.done++
	if b.how.Progress == nil || b.done%500 != 0 {
		return nil
	}
	return b.how.Progress(b.done)
}

func (b *backupWriting) responses(ctx context.Context, see seeing) error {
	for r, err := range b.view.Responses(ctx) {
		if err != nil {
			return err
		}
		document, err := encodeResponse(r.Response)
		if err != nil {
			return err
		}
		parts := []underKey{{sectionResponses, document}}
		if r.Linkage != nil {
			if document, err = encodeLinkage(r.Linkage); err != nil {
				return err
			}
			parts = append(parts, underKey{sectionLinkages, document})
		}
		if err := see(string(r.ID), parts); err != nil {
			return err
		}
		if err := b.progress(); err != nil {
			return err
		}
	}
	return nil
}

func (b *backupWriting) records(ctx context.Context, see seeing) error {
	for r, err := range b.view.Records(ctx) {
		if err != nil {
			return err
		}
		if _, leave := notBackedUp[r.Kind]; leave || keyKinds[r.Kind] && !b.how.WithKeys {
			continue
		}
		document, err := encodeRecord(r)
		if err != nil {
			return err
		}
		if err := see(string(r.Kind)+"/"+r.ID, []underKey{{sectionRecords + string(r.Kind), document}}); err != nil {
			return err
		}
		if err := b.progress(); err != nil {
			return err
		}
	}
	return nil
}
