package surveys

import (
	"context"
	"time"
)

// noteRefused marks a held response that was refused when it was opened: what of it
// could be read is there.
const noteRefused = "refused_when_opened"

// DeliverFromRoom keeps what a tablet kept sealed, as SubmitInRoom does. Whoever
// answered has gone, so that nothing is given back to be mended: what is refused,
// since the link has closed or an answer is not as it should be, is held for a
// facilitator. finished is when it was sent, as the tablet says. Delivered again,
// it is kept once.
func (s *Service) DeliverFromRoom(ctx context.Context, token string, sub Submission, finished time.Time) (Response, error) {
	r, inv, err := s.Room(ctx, token)
	if err != nil {
		return Response{}, err
	}
	sub.Mode, sub.Device = ModeShared, ""
	sub.Raw = withCardAnyway(inv, sub.Raw)
	kept, err := s.Submit(ctx, inv.Link.Token, sub)
	if kindOfNil(err) == KindClosed {
		kept, err = s.handIn(ctx, inv, sub, finished)
	}
	if kindOfNil(err) == KindInvalid && sub.ID.Valid() {
		kept, err = s.holdRefused(ctx, inv, sub, finished)
	}
	if err != nil {
		return kept, err
	}
	return kept, s.countInRoom(ctx, r, sub.ID)
}

// holdRefused holds what can be read of a submission that is not as it should be.
func (s *Service) holdRefused(ctx context.Context, inv Invitation, sub Submission, finished time.Time) (Response, error) {
	finished = believable(finished, s.moment())
	r, _, err := s.readSubmission(ctx, inv, sub, finished)
	if kindOfNil(err) != KindInvalid {
		return r, err
	}
	r.Status, r.Submitted, r.Notes = StatusHeld, finished, append(r.Notes, noteLate, noteRefused)
	r.Digest = digestOf(inv.Instrument, r, nil)
	if err := s.noteHeld(ctx, inv, r.ID); err != nil {
		return r, err
	}
	kept, err := s.keepOnce(ctx, r, nil)
	if err == nil && kept.ID != r.ID { // its id was taken by other answers
		err = s.noteHeld(ctx, inv, kept.ID)
	}
	return kept, err
}
