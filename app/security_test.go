package app

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// TestAddress: whoever asks cannot choose the address that their guesses are
// counted under. The test's own connection is from 0.0.0.0.
func TestAddress(t *testing.T) {
	t.Parallel()
	const nobody, proxy, both = "192.0.2.1", "0.0.0.0", "0.0.0.0,10.1.0.0/16"
	tests := []struct {
		name, trusted string
		lines         []string
		want          string
	}{
		{"no proxy", nobody, []string{"198.51.100.7"}, "0.0.0.0"},
		{"a proxy", proxy, []string{"203.0.113.9"}, "203.0.113.9"},
		{"a proxy that adds to what was claimed", proxy, []string{"198.51.100.7, 203.0.113.9"}, "203.0.113.9"},
		{"a proxy that adds a line", proxy, []string{"198.51.100.7", "203.0.113.9"}, "203.0.113.9"},
		{"two proxies", both, []string{"198.51.100.7, 203.0.113.9, 10.1.2.3"}, "203.0.113.9"},
		{"all trusted", both, []string{"10.1.9.9, 10.1.2.3"}, "10.1.9.9"},
		{"no address", proxy, []string{"198.51.100.7, unknown"}, "0.0.0.0"},
		{"nothing said", proxy, nil, "0.0.0.0"},
		{"one address written in two ways", proxy, []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := addressSeen(t, tt.trusted, tt.lines); got != tt.want {
				t.Errorf("address %s, want %s", got, tt.want)
			}
		})
	}
}

// addressSeen is what the server takes for the address of a request.
func addressSeen(t *testing.T, trusted string, lines []string) string {
	t.Helper()
	s, err := New(new(surveys.Service), Config{TrustedProxies: strings.Split(trusted, ",")}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.fiber = fiber.New(s.fiber.Config())
	s.fiber.Get("/", func(c *fiber.Ctx) error { return c.SendString(s.address(c)) })
	request := httptest.NewRequest("GET", "/", nil)
	request.Header["X-Forwarded-For"] = lines
	response, err := s.fiber.Test(request, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestEncrypted: cookies are secure wherever people come by HTTPS, even if
// nobody named the proxy that speaks it.
func TestEncrypted(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]bool{"": false, "http://feedback.example.org": false, "https://feedback.example.org": true} {
		s, err := New(new(surveys.Service), Config{BaseURL: base}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		s.fiber = fiber.New(s.fiber.Config())
		s.fiber.Get("/", s.securityHeaders, func(c *fiber.Ctx) error {
			s.setCookie(c, signInCookie, "secret", "/", time.Time{})
			return nil
		})
		response, err := s.fiber.Test(httptest.NewRequest("GET", "/", nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got := response.Cookies()[0].Secure; got != want {
			t.Errorf("base URL %q: the cookie is secure: %v, want %v", base, got, want)
		}
		if got := response.Header.Get("Strict-Transport-Security") != ""; got != want {
			t.Errorf("base URL %q: told to stay with HTTPS: %v, want %v", base, got, want)
		}
	}
}

func TestNetworkOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.9": "203.0.113.9", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::9": "2001:db8:1:2::/64",
		"2001:db8:1:3::9": "2001:db8:1:3::/64", "": "",
	} {
		if got := networkOf(address); got != want {
			t.Errorf("networkOf(%q) = %q, want %q", address, got, want)
		}
	}
}
