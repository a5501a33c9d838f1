package surveys

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"soundings/surveys/questionnaire"
)

// Settlement is what is taken of one difference.
type Settlement struct {
	Take string            // TakeFirst, TakeSecond, TakeNeither
	Raw  questionnaire.Raw // of TakeNeither: the controls as the form has them
}

// SettleForm settles all differences of a form at once. What is taken replaces the
// first pass; what that was stays in the form's history.
//
// KindInvalid with Fields: a difference without a decision, or an answer that
// cannot be. KindConflict: it was settled or corrected meanwhile.
func (s *Service) SettleForm(ctx context.Context, b Batch, number int, decisions map[questionnaire.ItemID]Settlement) (PaperForm, error) {
	account, err := require(ctx, b.Programme, MayEnterPaper)
	if err != nil {
		return PaperForm{}, err
	}
	f, err := s.PaperForm(ctx, b, number)
	if err != nil {
		return f, err
	}
	if !f.Waits() {
		return f, cmp.Or(s.forgetElements(ctx, f), error(&Error{Kind: KindConflict, Key: "paper.settled_already", Args: []any{number}}))
	}
	decisions = maps.Clone(decisions)
	maps.DeleteFunc(decisions, func(id questionnaire.ItemID, _ Settlement) bool { return !slices.Contains(f.Different, id) })
	took, err := tookOf(f, decisions)
	if err != nil {
		return f, err
	}
	by := Keying{By: account.ID, Name: account.Name, At: s.moment()}
	if err := s.keepSettlement(ctx, b, f, by, decisions); err != nil {
		return f, err
	}
	f, err = change(ctx, s, recordPaperForm, formID(b, number), func(f *PaperForm) error {
		f.Settled, f.Took = &by, took
		return nil
	})
	if err != nil {
		return f, err
	}
	return f, s.forgetElements(ctx, f)
}

// keepSettlement stores what was decided, between two marks as of a correction, and
// tells the trail: before the form says that it is settled, so that whoever was
// broken off does all of it again.
func (s *Service) keepSettlement(ctx context.Context, b Batch, f PaperForm, by Keying, decisions map[questionnaire.ItemID]Settlement) error {
	of := Response{Programme: b.Programme, Strand: b.Strand}
	if err := s.revised(ctx, of); err != nil {
		return err
	}
	if err := s.replaceFirst(ctx, b, f, by, decisions); err != nil {
		return err
	}
	if err := s.revised(ctx, of); err != nil {
		return err
	}
	return s.Audit(ctx, b.Programme, "paper.differences_settled", fmt.Sprintf("%s: %d: %s", b.Number, f.Number, listOf(f.Different)))
}

func listOf(ids []questionnaire.ItemID) string {
	text := ""
	for i, id := range ids {
		if i > 0 {
			text += ", "
		}
		text += string(id)
	}
	return text
}

// tookOf refuses decisions that leave a difference open.
func tookOf(f PaperForm, decisions map[questionnaire.ItemID]Settlement) (map[questionnaire.ItemID]string, error) {
	took := map[questionnaire.ItemID]string{}
	var wrong questionnaire.FieldErrors
	for _, id := range f.Different {
		take := decisions[id].Take
		if !slices.Contains([]string{TakeFirst, TakeSecond, TakeNeither}, take) {
			wrong = append(wrong, questionnaire.FieldError{Item: id, Control: string(id), Key: "paper.decide"})
		}
		took[id] = take
	}
	return took, refuseFields(wrong)
}

// replaceFirst stores what was decided as the answers of the form's response.
func (s *Service) replaceFirst(ctx context.Context, b Batch, f PaperForm, by Keying, decisions map[questionnaire.ItemID]Settlement) error {
	inv, err := s.batchInvitation(ctx, b)
	if err != nil {
		return err
	}
	before, err := s.paperResponse(ctx, b, f)
	if err != nil {
		return err
	}
	second, err := readRecord[keyed](ctx, s.store, recordKeying, keyingID(f.Response, f.Second.Entry))
	if err != nil {
		return orNotFound(err, "paper.form_gone", f.Number)
	}
	after := before
	linkage, err := s.readKeyed(ctx, inv, &after, decidedRaw(inv.Instrument, before, second, decisions))
	if err != nil {
		return err
	}
	if linkage = takenCode(inv, decisions, second, linkage, f.Response); linkage != nil {
		after.Coded = linkage.given()
		after.noteCode(linkage)
	}
	last := len(before.History) - 1
	if after.Digest == before.Digest && last >= 0 && before.History[last].Action == ActionVerified {
		return nil // settled before, and broken off after that
	}
	after.History = append(slices.Clone(before.History), Change{
		At: by.At, Account: by.By, Name: by.Name, Action: ActionVerified, Reason: fmt.Sprintf("Second pass over form %d of %s", f.Number, b.Number),
		Was: before.state(), Is: after.state(),
	})
	if _, err := s.keep(ctx, after, linkage); err != nil {
		return orConflict(err, "", "paper.changed_meanwhile", f.Number)
	}
	return nil
}

// decidedRaw are the controls of a form as decided.
func decidedRaw(in *questionnaire.Instrument, first Response, second keyed, decisions map[questionnaire.ItemID]Settlement) questionnaire.Raw {
	raw := in.Raw(first.Typed())
	for id, decision := range decisions {
		v, ok := in.Variable(id)
		if !ok { // the linkage code
			item, _ := in.Item(id)
			maps.Copy(raw, promptsIn(item, decision.Raw))
			continue
		}
		if decision.Take == TakeFirst {
			continue
		}
		for _, control := range v.Controls() {
			delete(raw, control)
			if values, ok := decision.Raw[control]; ok && decision.Take == TakeNeither {
				raw[control] = values
			}
		}
		if decision.Take == TakeSecond {
			maps.Copy(raw, v.Raw(answerOf(second.Answers, id)))
		}
	}
	return raw
}

// promptsIn are the elements of a linkage code among controls.
func promptsIn(item *questionnaire.Item, raw questionnaire.Raw) questionnaire.Raw {
	some := questionnaire.Raw{}
	for _, control := range questionnaire.CodeControls(item) {
		if values, ok := raw[control]; ok {
			some[control] = values
		}
	}
	return some
}

// takenCode is the linkage to store: nil leaves the first pass's.
func takenCode(inv Invitation, decisions map[questionnaire.ItemID]Settlement, second keyed, typed *Linkage, r ResponseID) *Linkage {
	item, ok := inv.Instrument.LinkageCode(inv.Link.Wave)
	if !ok {
		return nil
	}
	switch decisions[item.ID].Take {
	case TakeSecond:
		return &Linkage{Response: r, Programme: inv.Programme.ID, Strand: inv.Strand.ID, Elements: second.Elements}
	case TakeNeither:
		return typed
	}
	return nil
}

// forgetElements removes the code of a second pass once it is settled.
func (s *Service) forgetElements(ctx context.Context, f PaperForm) error {
	if f.Settled == nil {
		return nil
	}
	_, err := change(ctx, s, recordKeying, keyingID(f.Response, f.Second.Entry), func(k *keyed) error {
		k.Elements = nil
		return nil
	})
	if kindOfNil(err) == KindNotFound { // the response was withdrawn since
		return nil
	}
	return err
}
