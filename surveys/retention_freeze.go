package surveys

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Frozen is what a strand's figures were before something that they are worked out
// from was destroyed: suppressed by the rule of its profile, so that nobody of a small
// group is in it. It is kept when all answers are gone.
type Frozen struct {
	Programme ProgrammeID  `json:"programme"`
	Strand    StrandID     `json:"strand"`
	Profile   Profile      `json:"profile"`
	At        time.Time    `json:"at"`
	Before    string       `json:"before"` // the step that it was made before
	Quotes    bool         `json:"quotes"` // its files may hold approved quotes
	Quoted    []ResponseID `json:"quoted,omitempty"`
	Parts     []FrozenPart `json:"parts"`
	Revision  int64        `json:"-"`
}

func (f *Frozen) setRevision(n int64) { f.Revision = n }

// FrozenPart is one file of it.
type FrozenPart struct {
	Name   string `json:"name"` // "report.json", "publication.xlsx"
	Type   string `json:"type"` // MIME
	Size   int    `json:"size"` // bytes
	Sum    string `json:"sha256"`
	Pieces int    `json:"pieces"`

	Bytes []byte `json:"-"` // while it is made
}

// FrozenReport is the part that pages show: the report as package outcomes reads it.
const FrozenReport = "report.json"

// frozenProfiles are the profiles that figures are frozen in: neither shows a group
// below the programme's smallest.
func frozenProfiles() []Profile { return []Profile{ProfileInternal, ProfilePublished} }

// Freezer is what a FileMaker offers that can keep figures. A service whose maker does
// not leaves the steps of retention to other instances.
type Freezer interface {
	// Freeze returns the parts of what m tells, FrozenReport among them, and what they
	// tell of how many people.
	Freeze(ctx context.Context, m Making) ([]FrozenPart, *Release, error)
}

func frozenID(programme ProgrammeID, strand StrandID, profile Profile) string {
	return strandScope(programme, strand) + "/" + string(profile)
}

// freezesBefore reports whether a step takes away something that the figures of a
// strand are worked out from.
func freezesBefore(strand Strand, step RetentionStep) bool {
	switch step {
	case StepLinkages:
		return strand.Paired()
	case StepTexts:
		return !strand.Paired() // numbers of open answers, and quotes
	}
	return step == StepAnswers
}

// freeze keeps the figures of every strand that a step takes something away from, once,
// and reads them back. A strand that was frozen before stays as it was then.
func (s *Service) freeze(ctx context.Context, p *Programme, step RetentionStep) error {
	maker, ok := s.files.(Freezer)
	if !ok {
		return errNoFreezer
	}
	for _, strand := range p.Strands {
		if !freezesBefore(strand, step) {
			continue
		}
		for _, profile := range frozenProfiles() {
			if err := s.freezeStrand(ctx, maker, p, strand, profile, step); err != nil {
				return fmt.Errorf("keeping the figures of strand %s: %w", strand.ID, err)
			}
		}
	}
	return nil
}

// errNoFreezer: this instance makes no files, and leaves the step to one that does.
var errNoFreezer = errors.New("no files are made here")

func (s *Service) freezeStrand(ctx context.Context, maker Freezer, p *Programme, strand Strand, profile Profile, step RetentionStep) error {
	id := frozenID(p.ID, strand.ID, profile)
	_, err := readRecord[Frozen](ctx, s.store, recordFrozen, id)
	if err == nil || kindOfNil(err) != KindNotFound {
		return err
	}
	f := Frozen{Programme: p.ID, Strand: strand.ID, Profile: profile, At: s.moment(), Before: string(step), Quotes: p.Retention.Quotes != QuotesDestroyed}
	parts, release, err := s.frozenParts(ctx, maker, p, strand, &f)
	if isNotPublished(err) {
		return nil // no version was ever answered: there are no figures
	}
	if err != nil {
		return err
	}
	for i := range parts {
		if err := s.keepFrozenPart(ctx, id, &parts[i]); err != nil {
			return err
		}
	}
	f.Parts = parts
	if release != nil {
		kept := *release
		kept.ID, kept.Profile, kept.Format = "frozen/"+id, profile, "frozen"
		if err := s.keepRelease(ctx, p.ID, strand.ID, kept); err != nil {
			return err
		}
	}
	// It is there once all that belongs to it can be read again.
	for _, part := range parts {
		if _, err := s.frozenBytes(ctx, id, part); err != nil {
			return err
		}
	}
	_, err = s.put(ctx, recordFrozen, id, strandScope(p.ID, strand.ID), "", 0, f)
	if err != nil && kindOfNil(err) != KindConflict {
		return err
	}
	return s.tidyFrozen(ctx, id)
}

// frozenParts makes what is kept, under the lease of releases.
func (s *Service) frozenParts(ctx context.Context, maker Freezer, p *Programme, strand Strand, f *Frozen) ([]FrozenPart, *Release, error) {
	data, err := s.dataset(ctx, p.ID, strand.ID)
	if err != nil {
		return nil, nil, err
	}
	if !f.Quotes {
		data.Readings = nil
	}
	for key, reading := range data.Readings {
		if reading.Status == QuoteApproved {
			f.Quoted = append(f.Quoted, key.Response)
		}
	}
	slices.Sort(f.Quoted)
	f.Quoted = slices.Compact(f.Quoted)
	var earlier []Release
	if earlier, err = s.releases(ctx, p.ID, strand.ID); err != nil {
		return nil, nil, err
	}
	return maker.Freeze(ctx, Making{
		Export:  Export{Programme: p.ID, Strand: strand.ID, Profile: f.Profile, By: "Soundings"},
		Data:    data,
		Earlier: earlier, Moment: f.At, Progress: func(int) {},
	})
}

func isNotPublished(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Key == "questionnaire.not_published"
}

// keepFrozenPart stores the bytes of a part in pieces.
func (s *Service) keepFrozenPart(ctx context.Context, id string, part *FrozenPart) error {
	sum := sha256.Sum256(part.Bytes)
	part.Size, part.Sum, part.Pieces = len(part.Bytes), hex.EncodeToString(sum[:]), 0
	for piece := range slices.Chunk(part.Bytes, pieceSize) {
		_, err := s.put(ctx, recordFrozenPiece, frozenPieceID(id, *part, part.Pieces), id, "", 0, piece)
		if err != nil && kindOfNil(err) != KindConflict { // it is there from an attempt that was broken off
			return err
		}
		part.Pieces++
	}
	return nil
}

// frozenPieceID names a piece after what the whole part holds: an instance that has lost
// the step to another, and does not know it yet, writes beside what the other kept, never
// over it.
func frozenPieceID(id string, part FrozenPart, n int) string {
	return fmt.Sprintf("%s/%s/%s/%06d", id, part.Name, part.Sum, n)
}

// tidyFrozen removes pieces that no part of what is kept has: of attempts that were
// broken off, or came too late.
func (s *Service) tidyFrozen(ctx context.Context, id string) error {
	f, err := readRecord[Frozen](ctx, s.store, recordFrozen, id)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, part := range f.Parts {
		for n := range part.Pieces {
			named[frozenPieceID(id, part, n)] = true
		}
	}
	there, err := s.inScope(ctx, recordFrozenPiece, id, f.Strand)
	if err != nil {
		return err
	}
	return s.destroyAll(ctx, recordFrozenPiece, slices.DeleteFunc(there, func(one found) bool { return named[one.ID] }))
}

// frozenBytes reads a part, and fails if it is not as it was written.
func (s *Service) frozenBytes(ctx context.Context, id string, part FrozenPart) ([]byte, error) {
	var all bytes.Buffer
	for n := range part.Pieces {
		piece, err := readRecord[[]byte](ctx, s.store, recordFrozenPiece, frozenPieceID(id, part, n))
		if err != nil {
			return nil, err
		}
		all.Write(piece)
	}
	if sum := sha256.Sum256(all.Bytes()); hex.EncodeToString(sum[:]) != part.Sum {
		return nil, fmt.Errorf("the frozen file %s of %s is not as it was written", part.Name, id)
	}
	return all.Bytes(), nil
}

// FrozenFigures lists what was frozen of a programme, for who may read figures; that of
// the internal profile for its evaluators.
func (s *Service) FrozenFigures(ctx context.Context, id ProgrammeID) ([]Frozen, error) {
	account, err := require(ctx, id, MayReadFigures)
	if err != nil {
		return nil, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(id))
	if err != nil {
		return nil, err
	}
	var all []Frozen
	for _, strand := range p.Strands {
		some, err := listRecords[Frozen](ctx, s.store, recordFrozen, strandScope(id, strand.ID))
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(some, func(f Frozen) bool { return !account.May(id, releasedBy(f.Profile)) })...)
	}
	return all, nil
}

// FrozenFile returns one frozen file. That it was fetched stands in the trail.
// KindNotFound: there is none.
func (s *Service) FrozenFile(ctx context.Context, id ProgrammeID, strand StrandID, profile Profile, name string) (FrozenPart, error) {
	account, err := require(ctx, id, MayReadFigures)
	switch {
	case err != nil:
		return FrozenPart{}, err
	case !slices.Contains(frozenProfiles(), profile):
		return FrozenPart{}, notFound("export.no_file")
	case !account.May(id, releasedBy(profile)):
		return FrozenPart{}, &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	}
	f, err := readRecord[Frozen](ctx, s.store, recordFrozen, frozenID(id, strand, profile))
	if err != nil {
		return FrozenPart{}, orNotFound(err, "export.no_file")
	}
	i := slices.IndexFunc(f.Parts, func(part FrozenPart) bool { return part.Name == name })
	if i < 0 {
		return FrozenPart{}, notFound("export.no_file")
	}
	part := f.Parts[i]
	if part.Bytes, err = s.frozenBytes(ctx, frozenID(id, strand, profile), part); err != nil {
		return part, err
	}
	return part, s.Audit(ctx, id, "retention.frozen_downloaded", string(strand)+" "+string(profile)+" "+name)
}

// readFrozen loads into d the figures that were frozen of its strand.
func (d *Dataset) readFrozen(ctx context.Context, s *Service) error {
	if d.Programme.Retention.Closed.IsZero() {
		return nil
	}
	for _, profile := range frozenProfiles() {
		id := frozenID(d.Programme.ID, d.Strand.ID, profile)
		f, err := readRecord[Frozen](ctx, s.store, recordFrozen, id)
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		for _, part := range f.Parts {
			if part.Name != FrozenReport {
				continue
			}
			if part.Bytes, err = s.frozenBytes(ctx, id, part); err != nil {
				return err
			}
			if d.frozen == nil {
				d.frozen = map[Profile]frozenReport{}
			}
			d.frozen[profile] = frozenReport{f.At, part.Bytes}
		}
	}
	return nil
}

type frozenReport struct {
	at   time.Time
	body []byte
}

// Frozen returns the report that was kept of a profile before something that it is
// worked out from was destroyed, as package outcomes reads it, and of when it is.
// false: everything is there, and it is worked out.
func (d *Dataset) Frozen(profile Profile) (body []byte, at time.Time, ok bool) {
	f, ok := d.frozen[profile]
	return f.body, f.at, ok
}

// forgetFrozenQuotes removes the frozen files of a strand that may hold a quote of a
// response that is erased, or may not be quoted any more; the figures stay.
func (s *Service) forgetFrozenQuotes(ctx context.Context, programme ProgrammeID, strand StrandID, response ResponseID) error {
	return s.forgetFrozenFiles(ctx, programme, strand, func(f Frozen) bool { return slices.Contains(f.Quoted, response) })
}

// forgetEveryFrozenQuote removes those that may hold a quote of anybody.
func (s *Service) forgetEveryFrozenQuote(ctx context.Context, programme ProgrammeID, strand StrandID) error {
	return s.forgetFrozenFiles(ctx, programme, strand, func(f Frozen) bool { return len(f.Quoted) > 0 })
}

func (s *Service) forgetFrozenFiles(ctx context.Context, programme ProgrammeID, strand StrandID, goes func(Frozen) bool) error {
	for _, profile := range frozenProfiles() {
		id := frozenID(programme, strand, profile)
		f, err := readRecord[Frozen](ctx, s.store, recordFrozen, id)
		if kindOfNil(err) == KindNotFound || err == nil && !goes(f) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = change(ctx, s, recordFrozen, id, func(f *Frozen) error {
			f.Parts = slices.DeleteFunc(f.Parts, func(part FrozenPart) bool { return part.Name != FrozenReport })
			return nil
		})
		if err != nil {
			return err
		}
		if err := s.tidyFrozen(ctx, id); err != nil {
			return err
		}
		_, err = change(ctx, s, recordFrozen, id, func(f *Frozen) error {
			f.Quoted = nil // last: until then what is broken off is gone on with
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
