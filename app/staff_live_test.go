package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"soundings/app"
)

// serve answers on a port of its own until the test ends.
func (h *hall) serve() (address string) { h.tb.Helper(); return h.serves(h.server) }

func (h *hall) serves(server *app.Server) (address string) {
	h.tb.Helper()
	listener, err := new(net.ListenConfig).Listen(h.tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		h.tb.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	h.tb.Cleanup(func() { <-ended })
	return "http://" + listener.Addr().String()
}

// watch opens the live parts of the programme and returns their messages.
func (d *desk) watch(ctx context.Context, address string) <-chan map[string]string {
	d.h.tb.Helper()
	return d.watchAt(ctx, address+d.h.programmePath()+"/events")
}

func (d *desk) watchAt(ctx context.Context, address string) <-chan map[string]string {
	d.h.tb.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		d.h.tb.Fatal(err)
	}
	r.AddCookie(d.cookies["soundings"])
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		d.h.tb.Fatal(err)
	}
	if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
		d.h.tb.Fatalf("content type = %q, want text/event-stream", got)
	}
	messages := make(chan map[string]string)
	go func() {
		defer answer.Body.Close()
		defer close(messages)
		lines := bufio.NewScanner(answer.Body)
		for lines.Scan() {
			var parts map[string]string
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(data), &parts) == nil {
				messages <- parts
			}
		}
	}()
	return messages
}

// TestLiveCounts watches a programme from two browsers while an answer comes in.
func TestLiveCounts(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	address := h.serve()
	first, second := d.watch(t.Context(), address), d.watch(t.Context(), address)
	shown := d.open(h.programmePath()).body
	for id, part := range <-first {
		if !strings.Contains(shown, part) {
			t.Errorf("part %s is not on the page as it is sent: %s", id, part)
		}
	}
	<-second
	h.answers("response01", "2", "1", "yes", "")
	for i, messages := range []<-chan map[string]string{first, second} {
		select {
		case parts := <-messages:
			if got, want := parts["p-pupils-pre"], "<b>1</b>"; !strings.Contains(got, want) {
				t.Errorf("watcher %d got %q, want %s in it", i, got, want)
			}
			if _, same := parts["p-pupils-post"]; same {
				t.Errorf("watcher %d got a part that did not change", i)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("watcher %d got nothing in 5 seconds", i)
		}
	}
	// The end of the server ends live pages at once.
	began := time.Now()
	if err := h.server.Shutdown(); err != nil {
		t.Error(err)
	}
	for range first {
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("shutting down took %v, want less than 5 seconds", took)
	}
}

// TestLiveEndsWithTheBrowser looks whether anyone still reads counts once the
// browser has gone.
func TestLiveEndsWithTheBrowser(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	address := h.serve()
	ctx, leave := context.WithCancel(t.Context())
	messages := d.watch(ctx, address)
	<-messages
	if got := h.server.Watched(); got != 1 {
		t.Errorf("programmes watched = %d, want 1", got)
	}
	leave()
	for range messages {
	}
	// A write fails at the latest when a changed count is sent.
	for i := range 20 {
		h.answers("response"+string(rune('a'+i))+"0", "2", "1", "yes", "")
		time.Sleep(300 * time.Millisecond)
		if h.server.Watched() == 0 {
			break
		}
	}
	if got := h.server.Watched(); got != 0 {
		t.Errorf("programmes watched = %d after the browser left, want 0", got)
	}
	if err := h.server.Shutdown(); err != nil {
		t.Error(err)
	}
}
