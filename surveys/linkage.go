package surveys

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// given reports whether any element of the code was given.
func (l *Linkage) given() bool {
	return l != nil && slices.ContainsFunc(l.Elements, func(e string) bool { return e != "" })
}

// linkageOf hashes the linkage code in raw, that of a card or the elements of a
// self-made one; nil if the form asks for none at this wave, or none was given.
// What was typed goes no further than this function.
func (s *Service) linkageOf(ctx context.Context, inv Invitation, id ResponseID, raw questionnaire.Raw) (*Linkage, questionnaire.FieldErrors, error) {
	item, ok := inv.Instrument.LinkageCode(inv.Link.Wave)
	if !ok {
		return nil, nil, nil
	}
	l := &Linkage{Response: id, Programme: inv.Programme.ID, Strand: inv.Strand.ID}
	if typed, anyway, refused := questionnaire.CardCode(item, raw); refused != nil {
		return nil, questionnaire.FieldErrors{*refused}, nil
	} else if pairing.LooseCode(typed) != "" {
		return s.linkCard(ctx, inv, l, item, typed, anyway)
	}
	if inv.Paper && item.Required { // whoever wrote it cannot be asked again
		asked := *item
		asked.Required, item = false, &asked
	}
	typed, errs := questionnaire.LinkageElements(item, raw)
	if len(errs) > 0 || len(typed) == 0 {
		return nil, errs, nil
	}
	return s.linkElements(ctx, l, item, typed)
}

// linkElements puts the elements of a self-made code into l.
func (s *Service) linkElements(ctx context.Context, l *Linkage, item *questionnaire.Item, typed []questionnaire.CodeElement) (*Linkage, questionnaire.FieldErrors, error) {
	key, err := s.pairingKey(ctx, l.Programme)
	if err != nil {
		return nil, nil, err
	}
	given := make(map[questionnaire.ItemID]string, len(typed))
	for _, element := range typed {
		given[element.Prompt.ID] = element.Text
	}
	var errs questionnaire.FieldErrors
	for _, prompt := range item.Prompts {
		hash, err := elementOf(key, prompt, given[prompt.ID])
		refused := questionnaire.FieldError{Item: item.ID, Control: questionnaire.PromptControl(item.ID, prompt.ID)}
		switch {
		case err != nil:
			refused.Key = questionnaire.KeyUnreadable
			errs = append(errs, refused)
		case hash == "" && item.Required: // "-" or "…" says nothing
			refused.Key = questionnaire.KeyCodeElement
			errs = append(errs, refused)
		}
		l.Elements = append(l.Elements, hash)
	}
	return l, errs, nil
}

// elementOf returns the stored form of one element: keyed hash as text, "" for blank.
func elementOf(key pairing.Key, prompt questionnaire.Prompt, typed string) (string, error) {
	normal, err := pairing.Normalise(pairing.ElementKind(prompt.Element), prompt.Length, typed)
	if err != nil {
		return "", err
	}
	hash, err := pairing.Element(key, string(prompt.ID), normal)
	if err != nil {
		return "", err
	}
	text, err := hash.MarshalText()
	return string(text), err
}

// hashes reads the elements of l as pairing wants them.
func (l Linkage) hashes() ([]pairing.ElementHash, error) {
	out := make([]pairing.ElementHash, len(l.Elements))
	var broken error
	for i, text := range l.Elements {
		if err := out[i].UnmarshalText([]byte(text)); err != nil {
			broken = errors.Join(broken, err)
		}
	}
	return out, broken
}

// inFormOrder sorts errors as the form asks: by part and item.
func inFormOrder(inv Invitation, errs questionnaire.FieldErrors) questionnaire.FieldErrors {
	order := map[questionnaire.ItemID]int{}
	for _, part := range inv.Instrument.PartsAt(inv.Link.Wave) {
		for _, item := range part.ItemsAt(inv.Link.Wave) {
			order[item.ID] = len(order)
		}
	}
	place := func(e questionnaire.FieldError) int {
		if v, ok := inv.Instrument.Variable(e.Item); ok {
			return order[v.Item.ID]
		}
		return order[e.Item]
	}
	slices.SortStableFunc(errs, func(a, b questionnaire.FieldError) int { return cmp.Compare(place(a), place(b)) })
	return errs
}
