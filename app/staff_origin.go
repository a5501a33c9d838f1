package app

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// sameOrigin refuses a form that another site's page sent: for the forms that
// come before a sign-in and have no token of their own. Browsers say where a
// post comes from in Sec-Fetch-Site, or over plain HTTP in Origin; what says
// neither is no browser and carries nobody's cookies.
//
// Source: the algorithm of net/http.CrossOriginProtection (Go 1.25).
func (s *Server) sameOrigin(c *fiber.Ctx) error {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return nil
	case "":
		if origin := c.Get(fiber.HeaderOrigin); origin == "" || s.ownHost(c, origin) {
			return nil
		}
	}
	return &surveys.Error{Kind: surveys.KindForbidden, Key: "page.stale_form"}
}

// refuseOtherSites refuses a change by a member of staff that another site's page
// sent. Where there is a sign-in its token says so already; this is a second line,
// and lets a hidden origin pass, which is what forms of our own pages have. Respondents
// have no sign-in that could be misused, and no browser adds an API token by itself.
func (s *Server) refuseOtherSites(c *fiber.Ctx, r route) error {
	switch {
	case r.method == fiber.MethodGet, r.access == public && respondents(c.Path()):
		return nil
	case r.access == bearer, r.access == bearerOwner, r.access == bearerDesigner, r.access == bearerFor:
		return nil
	case r.access != public && c.Get("Sec-Fetch-Site") == "" && c.Get(fiber.HeaderOrigin) == "null":
		return nil
	}
	return s.sameOrigin(c)
}

func (s *Server) ownHost(c *fiber.Ctx, origin string) bool {
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return false
	}
	if own, err := url.Parse(s.config.BaseURL); err == nil && own.Host != "" && strings.EqualFold(own.Host, from.Host) {
		return true
	}
	return strings.EqualFold(from.Host, string(c.Request().Host()))
}

// tellOrigin lets a browser name this site in Origin when it posts the form: the
// policy of all other pages would make it say "null".
func tellOrigin(c *fiber.Ctx) { c.Set(fiber.HeaderReferrerPolicy, "same-origin") }
