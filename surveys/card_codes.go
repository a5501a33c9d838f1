package surveys

import (
	"context"
	"errors"
	"maps"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// linkCard hashes the code of a card into l. A code that is not one of this
// cohort's is refused, unless the person goes on with it: then it is kept like any
// other, so that it pairs if it comes again, and the response gets a note.
func (s *Service) linkCard(ctx context.Context, inv Invitation, l *Linkage, item *questionnaire.Item, typed string, anyway bool) (*Linkage, questionnaire.FieldErrors, error) {
	refused := questionnaire.FieldError{Item: item.ID, Control: questionnaire.CardControl(item.ID)}
	code, wrong := pairing.ParseCode(typed, pairing.DefaultCode)
	switch {
	case wrong == nil:
	case anyway:
		code, l.Note = pairing.Code(pairing.LooseCode(typed)), NoteCodeUnknown
	default:
		refused.Key, refused.Args = wrongCard(wrong)
		return nil, questionnaire.FieldErrors{refused}, nil
	}
	key, err := s.pairingKey(ctx, l.Programme)
	if err != nil {
		return nil, nil, err
	}
	hash, err := cardHash(key, string(code))
	if err != nil {
		return nil, nil, err
	}
	if l.Elements = []string{hash}; l.Note == "" && !inv.Test { // a trial's codes are anything
		if l.Note, err = s.whoseCard(ctx, inv, hash); err != nil {
			return nil, nil, err
		}
	}
	if l.Note == "" || anyway {
		return l, nil, nil
	}
	refused.Key = questionnaire.KeyCardUnknown
	if l.Note == NoteCodeElsewhere {
		refused.Key = questionnaire.KeyCardElsewhere
	}
	return nil, questionnaire.FieldErrors{refused}, nil
}

// withCardAnyway is raw of which nobody is there to mend the code of a card: it is
// kept whatever it is, with a note if it is not known here.
func withCardAnyway(inv Invitation, raw questionnaire.Raw) questionnaire.Raw {
	item, ok := inv.Instrument.LinkageCode(inv.Link.Wave)
	if !ok || !item.Card || len(raw[questionnaire.CardControl(item.ID)]) == 0 {
		return raw
	}
	kept := maps.Clone(raw)
	kept[questionnaire.AnywayControl(item.ID)] = []string{"1"}
	return kept
}

// wrongCard is what is said of a code that cannot be one.
func wrongCard(err error) (string, []any) {
	if errors.Is(err, pairing.ErrCodeLength) {
		return questionnaire.KeyCardLength, []any{pairing.DefaultCode + 1}
	}
	return questionnaire.KeyCardCheck, nil
}

// whoseCard is "" for a card of the cohort and strand that inv asks, else the note
// about it. Cards of a run that was voided are not known.
func (s *Service) whoseCard(ctx context.Context, inv Invitation, hash string) (string, error) {
	card, err := readRecord[issuedCard](ctx, s.store, recordCard, cardID(inv.Programme.ID, hash))
	if kindOfNil(err) == KindNotFound {
		return NoteCodeUnknown, nil
	}
	if err != nil {
		return "", err
	}
	sheet, err := readRecord[CardSheet](ctx, s.store, recordCardSheet, string(card.Sheet))
	if kindOfNil(err) == KindNotFound { // a run that was broken off was never printed
		return NoteCodeUnknown, nil
	}
	switch {
	case err != nil:
		return "", err
	case !sheet.Voided.IsZero():
		return NoteCodeUnknown, nil
	case card.Cohort != inv.Cohort.ID || card.Strand != inv.Strand.ID:
		return NoteCodeElsewhere, nil
	}
	return "", nil
}

// noteCode puts what is to be said of the code in l among the notes of r, in the
// place of what was said of an earlier one.
func (r *Response) noteCode(l *Linkage) {
	if l == nil {
		return
	}
	var notes []string
	for _, note := range r.Notes {
		if note != NoteCodeUnknown && note != NoteCodeElsewhere {
			notes = append(notes, note)
		}
	}
	if l.Note != "" {
		notes = append(notes, l.Note)
	}
	r.Notes = notes
}

// cardGuesses is how many codes that are not known here one network address may
// try in the window: a class of forty that all mistype one three times, with a
// right check character each time. Among 23^8 codes that finds none.
const cardGuesses = 120

// MayTryCard is KindThrottled if too many unknown codes came from a network. It is
// asked before a code is looked at, so that a right one is told no more than a
// wrong one.
func (s *Service) MayTryCard(ctx context.Context, network string) error {
	return s.mayTry(ctx, cardTries(network), cardGuesses)
}

// MissedCard counts a code that was not known; KindThrottled once there were too many.
func (s *Service) MissedCard(ctx context.Context, network string) error {
	_, err := s.throttle(ctx, cardTries(network), cardGuesses)
	return err
}

func cardTries(network string) string { return "card from " + network }
