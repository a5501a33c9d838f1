package surveys

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// keyDestroyed says that a programme's keys were destroyed. It is kept for good and
// holds nothing else: a backup of keys from before must not bring them back.
type keyDestroyed struct {
	At time.Time `json:"at"`
}

// destroyKeys destroys all keys of a programme: its linkages pair nobody any more,
// its rooms' sealed answers are opened by nobody. It says so first, so that a restore
// never brings them back; the copies in the folder of backups go as soon as the chore
// is woken, on every instance that has one. It can be repeated.
func (s *Service) destroyKeys(ctx context.Context, id ProgrammeID) error {
	_, err := s.put(ctx, recordKeyDestroyed, string(id), "", "", 0, keyDestroyed{s.moment()})
	if err != nil && kindOfNil(err) != KindConflict {
		return err
	}
	for kind := range keyKinds {
		for r, err := range s.store.Records(ctx, kind, string(id)) {
			if err == nil {
				err = s.store.DeleteRecord(ctx, kind, r.ID)
			}
			if err != nil {
				return fmt.Errorf("destroying the keys of %s: %w", id, err)
			}
		}
	}
	s.cache.keys.drop(id)
	select {
	case s.backupAsked <- struct{}{}:
	default: // it is woken already
	}
	return nil
}

// keysDestroyed reports whether the keys of a programme were destroyed.
func keysDestroyed(ctx context.Context, store RecordStore, id ProgrammeID) (bool, error) {
	_, err := store.Record(ctx, recordKeyDestroyed, string(id))
	if kindOfNil(err) == KindNotFound {
		return false, nil
	}
	return err == nil, err
}

// destroyedKeys lists the programmes whose keys were destroyed.
func destroyedKeys(ctx context.Context, store RecordStore) ([]ProgrammeID, error) {
	var all []ProgrammeID
	for r, err := range store.Records(ctx, recordKeyDestroyed, "*") {
		if err != nil {
			return nil, fmt.Errorf("listing destroyed keys: %w", err)
		}
		all = append(all, ProgrammeID(r.ID))
	}
	return all, nil
}

// ForgetDestroyed ends, in a store whose data were restored, what was ended after the
// backup was made: it destroys the keys, linkages and whatever else tells which answers
// are of one person of the programmes that the list in a folder of keys names. It
// returns their names. A folder without a list names none.
func ForgetDestroyed(ctx context.Context, store Store, folder string, now func() time.Time) (names []string, err error) {
	list, err := os.ReadFile(filepath.Join(folder, destroyedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading which keys were destroyed: %w", err)
	}
	s := NewService(store, now, rand.Reader)
	for _, id := range strings.Fields(string(list)) {
		p, err := readRecord[Programme](ctx, store, recordProgramme, id)
		if kindOfNil(err) == KindNotFound {
			continue
		}
		known, knownErr := keysDestroyed(ctx, store, p.ID)
		if err = cmp.Or(err, knownErr); err != nil {
			return names, err
		}
		if known {
			continue
		}
		if err := s.destroy(ctx, &p, StepLinkages); err != nil {
			return names, err
		}
		names = append(names, p.Name)
	}
	return names, nil
}
