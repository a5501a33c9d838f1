package app

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys/questionnaire"
)

// Two people who change different fields both succeed. Who changes what another
// has changed meanwhile is shown both, field by field, and chooses; nothing typed
// is lost.

// conflict answers a form whose fields were changed since it was shown.
func (s *Server) conflict(c *fiber.Ctx, f editorForm, stale staleForm) error {
	draft, err := s.surveys.Draft(c.UserContext(), f.id)
	if err != nil {
		return err
	}
	view, err := s.formView(c, f, &draft.Definition, nil)
	if err != nil {
		return err
	}
	view.Conflict = differing(stale, stale.mine.posted)
	view.Problem = "Somebody else changed this while you had it open"
	return s.sendForm(c, fiber.StatusConflict, view, draft)
}

// differing compares what was typed with what stands there now.
func differing(stale staleForm, posted url.Values) (rows []conflictRow) {
	theirs := map[string][]string{}
	for _, one := range stale.theirs.shown() {
		theirs[one.name] = append(theirs[one.name], one.value)
	}
	for _, section := range stale.theirs.sections {
		for _, c := range section.Controls {
			rows = append(rows, c.differs(stale.mine, theirs, posted)...)
		}
	}
	return rows
}

// differs compares one control, or each of those that it is made of.
func (c control) differs(mine *binder, theirs map[string][]string, posted url.Values) (rows []conflictRow) {
	switch {
	case c.Kind == "sides":
		for _, side := range c.Sides {
			side.Label = c.Label
			if len(c.Sides) > 1 {
				side.Label += " (" + languageName(side.Lang) + ")"
			}
			rows = append(rows, side.differs(mine, theirs, posted)...)
		}
		return rows
	case c.List != nil:
		return c.listDiffers(mine, posted)
	case c.Logic != nil && !c.Logic.Plain:
		return c.logicDiffers(mine, posted)
	}
	typed, ok := posted[c.Name]
	boxed := c.Kind == "check" || c.Kind == "boxes"
	if boxed {
		_, ok = posted[c.Name+".shown"]
	}
	if !ok || strings.Join(cleaned(typed), "\n") == strings.Join(cleaned(theirs[c.Name]), "\n") {
		return nil
	}
	row := conflictRow{Name: c.Name, Label: c.Label, Theirs: c.say(theirs[c.Name]), Mine: c.say(typed), Lang: c.Lang, Dir: c.Dir, Long: c.Kind == "textarea"}
	if boxed {
		row.Whole = []shownControl{{c.Name + ".shown", "1", ""}}
	}
	for _, v := range typed {
		if boxed || c.Kind == "select" {
			row.Whole = append(row.Whole, shownControl{c.Name, v, ""})
		}
	}
	return []conflictRow{row}
}

func cleaned(values []string) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = clean(v)
	}
	return all
}

// say is the value of a control in words.
func (c control) say(values []string) string {
	if c.Kind == "check" {
		return map[bool]string{true: "yes", false: "no"}[len(values) > 0]
	}
	words := make([]string, 0, len(values))
	for _, v := range values {
		word := v
		for _, o := range c.Options {
			if o.Value == v {
				word = o.Label
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// listDiffers compares a list as a whole, row by row in words.
func (c control) listDiffers(mine *binder, posted url.Values) []conflictRow {
	prefix := c.List.Name + "."
	var typed []shownControl
	for name, values := range posted {
		for _, v := range values {
			if strings.HasPrefix(name, prefix) || strings.HasPrefix(name, "id."+prefix) {
				typed = append(typed, shownControl{name, v, ""})
			}
		}
	}
	ours := mine.list(c.List.Name)
	if ours == nil || len(typed) == 0 || c.List.inWords() == ours.inWords() {
		return nil
	}
	return []conflictRow{{Name: prefix, Label: upperFirst(c.List.Each) + "s", Theirs: c.List.inWords(), Mine: ours.inWords(), Long: true, Whole: typed}}
}

func (b *binder) list(name string) *controlList {
	for _, section := range b.sections {
		for _, c := range section.Controls {
			if c.List != nil && c.List.Name == name {
				return c.List
			}
		}
	}
	return nil
}

// inWords is a list a line a row.
func (l *controlList) inWords() string {
	var lines []string
	for _, row := range l.Rows {
		var values []string
		for _, one := range row.Controls {
			for _, shown := range one.shown() {
				if shown.value != "" {
					values = append(values, shown.value)
				}
			}
		}
		lines = append(lines, strings.Join(values, " – "))
	}
	return strings.Join(lines, "\n")
}

// logicDiffers compares a condition as an expression.
func (c control) logicDiffers(mine *binder, posted url.Values) []conflictRow {
	if _, ok := posted[c.Name]; !ok {
		return nil
	}
	ours := c.Value
	for _, section := range mine.sections {
		for _, one := range section.Controls {
			if one.Name == c.Name {
				ours = one.Value
			}
		}
	}
	if clean(ours) == clean(c.Value) {
		return nil
	}
	return []conflictRow{{Name: c.Name, Label: c.Label, Theirs: c.Value, Mine: ours}}
}

// gone answers a form about what somebody deleted meanwhile: with all that was
// typed, to copy or to bring back by undo.
func (s *Server) gone(c *fiber.Ctx, f editorForm, posted url.Values) error {
	draft, err := s.surveys.Draft(c.UserContext(), f.id)
	if err != nil {
		return err
	}
	view := editorFormView{
		ID: string(f.id), Path: f.path, Back: draftPath(f.id), Heading: "Not there any more",
		Whole: cmp.Or(titleOf(draft.Definition.Title), string(f.id)), Problem: f.missing + " What you typed is below. Undo in the outline brings it back; then put your words in again.",
	}
	view.staffPage = s.staffPage(c, view.Heading, draftCrumbs(f.id, &draft.Definition)...)
	section := editorSection{Legend: "What you typed"}
	for _, name := range slices.Sorted(maps.Keys(posted)) {
		if value := strings.TrimSpace(posted.Get(name)); value != "" && isTyped(name) {
			section.Controls = append(section.Controls, control{Name: "typed." + strconv.Itoa(len(section.Controls)), Label: name, Kind: "textarea", Value: value, Rows: 2})
		}
	}
	view.Sections = []editorSection{section}
	return s.sendForm(c, fiber.StatusConflict, view, draft)
}

// isTyped tells what somebody wrote or chose from what a form says of itself.
func isTyped(name string) bool {
	switch name {
	case "csrf", "hash", "marks", "beside", "do":
		return false
	}
	return !slices.ContainsFunc([]string{".was", ".shown", ".count", ".join"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

// missingThing is what is said of a thing that went away.
func missingThing(what string) string {
	return fmt.Sprintf("Somebody deleted this %s while you had it open.", what)
}

// partForm is the form of a part.
func partForm(id questionnaire.ID, part questionnaire.ItemID) editorForm {
	path := draftPath(id) + "/parts/" + string(part)
	return editorForm{
		id: id, path: path, element: "part-" + string(part), missing: missingThing("part"),
		describe: func(b *binder, def *questionnaire.Definition, do string) bool { return describePart(b, def, part, do) },
		heading: func(def *questionnaire.Definition) string {
			for i := range def.Parts {
				if def.Parts[i].ID == part {
					return "Part " + nameIn(def, def.Parts[i].Title, string(part))
				}
			}
			return "Part"
		},
		extra: func(_ *fiber.Ctx, view *editorFormView, def *questionnaire.Definition) error {
			view.Deletes = &button{"delete_part:" + string(part), "Delete this part with its items"}
			view.Preview = previewPath(id, def, partNumber(def, part), "")
			return nil
		},
	}
}

// nameIn is a text in a sentence, or its id.
func nameIn(def *questionnaire.Definition, text questionnaire.Text, id string) string {
	if words := cut(text.In(sourceOf(def), def.Languages...), 40); words != "" {
		return "“" + words + "”"
	}
	return id
}

// editorAnswer is what the editor's script gets: parts of the page by their id,
// a sentence for the live region, and where to go on.
type editorAnswer struct {
	Parts   map[string]string `json:"parts,omitempty"`
	Say     string            `json:"say,omitempty"`
	Focus   string            `json:"focus,omitempty"`
	Go      string            `json:"go,omitempty"`
	Hash    string            `json:"hash,omitempty"`
	Path    string            `json:"path,omitempty"`    // of the form, which may have a new id
	Preview bool              `json:"preview,omitempty"` // the preview shows something else now
	Saved   bool              `json:"saved"`
}
