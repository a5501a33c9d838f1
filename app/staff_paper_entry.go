package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// The addresses of the sheet and the script of keying in.
var (
	entryCSS = assetAddress("paper.entry.css")
	paperJS  = assetAddress("paper.js")
)

// Names of controls that are no answers. They begin with "_", which no item's id does.
const (
	controlForm   = "_form"   // its number
	controlEntry  = "_entry"  // drawn for each form that is keyed
	controlDay    = "_date"   // on the form
	controlSecond = "_second" // a second pass
)

// headerPaper marks a form that the script sends: it wants JSON back.
const headerPaper = "Soundings-Paper"

// entryView is the screen on which forms are keyed in.
type entryView struct {
	staffPage
	Batch    surveys.Batch
	Address  string // of this page
	Back     string
	Where    string
	Second   bool
	Number   string // of the form to key next
	Date     string
	Entry    string
	Fields   []entryField
	Stored   string // number of the form that was just stored
	Differs  bool   // it differs from its first pass
	Problem  string
	Problems []fieldProblem
	Waiting  string // second pass: numbers keyed once, "1–12, 14"
	Words    []crumb
}

// entryField is one line of the screen: one thing that a key or a word answers.
type entryField struct {
	Kind    string // one, many, text, words: how it is keyed
	Of      string // kind of the item: number, date, time …
	Name    string // of its control
	DOM     string
	Lang    string
	Heading template.HTML // of the part, on its first line
	Number  string
	Label   string
	Hint    string // how it is written: "day month year"
	Boxes   []paperBox
	Other   *fieldView // words of "other": shown if that is chosen
	Long    bool       // keys of more than one sign, typed with Enter
	Value   string
	Full    int    // signs after which it goes on by itself; 0: at Enter
	Min     string // of a number
	Max     string
	Whole   bool
	Mark    string // control that says why it is unusable; "" if it cannot be
	Marked  string
	Group   string // ranking: the control of the whole
}

// entry shows the screen for the next form.
func (s *Server) entry(c *fiber.Ctx) error {
	view, err := s.entryView(c, c.QueryBool("second"), filled{})
	if err != nil {
		return err
	}
	view.Stored, view.Differs = c.Query("stored"), c.QueryBool("differs")
	if view.Stored != "" {
		if n, err := strconv.Atoi(view.Stored); err == nil {
			view.Number = strconv.Itoa(min(n+1, surveys.MostForms))
		}
	}
	view.Date = c.Query("date")
	return s.render(c, fiber.StatusOK, "staff/entry", view)
}

func (s *Server) entryView(c *fiber.Ctx, second bool, f filled) (entryView, error) {
	page, p, err := s.programmePage(c, "Key forms in")
	if err != nil {
		return entryView{}, err
	}
	b, inv, err := s.surveys.BatchInvitation(c.UserContext(), p.ID, c.Params("batch"))
	if err != nil {
		return entryView{}, err
	}
	if second {
		page.Title = "Second pass"
	}
	page.Title += ", " + b.Number
	page.Crumbs = append(page.Crumbs, crumb{"Paper", paperPath(p.ID), false}, crumb{b.Number, batchPath(b), false})
	page.Sheet, page.Script = entryCSS, paperJS
	v := visit{Invitation: inv, own: s.locales, lang: b.Language}
	view := entryView{
		staffPage: page, Batch: b, Address: batchPath(b) + "/entry", Back: batchPath(b), Second: second,
		Where: place(v) + " · " + askedWords(inv.Strand, b.Wave) + " · " + languageName(b.Language), Number: "1",
	}
	if asked := c.Query("words"); slices.Contains(v.languages(), asked) {
		v.lang = asked
	}
	for _, tag := range v.languages() {
		view.Words = append(view.Words, crumb{languageName(tag), paperQuery(c, "words", tag), tag == v.lang})
	}
	view.Fields = s.entryFields(v, b.Language, f)
	if view.Entry, err = surveys.NewID(rand.Reader); err != nil {
		return view, err
	}
	forms, err := s.surveys.PaperForms(c.UserContext(), b)
	view.proposeNumber(forms)
	return view, err
}

// proposeNumber fills in the number of the form to key: at the first pass the one
// after the last, at the second the first that was keyed once.
func (view *entryView) proposeNumber(forms []surveys.PaperForm) {
	var once []int
	for _, f := range forms {
		if f.Second == nil {
			once = append(once, f.Number)
		}
	}
	switch {
	case view.Second && len(once) > 0:
		view.Number, view.Waiting = strconv.Itoa(once[0]), ranges(once)
	case !view.Second && len(forms) > 0:
		view.Number = strconv.Itoa(min(forms[len(forms)-1].Number+1, surveys.MostForms))
	}
}

// keyForm stores one form that was keyed in.
func (s *Server) keyForm(c *fiber.Ctx) error {
	sent, err := postForm(c)
	if err != nil {
		return err
	}
	b, inv, err := s.surveys.BatchInvitation(c.UserContext(), programmeID(c), c.Params("batch"))
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(typed(c, controlForm))
	if err != nil {
		number = 0 // refused with what it may be
	}
	raw := s.paperRaw(visit{Invitation: inv, own: s.locales, lang: b.Language}, readControls(sent, func([]byte) bool { return true }))
	e := surveys.PaperEntry{Form: number, Entry: typed(c, controlEntry), Date: isoDay(typed(c, controlDay)), Second: typed(c, controlSecond) != "", Raw: raw}
	f, refusal := s.surveys.KeyForm(c.UserContext(), programmeID(c), c.Params("batch"), e)
	if c.Get(headerPaper) != "" {
		return s.answerEntry(c, inv, f, refusal)
	}
	if refusal == nil {
		address := fmt.Sprintf("%s/entry?stored=%d", batchPath(b), f.Number)
		if e.Second {
			address += fmt.Sprintf("&second=1&differs=%t", f.Waits())
		}
		return sees(c, address+"&date="+e.Date)
	}
	return s.entryAgain(c, inv, e, refusal)
}

// entryAgain shows the screen with what was keyed and what is wrong with it.
func (s *Server) entryAgain(c *fiber.Ctx, inv surveys.Invitation, e surveys.PaperEntry, refusal error) error {
	shown := refused(refusal)
	if shown == nil {
		return refusal
	}
	view, err := s.entryView(c, e.Second, filled{raw: e.Raw})
	if err != nil {
		return err
	}
	view.Number, view.Entry, view.Date = typed(c, controlForm), e.Entry, e.Date
	view.Problem, view.Problems = s.staffSentence(shown.Key, shown.Args...), s.entryProblems(inv, shown)
	return s.render(c, outcomeOf[shown.Kind].status, "staff/entry", view)
}

// refused is what whoever keys can mend; nil for anything else.
func refused(err error) *surveys.Error {
	var e *surveys.Error
	if errors.As(err, &e) && (e.Kind == surveys.KindInvalid || e.Kind == surveys.KindConflict || e.Kind == surveys.KindNotFound) {
		return e
	}
	return nil
}

// entryAnswer is what the script is told.
type entryAnswer struct {
	Form      int            `json:"form"`
	Kept      bool           `json:"kept"`
	Different int            `json:"different,omitempty"`
	Settle    string         `json:"settle,omitempty"` // address, if there is something to settle
	Say       string         `json:"say,omitempty"`
	Problems  []entryProblem `json:"problems,omitempty"`
}

// entryProblem is one thing wrong with a form.
type entryProblem struct {
	Control string `json:"control"`
	Say     string `json:"say"`
}

// answerEntry tells the script what became of a form. Anything that nobody who
// keys can mend is an error as elsewhere, and the script tries again.
func (s *Server) answerEntry(c *fiber.Ctx, inv surveys.Invitation, f surveys.PaperForm, refusal error) error {
	if refusal == nil {
		answer := entryAnswer{Form: f.Number, Kept: true}
		if f.Waits() {
			answer.Different = len(f.Different)
			answer.Settle = batchPath(surveys.Batch{Programme: programmeID(c), Number: c.Params("batch")}) + "/forms/" + strconv.Itoa(f.Number)
		}
		return c.JSON(answer)
	}
	shown := refused(refusal)
	if shown == nil {
		return refusal
	}
	answer := entryAnswer{Say: s.staffSentence(shown.Key, shown.Args...)}
	for _, problem := range s.entryProblems(inv, shown) {
		answer.Problems = append(answer.Problems, entryProblem{problem.Href[len("#a-"):], problem.Text})
	}
	return c.Status(outcomeOf[shown.Kind].status).JSON(answer)
}

// entryProblems are the sentences of what is wrong, in English, with the number of
// each question.
func (s *Server) entryProblems(inv surveys.Invitation, e *surveys.Error) []fieldProblem {
	v := visit{Invitation: inv, own: s.locales, lang: sourceLanguage}
	m := &paperMaker{s: s, v: v, numbers: map[questionnaire.ItemID]string{}}
	m.number()
	problems := make([]fieldProblem, len(e.Fields))
	for i, one := range e.Fields {
		text := questionnaire.JoinLabel(sourceLanguage, cut(s.labelOf(v, one), 60), s.message(v, one))
		if number := m.numbers[one.Item]; number != "" {
			text = number + " " + text
		}
		problems[i] = fieldProblem{"#" + controlDOMID(one.Control), text}
	}
	return problems
}
