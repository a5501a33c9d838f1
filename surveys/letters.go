package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"
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
func (s *Service) SendLetters(ctx context.Context) (sent int, err error) {
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
	defer s.leave(ctx, "letters", &err)
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
