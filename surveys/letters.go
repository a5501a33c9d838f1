package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"soundings/surveys/questionnaire"
)

// tagLength is how many signs a letter's tag has. 31^16 is 7×10^23: it opens the
// page that ends letters, and nothing else.
const tagLength = 16

// lettersEvery is how often is looked for letters that are due.
const lettersEvery = time.Minute

// SendLetters sends what is due of every mailing that runs, and returns how many
// letters were handed over. Every instance calls it; one holds the lease and sends.
// Should two send at once, a letter still goes out once: it is sent by whoever
// could insert its record.
//
// When the program ends between the claim and the answer of the mail server, the
// letter is not sent again: it is shown as uncertain, and ResendUncertain is for a
// person. The reminder reaches its reader anyway. What the server defers, or what
// breaks before it was all sent, is tried again.
func (s *Service) SendLetters(ctx context.Context) (int, error) {
	if s.MaySend() != nil {
		return 0, nil
	}
	all, err := listRecords[Mailing](ctx, s.store, recordMailing, "*")
	if err != nil {
		return 0, err
	}
	due := all[:0]
	for _, m := range all {
		if _, _, ok := m.due(s.now()); ok && m.State == MailingRunning {
			due = append(due, m)
		}
	}
	if len(due) == 0 {
		return 0, nil
	}
	if mine, err := s.hold(ctx, "letters"); !mine || err != nil {
		return 0, err
	}
	if err := s.requireAddressKey(ctx); err != nil {
		return 0, err
	}
	sender := &letterRound{s: s, held: s.moment().Truncate(leaseSlot)}
	for _, m := range due {
		err = errors.Join(err, sender.mailing(ctx, m))
		if sender.ended {
			break
		}
	}
	return sender.sent, errors.Join(err, sender.close())
}

// letterRound is one look for what is due, with one connection for all of it.
type letterRound struct {
	s     *Service
	round Round
	held  time.Time // the slot of the lease that was asked for last
	sent  int
	ended bool // the server takes none now, the lease went elsewhere, or the program ends
}

func (r *letterRound) close() error {
	if r.round == nil {
		return nil
	}
	_ = r.round.Close() // what was taken is taken, whatever it says to our goodbye
	r.round = nil
	return nil
}

// errNoServer says that the mail server cannot be reached now.
var errNoServer = errors.New("the mail server cannot be reached")

// connect opens the connection when the first letter is due.
func (r *letterRound) connect(ctx context.Context) error {
	if r.round != nil {
		return nil
	}
	round, err := r.s.mail.Post.Open(ctx)
	if err != nil {
		r.ended = true
		return fmt.Errorf("%w: %w", errNoServer, err)
	}
	r.round = round
	return nil
}

// mayGoOn asks for the lease again once a slot has passed.
func (r *letterRound) mayGoOn(ctx context.Context) (bool, error) {
	if ctx.Err() != nil {
		r.ended = true
		return false, nil // told to end: no failure
	}
	slot := r.s.moment().Truncate(leaseSlot)
	if slot.Equal(r.held) {
		return true, nil
	}
	mine, err := r.s.hold(ctx, "letters")
	r.held, r.ended = slot, !mine || err != nil
	return mine, err
}

// mailingRun is what sending one mailing needs to know.
type mailingRun struct {
	Mailing
	programme Programme
	step      Step      // that is due
	since     time.Time // when it became due
	links     map[CohortID]Link
	letters   map[string]LetterRecord // by id
	stopped   map[string]bool         // lookups of addresses
	facts     map[string]LetterFacts  // by language
}

// mailing sends what is due of one mailing.
func (r *letterRound) mailing(ctx context.Context, m Mailing) error {
	run, err := r.s.prepare(ctx, m)
	if err != nil {
		return fmt.Errorf("mailing %s: %w", m.ID, err)
	}
	contacts, err := listRecords[Contact](ctx, r.s.store, recordContact, string(m.Programme))
	if err != nil {
		return err
	}
	var failed error
	for _, c := range contacts {
		if c.Strand != m.Strand {
			continue
		}
		step, ok := run.stepFor(c, r.s.now())
		if !ok {
			continue
		}
		if ok, err := r.mayGoOn(ctx); !ok || err != nil {
			return errors.Join(failed, err)
		}
		if err := r.connect(ctx); err != nil {
			return errors.Join(failed, err)
		}
		goes, err := r.next(ctx, run, c, step)
		if failed = errors.Join(failed, err); !goes {
			return failed
		}
	}
	return failed
}

// next sends the letter of one step to a contact, unless something has changed since
// the round began, which may last for hours: whoever answered, wants no letters or
// was destroyed meanwhile gets none. false: no letter of this mailing goes now. A
// letter that fails by itself, since its address cannot be read, holds none back.
func (r *letterRound) next(ctx context.Context, run *mailingRun, c Contact, step Step) (bool, error) {
	m, err := readRecord[Mailing](ctx, r.s.store, recordMailing, string(run.ID))
	if err != nil || m.State != MailingRunning {
		return false, err
	}
	now, err := readRecord[Contact](ctx, r.s.store, recordContact, string(c.ID))
	if kindOfNil(err) == KindNotFound {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if due, ok := run.stepFor(now, r.s.now()); !ok || due != step {
		return true, nil
	}
	if err := r.letter(ctx, run, now, step); err != nil {
		return !r.ended && KindOf(err) != KindUnavailable, fmt.Errorf("mailing %s, contact %s: %w", run.ID, c.ID, err)
	}
	return !r.ended, nil
}

func (s *Service) prepare(ctx context.Context, m Mailing) (*mailingRun, error) {
	run := &mailingRun{Mailing: m, letters: map[string]LetterRecord{}, facts: map[string]LetterFacts{}}
	run.step, run.since, _ = m.due(s.now())
	var err error
	if run.programme, err = readRecord[Programme](ctx, s.store, recordProgramme, string(m.Programme)); err != nil {
		return nil, err
	}
	if run.links, err = s.mailingLinks(ctx, m); err != nil {
		return nil, err
	}
	if run.stopped, err = s.stopped(ctx); err != nil {
		return nil, err
	}
	letters, err := listRecords[LetterRecord](ctx, s.store, recordLetter, string(m.ID))
	for _, l := range letters {
		run.letters[letterID(m.ID, l.Contact, l.Step)] = l
	}
	return run, err
}

// stepFor is the letter that c gets now, if any. Who came late gets the invitation
// first, and no reminder that was due before it.
func (run *mailingRun) stepFor(c Contact, now time.Time) (Step, bool) {
	link, there := run.links[c.Cohort]
	if !there || link.State(now) != "open" || c.Answered(run.Wave) || !c.Writable() {
		return "", false
	}
	invitation, invited := run.letters[letterID(run.ID, c.ID, StepInvitation)]
	if !invited {
		return StepInvitation, true
	}
	if invitation.State == LetterDeferred {
		return StepInvitation, !now.Before(invitation.Next)
	}
	if run.step == StepInvitation || !invitation.Reached() || !invitation.First.Before(run.since) {
		return "", false
	}
	reminder, there := run.letters[letterID(run.ID, c.ID, run.step)]
	return run.step, !there || reminder.State == LetterDeferred && !now.Before(reminder.Next)
}

// letter claims one letter, sends it and writes down what became of it.
func (r *letterRound) letter(ctx context.Context, run *mailingRun, c Contact, step Step) error {
	p, err := r.s.personOf(c)
	if err != nil {
		return err
	}
	if run.stopped[r.s.mail.Key.lookup(p.Address)] {
		return r.s.stopContact(ctx, c.ID)
	}
	claimed, err := r.s.claimLetter(ctx, run, c, step)
	if err != nil || claimed.Tag == "" {
		return err
	}
	letter, err := r.s.write(ctx, run, c, p, claimed)
	if err != nil {
		return errors.Join(err, r.s.release(ctx, claimed))
	}
	delivery := r.round.Deliver(ctx, letter)
	// What became of it must be written down even if the program is told to end now.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if delivery.Outcome == Lost || delivery.Outcome == Unknown {
		r.ended = true // the next round connects anew
	}
	if delivery.Outcome == Delivered {
		r.sent++
	}
	return r.s.settle(ctx, claimed, delivery)
}

// settleTime is how long writing down the end of a letter may take.
const settleTime = 20 * time.Second

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

// StepCount is what became of the letters of one step.
type StepCount struct {
	Step        Step
	First, Last time.Time // of what was done about them; zero: nothing yet
	States      map[LetterState]int
}

// MailingLog says of each step of a mailing what became of its letters, and when.
func (s *Service) MailingLog(ctx context.Context, m Mailing) ([]StepCount, error) {
	if _, err := require(ctx, m.Programme, MayRunLinks); err != nil {
		return nil, err
	}
	letters, err := listRecords[LetterRecord](ctx, s.store, recordLetter, string(m.ID))
	if err != nil {
		return nil, err
	}
	var log []StepCount
	for _, step := range Steps() {
		if _, planned := m.At[step]; !planned {
			continue
		}
		row := StepCount{Step: step, States: map[LetterState]int{}}
		for _, l := range letters {
			if l.Step != step {
				continue
			}
			row.States[l.Shown(s.now())]++
			if row.First.IsZero() || l.First.Before(row.First) {
				row.First = l.First
			}
			if l.At.After(row.Last) {
				row.Last = l.At
			}
		}
		log = append(log, row)
	}
	return log, nil
}

// MailingCount is how far a mailing is with one cohort.
type MailingCount struct {
	Cohort                                            CohortID
	Contacts, Invited, Answered, Reminded             int
	Unsubscribed, Bounced, Waiting, Uncertain, Failed int
	Open                                              bool // the cohort has a link that takes answers
}

// MailingCounts counts a mailing by cohort, in the order in which cohorts come up
// among its contacts. A contact who answered counts as answered whatever else holds.
func (s *Service) MailingCounts(ctx context.Context, m Mailing) ([]MailingCount, error) {
	if _, err := require(ctx, m.Programme, MayRunLinks); err != nil {
		return nil, err
	}
	contacts, err := listRecords[Contact](ctx, s.store, recordContact, string(m.Programme))
	if err != nil {
		return nil, err
	}
	letters, err := listRecords[LetterRecord](ctx, s.store, recordLetter, string(m.ID))
	if err != nil {
		return nil, err
	}
	links, err := s.mailingLinks(ctx, m)
	if err != nil {
		return nil, err
	}
	byContact := map[ContactID][]LetterRecord{}
	for _, l := range letters {
		byContact[l.Contact] = append(byContact[l.Contact], l)
	}
	var rows []MailingCount
	at := map[CohortID]int{}
	for _, c := range contacts {
		if c.Strand != m.Strand {
			continue
		}
		i, there := at[c.Cohort]
		if !there {
			i = len(rows)
			link, made := links[c.Cohort]
			rows, at[c.Cohort] = append(rows, MailingCount{Cohort: c.Cohort, Open: made && link.State(s.now()) == "open"}), i
		}
		rows[i].add(c, byContact[c.ID], m.Wave, s.now())
	}
	return rows, nil
}

func (n *MailingCount) add(c Contact, letters []LetterRecord, wave questionnaire.Wave, now time.Time) {
	count := func(counter *int, holds bool) {
		if holds {
			*counter++
		}
	}
	var invited, reminded, waiting, uncertain, failed bool
	for _, l := range letters {
		state := l.Shown(now)
		invited = invited || l.Step == StepInvitation && l.Reached()
		reminded = reminded || l.Step != StepInvitation && l.Reached()
		waiting = waiting || state == LetterDeferred
		uncertain = uncertain || state == LetterUncertain
		failed = failed || state == LetterFailed
	}
	n.Contacts++
	count(&n.Invited, invited)
	count(&n.Reminded, reminded)
	count(&n.Answered, c.Answered(wave))
	count(&n.Unsubscribed, c.Stopped)
	count(&n.Bounced, c.Bounced != "")
	count(&n.Waiting, waiting)
	count(&n.Uncertain, uncertain)
	count(&n.Failed, failed)
}
