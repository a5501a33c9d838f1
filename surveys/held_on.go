package surveys

import (
	"context"
	"fmt"
	"time"

	"soundings/surveys/questionnaire"
)

// HeldOn gathers what is held on the respondent whose receipt it is, at their request.
// That it was asked for, and why, stands in the trail. What waits with the safeguarding
// lead is withheld from who may not read concerns. Errors as of EraseFor.
func (s *Service) HeldOn(ctx context.Context, id ProgrammeID, receipt, reason string) (HeldOnOne, error) {
	account, err := require(ctx, id, MayManage)
	if err != nil {
		return HeldOnOne{}, err
	}
	if err := checkWhy(&reason); err != nil {
		return HeldOnOne{}, err
	}
	r, err := s.receiptIn(ctx, id, receipt)
	if err != nil {
		return HeldOnOne{}, err
	}
	if err := s.Audit(ctx, id, "response.disclosed", TrailName(r.ID)+": "+reason); err != nil {
		return HeldOnOne{}, err
	}
	if !account.May(id, MayReadConcerns) {
		if r, err = s.withheldFrom(ctx, r); err != nil {
			return HeldOnOne{}, err
		}
	}
	return s.heldOn(ctx, r)
}

func (s *Service) heldOn(ctx context.Context, r Response) (HeldOnOne, error) {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(r.Programme))
	if err != nil {
		return HeldOnOne{}, err
	}
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return HeldOnOne{}, err
	}
	cohort, err := readRecord[Cohort](ctx, s.store, recordCohort, string(r.Cohort))
	if err != nil && kindOfNil(err) != KindNotFound {
		return HeldOnOne{}, err
	}
	strand, _ := p.Strand(r.Strand)
	on := HeldOnOne{
		Receipt: ReceiptOf(r.ID), Programme: p.Name, Strand: strand.Title, Cohort: cohort.Name, Wave: r.Wave, Status: r.Status,
		Language: r.Language, Mode: r.Mode, Started: r.Started.In(p.Location()).Format(time.DateTime), Notes: r.Notes, Paper: r.Batch, Phone: r.Device != "",
		Questionnaire: fmt.Sprintf("%s, version %d", r.Questionnaire, r.Version),
		Answers:       saidIn(in, r.Language, r.Answers), Aside: saidIn(in, r.Language, r.Aside),
	}
	if !r.Submitted.IsZero() {
		on.Submitted = r.Submitted.In(p.Location()).Format(time.DateTime)
	}
	for _, c := range r.History {
		on.Corrections = append(on.Corrections, HeldCorrection{c.At.In(p.Location()).Format(time.DateTime), c.Name, c.Action, c.Reason})
	}
	return on, s.beside(ctx, r, in, &on)
}

// saidIn are answers in the words of their questions.
func saidIn(in *questionnaire.Instrument, language string, answers questionnaire.Answers) (said []HeldAnswer) {
	for i := range in.Variables() {
		v := &in.Variables()[i]
		a, there := answers[v.ID]
		if !there {
			continue
		}
		text := v.Show(a, language)
		if a.Missing != questionnaire.Answered {
			text = a.Missing.Bracketed()
		}
		said = append(said, HeldAnswer{v.Label.In(language, "en"), text})
	}
	return said
}

// beside adds to on what lies beside a response.
func (s *Service) beside(ctx context.Context, r Response, in *questionnaire.Instrument, on *HeldOnOne) error {
	for l, err := range s.store.Linkages(ctx, r.Programme, r.Strand) {
		if err != nil {
			return err
		}
		on.Linked = on.Linked || l.Response == r.ID
	}
	log, err := s.pairRulings(ctx, r.Programme, r.Strand)
	if err != nil {
		return err
	}
	for _, ruling := range log {
		if ruling.Pre == string(r.ID) || ruling.Post == string(r.ID) {
			on.Rulings++
		}
	}
	if on.Keyed, err = s.store.CountRecords(ctx, recordKeying, string(r.ID), time.Time{}); err != nil {
		return err
	}
	if _, err = s.store.Record(ctx, recordHeld, string(r.ID)); err == nil {
		on.Late = true
	} else if kindOfNil(err) != KindNotFound {
		return err
	}
	return s.quotesOn(ctx, r, in, on)
}

func (s *Service) quotesOn(ctx context.Context, r Response, in *questionnaire.Instrument, on *HeldOnOne) error {
	uses, err := listRecords[QuoteUse](ctx, s.store, recordQuoteUse, strandScope(r.Programme, r.Strand))
	if err != nil {
		return err
	}
	for i := range in.Variables() {
		v := &in.Variables()[i]
		reading, err := readRecord[Reading](ctx, s.store, recordReading, readingID(r.ID, v.ID))
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		if r.Answers[v.ID].Missing == questionnaire.Withheld {
			reading = reading.shutOut()
		}
		quote := HeldQuote{Question: v.Label.In(r.Language, "en"), Status: string(reading.Status), Text: reading.Text}
		for _, use := range uses {
			if use.ReadingKey() == (ReadingKey{r.ID, v.ID}) {
				quote.Used = append(quote.Used, use.Where+", "+use.On)
			}
		}
		on.Quotes = append(on.Quotes, quote)
	}
	return nil
}
