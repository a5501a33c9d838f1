package browsertest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"sync"
	"testing"
	"time"
)

// The budgets of a first visit to the form of 23 questions, in bytes as they come
// over the network, compressed.
const (
	firstVisitBudget = 8 << 10 // in one request
	afterLoadBudget  = 2 << 10 // the worker, and what the page loads after it has loaded
	sendBudget       = 8 << 10 // the post of a whole form and its answer
)

// scales counts what goes over the network, of pages and of their worker.
type scales struct {
	*httptest.Server
	mu    sync.Mutex
	asked []weighed
}

// weighed is one request with the bytes of its two bodies.
type weighed struct {
	what  string
	bytes int
}

func newScales(t *testing.T) *scales {
	t.Helper()
	target, err := url.Parse(product.base)
	if err != nil {
		t.Fatal(err)
	}
	s := &scales{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = s.weigh
	s.Server = httptest.NewServer(proxy)
	t.Cleanup(s.Close)
	return s
}

func (s *scales) weigh(answer *http.Response) error {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, weighed{answer.Request.Method + " " + answer.Request.URL.Path, len(body) + int(max(0, answer.Request.ContentLength))})
	return nil
}

// take returns what was asked since it was called last: the first request, and
// the others.
func (s *scales) take() (first, others []weighed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(1, len(s.asked))
	first, others = s.asked[:n:n], s.asked[n:]
	s.asked = nil
	return first, others
}

// newFormLink publishes the form of 23 questions and opens a link to it.
func newFormLink(t *testing.T) link {
	t.Helper()
	c := api(t)
	raw, err := os.ReadFile("../../../app/testdata/respond/twenty_three.json")
	if err != nil {
		t.Fatal(err)
	}
	c.post(t, "/questionnaires/twenty_three/versions", json.RawMessage(raw))
	programme := c.post(t, "/programmes", map[string]any{
		"name": "Budget", "zone": "Europe/London", "smallest_group": 1,
		"strands": []strand{{"pupils", "Pupils", "participant", "pre_post", "twenty_three", "cohort", "Pupil"}},
	})["id"].(string)
	return c.newLink(t, programme, "pupils", "pre", time.Time{})
}

// TestBudget counts bytes and requests of a first visit, of what comes after the
// page has loaded, of a whole submission, and of the next visit.
func TestBudget(t *testing.T) {
	t.Parallel()
	l := newFormLink(t)
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			h, s := newHandset(t), newScales(t)
			h.mast.leads(s.URL)
			p := h.tab()
			address := l.Path + "?lang=" + lang
			p.visit(address)
			p.kept(address)
			visit, after := s.take()
			wantAsked(t, "the visit", visit, "GET "+l.Path)
			wantWeight(t, "the page", visit, firstVisitBudget)
			wantAsked(t, "after the page has loaded", after, "GET /static/respond_later.js", "GET /sw.js")
			wantWeight(t, "what comes after", after, afterLoadBudget)
			p.begin()
			for ; !p.checking(); p.next() {
				eval[bool](p, `document.querySelectorAll("section:not([hidden]) fieldset.q").forEach(q => q.querySelector("input").click()), true`)
			}
			p.send()
			first, rest := s.take()
			sent := append(first, rest...)
			wantAsked(t, "the submission", sent, "POST "+l.Path+"/begun", "POST "+l.Path+"/submit")
			wantWeight(t, "the submission", sent, sendBudget)
			p.visit(address)
			p.until(`document.querySelector("#start [role=status]")`)
			again, rest := s.take()
			wantWeight(t, "the page visited again", again, 0)
			wantAsked(t, "the next visit", rest)
		})
	}
}

func wantAsked(t *testing.T, doing string, asked []weighed, want ...string) {
	t.Helper()
	var got []string
	for _, one := range asked {
		if !slices.Contains(got, one.what) {
			got = append(got, one.what)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s asked for %q, want %q", doing, got, want)
	}
}

func wantWeight(t *testing.T, what string, asked []weighed, most int) {
	t.Helper()
	total := 0
	for _, one := range asked {
		total += one.bytes
	}
	t.Logf("%s: %d bytes in %d requests", what, total, len(asked))
	if total > most {
		t.Errorf("%s weighs %d bytes, want at most %d", what, total, most)
	}
}
