package app

import (
	"crypto/sha256"
	"encoding/hex"
	"path"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// staffPage is what the shell shows around every staff page; each view embeds it.
type staffPage struct {
	Title   string
	Crumbs  []crumb // the way back, outermost first
	Menus   []menu  // the pages of a programme that the account may see
	Name    string  // of the account signed in; "" signed out
	CSRF    string
	Can     can
	Demo    bool
	Events  string // address of the live parts; "" if the page stands still
	Refresh string // what a page without script does: "2" asks again after two seconds, "0;url=/…" goes on
	Again   int    // seconds until the page is asked for again; 0: it stands still
	Store   string
	Version string
	CSS, JS string

	Sheet, Script string // of the editor, besides; "" elsewhere
}

// crumb is a link to a page; Here marks the page shown.
type crumb struct {
	Title, Address string
	Here           bool
}

// menu is one group of pages. On a narrow screen it is folded up; on a wide one the
// group of the page shown is a row of its own.
type menu struct {
	Title string
	Pages []crumb
}

// Here is the page of the menu that is shown, nil if it is none of them.
func (m menu) Here() *crumb {
	for i := range m.Pages {
		if m.Pages[i].Here {
			return &m.Pages[i]
		}
	}
	return nil
}

// can is what the account may do here: a page shows no button that is refused.
type can struct {
	Own, Design, Manage, Links, Answers, Paper, Figures, Concerns bool
}

// staffPage makes the shell's data of a page outside any programme.
func (s *Server) staffPage(c *fiber.Ctx, title string, way ...crumb) staffPage {
	account, _ := surveys.AccountFrom(c.UserContext())
	signIn, _ := c.Locals(signInKey).(surveys.SignIn)
	return staffPage{
		Title: title, Crumbs: way, Name: account.Name, CSRF: signIn.CSRF, Can: can{Own: account.Owner, Design: account.Designs()},
		Demo: s.config.Demo, Store: s.surveys.Describe(), Version: s.config.Version,
		CSS: staffCSS, JS: staffJS,
	}
}

// programmePage reads the programme of the request and makes the shell's data
// of one of its pages.
func (s *Server) programmePage(c *fiber.Ctx, title string) (staffPage, surveys.Programme, error) {
	p, err := s.surveys.Programme(c.UserContext(), programmeID(c))
	sees := err == nil
	if err != nil && surveys.KindOf(err) == surveys.KindForbidden { // a safeguarding lead sees the pages of that alone
		p, err = s.surveys.ProgrammeOfConcerns(c.UserContext(), programmeID(c))
	}
	if err != nil {
		return staffPage{}, p, err
	}
	page := s.staffPage(c, title, crumb{"Programmes", "/programmes", false})
	account, _ := surveys.AccountFrom(c.UserContext())
	page.Can.Manage = account.May(p.ID, surveys.MayManage)
	page.Can.Links = account.May(p.ID, surveys.MayRunLinks)
	page.Can.Answers = account.May(p.ID, surveys.MayReadAnswers)
	page.Can.Paper = account.May(p.ID, surveys.MayEnterPaper)
	page.Can.Figures = account.May(p.ID, surveys.MayReadFigures)
	page.Can.Concerns = account.May(p.ID, surveys.MayReadConcerns)
	page.Demo = page.Demo || p.Demo
	if !sees {
		page.addMenu(p.Name, trustTabs(c.Path(), p.ID, page.Can))
		return page, p, nil
	}
	if c.Path() != programmePath(p.ID) {
		page.Crumbs = append(page.Crumbs, crumb{p.Name, programmePath(p.ID), false})
	}
	page.addMenu("Programme", programmeTabs(c.Path(), p.ID, page.Can))
	page.addMenu("Collecting", collectTabs(c.Path(), p.ID, page.Can))
	page.addMenu("Care of people and data", trustTabs(c.Path(), p.ID, page.Can))
	results := resultTabs(p, page.Can)
	strand, ok := p.Strand(surveys.StrandID(c.Params("strand")))
	if !ok || !page.Can.Answers {
		page.addMenu("Results", marked(results, c.Path()))
		return page, p, nil
	}
	page.addMenu("Results", results) // the strand's own menu says where one is
	page.addMenu(strand.Title, strandTabs(c.Path(), p.ID, strand))
	return page, p, nil
}

func (p *staffPage) addMenu(title string, pages []crumb) {
	if len(pages) > 0 {
		p.Menus = append(p.Menus, menu{title, pages})
	}
}

// trustTabs are the pages of a programme about who looks after people and data.
func trustTabs(here string, id surveys.ProgrammeID, may can) []crumb {
	var tabs []crumb
	// Safeguarding.
	if may.Concerns {
		tabs = append(tabs, crumb{"Concerns", programmePath(id) + "/concerns", false}, crumb{"Open answers to read", programmePath(id) + "/concerns/reading", false})
	}
	if may.Manage {
		tabs = append(tabs, crumb{"Safeguarding", programmePath(id) + "/safeguarding", false})
	}
	if may.Manage || may.Concerns {
		tabs = append(tabs, crumb{"Word lists and rules", programmePath(id) + "/lookout", false})
	}
	// Help, and people who asked to be contacted.
	if may.Concerns {
		tabs = append(tabs, crumb{"Asked to be contacted", approachesPath(id), false})
	}
	if may.Manage {
		tabs = append(tabs, crumb{"Help for respondents", helpPath(id), false})
	}
	// Retention.
	if may.Manage {
		tabs = append(tabs, crumb{"Retention", retentionPath(id), false}, crumb{"Requests about data", programmePath(id) + "/data", false})
	}
	// Statements.
	if may.Manage {
		tabs = append(tabs, crumb{"Statements", statementsPath(id), false})
	}
	return marked(tabs, here)
}

// programmeTabs are the pages of a programme that the account may see.
func programmeTabs(here string, id surveys.ProgrammeID, may can) []crumb {
	tabs := []crumb{{"Overview", programmePath(id), false}}
	if may.Manage {
		tabs = append(tabs,
			crumb{"Cohorts and institutions", programmePath(id) + "/cohorts", false},
			crumb{"People", programmePath(id) + "/people", false},
			crumb{"Audit trail", programmePath(id) + "/audit", false},
			crumb{"Copy for next year", programmePath(id) + "/copy", false})
	}
	return marked(tabs, here)
}

// collectTabs are the pages of a programme for collecting answers.
func collectTabs(here string, id surveys.ProgrammeID, may can) []crumb {
	base := programmePath(id)
	tabs := []crumb{{"Board", base + "/board", false}}
	if may.Manage {
		tabs = append(tabs, crumb{"Institutions", base + "/institutions", false})
	}
	if may.Links {
		tabs = append(tabs,
			crumb{"Links and posters", base + "/packs", false},
			crumb{"Workshops", base + "/workshops", false},
			crumb{"Cards", base + "/cards", false},
			crumb{"Shared tablets", base + "/rooms", false},
			crumb{"E-mail", base + "/mailings", false})
	}
	if may.Paper {
		tabs = append(tabs, crumb{"Paper", base + "/paper", false})
	}
	if may.Links {
		tabs = append(tabs, crumb{"Late answers", base + "/held", false})
	}
	return marked(tabs, here)
}

// resultTabs are the pages of a programme about what came of it: one for each
// strand, and those over all strands.
func resultTabs(p surveys.Programme, may can) []crumb {
	var tabs []crumb
	base := programmePath(p.ID)
	if may.Answers {
		tabs = append(tabs, crumb{"All strands", base + "/results", false})
		for _, strand := range p.Strands {
			tabs = append(tabs, crumb{strand.Title, strandPath(p.ID, strand.ID), false})
		}
	}
	if may.Figures {
		tabs = append(tabs, crumb{"Reach", base + "/reach", false})
	}
	if may.Answers {
		tabs = append(tabs, crumb{"Quotes", base + "/quotes", false})
	}
	if may.Figures {
		tabs = append(tabs, crumb{"Exports", base + "/exports", false})
	}
	return tabs
}

// strandTabs are the pages of one strand for its evaluators.
func strandTabs(here string, id surveys.ProgrammeID, strand surveys.Strand) []crumb {
	base := strandPath(id, strand.ID)
	tabs := []crumb{{"Outcomes", base, false}, {"Summary", base + "/summary", false}, {"Open answers", base + "/answers", false}, {"Responses", base + "/responses", false}}
	if strand.Paired() {
		tabs = append(tabs, crumb{"Pairing desk", base + "/pairing", false})
	}
	return marked(append(tabs, crumb{"Old data", base + "/old-data", false}), here)
}

func marked(tabs []crumb, here string) []crumb {
	for i := range tabs {
		tabs[i].Here = tabs[i].Address == here
	}
	return tabs
}

func programmePath(id surveys.ProgrammeID) string { return "/programmes/" + string(id) }

func cohortPath(p surveys.ProgrammeID, c surveys.CohortID) string {
	return programmePath(p) + "/cohorts/" + string(c)
}

func strandPath(p surveys.ProgrammeID, strand surveys.StrandID) string {
	return programmePath(p) + "/strands/" + string(strand)
}

// sees ends a change: the browser goes on to a page by a request of its own.
func sees(c *fiber.Ctx, address string) error { return c.Redirect(address, fiber.StatusSeeOther) }

// typed is one value of the posted form, never of the query.
func typed(c *fiber.Ctx, name string) string {
	if posted, err := c.Request().MultipartForm(); err == nil { // a form with a file
		if values := posted.Value[name]; len(values) > 0 {
			return values[0]
		}
		return ""
	}
	return string(c.Request().PostArgs().Peek(name))
}

// typedAll is every value of a control that may be ticked several times.
func typedAll(c *fiber.Ctx, name string) []string {
	if posted, err := c.Request().MultipartForm(); err == nil { // a form with a file
		return posted.Value[name]
	}
	var all []string
	for _, raw := range c.Request().PostArgs().PeekMulti(name) {
		all = append(all, string(raw))
	}
	return all
}

// staffHome is the address without a path.
func (s *Server) staffHome(c *fiber.Ctx) error { return sees(c, "/programmes") }

// The addresses of the staff's sheet and script; they change with the content,
// so that browsers may keep them.
var (
	staffCSS = assetAddress("staff.css")
	staffJS  = assetAddress("staff.js")
)

func assetAddress(name string) string {
	raw, err := staticFiles.ReadFile("static/" + name)
	if err != nil {
		panic("static file " + name + " is not embedded: " + err.Error())
	}
	sum := sha256.Sum256(raw)
	return "/static/" + name + "?v=" + hex.EncodeToString(sum[:6])
}

// staffAsset serves the sheet and the script.
func (s *Server) staffAsset(c *fiber.Ctx) error {
	name := path.Base(c.Path())
	raw, err := staticFiles.ReadFile("static/" + name)
	if err != nil {
		return &surveys.Error{Kind: surveys.KindNotFound, Key: "page.not_found", Err: err}
	}
	c.Type(path.Ext(name)[1:], "utf-8")
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return sendEncoded(c, raw)
}
