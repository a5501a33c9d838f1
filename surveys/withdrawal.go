package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"soundings/surveys/questionnaire"
)

// Receipted is what a receipt leads to, for the one who holds it: that they have
// answered, never what.
type Receipted struct {
	Receipt   string
	Programme string
	Zone      string // of the programme
	Title     questionnaire.Text
	Languages []string // of the questionnaire, the source language first
	Language  string   // that was answered in
	Submitted time.Time
	Withdrawn bool
	Waits     bool // not counted yet: it came late and a person decides
	Help      Help // of the programme

	response Response
}

// receiptsPerNetwork is how many unknown receipts one network address may try in
// the window: people mistype nine signs, and few have more than one receipt.
const receiptsPerNetwork = 30

// ByReceipt returns what a receipt leads to, however it is typed. KindNotFound:
// nothing; then network, see NetworkMark, is counted. KindThrottled once there were
// too many: of a right one too, or guessing would only be told less, not stopped.
// Whoever holds a receipt needs no account.
func (s *Service) ByReceipt(ctx context.Context, network, receipt string) (Receipted, error) {
	tries := "receipt from " + network
	if err := s.mayTry(ctx, tries, receiptsPerNetwork); err != nil {
		return Receipted{}, err
	}
	r, err := s.responseOfReceipt(ctx, receipt)
	if kindOfNil(err) == KindNotFound {
		if _, throttled := s.throttle(ctx, tries, receiptsPerNetwork); throttled != nil {
			return Receipted{}, throttled
		}
	}
	if err != nil {
		return Receipted{}, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(r.Programme))
	if err != nil {
		return Receipted{}, orNotFound(err, "receipt.unknown")
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return Receipted{}, err
	}
	d := &in.Version().Definition
	return Receipted{
		Receipt: ReceiptOf(r.ID), Programme: p.Name, Zone: p.Zone, Title: d.Title, Languages: d.Languages, Language: r.Language,
		Submitted: r.Submitted, Withdrawn: r.Status == StatusWithdrawn, Waits: r.Status == StatusHeld, Help: p.Safeguarding.Help, response: r,
	}, nil
}

// responseOfReceipt finds the response that has a receipt. Two that share one,
// which of 100,000 responses happens once in 3,500 programmes, are not told apart:
// their holders have to ask.
func (s *Service) responseOfReceipt(ctx context.Context, receipt string) (Response, error) {
	prefix, ok := ReceiptPrefix(receipt)
	if !ok {
		return Response{}, notFound("receipt.unknown")
	}
	found, err := s.store.ResponsesWithPrefix(ctx, prefix, 2)
	if err != nil {
		return Response{}, fmt.Errorf("looking a receipt up: %w", err)
	}
	if len(found) == 2 {
		return Response{}, &Error{Kind: KindConflict, Key: "receipt.shared"}
	}
	if len(found) == 0 || found[0].Status == StatusInProgress || found[0].Programme == trialProgramme || len(found[0].ID) != 2*idBytes {
		return Response{}, notFound("receipt.unknown")
	}
	return found[0], nil
}

// Withdraw destroys the answers behind a receipt: its linkage first, then what lies
// beside them (forgetTraces) and was decided about quoting, then answers and history. What is left says that
// somebody answered at this wave and withdrew, so that counts stay true, the pair
// it was in comes apart, and a phone that sends it again brings nothing back. Asked
// again it changes nothing. Errors as of ByReceipt.
func (s *Service) Withdraw(ctx context.Context, network, receipt string) (Receipted, error) {
	for range tries {
		found, err := s.ByReceipt(ctx, network, receipt)
		if err != nil || found.Withdrawn {
			return found, err
		}
		err = s.withdraw(ctx, found.response)
		if kindOfNil(err) != KindConflict {
			found.Withdrawn = err == nil
			return found, err
		}
	}
	return Receipted{}, &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
}

func (s *Service) withdraw(ctx context.Context, r Response) error {
	if err := errors.Join(s.revised(ctx, r), s.takenBack(ctx, r.Programme, r.Strand)); err != nil {
		return err
	}
	if err := s.store.DeleteLinkage(ctx, r.ID); err != nil {
		return fmt.Errorf("withdrawing a linkage: %w", err)
	}
	if err := s.forgetTraces(ctx, r); err != nil { // it reads what was decided, which goes after it
		return err
	}
	if err := s.forgetReadings(ctx, r); err != nil {
		return err
	}
	r.Status, r.Coded, r.Device, r.Digest = StatusWithdrawn, false, "", ""
	r.Answers, r.Aside, r.Notes, r.History = questionnaire.Answers{}, questionnaire.Answers{}, nil, nil
	if err := s.store.PutResponse(ctx, r, nil); err != nil {
		return fmt.Errorf("withdrawing a response: %w", err)
	}
	return errors.Join(s.revised(ctx, r), s.spoilExports(ctx, r.Programme, r.Strand), s.Audit(ctx, r.Programme, "response.withdrawn", string(r.Strand)))
}
