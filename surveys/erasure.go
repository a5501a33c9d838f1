package surveys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"soundings/surveys/questionnaire"
)

// Erasure of one respondent. A receipt leads to the response; everything that holds
// something of it goes, whoever asks: the holder of the receipt (Withdraw), or staff at
// the respondent's request (EraseFor).

// forgetTraces removes what lies beside a response and holds something of it: late
// answers, codes to go on with, what people said about its pairs, what was keyed, its
// words where somebody took them into a summary, and the frozen files that may quote it.
func (s *Service) forgetTraces(ctx context.Context, r Response) error {
	words, err := s.wordsOf(ctx, r)
	if err != nil {
		return err
	}
	for _, forget := range []func(context.Context, Response) error{
		func(ctx context.Context, r Response) error { return s.forgetInSummaries(ctx, r, words) },
		s.forgetRulings, s.forgetResumes, s.forgetPaper,
		func(ctx context.Context, r Response) error {
			return s.store.DeleteRecord(ctx, recordHeld, string(r.ID))
		},
		func(ctx context.Context, r Response) error {
			return s.store.DeleteRecord(ctx, recordDoomed, string(r.ID))
		},
		func(ctx context.Context, r Response) error {
			return s.forgetFrozenQuotes(ctx, r.Programme, r.Strand, r.ID)
		},
		func(ctx context.Context, _ Response) error { return s.askScrub(ctx) },
	} {
		if err := forget(ctx, r); err != nil {
			return fmt.Errorf("erasing a response: %w", err)
		}
	}
	return nil
}

// wordsOf are the words of r that may stand somewhere else: open answers, and quotes.
func (s *Service) wordsOf(ctx context.Context, r Response) (words []string, err error) {
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return nil, err
	}
	for i := range in.Variables() {
		v := &in.Variables()[i]
		if text := v.Written(r.Answers[v.ID]); len(text) >= shortestTrace {
			words = append(words, text)
		}
		reading, err := readRecord[Reading](ctx, s.store, recordReading, readingID(r.ID, v.ID))
		if err != nil && kindOfNil(err) != KindNotFound {
			return nil, err
		}
		if len(reading.Text) >= shortestTrace {
			words = append(words, reading.Text)
		}
	}
	return words, nil
}

// shortestTrace is how long words are, in bytes, that are looked for elsewhere: "yes" is
// nobody's.
const shortestTrace = 12

// forgetInSummaries takes back the sentences of summaries in which somebody repeated
// words of r: the product's own stand there again.
func (s *Service) forgetInSummaries(ctx context.Context, r Response, words []string) error {
	all, err := s.inScope(ctx, recordSummary, strandScope(r.Programme, r.Strand), r.Strand)
	if err != nil || len(words) == 0 {
		return err
	}
	for _, one := range all {
		none := errors.New("nothing of it")
		_, err := change(ctx, s, recordSummary, one.ID, func(summary *Summary) error {
			before := len(summary.Edits) + len(summary.Quotes)
			for id, edit := range summary.Edits {
				if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(edit.Text, w) }) {
					delete(summary.Edits, id)
				}
			}
			summary.Quotes = slices.DeleteFunc(summary.Quotes, func(q string) bool {
				return slices.ContainsFunc(words, func(w string) bool { return SummaryQuote(w) == q })
			})
			if len(summary.Edits)+len(summary.Quotes) == before {
				return none
			}
			return nil
		})
		if err != nil && !errors.Is(err, none) && kindOfNil(err) != KindNotFound {
			return err
		}
	}
	return nil
}

// forgetRulings removes what people said about pairs of r.
func (s *Service) forgetRulings(ctx context.Context, r Response) error {
	log, err := s.pairRulings(ctx, r.Programme, r.Strand)
	if err != nil {
		return err
	}
	for _, ruling := range log {
		if ruling.Pre != string(r.ID) && ruling.Post != string(r.ID) {
			continue
		}
		if err := s.store.DeleteRecord(ctx, recordDecision, ruling.recordID()); err != nil {
			return err
		}
	}
	return nil
}

// forgetResumes removes the codes that led to r.
func (s *Service) forgetResumes(ctx context.Context, r Response) error {
	for record, err := range s.store.Records(ctx, recordResume, string(r.Programme)) {
		if err != nil {
			return err
		}
		if of, err := decode[ResponseID](record); err != nil || of != r.ID {
			continue
		}
		if err := s.store.DeleteRecord(ctx, recordResume, record.ID); err != nil {
			return err
		}
	}
	return nil
}

// forgetPaper empties what is kept of a form on paper: that it was keyed stays, so that
// its number is not taken twice.
func (s *Service) forgetPaper(ctx context.Context, r Response) error {
	if r.Mode != ModePaper || r.Batch == "" {
		return nil
	}
	for record, err := range s.store.Records(ctx, recordPaperForm, r.Batch) {
		if err != nil {
			return err
		}
		form, err := decode[PaperForm](record)
		if err != nil {
			return err
		}
		if form.Response != r.ID {
			continue
		}
		_, err = change(ctx, s, recordPaperForm, record.ID, func(f *PaperForm) error {
			f.Code, f.Different, f.Took = nil, nil, nil
			return nil
		})
		if err != nil && kindOfNil(err) != KindNotFound {
			return err
		}
	}
	return nil
}

// EraseFor destroys what is held of the respondent whose receipt it is, at their
// request, as Withdraw does. It stands in the trail with who did it and why, and
// without the receipt. KindInvalid: no reason. KindNotFound: the receipt leads to no
// response of the programme.
func (s *Service) EraseFor(ctx context.Context, id ProgrammeID, receipt, reason string) error {
	if _, err := require(ctx, id, MayManage); err != nil {
		return err
	}
	if err := checkWhy(&reason); err != nil {
		return err
	}
	for range tries {
		r, err := s.receiptIn(ctx, id, receipt)
		if err != nil || r.Status == StatusWithdrawn {
			return err
		}
		if err := s.Audit(ctx, id, "response.erased", TrailName(r.ID)+": "+reason); err != nil {
			return err
		}
		if err := s.withdraw(ctx, r); kindOfNil(err) != KindConflict {
			return err
		}
	}
	return &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
}

// receiptIn is the response of a programme that a receipt leads to.
func (s *Service) receiptIn(ctx context.Context, id ProgrammeID, receipt string) (Response, error) {
	r, err := s.responseOfReceipt(ctx, receipt)
	if err == nil && r.Programme != id {
		return Response{}, notFound("receipt.unknown")
	}
	return r, err
}

// checkWhy refuses a reason that is none, or no line of text.
func checkWhy(reason *string) error {
	tidy(reason)
	if *reason == "" || len([]rune(*reason)) > 500 || !plain(*reason, "") {
		return invalid("why", "retention.reason_needed")
	}
	return nil
}

// HeldOnOne is all that is held on one respondent, as it can be handed to them.
type HeldOnOne struct {
	Receipt       string             `json:"receipt"`
	Programme     string             `json:"programme"`
	Strand        string             `json:"strand"`
	Cohort        string             `json:"cohort"`
	Wave          questionnaire.Wave `json:"wave"`
	Status        Status             `json:"status"`
	Language      string             `json:"language"`
	Mode          Mode               `json:"mode"`
	Started       string             `json:"started"`
	Submitted     string             `json:"submitted,omitempty"`
	Questionnaire string             `json:"questionnaire"` // with its version: "views, version 2"
	Answers       []HeldAnswer       `json:"answers"`
	Aside         []HeldAnswer       `json:"set_aside,omitempty"` // to questions that were not asked in the end
	Linked        bool               `json:"linked"`              // by a code of which only keyed hashes are kept
	Notes         []string           `json:"notes,omitempty"`     // about how it was filled in
	Corrections   []HeldCorrection   `json:"corrections,omitempty"`
	Quotes        []HeldQuote        `json:"quotes,omitempty"`
	Paper         string             `json:"paper,omitempty"` // the number of the form
	Rulings       int                `json:"rulings"`         // how often a person said whether it pairs with another
	Phone         bool               `json:"phone"`           // a tag tells two sendings from one phone apart
	Late          bool               `json:"late"`            // it came when its link was closed
	Keyed         int                `json:"keyed"`           // further passes over the form
}

// HeldAnswer is one answer in the words of its question.
type HeldAnswer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// HeldCorrection is what a person corrected.
type HeldCorrection struct {
	At     string `json:"at"`
	By     string `json:"by"`
	Action Action `json:"action"`
	Reason string `json:"reason"`
}

// HeldQuote is what was decided about an open answer.
type HeldQuote struct {
	Question string   `json:"question"`
	Status   string   `json:"status"`
	Text     string   `json:"text,omitempty"`
	Used     []string `json:"used,omitempty"`
}
