package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"soundings/surveys"
)

// checkBackups says how it stands with the scheduled backups.
func checkBackups(ctx context.Context, c config, store surveys.Store) []finding {
	if err := surveys.HalfRestored(ctx, store); err != nil {
		return []finding{{fault, "Restore", err.Error() + "."}}
	}
	if c.backups.folder == "" {
		return []finding{{advice, "Backups", "no folder is set: set -backup-dir, or run soundings backup from a timer of the system's."}}
	}
	state, err := surveys.ReadBackups(ctx, store)
	if err != nil {
		return []finding{{fault, "Backups", err.Error() + "."}}
	}
	found := []finding{checkBackupFolder(c.backups.folder), latestBackup(c, state, time.Now())}
	if state.Failing() {
		found = append(found, finding{fault, "Backups", "the latest failed: " + state.Tried[0].Failure + "."})
	}
	if len(c.backups.recipients) == 0 {
		found = append(found, finding{advice, "Backups", "they are not encrypted: name an age public key in -backup-recipients, and keep its identity elsewhere."})
	}
	return found
}

func latestBackup(c config, state surveys.BackupState, now time.Time) finding {
	switch {
	case state.Good == nil:
		return finding{fault, "Backups", "there is none yet: one is made when the program runs."}
	case state.Overdue(now, c.backups.every):
		return finding{fault, "Backups", fmt.Sprintf("the last good one is of %s, longer ago than two of its intervals of %v.", state.Good.Began.Format("2 January 2006 15:04 MST"), c.backups.every)}
	}
	if _, err := os.Stat(filepath.Join(c.backups.folder, state.Good.File)); err != nil {
		return finding{advice, "Backups", fmt.Sprintf("the last good one, %s, is not in this folder: another instance made it, or it was moved away.", state.Good.File)}
	}
	return finding{fine, "Backups", fmt.Sprintf("the last good one is of %s: %d responses, %s.", state.Good.Began.Format("2 January 2006 15:04 MST"), state.Good.Responses, bytesOf(state.Good.Bytes))}
}

func checkBackupFolder(path string) finding {
	if f := checkWritable(folder{"backup", path}); f.grade != fine {
		return f
	}
	return finding{fine, "Backups", "the folder " + path + " can be written to: see that it lies on another disk than the store."}
}
