package surveys

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"soundings/surveys/backup"
)

// RestoreHow is what a backup is read with.
type RestoreHow struct {
	Identities backup.Identities // for one that is encrypted
	Moment     time.Time         // now
	Progress   func(done int) error
}

// Restored is what was restored, or checked.
type Restored struct {
	Header  backup.Header
	Trailer backup.Trailer
}

// Lines says what a backup holds, one line a section, responses and linkages first.
func (r Restored) Lines() []string {
	var lines []string
	for _, name := range []string{sectionResponses, sectionLinkages} {
		lines = append(lines, fmt.Sprintf("%d %s", r.Trailer.Section(name).Held, name))
	}
	for _, s := range r.Trailer.Sections {
		if kind, isRecord := strings.CutPrefix(s.Name, sectionRecords); isRecord && s.Held > 0 {
			lines = append(lines, fmt.Sprintf("%d %s", s.Held, strings.ReplaceAll(kind, "_", " ")))
		}
	}
	return lines
}

// CheckBackup reads a backup to its end: that it is whole, unaltered, and that every
// document can be read. Nothing is written.
func CheckBackup(ctx context.Context, from io.Reader, how RestoreHow) (Restored, error) {
	return readBackup(ctx, from, how, func(backup.Header) error { return nil }, func(section string, document []byte) error {
		switch {
		case section == sectionResponses:
			_, err := decodeResponse(document)
			return err
		case strings.HasPrefix(section, sectionRecords):
			_, err := decodeRecord(section, document)
			return err
		}
		return nil
	})
}

// readBackup calls take for each document of a backup that this program can read.
// It calls begin before, with the header.
func readBackup(ctx context.Context, from io.Reader, how RestoreHow, begin func(backup.Header) error, take func(section string, document []byte) error) (Restored, error) {
	r, err := backup.NewReader(from, how.Identities)
	if err != nil {
		return Restored{}, err
	}
	defer r.Close()
	read := Restored{Header: r.Header()}
	if read.Header.Documents > DocumentsVersion {
		return read, fmt.Errorf("the backup was written by a newer Soundings, %s: restore it with that one", read.Header.Product)
	}
	if err := begin(read.Header); err != nil {
		return read, err
	}
	for done := 0; ; done++ {
		section, document, err := r.Next()
		if errors.Is(err, io.EOF) {
			read.Trailer = r.Trailer()
			return read, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = take(section, document)
		}
		if err == nil && how.Progress != nil && done%500 == 0 {
			err = how.Progress(done)
		}
		if err != nil {
			return read, err
		}
	}
}

// restoring marks a store that a restore is being written into.
type restoring struct {
	Backup string    `json:"backup"` // id of the header
	Moment time.Time `json:"moment"` // of the backup
}

// restoringID is the id of the one mark.
const restoringID = "restoring"

// HalfRestored refuses a store that a restore began to fill and did not finish.
func HalfRestored(ctx context.Context, store RecordStore) error {
	mark, err := readRecord[restoring](ctx, store, recordRestoring, restoringID)
	if kindOfNil(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("a restore of the backup of %s was broken off here: run soundings restore again, which goes on or begins anew", mark.Moment.Format("2 January 2006 15:04 MST"))
}

// Restore writes a backup into an empty store, reads everything back and compares
// counts and hashes with the trailer's. It refuses a store that holds something, and
// says what. If it is broken off, the same call goes on: what is there is written
// again as it is; another backup begins anew, since all that is there came of the
// broken-off restore. Nobody else may use the store meanwhile.
//
// A file is best checked before (CheckBackup): of a stream that turns out altered at
// its end, nothing must be used.
func Restore(ctx context.Context, store Store, from io.Reader, how RestoreHow) (Restored, error) {
	into := &restore{store: store, how: how}
	read, err := readBackup(ctx, from, how,
		func(h backup.Header) error { return into.prepare(ctx, h) },
		func(section string, document []byte) error { return into.take(ctx, section, document) })
	if err != nil {
		return read, err
	}
	if err := into.flush(ctx); err != nil {
		return read, err
	}
	if err := compare(ctx, store, read.Trailer); err != nil {
		return read, err
	}
	if err := store.DeleteRecord(ctx, recordRestoring, restoringID); err != nil {
		return read, fmt.Errorf("ending the restore: %w", err)
	}
	return read, nil
}
