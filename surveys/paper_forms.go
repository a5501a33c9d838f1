package surveys

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// Keying says who keyed or settled a form, and when.
type Keying struct {
	By    AccountID `json:"by"`
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
	Entry string    `json:"entry,omitempty"` // drawn by the page; tells one send repeated from another person's
}

// PaperForm is one form of a batch. Its answers are a Response of mode paper.
type PaperForm struct {
	Batch     BatchID                         `json:"batch"`
	Number    int                             `json:"number"` // written on the form, 1 to MostForms
	Response  ResponseID                      `json:"response"`
	First     Keying                          `json:"first"`
	Code      []string                        `json:"code,omitempty"` // of the first pass, an element each: a hash of this form's own, which pairs with nothing
	Second    *Keying                         `json:"second,omitempty"`
	Different []questionnaire.ItemID          `json:"different,omitempty"` // variables, and the item of a linkage code, that the passes differ in
	Settled   *Keying                         `json:"settled,omitempty"`
	Took      map[questionnaire.ItemID]string `json:"took,omitempty"` // by what differed: TakeFirst, TakeSecond, TakeNeither
	Revision  int64                           `json:"revision"`
}

func (f *PaperForm) setRevision(n int64) { f.Revision = n }

// Verified reports whether f was keyed twice and nothing waits to be settled.
func (f PaperForm) Verified() bool { return f.Second != nil && !f.Waits() }

// Waits reports whether differences of f wait to be settled.
func (f PaperForm) Waits() bool { return len(f.Different) > 0 && f.Settled == nil }

// PaperEntry is one form as it was keyed in.
type PaperEntry struct {
	Form   int
	Entry  string // drawn by the page for each form: a repeated send stores nothing twice
	Date   string // written on the form, 2006-01-02; "" if there is none
	Second bool   // a second pass over a form that was keyed before
	Raw    questionnaire.Raw
}

// PaperForms lists the forms of a batch that were keyed, by number.
func (s *Service) PaperForms(ctx context.Context, b Batch) ([]PaperForm, error) {
	if _, err := require(ctx, b.Programme, MayEnterPaper); err != nil {
		return nil, err
	}
	forms, err := listRecords[PaperForm](ctx, s.store, recordPaperForm, string(b.ID))
	slices.SortFunc(forms, func(a, b PaperForm) int { return cmp.Compare(a.Number, b.Number) })
	return forms, err
}

// PaperForm returns one form of a batch. KindNotFound.
func (s *Service) PaperForm(ctx context.Context, b Batch, number int) (PaperForm, error) {
	if _, err := require(ctx, b.Programme, MayEnterPaper); err != nil {
		return PaperForm{}, err
	}
	f, err := readRecord[PaperForm](ctx, s.store, recordPaperForm, formID(b, number))
	return f, orNotFound(err, "paper.not_keyed", number)
}

func formID(b Batch, number int) string { return fmt.Sprintf("%s/%04d", b.ID, number) }

// KeyForm keeps one form of a batch: at the first pass as a submitted response, at
// the second to be compared with the first. The same entry sent again changes
// nothing.
//
// KindInvalid with Fields: an answer that cannot be; nothing is kept. KindConflict:
// the form was keyed before, or twice already. KindNotFound: a second pass over a
// form that has no first.
func (s *Service) KeyForm(ctx context.Context, programme ProgrammeID, number string, e PaperEntry) (PaperForm, error) {
	account, err := require(ctx, programme, MayEnterPaper)
	if err != nil {
		return PaperForm{}, err
	}
	b, inv, err := s.BatchInvitation(ctx, programme, number)
	if err == nil {
		err = refuseNew(inv.Programme)
	}
	if err != nil {
		return PaperForm{}, err
	}
	if e.Form < 1 || e.Form > MostForms {
		return PaperForm{}, invalid("form", "paper.form_number", MostForms)
	}
	if !ResponseID(e.Entry).Valid() {
		return PaperForm{}, invalid("entry", "paper.bad_entry")
	}
	by := Keying{account.ID, account.Name, s.moment(), e.Entry}
	r, linkage, err := s.readPaper(ctx, b, inv, e)
	if err != nil {
		return PaperForm{}, err
	}
	if e.Second {
		return s.keySecond(ctx, b, inv, by, r, linkage, e.Form)
	}
	return s.keyFirst(ctx, b, by, r, linkage, e.Form)
}

// readPaper gives a keyed form its meaning.
func (s *Service) readPaper(ctx context.Context, b Batch, inv Invitation, e PaperEntry) (r Response, linkage *Linkage, err error) {
	at, err := s.writtenOn(inv.Programme, e.Date)
	if err != nil {
		return r, nil, err
	}
	r = s.newResponse(inv, b.responseID(e.Form), b.Language, ModePaper)
	r.Started, r.Submitted, r.Batch = at, at, b.Number
	linkage, err = s.readKeyed(ctx, inv, &r, e.Raw)
	return r, linkage, err
}

// readKeyed puts the answers of raw into r, and their digest.
func (s *Service) readKeyed(ctx context.Context, inv Invitation, r *Response, raw questionnaire.Raw) (*Linkage, error) {
	sit := s.At(r.Submitted).Sitting(inv, *r, nil)
	answers, aside, errs := inv.Instrument.Read(sit, nil, raw, nil)
	r.Answers, r.Aside = answers, aside
	linkage, codeErrs, err := s.linkageOnPath(ctx, inv, sit, *r, raw)
	if err != nil {
		return nil, err
	}
	if errs = inFormOrder(inv, append(errs, codeErrs...)); len(errs) > 0 {
		return nil, &Error{Kind: KindInvalid, Key: "paper.check", Fields: errs}
	}
	r.Digest = digestOf(inv.Instrument, *r, linkage)
	return linkage, nil
}

// writtenOn is the moment that stands for the day on a form: its noon in the
// programme's zone, and for a form of today or without a day the present.
func (s *Service) writtenOn(p Programme, day string) (time.Time, error) {
	now := s.moment()
	if day == "" {
		return now, nil
	}
	noon, err := time.ParseInLocation(time.DateOnly+" 15", day+" 12", p.Location())
	today := now.In(p.Location()).Format(time.DateOnly)
	if err != nil || noon.Year() < 1990 || day > today {
		return now, invalid("date", "paper.date")
	}
	if noon.After(now) {
		return now, nil
	}
	return wholeMilliseconds(noon), nil
}

// keyFirst keeps the first pass: the form, whose number is unique, then its
// response under an id that is worked out from it. Broken off between the two, it
// is finished by the next who keys that number.
func (s *Service) keyFirst(ctx context.Context, b Batch, by Keying, r Response, linkage *Linkage, number int) (PaperForm, error) {
	f := PaperForm{Batch: b.ID, Number: number, Response: r.ID, First: by, Code: formCode(b, number, linkage)}
	revision, err := s.put(ctx, recordPaperForm, formID(b, number), string(b.ID), "", 0, f)
	f.Revision = revision
	if kindOfNil(err) == KindConflict {
		f, err = s.keyAgain(ctx, b, f)
	}
	if err != nil || f.Second != nil { // sent again long after it was kept
		return f, err
	}
	if err := s.keepPaper(ctx, f, r, linkage); err != nil {
		return f, err
	}
	return f, s.Audit(ctx, b.Programme, "paper.form_keyed", fmt.Sprintf("%s: %d", b.Number, number))
}

// keyAgain is for a number that is there: the same entry goes on, and one whose
// response never came is taken over.
func (s *Service) keyAgain(ctx context.Context, b Batch, f PaperForm) (PaperForm, error) {
	return changeUnless(ctx, s, recordPaperForm, formID(b, f.Number), func(there *PaperForm) error {
		if there.First.Entry == f.First.Entry {
			return nil
		}
		_, err := s.store.Response(ctx, there.Response)
		if err == nil {
			return formTaken(*there)
		}
		if kindOfNil(err) != KindNotFound {
			return fmt.Errorf("looking for the response of a form: %w", err)
		}
		f.Revision = there.Revision
		*there = f // what was found in passes over the one that is gone went with it
		return nil
	})
}

// changeUnless is change for an edit that may refuse with KindConflict: change
// itself would ask it again.
func changeUnless[T any](ctx context.Context, s *Service, kind RecordKind, id string, edit func(*T) error) (T, error) {
	var refused error
	v, err := change(ctx, s, kind, id, func(v *T) error {
		if refused = edit(v); kindOfNil(refused) == KindConflict {
			return errRefused
		}
		return refused
	})
	if errors.Is(err, errRefused) {
		err = refused
	}
	return v, err
}

var errRefused = errors.New("refused")

func formTaken(f PaperForm) error {
	return &Error{Kind: KindConflict, Key: "paper.form_taken", Args: []any{f.Number, f.First.Name}, Field: "form"}
}

// keepPaper stores r as submitted, unless it is there already.
func (s *Service) keepPaper(ctx context.Context, f PaperForm, r Response, linkage *Linkage) error {
	r.Status, r.Coded = StatusSubmitted, linkage.given()
	r.noteCode(linkage)
	_, err := s.keep(ctx, r, linkage)
	if kindOfNil(err) != KindConflict {
		return err
	}
	before, err := s.store.Response(ctx, r.ID)
	if err != nil {
		return fmt.Errorf("reading the response that is there: %w", err)
	}
	if before.Digest != r.Digest {
		return formTaken(f)
	}
	return nil
}

// formCode hashes the elements of a code once more, for this form alone: whether
// a second pass typed the same can be told, and nothing else.
func formCode(b Batch, number int, linkage *Linkage) []string {
	if linkage == nil {
		return nil
	}
	code := make([]string, len(linkage.Elements))
	for i, element := range linkage.Elements {
		if element != "" {
			sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s", formID(b, number), element))
			code[i] = hex.EncodeToString(sum[:8])
		}
	}
	return code
}
