package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// staffErrorView is the page shown instead of one that cannot be.
type staffErrorView struct {
	staffPage
	Sentence string
	Request  string // id to quote when asking for help
	SignIn   bool
}

// staffError shows what went wrong in one sentence and the id of the request.
func (s *Server) staffError(c *fiber.Ctx, status int, e *surveys.Error) error {
	view := staffErrorView{
		staffPage: s.staffPage(c, titleOfStatus(status)),
		Sentence:  s.staffSentence(e.Key, e.Args...),
		Request:   requestID(c),
		SignIn:    e.Kind == surveys.KindUnauthenticated,
	}
	return s.render(c, status, "staff/error", view)
}

func titleOfStatus(status int) string {
	switch status {
	case fiber.StatusUnauthorized:
		return "Sign in first"
	case fiber.StatusForbidden:
		return "Not allowed"
	case fiber.StatusNotFound:
		return "Not found"
	case fiber.StatusTooManyRequests:
		return "Too many tries"
	case fiber.StatusConflict:
		return "Changed meanwhile"
	}
	if status < fiber.StatusInternalServerError {
		return "That did not work"
	}
	return "Something is broken"
}

// staffSentence is the sentence of a key for who runs programmes; some are
// worded for respondents.
func (s *Server) staffSentence(key string, args ...any) string {
	if key == "questionnaire.not_published" {
		key = "questionnaire.upload_first"
	}
	return s.locales.say(sourceLanguage, key, args...)
}
