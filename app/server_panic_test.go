package app

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// TestPanicIsOneAnswer: a mistake in one handler costs one answer. The server
// goes on, and the log says where it was but not what was typed.
func TestPanicIsOneAnswer(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s, err := New(new(surveys.Service), Config{}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	broken := fiber.New()
	broken.Get("/api/broken", s.observe, func(*fiber.Ctx) error { panic("what somebody typed") })
	broken.Get("/api/fine", s.observe, func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })
	for path, want := range map[string]int{"/api/broken": fiber.StatusInternalServerError, "/api/fine": fiber.StatusNoContent} {
		response, err := broken.Test(httptest.NewRequest("GET", path, nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, response.StatusCode, want)
		}
	}
	if !strings.Contains(log.String(), "server_panic_test.go") || strings.Contains(log.String(), "typed") {
		t.Errorf("log %q, want the place of the mistake and nothing typed", log.String())
	}
}
