package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Certificate says that a step of a programme's retention was done: what went, what was
// kept, and what was looked through afterwards. It holds nothing of anybody, and is kept
// for ever, also when the programme is deleted. Hash is over all else of it, and it
// names the hash of the certificate before: one that is changed, or taken out of the
// row, is noticed.
type Certificate struct {
	Programme ProgrammeID      `json:"programme"`
	Name      string           `json:"name"` // of the programme, as it was then
	Step      RetentionStep    `json:"step"`
	Due       string           `json:"due,omitempty"` // the day that the clock said; "": somebody asked
	By        string           `json:"by,omitempty"`  // of a deletion: who asked
	Reason    string           `json:"reason,omitempty"`
	Began     time.Time        `json:"began"`
	Done      time.Time        `json:"done"`
	Store     string           `json:"store"`
	Gone      []RetentionCount `json:"gone"`
	Kept      []RetentionCount `json:"kept"`
	Frozen    []FrozenSum      `json:"frozen,omitempty"`
	Lingers   int              `json:"lingers"` // records of what went that were found afterwards
	Cleaned   string           `json:"cleaned"` // what the store did to its files
	Keys      string           `json:"keys"`    // where the keys are gone from
	Backups   string           `json:"backups"` // what copies made before may still hold
	Before    string           `json:"before"`  // hash of the programme's certificate before; "": it is the first
	Hash      string           `json:"sha256"`
}

// FrozenSum names a frozen file by what it is.
type FrozenSum struct {
	Strand  StrandID `json:"strand"`
	Profile Profile  `json:"profile"`
	Name    string   `json:"name"`
	Sum     string   `json:"sha256"`
}

// sum is the hash over all but the hash itself.
func (c Certificate) sum() (string, error) {
	c.Hash = ""
	body, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encoding a certificate: %w", err)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// Sound reports whether c is as it was written.
func (c Certificate) Sound() bool {
	sum, err := c.sum()
	return err == nil && sum == c.Hash
}

// certify keeps the certificate of a run, once.
func (s *Service) certify(ctx context.Context, p Programme, run RetentionRun, cleaned string) error {
	c := Certificate{
		Programme: p.ID, Name: p.Name, Step: run.Step, By: run.Name, Reason: run.Reason, Began: run.Began, Done: s.moment(),
		Store: s.store.Describe(), Gone: run.Plan, Cleaned: cleaned,
	}
	if at, ok := p.RetentionDate(run.Step); ok {
		c.Due = at.In(p.Location()).Format(time.DateOnly)
	}
	var err error
	if c.Keys, c.Backups, err = s.keysSaid(ctx, p); err != nil {
		return err
	}
	if c.Kept, err = s.countKept(ctx, &p, run.Step); err != nil {
		return err
	}
	if c.Frozen, err = s.frozenSums(ctx, p); err != nil {
		return err
	}
	before, err := listRecords[Certificate](ctx, s.store, recordCertificate, string(p.ID))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(before, func(one Certificate) bool { return one.Step == run.Step }) {
		return nil
	}
	if len(before) > 0 {
		c.Before = before[len(before)-1].Hash
	}
	if c.Hash, err = c.sum(); err != nil {
		return err
	}
	// The trail comes first: after a failure between the two there is a line too many.
	trail := p.ID
	if run.Step == StepProgramme {
		trail = "" // its own goes with it
	}
	if err := s.Audit(WithAccount(ctx, Account{}), trail, "retention.done", string(run.Step)+", certificate "+c.Hash); err != nil {
		return err
	}
	_, err = s.put(ctx, recordCertificate, runID(p.ID, run.Step), string(p.ID), "", 0, c)
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

func (s *Service) frozenSums(ctx context.Context, p Programme) (sums []FrozenSum, err error) {
	for _, strand := range p.Strands {
		all, err := listRecords[Frozen](ctx, s.store, recordFrozen, strandScope(p.ID, strand.ID))
		if err != nil {
			return nil, err
		}
		for _, f := range all {
			for _, part := range f.Parts {
				sums = append(sums, FrozenSum{f.Strand, f.Profile, part.Name, part.Sum})
			}
		}
	}
	return sums, nil
}

// Certificates lists those of a programme, oldest first.
func (s *Service) Certificates(ctx context.Context, id ProgrammeID) ([]Certificate, error) {
	if _, err := require(ctx, id, MayManage); err != nil {
		return nil, err
	}
	return listRecords[Certificate](ctx, s.store, recordCertificate, string(id))
}

// AllCertificates lists those of all programmes, of deleted ones too, for owners.
func (s *Service) AllCertificates(ctx context.Context) ([]Certificate, error) {
	if _, err := requireOwner(ctx); err != nil {
		return nil, err
	}
	return listRecords[Certificate](ctx, s.store, recordCertificate, "*")
}

// Certificate returns one; an owner may see that of a programme which is deleted.
// KindNotFound: there is none.
func (s *Service) Certificate(ctx context.Context, id ProgrammeID, step RetentionStep) (Certificate, error) {
	if _, err := requireOwner(ctx); err != nil {
		if _, err := require(ctx, id, MayManage); err != nil {
			return Certificate{}, err
		}
	}
	c, err := readRecord[Certificate](ctx, s.store, recordCertificate, runID(id, step))
	return c, orNotFound(err, "page.not_found")
}
