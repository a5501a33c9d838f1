package app

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// savedRow is one item that the team saved for reuse.
type savedRow struct {
	ID, Title, Kind, By, Saved string
	Locked, Mine               bool
}

func (s *Server) savedRows(c *fiber.Ctx) ([]savedRow, error) {
	all, err := s.surveys.SavedItems(c.UserContext())
	if err != nil {
		return nil, err
	}
	account, _ := surveys.AccountFrom(c.UserContext())
	var rows []savedRow
	for _, one := range all {
		info, _ := kindOf(one.Item.Kind)
		rows = append(rows, savedRow{
			ID: one.ID, Title: cmp.Or(cut(titleOf(one.Item.Label), 90), string(one.Item.ID)), Kind: info.Title, By: one.By,
			Saved: one.Saved.Format(time.DateOnly), Locked: one.Locked, Mine: account.Owner || account.ID == one.Account,
		})
	}
	return rows, nil
}

// reuse saves an item for reuse, save_item:id, or puts a saved one in: insert:saved:part:after.
func (s *Server) reuse(c *fiber.Ctx, verb, rest string) error {
	draft, err := s.surveys.Draft(c.UserContext(), askedID(c))
	if err != nil {
		return err
	}
	if verb == "insert" {
		return s.insertSaved(c, draft, rest)
	}
	item, _, _ := findItem(&draft.Definition, questionnaire.ItemID(rest))
	if item == nil {
		return s.outlineSays(c, fiber.StatusConflict, draft, "Somebody deleted this item meanwhile: nothing was saved for reuse.", change{})
	}
	if _, err := s.surveys.SaveItem(c.UserContext(), *item, typed(c, "locked") != ""); err != nil {
		return err
	}
	said := "Saved " + nameItem(&draft.Definition, item) + " for reuse: it is offered wherever an item is added."
	return s.outlineSays(c, fiber.StatusOK, draft, said, change{said: said, focus: "i-" + string(item.ID)})
}

func (s *Server) insertSaved(c *fiber.Ctx, draft surveys.Draft, rest string) error {
	words := append(strings.Split(rest, ":"), "", "")
	all, err := s.surveys.SavedItems(c.UserContext())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(one surveys.SavedItem) bool { return one.ID == words[0] })
	if at < 0 {
		return s.outlineSays(c, fiber.StatusConflict, draft, "Somebody removed this item from the library meanwhile.", change{})
	}
	saved := all[at]
	id := freeID(&draft.Definition, saved.Item.ID)
	return s.edited(c, draft.ID, change{
		label: "insert " + cut(titleOf(saved.Item.Label), 40), said: "Added the saved item.", opens: itemPath(draft.ID, questionnaire.ItemID(id)),
		edit: func(def *questionnaire.Definition) error {
			insertItem(def, fromSaved(def, saved, questionnaire.ItemID(id)), questionnaire.ItemID(words[1]), questionnaire.ItemID(words[2]))
			return nil
		},
	})
}

// fromSaved is a copy of a saved item with ids that are free in def, and only in
// the languages that def has.
func fromSaved(def *questionnaire.Definition, saved surveys.SavedItem, id questionnaire.ItemID) questionnaire.Item {
	whole := questionnaire.Definition{Parts: []questionnaire.Part{{Items: []questionnaire.Item{saved.Item}}}}
	item := whole.Clone().Parts[0].Items[0]
	item.ID, item.Library, item.Locked = id, saved.ID, saved.Locked
	taken := def.Names()
	taken[id] = true
	for i := range item.Rows {
		item.Rows[i].ID = questionnaire.FreeID(item.Rows[i].ID, taken)
		taken[item.Rows[i].ID] = true
	}
	for _, text := range textsOf(&item) {
		for lang := range *text {
			if !slices.Contains(def.Languages, lang) {
				delete(*text, lang)
			}
		}
	}
	return item
}

// textsOf are the texts of an item.
func textsOf(item *questionnaire.Item) []*questionnaire.Text {
	texts := []*questionnaire.Text{&item.Label, &item.Hint, &item.Low, &item.High, &item.Unit, &item.Alt, &item.RequiredMessage, &item.ConstraintMessage}
	for i := range item.Rows {
		texts = append(texts, &item.Rows[i].Label)
	}
	for i := range item.Choices {
		texts = append(texts, &item.Choices[i].Label)
	}
	for i := range item.Prompts {
		texts = append(texts, &item.Prompts[i].Label, &item.Prompts[i].Hint)
	}
	return texts
}

// forgetSaved removes an item from the team's library.
func (s *Server) forgetSaved(c *fiber.Ctx) error {
	if err := s.surveys.DeleteSavedItem(c.UserContext(), c.Params("saved")); err != nil {
		return err
	}
	return sees(c, draftPath(askedID(c))+"/add")
}
