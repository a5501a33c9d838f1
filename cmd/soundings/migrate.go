package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/mongostore"
	"soundings/surveys/sqlitestore"
)

// pending says what opening the store would change.
func pending(ctx context.Context, c config) (at int, steps []string, err error) {
	if c.mongo != "" {
		return mongostore.Pending(ctx, c.mongo)
	}
	return sqlitestore.Pending(ctx, filepath.Join(cmp.Or(c.data, defaultData), databaseFile))
}

// refusePending keeps a command from migrating a store that an older program may be
// using.
func refusePending(ctx context.Context, c config) error {
	at, steps, err := pending(ctx, c)
	if err != nil || len(steps) == 0 {
		return err
	}
	if at == 0 && c.mongo == "" {
		return fmt.Errorf("there is no store in the folder %s: name the one that is to be backed up with -data, or MONGODB_URI", cmp.Or(c.data, defaultData))
	}
	return fmt.Errorf("the store has schema %d, of an older Soundings: make the backup with that one, then run soundings migrate", at)
}

// migrated is a store that knows what opening it changed.
type migrated interface{ Migrated() (from, to int) }

// tellMigrated logs what opening the store changed.
func tellMigrated(log *slog.Logger, store surveys.Store) {
	if m, ok := store.(migrated); ok {
		if from, to := m.Migrated(); from < to {
			log.Info("schema", slog.String("store", store.Describe()), slog.String("kind", fmt.Sprintf("from %d to %d", from, to)))
		}
	}
}

// runMigrate brings the store to this program's schema, or moves everything.
func runMigrate(ctx context.Context, c config, out io.Writer) error {
	if c.backups.from != "" || c.backups.to != "" {
		return runMove(ctx, c, out)
	}
	at, steps, err := pending(ctx, c)
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		_, err := fmt.Fprintf(out, "Schema %d: there is nothing to do.\n", at)
		return err
	}
	said := fmt.Sprintf("Schema %d, and %d to come:\n", at, len(steps))
	for i, step := range steps {
		said += fmt.Sprintf("  %d: %s\n", at+i+1, step)
	}
	if c.backups.dryRun {
		_, err := io.WriteString(out, said+"Nothing was done. Before you migrate, make a backup with the Soundings that runs now: there is no way back to an older schema.\n")
		return err
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	if err := store.Close(); err != nil {
		return fmt.Errorf("closing the store: %w", err)
	}
	_, err = io.WriteString(out, said+"Done.\n")
	return err
}

// runMove moves everything with its keys from one store to another, which is empty.
func runMove(ctx context.Context, c config, out io.Writer) (err error) {
	if c.backups.from == "" || c.backups.to == "" {
		return errors.New("say both stores: soundings migrate -from soundings-data -to env:MONGODB_URI")
	}
	source, target := storeAt(c.backups.from), storeAt(c.backups.to)
	if source.data == target.data && source.mongo == target.mongo {
		return errors.New("both are the same store: name another one with -to")
	}
	if err := refusePending(ctx, source); err != nil {
		return err
	}
	if c.backups.dryRun {
		_, err := fmt.Fprintln(out, "Everything would be moved. Nothing was done.")
		return err
	}
	from, err := openStore(ctx, source)
	if err != nil {
		return err
	}
	defer closing(&err, from)
	to, err := openStore(ctx, target)
	if err != nil {
		return err
	}
	defer closing(&err, to)
	restored, err := move(ctx, from, to)
	if err != nil {
		return err
	}
	return tell(out, "Moved and read back", to.Describe(), restored)
}

// storeAt is the configuration of the store at an address.
func storeAt(address string) config {
	if name, found := strings.CutPrefix(address, "env:"); found {
		address = os.Getenv(name)
	}
	if strings.HasPrefix(address, "mongodb://") || strings.HasPrefix(address, "mongodb+srv://") {
		return config{mongo: address}
	}
	return config{data: address}
}

// move pipes a backup with keys from one store into the other.
func move(ctx context.Context, from, to surveys.Store) (surveys.Restored, error) {
	if err := surveys.HalfRestored(ctx, from); err != nil {
		return surveys.Restored{}, err
	}
	now := time.Now()
	reading, writing := io.Pipe()
	written := make(chan error, 1)
	go func() {
		_, err := surveys.WriteBackup(ctx, from, writing, surveys.BackupHow{Product: version(), Moment: now, ID: rand.Text(), WithKeys: true})
		written <- errors.Join(err, writing.CloseWithError(err))
	}()
	restored, err := surveys.Restore(ctx, to, reading, surveys.RestoreHow{Moment: now})
	_ = reading.Close() // the writer ends if the reader gave up
	if writeErr := <-written; writeErr != nil && !errors.Is(writeErr, io.ErrClosedPipe) {
		return restored, writeErr
	}
	return restored, err
}
