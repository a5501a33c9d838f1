package app

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// errorPage says what happened and what to do, and loses nothing typed.
type errorPage struct {
	sheet
	Heading  string
	Message  string
	Opens    string // when a link that is not open yet will be
	Problems []fieldProblem
	Typed    []answerRow
	Kept     bool       // earlier parts are saved
	Hand     string     // address that hands them over; "" where that cannot be
	Again    *againForm // sends the same once more; nil where that would not help
	Request  string     // number of the request, for what is our fault
	Href, Go string     // where to go on; "" nowhere
	Later    string     // address of the script that looks after answers on the phone; "" where it has nothing to do
	Closed   string     // that of the script that finds answers begun for this link
}

// refusal is the answer to a script.
type refusal struct {
	Kind    string       `json:"kind"`
	Message string       `json:"message"`
	Errors  []fieldError `json:"errors,omitempty"`
	Late    *lateWords   `json:"late,omitempty"` // what the phone can do with answers that it cannot deliver
}

type fieldError struct {
	Control string `json:"control"`
	Message string `json:"message"`
}

// respondError answers a respondent's request that cannot be met: a page in
// words, or JSON for the script. The status is set already.
func (s *Server) respondError(c *fiber.Ctx, status int, shown *surveys.Error) error {
	s.setSecurityHeaders(c)
	v, known := s.visitOf(c)
	if wantsJSON(c) {
		return c.Status(status).JSON(s.withLateWords(s.refusal(v, known, shown), v.lang, known))
	}
	page := s.errorPage(c, v, known, shown)
	return s.render(c, status, "respond/error", page)
}

// explainTime is how long the page of an error may look for what it is about.
const explainTime = 2 * time.Second

// visitOf is the visit of a request that failed, as far as it is known; else only
// its language.
func (s *Server) visitOf(c *fiber.Ctx) (visit, bool) {
	// The handler's own context has ended with it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), explainTime)
	defer cancel()
	if v, ok := c.Locals(visitKey).(visit); ok {
		return v, true
	}
	inv, token, err := s.invitationAt(ctx, c.Path())
	if err != nil {
		return visit{lang: shownLanguage(c, s.ownLanguages()), own: s.locales}, false
	}
	v := visit{Invitation: inv, own: s.locales, live: inv.Instrument.HasLogic()}
	v.lang = shownLanguage(c, v.languages())
	if id := surveys.ResponseID(s.cookie(c, responseCookie)); id.Valid() && askedLanguage(c, v.languages()) == "" {
		if inv, r, err := s.surveys.InProgress(ctx, token, id); err == nil {
			v.Invitation, v.lang, v.begun = inv, r.Language, r.Status == surveys.StatusInProgress
			s.walk(&v, r)
		}
	}
	return v, true
}

// invitationAt is what the address of a respondent's page leads to.
func (s *Server) invitationAt(ctx context.Context, path string) (surveys.Invitation, string, error) {
	if rest, ok := strings.CutPrefix(path, "/room/"); ok {
		token, _, _ := strings.Cut(rest, "/")
		_, inv, err := s.surveys.Room(ctx, token)
		return inv, inv.Link.Token, err
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(path, "/s/"), "/")
	inv, err := s.surveys.Invitation(ctx, token)
	return inv, token, err
}

// ownLanguages are the languages of the product's own sentences, English first.
func (s *Server) ownLanguages() []string {
	return s.locales.languages()
}

func (s *Server) refusal(v visit, known bool, shown *surveys.Error) refusal {
	answer := refusal{Kind: shown.Kind.String(), Message: s.locales.say(v.lang, shown.Key, shown.Args...)}
	if !known {
		return answer
	}
	for _, e := range shown.Fields {
		answer.Errors = append(answer.Errors, fieldError{e.Control, s.message(v, e)})
	}
	return answer
}

func (s *Server) errorPage(c *fiber.Ctx, v visit, known bool, shown *surveys.Error) errorPage {
	say := func(key string, args ...any) string { return s.locales.say(v.lang, key, args...) }
	heading := say(headingOf(shown))
	page := errorPage{
		sheet:   sheet{Lang: v.lang, Title: heading, Demo: s.config.Demo, Languages: languageChoices(s.ownLanguages(), v.lang)},
		Heading: heading, Message: say(shown.Key, shown.Args...), Again: again(c, shown),
	}
	if shown.Kind == surveys.KindInternal || shown.Kind == surveys.KindUnavailable {
		page.Request = requestID(c)
	}
	if c.Method() == fiber.MethodGet && (shown.Kind == surveys.KindClosed || shown.Kind == surveys.KindNotFound) {
		page.Later, page.Closed = laterAddress, closedAddress
	}
	if !known {
		return page
	}
	page.sheet = s.sheet(v, heading)
	if c.Method() != fiber.MethodGet {
		page.Languages = nil // the address of a form cannot be opened
	}
	page.Opens = s.opening(v)
	page.Problems = s.problemsOf(v, shown.Fields, func(string) string { return "" })
	if page.Again != nil {
		s.noteUnread(c, v)
	}
	if typed, ok := c.Locals(typedKey).(func() []answerRow); ok {
		page.Typed = typed()
	}
	page.Href, page.Go = s.wayOn(v, shown)
	page.Kept = shown.Kind == surveys.KindClosed && s.cookie(c, responseCookie) != "" && shown.Key != "link.not_yet"
	if page.Kept && v.begun {
		page.Hand = v.path("/late?lang=" + v.lang)
	}
	return page
}

// headingOf is the key of the heading over an error.
func headingOf(shown *surveys.Error) string {
	switch shown.Kind {
	case surveys.KindNotFound:
		return "respond.not_found"
	case surveys.KindClosed:
		return "respond.closed"
	case surveys.KindInternal, surveys.KindUnavailable:
		return "respond.broken"
	case surveys.KindThrottled:
		return "respond.wait"
	}
	return "respond.problem"
}

// wayOn is where a person can go on after an error: address and words.
func (s *Server) wayOn(v visit, shown *surveys.Error) (string, string) {
	switch {
	case shown.Key == "response.sent_already":
		return v.path("/thanks"), s.locales.say(v.lang, "respond.see_receipt")
	case shown.Key == "part.not_found":
		return v.path("/check"), s.locales.say(v.lang, "respond.to_answers")
	case shown.Kind == surveys.KindNotFound:
		return v.path(""), s.locales.say(v.lang, "respond.to_start")
	}
	return "", ""
}
