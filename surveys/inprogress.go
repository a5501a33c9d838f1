package surveys

import (
	"context"
	"fmt"

	"soundings/surveys/questionnaire"
)

// Start begins a response that is saved on the server part by part: the way
// without JavaScript. The id is the secret of the one who holds it. link is what
// the address said of hidden items, by name; it is kept among the answers.
func (s *Service) Start(ctx context.Context, token, language string, mode Mode, link map[string]string) (Response, error) {
	inv, err := s.openInvitation(ctx, token)
	if err != nil {
		return Response{}, err
	}
	return s.start(ctx, inv, language, mode, link)
}

func (s *Service) start(ctx context.Context, inv Invitation, language string, mode Mode, link map[string]string) (Response, error) {
	id, err := s.newID()
	if err != nil {
		return Response{}, err
	}
	r := s.newResponse(inv, ResponseID(id), language, mode)
	r.Answers = questionnaire.Answers{}
	if inv.Instrument.HasLogic() {
		r.Answers, r.Aside, _ = inv.Instrument.Read(s.Sitting(inv, r, link), []questionnaire.ItemID{}, nil, nil)
	}
	linkage := inv.linkagePersonal(r.ID)
	r.Coded = linkage.given()
	return s.keep(ctx, r, linkage)
}

// InProgress returns the response that id began through this link, whatever its
// status. KindNotFound if there is none, or if it belongs to another link.
func (s *Service) InProgress(ctx context.Context, token string, id ResponseID) (Invitation, Response, error) {
	inv, err := s.Invitation(ctx, token)
	if err != nil {
		return inv, Response{}, err
	}
	r, err := s.store.Response(ctx, id)
	if err != nil {
		return inv, r, fmt.Errorf("reading a response in progress: %w", err)
	}
	if !sameForm(r.asSent(), s.newResponse(inv, id, "", "")) {
		return inv, Response{}, notFound("response.not_found")
	}
	if !inv.Test { // a trial asks for ever what it asked at its start
		inv.Instrument, err = s.Instrument(ctx, r.Questionnaire, r.Version)
	}
	return inv, r, err
}

// SavePart keeps the answers of one part, numbered from 0 among the parts asked
// at this wave, and moves the response on. With errors it keeps nothing and
// returns KindInvalid with Fields. Of two tabs that save one part the last counts.
// KindConflict: the response was sent already.
func (s *Service) SavePart(ctx context.Context, token string, id ResponseID, part int, raw questionnaire.Raw) (Response, error) {
	return s.edit(ctx, token, id, func(inv Invitation, r *Response) (*Linkage, error) {
		linkage, errs, err := s.fillPart(ctx, inv, r, part, raw)
		if err == nil && len(errs) > 0 {
			err = &Error{Kind: KindInvalid, Key: "answers.check", Fields: errs}
		}
		return linkage, err
	})
}

// KeepPart keeps what can be taken of one part, for who leaves it unfinished: back,
// or for another language. What cannot be is in the errors, in the order of the
// form, and the response moves on only if there are none. Otherwise it is SavePart.
func (s *Service) KeepPart(ctx context.Context, token string, id ResponseID, part int, raw questionnaire.Raw) (questionnaire.FieldErrors, error) {
	var errs questionnaire.FieldErrors
	_, err := s.edit(ctx, token, id, func(inv Invitation, r *Response) (linkage *Linkage, err error) {
		linkage, errs, err = s.fillPart(ctx, inv, r, part, raw)
		return linkage, err
	})
	return errs, err
}

// edit changes a response in progress. If another tab changed it meanwhile, it is
// read again and changed as it is now.
func (s *Service) edit(ctx context.Context, token string, id ResponseID, change func(Invitation, *Response) (*Linkage, error)) (Response, error) {
	for range tries {
		inv, r, err := s.openInProgress(ctx, token, id)
		if err != nil {
			return r, err
		}
		linkage, err := change(inv, &r)
		if err != nil {
			return r, err
		}
		stored, err := s.keep(ctx, r, linkage)
		if kindOfNil(err) != KindConflict {
			return stored, err
		}
	}
	return Response{}, &Error{Kind: KindConflict, Key: "response.changed_meanwhile"}
}

// fillPart puts the answers of one part into r, but for those with an error, and
// returns its linkage code.
func (s *Service) fillPart(ctx context.Context, inv Invitation, r *Response, part int, raw questionnaire.Raw) (*Linkage, questionnaire.FieldErrors, error) {
	parts := inv.Instrument.PartsAt(r.Wave)
	if part < 0 || part >= len(parts) {
		return nil, nil, notFound("part.not_found")
	}
	sit := s.Sitting(inv, *r, nil)
	answers, aside, errs := inv.Instrument.Read(sit, []questionnaire.ItemID{parts[part].ID}, raw, r.Typed())
	var linkage *Linkage
	var codeErrs questionnaire.FieldErrors
	if after := (&Response{Answers: answers, Aside: aside}); asksForCode(inv.Instrument, sit, after.Typed()) {
		var err error
		if linkage, codeErrs, err = s.linkageOnPart(ctx, inv, *r, parts[part], raw); err != nil {
			return nil, nil, err
		}
		if len(codeErrs) > 0 {
			linkage = nil // half a code pairs with nothing
		}
	}
	r.Answers, r.Aside = answers, aside
	r.Coded = r.Coded || linkage.given()
	r.noteCode(linkage)
	if errs = inFormOrder(inv, append(errs, codeErrs...)); len(errs) == 0 {
		r.Page = max(r.Page, part+1)
	}
	return linkage, errs, nil
}

// openInProgress returns a response that can still be changed.
func (s *Service) openInProgress(ctx context.Context, token string, id ResponseID) (Invitation, Response, error) {
	if _, err := s.openInvitation(ctx, token); err != nil {
		return Invitation{}, Response{}, err
	}
	inv, r, err := s.InProgress(ctx, token, id)
	if err != nil {
		return inv, r, err
	}
	if r.Status != StatusInProgress {
		return inv, r, &Error{Kind: KindConflict, Key: "response.sent_already"}
	}
	if r.Answers == nil {
		r.Answers = questionnaire.Answers{}
	}
	if r.Aside == nil {
		r.Aside = questionnaire.Answers{}
	}
	return inv, r, nil
}

// linkageOnPart hashes the linkage code if part asks for it. A code given before
// and left blank now is kept: the page never shows it again.
func (s *Service) linkageOnPart(ctx context.Context, inv Invitation, r Response, part *questionnaire.Part, raw questionnaire.Raw) (*Linkage, questionnaire.FieldErrors, error) {
	for _, item := range part.ItemsAt(r.Wave) {
		if item.Kind != questionnaire.KindLinkageCode {
			continue
		}
		if r.Coded && blankCode(item, raw) {
			return nil, nil, nil
		}
		return s.linkageOf(ctx, inv, r.ID, raw)
	}
	return nil, nil, nil
}

func blankCode(item *questionnaire.Item, raw questionnaire.Raw) bool {
	for _, control := range questionnaire.CodeControls(item) {
		if control == questionnaire.AnywayControl(item.ID) {
			continue
		}
		for _, typed := range raw[control] {
			if typed != "" {
				return false
			}
		}
	}
	return true
}

// SetLanguage changes the language in which a response in progress goes on.
func (s *Service) SetLanguage(ctx context.Context, token string, id ResponseID, language string) (Response, error) {
	return s.edit(ctx, token, id, func(inv Invitation, r *Response) (*Linkage, error) {
		r.Language = s.newResponse(inv, id, language, r.Mode).Language
		return nil, nil
	})
}

// Finish submits what was saved part by part, once: finishing again returns the
// same response. KindInvalid with Fields names required items not yet answered.
func (s *Service) Finish(ctx context.Context, token string, id ResponseID) (Response, error) {
	_, r, err := s.InProgress(ctx, token, id)
	if err != nil || r.Status == StatusSubmitted {
		return r, err
	}
	finished, err := s.edit(ctx, token, id, s.finish)
	if kindOfNil(err) != KindConflict {
		return finished, err
	}
	// Two taps at once: the other one has submitted it.
	if _, r, readErr := s.InProgress(ctx, token, id); readErr != nil || r.Status == StatusSubmitted {
		return r, readErr
	}
	return finished, err
}

// finish makes r a submitted response.
func (s *Service) finish(inv Invitation, r *Response) (*Linkage, error) {
	sit, typed := s.Sitting(inv, *r, nil), r.Typed()
	answers, aside, errs := inv.Instrument.Read(sit, nil, inv.Instrument.Raw(typed), typed)
	if errs = append(errs, uncoded(inv, *r, sit)...); len(errs) > 0 {
		return nil, &Error{Kind: KindInvalid, Key: "answers.check", Fields: inFormOrder(inv, errs)}
	}
	r.Answers, r.Aside = answers, aside
	r.Status, r.Submitted = StatusSubmitted, s.moment()
	r.Digest = digestOf(inv.Instrument, *r, nil)
	return nil, nil
}

// uncoded is the error of a linkage code that is still to be given.
func uncoded(inv Invitation, r Response, sit questionnaire.Sitting) questionnaire.FieldErrors {
	item, ok := inv.Instrument.LinkageCode(r.Wave)
	if !ok || !item.Required || r.Coded || !asksForCode(inv.Instrument, sit, r.Typed()) {
		return nil
	}
	return questionnaire.FieldErrors{questionnaire.CodeMissing(item)}
}
