package surveys

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Several instances share one store, and some work is to be done once. Which of
// them does it is decided by a unique insert, the one thing that has exactly one
// winner on every store; no clock is compared by the store, and no lock is held.

// leaseSlot is how long a lease holds. Instances whose clocks differ by less than
// it agree on the slot but for a moment at its ends, so work under a lease must
// bear being done twice.
const leaseSlot = time.Minute

// leaseLife is how long a claim on a slot is kept.
const leaseLife = 24 * time.Hour

// claim is who holds a lease, or did what was to be done once.
type claim struct {
	Holder string `json:"holder"`
}

// once reports whether the caller is the first to ask for name: of all that ask,
// on any instance and at any time, one is told true. The name is forgotten after
// lasting; the work must then be known as done by other means. A caller that is
// told true and breaks off has used the name up.
func (s *Service) once(ctx context.Context, name string, lasting time.Time) (bool, error) {
	r, err := encode(recordClaim, name, "", "", wholeMilliseconds(lasting), 0, claim{s.instance})
	if err != nil {
		return false, err
	}
	_, err = s.store.PutRecord(ctx, r)
	switch kindOfNil(err) {
	case noKind:
		return true, nil
	case KindConflict:
		return false, nil
	}
	return false, fmt.Errorf("claiming %s: %w", name, err)
}

// hold reports whether this instance may do the work called name until the end of
// this slot of a minute. Who holds it claims the slot after this one too, so that
// long work goes on where it is; ask again before each piece of it. Whoever has not
// asked for a whole slot has lost it, and another takes over.
func (s *Service) hold(ctx context.Context, name string) (bool, error) {
	slot := s.moment().Truncate(leaseSlot)
	mine, err := s.holdSlot(ctx, name, slot)
	if err != nil || !mine {
		return false, err
	}
	_, err = s.holdSlot(ctx, name, slot.Add(leaseSlot))
	return true, err
}

func (s *Service) holdSlot(ctx context.Context, name string, slot time.Time) (bool, error) {
	id := name + "@" + slot.Format(time.RFC3339)
	first, err := s.once(ctx, id, slot.Add(leaseLife))
	if first || err != nil {
		return first, err
	}
	held, err := readRecord[claim](ctx, s.store, recordClaim, id)
	if kindOfNil(err) == KindNotFound {
		return false, nil
	}
	return held.Holder == s.instance, err
}

// letGo gives a lease up that this instance holds, so that another need not wait until
// its slots are over. All work under it must have ended.
func (s *Service) letGo(ctx context.Context, name string) error {
	slot := s.moment().Truncate(leaseSlot)
	for _, at := range []time.Time{slot.Add(leaseSlot), slot} {
		id := name + "@" + at.Format(time.RFC3339)
		held, err := readRecord[claim](ctx, s.store, recordClaim, id)
		if kindOfNil(err) == KindNotFound || err == nil && held.Holder != s.instance {
			continue
		}
		if err == nil {
			err = s.store.DeleteRecord(ctx, recordClaim, id)
		}
		if err != nil {
			return fmt.Errorf("letting %s go: %w", name, err)
		}
	}
	return nil
}

// partingTime bounds what is said to the store when nobody waits any more.
const partingTime = 5 * time.Second

// leave gives a lease up if ctx has ended, with the program or with who asked: another
// goes on at once. err is what became of the work, and stays.
func (s *Service) leave(ctx context.Context, name string, err *error) {
	if ctx.Err() == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), partingTime)
	defer cancel()
	*err = errors.Join(*err, s.letGo(ctx, name))
}

// forgetClaims removes the claims that have run out.
func (s *Service) forgetClaims(ctx context.Context) error {
	_, err := s.store.DeleteRecordsBefore(ctx, recordClaim, s.moment())
	return err
}
