package surveys

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"soundings/surveys/pairing"
)

// Codes to go on with. Who answers without JavaScript gets a code that opens the
// answers begun, on any device, through the link they were begun by. It is worked
// out from the response's id under the programme's key, so that every page can show
// it; what is kept is a keyed hash of it, which leads to the response.

// resumeLife is how long a code opens a response, from its start.
const resumeLife = 14 * 24 * time.Hour

// resumePerNetwork is how many codes one network address may try in the window: a
// class of thirty that all come back, half of whom mistype theirs. Of 23^8 codes,
// with 1,000 responses in progress through one link, that finds one in 30,000 years.
const resumePerNetwork = 45

// resumeTries is how many codes a response may have in turn: the next if one is
// another's already.
const resumeTries = 3

// ResumeCode returns the code that opens r, and until when. KindNotFound: there is
// none, since r was sent or is too old.
func (s *Service) ResumeCode(ctx context.Context, token string, r Response) (code string, ends time.Time, err error) {
	ends = r.Started.Add(resumeLife)
	none := notFound("response.resume_unknown")
	if r.Status != StatusInProgress || !s.now().Before(ends) {
		return "", ends, none
	}
	key, err := s.pairingKey(ctx, r.Programme)
	if err != nil {
		return "", ends, err
	}
	for n := range resumeTries {
		code, err := resumeCode(key, r.ID, n)
		if err != nil {
			return "", ends, err
		}
		mine, err := s.keepResume(ctx, key, token, code, r, ends)
		if err != nil || mine {
			return code.Grouped(), ends, err
		}
	}
	return "", ends, none
}

// resumeCode is the nth code of a response.
func resumeCode(key pairing.Key, id ResponseID, n int) (pairing.Code, error) {
	hash, err := pairing.Element(key, "resume", fmt.Sprintf("%s/%d", id, n))
	if err != nil {
		return "", err
	}
	return pairing.NewCode(bytes.NewReader(hash[:]), pairing.DefaultCode)
}

// resumeID is what is kept of a code: it says nothing without the programme's key.
func resumeID(key pairing.Key, token string, code pairing.Code) (string, error) {
	hash, err := pairing.Element(key, "resume code", plainToken(token)+"/"+string(code))
	if err != nil {
		return "", err
	}
	text, err := hash.MarshalText()
	return string(text), err
}

// keepResume makes code lead to r; false: it leads to another response.
func (s *Service) keepResume(ctx context.Context, key pairing.Key, token string, code pairing.Code, r Response, ends time.Time) (bool, error) {
	id, err := resumeID(key, token, code)
	if err != nil {
		return false, err
	}
	of, err := readRecord[ResponseID](ctx, s.store, recordResume, id)
	if err == nil || kindOfNil(err) != KindNotFound {
		return of == r.ID, err
	}
	record, err := encode(recordResume, id, string(r.Programme), "", ends, 0, r.ID)
	if err != nil {
		return false, err
	}
	_, err = s.store.PutRecord(ctx, record)
	if kindOfNil(err) == KindConflict { // another page of the same sitting, or another's code
		of, err = readRecord[ResponseID](ctx, s.store, recordResume, id)
		return of == r.ID, err
	}
	if err != nil {
		return false, fmt.Errorf("keeping a code to go on with: %w", err)
	}
	_, err = s.store.DeleteRecordsBefore(ctx, recordResume, s.moment())
	return true, err
}

// Resume returns the response in progress that a code opens, however the code is
// typed, if it was begun through this link. network, see NetworkMark, is who tries:
// KindThrottled once there were too many who did not find one. KindNotFound says of
// every other code the same: mistyped, unknown, of another link, sent, too old.
func (s *Service) Resume(ctx context.Context, network, token, typed string) (Response, error) {
	none := notFound("response.resume_unknown")
	code, err := pairing.ParseCode(typed, pairing.DefaultCode)
	if err != nil {
		return Response{}, none // its check says so: nothing is guessed by it
	}
	inv, err := s.openInvitation(ctx, token)
	if err != nil {
		return Response{}, err
	}
	try, err := s.throttle(ctx, "resume from "+network, resumePerNetwork)
	if err != nil {
		return Response{}, err
	}
	r, err := s.resumed(ctx, inv, code)
	if kindOfNil(err) == KindNotFound {
		return Response{}, none
	}
	if err != nil {
		return Response{}, err
	}
	return r, s.store.DeleteRecord(ctx, recordThrottle, try)
}

// resumed is the response that code opens.
func (s *Service) resumed(ctx context.Context, inv Invitation, code pairing.Code) (Response, error) {
	key, err := s.pairingKey(ctx, inv.Programme.ID)
	if err != nil {
		return Response{}, err
	}
	id, err := resumeID(key, inv.Link.Token, code)
	if err != nil {
		return Response{}, err
	}
	of, err := readRecord[ResponseID](ctx, s.store, recordResume, id)
	if err != nil {
		return Response{}, err
	}
	_, r, err := s.InProgress(ctx, inv.Link.Token, of)
	if err == nil && (r.Status != StatusInProgress || !s.now().Before(r.Started.Add(resumeLife))) {
		err = notFound("response.resume_unknown")
	}
	return r, err
}
