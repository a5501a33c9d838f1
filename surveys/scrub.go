package surveys

import (
	"context"
	"fmt"
	"time"
)

// Deleting a record does not take its bytes off the disk: they stay in the log of a
// store, in pages that are half empty, in the blocks of a database's files, until they
// are written over. A store that can clean itself of them says so here.

// scrubber is what a store may offer beside Store.
type scrubber interface {
	// Scrub takes what was deleted off the files as far as the store can. deep: all of
	// them are written anew, which takes as long as copying the data. It says in one
	// sentence, for people, what was done and what is beyond it.
	Scrub(ctx context.Context, deep bool) (said string, err error)
}

// scrub cleans the store, and says what that did.
func (s *Service) scrub(ctx context.Context, deep bool) (string, error) {
	cleaner, ok := s.store.(scrubber)
	if !ok {
		return "This store offers no way to clean its files of what was deleted.", nil
	}
	said, err := cleaner.Scrub(ctx, deep)
	if err != nil {
		return "", fmt.Errorf("cleaning the store of what was deleted: %w", err)
	}
	return said, nil
}

// askScrub lets the store be cleaned soon: somebody's answers were erased.
func (s *Service) askScrub(ctx context.Context) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	_, err = s.put(ctx, recordScrub, id, "", "", 0, struct{}{})
	return err
}

// scrubIfAsked cleans the store if something was erased since it was cleaned last. What
// is asked for while it is at work is asked for again.
func (s *Service) scrubIfAsked(ctx context.Context) error {
	n, err := s.store.CountRecords(ctx, recordScrub, "", time.Time{})
	if err != nil || n == 0 {
		return err
	}
	if mine, err := s.hold(ctx, "scrub"); err != nil || !mine {
		return err
	}
	asked, err := s.inScope(ctx, recordScrub, "", "")
	if err != nil {
		return err
	}
	if _, err := s.scrub(ctx, false); err != nil {
		return err
	}
	if err := s.destroyAll(ctx, recordScrub, asked); err != nil {
		return err
	}
	return s.letGo(ctx, "scrub")
}
