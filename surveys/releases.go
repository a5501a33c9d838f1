package surveys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// Release is what one file told of how many people: its sets of people and the
// bounds that its reader has for each. Whoever sets two files against each other
// learns of those who are in one set and not in the other; so outcomes.Build looks
// at the earlier releases before it makes another.
type Release struct {
	ID        string      `json:"id"` // of the export; a release is kept once for each
	Programme ProgrammeID `json:"programme"`
	Strand    StrandID    `json:"strand"`
	Profile   Profile     `json:"profile"`
	Format    string      `json:"format"`
	Filter    Filter      `json:"filter,omitzero"`
	Smallest  int         `json:"smallest"`         // people; what the profile asked for then
	Through   time.Time   `json:"through,omitzero"` // submission of the last response that was there, of the whole strand; what came later is not in it
	Cells     []Cell      `json:"cells"`
	At        time.Time   `json:"at"` // kept
	By        AccountID   `json:"by,omitempty"`
	Name      string      `json:"name,omitempty"` // of By
}

// Cell is one set of people of a release: those of the filter, or those of one
// group among them.
type Cell struct {
	Key     string `json:"key"` // "everyone", "institution/Elm School", "item:sex/Girl"
	People  int    `json:"people"`
	Matched int    `json:"matched"`
	Low     int    `json:"low"` // what was shown says that there are at least so many, and at most High
	High    int    `json:"high"`
}

// EveryoneCell is the key of the cell of all whom the filter lets through.
const EveryoneCell = "everyone"

// Cell returns the one with that key.
func (r *Release) Cell(key string) (Cell, bool) {
	for _, c := range r.Cells {
		if c.Key == key {
			return c, true
		}
	}
	return Cell{}, false
}

// Releases lists what of a strand was released, oldest first.
func (s *Service) Releases(ctx context.Context, programme ProgrammeID, strand StrandID) ([]Release, error) {
	if _, err := require(ctx, programme, MayReadFigures); err != nil {
		return nil, err
	}
	return s.releases(ctx, programme, strand)
}

func (s *Service) releases(ctx context.Context, programme ProgrammeID, strand StrandID) ([]Release, error) {
	return listRecords[Release](ctx, s.store, recordRelease, strandScope(programme, strand))
}

// KeepRelease remembers what a file shows, before anybody can have the file. The
// export's id decides: keeping it again changes nothing. KindInvalid without an
// id, or with a profile that is none or hides nothing.
func (s *Service) KeepRelease(ctx context.Context, programme ProgrammeID, strand StrandID, r Release) error {
	if _, err := require(ctx, programme, releasedBy(r.Profile)); err != nil {
		return err
	}
	return s.keepRelease(ctx, programme, strand, r)
}

// keepRelease is KeepRelease for who was asked before, as the job that makes a file.
func (s *Service) keepRelease(ctx context.Context, programme ProgrammeID, strand StrandID, r Release) error {
	account, _ := AccountFrom(ctx)
	if r.ID == "" || r.Profile == ProfileRows || !r.Profile.Known() {
		return &Error{Kind: KindInvalid, Key: "release.unknown"}
	}
	r.Programme, r.Strand = programme, strand
	r.At, r.By, r.Name = s.moment(), cmp.Or(r.By, account.ID), cmp.Or(r.Name, account.Name)
	// The trail comes first: after a failure between the two, trying again adds a
	// second line to it rather than leaving a release without one.
	if err := s.Audit(ctx, programme, "release.kept", string(strand)+" "+string(r.Profile)+" "+r.Format+" "+r.ID); err != nil {
		return err
	}
	_, err := s.put(ctx, recordRelease, r.ID, strandScope(programme, strand), "", 0, r)
	if err != nil && KindOf(err) != KindConflict {
		return fmt.Errorf("keeping release %s: %w", r.ID, err)
	}
	return nil
}

// releasePatience is how long ReleaseFigures waits for another file of the strand.
const releasePatience = 20 * time.Second

// ReleaseFigures keeps what a file tells that is made while somebody waits for it: make
// gets what was released before, and returns what it tells, nil for nothing. Files of a
// strand are made one after the other, on whichever instance, so that none misses
// another. KindThrottled: another is being made for so long; errors of make.
func (s *Service) ReleaseFigures(ctx context.Context, programme ProgrammeID, strand StrandID, make func(earlier []Release) (*Release, error)) error {
	if _, err := require(ctx, programme, MayReadFigures); err != nil {
		return err
	}
	name := releaseLease(programme, strand)
	if err := s.awaitLease(ctx, name); err != nil {
		return err
	}
	defer s.atWork.drop(name)
	earlier, err := s.releases(ctx, programme, strand)
	if err != nil {
		return errors.Join(err, s.letGo(ctx, name))
	}
	made, err := make(earlier)
	if err == nil && made != nil {
		err = s.releaseHeld(ctx, name, programme, strand, *made)
	}
	return errors.Join(err, s.letGo(ctx, name))
}

// awaitLease takes a lease for this call; then drop it from what is at work.
func (s *Service) awaitLease(ctx context.Context, name string) error {
	look, late := time.NewTicker(exportLook/4), time.NewTimer(releasePatience)
	defer look.Stop()
	defer late.Stop()
	for {
		if s.atWork.take(name) {
			mine, err := s.hold(ctx, name)
			if err == nil && mine {
				return nil
			}
			if s.atWork.drop(name); err != nil {
				return err
			}
		}
		select {
		case <-look.C:
		case <-late.C:
			return &Error{Kind: KindThrottled, Key: "release.busy"}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// releaseHeld keeps a release if the lease was not lost while it was made.
func (s *Service) releaseHeld(ctx context.Context, lease string, programme ProgrammeID, strand StrandID, r Release) error {
	mine, err := s.hold(ctx, lease)
	if err != nil {
		return err
	}
	if !mine {
		return &Error{Kind: KindThrottled, Key: "release.busy"}
	}
	return s.KeepRelease(ctx, programme, strand, r)
}

// releasedBy is who may release figures in a profile.
func releasedBy(p Profile) Permission {
	if p == ProfilePublished {
		return MayReadFigures
	}
	return MayReadAnswers
}
