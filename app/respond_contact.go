package app

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// contactPage lets somebody ask to be contacted. It is a page of its own, and its post
// carries nothing of the answers: no id, no cookie is read.
type contactPage struct {
	sheet
	Action   string
	Drawn    string // random: the same words of the same form are kept once
	What     string
	Passed   string // what is passed on, and what is not
	Sent     bool
	Problems []fieldProblem
	Fields   []contactField
}

// contactField is one control.
type contactField struct {
	Name, DOM, Label, Hint string
	Value, Error           string
	Long                   bool
	Most                   int // characters
}

// contactFields are the controls, each with the key of its label and of its hint.
var contactFields = []struct {
	name, label, hint string
	long              bool
	most              int
}{
	{"reach", "respond.contact_reach", "respond.contact_reach_hint", false, 300},
	{"name", "respond.contact_name", "", false, 120},
	{"when", "respond.contact_when", "", false, 200},
	{"words", "respond.contact_words", "", true, 2000},
}

// contactVisit is the visit of a page for asking to be contacted; KindNotFound where
// nobody takes such requests.
func (s *Server) contactVisit(c *fiber.Ctx) (visit, error) {
	v, err := s.visit(c)
	if err == nil && (v.Test || !s.surveys.TakesApproaches(v.Programme)) {
		err = &surveys.Error{Kind: surveys.KindNotFound, Key: "respond.contact_not_offered"}
	}
	return v, err
}

// getContact shows the form, also where the link is closed: who is in need is not sent
// away.
func (s *Server) getContact(c *fiber.Ctx) error {
	v, err := s.contactVisit(c)
	if err != nil {
		return err
	}
	page, err := s.contactPage(v)
	if err != nil {
		return err
	}
	page.Sent = c.Context().QueryArgs().Has("sent")
	return s.showContact(c, fiber.StatusOK, page)
}

func (s *Server) contactPage(v visit) (contactPage, error) {
	say := func(key string, args ...any) string { return s.locales.say(v.lang, key, args...) }
	form, err := s.surveys.DrawForm()
	page := contactPage{
		sheet: s.sheet(v, say("respond.contact_go")), Action: v.path("/contact?lang=" + v.lang), Drawn: form,
		What: say("respond.contact_what", v.Programme.Name), Passed: say("respond.contact_passed", place(v)),
	}
	page.Styles, page.Care.Ask = nil, false
	for _, f := range contactFields {
		field := contactField{Name: f.name, DOM: "ask-" + f.name, Label: say(f.label), Long: f.long, Most: f.most}
		if f.hint != "" {
			field.Hint = say(f.hint)
		}
		page.Fields = append(page.Fields, field)
	}
	return page, err
}

// showContact answers with the page, which nothing on the way may keep.
func (s *Server) showContact(c *fiber.Ctx, status int, page contactPage) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.render(c, status, "respond/contact", page)
}

// postContact keeps the request, and says so on a page of its own, so that loading it
// again sends nothing.
func (s *Server) postContact(c *fiber.Ctx) error {
	v, sent, err := posted(c, s.contactVisit)
	if err != nil {
		return err
	}
	network, err := s.network(c)
	if err != nil {
		return err
	}
	read := func(name string) string { return strings.ToValidUTF8(string(sent.Peek(name)), "\uFFFD") }
	words := surveys.ApproachWords{Name: read("name"), Reach: read("reach"), When: read("when"), Words: read("words")}
	err = s.surveys.Approach(c.UserContext(), v.Link.Token, network, read("_form"), v.lang, words)
	if err != nil {
		return s.contactAgain(c, v, err, read)
	}
	return c.Redirect(v.path("/contact?sent&lang="+v.lang), fiber.StatusSeeOther)
}

// contactAgain shows the form as it was typed, with what is wrong: whatever failed,
// nobody has to write it twice.
func (s *Server) contactAgain(c *fiber.Ctx, v visit, refusal error, read func(string) string) error {
	page, err := s.contactPage(v)
	if err != nil {
		return refusal
	}
	if form := read("_form"); form != "" {
		page.Drawn = form
	}
	e := asError(refusal)
	page.Languages = nil // the address of a form cannot be opened
	for i := range page.Fields {
		f := &page.Fields[i]
		f.Value = read(f.Name)
		for _, wrong := range e.Fields {
			if wrong.Control == f.Name {
				f.Error = s.message(v, wrong)
				page.Problems = append(page.Problems, fieldProblem{"#" + f.DOM, f.Error})
			}
		}
	}
	if len(page.Problems) == 0 {
		page.Problems = []fieldProblem{{"#ask-reach", s.locales.say(v.lang, e.Key, e.Args...)}}
	}
	page.Title = s.errorTitle(v, page.Title, page.Problems)
	s.logRefusal(c, e, refusal)
	return s.showContact(c, outcomeOf[e.Kind].status, page)
}
