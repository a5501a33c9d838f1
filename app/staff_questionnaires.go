package app

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// questionnairesView lists what is published, what is being written, and what is
// retired.
type questionnairesView struct {
	staffPage
	Drafts                  []draftRow
	Questionnaires, Retired []questionnaireRow
	Upload                  *form
}

// draftRow is one draft.
type draftRow struct {
	ID, Address, Title, Languages, Changed, By, About string
	Questions                                         int
}

// questionnaireRow is one questionnaire in its newest version.
type questionnaireRow struct {
	ID, Address, Title, Languages, Published string
	Version, Questions                       int
	Programmes                               []crumb
	Draft                                    bool
}

func questionnairePath(id questionnaire.ID) string { return "/questionnaires/" + string(id) }

func (s *Server) questionnairesView(c *fiber.Ctx) (questionnairesView, error) {
	page := s.staffPage(c, "Questionnaires", crumb{"Programmes", "/programmes", false})
	view := questionnairesView{staffPage: page, Upload: newForm(page, "questionnaire", "/questionnaires", "Publish", fieldset{Fields: []field{
		{Name: "id", Label: "Id", Hint: "As in pupil_workshop: small letters, digits and _. The id of a questionnaire above publishes its next version.", Kind: "text", Required: true},
		{Name: "file", Label: "File", Hint: "The definition as JSON", Kind: "file"},
		{Name: "definition", Label: "Or paste the definition here", Kind: "textarea", Rows: 12},
	}})}
	return view, s.listQuestionnaires(c, &view)
}

// listQuestionnaires fills the three lists.
func (s *Server) listQuestionnaires(c *fiber.Ctx, view *questionnairesView) error {
	ctx := c.UserContext()
	all, err := s.surveys.Questionnaires(ctx)
	if err != nil {
		return err
	}
	programmes, err := s.surveys.Programmes(ctx)
	if err != nil {
		return err
	}
	drafts, err := s.surveys.Drafts(ctx)
	if err != nil {
		return err
	}
	written := map[questionnaire.ID]bool{}
	for _, d := range drafts {
		written[d.ID] = true
		view.Drafts = append(view.Drafts, draftRowOf(d))
	}
	for _, q := range all {
		row := questionnaireRowOf(q, programmes)
		row.Draft = written[q.ID]
		retired, err := s.surveys.Retired(ctx, q.ID)
		if err != nil {
			return err
		}
		if retired {
			view.Retired = append(view.Retired, row)
		} else {
			view.Questionnaires = append(view.Questionnaires, row)
		}
	}
	return nil
}

func draftRowOf(d surveys.Draft) draftRow {
	row := draftRow{
		ID: string(d.ID), Address: draftPath(d.ID), Title: cmp.Or(titleOf(d.Definition.Title), string(d.ID)), Languages: languagesInWords(d.Definition.Languages),
		Changed: d.Changed.Format("2006-01-02 15:04"), By: d.By, About: "new", Questions: countItems(&d.Definition),
	}
	if d.Base > 0 {
		row.About = fmt.Sprintf("changes version %d", d.Base)
	}
	return row
}

func questionnaireRowOf(q surveys.QuestionnaireSummary, programmes []surveys.Programme) questionnaireRow {
	row := questionnaireRow{
		ID: string(q.ID), Address: questionnairePath(q.ID), Title: titleOf(q.Title), Version: q.Version,
		Questions: q.Questions, Published: q.Published.Format(time.DateOnly),
	}
	var names []string
	for _, tag := range q.Languages {
		names = append(names, languageName(tag))
	}
	row.Languages = strings.Join(names, ", ")
	for _, p := range programmes {
		if slices.Contains(q.Programmes, p.ID) {
			row.Programmes = append(row.Programmes, crumb{p.Name, programmePath(p.ID), false})
		}
	}
	return row
}

// titleOf is a text in English, or in the first language it has.
func titleOf(t questionnaire.Text) string {
	return t.In(sourceLanguage, slices.Sorted(maps.Keys(t))...)
}

// questionnaires lists what is published.
func (s *Server) questionnaires(c *fiber.Ctx) error {
	view, err := s.questionnairesView(c)
	if err != nil {
		return err
	}
	if id := c.Query("id"); view.Upload.Sets[0].Fields[0].Value == "" {
		view.Upload.Sets[0].Fields[0].Value = id
	}
	return s.render(c, fiber.StatusOK, "staff/questionnaires", view)
}

// publishQuestionnaire freezes what was sent as the next version of a questionnaire.
func (s *Server) publishQuestionnaire(c *fiber.Ctx) error {
	id := questionnaire.ID(strings.TrimSpace(typed(c, "id")))
	text, err := sentDefinition(c)
	if err != nil {
		return err
	}
	refusal := s.publishText(c, id, text)
	if refusal == nil {
		return sees(c, questionnairePath(id))
	}
	view, err := s.questionnairesView(c)
	if err != nil {
		return err
	}
	status, err := s.refusePublishing(view.Upload.fill(c), refusal)
	if err != nil {
		return err
	}
	if len(text) <= questionnaire.DefinitionLimit {
		view.Upload.put("definition", strings.ToValidUTF8(text, "\ufffd")) // of the file too: here it can be mended
	}
	return s.render(c, status, "staff/questionnaires", view)
}

func (s *Server) publishText(c *fiber.Ctx, id questionnaire.ID, text string) error {
	if id == "" {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "field.invalid", Args: []any{"id", "required"}, Field: "id"}
	}
	if strings.TrimSpace(text) == "" {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "questionnaire.choose_file", Field: "file"}
	}
	def, err := questionnaire.ParseDefinition([]byte(text))
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "questionnaire.invalid", Args: []any{err.Error()}, Field: "definition", Err: err}
	}
	_, err = s.surveys.Publish(c.UserContext(), id, def)
	return err
}

// sentDefinition is the text of the file, or what was pasted.
func sentDefinition(c *fiber.Ctx) (text string, err error) {
	posted, err := c.Request().MultipartForm()
	if err != nil || len(posted.File["file"]) == 0 || posted.File["file"][0].Size == 0 {
		return typed(c, "definition"), nil
	}
	file, err := posted.File["file"][0].Open()
	if err != nil {
		return "", fmt.Errorf("opening an uploaded file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	raw, err := io.ReadAll(file)
	if err != nil {
		return "", fmt.Errorf("reading an uploaded file: %w", err)
	}
	return strings.TrimPrefix(string(raw), "\ufeff"), nil
}

// refusePublishing lists each problem of a definition on a line of its own.
func (s *Server) refusePublishing(f *form, refusal error) (int, error) {
	var problems questionnaire.Problems
	if !errors.As(refusal, &problems) {
		return s.refuse(f, refusal)
	}
	f.blame("definition", "Mend the questionnaire, then publish it again: what is wrong is listed above")
	for _, p := range problems {
		f.Details = append(f.Details, p.Where+": "+p.Cause)
	}
	return fiber.StatusUnprocessableEntity, nil
}

// questionnaireView shows one questionnaire in each of its languages.
type questionnaireView struct {
	staffPage
	ID, Address, Published string
	Version                int
	Draft, Retired, Shared bool
	Languages              []questionnaireText
}

// questionnaireText is a questionnaire in one language.
type questionnaireText struct {
	ownName
	Title, Intro, Readers, Thanks, Help string
	Parts                               []partText
}

// partText is one part with its items.
type partText struct {
	Title, Waves string
	Items        []itemText
}

// itemText is one item: what it asks and what can be answered.
type itemText struct {
	ID, Kind, Label, Hint, Waves string
	Required                     bool
	Rows, Choices                []lineText
}

// lineText is a row, a prompt or a choice with its id or code.
type lineText struct{ ID, Label string }

// shareQuestionnaire lets the designers of every programme look at it, or ends that.
func (s *Server) shareQuestionnaire(c *fiber.Ctx) error {
	id := questionnaire.ID(c.Params("questionnaire"))
	if err := s.surveys.ShareQuestionnaire(c.UserContext(), id, typed(c, "do") == "share"); err != nil {
		return err
	}
	return sees(c, questionnairePath(id))
}

// questionnaire shows the newest version.
func (s *Server) questionnaire(c *fiber.Ctx) error {
	instrument, err := s.surveys.Questionnaire(c.UserContext(), questionnaire.ID(c.Params("questionnaire")))
	if err != nil {
		return err
	}
	v := instrument.Version()
	page := s.staffPage(c, titleOf(v.Definition.Title), crumb{"Programmes", "/programmes", false}, crumb{"Questionnaires", "/questionnaires", false})
	view := questionnaireView{
		staffPage: page, ID: string(v.Questionnaire), Address: questionnairePath(v.Questionnaire), Version: v.Number,
		Published: v.Published.Format(time.DateOnly),
	}
	for _, tag := range v.Definition.Languages {
		view.Languages = append(view.Languages, textIn(&v.Definition, tag))
	}
	if view.Retired, err = s.surveys.Retired(c.UserContext(), v.Questionnaire); err != nil {
		return err
	}
	if view.Shared, err = s.surveys.SharedQuestionnaire(c.UserContext(), v.Questionnaire); err != nil {
		return err
	}
	if _, err := s.surveys.Draft(c.UserContext(), v.Questionnaire); err == nil {
		view.Draft = true
	} else if surveys.KindOf(err) != surveys.KindNotFound {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/questionnaire", view)
}

func textIn(def *questionnaire.Definition, tag string) questionnaireText {
	say := func(t questionnaire.Text) string { return t.In(tag, def.Languages...) }
	text := questionnaireText{
		ownName: ownName{tag, languageName(tag), direction(tag)},
		Title:   say(def.Title), Intro: say(def.Intro), Readers: say(def.Readers), Thanks: say(def.Thanks), Help: say(def.Help),
	}
	for _, part := range def.Parts {
		one := partText{Title: say(part.Title), Waves: wavesInWords(part.Waves)}
		for i := range part.Items {
			one.Items = append(one.Items, itemIn(&part.Items[i], say))
		}
		text.Parts = append(text.Parts, one)
	}
	return text
}

func itemIn(item *questionnaire.Item, say func(questionnaire.Text) string) itemText {
	one := itemText{
		ID: string(item.ID), Kind: kindInWords(item.Kind), Label: say(item.Label), Hint: say(item.Hint),
		Waves: wavesInWords(item.Waves), Required: item.Required,
	}
	for _, row := range item.Rows {
		one.Rows = append(one.Rows, lineText{string(row.ID), say(row.Label)})
	}
	if item.Card {
		one.Rows = append(one.Rows, lineText{"card", "The code of a printed card"})
	}
	for _, prompt := range item.Prompts {
		one.Rows = append(one.Rows, lineText{string(prompt.ID), say(prompt.Label)})
	}
	for _, choice := range item.Choices {
		one.Choices = append(one.Choices, lineText{choice.Code, say(choice.Label)})
	}
	if low, high := say(item.Low), say(item.High); low != "" || high != "" {
		one.Choices = append([]lineText{{"0", low}, {"10", high}}, one.Choices...)
	}
	return one
}

// wavesInWords says when something is asked; "" is always.
func wavesInWords(waves []questionnaire.Wave) string {
	var words []string
	for _, w := range waves {
		words = append(words, strings.ToLower(waveWords[w]))
	}
	return strings.Join(words, ", ")
}

// kindInWords is a kind of item in a sentence.
func kindInWords(kind questionnaire.Kind) string {
	info, _ := kindOf(kind)
	return lowerFirst(info.Title)
}

// questionnaireOptions are the published questionnaires to choose from.
func (s *Server) questionnaireOptions(c *fiber.Ctx) ([]choiceOption, error) {
	all, err := s.surveys.Questionnaires(c.UserContext())
	if err != nil {
		return nil, err
	}
	options := []choiceOption{{"", "Choose …", ""}}
	for _, q := range all {
		if q.Retired {
			continue
		}
		options = append(options, choiceOption{string(q.ID), cmp.Or(titleOf(q.Title), string(q.ID)) + " (" + string(q.ID) + ")", ""})
	}
	return options, nil
}
