package app

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

func draftPath(id questionnaire.ID) string { return questionnairePath(id) + "/draft" }

func itemPath(id questionnaire.ID, item questionnaire.ItemID) string {
	return draftPath(id) + "/items/" + string(item)
}

func askedID(c *fiber.Ctx) questionnaire.ID { return questionnaire.ID(c.Params("questionnaire")) }

// draftCrumbs is the way back from a page of the editor.
func draftCrumbs(id questionnaire.ID, def *questionnaire.Definition) []crumb {
	return []crumb{{"Questionnaires", "/questionnaires", false}, {cmp.Or(titleOf(def.Title), string(id)), draftPath(id), false}}
}

// editorView is the editor's page: the outline, the advice beside it, the preview.
type editorView struct {
	staffPage
	ID, Path    string
	Outline     outlineView
	Advice      adviceView
	Preview     previewFrame
	Base        int
	Said        string
	Translation string // address of the languages page
}

// outlineView is the parts and items on one page. Its rows are light: 300 of them
// are shown at once.
type outlineView struct {
	Path, CSRF     string
	Undo, UndoBy   string
	Redo           string
	Parts          []outlinePart
	Groups, Scales []outlineThing
	Measures       []outlineThing
	Items          int
	Problem        string
}

// outlinePart is one part with its items.
type outlinePart struct {
	ID, DOM, Address, Title, Condition string
	Number                             int
	First, Last                        bool
	Items                              []outlineItem
}

// outlineItem is one row.
type outlineItem struct {
	ID, Address, Title, Kind, Look, Marks, Lang, Dir string
	Untitled                                         bool
}

// outlineThing is a group, a scale or a measure.
type outlineThing struct{ ID, Address, Title, About string }

// editor shows the draft of a questionnaire.
func (s *Server) editor(c *fiber.Ctx) error {
	draft, err := s.surveys.Draft(c.UserContext(), askedID(c))
	if err != nil {
		if surveys.KindOf(err) == surveys.KindNotFound {
			return s.noDraft(c, err)
		}
		return err
	}
	view := s.editorView(c, draft)
	view.Said = changesSaid[c.Query("done")]
	return s.render(c, fiber.StatusOK, "staff/editor", view)
}

// noDraft leads to the questionnaire, where a draft is begun by a button.
func (s *Server) noDraft(c *fiber.Ctx, missing error) error {
	published, err := s.surveys.Published(c.UserContext(), askedID(c))
	if err != nil || !published {
		return errors.Join(missing, err)
	}
	return sees(c, questionnairePath(askedID(c)))
}

func (s *Server) editorView(c *fiber.Ctx, draft surveys.Draft) editorView {
	def := &draft.Definition
	view := editorView{
		staffPage: s.staffPage(c, cmp.Or(titleOf(def.Title), string(draft.ID)), crumb{"Questionnaires", "/questionnaires", false}),
		ID:        string(draft.ID), Path: draftPath(draft.ID), Advice: adviceOf(draft), Base: draft.Base,
		Preview: previewFrameOf(draft.ID, def, 1, ""), Translation: questionnairePath(draft.ID) + "/draft/languages",
	}
	view.Outline = outlineOf(draft, view.CSRF)
	allowFrames(c)
	view.Sheet, view.Script = editorCSS, editorJS
	return view
}

func outlineOf(draft surveys.Draft, csrf string) outlineView {
	def := &draft.Definition
	view := outlineView{Path: draftPath(draft.ID), CSRF: csrf, Undo: draft.Undo, UndoBy: draft.UndoBy, Redo: draft.Redo}
	if view.UndoBy == draft.By {
		view.UndoBy = ""
	}
	for i := range def.Parts {
		part := &def.Parts[i]
		one := outlinePart{
			ID: string(part.ID), DOM: "part-" + string(part.ID), Address: view.Path + "/parts/" + string(part.ID), Number: i + 1,
			Title: part.Title.In(sourceOf(def), def.Languages...), First: i == 0, Last: i == len(def.Parts)-1,
		}
		if part.Relevant != "" || len(part.Waves) > 0 {
			one.Condition = "shown only sometimes"
		}
		for j := range part.Items {
			one.Items = append(one.Items, rowOf(draft.ID, def, &part.Items[j]))
			view.Items++
		}
		view.Parts = append(view.Parts, one)
	}
	view.addThings(def)
	return view
}

func (view *outlineView) addThings(def *questionnaire.Definition) {
	for _, g := range def.Groups {
		n := 0
		for i := range def.Parts {
			for j := range def.Parts[i].Items {
				if def.Parts[i].Items[j].Group == g.ID {
					n++
				}
			}
		}
		view.Groups = append(view.Groups, outlineThing{string(g.ID), view.Path + "/groups/" + string(g.ID), cmp.Or(g.Label.In(sourceOf(def), def.Languages...), string(g.ID)), counted(n, "item")})
	}
	for _, scale := range def.Scales {
		about := counted(len(scale.Items)+len(scale.Of), "item")
		view.Scales = append(view.Scales, outlineThing{string(scale.ID), view.Path + "/scales/" + string(scale.ID), cmp.Or(scale.Label.In(sourceOf(def), def.Languages...), string(scale.ID)), about})
	}
	for _, m := range def.Measures {
		about := "of " + string(m.Of)
		if m.Headline {
			about += ", at the top of the report"
		}
		view.Measures = append(view.Measures, outlineThing{string(m.ID), view.Path + "/measures/" + string(m.ID), cmp.Or(m.Label.In(sourceOf(def), def.Languages...), string(m.ID)), about})
	}
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func rowOf(id questionnaire.ID, def *questionnaire.Definition, item *questionnaire.Item) outlineItem {
	info, _ := kindOf(item.Kind)
	source := sourceOf(def)
	row := outlineItem{
		ID: string(item.ID), Address: itemPath(id, item.ID), Title: cut(item.Label.In(source, def.Languages...), 120), Kind: info.Title, Look: info.Look,
		Lang: source, Dir: direction(source),
	}
	if row.Title == "" {
		row.Title, row.Untitled, row.Lang, row.Dir = "No words yet", true, "en", "ltr"
	}
	var marks []string
	mark := func(is bool, word string) {
		if is {
			marks = append(marks, word)
		}
	}
	mark(len(item.Rows) > 0, counted(len(item.Rows), "statement"))
	mark(item.Required, "needs an answer")
	mark(item.Relevant != "" || len(item.Waves) > 0, "shown only sometimes")
	mark(item.Group != "", "in a group")
	mark(item.Locked, "wording locked")
	row.Marks = strings.Join(marks, " · ")
	return row
}

// adviceView is what might be better, and what keeps a draft from being published.
type adviceView struct {
	Minutes  string
	Reading  string
	Problems []adviceLine
	Warnings []adviceLine
	Advice   []adviceLine
}

// adviceLine is one sentence with a link to what it is about.
type adviceLine struct{ Address, About, Sentence string }

func adviceOf(draft surveys.Draft) adviceView {
	def := &draft.Definition
	view := adviceView{Minutes: minutesInWords(def.Minutes(sourceOf(def))), Reading: "no measure for this language"}
	if strings.HasPrefix(sourceOf(def), "en") {
		view.Reading = "too little text to say"
	}
	if age, ok := def.ReadingAge(sourceOf(def)); ok {
		view.Reading = fmt.Sprintf("about %d years", age)
	}
	var problems questionnaire.Problems
	if errors.As(def.Check(), &problems) {
		for _, p := range problems {
			view.Problems = append(view.Problems, problemLine(draft.ID, def, p))
		}
	}
	for _, p := range def.Warnings() {
		view.Warnings = append(view.Warnings, problemLine(draft.ID, def, p))
	}
	if len(def.Measures) == 0 && slices.ContainsFunc(def.Parts, func(p questionnaire.Part) bool { return len(p.Items) > 0 }) {
		view.Advice = append(view.Advice, adviceLine{Sentence: "It has no measure, so the outcomes page will show no figures. Add one under “Groups, scales and measures”. The workbook has every answer either way."})
	}
	for _, a := range def.Advice() {
		line := adviceLine{Sentence: a.Text}
		if item, _, _ := findItem(def, a.Item); item != nil {
			line.Address, line.About = itemPath(draft.ID, a.Item), nameItem(def, item)
		}
		view.Advice = append(view.Advice, line)
	}
	return view
}

// minutesInWords rounds an estimate as one would say it.
func minutesInWords(minutes float64) string {
	if minutes < 1 {
		return "less than a minute"
	}
	return "about " + counted(int(math.Round(minutes)), "minute")
}

// problemLine turns a problem's place into a link and its cause into a sentence.
func problemLine(id questionnaire.ID, def *questionnaire.Definition, p questionnaire.Problem) adviceLine {
	source := sourceOf(def)
	cause := strings.ReplaceAll(p.Cause, "the source language "+strconv.Quote(source), languageName(source))
	line := adviceLine{Sentence: upperFirst(cause) + ".", About: p.Where}
	what, rest, _ := strings.Cut(p.Where, " ")
	name := rest
	if quoted, err := strconv.QuotedPrefix(rest); err == nil {
		name, _ = strconv.Unquote(quoted)
		rest = strings.TrimSpace(rest[len(quoted):])
	}
	switch what {
	case "item":
		if item, _, _ := findItem(def, questionnaire.ItemID(name)); item != nil {
			line.Address, line.About = itemPath(id, item.ID), nameItem(def, item)
			if rest != "" && rest != "label" {
				line.About += ", " + placeInWords(def, item, rest)
			}
		}
	case "part", "group", "scale", "measure":
		if findThing(def, what, questionnaire.ItemID(name)) {
			line.Address = draftPath(id) + "/" + what + "s/" + name
			line.About = upperFirst(what) + " " + cmp.Or(cut(thingLabel(def, what, questionnaire.ItemID(name)).In(sourceOf(def), def.Languages...), 40), name)
			if n := partNumber(def, questionnaire.ItemID(name)); what == "part" && n > 0 {
				line.About = "Part " + strconv.Itoa(n)
			}
		}
	case "title", "intro", "readers", "thanks", "help", "languages":
		line.Address, line.About = draftPath(id)+"/settings", upperFirst(what)
	case "parts":
		line.About = "The questionnaire"
	}
	return line
}

// placeInWords says where in an item something is, as in `choice "3" label`:
// “choice “Happy””.
func placeInWords(def *questionnaire.Definition, item *questionnaire.Item, place string) string {
	what, rest, _ := strings.Cut(place, " ")
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return fieldInWords(place)
	}
	code, _ := strconv.Unquote(quoted)
	field := strings.TrimSpace(rest[len(quoted):])
	words := code
	switch what {
	case "choice":
		for _, choice := range item.Choices {
			if choice.Code == code {
				words = cmp.Or(choice.Label.In(sourceOf(def), def.Languages...), code)
			}
		}
	case "row":
		what = "statement"
		for _, row := range item.Rows {
			if string(row.ID) == code {
				words = cmp.Or(row.Label.In(sourceOf(def), def.Languages...), code)
			}
		}
	}
	if field == "label" || field == "" {
		return fmt.Sprintf("%s “%s”", what, cut(words, 40))
	}
	return fmt.Sprintf("%s “%s”, %s", what, cut(words, 40), fieldInWords(field))
}

// findThing reports whether a part, group, scale or measure is there.
func findThing(def *questionnaire.Definition, what string, id questionnaire.ItemID) bool {
	switch what {
	case "part":
		return slices.ContainsFunc(def.Parts, func(p questionnaire.Part) bool { return p.ID == id })
	case "group":
		return slices.ContainsFunc(def.Groups, func(g questionnaire.Group) bool { return g.ID == id })
	case "scale":
		return slices.ContainsFunc(def.Scales, func(sc questionnaire.Scale) bool { return sc.ID == id })
	}
	return slices.ContainsFunc(def.Measures, func(m questionnaire.Measure) bool { return m.ID == id })
}
