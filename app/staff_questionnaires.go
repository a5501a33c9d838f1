package app

import (
	"cmp"
	"encoding/json"
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

// questionnairesView lists what is published and asks for another version.
type questionnairesView struct {
	staffPage
	Questionnaires []questionnaireRow
	Upload         *form
}

// questionnaireRow is one questionnaire in its newest version.
type questionnaireRow struct {
	ID, Address, Title, Languages, Published string
	Version, Questions                       int
	Programmes                               []crumb
}

func questionnairePath(id questionnaire.ID) string { return "/questionnaires/" + string(id) }

func (s *Server) questionnairesView(c *fiber.Ctx) (questionnairesView, error) {
	page := s.staffPage(c, "Questionnaires", crumb{"Programmes", "/programmes", false})
	view := questionnairesView{staffPage: page, Upload: newForm(page, "questionnaire", "/questionnaires", "Publish", fieldset{Fields: []field{
		{Name: "id", Label: "Id", Hint: "As in pupil_workshop: small letters, digits and _. The id of a questionnaire above publishes its next version.", Kind: "text", Required: true},
		{Name: "file", Label: "File", Hint: "The definition as JSON", Kind: "file"},
		{Name: "definition", Label: "Or paste the definition here", Kind: "textarea", Rows: 12},
	}})}
	all, err := s.surveys.Questionnaires(c.UserContext())
	if err != nil {
		return view, err
	}
	programmes, err := s.surveys.Programmes(c.UserContext())
	if err != nil {
		return view, err
	}
	for _, q := range all {
		view.Questionnaires = append(view.Questionnaires, questionnaireRowOf(q, programmes))
	}
	return view, nil
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
		ID: string(item.ID), Kind: kindWords[item.Kind], Label: say(item.Label), Hint: say(item.Hint),
		Waves: wavesInWords(item.Waves), Required: item.Required,
	}
	for _, row := range item.Rows {
		one.Rows = append(one.Rows, lineText{string(row.ID), say(row.Label)})
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

// kindWords are the kinds of item in words.
var kindWords = map[questionnaire.Kind]string{
	questionnaire.KindRating: "rating of statements", questionnaire.KindThenNow: "rating of then and now", questionnaire.KindScale0To10: "scale from 0 to 10",
	questionnaire.KindFaces: "faces", questionnaire.KindSingleChoice: "one choice", questionnaire.KindMultipleChoice: "several choices",
	questionnaire.KindNumber: "number", questionnaire.KindShortText: "short text", questionnaire.KindLongText: "long text",
	questionnaire.KindStatement: "shown, not answered", questionnaire.KindConsent: "consent", questionnaire.KindLinkageCode: "code that pairs answers",
	questionnaire.KindScale: "scale", questionnaire.KindPictures: "pictures", questionnaire.KindRanking: "ranking", questionnaire.KindDate: "date",
	questionnaire.KindTime: "time", questionnaire.KindDateTime: "date and time", questionnaire.KindAcknowledge: "box to tick",
	questionnaire.KindCalculated: "worked out, not shown", questionnaire.KindHidden: "kept, not shown",
}

// definition sends the newest definition as it can be published again.
func (s *Server) definition(c *fiber.Ctx) error {
	instrument, err := s.surveys.Questionnaire(c.UserContext(), questionnaire.ID(c.Params("questionnaire")))
	if err != nil {
		return err
	}
	v := instrument.Version()
	body, err := json.MarshalIndent(v.Definition, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding a definition: %w", err)
	}
	c.Attachment(fmt.Sprintf("%s-version-%d.json", v.Questionnaire, v.Number))
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(body)
}

// questionnaireOptions are the published questionnaires to choose from.
func (s *Server) questionnaireOptions(c *fiber.Ctx) ([]choiceOption, error) {
	all, err := s.surveys.Questionnaires(c.UserContext())
	if err != nil {
		return nil, err
	}
	options := []choiceOption{{"", "Choose …", ""}}
	for _, q := range all {
		options = append(options, choiceOption{string(q.ID), cmp.Or(titleOf(q.Title), string(q.ID)) + " (" + string(q.ID) + ")", ""})
	}
	return options, nil
}
