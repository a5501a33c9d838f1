package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// outcome is what an error's kind means to HTTP and to the log.
type outcome struct {
	status int
	level  slog.Level
}

// outcomeOf is the one table from kind to status and log level.
var outcomeOf = map[surveys.Kind]outcome{
	surveys.KindInternal:        {fiber.StatusInternalServerError, slog.LevelError},
	surveys.KindInvalid:         {fiber.StatusUnprocessableEntity, slog.LevelDebug},
	surveys.KindNotFound:        {fiber.StatusNotFound, slog.LevelDebug},
	surveys.KindConflict:        {fiber.StatusConflict, slog.LevelInfo},
	surveys.KindForbidden:       {fiber.StatusForbidden, slog.LevelInfo},
	surveys.KindUnauthenticated: {fiber.StatusUnauthorized, slog.LevelDebug},
	surveys.KindClosed:          {fiber.StatusGone, slog.LevelDebug},
	surveys.KindThrottled:       {fiber.StatusTooManyRequests, slog.LevelWarn},
	surveys.KindUnavailable:     {fiber.StatusServiceUnavailable, slog.LevelError},
}

// answerError turns an error into a page or a JSON problem. The cause goes to
// the log and never to the reader.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	shown := asError(err)
	status := outcomeOf[shown.Kind].status
	var refused *fiber.Error
	if errors.As(err, &refused) {
		status = refused.Code
	}
	s.logRefusal(c, shown, err)
	c.Status(status)
	if status == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, retryAfter)
	}
	switch {
	case strings.HasPrefix(c.Path(), "/api/"):
		return s.problem(c, status, shown)
	case respondents(c.Path()):
		return s.respondError(c, status, shown)
	case shown.Kind == surveys.KindUnauthenticated && c.Method() == fiber.MethodGet:
		return c.Redirect("/sign-in", fiber.StatusSeeOther)
	}
	return s.staffError(c, status, shown)
}

// logRefusal tells the log of a refusal: what kind, and never what was sent.
func (s *Server) logRefusal(c *fiber.Ctx, shown *surveys.Error, err error) {
	s.log.LogAttrs(c.UserContext(), outcomeOf[shown.Kind].level, "refused",
		slog.String("request_id", requestID(c)),
		slog.String("kind", shown.Kind.String()),
		slog.String("key", shown.Key),
		slog.String("cause", causeOf(shown, err)))
}

// respondents reports whether a page at path is for respondents: a link's, a card's, a
// room's, a personal one, the one that ends letters, or where answers are taken back.
func respondents(path string) bool {
	return slices.ContainsFunc([]string{"/s/", "/k/", "/room/", "/p/", "/m/", "/withdraw", "/accessibility"}, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

// asError is the error people see: err's own, or one plain sentence.
func asError(err error) *surveys.Error {
	var shown *surveys.Error
	if errors.As(err, &shown) {
		return shown
	}
	if errors.Is(err, context.DeadlineExceeded) { // what it waited for is the store
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable", Err: err}
	}
	var refused *fiber.Error
	if errors.As(err, &refused) {
		return &surveys.Error{Kind: kindOfStatus(refused.Code), Key: keyOfStatus(refused.Code), Err: err}
	}
	return &surveys.Error{Kind: surveys.KindInternal, Key: "page.broken", Err: err}
}

// kindOfStatus gives Fiber's own refusals a kind.
func kindOfStatus(status int) surveys.Kind {
	switch {
	case status == fiber.StatusNotFound || status == fiber.StatusMethodNotAllowed:
		return surveys.KindNotFound
	case status >= 400 && status < 500:
		return surveys.KindInvalid
	}
	return surveys.KindInternal
}

func keyOfStatus(status int) string {
	switch status {
	case fiber.StatusNotFound, fiber.StatusMethodNotAllowed:
		return "page.not_found"
	case fiber.StatusRequestEntityTooLarge:
		return "page.too_large"
	}
	if status >= 400 && status < 500 {
		return "page.unreadable"
	}
	return "page.broken"
}

// causeOf is the text for the log: the whole chain for what is our fault, the
// error's own words (keys and item ids, never values) for the rest.
func causeOf(shown *surveys.Error, err error) string {
	if shown.Kind == surveys.KindInternal || shown.Kind == surveys.KindUnavailable {
		return err.Error()
	}
	if len(shown.Fields) > 0 {
		return shown.Fields.Error()
	}
	return ""
}
