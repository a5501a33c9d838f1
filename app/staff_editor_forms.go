package app

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// editorForm is one form of the editor: of an item, a part, a scale, or of the
// whole questionnaire.
type editorForm struct {
	id      questionnaire.ID
	path    string // its address; it is posted to where it is shown
	element string // id of what it is about in the outline; "" of none
	missing string // what is said if it is not there any more
	// describe runs the form; do is what a button said. It reports false if what
	// the form is about is not there any more.
	describe func(b *binder, def *questionnaire.Definition, do string) bool
	// heading names what the form is about.
	heading func(def *questionnaire.Definition) string
	// moved is the form after a save that changed the id; nil if none can.
	moved func(to string) editorForm
	extra func(c *fiber.Ctx, view *editorFormView, def *questionnaire.Definition) error
}

// editorFormView is what the template of a form shows.
type editorFormView struct {
	staffPage
	ID, Path, Back, Heading, Element string
	Whole                            string // title of the questionnaire
	Sections                         []editorSection
	Hash, Marks, Beside              string
	Languages                        []ownName // to put beside the source language
	Source                           ownName
	Saved                            bool
	Problem                          string
	Wrong                            []wrongControl
	Focus                            string
	Conflict                         []conflictRow
	Item                             *itemExtras
	Deletes                          *button // what can be deleted from here
	Preview                          string
}

// wrongControl is one line of the summary of what is wrong.
type wrongControl struct{ Target, Sentence string }

// conflictRow is one field that two people changed.
type conflictRow struct {
	Name, Label, Theirs, Mine string
	Lang, Dir                 string
	Long                      bool
	Whole                     []shownControl // of a list: mine, as posted
}

// errors of an edit that the form itself answers.
type (
	refusedForm struct{ *binder }              // something typed cannot be read
	staleForm   struct{ mine, theirs *binder } // what was shown has changed since
	goneForm    struct{}
)

func (refusedForm) Error() string { return "something typed cannot be read" }
func (staleForm) Error() string   { return "changed since it was shown" }
func (goneForm) Error() string    { return "not there any more" }

// fragmented reports whether a request comes from the editor's script, which puts
// parts of the page in place.
func fragmented(c *fiber.Ctx) bool { return c.Get("Soundings-Fragment") != "" }

// beside is the language shown beside the source language: the one asked for,
// or the second.
func beside(c *fiber.Ctx, def *questionnaire.Definition) string {
	asked := cmp.Or(typed(c, "beside"), c.Query("beside"))
	if asked == "none" || len(def.Languages) < 2 {
		return "none"
	}
	if slices.Contains(def.Languages[1:], asked) {
		return asked
	}
	return def.Languages[1]
}

// shownLanguages are the languages whose words a form has.
func shownLanguages(def *questionnaire.Definition, beside string) []string {
	langs := []string{sourceOf(def)}
	if beside != "none" && slices.Contains(def.Languages, beside) && beside != langs[0] {
		langs = append(langs, beside)
	}
	return langs
}

// postedForm is the body as values, of a form with or without a file.
func postedForm(c *fiber.Ctx) url.Values {
	values := url.Values{}
	if posted, err := c.Request().MultipartForm(); err == nil {
		for name, all := range posted.Value {
			values[name] = all
		}
		return values
	}
	c.Request().PostArgs().VisitAll(func(name, value []byte) { values.Add(string(name), string(value)) })
	return values
}

// showForm answers GET: the form as the draft stands.
func (s *Server) showForm(c *fiber.Ctx, f editorForm) error {
	draft, err := s.surveys.Draft(c.UserContext(), f.id)
	if err != nil {
		return err
	}
	view, err := s.formView(c, f, &draft.Definition, nil)
	if err != nil {
		return err
	}
	view.Saved = c.Query("saved") != ""
	return s.sendForm(c, fiber.StatusOK, view, draft)
}

// formView draws the form; b is one that was read and refused, nil for one as the
// definition stands.
func (s *Server) formView(c *fiber.Ctx, f editorForm, def *questionnaire.Definition, b *binder) (editorFormView, error) {
	side := beside(c, def)
	fresh := &binder{langs: shownLanguages(def, side)}
	if !f.describe(fresh, def, "") {
		return editorFormView{}, &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"}
	}
	view := editorFormView{
		ID: string(f.id), Path: f.path, Back: draftPath(f.id), Heading: f.heading(def), Element: f.element,
		Hash: fresh.hash(), Marks: fresh.marks(), Beside: side, Sections: fresh.sections, Source: ownLanguage(sourceOf(def)),
	}
	for _, tag := range def.Languages[min(1, len(def.Languages)):] {
		view.Languages = append(view.Languages, ownLanguage(tag))
	}
	if b != nil {
		view.Sections, view.Focus = b.sections, domOf(b.focus)
		view.Wrong = wrongIn(b)
	}
	view.staffPage, view.Whole = s.staffPage(c, view.Heading, draftCrumbs(f.id, def)...), cmp.Or(titleOf(def.Title), string(f.id))
	if f.extra != nil {
		if err := f.extra(c, &view, def); err != nil {
			return view, err
		}
	}
	return view, nil
}

func ownLanguage(tag string) ownName { return ownName{tag, languageName(tag), direction(tag)} }

// domOf is the id on the page of the control called name; "" for "".
func domOf(name string) string {
	if name == "" {
		return ""
	}
	return control{Name: name}.ID()
}

// wrongIn lists what is wrong in a form that was read.
func wrongIn(b *binder) []wrongControl {
	var all []wrongControl
	var look func(controls []control, within string)
	look = func(controls []control, within string) {
		for _, c := range controls {
			if c.Error != "" {
				all = append(all, wrongControl{c.ID(), within + c.Label + ": " + c.Error})
			}
			look(c.Sides, within)
			if c.List != nil {
				for _, row := range c.List.Rows {
					look(row.Controls, row.Heading+", ")
				}
			}
		}
	}
	for _, section := range b.sections {
		look(section.Controls, "")
	}
	return all
}

// saveForm answers POST: what was typed goes into the draft, if what the form
// showed still stands there.
func (s *Server) saveForm(c *fiber.Ctx, f editorForm) error {
	posted := postedForm(c)
	do := posted.Get("do")
	posted = resolved(posted)
	before, err := s.surveys.Draft(c.UserContext(), f.id)
	if err != nil {
		return err
	}
	side := beside(c, &before.Definition)
	var last *binder
	label := cmp.Or(f.changed(before.Definition, side, posted, do), "a change")
	edit := func(def *questionnaire.Definition) error {
		b, err := readOnto(f, def, shownLanguages(def, side), posted, do)
		last = b
		return err
	}
	draft, err := s.surveys.EditDraft(c.UserContext(), f.id, label+" of "+f.heading(&before.Definition), edit)
	var refused refusedForm
	var stale staleForm
	switch {
	case errors.As(err, &refused):
		return s.refuseForm(c, f, before, refused.binder)
	case errors.As(err, &stale):
		return s.conflict(c, f, stale)
	case errors.As(err, new(goneForm)):
		return s.gone(c, f, posted)
	case err != nil && surveys.KindOf(err) == surveys.KindInvalid && last != nil:
		return s.refuseWith(c, f, before, last, err)
	case err != nil:
		return err
	}
	return s.savedForm(c, f, draft, last)
}

// changed is the label of what a posted form changes first, which names the step
// for undo; "" if it changes nothing.
func (f editorForm) changed(def questionnaire.Definition, side string, posted url.Values, do string) string {
	def = def.Clone()
	b, err := readOnto(f, &def, shownLanguages(&def, side), posted, do)
	if err != nil {
		return ""
	}
	return b.changed
}

// readOnto reads a posted form into def, or says why not.
func readOnto(f editorForm, def *questionnaire.Definition, langs []string, posted url.Values, do string) (*binder, error) {
	shown := &binder{langs: langs}
	if !f.describe(shown, def, "") {
		return nil, goneForm{}
	}
	if hash := posted.Get("hash"); hash != shown.hash() {
		changed, meets := shown.touched(posted)
		if meets {
			mine := &binder{langs: langs, posted: changed}
			copied := def.Clone()
			f.describe(mine, &copied, "")
			return mine, staleForm{mine, shown}
		}
		posted = changed
	}
	b := &binder{langs: langs, posted: posted}
	if !f.describe(b, def, do) {
		return nil, goneForm{}
	}
	if b.failed {
		return b, refusedForm{b}
	}
	return b, nil
}

// resolved puts into effect what was chosen on the page of a conflict: of each
// field, keep.<name> says whether theirs or mine stands.
func resolved(posted url.Values) url.Values {
	for name := range posted {
		field, ok := strings.CutPrefix(name, "keep.")
		if !ok || posted.Get(name) != "theirs" {
			continue
		}
		if strings.HasSuffix(field, ".") { // a whole list: what is not posted stays as it is
			for other := range posted {
				if strings.HasPrefix(other, field) {
					delete(posted, other)
				}
			}
			continue
		}
		delete(posted, field)
		delete(posted, field+".shown")
	}
	return posted
}

// savedForm answers after a save: the form as it is now, and what else changed.
func (s *Server) savedForm(c *fiber.Ctx, f editorForm, draft surveys.Draft, b *binder) error {
	if b.moved != "" && f.moved != nil {
		f = f.moved(b.moved)
	}
	if !fragmented(c) && b.focus == "" && !b.pending() {
		return sees(c, f.path+"?saved=1&beside="+beside(c, &draft.Definition))
	}
	view, err := s.formView(c, f, &draft.Definition, nil)
	if err != nil {
		return err
	}
	view.Focus, view.Saved = domOf(b.focus), b.changed != ""
	if b.pending() { // a condition that is not complete yet stays on the page
		keepPending(view.Sections, b.sections)
	}
	return s.sendForm(c, fiber.StatusOK, view, draft)
}

// pending reports whether a condition is not complete.
func (b *binder) pending() bool {
	for _, section := range b.sections {
		for _, c := range section.Controls {
			if c.Logic != nil && c.Logic.pending > 0 {
				return true
			}
		}
	}
	return false
}

// keepPending takes the builders of a form that was read over into a fresh one.
func keepPending(fresh, read []editorSection) {
	builders := map[string]*logicBuilder{}
	for _, section := range read {
		for _, c := range section.Controls {
			if c.Logic != nil && c.Logic.pending > 0 {
				builders[c.Name] = c.Logic
			}
		}
	}
	for i := range fresh {
		for j := range fresh[i].Controls {
			if l, ok := builders[fresh[i].Controls[j].Name]; ok {
				fresh[i].Controls[j].Logic, fresh[i].Folded = l, false
			}
		}
	}
}

// refuseForm answers with what was typed and what is wrong with it.
func (s *Server) refuseForm(c *fiber.Ctx, f editorForm, draft surveys.Draft, b *binder) error {
	view, err := s.formView(c, f, &draft.Definition, b)
	if err != nil {
		return err
	}
	view.Hash, view.Marks = typed(c, "hash"), typed(c, "marks")
	return s.sendForm(c, fiber.StatusUnprocessableEntity, view, draft)
}

// refuseWith does so for what the service refused.
func (s *Server) refuseWith(c *fiber.Ctx, f editorForm, draft surveys.Draft, b *binder, refusal error) error {
	view, err := s.formView(c, f, &draft.Definition, b)
	if err != nil {
		return err
	}
	shown := asError(refusal)
	view.Hash, view.Marks, view.Problem = typed(c, "hash"), typed(c, "marks"), s.staffSentence(shown.Key, shown.Args...)
	return s.sendForm(c, fiber.StatusUnprocessableEntity, view, draft)
}
