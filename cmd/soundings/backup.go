package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"soundings/surveys"
	"soundings/surveys/backup"
)

// backupStandard is the name of standard output and input.
const backupStandard = "-"

// runBackup writes everything in the store into a file, while others use it.
func runBackup(ctx context.Context, c config, out io.Writer) (err error) {
	if c.backups.to == "" {
		return errors.New("say where the backup goes: -to FILE, or -to - for standard output")
	}
	recipients := c.backups.recipients
	if err := refusePending(ctx, c); err != nil {
		return err
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, store)
	if err := surveys.HalfRestored(ctx, store); err != nil {
		return err
	}
	how := surveys.BackupHow{Product: version(), Moment: time.Now(), ID: rand.Text(), Recipients: recipients}
	if c.backups.to == backupStandard {
		buffered := bufio.NewWriterSize(out, 1<<16)
		_, err := surveys.WriteBackup(ctx, store, buffered, how)
		return errors.Join(err, buffered.Flush())
	}
	var made surveys.BackupMade
	size, err := surveys.WriteWhole(c.backups.to, func(to io.Writer) (err error) {
		made, err = surveys.WriteBackup(ctx, store, to, how)
		return err
	})
	if err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	keys := "none: say -keys FOLDER to keep them too, apart from this file"
	if c.backups.keys != "" {
		n, err := surveys.WriteKeys(ctx, store, c.backups.keys, how)
		if err != nil {
			return err
		}
		keys = fmt.Sprintf("%d in %s: keep them apart from this file", n, c.backups.keys)
	}
	_, err = fmt.Fprintf(out, "%s\n  %d responses and %d records of %s\n  %s, %s\n  keys: %s\n",
		c.backups.to, made.Responses(), made.Records(), store.Describe(), bytesOf(size), sealed(recipients), keys)
	return err
}

func sealed(recipients backup.Recipients) string {
	if len(recipients) == 0 {
		return "NOT encrypted: say -recipient age1… to encrypt it"
	}
	return fmt.Sprintf("encrypted for %d", len(recipients))
}

// bytesOf says a length.
func bytesOf(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// runRestore restores a backup into an empty store, or checks one.
func runRestore(ctx context.Context, c config, out io.Writer) (err error) {
	identities, err := backup.ReadIdentities(c.backups.identity)
	if err != nil {
		return err
	}
	how := surveys.RestoreHow{Identities: identities, Moment: time.Now()}
	if c.backups.check {
		return checkBackup(ctx, c, how, out)
	}
	if c.backups.from == "" {
		return errors.New("say which backup: -from FILE, or -from - for standard input")
	}
	if c.backups.from != backupStandard { // nothing is written of a file that is not whole
		if _, err := readFile(c.backups.from, func(from io.Reader) (surveys.Restored, error) { return surveys.CheckBackup(ctx, from, how) }); err != nil {
			return err
		}
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, store)
	restored, err := readFile(c.backups.from, func(from io.Reader) (surveys.Restored, error) { return surveys.Restore(ctx, store, from, how) })
	if err != nil {
		return err
	}
	if err := tell(out, "Restored and read back", store.Describe(), restored); err != nil {
		return err
	}
	if err := forgetDestroyed(ctx, c, store, out); err != nil {
		return err
	}
	if err := restoreKeys(ctx, c, store, how, out); err != nil {
		return err
	}
	service := surveys.NewService(store, time.Now, rand.Reader)
	return service.Audit(ctx, "", "backup.restored", restored.Header.Moment.Format(time.RFC3339))
}

// forgetDestroyed ends what was ended after the backup was made, as the lists of
// destroyed keys say that lie with the keys, or with the scheduled backup.
func forgetDestroyed(ctx context.Context, c config, store surveys.Store, out io.Writer) error {
	var folders []string
	if c.backups.keys != "" {
		folders = append(folders, c.backups.keys)
	}
	if c.backups.from != backupStandard {
		folders = append(folders, filepath.Join(filepath.Dir(c.backups.from), surveys.KeysFolder))
	}
	for _, folder := range folders {
		names, err := surveys.ForgetDestroyed(ctx, store, folder, time.Now)
		if err != nil {
			return err
		}
		for _, name := range names {
			if _, err := fmt.Fprintf(out, "The keys of %q were destroyed after this backup: its linkages were destroyed again.\n", name); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkBackup(ctx context.Context, c config, how surveys.RestoreHow, out io.Writer) error {
	if c.backups.from == "" {
		return errors.New("say which backup: soundings restore -check -from FILE")
	}
	checked, err := readFile(c.backups.from, func(from io.Reader) (surveys.Restored, error) { return surveys.CheckBackup(ctx, from, how) })
	if err != nil {
		return err
	}
	return tell(out, "Whole and unaltered", c.backups.from, checked)
}

// readFile opens a backup, or standard input.
func readFile(path string, read func(io.Reader) (surveys.Restored, error)) (surveys.Restored, error) {
	if path == backupStandard {
		return read(os.Stdin)
	}
	file, err := os.Open(path)
	if err != nil {
		return surveys.Restored{}, fmt.Errorf("opening the backup: %w", err)
	}
	defer file.Close() // it was only read
	return read(file)
}

// tell says what a backup holds, and what it does not.
func tell(out io.Writer, done, where string, r surveys.Restored) error {
	still := "as of one moment"
	if !r.Trailer.Still {
		still = "while the store was in use: what came while it was made may be in it or not"
	}
	said := fmt.Sprintf("%s: %s\n  made %s by Soundings %s from %s, %s\n", done, where,
		r.Header.Moment.Format("2 January 2006 15:04 MST"), r.Header.Product, r.Header.Store, still)
	for _, line := range r.Lines() {
		said += "  " + line + "\n"
	}
	said += "  Not in a backup: who is signed in, marks of tries, leases, one-time links. Everybody signs in anew.\n" +
		"  Nor is the address key, without which no address, request for contact or second factor can be read:\n" +
		"  before the first start put " + addressKeyFile + " into the data folder as it was, or set SOUNDINGS_ADDRESS_KEY.\n"
	_, err := io.WriteString(out, said)
	return err
}

func restoreKeys(ctx context.Context, c config, store surveys.Store, how surveys.RestoreHow, out io.Writer) error {
	if c.backups.keys == "" {
		_, err := fmt.Fprintln(out, "Keys: none restored. Without them no new answer is paired with those that are there. Run: soundings restore-keys -keys FOLDER")
		return err
	}
	keys, err := surveys.RestoreKeys(ctx, store, c.backups.keys, how)
	if err != nil {
		return err
	}
	said := fmt.Sprintf("Keys: %d restored.\n", keys.Kept)
	for _, line := range keys.Left {
		said += "  left out: " + line + "\n"
	}
	_, err = io.WriteString(out, said)
	return err
}

// runRestoreKeys restores keys into a store whose data are restored.
func runRestoreKeys(ctx context.Context, c config, out io.Writer) (err error) {
	if c.backups.keys == "" {
		return errors.New("say which keys: -keys FOLDER, or one file of it")
	}
	identities, err := backup.ReadIdentities(c.backups.identity)
	if err != nil {
		return err
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return err
	}
	defer closing(&err, store)
	return restoreKeys(ctx, c, store, surveys.RestoreHow{Identities: identities, Moment: time.Now()}, out)
}
