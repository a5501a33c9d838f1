package app

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// The page that ends letters, /m/:letter. Opening it ends nothing: programs that
// look into letters for viruses open every link. The button does, and so does the
// POST of a mail program's own button (RFC 8058), which sends no cookie.

// getUnsubscribe asks whether letters are to end.
func (s *Server) getUnsubscribe(c *fiber.Ctx) error {
	if c.Params("letter") == surveys.TestSecret {
		return s.note(c, func(say func(string, ...any) string) notePage { return notePage{Heading: say("respond.letter_test")} })
	}
	reader, err := s.surveys.ReaderOf(c.UserContext(), c.Params("letter"))
	if err != nil {
		return s.missed(c, err)
	}
	return s.render(c, fiber.StatusOK, "respond/note", s.unsubscribePage(c, reader))
}

// postUnsubscribe ends them.
func (s *Server) postUnsubscribe(c *fiber.Ctx) error {
	if err := s.surveys.Unsubscribe(c.UserContext(), c.Params("letter")); err != nil {
		return s.missed(c, err)
	}
	reader, err := s.surveys.ReaderOf(c.UserContext(), c.Params("letter"))
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "respond/note", s.unsubscribePage(c, reader))
}

// unsubscribePage is in the reader's language: the one asked for, that of the
// letter, or the browser's.
func (s *Server) unsubscribePage(c *fiber.Ctx, reader surveys.LetterReader) notePage {
	own := s.ownLanguages()
	lang := chooseLanguage(c, own)
	if askedLanguage(c, own) == "" && slices.Contains(own, s.locales.spoken(reader.Language)) && reader.Language != "" {
		lang = s.locales.spoken(reader.Language)
	}
	say := func(key string, args ...any) string { return s.locales.say(lang, key, args...) }
	page := notePage{Heading: say("respond.letters_stopped")}
	if !reader.Stopped {
		page.Heading, page.Message, page.Button = say("respond.letters_stop"), say("respond.letters_stop_hint", reader.Programme), say("respond.letter_stop")
		page.Action = c.Path() + "?lang=" + lang
	}
	page.sheet = sheet{Lang: lang, Title: page.Heading, Name: reader.Programme, Demo: reader.Demo || s.config.Demo, Languages: languageChoices(own, lang), Care: careOf(lang, reader.Help)}
	if c.Method() != fiber.MethodGet {
		page.Languages = nil
	}
	return page
}
