package surveys

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// SavedItem is an item that the team saved for reuse, with its choices and rows.
type SavedItem struct {
	ID        string             `json:"id"` // also Item.Library of what is made of it
	Item      questionnaire.Item `json:"item"`
	Languages []string           `json:"languages"` // that its label has, in alphabetical order
	Locked    bool               `json:"locked"`    // its wording may not be changed where it is used
	Saved     time.Time          `json:"saved"`
	By        string             `json:"by"`      // name of the account
	Account   AccountID          `json:"account"` // who may delete it, besides owners

	Programmes []ProgrammeID `json:"programmes,omitempty"` // whose designers see it; none: all
}

// maxSavedItem is the size of the largest item saved, in bytes of JSON.
const maxSavedItem = 64 << 10

// SaveItem keeps an item for reuse by everybody who designs. What ties it to its
// questionnaire (group, conditions, waves, consent, spreadsheet cells) is left
// out; what a constraint says of the answer itself stays. The Item that is kept
// has Library and Locked set, so that a copy in a draft only needs ids of its own
// where they are taken (questionnaire.FreeID). KindInvalid: no label, or too large.
func (s *Service) SaveItem(ctx context.Context, item questionnaire.Item, locked bool) (SavedItem, error) {
	if err := requireDesigns(ctx); err != nil {
		return SavedItem{}, err
	}
	id, err := s.newID()
	if err != nil {
		return SavedItem{}, err
	}
	account, _ := AccountFrom(ctx)
	saved := SavedItem{
		ID: id, Item: untied(item), Languages: slices.Sorted(maps.Keys(item.Label)), Locked: locked,
		Saved: s.moment(), By: account.Name, Account: account.ID,
	}
	if !account.Owner { // an owner saves for all
		saved.Programmes = account.designsIn()
	}
	saved.Item.Library, saved.Item.Locked = id, locked
	if err := savable(saved.Item); err != nil {
		return SavedItem{}, err
	}
	if _, err := s.put(ctx, recordSavedItem, id, "", "", 0, saved); err != nil {
		return SavedItem{}, err
	}
	return saved, s.Audit(ctx, "", "item.saved", id)
}

// savable refuses an item that says nothing or cannot be kept.
func savable(item questionnaire.Item) error {
	text, err := json.Marshal(item)
	switch {
	case err != nil:
		return &Error{Kind: KindInvalid, Key: "draft.number", Field: "item", Err: err}
	case len(text) > maxSavedItem:
		return invalid("item", "draft.too_large", len(text), maxSavedItem)
	case !readable(reflect.ValueOf(item)):
		return invalid("item", "draft.unreadable")
	case item.Label.In("", slices.Sorted(maps.Keys(item.Label))...) == "":
		return invalid("item", "item.needs_label")
	}
	return nil
}

// untied is item without what refers to others.
func untied(item questionnaire.Item) questionnaire.Item {
	item.Group, item.Consent, item.Waves, item.Sheet, item.Name = "", "", nil, nil, ""
	item.Relevant, item.RequiredIf, item.ReadOnly, item.Filter, item.Calculation = "", "", "", "", ""
	if questionnaire.Refers(item.Constraint) {
		item.Constraint, item.ConstraintMessage = "", nil
	}
	if questionnaire.Refers(item.Default) {
		item.Default = ""
	}
	item.Quotable = false
	return item
}

// SavedItems lists the saved items, oldest first, for owners and designers of any
// programme.
func (s *Service) SavedItems(ctx context.Context) ([]SavedItem, error) {
	if err := requireDesigns(ctx); err != nil {
		return nil, err
	}
	account, _ := AccountFrom(ctx)
	all, err := listRecords[SavedItem](ctx, s.store, recordSavedItem, "")
	return slices.DeleteFunc(all, func(item SavedItem) bool { return !account.seesItem(item) }), err
}

// DeleteSavedItem removes a saved item; its copies stay. It is for who saved it
// and for owners. KindNotFound.
func (s *Service) DeleteSavedItem(ctx context.Context, id string) error {
	if err := requireDesigns(ctx); err != nil {
		return err
	}
	saved, err := readRecord[SavedItem](ctx, s.store, recordSavedItem, id)
	if err != nil {
		return orNotFound(err, "item.not_found")
	}
	account, _ := AccountFrom(ctx)
	if !account.seesItem(saved) {
		return notFound("item.not_found")
	}
	if !account.Owner && account.ID != saved.Account {
		return &Error{Kind: KindForbidden, Key: "account.not_allowed"}
	}
	if err := s.store.DeleteRecord(ctx, recordSavedItem, id); err != nil {
		return err
	}
	return s.Audit(ctx, "", "item.deleted", id)
}

// seesItem reports whether a may reuse a saved item: one of a programme in which it
// designs, or of none.
func (a Account) seesItem(item SavedItem) bool {
	return a.ownsDesign() || a.ID == item.Account || len(item.Programmes) == 0 || slices.ContainsFunc(a.designsIn(), func(p ProgrammeID) bool {
		return slices.Contains(item.Programmes, p)
	})
}
