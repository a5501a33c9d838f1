package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// freePort is an address that nobody answers on.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, listener.Close())
	return listener.Addr().String()
}

// got is the status and the body of a page.
func got(t *testing.T, address string) (int, string) {
	t.Helper()
	response, err := http.Get(address) //nolint:noctx // a test
	must(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	return response.StatusCode, string(body)
}

// TestMetrics: they are given on an address of their own and nowhere else, count by
// route and never by what was asked for, and hold nothing that was typed.
func TestMetrics(t *testing.T) {
	t.Parallel()
	pages, metrics := freePort(t), freePort(t)
	ctx, cancel := context.WithCancel(t.Context())
	said := newWatched("Store: ")
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "-data", t.TempDir(), "-listen", pages, "-metrics", metrics, "-log-level", "error"}, func(string) string { return "" }, said, io.Discard)
	}()
	defer func() { cancel(); <-ended }()
	<-said.seen
	const secret = "zebracrossing"
	if status, _ := got(t, "http://"+pages+"/s/"+secret); status != http.StatusNotFound {
		t.Errorf("a link that is not there: status %d", status)
	}
	response, err := http.PostForm("http://"+pages+"/sign-in", url.Values{"email": {secret + "@example.org"}, "password": {secret}}) //nolint:noctx // a test
	must(t, err)
	must(t, response.Body.Close())
	if status, _ := got(t, "http://"+pages+"/metrics"); status != http.StatusNotFound {
		t.Errorf("metrics among the pages: status %d, want 404", status)
	}
	status, body := got(t, "http://"+metrics+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("metrics: status %d", status)
	}
	for _, want := range []string{
		`soundings_requests_total{route="/s/:token",method="GET",status="404"} 1`,
		`soundings_request_seconds_bucket{for="respondents",le="+Inf"} 1`,
		"soundings_store_up 1", "soundings_requests_in_flight 0", "soundings_live_viewers 0", `soundings_waiting{what="exports"} 0`,
		"soundings_build_info{version=", `soundings_disk_free_bytes{folder="data"}`, "process_resident_memory_bytes", "go_goroutines",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if strings.Contains(body, secret) {
		t.Error("metrics hold what was asked for")
	}
	line := regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})? [-+0-9.eEinfNa]+|#.*|)$`)
	for text := range strings.SplitSeq(body, "\n") {
		if !line.MatchString(text) {
			t.Errorf("no line of metrics: %s", text)
		}
	}
}

// TestDrain: told to end, the program says first that it is not ready, and goes on
// answering meanwhile.
func TestDrain(t *testing.T) {
	t.Parallel()
	pages := freePort(t)
	ctx, cancel := context.WithCancel(t.Context())
	said := newWatched("Store: ")
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "-data", t.TempDir(), "-listen", pages, "-drain", "1500ms", "-log-level", "error"}, func(string) string { return "" }, said, io.Discard)
	}()
	<-said.seen
	if status, _ := got(t, "http://"+pages+"/readyz"); status != http.StatusOK {
		t.Errorf("before: status %d, want 200", status)
	}
	cancel()
	refused := false
	for !refused {
		status, _ := got(t, "http://"+pages+"/readyz") // fails the test once nobody answers
		refused = status == http.StatusServiceUnavailable
		time.Sleep(5 * time.Millisecond)
	}
	if status, _ := got(t, "http://"+pages+"/sign-in"); status != http.StatusOK {
		t.Errorf("a page meanwhile: status %d, want 200", status)
	}
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}
