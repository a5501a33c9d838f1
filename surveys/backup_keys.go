package surveys

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"soundings/surveys/backup"
)

// KeysSuffix ends the name of a file of keys, which begins with the programme's id.
const KeysSuffix = ".keys"

// destroyedFile lists, in a folder of keys, the programmes whose keys were destroyed,
// one id a line: a copy of an older file of keys put there again brings nothing back.
const destroyedFile = "destroyed.txt"

// KeysRestored is what became of the keys in backups.
type KeysRestored struct {
	Kept int
	Left []string // why keys were left out, one sentence a programme
}

// writeKeys writes the keys of one programme; none is an empty file.
func writeKeys(ctx context.Context, store Store, p Programme, to io.Writer, how BackupHow) (n int, err error) {
	schema, err := store.Schema(ctx)
	if err != nil {
		return 0, err
	}
	header := backup.Header{
		Contents: backup.Keys, Product: how.Product, Store: schema.Store, Schema: schema.Version, Documents: DocumentsVersion,
		Moment: how.Moment, ID: how.ID, Programme: string(p.ID),
	}
	if until := p.keysUntil(); !until.IsZero() {
		header.Expires = &until
	}
	w, err := backup.NewWriter(to, header, how.Recipients)
	if err != nil {
		return 0, err
	}
	for _, kind := range []RecordKind{recordPairingKey, recordRoomKey} {
		for r, err := range store.Records(ctx, kind, string(p.ID)) {
			if err != nil {
				return n, err
			}
			document, err := encodeRecord(r)
			if err != nil {
				return n, err
			}
			if _, err := w.Put(sectionRecords+string(kind), document); err != nil {
				return n, err
			}
			n++
		}
	}
	_, err = w.Close(true)
	return n, err
}

// WriteKeys writes the keys of every programme into a folder, one file each, and
// removes the files of programmes that have none any more. It returns how many keys
// there are.
func WriteKeys(ctx context.Context, store Store, folder string, how BackupHow) (keys int, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, err
	}
	programmes, err := listRecords[Programme](ctx, store, recordProgramme, "*")
	if err != nil {
		return 0, err
	}
	wanted := map[string]bool{}
	for _, p := range programmes {
		path, err := keysPath(folder, p.ID)
		if err != nil {
			return keys, err
		}
		n := 0
		_, err = WriteWhole(path, func(to io.Writer) (err error) { n, err = writeKeys(ctx, store, p, to, how); return err })
		if err != nil {
			return keys, fmt.Errorf("writing keys: %w", err)
		}
		keys += n
		wanted[filepath.Base(path)] = n > 0
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"+KeysSuffix))
	if err != nil {
		return keys, err
	}
	for _, path := range files {
		if !wanted[filepath.Base(path)] {
			if err := os.Remove(path); err != nil {
				return keys, fmt.Errorf("removing keys that are no more: %w", err)
			}
		}
	}
	return keys, removeDestroyed(ctx, store, folder) // what was destroyed meanwhile
}

// keysPath is the file of a programme's keys.
func keysPath(folder string, id ProgrammeID) (string, error) {
	name := string(id) + KeysSuffix
	if id == "" || name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("the id of a programme makes no name of a file")
	}
	return filepath.Join(folder, name), nil
}

// removeDestroyed removes the files of keys that were destroyed, and lists them.
func removeDestroyed(ctx context.Context, store RecordStore, folder string) error {
	destroyed, err := destroyedKeys(ctx, store)
	if err != nil || len(destroyed) == 0 {
		return err
	}
	slices.Sort(destroyed)
	var list strings.Builder
	for _, id := range destroyed {
		path, err := keysPath(folder, id)
		if err != nil {
			return err
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing destroyed keys: %w", err)
		}
		fmt.Fprintln(&list, id)
	}
	path := filepath.Join(folder, destroyedFile)
	if there, err := os.ReadFile(path); err == nil && string(there) == list.String() {
		return nil
	}
	_, err = WriteWhole(path, func(to io.Writer) error { _, err := io.WriteString(to, list.String()); return err })
	return err
}

// RestoreKeys restores the keys in a file, or in every file of a folder, into a store
// whose data are restored. It leaves out what was destroyed, what has expired and what
// belongs to no programme there.
func RestoreKeys(ctx context.Context, store Store, path string, how RestoreHow) (KeysRestored, error) {
	var restored KeysRestored
	files, destroyed, err := keyFiles(path)
	if err != nil {
		return restored, fmt.Errorf("reading keys: %w", err)
	}
	for _, file := range files {
		if err := restored.add(ctx, store, file, destroyed, how); err != nil {
			return restored, fmt.Errorf("restoring keys from %s: %w", filepath.Base(file), err)
		}
	}
	return restored, nil
}

// keyFiles lists the files of keys at path, and the programmes whose keys the list
// beside them says were destroyed.
func keyFiles(path string) (files, destroyed []string, err error) {
	at, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	folder := path
	if files = []string{path}; at.IsDir() {
		files, err = filepath.Glob(filepath.Join(path, "*"+KeysSuffix))
	} else {
		folder = filepath.Dir(path)
	}
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("the folder %s holds no file of keys: name the one that -keys wrote, or keys within the folder of backups", path)
	}
	if err != nil {
		return nil, nil, err
	}
	list, err := os.ReadFile(filepath.Join(folder, destroyedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return files, nil, nil
	}
	return files, strings.Fields(string(list)), err
}

// add restores one file.
func (k *KeysRestored) add(ctx context.Context, store Store, path string, destroyed []string, how RestoreHow) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close() // it was only read
	var keys []Record
	read, err := readBackup(ctx, bufio.NewReaderSize(file, 1<<16), how, refuseData, func(section string, document []byte) error {
		r, err := decodeRecord(section, document)
		keys = append(keys, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range keys {
		if !keyKinds[r.Kind] || r.Scope != read.Header.Programme {
			return errors.New("it holds something else than the keys of its programme: it was not written by Soundings")
		}
	}
	reason, err := leftOut(ctx, store, read.Header, destroyed, how.Moment)
	if err != nil || reason != "" {
		if reason != "" && len(keys) > 0 {
			k.Left = append(k.Left, fmt.Sprintf("%s: %s", read.Header.Programme, reason))
		}
		return err
	}
	k.Kept += len(keys)
	return store.KeepRecords(ctx, keys)
}

func refuseData(h backup.Header) error {
	if h.Contents != backup.Keys {
		return errors.New("the file holds data, not keys")
	}
	return nil
}

// leftOut says why the keys of a file are not restored; "" if they are.
func leftOut(ctx context.Context, store Store, h backup.Header, destroyed []string, now time.Time) (string, error) {
	if h.Expires != nil && !now.Before(*h.Expires) {
		return "its keys expired on " + h.Expires.Format("2 January 2006"), nil
	}
	if slices.Contains(destroyed, h.Programme) {
		return "its keys were destroyed", nil
	}
	gone, err := keysDestroyed(ctx, store, ProgrammeID(h.Programme))
	if gone || err != nil {
		return "its keys were destroyed", err
	}
	_, err = store.Record(ctx, recordProgramme, h.Programme)
	if kindOfNil(err) == KindNotFound {
		return "the programme is not in the data", nil
	}
	return "", err
}
