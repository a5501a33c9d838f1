package surveys

import (
	"context"
	"fmt"
	"strings"

	"soundings/surveys/questionnaire"
)

// QuoteUse says where a quote was printed or said. It stays when the quote is taken
// back, so that a team knows where else to take it out.
type QuoteUse struct {
	ID       string               `json:"id"`
	Response ResponseID           `json:"response"`
	Variable questionnaire.ItemID `json:"variable"`
	Where    string               `json:"where" validate:"required,max=120,line"`     // "Committee report 2026, p. 3"
	On       string               `json:"on" validate:"required,datetime=2006-01-02"` // the day
	By       AccountID            `json:"by"`
}

// ReadingKey names the answer that the quote is of.
func (u QuoteUse) ReadingKey() ReadingKey { return ReadingKey{u.Response, u.Variable} }

// UseQuote notes where an approved quote was used. KindNotFound: it is no quote of
// the strand.
func (s *Service) UseQuote(ctx context.Context, programme ProgrammeID, strand StrandID, use QuoteUse) error {
	account, err := require(ctx, programme, MayReadAnswers)
	if err != nil {
		return err
	}
	use.Where = strings.TrimSpace(use.Where)
	if err := check(use); err != nil {
		return err
	}
	r, err := s.store.Record(ctx, recordReading, readingID(use.Response, use.Variable))
	if err != nil || r.Scope != strandScope(programme, strand) {
		return orNotFound(firstError(err, notFound("quote.not_found")), "quote.not_found")
	}
	reading, err := decode[Reading](r)
	if err != nil {
		return err
	}
	if reading.Status != QuoteApproved {
		return notFound("quote.not_found")
	}
	if use.ID, err = s.newID(); err != nil {
		return err
	}
	use.By = account.ID
	if _, err := s.put(ctx, recordQuoteUse, use.ID, strandScope(programme, strand), "", 0, use); err != nil {
		return err
	}
	return s.Audit(ctx, programme, "quote.used", TrailName(use.Response)+"/"+string(use.Variable))
}

// ForgetUse removes a line that was written by mistake. What is not there, or of
// another strand, is left alone.
func (s *Service) ForgetUse(ctx context.Context, programme ProgrammeID, strand StrandID, id string) error {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return err
	}
	r, err := s.store.Record(ctx, recordQuoteUse, id)
	if kindOfNil(err) == KindNotFound || err == nil && r.Scope != strandScope(programme, strand) {
		return notFound("quote.not_found")
	}
	if err != nil {
		return fmt.Errorf("reading where a quote was used: %w", err)
	}
	if err := s.store.DeleteRecord(ctx, recordQuoteUse, id); err != nil {
		return fmt.Errorf("forgetting where a quote was used: %w", err)
	}
	return s.Audit(ctx, programme, "quote.use_removed", string(strand))
}
