package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"
)

// What comes after a respondent's page has loaded: a script that sends what waits
// on the phone, and the worker that opens the page without network. Both are the
// same for everyone and hold nothing of a person.

// laterAddress changes with the script, so that browsers may keep it for ever.
var laterAddress = addressAfterwards(laterScript)

// closedAddress is the same for the script of a page that takes no answers.
var closedAddress = addressAfterwards(closedScript)

func addressAfterwards(name string) string {
	sum := sha256.Sum256([]byte(afterwards(name)))
	return "/static/" + name + "?v=" + hex.EncodeToString(sum[:4])
}

// afterwards is a script as it is sent.
func afterwards(name string) string {
	text, err := inlineText(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return text
}

// getLater answers GET /static/respond_later.js and /static/respond_closed.js.
func (s *Server) getLater(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return sendAfterwards(c, afterwards(path.Base(c.Path())))
}

// getWorker answers GET /sw.js. Browsers ask for it again by themselves, at least
// once a day; its scope is every page, of which it answers for landings only.
func (s *Server) getWorker(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return sendAfterwards(c, strings.Replace(afterwards(workerScript), "ADDRESS", laterAddress, 1))
}

// sendAfterwards answers with a script, as small as it gets: it is asked for once
// a phone, over the worst of networks. A script needs no policy for pages; the
// worker's own lets it ask this server and nobody else.
func sendAfterwards(c *fiber.Ctx, text string) error {
	c.Type(path.Ext(laterScript)[1:], "utf-8")
	c.Set("Content-Security-Policy", "default-src 'self'")
	c.Vary(fiber.HeaderAcceptEncoding)
	encoding, sum := encodingFor(c), sha256.Sum256([]byte(text))
	tag := `"` + hex.EncodeToString(sum[:8]) + encoding + `"`
	c.Set(fiber.HeaderETag, tag)
	if c.Get(fiber.HeaderIfNoneMatch) == tag { // the worker asks again for what the page has just loaded
		return c.SendStatus(fiber.StatusNotModified)
	}
	body, err := compress([]byte(text), encoding, brotli.BestCompression, 9)
	if err != nil {
		return fmt.Errorf("sending a script: %w", err)
	}
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	return c.Send(body)
}

// trustworthy reports whether browsers keep pages of this address to open them
// without network: over HTTPS, or on the machine itself.
func (s *Server) trustworthy(c *fiber.Ctx) bool {
	if s.encrypted(c) {
		return true
	}
	host := c.Hostname()
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
