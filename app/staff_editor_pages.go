package app

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// The editor's sheet and script, which only its pages load.
var (
	editorCSS = assetAddress("editor.css")
	editorJS  = assetAddress("editor.js")
)

// sendForm answers with a form: the whole page, or its parts for the script.
func (s *Server) sendForm(c *fiber.Ctx, status int, view editorFormView, draft surveys.Draft) error {
	allowFrames(c)
	view.Sheet, view.Script = editorCSS, editorJS
	if !fragmented(c) {
		return s.render(c, status, "staff/editor_form", view)
	}
	html, err := s.views.fragment("staff/editor_form", "editor-form", view)
	if err != nil {
		return err
	}
	answer := editorAnswer{Parts: map[string]string{"form": string(html)}, Hash: view.Hash, Path: view.Path, Focus: view.Focus, Saved: status == fiber.StatusOK, Preview: status == fiber.StatusOK}
	switch {
	case status == fiber.StatusConflict:
		answer.Say = view.Problem + ". Choose below what stands."
	case len(view.Wrong) > 0:
		answer.Say = "Not saved: " + view.Wrong[0].Sentence
	case view.Problem != "":
		answer.Say = "Not saved: " + view.Problem
	case c.Method() == fiber.MethodPost:
		answer.Say = "Saved."
	}
	if c.Method() == fiber.MethodPost {
		if err := s.addParts(&answer, s.editorView(c, draft)); err != nil {
			return err
		}
	}
	return c.Status(status).JSON(answer)
}

// itemExtras is what an item's page has besides its form.
type itemExtras struct {
	ID, Kind, KindTitle, Look string
	Number, Of                int
	Before, After             string // addresses of the items beside it
	Kinds                     []kindGroup
	Parts                     []choiceOption
	Part                      string
	Media                     []mediaSlot
	Locked                    bool
	Library                   string
	Path                      string // of the outline's buttons
}

// itemForm is the form of an item.
func itemFormOf(id questionnaire.ID, item questionnaire.ItemID) editorForm {
	f := editorForm{
		id: id, path: itemPath(id, item), element: "i-" + string(item), missing: missingThing("item"),
		describe: func(b *binder, def *questionnaire.Definition, do string) bool { return describeItem(b, def, item, do) },
		heading: func(def *questionnaire.Definition) string {
			if one, _, _ := findItem(def, item); one != nil {
				return nameItem(def, one)
			}
			return string(item)
		},
		moved: func(to string) editorForm { return itemFormOf(id, questionnaire.ItemID(to)) },
	}
	f.extra = func(_ *fiber.Ctx, view *editorFormView, def *questionnaire.Definition) error {
		one, part, at := findItem(def, item)
		view.Item = extrasOf(id, def, one, part, at)
		view.Deletes = &button{"delete:" + string(item), "Delete this item"}
		view.Preview = previewPath(id, def, part+1, item)
		return nil
	}
	return f
}

func extrasOf(id questionnaire.ID, def *questionnaire.Definition, item *questionnaire.Item, part, at int) *itemExtras {
	info, _ := kindOf(item.Kind)
	extras := &itemExtras{
		ID: string(item.ID), Kind: string(item.Kind), KindTitle: info.Title, Look: info.Look, Kinds: kindGroups, Part: string(def.Parts[part].ID),
		Media: mediaOf(id, def, item), Locked: item.Locked, Library: item.Library, Path: draftPath(id),
	}
	var all []questionnaire.ItemID
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			all = append(all, def.Parts[i].Items[j].ID)
		}
		extras.Parts = append(extras.Parts, choiceOption{string(def.Parts[i].ID), "Part " + inDigits(float64(i+1)) + ": " + cmp.Or(cut(def.Parts[i].Title.In(sourceOf(def), def.Languages...), 50), string(def.Parts[i].ID)), ""})
	}
	n := slices.Index(all, item.ID)
	extras.Number, extras.Of = n+1, len(all)
	if n > 0 {
		extras.Before = itemPath(id, all[n-1])
	}
	if n+1 < len(all) {
		extras.After = itemPath(id, all[n+1])
	}
	return extras
}

// formOf is the form that an address names.
func formOf(c *fiber.Ctx) editorForm {
	id := askedID(c)
	own := func(name string) questionnaire.ItemID { return questionnaire.ItemID(c.Params(name)) }
	switch {
	case c.Params("item") != "":
		return itemFormOf(id, own("item"))
	case c.Params("part") != "":
		return partForm(id, own("part"))
	case c.Params("group") != "":
		return thingForm(id, "group", own("group"), describeGroup)
	case c.Params("scale") != "":
		return thingForm(id, "scale", own("scale"), describeScale)
	case c.Params("measure") != "":
		return thingForm(id, "measure", own("measure"), func(b *binder, def *questionnaire.Definition, own questionnaire.ItemID, _ string) bool {
			return describeMeasure(b, def, own)
		})
	}
	return editorForm{
		id: id, path: draftPath(id) + "/settings", missing: missingThing("questionnaire"), describe: describeWhole,
		heading: func(*questionnaire.Definition) string { return "Title, introduction and languages" },
		extra: func(_ *fiber.Ctx, view *editorFormView, def *questionnaire.Definition) error {
			view.Preview = previewPath(id, def, 0, "")
			return nil
		},
	}
}

// thingForm is the form of a group, a scale or a measure.
func thingForm(id questionnaire.ID, what string, own questionnaire.ItemID, describe func(*binder, *questionnaire.Definition, questionnaire.ItemID, string) bool) editorForm {
	return editorForm{
		id: id, path: draftPath(id) + "/" + what + "s/" + string(own), element: what + "-" + string(own), missing: missingThing(what),
		describe: func(b *binder, def *questionnaire.Definition, do string) bool { return describe(b, def, own, do) },
		heading: func(def *questionnaire.Definition) string {
			return upperFirst(what) + " " + nameIn(def, thingLabel(def, what, own), string(own))
		},
		extra: func(_ *fiber.Ctx, view *editorFormView, _ *questionnaire.Definition) error {
			view.Deletes = &button{"delete_" + what + ":" + string(own), "Delete this " + what}
			return nil
		},
	}
}

// thingLabel is what a group, a scale or a measure is called.
func thingLabel(def *questionnaire.Definition, what string, own questionnaire.ItemID) questionnaire.Text {
	switch what {
	case "group":
		return groupOf(def, own).Label
	case "scale":
		for _, scale := range def.Scales {
			if scale.ID == own {
				return scale.Label
			}
		}
	case "measure":
		for _, m := range def.Measures {
			if m.ID == own {
				return m.Label
			}
		}
	}
	return nil
}

// editorForm shows the form that the address names.
func (s *Server) editorForm(c *fiber.Ctx) error { return s.showForm(c, formOf(c)) }

// saveEditorForm saves it.
func (s *Server) saveEditorForm(c *fiber.Ctx) error { return s.saveForm(c, formOf(c)) }

// chooserView asks which kind of item to add.
type chooserView struct {
	staffPage
	ID, Path, Part, After, Where string
	Kinds                        []kindGroup
	Saved                        []savedRow
}

// chooser shows every kind of item with a line that looks like it.
func (s *Server) chooser(c *fiber.Ctx) error {
	draft, err := s.surveys.Draft(c.UserContext(), askedID(c))
	if err != nil {
		return err
	}
	def := &draft.Definition
	view := chooserView{
		staffPage: s.staffPage(c, "Add an item", draftCrumbs(draft.ID, def)...), ID: string(draft.ID), Path: draftPath(draft.ID),
		Part: c.Query("part"), After: c.Query("after"), Kinds: kindGroups, Where: "at the end",
	}
	view.Sheet, view.Script = editorCSS, editorJS
	if item, _, _ := findItem(def, questionnaire.ItemID(view.After)); item != nil {
		view.Where = "after " + nameItem(def, item)
	} else if n := partNumber(def, questionnaire.ItemID(view.Part)); n > 0 {
		view.Where = "at the end of part " + inDigits(float64(n))
	}
	if view.Saved, err = s.savedRows(c); err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/editor_add", view)
}

// partNumber is which part it is, from 1; 0 if there is none.
func partNumber(def *questionnaire.Definition, part questionnaire.ItemID) int {
	return slices.IndexFunc(def.Parts, func(p questionnaire.Part) bool { return p.ID == part }) + 1
}
