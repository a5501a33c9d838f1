package app

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// auditPage is how many lines of the trail a page shows.
const auditPage = 100

// auditView is the audit trail of a programme, or of the installation, newest first.
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
	return s.showTrail(c, auditView{staffPage: page, Zone: p.Zone}, entries, p.Location())
}

// productTrail shows owners what belongs to no programme: sign-ins, accounts,
// tokens, published questionnaires.
func (s *Server) productTrail(c *fiber.Ctx) error {
	entries, err := s.surveys.AuditTrail(c.UserContext(), "")
	if err != nil {
		return err
	}
	accounts, err := s.surveys.Accounts(c.UserContext())
	if err != nil {
		return err
	}
	names := map[surveys.AccountID]string{}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	for i, e := range entries {
		switch {
		case e.Name == "" && e.Account != "":
			entries[i].Name = names[e.Account]
		case e.Action == "account.sign_in_refused" && e.Account == "":
			entries[i].Name = "Nobody known"
		}
	}
	page := s.staffPage(c, "Audit trail of the installation", crumb{"Programmes", "/programmes", false})
	return s.showTrail(c, auditView{staffPage: page, Zone: "UTC"}, entries, time.UTC)
}

func (s *Server) showTrail(c *fiber.Ctx, view auditView, entries []surveys.AuditEntry, zone *time.Location) error {
	view.Pages = pagesOf(c, len(entries), auditPage)
	for _, e := range entries[view.Pages.From:view.Pages.To] {
		view.Lines = append(view.Lines, auditLineOf(zone, e))
	}
	return s.render(c, fiber.StatusOK, "staff/audit", view)
}

func auditLineOf(zone *time.Location, e surveys.AuditEntry) auditLine {
	line := auditLine{At: e.At.In(zone).Format("2006-01-02 15:04:05"), Who: e.Name, What: e.What}
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
	query := url.Values{}
	for name, value := range c.Queries() {
		if value != "" {
			query.Set(name, value)
		}
	}
	query.Set("page", strconv.Itoa(page))
	return c.Path() + "?" + query.Encode()
}

// First is the first line shown, counted from 1.
func (p pages) First() int { return p.From + 1 }
