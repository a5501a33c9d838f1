package surveys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"soundings/surveys/backup"
)

// BackupPlan is what an instance backs up by itself.
type BackupPlan struct {
	Folder     string        // which must be there; "": nothing is backed up
	Every      time.Duration // between two backups
	Keep       int           // how many are kept
	Recipients backup.Recipients
	Product    string // version of the program
}

const (
	// backupsEvery is how often is looked whether one is due.
	backupsEvery = time.Minute
	// backupRetry is how long after one that failed the next is tried, at most.
	backupRetry = time.Hour
	// backupLife is how long it is known that one was tried.
	backupLife = 400 * 24 * time.Hour
	// backupHeld is how often a backup under way asks for its lease.
	backupHeld = 20 * time.Second
	leaseBack  = "backup"
	dueID      = "due"
	// The name of a file: soundings-20261127T030000Z.jsonl.zst, and .age if it is encrypted.
	backupPrefix, backupMiddle, backupSealed = "soundings-", ".jsonl.zst", ".age"
	// KeysFolder is the folder of keys within that of backups.
	KeysFolder = "keys"
)

// WithBackups returns the same service with a plan of what it backs up.
func (s *Service) WithBackups(plan BackupPlan) *Service {
	backing := *s
	backing.backups = plan
	return &backing
}

// BackupPlan is what this instance backs up by itself.
func (s *Service) BackupPlan() BackupPlan { return s.backups }

// BackupTried is a scheduled backup that was made, or failed.
type BackupTried struct {
	Began     time.Time `json:"began"`
	Ended     time.Time `json:"ended"`
	File      string    `json:"file,omitempty"` // name in the folder
	Bytes     int64     `json:"bytes,omitempty"`
	Responses int       `json:"responses,omitempty"`
	Records   int       `json:"records,omitempty"`
	Keys      int       `json:"keys,omitempty"`
	Encrypted bool      `json:"encrypted,omitempty"`
	Still     bool      `json:"still,omitempty"`   // it shows one moment
	Failure   string    `json:"failure,omitempty"` // why there is none
}

// Took is how long it took.
func (b BackupTried) Took() time.Duration { return b.Ended.Sub(b.Began) }

// BackupState is how it stands with the scheduled backups of a store.
type BackupState struct {
	Tried []BackupTried // newest first
	Good  *BackupTried  // the latest that did not fail; nil: none
	Asked bool          // an owner asked for one, which is not made yet
}

// Failing reports whether the latest try failed.
func (b BackupState) Failing() bool { return len(b.Tried) > 0 && b.Tried[0].Failure != "" }

// Overdue reports whether the last good one is older than two of its intervals.
func (b BackupState) Overdue(now time.Time, every time.Duration) bool {
	return every > 0 && (b.Good == nil || now.Sub(b.Good.Began) > 2*every)
}

// ReadBackups reads how it stands with the backups of a store: for "soundings check"
// and metrics.
func ReadBackups(ctx context.Context, store RecordStore) (BackupState, error) {
	var state BackupState
	all, err := listRecords[BackupTried](ctx, store, recordBackup, "")
	if err != nil {
		return state, err
	}
	slices.Reverse(all)
	state.Tried = all
	if i := slices.IndexFunc(all, func(b BackupTried) bool { return b.Failure == "" }); i >= 0 {
		state.Good = &all[i]
	}
	_, err = store.Record(ctx, recordBackupDue, dueID)
	if state.Asked = err == nil; kindOfNil(err) == KindNotFound {
		err = nil
	}
	return state, err
}

// BackupState is the same for metrics of a running program.
func (s *Service) BackupState(ctx context.Context) (BackupState, error) {
	return ReadBackups(ctx, s.store)
}

// Backups tells owners how it stands with the backups.
func (s *Service) Backups(ctx context.Context) (BackupState, error) {
	if _, err := requireOwner(ctx); err != nil {
		return BackupState{}, err
	}
	return ReadBackups(ctx, s.store)
}

// AskBackup asks for a scheduled backup now, which an instance that has a folder for
// it makes within a minute. KindInvalid: this one has none.
func (s *Service) AskBackup(ctx context.Context) error {
	if _, err := requireOwner(ctx); err != nil {
		return err
	}
	if s.backups.Folder == "" {
		return &Error{Kind: KindInvalid, Key: "backup.no_folder"}
	}
	_, err := s.put(ctx, recordBackupDue, dueID, "", "", 0, struct{}{})
	if err != nil && kindOfNil(err) != KindConflict {
		return err
	}
	select {
	case s.backupAsked <- struct{}{}:
	default: // it is woken already
	}
	return s.Audit(ctx, "", "backup.asked", "")
}

// WorkBackups makes a backup if one is due, on one instance of those that have a
// folder for it, and removes from this one's folder the keys that were destroyed.
func (s *Service) WorkBackups(ctx context.Context) error {
	if s.backups.Folder == "" {
		return nil
	}
	keys := filepath.Join(s.backups.Folder, KeysFolder)
	if _, err := os.Stat(keys); err == nil {
		if err := removeDestroyed(ctx, s.store, keys); err != nil {
			return err
		}
	}
	if due, err := s.backupDue(ctx); !due || err != nil {
		return err
	}
	if mine, err := s.hold(ctx, leaseBack); !mine || err != nil {
		return err
	}
	// Again: another may have made it between the two questions.
	due, err := s.backupDue(ctx)
	if due && err == nil {
		err = s.backUp(ctx)
	}
	return errors.Join(err, s.letGo(context.WithoutCancel(ctx), leaseBack))
}

// backupDue reports whether one was asked for, or the last is old enough.
func (s *Service) backupDue(ctx context.Context) (bool, error) {
	state, err := ReadBackups(ctx, s.store)
	if err != nil || state.Asked || len(state.Tried) == 0 {
		return state.Asked || err == nil, err
	}
	if state.Failing() {
		return s.moment().Sub(state.Tried[0].Began) >= min(backupRetry, s.backups.Every), nil
	}
	return s.moment().Sub(state.Tried[0].Began) >= s.backups.Every, nil
}

// backUp makes one backup, notes what became of it, and tells owners if it failed.
func (s *Service) backUp(ctx context.Context) error {
	tried := BackupTried{Began: s.moment(), Encrypted: len(s.backups.Recipients) > 0}
	failure := s.fillBackup(ctx, &tried)
	if ctx.Err() != nil {
		return failure // the program ends: it was not a try
	}
	tried.Ended = s.moment()
	if failure != nil {
		tried.Failure = failure.Error()
	}
	id, err := s.newID()
	if err != nil {
		return errors.Join(failure, err)
	}
	record, err := encode(recordBackup, id, "", "", tried.Began, 0, tried)
	if err == nil {
		_, err = s.store.PutRecord(ctx, record)
	}
	if err == nil {
		err = s.store.DeleteRecord(ctx, recordBackupDue, dueID)
	}
	if err == nil {
		_, err = s.store.DeleteRecordsBefore(ctx, recordBackup, tried.Began.Add(-backupLife))
	}
	if failure != nil {
		err = errors.Join(failure, err, s.tellOfBackup(ctx, tried))
	}
	return err
}

// fillBackup writes the files and removes old ones.
func (s *Service) fillBackup(ctx context.Context, tried *BackupTried) error {
	if _, err := os.Stat(s.backups.Folder); err != nil {
		return fmt.Errorf("the folder of backups cannot be used (%w): make it, or mount what lies there", causeOfPath(err))
	}
	if err := removePartials(s.backups.Folder); err != nil {
		return err
	}
	id, err := s.newID()
	if err != nil {
		return err
	}
	how := BackupHow{Product: s.backups.Product, Moment: tried.Began, ID: id, Recipients: s.backups.Recipients, Progress: s.keepHold(ctx)}
	name := backupPrefix + tried.Began.Format("20060102T150405Z") + backupMiddle
	if tried.Encrypted {
		name += backupSealed
	}
	var made BackupMade
	tried.Bytes, err = WriteWhole(filepath.Join(s.backups.Folder, name), func(to io.Writer) (err error) {
		made, err = WriteBackup(ctx, s.store, to, how)
		return err
	})
	if err != nil {
		return fmt.Errorf("writing the backup: %w", causeOfPath(err))
	}
	tried.File, tried.Responses, tried.Records, tried.Still = name, made.Responses(), made.Records(), made.Trailer.Still
	if tried.Keys, err = WriteKeys(ctx, s.store, filepath.Join(s.backups.Folder, KeysFolder), how); err != nil {
		return fmt.Errorf("writing the backup of keys: %w", causeOfPath(err))
	}
	return s.removeOld()
}

// keepHold asks for the lease again now and then, and ends a backup that another
// instance has taken over.
func (s *Service) keepHold(ctx context.Context) func(int) error {
	asked := s.moment()
	return func(int) error {
		if s.moment().Sub(asked) < backupHeld {
			return nil
		}
		asked = s.moment()
		mine, err := s.hold(ctx, leaseBack)
		if err == nil && !mine {
			err = errors.New("another instance has taken the backup over")
		}
		return err
	}
}

// removeOld keeps as many backups as are to be kept, the newest.
func (s *Service) removeOld() error {
	files, err := filepath.Glob(filepath.Join(s.backups.Folder, backupPrefix+"*"+backupMiddle+"*"))
	if err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(path string) bool {
		at, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), backupPrefix), ".")
		_, err := time.Parse("20060102T150405Z", at)
		return err != nil // a file that somebody else put there
	})
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(b, a) }) // names go up with time
	for _, path := range files[min(len(files), max(1, s.backups.Keep)):] {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("removing an old backup: %w", causeOfPath(err))
		}
	}
	return nil
}

// causeOfPath is err without what it was done to: paths are in the settings, not in
// what is stored and sent.
func causeOfPath(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// tellOfBackup writes to every owner, once a day, that there was no backup.
func (s *Service) tellOfBackup(ctx context.Context, tried BackupTried) error {
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.Inactive || !a.withGroups().Owner {
			continue
		}
		err = errors.Join(err, s.alert(ctx, Alert{
			ID: "backup failed/" + tried.Began.Format(time.DateOnly) + "/" + string(a.ID), To: a.ID,
			Subject: "Soundings was not backed up",
			Body:    "The scheduled backup failed. It is tried again within an hour. What went wrong is on this page:",
			Path:    "/backups",
		}))
	}
	return err
}

// KeyBackupsGone reports whether no copy of a programme's keys is left in the folder
// of backups; folder is false if this instance has none.
func (s *Service) KeyBackupsGone(_ context.Context, id ProgrammeID) (gone, folder bool, err error) {
	if s.backups.Folder == "" {
		return true, false, nil
	}
	path, err := keysPath(filepath.Join(s.backups.Folder, KeysFolder), id)
	if err != nil {
		return false, true, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return true, true, nil
	}
	return false, true, err
}
