package surveys

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"soundings/surveys/questionnaire"
)

// TakeConsentBack ends what a respondent allowed to be quoted, and leaves their
// ratings: quotes go first, then each consent of the response becomes a no. Whoever
// holds the receipt may, without an account. Asked again it changes nothing. Errors
// as of ByReceipt.
func (s *Service) TakeConsentBack(ctx context.Context, network, receipt string) (Receipted, error) {
	for range tries {
		found, err := s.ByReceipt(ctx, network, receipt)
		if err != nil || found.Withdrawn {
			return found, err
		}
		err = s.takeConsentBack(ctx, found.response)
		if kindOfNil(err) != KindConflict {
			return found, err
		}
	}
	return Receipted{}, &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
}

// TakeConsentBackFor does so for somebody who asked the team and gave their receipt.
// KindNotFound: the receipt leads to no response of the programme.
func (s *Service) TakeConsentBackFor(ctx context.Context, programme ProgrammeID, receipt string) error {
	if _, err := require(ctx, programme, MayReadAnswers); err != nil {
		return err
	}
	for range tries {
		r, err := s.responseOfReceipt(ctx, receipt)
		if err != nil {
			return err
		}
		if r.Programme != programme {
			return notFound("receipt.unknown")
		}
		if r.Status == StatusWithdrawn {
			return nil
		}
		if err := s.takeConsentBack(ctx, r); kindOfNil(err) != KindConflict {
			return err
		}
	}
	return &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
}

func (s *Service) takeConsentBack(ctx context.Context, r Response) error {
	if err := errors.Join(s.revised(ctx, r), s.takenBack(ctx, r.Programme, r.Strand)); err != nil {
		return err
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	for i := range in.Variables() {
		if err := s.takeQuoteBack(ctx, r.ID, in.Variables()[i].ID); err != nil {
			return err
		}
	}
	if err := s.forgetFrozenQuotes(ctx, r.Programme, r.Strand, r.ID); err != nil {
		return err
	}
	if refuseConsents(in, r.Answers) {
		if err := s.store.PutResponse(ctx, r, nil); err != nil {
			return fmt.Errorf("taking a consent back: %w", err)
		}
	}
	return errors.Join(s.revised(ctx, r), s.spoilExports(ctx, r.Programme, r.Strand), s.Audit(ctx, r.Programme, "consent.taken_back", string(r.Strand)))
}

// takeQuoteBack removes the words of a quote; what was decided besides stays.
func (s *Service) takeQuoteBack(ctx context.Context, response ResponseID, variable questionnaire.ItemID) error {
	none := errors.New("no quote")
	_, err := change(ctx, s, recordReading, readingID(response, variable), func(r *Reading) error {
		if r.Status != QuoteApproved {
			return none
		}
		r.Status, r.Text, r.Attribution, r.Level, r.Replaced = QuoteTaken, "", "", LevelRole, nil
		return nil
	})
	if errors.Is(err, none) || kindOfNil(err) == KindNotFound {
		return nil
	}
	return err
}

// refuseConsents makes a no of each consent that quoting depends on, and reports
// whether there was one.
func refuseConsents(in *questionnaire.Instrument, answers questionnaire.Answers) bool {
	any := false
	for i := range in.Variables() {
		consent := in.Variables()[i].Item.Consent
		if consent != "" && answers[consent].Choice == questionnaire.ConsentYes {
			answers[consent] = questionnaire.Answer{Choice: questionnaire.ConsentNo}
			any = true
		}
	}
	return any
}

// SetAgreement records who agreed, for the children of a cohort, that they may be
// quoted, and on which day; both empty take it back, and what was made with their
// quotes can no longer be downloaded.
func (s *Service) SetAgreement(ctx context.Context, programme ProgrammeID, id CohortID, by, on string) (Cohort, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return Cohort{}, err
	}
	by, on = strings.TrimSpace(by), strings.TrimSpace(on)
	if (by == "") != (on == "") {
		field := map[bool]string{true: "agreed_by", false: "agreed_on"}[by == ""]
		return Cohort{}, invalid(field, "cohort.agreed_needs_both")
	}
	c, err := change(ctx, s, recordCohort, string(id), func(c *Cohort) error {
		if c.Programme != programme {
			return notFound("cohort.not_found")
		}
		c.AgreedBy, c.AgreedOn = by, on
		return check(*c)
	})
	if err != nil {
		return c, orNotFound(err, "cohort.not_found")
	}
	if by == "" {
		if err := s.spoilChildren(ctx, programme); err != nil {
			return c, err
		}
	}
	return c, s.Audit(ctx, programme, map[bool]string{true: "cohort.agreement_removed", false: "cohort.agreement_recorded"}[by == ""], c.Name)
}

// spoilChildren ends the files of the strands in which children answer, also those that
// were frozen.
func (s *Service) spoilChildren(ctx context.Context, programme ProgrammeID) error {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return err
	}
	for _, strand := range p.Strands {
		if strand.Children {
			if err := s.spoilStrandOfChildren(ctx, programme, strand.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// spoilStrandOfChildren ends the files of one strand in which children answer.
func (s *Service) spoilStrandOfChildren(ctx context.Context, programme ProgrammeID, strand StrandID) error {
	return errors.Join(s.spoilExports(ctx, programme, strand), s.forgetEveryFrozenQuote(ctx, programme, strand))
}
