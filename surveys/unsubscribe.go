package surveys

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"soundings/surveys/bounces"
)

// Who wants no letters gets none from this installation, of whatever programme: the
// request is to the one who writes, and that is the same organisation. A keyed hash
// of the address is kept, so that a list with the same address in it, taken in a
// year later, changes nothing.

// LetterReader is what the page that ends letters needs to know.
type LetterReader struct {
	Programme string // its name
	Language  string // of the contact; "": none was given
	Stopped   bool   // gets none already
	Demo      bool
	Help      Help // of the programme
}

// ReaderOf returns who a letter with this tag went to. KindNotFound: there is no
// such letter, or the address has been destroyed since.
func (s *Service) ReaderOf(ctx context.Context, tag string) (LetterReader, error) {
	_, c, err := s.letterByTag(ctx, tag)
	if err != nil {
		return LetterReader{}, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(c.Programme))
	return LetterReader{p.Name, c.Language, c.Stopped, p.Demo, p.Safeguarding.Help}, err
}

func (s *Service) letterByTag(ctx context.Context, tag string) (LetterRecord, Contact, error) {
	r, err := s.store.RecordByKey(ctx, recordLetter, strings.ToLower(tag))
	if err != nil {
		return LetterRecord{}, Contact{}, orNotFound(err, "letter.not_found")
	}
	l, err := decode[LetterRecord](r)
	if err != nil {
		return l, Contact{}, err
	}
	c, err := readRecord[Contact](ctx, s.store, recordContact, string(l.Contact))
	return l, c, orNotFound(err, "letter.not_found")
}

// Unsubscribe ends letters to whom the one with this tag went to, from every
// programme. Doing it twice is the same as once. It needs no account.
func (s *Service) Unsubscribe(ctx context.Context, tag string) error {
	_, c, err := s.letterByTag(ctx, tag)
	if err != nil {
		return err
	}
	p, err := s.personOf(c)
	if err != nil {
		return err
	}
	if _, err := s.put(ctx, recordUnsubscribed, s.mail.Key.lookup(p.Address), "", "", 0, true); err != nil && kindOfNil(err) != KindConflict {
		return err
	}
	if err := s.stopContact(ctx, c.ID); err != nil || c.Stopped {
		return err
	}
	return s.Audit(ctx, c.Programme, "contact.unsubscribed", string(c.ID))
}

// stopContact notes that a contact wants no more letters.
func (s *Service) stopContact(ctx context.Context, id ContactID) error {
	_, err := change(ctx, s, recordContact, string(id), func(c *Contact) error {
		c.Stopped = true
		return nil
	})
	if kindOfNil(err) == KindNotFound { // destroyed meanwhile
		return nil
	}
	return err
}

// stopped are the lookups of all addresses that want no letters.
func (s *Service) stopped(ctx context.Context) (map[string]bool, error) {
	all := map[string]bool{}
	for r, err := range s.store.Records(ctx, recordUnsubscribed, "") {
		if err != nil {
			return nil, fmt.Errorf("listing who wants no letters: %w", err)
		}
		all[r.ID] = true
	}
	return all, nil
}

// BounceCount is what came of reading what mail servers reported.
type BounceCount struct {
	Reports, Marked, Unknown int // contacts marked as not reached; reports of no letter of ours
}

// TakeBounces reads delivery status notifications (RFC 3464), one message or a
// mailbox of several, and marks the contacts that no letter reaches. programme ""
// is every programme, for the program itself; else its letters only. Read again, a
// report changes nothing.
func (s *Service) TakeBounces(ctx context.Context, programme ProgrammeID, file io.Reader) (BounceCount, error) {
	var n BounceCount
	if programme != "" {
		if _, err := require(ctx, programme, MayRunLinks); err != nil {
			return n, err
		}
	}
	reports, err := bounces.Read(file)
	if errors.Is(err, bounces.ErrNone) {
		return n, &Error{Kind: KindInvalid, Key: "bounces.none", Field: "file", Err: err}
	}
	if err != nil {
		return n, err
	}
	for _, report := range reports {
		n.Reports++
		marked, known, err := s.takeReport(ctx, programme, report)
		if err != nil {
			return n, err
		}
		n.Marked += marked
		if !known {
			n.Unknown++
		}
	}
	return n, s.Audit(ctx, programme, "bounces.read", fmt.Sprint(n.Marked))
}

// takeReport marks who one report is about; known says whether it is about a letter
// of ours.
func (s *Service) takeReport(ctx context.Context, programme ProgrammeID, report bounces.Report) (marked int, known bool, err error) {
	for _, tag := range report.Tags {
		l, c, err := s.letterByTag(ctx, tag)
		if kindOfNil(err) == KindNotFound || err == nil && programme != "" && c.Programme != programme {
			continue
		}
		if err != nil {
			return 0, false, err
		}
		for _, recipient := range report.Recipients {
			if !recipient.Failed() {
				continue
			}
			code := strings.TrimSpace("later " + recipient.Status)
			if err := s.settle(ctx, l, Delivery{Outcome: Refused, Code: code}); err != nil {
				return 0, true, err
			}
			return 1, true, nil
		}
		return 0, true, nil
	}
	return 0, false, nil
}
