package app

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/translation"
)

func languagesPath(id questionnaire.ID) string { return draftPath(id) + "/languages" }

// ofSheet marks the previews of translators' sheets of one draft.
func ofSheet(id questionnaire.ID) string { return "sheet:" + string(id) }

// languagesView shows how far a draft is translated.
type languagesView struct {
	staffPage
	ID, Path, Draft string // id, address of this page, address of the editor
	Source          ownName
	Total           int // texts to translate
	Languages       []translatedInto
	Add, Upload     *form
	Said            string // what was just done
	Refusal         *importReport
}

// translatedInto is one language of a draft besides the source language.
type translatedInto struct {
	languageShare
	Done, Total int
	OwnWords    string // how far the product's own sentences are translated
	Missing     []translation.Place
	More        int // missing texts that are not shown
}

// shownMissing is how many missing texts the page lists; the sheet has all.
const shownMissing = 30

func shareOf(def questionnaire.Definition, tag string) languageShare {
	name := languageName(tag)
	if name == language.Und.String() { // a private tag, of a file that does not name its language
		name = tag
	}
	return languageShare{ownName{tag, name, direction(tag)}, translation.Done(def, tag).Percent()}
}

func (s *Server) languages(c *fiber.Ctx) error {
	view, err := s.languagesView(c)
	if err != nil {
		return err
	}
	view.Said = saidOf(c)
	return s.render(c, fiber.StatusOK, "staff/languages", view)
}

// saidOf is the sentence about what the page before has done.
func saidOf(c *fiber.Ctx) string {
	kept, err := strconv.Atoi(c.Query("kept"))
	if err != nil || kept < 0 {
		return ""
	}
	return counted(kept, "text") + " taken over. The editor can undo it."
}

func (s *Server) languagesView(c *fiber.Ctx) (languagesView, error) {
	id := askedID(c)
	draft, err := s.surveys.Draft(c.UserContext(), id)
	if err != nil {
		return languagesView{}, err
	}
	def := draft.Definition
	page := s.staffPage(c, "Languages", draftCrumbs(id, &def)...)
	view := languagesView{staffPage: page, ID: string(id), Path: languagesPath(id), Draft: draftPath(id)}
	for i, tag := range def.Languages {
		progress := translation.Done(def, tag)
		if i == 0 {
			view.Source, view.Total = ownName{tag, languageName(tag), direction(tag)}, progress.Total
			continue
		}
		one := translatedInto{languageShare: shareOf(def, tag), Done: progress.Done, Total: progress.Total, OwnWords: s.locales.ownWords(tag), Missing: progress.Missing}
		if n := len(one.Missing); n > shownMissing {
			one.Missing, one.More = one.Missing[:shownMissing], n-shownMissing
		}
		view.Languages = append(view.Languages, one)
	}
	view.Add = s.addLanguageForm(page, id, def)
	view.Upload = newForm(page, "sheet", view.Path+"/sheets", "Read it", fieldset{Fields: []field{
		{Name: "file", Label: "The sheet, filled in", Hint: "The .xlsx from here. What it changes is shown before anything is kept.", Kind: "file", Required: true},
	}})
	return view, nil
}

func (s *Server) addLanguageForm(page staffPage, id questionnaire.ID, def questionnaire.Definition) *form {
	options := []choiceOption{{"", "Choose …", ""}}
	for _, tag := range s.locales.languages() {
		if !slices.Contains(def.Languages, tag) {
			options = append(options, choiceOption{tag, languageName(tag) + " (" + tag + ")", ""})
		}
	}
	return newForm(page, "add", languagesPath(id), "Add the language", fieldset{Fields: []field{
		{Name: "language", Label: "Language", Hint: "Buttons and messages are there in these already.", Kind: "select", Options: options},
		{Name: "tag", Label: "Or another one, by its code", Hint: "A BCP 47 code, as sw for Swahili or zh-Hant. Buttons and messages are then in English.", Kind: "text"},
	}})
}

// changeLanguages adds a language to a draft, or takes one out with its texts.
func (s *Server) changeLanguages(c *fiber.Ctx) error {
	if tag := typed(c, "remove"); tag != "" {
		if err := s.removeLanguage(c, tag); err != nil {
			return err
		}
		return sees(c, languagesPath(askedID(c)))
	}
	err := s.addLanguage(c, cmp.Or(strings.TrimSpace(typed(c, "tag")), typed(c, "language")))
	if err == nil {
		return sees(c, languagesPath(askedID(c)))
	}
	view, viewErr := s.languagesView(c)
	if viewErr != nil {
		return viewErr
	}
	status, err := s.refuse(view.Add.fill(c), err)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/languages", view)
}

func (s *Server) addLanguage(c *fiber.Ctx, tag string) error {
	parsed, err := language.Parse(tag)
	if err != nil || parsed == language.Und {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "translation.choose_language", Field: "tag", Err: err}
	}
	_, err = s.surveys.EditDraft(c.UserContext(), askedID(c), "add the language "+languageName(parsed.String()), func(def *questionnaire.Definition) error {
		if slices.Contains(def.Languages, parsed.String()) {
			return &surveys.Error{Kind: surveys.KindInvalid, Key: "translation.there_already", Args: []any{languageName(parsed.String())}, Field: "tag"}
		}
		def.Languages = append(def.Languages, parsed.String())
		return nil
	})
	return err
}

// removeLanguage takes a language out; the source language stays. To take out
// what is not there does nothing.
func (s *Server) removeLanguage(c *fiber.Ctx, tag string) error {
	_, err := s.surveys.EditDraft(c.UserContext(), askedID(c), "remove the language "+languageName(tag), func(def *questionnaire.Definition) error {
		at := slices.Index(def.Languages, tag)
		if at == 0 {
			return &surveys.Error{Kind: surveys.KindInvalid, Key: "translation.keep_source", Args: []any{languageName(tag)}}
		}
		if at > 0 {
			withoutLanguage(def, at)
		}
		return nil
	})
	return err
}

func withoutLanguage(def *questionnaire.Definition, at int) {
	tag := def.Languages[at]
	def.Languages = slices.Delete(def.Languages, at, at+1)
	for _, w := range def.Wordings() {
		delete(w.Text, tag)
	}
	for i := range def.Parts {
		for j := range def.Parts[i].Items {
			delete(def.Parts[i].Items[j].Audio, tag)
		}
	}
}

// sendSheet sends the translator's workbook: of one language, or of all.
func (s *Server) sendSheet(c *fiber.Ctx) error {
	id := askedID(c)
	draft, err := s.surveys.Draft(c.UserContext(), id)
	if err != nil {
		return err
	}
	var langs []string
	name := string(id) + "-translation"
	if lang := c.Query("language"); lang != "" {
		if !slices.Contains(draft.Definition.Languages, lang) {
			return &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"}
		}
		langs, name = []string{lang}, name+"-"+lang
	}
	data, err := translation.Write(draft.Definition, langs...)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "translation.add_language_first", Err: err}
	}
	c.Attachment(name + ".xlsx")
	c.Set(fiber.HeaderContentType, workbookType)
	return c.Send(data)
}

// readSheet keeps a sheet for its preview, or says why it is none.
func (s *Server) readSheet(c *fiber.Ctx) error {
	id := askedID(c)
	view, err := s.languagesView(c)
	if err != nil {
		return err
	}
	data, err := sentFile(c, "file")
	if err != nil {
		return err
	}
	if len(data) == 0 {
		view.Upload.blame("file", "Choose the sheet to read")
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/languages", view)
	}
	draft, err := s.surveys.Draft(c.UserContext(), id)
	if err != nil {
		return err
	}
	_, err = s.reviewSheet(c.UserContext(), draft.Definition, data)
	if busy := (*surveys.Error)(nil); errors.As(err, &busy) {
		return err
	}
	if err != nil {
		view.Upload.blame("file", "Choose a translator’s sheet from here")
		view.Upload.Details = strings.Split(err.Error(), "\n")
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/languages", view)
	}
	preview, err := s.surveys.KeepPreview(c.UserContext(), ofSheet(id), data)
	if err != nil {
		return err
	}
	return sees(c, view.Path+"/sheets/"+preview)
}

// sheetView shows what a sheet changes, and what it cannot.
type sheetView struct {
	staffPage
	Path, Languages string // address of this page, and of the languages' page
	Source          ownName
	Review          translation.Review
	Changes, Stale  []sheetChange
	Problem         string
}

// sheetChange is one text of a sheet, in its language.
type sheetChange struct {
	translation.Change
	ownName
}

func changesOf(list []translation.Change) []sheetChange {
	changes := make([]sheetChange, len(list))
	for i, change := range list {
		changes[i] = sheetChange{change, ownName{change.Lang, languageName(change.Lang), direction(change.Lang)}}
	}
	return changes
}

// sheetPreview compares the sheet with the draft as it is now.
func (s *Server) sheetPreview(c *fiber.Ctx) error {
	view, _, err := s.sheetView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/sheet", view)
}

func (s *Server) sheetView(c *fiber.Ctx) (sheetView, []byte, error) {
	id := askedID(c)
	draft, err := s.surveys.Draft(c.UserContext(), id)
	if err != nil {
		return sheetView{}, nil, err
	}
	data, err := s.surveys.Preview(c.UserContext(), ofSheet(id), c.Params("preview"))
	if err != nil {
		return sheetView{}, nil, err
	}
	review, err := s.reviewSheet(c.UserContext(), draft.Definition, data)
	if err != nil {
		return sheetView{}, nil, fmt.Errorf("reading a sheet that was read before: %w", err)
	}
	crumbs := append(draftCrumbs(id, &draft.Definition), crumb{"Languages", languagesPath(id), false})
	source := cmp.Or(append(slices.Clone(draft.Definition.Languages), sourceLanguage)...)
	return sheetView{
		staffPage: s.staffPage(c, "What the sheet changes", crumbs...), Path: c.Path(), Languages: languagesPath(id),
		Source: ownName{source, languageName(source), direction(source)}, Review: review,
		Changes: changesOf(review.Changes), Stale: changesOf(review.Stale),
	}, data, nil
}

// keepSheet takes the sheet over into the draft as it is at this moment: what
// can be taken over, and of what is held back what was ticked.
func (s *Server) keepSheet(c *fiber.Ctx) error {
	id := askedID(c)
	view, data, err := s.sheetView(c)
	if err != nil {
		return err
	}
	wanted, kept := typedAll(c, "stale"), 0
	_, err = s.surveys.EditDraft(c.UserContext(), id, "take over a translator’s sheet", func(def *questionnaire.Definition) error {
		review, err := s.reviewSheet(c.UserContext(), *def, data)
		if err != nil {
			return err
		}
		changes := review.Changes
		for _, change := range review.Stale {
			if slices.Contains(wanted, change.Lang+" "+change.Key) {
				changes = append(changes, change)
			}
		}
		kept = len(changes) - len(translation.Apply(def, changes))
		return nil
	})
	if err != nil {
		if surveys.KindOf(err) != surveys.KindInvalid {
			return err
		}
		view.Problem = s.staffSentence(asError(err).Key, asError(err).Args...)
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/sheet", view)
	}
	if err := s.surveys.DropPreview(c.UserContext(), ofSheet(id), c.Params("preview")); err != nil {
		return err
	}
	return sees(c, languagesPath(id)+"?kept="+strconv.Itoa(kept))
}
