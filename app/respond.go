package app

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"golang.org/x/text/language"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// Names of posted controls that are not answers. They begin with "_", which no
// item's id does.
const (
	controlLanguage = "_lang"    // change the language and stay here
	controlBack     = "_back"    // save and go to the part before
	controlPause    = "_pause"   // save and come back later
	controlID       = "_id"      // the response's id, drawn by the phone
	controlVersion  = "_version" // of the questionnaire that was shown
	controlStarted  = "_started" // milliseconds since 1970, by the phone's clock
	controlMode     = "_mode"    // "shared_device" or nothing
	controlDevice   = "_device"  // a tag that the phone drew for this link
	controlSent     = "_sent"    // when Send was pressed, milliseconds since 1970, by the phone's clock
)

// visit is one respondent's request: where the link leads, and in which language
// it is shown.
type visit struct {
	surveys.Invitation
	lang   string
	shared bool                // the address says that many people answer on this device
	way    *questionnaire.Path // of the person who asks; nil: of nobody
	live   bool                // the questionnaire has logic
	own    *locales            // the product's own words, for dates
	said   []linkValue         // of hidden items, by the address
	begun  bool                // the answers of who asks are saved here, and not sent
	doc    bool                // the page is the document for the script, with everything in it
	unsafe bool                // browsers keep no page of it: it comes without HTTPS
	piped  func(string) string // on paper: what stands for an earlier answer; nil elsewhere

	personal string // the secret of the personal link one came by; "" for others
}

// visit reads the link of a request. An unknown one is counted against the
// network it comes from.
func (s *Server) visit(c *fiber.Ctx) (visit, error) {
	inv, err := s.surveys.Invitation(c.UserContext(), c.Params("token"))
	if err != nil {
		return visit{}, s.missed(c, err)
	}
	v := visit{Invitation: inv, own: s.locales, shared: c.Context().QueryArgs().Has("shared"), unsafe: !s.trustworthy(c)}
	v.lang, v.live = chooseLanguage(c, v.languages()), v.Instrument.HasLogic()
	v.said = v.saidBy(c.Context().QueryArgs(), "")
	return v, nil
}

// missed counts an unknown link, and turns too many into a refusal.
func (s *Server) missed(c *fiber.Ctx, err error) error {
	if surveys.KindOf(err) != surveys.KindNotFound {
		return err
	}
	network, markErr := s.network(c)
	if markErr != nil {
		return markErr
	}
	if throttled := s.surveys.MissedLink(c.UserContext(), network); throttled != nil {
		return throttled
	}
	return err
}

// askedLanguage is the one of languages that the address or the form asks for, or "".
func askedLanguage(c *fiber.Ctx, languages []string) string {
	asked := c.Query("lang")
	if sent, err := postForm(c); err == nil && sent.Has(controlLanguage) {
		asked = string(sent.Peek(controlLanguage))
	}
	if slices.Contains(languages, asked) {
		return asked
	}
	return ""
}

// chooseLanguage is the language asked for, or else the best of languages for the
// browser. It is always one of languages.
func chooseLanguage(c *fiber.Ctx, languages []string) string {
	if asked := askedLanguage(c, languages); asked != "" {
		return asked
	}
	wanted, _, err := language.ParseAcceptLanguage(c.Get(fiber.HeaderAcceptLanguage))
	if err != nil {
		return languages[0]
	}
	return languages[nearestLanguage(languages, wanted)]
}

// languages are those of the questionnaire, the source language first.
func (v visit) languages() []string { return v.Instrument.Version().Definition.Languages }

// path is an address below the link's own.
func (v visit) path(rest string) string { return "/s/" + v.Link.Token + rest }

// in is a wording of the questionnaire in the language of the page.
func (v visit) in(text questionnaire.Text) string {
	return text.In(v.lang, v.languages()...)
}

// parts are the parts asked at the wave of the link.
func (v visit) parts() []*questionnaire.Part { return v.Instrument.PartsAt(v.Link.Wave) }

// open refuses a link that takes no answers now.
func (s *Server) open(v visit) error {
	if state := v.Link.State(s.surveys.Now()); state != "open" {
		return &surveys.Error{Kind: surveys.KindClosed, Key: "link." + state}
	}
	return nil
}

// getLanding answers GET /s/:token: what this is, in one document with the whole
// questionnaire inside. The document is the same for everyone, so that a cache
// may keep it; who has answers here that are not sent gets a way back to them,
// but not on a shared device: the next person would get it. An address that says
// something of hidden items gets a document that keeps it without JavaScript.
func (s *Server) getLanding(c *fiber.Ctx) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	if c.Params("token") != v.Link.Token {
		return c.Redirect(v.path(query(c)), fiber.StatusSeeOther)
	}
	if err := s.open(v); err != nil {
		return err
	}
	if s.cookie(c, responseCookie) != "" && !v.shared {
		if begun, r, err := s.sitting(c); err == nil && r.Status == surveys.StatusInProgress && r.Mode != surveys.ModeShared {
			v.lang = begun.lang
			v.way = begun.way
			return s.drawLanding(c, v, v.resume(r))
		}
	}
	if len(v.said) > 0 {
		return s.drawLanding(c, v, "")
	}
	if which, err := s.workshopsOf(c, v); err != nil || len(which.Workshops) > 0 {
		return s.chooseWorkshop(c, which, err)
	}
	return s.sendLanding(c, v)
}

// drawLanding answers with a document that is made for one request.
func (s *Server) drawLanding(c *fiber.Ctx, v visit, resume string) error {
	page, err := s.landing(v, resume)
	if err != nil {
		return err
	}
	return s.render(c, fiber.StatusOK, "respond/landing", page)
}

func query(c *fiber.Ctx) string {
	if q := c.Request().URI().QueryString(); len(q) > 0 {
		return "?" + string(q)
	}
	return ""
}

// resume is where a response in progress goes on.
func (v visit) resume(r surveys.Response) string {
	if n := v.from(r.Page + 1); n > 0 {
		return v.partPath(n)
	}
	return v.path("/check")
}

// postStart begins a response that is saved part by part.
func (s *Server) postStart(c *fiber.Ctx) error {
	v, sent, err := posted(c, s.visit)
	if err != nil {
		return err
	}
	if err := s.mayStart(c); err != nil {
		return err
	}
	r, err := s.start(c, v, sent)
	if err != nil {
		return err
	}
	s.remember(c, v, r.ID)
	s.tellBegun(c, v, r.ID)
	return c.Redirect(v.partPath(1), fiber.StatusSeeOther)
}

func (s *Server) start(c *fiber.Ctx, v visit, sent *fasthttp.Args) (surveys.Response, error) {
	said := v.saidBy(sent, linkPrefix)
	if secret := string(sent.Peek(controlPersonal)); secret != "" {
		return s.startPersonal(c, v, secret, modeOf(sent), said)
	}
	return s.surveys.Start(c.UserContext(), v.Link.Token, v.lang, modeOf(sent), linkMap(said))
}

// remember ties this browser to a response, until it is closed: a tablet may be
// the next class's tomorrow. Only pages of this link see it.
func (s *Server) remember(c *fiber.Ctx, v visit, id surveys.ResponseID) {
	s.setCookie(c, responseCookie, string(id), v.path(""), time.Time{})
}

// postAgain makes room for the next person on this device.
func (s *Server) postAgain(c *fiber.Ctx) error {
	v, err := s.visit(c)
	if err != nil {
		return err
	}
	again := "" // what the address said of hidden items, it says of the next person too
	if v.live {
		if before, r, err := s.sitting(c); err == nil {
			again = carried(before.saidIn(r.Answers))
		}
	}
	s.setCookie(c, responseCookie, "", v.path(""), time.Unix(0, 0))
	return c.Redirect(v.path("?shared&lang="+v.lang+again), fiber.StatusSeeOther)
}

// getElsewhere answers the address of a form that is opened by hand, or by a
// refresh: it leads to where that form is.
func (s *Server) getElsewhere(c *fiber.Ctx) error {
	v, r, err := s.sitting(c)
	switch {
	case err != nil:
		v, err = s.visit(c)
		if err != nil {
			return err
		}
		return c.Redirect(v.path(""), fiber.StatusSeeOther)
	case r.Status == surveys.StatusSubmitted:
		return c.Redirect(v.path("/thanks"), fiber.StatusSeeOther)
	}
	return c.Redirect(v.resume(r), fiber.StatusSeeOther)
}
