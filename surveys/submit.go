package surveys

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// Submission is what a phone sends: one whole form in one post.
type Submission struct {
	ID       ResponseID // drawn by the phone at each start
	Language string
	Mode     Mode
	Started  time.Time // as the phone says; not believed beyond reason
	Version  int       // of the questionnaire that the phone showed; 0: the newest
	Raw      questionnaire.Raw
	Link     map[string]string // what the address said of hidden items, by name
	Personal string            // the secret of the personal link it came through; "" for others
	Device   string            // see Response.Device; what is not 8 to 32 of a–z, 0–9 is left out
}

// deviceForm is what a phone may call itself.
var deviceForm = regexp.MustCompile(`^[a-z0-9]{8,32}$`)

// longestSitting is the longest time between start and submission that is
// believed: phones keep a form open for days, and some have a wrong clock.
const longestSitting = 30 * 24 * time.Hour

// Submit keeps one whole response, once. When it returns nil the answers are
// durable. The same submission again returns the response already kept; the
// same id with other answers is kept as a response of its own, with a note.
//
// KindInvalid with Fields says what is wrong with which answer; nothing is
// kept then. KindNotFound: no such link. KindClosed: it takes no answers now,
// and this was not kept before it closed.
func (s *Service) Submit(ctx context.Context, token string, sub Submission) (Response, error) {
	if sub.Personal != "" {
		return s.submitPersonal(ctx, token, sub)
	}
	inv, err := s.openInvitation(ctx, token)
	if kindOfNil(err) == KindClosed {
		return s.sentBefore(ctx, inv, sub, err)
	}
	if err != nil {
		return Response{}, err
	}
	r, linkage, err := s.readSubmission(ctx, inv, sub, s.moment())
	if kindOfNil(err) == KindInvalid { // logic may refuse today what it took yesterday
		return s.sentBefore(ctx, inv, sub, err)
	}
	if err != nil {
		return Response{}, err
	}
	return s.submit(ctx, r, linkage)
}

// readSubmission gives what a phone sent the meaning that it had, or has, at now.
func (s *Service) readSubmission(ctx context.Context, inv Invitation, sub Submission, now time.Time) (r Response, linkage *Linkage, err error) {
	if !sub.ID.Valid() {
		return r, nil, invalid("id", "response.bad_id")
	}
	if err := refuseEnded(inv.Programme); err != nil {
		return r, nil, err
	}
	if inv.Instrument, err = s.shown(ctx, inv, sub.Version); err != nil {
		return r, nil, err
	}
	r = s.newResponse(inv, sub.ID, sub.Language, sub.Mode)
	r.Started = believable(sub.Started, now)
	if r.Mode == ModePhone && deviceForm.MatchString(sub.Device) {
		r.Device = sub.Device
	}
	sit := s.Sitting(inv, r, sub.Link)
	sit.Now = now
	var errs, codeErrs questionnaire.FieldErrors
	r.Answers, r.Aside, errs = inv.Instrument.Read(sit, nil, sub.Raw, nil)
	if linkage, codeErrs, err = s.linkageOnPath(ctx, inv, sit, r, sub.Raw); err != nil {
		return r, nil, err
	}
	if errs = inFormOrder(inv, append(errs, codeErrs...)); len(errs) > 0 {
		return r, nil, &Error{Kind: KindInvalid, Key: "answers.check", Fields: errs}
	}
	r.Digest = digestOf(inv.Instrument, r, linkage)
	r.noteCode(linkage)
	return r, linkage, nil
}

// shown is the version that a phone showed, which may be older than the newest:
// a form is not refused for an item that was added since it was opened.
func (s *Service) shown(ctx context.Context, inv Invitation, number int) (*questionnaire.Instrument, error) {
	newest := inv.Instrument.Version()
	if inv.Test || number < 1 || number == newest.Number {
		return inv.Instrument, nil
	}
	older, err := s.Instrument(ctx, newest.Questionnaire, number)
	if kindOfNil(err) == KindNotFound {
		return inv.Instrument, nil
	}
	return older, err
}

// sentBefore returns what sub became when it was sent before, for a phone that
// lost the answer and sends again; anything else gets refusal. It is read as it
// was read then: its link may have closed since, and an expression that asks for
// the time may refuse now what it took.
func (s *Service) sentBefore(ctx context.Context, inv Invitation, sub Submission, refusal error) (Response, error) {
	if !sub.ID.Valid() { // nothing is kept under it, and not every store takes it
		return Response{}, refusal
	}
	before, err := s.store.Response(ctx, sub.ID)
	if kindOfNil(err) == KindNotFound {
		return Response{}, refusal
	}
	if err != nil {
		return Response{}, fmt.Errorf("reading the response that is there: %w", err)
	}
	sub.Raw = withCardAnyway(inv, sub.Raw) // its run may have been made void since
	r, _, err := s.readSubmission(ctx, inv, sub, before.Submitted)
	if kindOfNil(err) == KindInvalid {
		return Response{}, refusal
	}
	if err != nil || isRepeat(before, r) {
		return before, err
	}
	before, err = s.store.Response(ctx, besideID(r))
	if kindOfNil(err) == KindNotFound {
		return Response{}, refusal
	}
	return before, err
}

// openInvitation returns what token leads to if it takes answers now.
func (s *Service) openInvitation(ctx context.Context, token string) (Invitation, error) {
	inv, err := s.presentInvitation(ctx, token)
	if err != nil {
		return inv, err
	}
	if state := inv.Link.State(s.now()); state != "open" {
		return inv, &Error{Kind: KindClosed, Key: "link." + state}
	}
	return inv, nil
}

// newResponse is an empty response in progress, begun now.
func (s *Service) newResponse(inv Invitation, id ResponseID, language string, mode Mode) Response {
	v := inv.Instrument.Version()
	if !slices.Contains(v.Definition.Languages, language) {
		language = v.Definition.Languages[0]
	}
	if !mode.known() {
		mode = ModePhone
	}
	return Response{
		ID: id, Programme: inv.Programme.ID, Strand: inv.Strand.ID, Cohort: inv.Cohort.ID, Wave: inv.Link.Wave, Workshop: inv.Link.Workshop,
		Questionnaire: v.Questionnaire, Version: v.Number, Language: language, Mode: mode,
		Status: StatusInProgress, Started: s.moment(),
	}
}

func believable(started, now time.Time) time.Time {
	started = started.UTC().Truncate(time.Millisecond)
	if started.After(now) || now.Sub(started) > longestSitting {
		return now
	}
	return started
}

// submit stores r as submitted, or finds out that it was stored before.
func (s *Service) submit(ctx context.Context, r Response, linkage *Linkage) (Response, error) {
	r.Status, r.Submitted = StatusSubmitted, s.moment()
	return s.keepOnce(ctx, r, linkage)
}

// keepOnce stores r as what it is, or finds out that it was stored before.
func (s *Service) keepOnce(ctx context.Context, r Response, linkage *Linkage) (Response, error) {
	r.Coded = linkage.given()
	for range tries {
		stored, err := s.keep(ctx, r, linkage)
		if kindOfNil(err) != KindConflict {
			if err == nil {
				s.tellKept(r, false)
			}
			return stored, err
		}
		before, err := s.store.Response(ctx, r.ID)
		if err != nil {
			return r, fmt.Errorf("reading the response that is there: %w", err)
		}
		switch {
		case isRepeat(before, r):
			s.tellKept(r, true)
			return before, nil
		case before.Status != StatusInProgress || !sameForm(before, r):
			return s.submitBeside(ctx, r, linkage)
		}
		r.Revision, r.Started, r.Coded = before.Revision, before.Started, r.Coded || before.Coded
	}
	return r, &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
}

// isRepeat tells whether r was sent and kept before, wherever a person has moved
// it since. Of what was withdrawn nothing is left to compare: the id is a secret of
// the phone that sent it, and must not bring the answers back.
func isRepeat(before, r Response) bool {
	if before.Status == StatusWithdrawn {
		return before.Programme == r.Programme && before.Strand == r.Strand
	}
	return before.Status != StatusInProgress && before.Digest == r.Digest && sameForm(before.asSent(), r)
}

// keep writes r and its linkage and returns r with its new revision.
func (s *Service) keep(ctx context.Context, r Response, linkage *Linkage) (Response, error) {
	if r.Programme == trialProgramme {
		linkage = nil // nobody is paired by it, so that it need not be kept
	}
	if s.comesLate(r) {
		if err := s.markBehind(ctx, r); err != nil {
			return r, err
		}
	}
	if err := s.store.PutResponse(ctx, r, linkage); err != nil {
		return r, fmt.Errorf("storing a response: %w", err)
	}
	r.Revision++
	return r, nil
}

// submitBeside keeps r under an id worked out from its id and its answers, so
// that sending this too once more is stored once.
func (s *Service) submitBeside(ctx context.Context, r Response, linkage *Linkage) (Response, error) {
	r.ID, r.Revision = besideID(r), 0
	r.Notes = append(r.Notes, NoteSameID)
	if linkage != nil {
		beside := *linkage
		beside.Response = r.ID
		linkage = &beside
	}
	stored, err := s.keep(ctx, r, linkage)
	if kindOfNil(err) != KindConflict {
		return stored, err
	}
	return s.store.Response(ctx, r.ID)
}

func besideID(r Response) ResponseID {
	sum := sha256.Sum256([]byte(string(r.ID) + "\x00" + r.Digest))
	return ResponseID(hex.EncodeToString(sum[:idBytes]))
}

// kindOfNil is KindOf for an error that may be nil, which has no kind.
func kindOfNil(err error) Kind {
	if err == nil {
		return noKind
	}
	return KindOf(err)
}

const noKind Kind = 255

// sameForm tells whether two responses answer the same form of one programme.
func sameForm(a, b Response) bool {
	return a.Programme == b.Programme && a.Strand == b.Strand && a.Cohort == b.Cohort && a.Wave == b.Wave && a.Workshop == b.Workshop
}
