package surveys

import (
	"context"
	"fmt"
	"time"
)

// claimLetter makes the letter this instance's to send. A zero record: it is
// another's, or already sent.
func (s *Service) claimLetter(ctx context.Context, run *mailingRun, c Contact, step Step) (LetterRecord, error) {
	id := letterID(run.ID, c.ID, step)
	letter, again := run.letters[id]
	now := s.moment()
	if !again {
		tag, err := drawSigns(s.random, tagLength)
		if err != nil {
			return LetterRecord{}, err
		}
		letter = LetterRecord{Mailing: run.ID, Contact: c.ID, Step: step, Tag: tag, First: now}
	}
	letter.State, letter.At, letter.Tries, letter.Next = LetterClaimed, now, letter.Tries+1, time.Time{}
	r, err := encode(recordLetter, id, string(run.ID), letter.Tag, letter.First, letter.Revision, letter)
	if err != nil {
		return LetterRecord{}, err
	}
	letter.Revision, err = s.store.PutRecord(ctx, r)
	switch kindOfNil(err) {
	case noKind:
		return letter, nil
	case KindConflict, KindNotFound: // another was quicker, or the contacts are being destroyed
		return LetterRecord{}, nil
	}
	return LetterRecord{}, fmt.Errorf("claiming a letter: %w", err)
}

// write puts a letter into words, with the person's own link.
func (s *Service) write(ctx context.Context, run *mailingRun, c Contact, p person, l LetterRecord) (Letter, error) {
	facts, there := run.facts[c.Language+string(l.Step)]
	if !there {
		var err error
		if facts, err = s.factsOf(ctx, run.programme, run.Mailing, l.Step, c.Language); err != nil {
			return Letter{}, err
		}
		run.facts[c.Language+string(l.Step)] = facts
	}
	secret, err := s.personalSecret(ctx, c, p, run.Wave)
	if err != nil {
		return Letter{}, err
	}
	facts.Name, facts.Link, facts.Unsubscribe = p.Name, s.mail.address("/p/", secret), s.mail.address("/m/", l.Tag)
	if closes := run.links[c.Cohort].Closes; !closes.IsZero() {
		facts.Closes = closes.In(run.programme.Location())
	}
	wording, err := s.mail.Writer.WriteLetter(facts)
	return Letter{
		To: p.Address, Name: p.Name, Tag: l.Tag, Written: l.At, Language: wording.Language,
		Subject: wording.Subject, Text: wording.Text, HTML: wording.HTML, Unsubscribe: facts.Unsubscribe,
	}, err
}

// release gives a claim back of a letter that was never begun.
func (s *Service) release(ctx context.Context, l LetterRecord) error {
	return s.settle(ctx, l, Delivery{Outcome: Lost})
}

// settle writes down what became of a letter, and marks a contact that no server
// takes letters for.
func (s *Service) settle(ctx context.Context, l LetterRecord, d Delivery) error {
	if d.Outcome == Refused {
		if err := s.markBounced(ctx, l.Contact, d.Code); err != nil {
			return err
		}
	}
	_, err := change(ctx, s, recordLetter, letterID(l.Mailing, l.Contact, l.Step), func(kept *LetterRecord) error {
		kept.settle(d, s.moment())
		return nil
	})
	if kindOfNil(err) == KindNotFound { // destroyed meanwhile
		return nil
	}
	return err
}

func (l *LetterRecord) settle(d Delivery, now time.Time) {
	l.At, l.Code = now, d.Code
	switch d.Outcome {
	case Delivered:
		l.State = LetterDelivered
	case Refused:
		l.State = LetterRefused
	case Rejected:
		l.State = LetterFailed
	case Unknown:
		l.State = LetterUncertain
	case Deferred:
		l.State = LetterFailed
		if l.Tries <= len(pauses) {
			l.State, l.Next = LetterDeferred, now.Add(pauses[l.Tries-1])
		}
	case Lost: // the server's trouble, not this letter's: it does not count as a try
		l.Tries--
		l.State, l.Next = LetterDeferred, now.Add(lettersEvery)
	}
}

// markBounced notes that no letter reaches a contact.
func (s *Service) markBounced(ctx context.Context, id ContactID, code string) error {
	_, err := change(ctx, s, recordContact, string(id), func(c *Contact) error {
		c.Bounced = code
		return nil
	})
	if kindOfNil(err) == KindNotFound {
		return nil
	}
	return err
}

// ResendUncertain lets the letters of a mailing go out again of which nobody knows
// whether they went. Their readers may get them twice. It returns how many.
func (s *Service) ResendUncertain(ctx context.Context, programme ProgrammeID, id MailingID) (int, error) {
	if _, err := s.Mailing(ctx, programme, id); err != nil {
		return 0, err
	}
	letters, err := listRecords[LetterRecord](ctx, s.store, recordLetter, string(id))
	if err != nil {
		return 0, err
	}
	n, now := 0, s.moment()
	for _, l := range letters {
		if l.Shown(now) != LetterUncertain {
			continue
		}
		_, err := change(ctx, s, recordLetter, letterID(id, l.Contact, l.Step), func(kept *LetterRecord) error {
			if kept.Shown(now) == LetterUncertain {
				kept.State, kept.At, kept.Next = LetterDeferred, now, now
			}
			return nil
		})
		if err != nil && kindOfNil(err) != KindNotFound {
			return n, err
		}
		n++
	}
	return n, s.Audit(ctx, programme, "mailing.sent_again", fmt.Sprintf("%s %d", id, n))
}
