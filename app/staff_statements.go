package app

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/exports"
	"soundings/surveys"
)

// statementNames name the statements for staff, as titles and as ends of addresses.
var statementNames = map[surveys.StatementKind]string{
	surveys.StatementAccessibility: "Accessibility statement", surveys.StatementPrivacy: "Privacy notice", surveys.StatementAssessment: "Data-protection impact assessment",
}

func statementsPath(id surveys.ProgrammeID) string { return programmePath(id) + "/statements" }

// statementsView lists the statements, and asks who is responsible.
type statementsView struct {
	staffPage
	Lines []statementLine
	Form  *form
}

type statementLine struct {
	Title, Address string
	Published      string // when last; "" never
	Moved          bool   // what it would say now is something else
	Edited         int    // paragraphs in somebody's own words
}

// statements is the list.
func (s *Server) statements(c *fiber.Ctx) error {
	view, err := s.statementsView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/statements", view)
}

func (s *Server) statementsView(c *fiber.Ctx) (statementsView, error) {
	page, p, err := s.programmePage(c, "Statements")
	if err != nil {
		return statementsView{}, err
	}
	view := statementsView{staffPage: page}
	var said surveys.Statements
	for _, kind := range surveys.StatementKinds() {
		d, err := s.statementDraft(c, p, kind, sourceLanguage)
		if err != nil {
			return view, err
		}
		said = d.said
		line := statementLine{Title: statementNames[kind], Address: statementsPath(p.ID) + "/" + string(kind), Moved: d.stale(), Edited: d.edits()}
		if d.last.Number > 0 {
			line.Published = d.last.At.In(p.Location()).Format("2 January 2006") + ", number " + strconv.Itoa(d.last.Number)
		}
		view.Lines = append(view.Lines, line)
	}
	view.Form = newForm(page, "who", statementsPath(p.ID), "Save", fieldset{Fields: []field{
		{Name: "controller", Label: "The organisation that is responsible (the controller)", Kind: "text", Value: said.Controller},
		{Name: "contact", Label: "How to reach it about data and accessibility", Hint: "An e-mail address or a telephone number, as people read it", Kind: "text", Value: said.Contact},
		{Name: "officer", Label: "Data protection officer", Kind: "text", Value: said.Officer},
		{Name: "basis", Label: "Lawful basis", Kind: "select", Value: string(said.Basis), Options: []choiceOption{
			{"", "Not decided yet", ""}, {string(surveys.BasisTask), "Public task", ""}, {string(surveys.BasisInterests), "Legitimate interests", ""}, {string(surveys.BasisConsent), "Consent", ""},
		}},
		{Name: "authority", Label: "Where people may complain", Hint: "Blank: the Information Commissioner’s Office", Kind: "text", Value: said.Authority},
	}})
	view.Form.Hidden = []button{{"revision", strconv.FormatInt(said.Revision, 10)}}
	return view, nil
}

// saveResponsible keeps who is responsible.
func (s *Server) saveResponsible(c *fiber.Ctx) error {
	id := programmeID(c)
	said, err := s.surveys.Statements(c.UserContext(), id)
	if err != nil {
		return err
	}
	said.Controller, said.Contact, said.Officer, said.Authority = typed(c, "controller"), typed(c, "contact"), typed(c, "officer"), typed(c, "authority")
	said.Basis = surveys.Basis(typed(c, "basis"))
	said.Revision, _ = strconv.ParseInt(typed(c, "revision"), 10, 64)
	refusal := s.surveys.SaveStatements(c.UserContext(), id, said)
	if refusal == nil {
		return sees(c, statementsPath(id))
	}
	view, err := s.statementsView(c)
	if err != nil {
		return err
	}
	return s.formAgain(c, view.Form.fill(c), refusal, "staff/statements", view)
}

// statementDraft is a statement in one language as it stands.
type statementDraft struct {
	kind     surveys.StatementKind
	lang     string
	facts    surveys.StatementFacts
	said     surveys.Statements
	proposed []surveys.StatementPart
	last     surveys.Issue // what was published last; Number 0: nothing
}

func (s *Server) statementDraft(c *fiber.Ctx, p surveys.Programme, kind surveys.StatementKind, lang string) (d statementDraft, err error) {
	d.kind, d.lang = kind, lang
	if d.said, err = s.surveys.Statements(c.UserContext(), p.ID); err != nil {
		return d, err
	}
	if d.facts, err = s.surveys.StatementFacts(c.UserContext(), p); err != nil {
		return d, err
	}
	issues, err := s.surveys.Issues(c.UserContext(), p.ID, kind)
	if len(issues) > 0 {
		d.last = issues[len(issues)-1]
	}
	d.proposed = s.proposedFor(d, lang)
	return d, err
}

func (s *Server) proposedFor(d statementDraft, lang string) []surveys.StatementPart {
	if d.kind == surveys.StatementAssessment {
		return surveys.Assessment(d.facts, d.said)
	}
	return s.proposed(d.kind, lang, d.facts, d.said)
}

// shown is how it reads now.
func (d statementDraft) shown() []surveys.StatementPart {
	return edited(d.kind, d.lang, d.proposed, d.said)
}

// stale reports whether it was published and would say something else now.
func (d statementDraft) stale() bool {
	return d.last.Number > 0 && !slices.Equal(d.last.Parts[d.lang], d.shown())
}

// edits counts paragraphs in somebody's own words, in any language.
func (d statementDraft) edits() (n int) {
	for key := range d.said.Edits {
		if strings.HasPrefix(key, string(d.kind)+"/") {
			n++
		}
	}
	return n
}

// statementView is the page on which one is put into words.
type statementView struct {
	staffPage
	Address, Lang string
	Languages     []crumb
	Revision      int64
	Saved, Public bool
	Stale         bool
	Published     string
	Problem       string
	Fields        []statementField
}

// statementField is one paragraph with its control.
type statementField struct {
	ID, Heading, Label string
	Value, Proposed    string
	Edited, Moved      bool
	By, Was            string
	Rows               int
}

// asked is the kind and the language of a request.
func (s *Server) statementAsked(c *fiber.Ctx, p surveys.Programme) (statementDraft, error) {
	kind := surveys.StatementKind(c.Params("kind"))
	if statementNames[kind] == "" {
		return statementDraft{}, &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"}
	}
	lang := sourceLanguage
	if asked := string(c.Request().URI().QueryArgs().Peek("lang")) + typed(c, "lang"); kind != surveys.StatementAssessment && slices.Contains(s.ownLanguages(), asked) {
		lang = asked
	}
	return s.statementDraft(c, p, kind, lang)
}

// statement shows the paragraphs, each in a box of its own.
func (s *Server) statement(c *fiber.Ctx) error {
	return s.showStatementDraft(c, fiber.StatusOK, nil, "")
}

func (s *Server) showStatementDraft(c *fiber.Ctx, status int, typedEdits map[string]surveys.SummaryEdit, problem string) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	d, err := s.statementAsked(c, p)
	if err != nil {
		return err
	}
	page.Title = statementNames[d.kind]
	page.Crumbs = append(page.Crumbs, crumb{"Statements", statementsPath(p.ID), false})
	view := statementView{
		staffPage: page, Address: statementsPath(p.ID) + "/" + string(d.kind), Lang: d.lang, Revision: d.said.Revision, Problem: problem,
		Saved: problem == "" && c.Query("saved") != "", Public: d.kind != surveys.StatementAssessment, Stale: d.stale(),
	}
	if d.last.Number > 0 {
		view.Published = "Number " + strconv.Itoa(d.last.Number) + ", published on " + d.last.At.In(p.Location()).Format("2 January 2006") + " by " + d.last.Name
	}
	if typedEdits != nil {
		d.said.Edits = typedEdits
	}
	for _, tag := range s.ownLanguages() {
		if view.Public {
			view.Languages = append(view.Languages, crumb{languageName(tag), view.Address + "?lang=" + tag, tag == d.lang})
		}
	}
	view.Fields = d.fields(p.Location())
	return s.render(c, status, "staff/statement", view)
}

// fields are the controls, one a paragraph.
func (d statementDraft) fields(zone *time.Location) []statementField {
	fields := make([]statementField, len(d.proposed))
	heading := ""
	for i, p := range d.proposed {
		f := statementField{ID: strings.ReplaceAll(p.ID, ".", "-"), Label: "Paragraph " + strconv.Itoa(i+1), Value: p.Text, Proposed: p.Text}
		if p.Title != "" {
			f.Label = p.Title
		}
		if p.Title != heading {
			f.Heading, heading = p.Title, p.Title
		}
		if edit, ok := d.said.Edits[surveys.EditKey(d.kind, p.ID, d.lang)]; ok {
			f.Value, f.Edited, f.Was, f.Moved = edit.Text, true, edit.Proposed, edit.Proposed != p.Text
			if edit.Name != "" {
				f.By = edit.Name + ", " + edit.At.In(zone).Format("2 January 2006, 15:04")
			}
		}
		f.Rows = min(12, 2+len(f.Value)/90+strings.Count(f.Value, "\n"))
		fields[i] = f
	}
	return fields
}

// saveStatement keeps what was typed, or publishes what is kept.
func (s *Server) saveStatement(c *fiber.Ctx) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	d, err := s.statementAsked(c, p)
	if err != nil {
		return err
	}
	said := d.said
	said.Revision, _ = strconv.ParseInt(typed(c, "revision"), 10, 64)
	said.Edits = d.typedEdits(c)
	if err := s.surveys.SaveStatements(c.UserContext(), p.ID, said); err != nil {
		if kind := surveys.KindOf(err); kind == surveys.KindInvalid || kind == surveys.KindConflict {
			return s.showStatementDraft(c, fiber.StatusUnprocessableEntity, said.Edits, s.summaryProblem(err))
		}
		return err
	}
	address := statementsPath(p.ID) + "/" + string(d.kind) + "?saved=1&lang=" + d.lang
	if typed(c, "do") != "publish" {
		return sees(c, address)
	}
	d.said = said
	if _, err := s.surveys.PublishStatement(c.UserContext(), p.ID, d.kind, s.everyLanguage(d)); err != nil {
		return err
	}
	return sees(c, address)
}

// everyLanguage is the statement as it reads in each language.
func (s *Server) everyLanguage(d statementDraft) map[string][]surveys.StatementPart {
	parts := map[string][]surveys.StatementPart{}
	for _, tag := range s.ownLanguages() {
		if d.kind != surveys.StatementAssessment || tag == sourceLanguage {
			parts[tag] = edited(d.kind, tag, s.proposedFor(d, tag), d.said)
		}
	}
	return parts
}

// typedEdits are the edits that there are, with those of this statement and language
// as they were typed. A box that is ticked takes the proposed paragraph back.
func (d statementDraft) typedEdits(c *fiber.Ctx) map[string]surveys.SummaryEdit {
	edits := map[string]surveys.SummaryEdit{}
	for key, edit := range d.said.Edits {
		edits[key] = edit
	}
	resets := typedAll(c, "reset")
	for _, p := range d.proposed {
		id := strings.ReplaceAll(p.ID, ".", "-")
		if c.Request().PostArgs().Peek("text:"+id) == nil {
			continue
		}
		key := surveys.EditKey(d.kind, p.ID, d.lang)
		delete(edits, key)
		text := strings.TrimSpace(strings.ReplaceAll(typed(c, "text:"+id), "\r\n", "\n"))
		if was := strings.ReplaceAll(typed(c, "was:"+id), "\r\n", "\n"); text != was && !slices.Contains(resets, id) {
			edits[key] = surveys.SummaryEdit{Text: text, Proposed: was}
		}
	}
	return edits
}

// statementFile is the statement as a file for Word.
func (s *Server) statementFile(c *fiber.Ctx) error {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	if err != nil {
		return err
	}
	d, err := s.statementAsked(c, p)
	if err != nil {
		return err
	}
	file := exports.Statement{Title: statementNames[d.kind], Subtitle: p.Name, Made: s.surveys.Now(), MadeUp: p.Demo || s.config.Demo, Parts: d.shown()}
	var out bytes.Buffer
	if err := file.WriteDocx(&out); err != nil {
		return err
	}
	if err := s.surveys.Audit(c.UserContext(), p.ID, "statement.downloaded", string(d.kind)); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	c.Attachment(string(d.kind) + ".docx")
	return c.Send(out.Bytes())
}

// statementPrint is the statement as it is read and printed.
func (s *Server) statementPrint(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "")
	if err != nil {
		return err
	}
	d, err := s.statementAsked(c, p)
	if err != nil {
		return err
	}
	page.Title = statementNames[d.kind]
	page.Crumbs = append(page.Crumbs, crumb{"Statements", statementsPath(p.ID), false}, crumb{page.Title, statementsPath(p.ID) + "/" + string(d.kind), false})
	return s.render(c, fiber.StatusOK, "staff/statement_print", struct {
		staffPage
		Programme, Lang string
		Parts           []surveys.StatementPart
	}{page, p.Name, d.lang, d.shown()})
}
