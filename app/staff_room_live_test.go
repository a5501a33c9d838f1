package app_test

import (
	"crypto/rand"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestRoomLive watches a room from a hundred browsers on one instance while phones
// answer through another: the counts come, and the store is asked once a second.
func TestRoomLive(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	counting := storetest.Faulty(h.store, 0)
	second, err := app.New(surveys.NewService(counting, h.now, rand.Reader), app.Config{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	address := h.serves(second)
	const watchers = 100
	var all []<-chan map[string]string
	for range watchers {
		all = append(all, d.watchAt(t.Context(), address+h.linkPath()+"/live/events"))
	}
	shown := d.open(h.linkPath()+"/live").wants(t, 200).body
	for _, messages := range all {
		for id, part := range <-messages {
			if !strings.Contains(shown, part) {
				t.Fatalf("part %s is not on the page as it is sent: %s", id, part)
			}
		}
	}
	before, since := counting.Calls(), time.Now()
	for _, id := range []string{"response01", "response02", "response01"} {
		h.phone().post("/begun", url.Values{"_id": {id}}).wants(t, 204)
	}
	h.answers("response02", "2", "1", "yes", "")
	want := map[string]string{"started-pupils-pre": "2", "answering-pupils-pre": "1", "finished-pupils-pre": "1"}
	for i, messages := range all {
		got := map[string]string{}
		for len(got) < len(want) || got["started-pupils-pre"] != "2" || got["finished-pupils-pre"] != "1" || got["answering-pupils-pre"] != "1" {
			select {
			case parts := <-messages:
				for id, part := range parts {
					_, n, _ := strings.Cut(part, ">")
					got[id], _, _ = strings.Cut(n, "<")
				}
			case <-time.After(6 * time.Second):
				t.Fatalf("watcher %d has %v, want %v", i, got, want)
			}
		}
	}
	asked, took := counting.Calls()-before, time.Since(since)
	if most := int(took/time.Second) + 2; asked > most {
		t.Errorf("the store was asked %d times in %v for %d watchers, want at most %d", asked, took, watchers, most)
	}
	if got := second.Watched(); got != 1 {
		t.Errorf("%d pollers, want 1", got)
	}
	if err := second.Shutdown(); err != nil {
		t.Error(err)
	}
}

// TestBegunSaysNothing looks at what is kept of a phone that began.
func TestBegunSaysNothing(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	p := h.phone()
	answer := p.post("/begun", url.Values{"_id": {"response01"}, "calm_a": {"2"}}).wants(t, 204)
	if len(p.cookies) > 0 || answer.body != "" {
		t.Errorf("cookies %v and body %q, want neither", p.cookies, answer.body)
	}
	for mark, err := range h.store.Records(t.Context(), "begun", "*") {
		if err != nil {
			t.Fatal(err)
		}
		if string(mark.Body) != "{}" || strings.Contains(mark.ID, "response01") {
			t.Errorf("the mark %s holds %s, want nothing", mark.ID, mark.Body)
		}
	}
	h.phone().post("/begun", url.Values{"_id": {"no"}}).wants(t, 422)
	h.phone().begin() // page by page
	h.ownersDesk().open(h.linkPath()+"/live").wants(t, 200).has(t, `<b id="started-pupils-pre">2</b>`, `<b id="finished-pupils-pre">0</b>`)
	h.close()
	h.pass(4 * time.Second) // links are believed for three
	h.phone().post("/begun", url.Values{"_id": {"response03"}}).wants(t, 410)
}
