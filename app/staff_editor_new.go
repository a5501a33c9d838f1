package app

import (
	"cmp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// newQuestionnaire asks for what a questionnaire begins with.
func (s *Server) newQuestionnaire(c *fiber.Ctx) error {
	f := s.newQuestionnaireForm(c)
	f.put("id", c.Query("id"))
	return s.renderForm(c, fiber.StatusOK, "New questionnaire", f)
}

func (s *Server) newQuestionnaireForm(c *fiber.Ctx) *form {
	f := newForm(s.staffPage(c, ""), "new", "/questionnaires/new", "Begin", fieldset{Fields: []field{
		{Name: "title", Label: "Title", Hint: "Shown at the top of every page, in the first language", Kind: "text", Required: true},
		{Name: "languages", Label: "Languages", Hint: "The language you write in first, then those it is translated into, with commas between: English, Arabic. " + knownLanguages(), Kind: "text", Value: sourceLanguage, Required: true},
		{Name: "id", Label: "Id", Hint: "Leave it blank to have it made of the title. Small letters, digits and _; it never changes.", Kind: "text"},
	}})
	return f
}

func (s *Server) renderForm(c *fiber.Ctx, status int, title string, f *form) error {
	return s.render(c, status, "staff/new_questionnaire", newQuestionnaireView{s.staffPage(c, title, crumb{"Questionnaires", "/questionnaires", false}), f})
}

// newQuestionnaireView is the form of a new questionnaire.
type newQuestionnaireView struct {
	staffPage
	Form *form
}

// createQuestionnaire begins a draft.
func (s *Server) createQuestionnaire(c *fiber.Ctx) error {
	f := s.newQuestionnaireForm(c).fill(c)
	title := clean(typed(c, "title"))
	tags, err := languageTags(typed(c, "languages"))
	if title == "" {
		f.blame("title", "Enter the title")
	}
	if err != nil {
		f.blame("languages", upperFirst(err.Error()))
	}
	if f.Fails() {
		return s.renderForm(c, fiber.StatusUnprocessableEntity, "New questionnaire", f)
	}
	draft, refusal := s.begin(c, questionnaire.Definition{
		Title: questionnaire.Text{tags[0]: title}, Languages: tags, Parts: []questionnaire.Part{{ID: "part_1"}},
	}, title)
	if refusal == nil {
		return sees(c, draftPath(draft.ID))
	}
	status, err := s.refuse(f, refusal)
	if err != nil {
		return err
	}
	return s.renderForm(c, status, "New questionnaire", f)
}

// begin makes the draft under the id that was typed, or under the first free one
// made of the title.
func (s *Server) begin(c *fiber.Ctx, def questionnaire.Definition, title string) (surveys.Draft, error) {
	typedID := strings.TrimSpace(typed(c, "id"))
	taken := map[string]bool{}
	for _, reserved := range surveys.ReservedIDs {
		taken[string(reserved)] = true
	}
	for {
		id := cmp.Or(typedID, proposeID(title, "questionnaire_", taken))
		draft, err := s.surveys.CreateDraft(c.UserContext(), questionnaire.ID(id), def)
		if err == nil || typedID != "" || surveys.KindOf(err) != surveys.KindConflict || len(taken) > 50 {
			return draft, err
		}
		taken[id] = true
	}
}
