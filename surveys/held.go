package surveys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// Late answers. What a phone could not deliver, since its link had closed or was
// withdrawn meanwhile, is kept apart and counts nowhere until a facilitator, to whom
// the respondent shows the receipt, has decided.

// noteLate marks a response that came when its link took no answers.
const noteLate = "late"

// Held is one late response as a facilitator sees it: nothing of its answers.
type Held struct {
	Response ResponseID
	Receipt  string // what the respondent shows
	Link     LinkID
	Strand   StrandID
	Cohort   CohortID
	Wave     questionnaire.Wave
	Language string
	Finished time.Time // when the respondent sent it, as the phone says
	Came     time.Time
	Status   Status // held, submitted, excluded; withdrawn or deleted later
	Decided  Change // zero while it is held
	Revision int64  // for DecideHeld
}

// heldRecord is what is stored besides the response.
type heldRecord struct {
	Response ResponseID `json:"response"`
	Link     LinkID     `json:"link"`
	Came     time.Time  `json:"came"`
}

// HandIn keeps a whole response whose link takes no answers, as held. finished is
// when its respondent sent it, as the phone says; not believed beyond reason. The
// same again returns what is kept, whatever became of it. Through a link that is
// open it is Submit.
//
// KindForbidden: it came by a personal link that has been answered through already.
// KindInvalid with Fields says what is wrong with which answer; nothing is kept
// then. KindNotFound: no such link. KindClosed: a trial that has ended.
func (s *Service) HandIn(ctx context.Context, token string, sub Submission, finished time.Time) (Response, error) {
	inv, err := s.Invitation(ctx, token)
	if err != nil {
		return Response{}, err
	}
	if inv.Link.State(s.now()) == "open" || inv.Test {
		return s.Submit(ctx, token, sub)
	}
	return s.handIn(ctx, inv, sub, finished)
}

// HandInFile is HandIn for a file that a respondent gave to a facilitator. link is
// the one that it belongs to; "" is the one that the file names by its token.
func (s *Service) HandInFile(ctx context.Context, programme ProgrammeID, link LinkID, token string, sub Submission, finished time.Time) (Response, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return Response{}, err
	}
	if link != "" {
		l, err := s.Link(ctx, programme, link)
		if err != nil {
			return Response{}, err
		}
		token = l.Token
	}
	inv, err := s.Invitation(ctx, token)
	if kindOfNil(err) == KindNotFound || err == nil && inv.Programme.ID != programme {
		return Response{}, invalid("link", "held.other_link")
	}
	if err != nil {
		return Response{}, err
	}
	r, err := s.handIn(ctx, inv, sub, finished)
	if err != nil {
		return r, err
	}
	return r, s.Audit(ctx, programme, "held.file_taken", TrailName(r.ID))
}

// handIn keeps sub as held, once.
func (s *Service) handIn(ctx context.Context, inv Invitation, sub Submission, finished time.Time) (Response, error) {
	inv, by := s.handedBy(ctx, inv, sub)
	isNew := notFound("response.not_found")
	before, err := s.sentBefore(ctx, inv, sub, isNew)
	if !errors.Is(err, isNew) {
		return before, err
	}
	finished = believable(finished, s.moment())
	sub.Raw = withCardAnyway(inv, sub.Raw) // nobody is there to mend it
	r, linkage, err := s.readSubmission(ctx, inv, sub, finished)
	if err != nil {
		return r, err
	}
	r.Status, r.Submitted, r.Notes = StatusHeld, finished, append(r.Notes, noteLate)
	if by != nil { // who answered in time, or handed over from another device, is not counted twice
		if err := s.claimReply(ctx, *by, r.ID); err != nil {
			return Response{}, err
		}
	}
	if err := s.noteHeld(ctx, inv, r.ID); err != nil {
		return r, err
	}
	kept, err := s.keepOnce(ctx, r, linkage)
	if err == nil && kept.ID != r.ID { // its id was taken by other answers
		err = s.noteHeld(ctx, inv, kept.ID)
	}
	if err == nil && by != nil {
		err = s.setReply(ctx, *by, Reply{Answered: true})
	}
	return kept, err
}

// HandBegun keeps a response that was saved part by part, and whose link takes no
// answers any more, as held, as far as it is. personal is the secret of the personal
// link that it began with, if any. Asked again, and of one that was sent, it returns
// what is there.
//
// KindNotFound: no such response. KindConflict: its link is open, so that it can be
// finished. KindForbidden: it came by a personal link that has been answered through.
func (s *Service) HandBegun(ctx context.Context, token, personal string, id ResponseID) (Response, error) {
	inv, err := s.Invitation(ctx, token)
	if err != nil {
		return Response{}, err
	}
	if inv.Link.State(s.now()) == "open" {
		return Response{}, &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
	}
	for range tries {
		r, err := s.handBegun(ctx, token, personal, id)
		if kindOfNil(err) != KindConflict {
			return r, err
		}
	}
	return Response{}, &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
}

func (s *Service) handBegun(ctx context.Context, token, personal string, id ResponseID) (Response, error) {
	inv, r, err := s.InProgress(ctx, token, id)
	if err == nil {
		err = refuseEnded(inv.Programme)
	}
	if err != nil || r.Status != StatusInProgress {
		return r, err
	}
	inv, by := s.handedBy(ctx, inv, Submission{Personal: personal})
	if by != nil {
		if err := s.claimReply(ctx, *by, id); err != nil {
			return r, err
		}
	}
	if err := s.noteHeld(ctx, inv, id); err != nil {
		return r, err
	}
	r.Status, r.Submitted, r.Notes = StatusHeld, s.moment(), append(r.Notes, noteLate)
	r.Digest = digestOf(inv.Instrument, r, nil)
	if r, err = s.keep(ctx, r, nil); err == nil && by != nil {
		err = s.setReply(ctx, *by, Reply{Answered: true})
	}
	return r, err
}

// noteHeld writes down that a response is to be decided about, before it is there:
// whoever lists them passes by what is not.
func (s *Service) noteHeld(ctx context.Context, inv Invitation, id ResponseID) error {
	_, err := s.put(ctx, recordHeld, string(id), string(inv.Programme.ID), "", 0, heldRecord{id, inv.Link.ID, s.moment()})
	if kindOfNil(err) == KindConflict {
		return nil // noted before
	}
	return err
}

// Held lists a programme's late responses, the latest first: what waits, and what
// was decided.
func (s *Service) Held(ctx context.Context, programme ProgrammeID) ([]Held, error) {
	if _, err := require(ctx, programme, MayRunLinks); err != nil {
		return nil, err
	}
	noted, err := listRecords[heldRecord](ctx, s.store, recordHeld, string(programme))
	if err != nil {
		return nil, err
	}
	var all []Held
	for _, one := range slices.Backward(noted) {
		r, err := s.store.Response(ctx, one.Response)
		if kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading late answers: %w", err)
		}
		if slices.Contains(r.Notes, noteLate) {
			all = append(all, heldOf(one, r))
		}
	}
	return all, nil
}

func heldOf(one heldRecord, r Response) Held {
	h := Held{
		Response: r.ID, Receipt: ReceiptOf(r.ID), Link: one.Link, Strand: r.Strand, Cohort: r.Cohort, Wave: r.Wave,
		Language: r.Language, Finished: r.Submitted, Came: one.Came, Status: r.Status, Revision: r.Revision,
	}
	for _, change := range r.History {
		if change.Was.Status == StatusHeld {
			h.Decided = change
		}
	}
	return h
}

// DecideHeld takes late answers in, with the time at which they were sent, or leaves
// them out for a reason, which only a refusal needs. Both can be taken back where
// responses are corrected. KindNotFound: there are none such. KindConflict: somebody
// has decided meanwhile.
func (s *Service) DecideHeld(ctx context.Context, programme ProgrammeID, id ResponseID, revision int64, take bool, reason string) (Response, error) {
	account, err := require(ctx, programme, MayRunLinks)
	if err != nil {
		return Response{}, err
	}
	tidy(&reason)
	if n := len([]rune(reason)); !take && n == 0 || n > maxReason || !plain(reason, "\t\r\n") {
		return Response{}, invalid("reason", "correction.reason", maxReason)
	}
	change := Change{At: s.moment(), Account: account.ID, Name: account.Name, Action: ActionExcluded, Reason: reason}
	status := StatusExcluded
	if take {
		status, change.Action = StatusSubmitted, ActionTakenIn
	}
	r, err := s.heldResponse(ctx, programme, id)
	if err != nil {
		return r, err
	}
	switch {
	case r.Revision == revision+1 && r.decidedBy(change): // and the trail was not told
		return r, errors.Join(s.revised(ctx, r), s.Audit(ctx, programme, "response."+string(change.Action), TrailName(r.ID)))
	case r.Revision != revision || r.Status != StatusHeld:
		return r, &Error{Kind: KindConflict, Key: "held.decided"}
	}
	change.Was, r.Status = r.state(), status
	change.Is = r.state()
	change.trim()
	r.History = append(slices.Clone(r.History), change)
	return s.keepCorrection(ctx, r, "response."+string(change.Action))
}

// decidedBy reports whether the last that was done to r is what c says.
func (r *Response) decidedBy(c Change) bool {
	if len(r.History) == 0 {
		return false
	}
	last := r.History[len(r.History)-1]
	return last.Account == c.Account && last.Action == c.Action && last.Reason == c.Reason
}

// heldResponse is a response that came late.
func (s *Service) heldResponse(ctx context.Context, programme ProgrammeID, id ResponseID) (Response, error) {
	if !id.Valid() {
		return Response{}, notFound("response.unknown")
	}
	r, err := s.store.Response(ctx, id)
	if err != nil {
		return r, orNotFound(err, "response.unknown")
	}
	if r.Programme != programme || !slices.Contains(r.Notes, noteLate) {
		return Response{}, notFound("response.unknown")
	}
	return r, nil
}
