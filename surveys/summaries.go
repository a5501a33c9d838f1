package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Summary is what people changed in the page that sums up a strand's report in one
// profile and one filter: sentences in their own words, and the quotes they chose.
// The sentences that nobody changed are not here; they follow the figures.
type Summary struct {
	Profile  Profile                `json:"profile"`
	Filter   Filter                 `json:"filter,omitzero"`
	Edits    map[string]SummaryEdit `json:"edits,omitempty" validate:"max=100,dive,keys,max=120,line,endkeys"` // by paragraph
	Chosen   bool                   `json:"chosen,omitempty"`                                                  // somebody chose the quotes; else the product proposes them
	Quotes   []string               `json:"quotes,omitempty" validate:"max=20,dive,max=64,line"`               // SummaryQuote of each, in the order of the page
	Revision int64                  `json:"-"`
}

func (s *Summary) setRevision(n int64) { s.Revision = n }

// SummaryEdit is a paragraph in somebody's own words.
type SummaryEdit struct {
	Text     string    `json:"text" validate:"max=2000,lines"` // "" leaves the paragraph out
	Proposed string    `json:"proposed" validate:"max=4000"`   // the sentence it stands for, as it was then
	By       AccountID `json:"by"`
	Name     string    `json:"name"` // of By
	At       time.Time `json:"at"`
}

// SummaryQuote is how a summary names a quote: a hash of its approved words, so that
// a quote that is worded anew, or taken back, has to be chosen anew.
func SummaryQuote(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// summaryID names the record of one profile and filter.
func summaryID(programme ProgrammeID, strand StrandID, profile Profile, filter Filter) (string, error) {
	body, err := json.Marshal(filter)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return strandScope(programme, strand) + "/" + string(profile) + "/" + hex.EncodeToString(sum[:8]), nil
}

// Summary returns what was changed in a strand's summary; one without changes if
// nothing was. KindInvalid for a profile that hides nothing: a summary leaves.
func (s *Service) Summary(ctx context.Context, programme ProgrammeID, strand StrandID, profile Profile, filter Filter) (Summary, error) {
	none := Summary{Profile: profile, Filter: filter}
	id, err := s.mayChangeSummary(ctx, programme, strand, profile, filter)
	if err != nil {
		return none, err
	}
	summary, err := readRecord[Summary](ctx, s.store, recordSummary, id)
	if KindOf(err) == KindNotFound {
		return none, nil
	}
	return summary, err
}

// mayChangeSummary says under which id the record is, to who may have it.
func (s *Service) mayChangeSummary(ctx context.Context, programme ProgrammeID, strand StrandID, profile Profile, filter Filter) (string, error) {
	if profile == ProfileRows || !profile.Known() {
		return "", &Error{Kind: KindInvalid, Key: "summary.profile", Field: "profile"}
	}
	if _, err := require(ctx, programme, releasedBy(profile)); err != nil {
		return "", err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return "", err
	}
	if _, ok := p.Strand(strand); !ok {
		return "", notFound("strand.not_found")
	}
	return summaryID(programme, strand, profile, filter)
}

// SaveSummary keeps what was changed, over the revision that was read. An edit that
// says what was proposed is none; one whose words are as they were keeps its author.
// KindConflict: somebody else saved meanwhile. The trail has how many paragraphs are
// changed, never their words.
func (s *Service) SaveSummary(ctx context.Context, programme ProgrammeID, strand StrandID, summary Summary) (Summary, error) {
	before, err := s.Summary(ctx, programme, strand, summary.Profile, summary.Filter)
	if err != nil {
		return summary, err
	}
	if before.Revision != summary.Revision {
		return summary, &Error{Kind: KindConflict, Key: "summary.changed_meanwhile"}
	}
	s.sign(ctx, &summary, before)
	if err := check(summary); err != nil {
		return summary, err
	}
	id, err := summaryID(programme, strand, summary.Profile, summary.Filter)
	if err != nil {
		return summary, err
	}
	// The trail comes first: a change without a line in it must not be.
	if err := s.Audit(ctx, programme, "summary.edited", fmt.Sprintf("%s %s %d", strand, summary.Profile, len(summary.Edits))); err != nil {
		return summary, err
	}
	summary.Revision, err = s.put(ctx, recordSummary, id, strandScope(programme, strand), "", summary.Revision, summary)
	if KindOf(err) == KindConflict {
		return summary, &Error{Kind: KindConflict, Key: "summary.changed_meanwhile", Err: err}
	}
	return summary, err
}

// sign says who changed which paragraph, and drops what is no change.
func (s *Service) sign(ctx context.Context, summary *Summary, before Summary) {
	account, _ := AccountFrom(ctx)
	edits := map[string]SummaryEdit{}
	for id, edit := range summary.Edits {
		if edit.Text == edit.Proposed {
			continue
		}
		was, known := before.Edits[id]
		if known && was.Text == edit.Text && was.Proposed == edit.Proposed {
			edit = was
		} else {
			edit.By, edit.Name, edit.At = account.ID, account.Name, s.moment()
		}
		edits[id] = edit
	}
	summary.Edits = edits
}

func (d *Dataset) readSummaries(ctx context.Context, s *Service) (err error) {
	d.Summaries, err = listRecords[Summary](ctx, s.store, recordSummary, strandScope(d.Programme.ID, d.Strand.ID))
	return err
}

// SummaryOf returns what was changed in the summary of a profile and a filter.
func (d *Dataset) SummaryOf(profile Profile, filter Filter) Summary {
	want, err := summaryID(d.Programme.ID, d.Strand.ID, profile, filter)
	for _, one := range d.Summaries {
		id, err2 := summaryID(d.Programme.ID, d.Strand.ID, one.Profile, one.Filter)
		if err == nil && err2 == nil && id == want {
			return one
		}
	}
	return Summary{Profile: profile, Filter: filter}
}
