package app_test

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// hall is a server with one link to one questionnaire, on a real SQLite store,
// and a clock that the test moves.
type hall struct {
	tb      testing.TB
	service *surveys.Service
	server  *app.Server
	store   surveys.Store
	link    surveys.Link
	owner   context.Context
	mu      sync.Mutex
	clock   time.Time

	talkative bool // fill leaves open answers
}

func (h *hall) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

// pass lets time go by.
func (h *hall) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock = h.clock.Add(d)
}

// newHall opens the questionnaire in testdata/respond for a day.
func newHall(tb testing.TB, name string) *hall {
	tb.Helper()
	return hallWith(tb, readDefinition(tb, name), app.Config{})
}

func readDefinition(tb testing.TB, name string) questionnaire.Definition {
	tb.Helper()
	raw, err := os.ReadFile("testdata/respond/" + name + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	definition, err := questionnaire.ParseDefinition(raw)
	if err != nil {
		tb.Fatal(err)
	}
	return definition
}

func hallWith(tb testing.TB, definition questionnaire.Definition, config app.Config) *hall {
	tb.Helper()
	return hallOf(tb, func(*hall) questionnaire.Definition { return definition }, config)
}

// hallOf opens a questionnaire that is made with the help of the service.
func hallOf(tb testing.TB, define func(*hall) questionnaire.Definition, config app.Config) *hall {
	tb.Helper()
	return hallIn(tb, storetest.SQLite(tb), define, config)
}

// hallIn is hallOf on a store.
func hallIn(tb testing.TB, store surveys.Store, define func(*hall) questionnaire.Definition, config app.Config) *hall {
	tb.Helper()
	h := &hall{tb: tb, store: store, clock: time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)}
	h.service = surveys.NewService(h.store, h.now, rand.Reader)
	h.owner = ownerOf(tb, h.service)
	definition := define(h)
	h.publish(definition)
	h.link = h.newLink("Hillside Projects", definition.Title.In("en"))
	var err error
	h.server, err = app.New(h.service, config, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

func ownerOf(tb testing.TB, service *surveys.Service) context.Context {
	tb.Helper()
	secret, err := service.SetUpSecret(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	account, err := service.SetUp(tb.Context(), secret, "Owner", "owner@example.org", "correct horse battery staple")
	if err != nil {
		tb.Fatal(err)
	}
	return surveys.WithAccount(tb.Context(), account)
}

func (h *hall) publish(definition questionnaire.Definition) {
	h.tb.Helper()
	if _, err := h.service.Publish(h.owner, "views", definition); err != nil {
		h.tb.Fatal(err)
	}
}

// newLink makes a programme with a cohort and returns its open link.
func (h *hall) newLink(programme, strand string) surveys.Link {
	h.tb.Helper()
	p, err := h.service.CreateProgramme(h.owner, surveys.Programme{
		Name: programme, Zone: "Europe/London", SmallestGroup: 5,
		Strands: []surveys.Strand{{ID: "pupils", Title: strand, Audience: surveys.AudienceParticipant,
			Design: surveys.DesignPrePost, Questionnaire: "views", Block: surveys.BlockCohort, Role: "Pupil"}},
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	account, _ := surveys.AccountFrom(h.owner)
	account.Roles = map[surveys.ProgrammeID][]surveys.Role{p.ID: surveys.Roles()}
	h.owner = surveys.WithAccount(h.owner, account)
	c, err := h.service.CreateCohort(h.owner, surveys.Cohort{Programme: p.ID, Name: "Class 5B"})
	if err != nil {
		h.tb.Fatal(err)
	}
	link, err := h.service.CreateLink(h.owner, surveys.Link{
		Programme: p.ID, Strand: "pupils", Cohort: c.ID, Wave: questionnaire.WavePre,
		Opens: h.now(), Closes: h.now().Add(24 * time.Hour),
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	return link
}

func (h *hall) close() {
	h.tb.Helper()
	if _, err := h.service.SetLinkOpen(h.owner, h.link.Programme, h.link.ID, false); err != nil {
		h.tb.Fatal(err)
	}
}

// stored are the submitted responses.
func (h *hall) stored() []surveys.Response {
	h.tb.Helper()
	var all []surveys.Response
	for r, err := range h.store.Responses(h.tb.Context(), h.link.Programme, h.link.Strand) {
		if err != nil {
			h.tb.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// phone is one browser: it keeps cookies and follows nothing by itself.
type phone struct {
	h       *hall
	cookies map[string]*http.Cookie
	header  http.Header

	mayBeUnread bool // the server may refuse a request before it has read it: that is a 400
}

func (h *hall) phone() *phone {
	return &phone{h: h, cookies: map[string]*http.Cookie{}, header: http.Header{}}
}

// page is what came back.
type page struct {
	status int
	header http.Header
	body   string
}

func (p *phone) send(method, path string, body io.Reader) page {
	p.h.tb.Helper()
	r := httptest.NewRequestWithContext(p.h.tb.Context(), method, path, body)
	r.Header = p.header.Clone()
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	if body != nil && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range p.cookies {
		if strings.HasPrefix(path, c.Path) {
			r.AddCookie(c)
		}
	}
	answer, err := p.h.server.Fiber().Test(r, -1)
	if err != nil && p.mayBeUnread {
		return page{status: http.StatusBadRequest, header: http.Header{}}
	}
	if err != nil {
		p.h.tb.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		p.h.tb.Fatal(err)
	}
	for _, c := range answer.Cookies() {
		p.cookies[c.Name] = c
		if c.Value == "" {
			delete(p.cookies, c.Name)
		}
	}
	return page{answer.StatusCode, answer.Header, string(raw)}
}

// at is an address below the link.
func (p *phone) at(rest string) string { return "/s/" + p.h.link.Token + rest }

func (p *phone) get(rest string) page { p.h.tb.Helper(); return p.send("GET", p.at(rest), nil) }

func (p *phone) post(rest string, form url.Values) page {
	p.h.tb.Helper()
	return p.send("POST", p.at(rest), strings.NewReader(form.Encode()))
}

// begin starts the way without JavaScript.
func (p *phone) begin() {
	p.h.tb.Helper()
	p.post("/start", url.Values{"_lang": {"en"}}).wants(p.h.tb, 303, "/part/1")
}

// wants fails unless the page has the status, and the words in its text or, for a
// redirect, in its address.
func (g page) wants(tb testing.TB, status int, words ...string) page {
	tb.Helper()
	if g.status != status {
		tb.Fatalf("status = %d, want %d; location %q, body:\n%.2000s", g.status, status, g.header.Get("Location"), g.body)
	}
	where := g.text(tb)
	if status == http.StatusSeeOther {
		where = g.header.Get("Location")
	}
	for _, w := range words {
		if !strings.Contains(where, w) {
			tb.Errorf("page has no %q:\n%.3000s", w, where)
		}
	}
	return g
}

// lacks fails if the page has any of the words, in text or markup.
func (g page) lacks(tb testing.TB, words ...string) page {
	tb.Helper()
	for _, w := range words {
		if strings.Contains(g.body, w) {
			tb.Errorf("page has %q", w)
		}
	}
	return g
}

// text is the page's text and its form values, outside style and script.
func (g page) text(tb testing.TB) string {
	tb.Helper()
	if !strings.HasPrefix(g.header.Get("Content-Type"), "text/html") {
		return g.body
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(g.body))
	for skip := false; ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if !skip {
				b.WriteString(z.Token().Data)
			}
		case html.StartTagToken, html.EndTagToken:
			name, _ := z.TagName()
			skip = kind == html.StartTagToken && (string(name) == "style" || string(name) == "script")
		}
	}
}
