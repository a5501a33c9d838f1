package app

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// auditPage is how many lines of the trail a page shows.
const auditPage = 100

// auditView is a programme's audit trail, newest first.
type auditView struct {
	staffPage
	Zone  string
	Lines []auditLine
	Pages pages
}

// auditLine is one line in words.
type auditLine struct{ At, Who, Did, What string }

// auditTrail shows who did what in a programme.
func (s *Server) auditTrail(c *fiber.Ctx) error {
	page, p, err := s.programmePage(c, "Audit trail")
	if err != nil {
		return err
	}
	entries, err := s.surveys.AuditTrail(c.UserContext(), p.ID)
	if err != nil {
		return err
	}
	view := auditView{staffPage: page, Zone: p.Zone}
	view.Pages = pagesOf(c, len(entries), auditPage)
	for _, e := range entries[view.Pages.From:view.Pages.To] {
		view.Lines = append(view.Lines, auditLineOf(p, e))
	}
	return s.render(c, fiber.StatusOK, "staff/audit", view)
}

func auditLineOf(p surveys.Programme, e surveys.AuditEntry) auditLine {
	line := auditLine{At: e.At.In(p.Location()).Format("2006-01-02 15:04:05"), Who: e.Name, What: e.What}
	if e.Name == "" {
		line.Who = "Soundings"
	}
	line.Did = strings.ReplaceAll(strings.ReplaceAll(e.Action, "_", " "), ".", ": ")
	return line
}

// pages is where a page of a long list stands.
type pages struct {
	From, To, All  int // shown: [From, To) of All
	Earlier, Later string
}

// pagesOf reads ?page=, counted from 1, of a list of all lines, each lines long.
func pagesOf(c *fiber.Ctx, all, each int) pages {
	last := max(1, (all+each-1)/each)
	here := min(max(c.QueryInt("page", 1), 1), last)
	p := pages{From: (here - 1) * each, To: min(here*each, all), All: all}
	if here > 1 {
		p.Earlier = pageAddress(c, here-1)
	}
	if here < last {
		p.Later = pageAddress(c, here+1)
	}
	return p
}

// pageAddress is this list at another page.
func pageAddress(c *fiber.Ctx, page int) string {
	query := url.Values{"page": {strconv.Itoa(page)}}
	if show := c.Query("show"); show != "" {
		query.Set("show", show)
	}
	return c.Path() + "?" + query.Encode()
}

// First is the first line shown, counted from 1.
func (p pages) First() int { return p.From + 1 }
