package app

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// importPath is where files are read; a preview's id follows.
const importPath = "/questionnaires/import"

// ofImport marks the previews of this page.
const ofImport = "import"

// importView asks for a file.
type importView struct {
	staffPage
	Upload *form
	Report *importReport // of a file that was refused; nil: none was sent
}

// importReport is a file row by row.
type importReport struct {
	Source  string
	Refused bool
	Facts   []importFact
	Notices []importNotice
	Kinds   []noticeKind
}

// noticeKind is how often one kind of notice occurs, to see at a glance.
type noticeKind struct {
	Code, Words string
	Count       int
}

// Where says in words where in the file a notice is.
func (n importNotice) Where() string {
	var words []string
	if n.Sheet != "" {
		words = append(words, n.Sheet)
	}
	if n.Row > 0 {
		words = append(words, "row "+strconv.Itoa(n.Row))
	}
	if n.Column != "" {
		words = append(words, n.Column)
	}
	return cmp.Or(strings.Join(words, ", "), "the file")
}

func (s *Server) importForm(page staffPage) *form {
	return newForm(page, "import", importPath, "Read it", fieldset{Fields: []field{
		{Name: "file", Label: "File", Hint: "An XLSForm workbook (.xlsx), a LimeSurvey survey structure (.lss) or a definition of Soundings (.json), up to 10 MB", Kind: "file", Required: true},
	}})
}

func (s *Server) importPage(c *fiber.Ctx) error {
	page := s.staffPage(c, "Import a questionnaire", crumb{"Questionnaires", "/questionnaires", false})
	return s.render(c, fiber.StatusOK, "staff/import", importView{staffPage: page, Upload: s.importForm(page)})
}

// readUpload reads the file that was sent and shows what it holds: nothing of it
// is kept but for the preview, which ends by itself.
func (s *Server) readUpload(c *fiber.Ctx) error {
	page := s.staffPage(c, "Import a questionnaire", crumb{"Questionnaires", "/questionnaires", false})
	view := importView{staffPage: page, Upload: s.importForm(page)}
	data, err := sentFile(c, "file")
	if err != nil {
		return err
	}
	if len(data) == 0 {
		view.Upload.blame("file", "Choose the file to read")
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/import", view)
	}
	in, err := s.readFile(c.UserContext(), data)
	var refused *refusedImport
	if errors.As(err, &refused) {
		report := reportOf(refused.source, nil, refused.notices)
		report.Refused = true
		view.Report = &report
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/import", view)
	}
	if err != nil {
		return err
	}
	body, err := in.encode()
	if err != nil {
		return fmt.Errorf("encoding what was read of a file: %w", err)
	}
	id, err := s.surveys.KeepPreview(c.UserContext(), ofImport, body)
	if err != nil {
		return err
	}
	return sees(c, importPath+"/"+id)
}

// sentFile is the content of an uploaded file; nothing if none was sent.
func sentFile(c *fiber.Ctx, name string) (data []byte, err error) {
	posted, err := c.Request().MultipartForm()
	if err != nil || len(posted.File[name]) == 0 || posted.File[name][0].Size == 0 {
		return nil, nil
	}
	file, err := posted.File[name][0].Open()
	if err != nil {
		return nil, fmt.Errorf("opening an uploaded file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if data, err = io.ReadAll(file); err != nil {
		return nil, fmt.Errorf("reading an uploaded file: %w", err)
	}
	return data, nil
}

func reportOf(source string, facts []importFact, notices []importNotice) importReport {
	report := importReport{Source: source, Facts: facts, Notices: notices}
	at := map[string]int{}
	for _, n := range notices {
		i, ok := at[n.Code]
		if !ok {
			i = len(report.Kinds)
			at[n.Code] = i
			report.Kinds = append(report.Kinds, noticeKind{Code: n.Code, Words: codeInWords(n.Code)})
		}
		report.Kinds[i].Count++
	}
	return report
}

// codeInWords makes words of a notice's code: "W_TYPE_DROPPED" is "type dropped".
func codeInWords(code string) string {
	_, words, _ := strings.Cut(code, "_")
	return strings.ToLower(strings.ReplaceAll(words, "_", " "))
}

// previewView shows what was read of a file.
type previewView struct {
	staffPage
	Report    importReport
	Items     int
	Languages []languageShare
	Texts     []questionnaireText
	Keep      *form
}

// languageShare is how much of a questionnaire there is in one language.
type languageShare struct {
	ownName
	Percent int
}

func (s *Server) importPreview(c *fiber.Ctx) error {
	view, _, err := s.previewOf(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/import_report", view)
}

// previewOf is the page about one file that was read.
func (s *Server) previewOf(c *fiber.Ctx) (previewView, imported, error) {
	body, err := s.surveys.Preview(c.UserContext(), ofImport, c.Params("preview"))
	if err != nil {
		return previewView{}, imported{}, err
	}
	in, err := decodeImported(body)
	if err != nil {
		return previewView{}, in, fmt.Errorf("decoding what was read of a file: %w", err)
	}
	def := &in.Definition
	title := cmp.Or(titleOf(def.Title), "A questionnaire without a title")
	page := s.staffPage(c, title, crumb{"Questionnaires", "/questionnaires", false}, crumb{"Import", importPath, false})
	view := previewView{staffPage: page, Report: reportOf(in.Source, in.Facts, in.Notices)}
	for i := range def.Parts {
		view.Items += len(def.Parts[i].Items)
	}
	for _, tag := range def.Languages {
		view.Languages = append(view.Languages, shareOf(*def, tag))
		view.Texts = append(view.Texts, textIn(def, tag))
	}
	view.Keep = s.keepForm(page, c.Params("preview"), in)
	return view, in, nil
}

func (s *Server) keepForm(page staffPage, preview string, in imported) *form {
	fields := []field{{
		Name: "id", Label: "Id", Hint: "Small letters, digits and _, as in pupil_workshop. It is for ever: links, exports and scripts find the questionnaire by it.",
		Kind: "text", Required: true, Value: suggestedID(titleOf(in.Definition.Title)),
	}}
	if in.Assumed != "" {
		fields = append(fields, field{
			Name: "language", Label: "The language of the texts", Kind: "select", Value: in.Assumed, Options: s.languageOptions(in),
			Hint: "The file does not say in which language its texts are.",
		})
	}
	fields = append(fields, field{
		Name: "over", Label: "If there is a questionnaire of that id already", Kind: "checkboxes",
		Options: []choiceOption{{"yes", "Put this into its draft, in place of what the draft holds now", "Published versions stay as they are, and the editor can undo it."}},
	})
	return newForm(page, "keep", importPath+"/"+preview, "Make a draft", fieldset{Fields: fields})
}

// languageOptions are the languages of the product, and the one that was assumed.
func (s *Server) languageOptions(in imported) []choiceOption {
	tags := s.locales.languages()
	if !slices.Contains(tags, in.Assumed) {
		tags = append(tags, in.Assumed)
	}
	var options []choiceOption
	for _, tag := range tags {
		if tag == in.Assumed || !slices.Contains(in.Definition.Languages, tag) {
			options = append(options, choiceOption{tag, languageName(tag) + " (" + tag + ")", ""})
		}
	}
	return options
}

// keepImport makes a draft of what was previewed, under the id that was chosen.
func (s *Server) keepImport(c *fiber.Ctx) error {
	view, in, err := s.previewOf(c)
	if err != nil {
		return err
	}
	view.Keep.fill(c)
	if !nameLanguage(c, &in, view.Keep) {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/import_report", view)
	}
	id := questionnaire.ID(strings.TrimSpace(typed(c, "id")))
	refusal := s.keepDraft(c, id, in)
	if refusal == nil {
		return s.importKept(c, id)
	}
	status, err := s.refuse(view.Keep, refusal)
	if err != nil {
		return err
	}
	return s.render(c, status, "staff/import_report", view)
}

// nameLanguage gives the texts the language that was chosen, where the file
// names none. It is false, and says so beside the control, if none was.
func nameLanguage(c *fiber.Ctx, in *imported, f *form) bool {
	chosen := strings.TrimSpace(typed(c, "language"))
	switch {
	case in.Assumed == "":
		return true
	case !f.offers("language", chosen):
		f.blame("language", "Choose the language from the list")
		return false
	}
	renameLanguage(&in.Definition, in.Assumed, chosen)
	return true
}

func (s *Server) keepDraft(c *fiber.Ctx, id questionnaire.ID, in imported) error {
	if id == "" {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "field.invalid", Args: []any{"id", "required"}, Field: "id"}
	}
	ctx := c.UserContext()
	if !slices.Contains(typedAll(c, "over"), "yes") {
		_, err := s.surveys.CreateDraft(ctx, id, in.Definition)
		return err
	}
	_, err := s.surveys.StartDraft(ctx, id)
	if err != nil && surveys.KindOf(err) == surveys.KindNotFound { // there is none: this is the first
		_, err = s.surveys.CreateDraft(ctx, id, in.Definition)
		return err
	}
	if err != nil {
		return err
	}
	_, err = s.surveys.EditDraft(ctx, id, "take over an imported file", func(def *questionnaire.Definition) error {
		*def = in.Definition
		return nil
	})
	return err
}

// importKept goes on to the draft; the preview has done its work.
func (s *Server) importKept(c *fiber.Ctx, id questionnaire.ID) error {
	if err := s.surveys.DropPreview(c.UserContext(), ofImport, c.Params("preview")); err != nil {
		return err
	}
	return sees(c, draftPath(id))
}

// jsonSchema serves the JSON Schema of definitions.
func (s *Server) jsonSchema(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "application/schema+json; charset=utf-8")
	return sendEncoded(c, questionnaire.Schema())
}

func versionName(id questionnaire.ID, n int) string {
	return string(id) + "-version-" + strconv.Itoa(n)
}
