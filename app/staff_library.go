package app

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/library"
	"soundings/surveys/questionnaire"
)

// libraryView lists the published scales.
type libraryView struct {
	staffPage
	Scales []libraryRow
	Draft  string // the draft that a scale is looked for; "" none
}

// libraryRow is one published scale in the list.
type libraryRow struct {
	Entry   library.Entry
	Address string
	Words   string // whether its words come with the program
}

// wordsOfWording says in plain words what one gets.
var wordsOfWording = map[library.Wordings]string{
	library.WordsShipped: "Words included",
	library.WordsPasted:  "Paste its words",
	library.WordsNone:    "Cannot be used here",
}

func libraryWords(e library.Entry) string {
	words := wordsOfWording[e.Wording]
	if e.Licensed && e.Wording == library.WordsPasted {
		words += "; needs a licence"
	}
	return words
}

func libraryPath(e library.Entry, draft string) string {
	address := "/library/" + e.ID
	if draft != "" {
		address += "?draft=" + draft
	}
	return address
}

// library lists the published scales.
func (s *Server) library(c *fiber.Ctx) error {
	view := libraryView{staffPage: s.staffPage(c, "Published scales", crumb{"Questionnaires", "/questionnaires", false}), Draft: draftAsked(c)}
	for _, e := range library.All() {
		view.Scales = append(view.Scales, libraryRow{e, libraryPath(e, view.Draft), libraryWords(e)})
	}
	return s.render(c, fiber.StatusOK, "staff/library", view)
}

// draftAsked is the draft that the address names; only its form is checked here.
func draftAsked(c *fiber.Ctx) string {
	id := c.Query("draft")
	if strings.ContainsFunc(id, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }) {
		return ""
	}
	return id
}

// scaleView is one published scale, and the form that takes it into a draft.
type scaleView struct {
	staffPage
	Entry  library.Entry
	Words  string
	Insert *form // nil: it cannot be taken, or there is no draft
}

func (s *Server) scaleView(c *fiber.Ctx) (scaleView, error) {
	e, ok := library.Find(c.Params("scale"))
	if !ok {
		return scaleView{}, &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found"}
	}
	way := []crumb{{"Questionnaires", "/questionnaires", false}, {"Published scales", "/library", false}}
	view := scaleView{staffPage: s.staffPage(c, e.Name, way...), Entry: e, Words: libraryWords(e)}
	drafts, err := s.surveys.Drafts(c.UserContext())
	if err != nil || len(drafts) == 0 || e.Wording == library.WordsNone {
		return view, err
	}
	view.Insert = newForm(view.staffPage, "insert", "/library/"+e.ID, "Put it into the draft", fieldset{Fields: insertFields(e, drafts, draftAsked(c))})
	return view, nil
}

// insertFields asks for a draft, and for the words that do not come with the program.
func insertFields(e library.Entry, drafts []surveys.Draft, asked string) []field {
	into := field{Name: "draft", Label: "Draft", Hint: "It gets a part of its own at the end, which you can move in the editor.", Kind: "select", Value: asked}
	for _, d := range drafts {
		into.Options = append(into.Options, choiceOption{string(d.ID), titleOf(d.Definition.Title) + " (" + string(d.ID) + ")", ""})
	}
	fields := []field{into}
	if e.Wording == library.WordsShipped {
		return fields
	}
	fields = append(fields,
		field{Name: "stem", Label: "Sentence above the statements", Hint: "As the owner words it", Kind: "textarea", Rows: 2, Required: true},
		field{Name: "statements", Label: "Statements, one a line", Hint: statementsHint(e), Kind: "textarea", Rows: min(e.Items, 12), Required: true},
		field{Name: "answers", Label: "Answers, one a line", Hint: answersHint(e), Kind: "textarea", Rows: min(e.Answers(), 11), Required: true})
	if e.Licensed {
		fields = append(fields, field{Name: "licence", Label: "Your licence", Hint: "Number, holder and date. It is kept with the questionnaire.", Kind: "text", Required: true})
	}
	return fields
}

func statementsHint(e library.Entry) string {
	return strconv.Itoa(e.Items) + " statements, in the printed order. A line that begins with (R) is worded the other way round; with none marked, the order above decides."
}

func answersHint(e library.Entry) string {
	return fmt.Sprintf("%d answers, from the one that counts %d to the one that counts %d", e.Answers(), e.Min, e.Max)
}

// scale shows one published scale.
func (s *Server) scale(c *fiber.Ctx) error {
	view, err := s.scaleView(c)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "staff/scale", view)
}

// insertScale takes a published scale into a draft.
func (s *Server) insertScale(c *fiber.Ctx) error {
	view, err := s.scaleView(c)
	if err != nil {
		return err
	}
	if view.Insert == nil {
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/scale", view)
	}
	view.Insert.fill(c)
	id := questionnaire.ID(typed(c, "draft"))
	if !view.Insert.offers("draft", string(id)) {
		view.Insert.blame("draft", "Choose a draft from the list")
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/scale", view)
	}
	_, err = s.surveys.EditDraft(c.UserContext(), id, "Took in "+view.Entry.Name, func(d *questionnaire.Definition) error {
		return insertInto(d, view.Entry, typedWording(c))
	})
	var problem *library.Problem
	switch {
	case errors.As(err, &problem):
		view.Insert.blame(problem.Field, problem.Cause)
		return s.render(c, fiber.StatusUnprocessableEntity, "staff/scale", view)
	case err != nil:
		status, err := s.refuse(view.Insert, err)
		if err != nil {
			return err
		}
		return s.render(c, status, "staff/scale", view)
	}
	return sees(c, questionnairePath(id)+"/draft")
}

func typedWording(c *fiber.Ctx) library.Wording {
	lines := func(name string) []string {
		return strings.Split(strings.ReplaceAll(typed(c, name), "\r\n", "\n"), "\n")
	}
	return library.Wording{Stem: typed(c, "stem"), Statements: lines("statements"), Answers: lines("answers"), Licence: typed(c, "licence")}
}

// insertInto gives the scale a part of its own at the end of d, in d's source language.
func insertInto(d *questionnaire.Definition, e library.Entry, w library.Wording) error {
	if len(d.Languages) == 0 {
		return &library.Problem{Cause: "Give the draft a language first."}
	}
	w.Language = d.Languages[0]
	part := questionnaire.ItemID(e.ID + "_part")
	edited := d.Clone()
	if !edited.Has(part) {
		edited.Parts = append(edited.Parts, questionnaire.Part{ID: part})
	}
	if err := e.Insert(&edited, part, w); err != nil {
		return err
	}
	*d = edited
	return nil
}
