package app

import (
	"encoding/json"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// problemDetails is an error as the API shows it: RFC 9457, with the key of the
// sentence, so that a client can tell errors apart without reading English.
type problemDetails struct {
	Type      string        `json:"type"` // about:blank: the status and key say it all
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Detail    string        `json:"detail"`
	Key       string        `json:"key"`
	Field     string        `json:"field,omitempty"`
	Errors    []answerError `json:"errors,omitempty"`
	RequestID string        `json:"request_id"`
}

// answerError is what is wrong with one answer.
type answerError struct {
	Item    string `json:"item"`
	Control string `json:"control"`
	Message string `json:"message"`
}

// problem answers a request of the API with what went wrong.
func (s *Server) problem(c *fiber.Ctx, status int, e *surveys.Error) error {
	details := problemDetails{
		Type: "about:blank", Title: titleOfStatus(status), Status: status, Key: e.Key, Field: e.Field,
		Detail: s.problemSentence(e.Key, e.Args), RequestID: requestID(c),
	}
	for _, one := range e.Fields {
		details.Errors = append(details.Errors, answerError{
			string(one.Item), one.Control, s.problemSentence(one.Key, one.Args),
		})
	}
	body, err := json.Marshal(details)
	if err != nil {
		return fmt.Errorf("encoding a problem: %w", err)
	}
	c.Status(status).Set(fiber.HeaderContentType, "application/problem+json")
	return c.Send(body)
}

// problemSentence is the sentence of a key for who writes programs: a broken rule
// in plain words, with the name of the field.
func (s *Server) problemSentence(key string, args []any) string {
	if rule, ok := ruleOf(key, args); ok {
		return ruleSentence(rule, fmt.Sprint(args[0])) + "."
	}
	return s.staffSentence(key, args...)
}
