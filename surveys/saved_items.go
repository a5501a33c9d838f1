package surveys

import (
	"context"
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
}

// SaveItem keeps an item for reuse by everybody who designs. What ties it to its
// questionnaire (group, conditions, waves, consent, spreadsheet cells) is left
// out. With locked, the wording of copies cannot be changed in a draft.
func (s *Service) SaveItem(ctx context.Context, item questionnaire.Item, locked bool) (SavedItem, error) {
	return SavedItem{}, errNotBuilt
}

// SavedItems lists the saved items, oldest first, for owners and designers of any
// programme.
func (s *Service) SavedItems(ctx context.Context) ([]SavedItem, error) { return nil, errNotBuilt }

// DeleteSavedItem removes a saved item; its copies stay. It is for who saved it
// and for owners. KindNotFound.
func (s *Service) DeleteSavedItem(ctx context.Context, id string) error { return errNotBuilt }
