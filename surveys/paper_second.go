package surveys

import (
	"context"
	"fmt"

	"soundings/surveys/questionnaire"
)

// What is taken where two passes over one form differ.
const (
	TakeFirst   = "first"
	TakeSecond  = "second"
	TakeNeither = "neither" // something else stands on the form
)

// keyed are the answers of a second pass where it differs from the first. The
// elements of a code are there only until they are settled.
type keyed struct {
	Answers  questionnaire.Answers `json:"answers"`
	Elements []string              `json:"elements,omitempty"` // as in Linkage
	Revision int64                 `json:"revision"`
}

func (k *keyed) setRevision(n int64) { k.Revision = n }

func keyingID(r ResponseID, entry string) string { return string(r) + "/" + entry }

// keySecond compares a second pass with the first.
func (s *Service) keySecond(ctx context.Context, b Batch, inv Invitation, by Keying, r Response, linkage *Linkage, number int) (PaperForm, error) {
	f, err := s.PaperForm(ctx, b, number)
	if err != nil {
		return f, onField(err, "form")
	}
	if f.Second != nil {
		return f, keyedTwice(f, by)
	}
	before, err := s.paperResponse(ctx, b, f)
	if err != nil {
		return f, err
	}
	different := s.differences(inv, before, r)
	if item, ok := inv.Instrument.LinkageCode(inv.Link.Wave); ok && !sameCode(f.Code, formCode(b, number, linkage)) {
		different = append(different, item.ID)
	}
	if len(different) > 0 {
		if err := s.keepKeying(ctx, f, by.Entry, secondOf(different, r, linkage)); err != nil {
			return f, err
		}
	}
	f, err = changeUnless(ctx, s, recordPaperForm, formID(b, number), func(f *PaperForm) error {
		if f.Second != nil {
			return keyedTwice(*f, by)
		}
		f.Second, f.Different = &by, different
		return nil
	})
	if err != nil {
		return f, err
	}
	return f, s.Audit(ctx, b.Programme, "paper.form_keyed_again", fmt.Sprintf("%s: %d, %d different", b.Number, number, len(different)))
}

// keyedTwice refuses a third pass; the second sent again is none.
func keyedTwice(f PaperForm, by Keying) error {
	if f.Second.Entry == by.Entry {
		return nil
	}
	return &Error{Kind: KindConflict, Key: "paper.form_twice", Args: []any{f.Number, f.Second.Name}, Field: "form"}
}

func onField(err error, field string) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	there := *e
	there.Field = field
	return &there
}

// paperResponse is the response of a form, if it still stands for it.
func (s *Service) paperResponse(ctx context.Context, b Batch, f PaperForm) (Response, error) {
	r, err := s.store.Response(ctx, f.Response)
	if kindOfNil(err) == KindNotFound || err == nil && (r.Status == StatusWithdrawn || r.Wave != b.Wave) {
		return r, &Error{Kind: KindConflict, Key: "paper.form_gone", Args: []any{f.Number}, Field: "form"}
	}
	return r, err
}

// differences lists the variables in which two passes differ, in form order.
func (s *Service) differences(inv Invitation, first, second Response) []questionnaire.ItemID {
	var different []questionnaire.ItemID
	one, two := first.Typed(), second.Typed()
	for _, v := range inv.Instrument.WrittenAt(inv.Link.Wave) {
		if !answerOf(one, v.ID).Agrees(answerOf(two, v.ID)) {
			different = append(different, v.ID)
		}
	}
	return different
}

// answerOf is an answer, or that there is none.
func answerOf(answers questionnaire.Answers, id questionnaire.ItemID) questionnaire.Answer {
	if a, ok := answers[id]; ok {
		return a
	}
	return questionnaire.Answer{Missing: questionnaire.NotReached}
}

func sameCode(a, b []string) bool {
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			return false
		}
	}
	return true
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// secondOf are the answers of r to what differs, with its code if that does.
func secondOf(different []questionnaire.ItemID, r Response, linkage *Linkage) keyed {
	k := keyed{Answers: only(r.Typed(), different)}
	if linkage != nil {
		k.Elements = linkage.Elements
	}
	return k
}

func only(answers questionnaire.Answers, ids []questionnaire.ItemID) questionnaire.Answers {
	some := questionnaire.Answers{}
	for _, id := range ids {
		if a, ok := answers[id]; ok {
			some[id] = a
		}
	}
	return some
}

// keepKeying stores the answers of one pass; the same again replaces them.
func (s *Service) keepKeying(ctx context.Context, f PaperForm, entry string, k keyed) error {
	id := keyingID(f.Response, entry)
	_, err := s.put(ctx, recordKeying, id, string(f.Response), "", 0, k)
	if kindOfNil(err) != KindConflict {
		return err
	}
	_, err = change(ctx, s, recordKeying, id, func(there *keyed) error {
		there.Answers, there.Elements = k.Answers, k.Elements
		return nil
	})
	return err
}

// forgetKeyings removes the answers of passes over a response that is withdrawn
// or deleted.
func (s *Service) forgetKeyings(ctx context.Context, r ResponseID) error {
	for record, err := range s.store.Records(ctx, recordKeying, string(r)) {
		if err != nil {
			return fmt.Errorf("listing what was keyed: %w", err)
		}
		if err := s.store.DeleteRecord(ctx, recordKeying, record.ID); err != nil {
			return fmt.Errorf("forgetting what was keyed: %w", err)
		}
	}
	return nil
}

// PaperDifference is one item in which two passes over a form differ.
type PaperDifference struct {
	Item          questionnaire.ItemID
	Code          bool // a linkage code, whose elements nobody is shown
	First, Second questionnaire.Answer
	Took          string // "" while it waits
}

// Differences are those between the two passes over a form, in form order, for
// who settles them and for who looks at it later.
func (s *Service) Differences(ctx context.Context, b Batch, number int) (PaperForm, []PaperDifference, error) {
	f, err := s.PaperForm(ctx, b, number)
	if err != nil || len(f.Different) == 0 {
		return f, nil, err
	}
	r, err := s.paperResponse(ctx, b, f)
	if err != nil {
		return f, nil, err
	}
	second, err := readRecord[keyed](ctx, s.store, recordKeying, keyingID(f.Response, f.Second.Entry))
	if err != nil {
		return f, nil, orNotFound(err, "paper.form_gone", number)
	}
	first := firstPass(r)
	inv, err := s.batchInvitation(ctx, b)
	if err != nil {
		return f, nil, err
	}
	var all []PaperDifference
	for _, id := range f.Different {
		_, answered := inv.Instrument.Variable(id)
		all = append(all, PaperDifference{id, !answered, answerOf(first, id), answerOf(second.Answers, id), f.Took[id]})
	}
	return f, all, s.withholdDifferences(ctx, r, first, second.Answers, all)
}

// firstPass are the answers of the first pass, also after they were settled.
func firstPass(r Response) questionnaire.Answers {
	for _, change := range r.History {
		if change.Action == ActionVerified {
			r.Answers, r.Aside = change.Was.Answers, change.Was.Aside
			break
		}
	}
	return r.Typed()
}
