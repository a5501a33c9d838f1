package surveys

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// Whoever knows an address must not be able to lock its account, and whoever
// guesses must get few guesses, from however many networks. So:
//
//   - A browser that has signed in before has a device cookie and a count of its
//     own (OWASP, "Slow Down Online Guessing Attacks with Device Cookies", 2017):
//     what others try does not touch it.
//   - All other browsers share freeTries for each address in a quarter of an hour.
//     Then they take turns: one try every turnEvery, in the order in which networks
//     asked, one place for each network. Whoever waits is told how long; who has
//     had a turn goes to the end. So one account bears at most 5 tries in a quarter
//     of an hour and 20 turns in an hour, 40 in an hour together (OWASP ASVS 4.0.3,
//     2.2.1 allows 100), and who asks from a network of their own is let in after as
//     many turns as other networks are before them.
//   - At most turnsAhead networks wait. Who comes then is told to use a known
//     browser or to ask for a link: more cannot be promised against so many.
//
// All counts are records, so that any number of instances count together; an
// address that nobody has is counted alike.
const (
	triesPerDevice = 10
	freeTries      = 5
	turnEvery      = 3 * time.Minute
	turnStays      = 30 * time.Minute // from its beginning, for who comes late
	turnsAhead     = 160              // eight hours
)

// turn is the place of a network among those that wait to try an address.
type turn struct {
	Begins time.Time `json:"begins"`
	Used   bool      `json:"used,omitempty"`
}

// throttleSignIn counts a try to sign in and returns the ids of its counts.
func (s *Service) throttleSignIn(ctx context.Context, email string, from Visitor) ([]string, error) {
	known, err := s.knownDevice(ctx, email, from.Device)
	if err != nil {
		return nil, err
	}
	if known {
		try, err := s.throttle(ctx, "sign-in by "+hashSecret(from.Device), triesPerDevice)
		if kindOfNil(err) != KindThrottled {
			return []string{try}, err
		}
	}
	mine, waits, err := s.turnOf(ctx, email, from.Network)
	if err != nil {
		return nil, err
	}
	if waits && s.now().Before(mine.turn.Begins) {
		return nil, s.waitFor(mine.turn)
	}
	// The network before the address: what it may not try any more counts for nobody.
	one, err := s.throttle(ctx, "sign-in from "+from.Network, triesPerNetwork)
	if err != nil {
		return nil, err
	}
	if waits {
		return []string{one}, s.useTurn(ctx, mine)
	}
	two, err := s.throttle(ctx, "sign-in of "+hashSecret(email), freeTries)
	if kindOfNil(err) == KindThrottled {
		return nil, s.queue(ctx, email, from.Network, one)
	}
	return []string{one, two}, err
}

// place is a turn as it is stored.
type place struct {
	record Record
	turn   turn
}

func turnKey(email, network string) string { return idOf("turn", email, network) }

// turnOf is the turn of a network, if it has one that has not passed.
func (s *Service) turnOf(ctx context.Context, email, network string) (place, bool, error) {
	r, err := s.store.RecordByKey(ctx, recordSignInTurn, turnKey(email, network))
	if kindOfNil(err) == KindNotFound {
		return place{}, false, nil
	}
	if err != nil {
		return place{}, false, fmt.Errorf("reading a turn: %w", err)
	}
	t, err := decode[turn](r)
	if err != nil {
		return place{}, false, err
	}
	if !s.now().Before(t.Begins.Add(turnStays)) {
		return place{}, false, s.store.DeleteRecord(ctx, recordSignInTurn, r.ID)
	}
	return place{r, t}, true, nil
}

// useTurn uses a turn up: of two tries at once one has it.
func (s *Service) useTurn(ctx context.Context, p place) error {
	p.turn.Used = true
	next, err := encode(recordSignInTurn, p.record.ID, p.record.Scope, "", p.record.At, p.record.Revision, p.turn)
	if err != nil {
		return err
	}
	_, err = s.store.PutRecord(ctx, next)
	if kind := kindOfNil(err); kind == KindConflict || kind == KindNotFound {
		return s.waitFor(turn{Begins: s.moment().Add(turnEvery)})
	}
	return err
}

// queue gives a network the next free turn, and says how long it is until then.
// The try is not counted against the network: it was none.
func (s *Service) queue(ctx context.Context, email, network, try string) error {
	if err := s.store.DeleteRecord(ctx, recordThrottle, try); err != nil {
		return err
	}
	now := s.moment()
	if _, err := s.store.DeleteRecordsBefore(ctx, recordSignInTurn, now.Add(-turnStays)); err != nil {
		return err
	}
	scope := idOf("turns", email)
	waiting, err := s.store.CountRecords(ctx, recordSignInTurn, scope, now)
	if err != nil {
		return err
	}
	first := now.Truncate(turnEvery).Add(turnEvery)
	for n := waiting; n < turnsAhead; n++ {
		t := turn{Begins: first.Add(time.Duration(n) * turnEvery)}
		r, err := encode(recordSignInTurn, idOf(scope, t.Begins.Format(time.RFC3339)), scope, turnKey(email, network), t.Begins, 0, t)
		if err != nil {
			return err
		}
		if _, err = s.store.PutRecord(ctx, r); err == nil {
			return s.waitFor(t)
		}
		if kindOfNil(err) != KindConflict {
			return err
		}
		if mine, waits, err := s.turnOf(ctx, email, network); err != nil || waits {
			return errors.Join(err, s.waitFor(mine.turn))
		}
	}
	return &Error{Kind: KindThrottled, Key: "account.sign_in_crowded"}
}

// waitFor says in how many minutes a turn begins.
func (s *Service) waitFor(t turn) error {
	minutes := int(math.Ceil(t.Begins.Sub(s.now()).Minutes()))
	return &Error{Kind: KindThrottled, Key: "account.sign_in_turn", Args: []any{max(1, minutes)}}
}
