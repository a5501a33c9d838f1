package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// What the outline's buttons do. Each is one edit of the draft with a label for
// undo, a sentence for who listens, and where to go on.

// change is one edit of the outline.
type change struct {
	label string // for undo, as in: move “How calm …” up
	said  string // done, for the live region
	focus string // id on the page; "" stays
	opens string // address of a form that opens
	edit  func(*questionnaire.Definition) error
}

// changesSaid are the sentences after a change without JavaScript, by ?done=.
var changesSaid = map[string]string{
	"undo": "Taken back.", "redo": "Brought back.", "moved": "Moved.", "deleted": "Deleted. Undo brings it back.", "copied": "Duplicated.", "added": "Added.",
}

// errNotThere is that what a button is about was deleted meanwhile.
var errNotThere = &surveys.Error{Kind: surveys.KindConflict, Key: "record.changed_meanwhile"}

// changeDraft answers the outline's buttons.
func (s *Server) changeDraft(c *fiber.Ctx) error {
	id := askedID(c)
	verb, rest, _ := strings.Cut(typed(c, "do"), ":")
	switch verb {
	case "start":
		if _, err := s.surveys.StartDraft(c.UserContext(), id); err != nil {
			return err
		}
		return sees(c, draftPath(id))
	case "discard":
		if err := s.surveys.DiscardDraft(c.UserContext(), id); err != nil {
			return err
		}
		return sees(c, "/questionnaires")
	case "undo":
		return s.travelled(c, s.surveys.UndoDraft, "undo", func(d surveys.Draft) string { return d.Redo })
	case "redo":
		return s.travelled(c, s.surveys.RedoDraft, "redo", func(d surveys.Draft) string { return d.Undo })
	case "save_item", "insert":
		return s.reuse(c, verb, rest)
	}
	draft, err := s.surveys.Draft(c.UserContext(), id)
	if err != nil {
		return err
	}
	ch, ok := outlineChange(id, &draft.Definition, verb, rest)
	if !ok {
		return s.outlineSays(c, fiber.StatusConflict, draft, "Somebody changed the outline meanwhile: what you wanted to change is not there any more.", change{})
	}
	return s.edited(c, id, ch)
}

// edited makes one change and answers with the outline.
func (s *Server) edited(c *fiber.Ctx, id questionnaire.ID, ch change) error {
	draft, err := s.surveys.EditDraft(c.UserContext(), id, ch.label, ch.edit)
	if errors.Is(err, errNotThere) {
		if draft, err = s.surveys.Draft(c.UserContext(), id); err != nil {
			return err
		}
		return s.outlineSays(c, fiber.StatusConflict, draft, "Somebody changed the outline meanwhile: what you wanted to change is not there any more.", change{})
	}
	if err != nil && surveys.KindOf(err) == surveys.KindInvalid {
		current, readErr := s.surveys.Draft(c.UserContext(), id)
		if readErr != nil {
			return readErr
		}
		shown := asError(err)
		return s.outlineSays(c, fiber.StatusUnprocessableEntity, current, s.staffSentence(shown.Key, shown.Args...), change{})
	}
	if err != nil {
		return err
	}
	return s.outlineSays(c, fiber.StatusOK, draft, ch.said, ch)
}

// travelled answers undo and redo.
func (s *Server) travelled(c *fiber.Ctx, travel func(ctx context.Context, id questionnaire.ID) (surveys.Draft, error), done string, what func(surveys.Draft) string) error {
	id := askedID(c)
	draft, err := travel(c.UserContext(), id)
	status := fiber.StatusOK
	said := strings.TrimSuffix(changesSaid[done], ".")
	switch {
	case err != nil && surveys.KindOf(err) == surveys.KindInvalid:
		status, said = fiber.StatusUnprocessableEntity, s.staffSentence(asError(err).Key, asError(err).Args...)
		if draft, err = s.surveys.Draft(c.UserContext(), id); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		said += ": " + what(draft)
	}
	return s.outlineSays(c, status, draft, said, change{said: said, focus: "do-" + done, opens: ""})
}

// outlineSays answers with the outline as it is now and a sentence.
func (s *Server) outlineSays(c *fiber.Ctx, status int, draft surveys.Draft, said string, ch change) error {
	if !fragmented(c) && status == fiber.StatusOK {
		if ch.opens != "" {
			return sees(c, ch.opens)
		}
		done := map[bool]string{true: "#" + ch.focus, false: ""}[ch.focus != ""]
		return sees(c, draftPath(draft.ID)+"?done="+doneWord(ch)+done)
	}
	view := s.editorView(c, draft)
	if status != fiber.StatusOK {
		view.Outline.Problem = said
	}
	if !fragmented(c) {
		return s.render(c, status, "staff/editor", view)
	}
	answer := editorAnswer{Say: said, Focus: ch.focus, Go: ch.opens, Preview: true, Saved: status == fiber.StatusOK}
	if err := s.addParts(&answer, view); err != nil {
		return err
	}
	return c.Status(status).JSON(answer)
}

// doneWord is the word of changesSaid for a change.
func doneWord(ch change) string {
	for word, said := range changesSaid {
		if strings.HasPrefix(said, strings.SplitN(ch.said, " ", 2)[0]) {
			return word
		}
	}
	return "moved"
}

// addParts puts the outline and the advice into an answer.
func (s *Server) addParts(answer *editorAnswer, view editorView) error {
	if answer.Parts == nil {
		answer.Parts = map[string]string{}
	}
	for id, data := range map[string]any{"outline": view.Outline, "advice": view.Advice} {
		html, err := s.views.fragment("staff/editor", id, data)
		if err != nil {
			return err
		}
		answer.Parts[id] = string(html)
	}
	return nil
}

// outlineChange is the edit that a button asks for. It is not ok if what it is about
// is not in the draft.
func outlineChange(id questionnaire.ID, def *questionnaire.Definition, verb, rest string) (change, bool) {
	switch verb {
	case "up", "down", "copy", "delete", "place", "kind", "to_part":
		return itemChange(id, def, verb, rest)
	case "add":
		return addItem(id, def, rest)
	case "add_part", "part_up", "part_down", "delete_part":
		return partChange(id, def, verb, rest)
	case "add_group", "delete_group", "add_scale", "delete_scale", "add_measure", "delete_measure":
		return thingChange(id, def, verb, rest)
	}
	return change{}, false
}

// itemChange is an edit of one item that is there.
func itemChange(id questionnaire.ID, def *questionnaire.Definition, verb, rest string) (change, bool) {
	words := strings.Split(rest, ":")
	item, part, _ := findItem(def, questionnaire.ItemID(words[0]))
	if item == nil {
		return change{}, false
	}
	name, own := nameItem(def, item), item.ID
	onto := func(move func(def *questionnaire.Definition, part, at int) error) func(*questionnaire.Definition) error {
		return func(def *questionnaire.Definition) error {
			_, part, at := findItem(def, own)
			if part < 0 {
				return errNotThere
			}
			return move(def, part, at)
		}
	}
	switch verb {
	case "up", "down":
		step := map[string]int{"up": -1, "down": 1}[verb]
		return change{
			label: "move " + name + " " + verb, said: "Moved " + name + " " + verb + ".", focus: verb + "-" + string(own),
			edit: onto(func(def *questionnaire.Definition, part, at int) error { stepItem(def, part, at, step); return nil }),
		}, true
	case "copy":
		copied := freeID(def, own)
		return change{
			label: "duplicate " + name, said: "Duplicated " + name + ".", focus: "i-" + copied, opens: itemPath(id, questionnaire.ItemID(copied)),
			edit: onto(func(def *questionnaire.Definition, part, at int) error { copyItem(def, part, at, copied); return nil }),
		}, true
	case "delete":
		return change{
			label: "delete " + name, said: "Deleted " + name + ". Undo brings it back.", focus: "part-" + string(def.Parts[part].ID),
			edit: onto(func(def *questionnaire.Definition, part, at int) error {
				def.Parts[part].Items = slices.Delete(def.Parts[part].Items, at, at+1)
				return nil
			}),
		}, true
	case "place", "to_part":
		return placeChange(def, own, name, words)
	case "kind":
		return kindChange(id, def, item, name, words)
	}
	return change{}, false
}

// placeChange moves an item before another, or to the end of a part:
// place:item:part:before, to_part:item:part.
func placeChange(def *questionnaire.Definition, own questionnaire.ItemID, name string, words []string) (change, bool) {
	if len(words) < 2 || !findThing(def, "part", questionnaire.ItemID(words[1])) {
		return change{}, false
	}
	before := questionnaire.ItemID("")
	if len(words) > 2 {
		before = questionnaire.ItemID(words[2])
	}
	target := questionnaire.ItemID(words[1])
	return change{
		label: "move " + name, said: "Moved " + name + ".", focus: "i-" + string(own),
		edit: func(def *questionnaire.Definition) error { return placeItem(def, own, target, before) },
	}, true
}

func kindChange(id questionnaire.ID, def *questionnaire.Definition, item *questionnaire.Item, name string, words []string) (change, bool) {
	if len(words) < 2 {
		return change{}, false
	}
	kind, own := questionnaire.Kind(words[1]), item.ID
	info, ok := kindOf(kind)
	if !ok || item.Locked {
		return change{}, false
	}
	return change{
		label: fmt.Sprintf("make %s “%s”", name, lowerFirst(info.Title)), said: "It is “" + lowerFirst(info.Title) + "” now.", opens: itemPath(id, own),
		edit: func(def *questionnaire.Definition) error {
			item, _, _ := findItem(def, own)
			if item == nil {
				return errNotThere
			}
			turnInto(item, kind, sourceOf(def))
			return nil
		},
	}, true
}

// stepItem moves an item one place, into the next part at the end of its own.
func stepItem(def *questionnaire.Definition, part, at, step int) {
	items := def.Parts[part].Items
	if to := at + step; to >= 0 && to < len(items) {
		items[at], items[to] = items[to], items[at]
		return
	}
	next := part + step
	if next < 0 || next >= len(def.Parts) {
		return
	}
	moved := items[at]
	def.Parts[part].Items = slices.Delete(items, at, at+1)
	place := 0
	if step < 0 {
		place = len(def.Parts[next].Items)
	}
	def.Parts[next].Items = slices.Insert(def.Parts[next].Items, place, moved)
}

// placeItem puts an item before another one of a part, or at the part's end.
func placeItem(def *questionnaire.Definition, own, target, before questionnaire.ItemID) error {
	item, part, at := findItem(def, own)
	to := slices.IndexFunc(def.Parts, func(p questionnaire.Part) bool { return p.ID == target })
	if item == nil || to < 0 {
		return errNotThere
	}
	if before == own {
		return nil
	}
	moved := *item
	def.Parts[part].Items = slices.Delete(def.Parts[part].Items, at, at+1)
	place := slices.IndexFunc(def.Parts[to].Items, func(it questionnaire.Item) bool { return it.ID == before })
	if place < 0 {
		place = len(def.Parts[to].Items)
	}
	def.Parts[to].Items = slices.Insert(def.Parts[to].Items, place, moved)
	return nil
}

func freeID(def *questionnaire.Definition, want questionnaire.ItemID) string {
	return string(questionnaire.FreeID(want, def.Names()))
}

// copyItem puts a copy of an item below it. Its rows get ids of their own.
func copyItem(def *questionnaire.Definition, part, at int, id string) {
	copied := def.Clone().Parts[part].Items[at]
	copied.ID, copied.Name, copied.Locked = questionnaire.ItemID(id), "", false
	taken := def.Names()
	taken[copied.ID] = true
	for i := range copied.Rows {
		copied.Rows[i].ID = questionnaire.FreeID(copied.Rows[i].ID, taken)
		taken[copied.Rows[i].ID] = true
	}
	def.Parts[part].Items = slices.Insert(def.Parts[part].Items, at+1, copied)
}

// addItem is a new item: add:kind:part:after.
func addItem(id questionnaire.ID, def *questionnaire.Definition, rest string) (change, bool) {
	words := append(strings.Split(rest, ":"), "", "")
	info, ok := kindOf(questionnaire.Kind(words[0]))
	if !ok {
		return change{}, false
	}
	own := questionnaire.ItemID(freshName("q", countItems(def)+1, namesOf(def)))
	return change{
		label: "add “" + lowerFirst(info.Title) + "”", said: "Added “" + lowerFirst(info.Title) + "”. Write its words.", focus: "", opens: itemPath(id, own),
		edit: func(def *questionnaire.Definition) error {
			item := beginItem(info.Kind, own, sourceOf(def))
			insertItem(def, item, questionnaire.ItemID(words[1]), questionnaire.ItemID(words[2]))
			return nil
		},
	}, true
}

func countItems(def *questionnaire.Definition) int {
	n := 0
	for i := range def.Parts {
		n += len(def.Parts[i].Items)
	}
	return n
}

// insertItem puts a new item after another, at the end of a part, or at the end.
func insertItem(def *questionnaire.Definition, item questionnaire.Item, part, after questionnaire.ItemID) {
	if len(def.Parts) == 0 {
		def.Parts = []questionnaire.Part{{ID: questionnaire.ItemID(freshName("part_", 1, namesOf(def)))}}
	}
	if _, i, j := findItem(def, after); i >= 0 {
		def.Parts[i].Items = slices.Insert(def.Parts[i].Items, j+1, item)
		return
	}
	last := len(def.Parts) - 1
	if i := slices.IndexFunc(def.Parts, func(p questionnaire.Part) bool { return p.ID == part }); i >= 0 {
		last = i
	}
	def.Parts[last].Items = append(def.Parts[last].Items, item)
}
