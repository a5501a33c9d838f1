package app

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/gofiber/fiber/v2"
)

// fragment renders one named part of a page by itself, for a page that is
// already shown.
func (v *views) fragment(name, part string, data any) (template.HTML, error) {
	set, err := v.set(name)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := set.ExecuteTemplate(&out, part, data); err != nil {
		return "", fmt.Errorf("rendering part %s of %s: %w", part, name, err)
	}
	return template.HTML(out.String()), nil //nolint:gosec // html/template made it
}

// renderPart answers with one part of a page.
func (s *Server) renderPart(c *fiber.Ctx, status int, name, part string, data any) error {
	html, err := s.views.fragment(name, part, data)
	if err != nil {
		return err
	}
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return sendEncoded(c, []byte(html))
}
