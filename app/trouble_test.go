package app_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
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

// againForm is the form in the page of an error that sends the same once more.
func (g page) againForm() (action string, form url.Values, err error) {
	root, err := html.Parse(strings.NewReader(g.body))
	if err != nil {
		return "", nil, err
	}
	form = url.Values{}
	for n := range root.Descendants() {
		switch {
		case n.Data == "form" && attribute(n, "method") == "post":
			action = attribute(n, "action")
		case n.Data == "input" && attribute(n, "type") == "hidden":
			form.Add(attribute(n, "name"), attribute(n, "value"))
		}
	}
	if action == "" {
		err = fmt.Errorf("status %d and no form to send again:\n%.2000s", g.status, g.body)
	}
	return action, form, err
}

// TestErrorPageSendsAgain: while the store does not answer, a respondent without script
// gets a page in the language of the form that shows what was typed, and whose one
// button sends exactly that.
func TestErrorPageSendsAgain(t *testing.T) {
	t.Parallel()
	trouble := &switched{Store: storetest.SQLite(t)}
	definition := readDefinition(t, "everything")
	h := hallIn(t, trouble, func(*hall) questionnaire.Definition { return definition }, app.Config{})
	p := h.phone()
	p.post("/start", url.Values{"_lang": {"ar"}}).wants(t, 303, "/part/1")
	p.get("/part/1").wants(t, 200).has(t, `name="_in" value="ar"`)
	for i, part := range everything {
		here, typed := fmt.Sprintf("/part/%d", i+1), maps.Clone(part)
		typed.Set("_in", "ar")
		trouble.away(true)
		h.pass(time.Minute) // what is known of the link is old
		refused := p.post(here, typed).has(t, `<html lang="ar" dir="rtl"`)
		refused.wants(t, 503, h.say("ar", "respond.send_again_hint"))
		if i == len(everything)-1 {
			refused.wants(t, 503, "The <pond>", "Leeds", "Hillside Projects")
		}
		action, form, err := refused.againForm()
		if err != nil {
			t.Fatal(err)
		}
		if form.Has("liked") { // an HTML parser makes one sign of a line's end, a browser sends two
			form.Set("liked", strings.ReplaceAll(form.Get("liked"), "\n", "\r\n"))
		}
		if want := p.at(here); action != want || form.Encode() != typed.Encode() {
			t.Fatalf("the page sends\n%s to %s, want\n%s to %s", form.Encode(), action, typed.Encode(), want)
		}
		trouble.away(false)
		p.send("POST", action, strings.NewReader(form.Encode())).wants(t, 303)
	}
	trouble.away(true)
	p.get("").wants(t, 200, "Class 5B") // a form can be opened
	p.get("/check").wants(t, 503).lacks(t, "respond.", `<form method="post"`)
	refused := p.post("/send", url.Values{"_in": {"ar"}})
	trouble.away(false)
	action, form, err := refused.againForm()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		p.send("POST", action, strings.NewReader(form.Encode())).wants(t, 303, "/thanks")
	}
	if n := len(h.stored()); n != 1 {
		t.Errorf("%d responses are stored, want 1", n)
	}
}

// TestEachStoreCallFails lets each call to the store fail in turn while a form is sent,
// in one post and page by page. Whoever meets it is told so with 503 and sends the same
// again; in the end each form is kept once.
func TestEachStoreCallFails(t *testing.T) {
	t.Parallel()
	faulty := storetest.Faulty(storetest.SQLite(t), 0)
	definition := readDefinition(t, "everything")
	h := hallIn(t, faulty, func(*hall) questionnaire.Definition { return definition }, app.Config{})
	c := &crowd{h: h}
	for _, answers := range []func() error{c.withScript, c.pageByPage} {
		for n, calls := 1, 1; n <= calls; n++ {
			h.pass(time.Minute) // nothing is known any more
			faulty.Again(n)
			if err := answers(); err != nil {
				t.Fatalf("with call %d failing: %v", n, err)
			}
			calls = faulty.Calls()
		}
		t.Logf("%d forms kept, %d refusals", c.thanked, c.refused)
	}
	faulty.Again(0)
	if c.refused < 10 {
		t.Errorf("only %d requests were refused: the test shows nothing", c.refused)
	}
	c.wantAll(t)
}

// say is a sentence of the product.
func (h *hall) say(lang, key string) string {
	h.tb.Helper()
	return app.Say(h.tb, lang, key)
}

// switched is a store that can be away.
type switched struct {
	surveys.Store
	mu   sync.Mutex
	gone bool
}

func (s *switched) away(gone bool) { s.mu.Lock(); s.gone = gone; s.mu.Unlock() }

func (s *switched) fault() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return &surveys.Error{Kind: surveys.KindUnavailable, Key: "store.unavailable"}
	}
	return nil
}

func (s *switched) Record(ctx context.Context, kind surveys.RecordKind, id string) (surveys.Record, error) {
	if err := s.fault(); err != nil {
		return surveys.Record{}, err
	}
	return s.Store.Record(ctx, kind, id)
}

func (s *switched) RecordByKey(ctx context.Context, kind surveys.RecordKind, key string) (surveys.Record, error) {
	if err := s.fault(); err != nil {
		return surveys.Record{}, err
	}
	return s.Store.RecordByKey(ctx, kind, key)
}

func (s *switched) Response(ctx context.Context, id surveys.ResponseID) (surveys.Response, error) {
	if err := s.fault(); err != nil {
		return surveys.Response{}, err
	}
	return s.Store.Response(ctx, id)
}

func (s *switched) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	if err := s.fault(); err != nil {
		return err
	}
	return s.Store.PutResponse(ctx, r, l)
}

// troubles are what the MongoDB stand-in is put through while people answer.
var troubles = []struct {
	name  string
	ill   storetest.Illness
	stop  bool
	lasts time.Duration
}{
	{"well", storetest.Illness{}, false, 300 * time.Millisecond},
	{"answers lost after the write", storetest.Illness{Every: 3, Lose: true}, false, 1200 * time.Millisecond},
	{"cut in the middle of a write", storetest.Illness{Every: 3, Cut: true}, false, 1200 * time.Millisecond},
	{"stopped", storetest.Illness{}, true, 1500 * time.Millisecond},
	{"slow", storetest.Illness{Slow: 800 * time.Millisecond}, false, 2500 * time.Millisecond},
	{"stopped again", storetest.Illness{}, true, 700 * time.Millisecond},
}

// TestTroubledMongo: people answer, with script and without, while MongoDB is stopped
// and started, cut off in the middle of writes, slow, and silent about writes that it
// did. Each comes through by sending again, each is kept once, and nothing is started
// anew for it.
func TestTroubledMongo(t *testing.T) {
	t.Parallel()
	trouble, through := storetest.Troubled(t, storetest.MongoURI(t))
	definition := readDefinition(t, "everything")
	h := hallIn(t, storetest.OpenMongo(t, through), func(*hall) questionnaire.Definition { return definition }, app.Config{})
	server, err := app.New(h.service, app.Config{}, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		t.Fatal(err)
	}
	h.server = server
	c := &crowd{h: h, end: make(chan struct{})}
	for i := range 9 {
		answers := c.withScript
		if i%3 == 2 {
			answers = c.pageByPage
		}
		c.people.Go(func() {
			for c.open() {
				if err := answers(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for _, next := range troubles {
		trouble.Suffer(next.ill)
		if next.stop {
			trouble.Stop()
		}
		for range next.lasts / (20 * time.Millisecond) {
			time.Sleep(20 * time.Millisecond)
			h.pass(20 * time.Millisecond)
		}
		if next.stop {
			trouble.Start()
		}
	}
	trouble.Suffer(storetest.Illness{})
	close(c.end)
	c.people.Wait()
	c.wantAll(t)
	t.Logf("%d forms kept, %d refusals of which the longest took %v; %d writes struck", c.thanked, c.refused, c.longest.Round(10*time.Millisecond), trouble.Struck())
	if c.refused == 0 || trouble.Struck() == 0 {
		t.Error("nobody met any trouble: the test shows nothing")
	}
}

// crowd is people who answer until it ends; whoever has begun comes to the end.
type crowd struct {
	h       *hall
	people  sync.WaitGroup
	end     chan struct{}
	mu      sync.Mutex
	ids     []surveys.ResponseID // of those with script
	thanked int
	refused int
	longest time.Duration // that anybody waited for a page
}

func (c *crowd) open() bool {
	select {
	case <-c.end:
		return false
	default:
		return true
	}
}

// ask sends until the answer is not that the store is away, as it is told to by then.
func (c *crowd) ask(p *phone, method, path string, form url.Values, again func(page) (string, url.Values, error)) (page, error) {
	for range 200 {
		began := time.Now()
		g := p.send(method, path, strings.NewReader(form.Encode()))
		c.note(g.status, time.Since(began))
		if g.status != http.StatusServiceUnavailable {
			return g, nil
		}
		time.Sleep(50 * time.Millisecond)
		if again == nil {
			continue
		}
		var err error
		if path, form, err = again(g); err != nil {
			return g, err
		}
	}
	return page{}, fmt.Errorf("%s %s: the store does not come back", method, path)
}

func (c *crowd) note(status int, took time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.longest = max(c.longest, took)
	if status == http.StatusServiceUnavailable {
		c.refused++
	}
}

// withScript sends one form as the script does.
func (c *crowd) withScript() error {
	id, err := surveys.NewID(rand.Reader)
	if err != nil {
		return err
	}
	p, form := script(c.h.phone()), whole()
	form.Set("_id", id)
	g, err := c.ask(p, "POST", p.at("/submit"), form, nil)
	if err != nil || g.status != http.StatusOK {
		return fmt.Errorf("sending a form: status %d, %v: %.300s", g.status, err, g.body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids, c.thanked = append(c.ids, surveys.ResponseID(id)), c.thanked+1
	return nil
}

// pageByPage answers without script: what is refused is sent by the page that says so.
func (c *crowd) pageByPage() error {
	p := c.h.phone()
	step := func(rest string, form url.Values) error {
		g, err := c.ask(p, "POST", p.at(rest), form, page.againForm)
		if err == nil && g.status != http.StatusSeeOther {
			err = fmt.Errorf("%s: status %d: %.300s", rest, g.status, g.body)
		}
		return err
	}
	if err := step("/start", url.Values{"_lang": {"en"}}); err != nil {
		return err
	}
	for i, part := range everything {
		if err := step(fmt.Sprintf("/part/%d", i+1), part); err != nil {
			return err
		}
	}
	if err := step("/send", url.Values{}); err != nil {
		return err
	}
	g, err := c.ask(p, "GET", p.at("/thanks"), nil, nil)
	if err != nil || g.status != http.StatusOK {
		return fmt.Errorf("thanks: status %d, %v", g.status, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.thanked++
	return nil
}

// wantAll finds each form that was thanked for once, and no other.
func (c *crowd) wantAll(t *testing.T) {
	t.Helper()
	found := map[surveys.ResponseID]int{}
	stored := c.h.stored()
	for _, r := range stored {
		found[r.ID]++
		if len(r.Notes) > 0 || len(r.Answers) != len(everythingMeant) || !r.Coded {
			t.Errorf("a form is kept in part or beside another: notes %v, %d answers, coded %v", r.Notes, len(r.Answers), r.Coded)
		}
	}
	for _, id := range c.ids {
		if found[id] != 1 {
			t.Errorf("a form that was thanked for is kept %d times", found[id])
		}
	}
	if len(stored) != c.thanked {
		t.Errorf("%d forms were thanked for, and %d are kept", c.thanked, len(stored))
	}
}
