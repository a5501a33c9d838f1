package app

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/xlsform"
)

// versionSent is the version that an address asks to be sent: in the path, or as
// ?version=; without one the newest.
func (s *Server) versionSent(c *fiber.Ctx) (questionnaire.Version, error) {
	return s.versionAsked(c, askedID(c), c.Params("version", c.Query("version")))
}

// versionWorkbook sends a version as an XLSForm workbook.
func (s *Server) versionWorkbook(c *fiber.Ctx) error {
	v, err := s.versionSent(c)
	if err != nil {
		return err
	}
	return s.sendDefinitionWorkbook(c, v.Definition, versionName(v.Questionnaire, v.Number), xlsform.Options{ID: string(v.Questionnaire), Version: strconv.Itoa(v.Number)})
}

// versionJSON sends a version's definition as it can be imported again.
func (s *Server) versionJSON(c *fiber.Ctx) error {
	v, err := s.versionSent(c)
	if err != nil {
		return err
	}
	return sendDefinitionJSON(c, v.Definition, versionName(v.Questionnaire, v.Number))
}

// draftWorkbook sends a draft as an XLSForm workbook.
func (s *Server) draftWorkbook(c *fiber.Ctx) error {
	draft, err := s.surveys.Draft(c.UserContext(), askedID(c))
	if err != nil {
		return err
	}
	return s.sendDefinitionWorkbook(c, draft.Definition, string(draft.ID)+"-draft", xlsform.Options{ID: string(draft.ID), Version: "draft"})
}

// draftJSON sends a draft's definition as it can be imported again.
func (s *Server) draftJSON(c *fiber.Ctx) error {
	draft, err := s.surveys.Draft(c.UserContext(), askedID(c))
	if err != nil {
		return err
	}
	return sendDefinitionJSON(c, draft.Definition, string(draft.ID)+"-draft")
}

func (s *Server) sendDefinitionWorkbook(c *fiber.Ctx, def questionnaire.Definition, name string, options xlsform.Options) error {
	options.Then, options.Now = s.momentWords(def.Languages)
	data, err := xlsform.Write(def, options)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindInvalid, Key: "questionnaire.invalid", Args: []any{err.Error()}, Err: err}
	}
	c.Attachment(name + ".xlsx")
	c.Set(fiber.HeaderContentType, workbookType)
	return c.Send(data)
}

func sendDefinitionJSON(c *fiber.Ctx, def questionnaire.Definition, name string) error {
	body, err := json.MarshalIndent(def, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding a definition: %w", err)
	}
	c.Attachment(name + ".json")
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(body)
}

// momentWords are what the two moments of a then-and-now battery are called in
// each language, as its page says them: "Before: {0}" without the rest.
func (s *Server) momentWords(langs []string) (then, now questionnaire.Text) {
	then, now = questionnaire.Text{}, questionnaire.Text{}
	for _, lang := range langs {
		then[lang] = endOff(s.locales.say(lang, "respond.then", ""))
		now[lang] = endOff(s.locales.say(lang, "respond.now", ""))
	}
	return then, now
}

// endOff cuts the blanks and marks at the end of words.
func endOff(words string) string {
	return strings.TrimRightFunc(words, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
}
