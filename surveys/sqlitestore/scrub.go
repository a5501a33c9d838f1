package sqlitestore

import (
	"context"
	"fmt"
	"os"
	"time"
)

// How long a cleaning waits for readers to leave the log, at most.
const (
	scrubTries = 40
	scrubPause = 250 * time.Millisecond
)

// Scrub empties the log into the file and cuts it to nothing, so that no earlier state
// of a page is left in it; secure_delete has written zeros over what was deleted in the
// file itself. deep: the file is written anew before, which leaves no page that was
// half empty. Nothing else is written meanwhile.
func (s *Store) Scrub(ctx context.Context, deep bool) (string, error) {
	if err := s.ready(ctx); err != nil {
		return "", err
	}
	if deep {
		if err := s.exclusive(ctx, "VACUUM"); err != nil {
			return "", fmt.Errorf("writing the SQLite file anew: %w", err)
		}
	}
	for range scrubTries {
		if err := s.exclusive(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			return "", fmt.Errorf("emptying the log of the SQLite file: %w", err)
		}
		if info, err := os.Stat(s.path + "-wal"); os.IsNotExist(err) || err == nil && info.Size() == 0 {
			return said(deep), nil
		}
		select {
		case <-time.After(scrubPause):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return "", fmt.Errorf("emptying the log of the SQLite file: it is being read all the time")
}

func said(deep bool) string {
	if deep {
		return "The SQLite file was written anew and its log cut to nothing: what was deleted is in neither. Blocks that the disk has freed, snapshots of it, and copies made before are beyond this program."
	}
	return "The log of the SQLite file was cut to nothing, and zeros stand in the file where something was deleted."
}

// exclusive runs one statement outside any transaction, between two groups of writes.
func (s *Store) exclusive(ctx context.Context, statement string) error {
	return s.writer.alone(ctx, func(ctx context.Context) error {
		_, err := s.writer.conn.ExecContext(ctx, statement)
		return err
	})
}
