package app_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/app"
)

// What a respondent's pages bear: many at once, too much at once, and the next
// person on one device.

func TestStartsAreThrottled(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	for range 600 {
		p.post("/start", url.Values{"_lang": {"en"}}).wants(t, 303, "/part/1")
	}
	p.post("/start", url.Values{"_lang": {"en"}}).wants(t, 429, "Wait a little", "too many tries", "15 minutes")
	p.post("/start", url.Values{"_lang": {"ar"}}).wants(t, 429, "انتظر")
	p.post("/part/1", everything[0]).wants(t, 303, "/part/2") // who has begun goes on
}

func TestSubmitsAreThrottled(t *testing.T) {
	t.Parallel()
	h := hallWith(t, readDefinition(t, "everything"), app.Config{SubmitsPerNetwork: 20})
	p := h.phone()
	for range 20 {
		p.post("/submit", url.Values{"_id": {"no id"}}).wants(t, 422)
	}
	p.post("/submit", whole()).wants(t, 429, "too many tries", "What you wrote on this page", "Leeds")
	arabic := whole()
	arabic.Set("_lang", "ar")
	p.post("/submit", arabic).wants(t, 429, "انتظر", "ما كتبته في هذه الصفحة")
	script(h.phone()).post("/submit", whole()).wants(t, 429, `"kind":"throttled"`)
	if n := len(h.stored()); n != 0 {
		t.Fatalf("%d responses are stored, want none", n)
	}
	h.pass(time.Minute)
	script(h.phone()).post("/submit", whole()).wants(t, 200, "receipt")
}

func TestCodeIsAskedForOnce(t *testing.T) {
	t.Parallel()
	const asked, hidden = "Without your code your two forms cannot be put together.", `name="_skip_code"`
	for name, code := range map[string]url.Values{
		"left out": {},
		"in part":  {"code__mother": {"SU"}, "code__day": {"7"}, "code__month": {"3"}},
		"rubbish":  {"code__mother": {"--"}, "code__day": {"7"}, "code__month": {"3"}, "code__siblings": {"2"}},
		"a digit":  {"code__mother": {"5"}, "code__day": {"7"}, "code__month": {"3"}, "code__siblings": {"2"}},
		"no day":   {"code__mother": {"SU"}, "code__day": {"?"}, "code__month": {"3"}, "code__siblings": {"2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, "everything")
			p := h.phone()
			p.begin()
			p.get("/part/1").wants(t, 200).lacks(t, hidden, asked)
			code.Set("agree", "yes")
			got := p.post("/part/1", code).wants(t, 200, asked)
			got.has(t, hidden, `value="yes" id="a-agree" checked`).lacks(t, "There is a problem", "<title>Error")
			checkHTML(t, got)
			code.Set("_skip_code", "1")
			p.post("/part/1", code).wants(t, 303, "/part/2")
			p.get("/part/1").wants(t, 200).lacks(t, hidden)
		})
	}
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	p.post("/part/1", url.Values{"agree": {"yes"}, "_lang": {"ar"}}).wants(t, 303)
	p.post("/part/1", url.Values{"agree": {"yes"}}).wants(t, 200, "من دون رمزك")
	p.post("/part/1", everything[0]).wants(t, 303, "/part/2")
	p.post("/part/1?check", url.Values{"agree": {"yes"}}).wants(t, 303, "/check") // it is kept
	form := whole()
	for control := range everything[0] {
		if strings.HasPrefix(control, "code") {
			form.Del(control)
		}
	}
	script(h.phone()).post("/submit", form).wants(t, 200, "receipt")
}

// TestSharedDevice: nothing of one person is offered to the next.
func TestSharedDevice(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	landing := p.get("?shared").wants(t, 200)
	landing.has(t, `name="_mode" value="shared_device"`, `href="?lang=ar&amp;shared"`)
	checkHTML(t, landing)
	h.phone().get("").wants(t, 200).lacks(t, `value="shared_device"`, "&amp;shared")
	p.post("/start", url.Values{"_lang": {"en"}, "_mode": {"shared_device"}}).wants(t, 303)
	p.post("/part/3", everything[2]).wants(t, 303)
	p.post("/part/1", url.Values{"_back": {"1"}}).wants(t, 303, "?shared")
	for _, rest := range []string{"?shared", ""} {
		p.get(rest).wants(t, 200).lacks(t, "the answers you have begun")
	}
	p.post("/part/1", everything[0]).wants(t, 303)
	p.post("/send", nil).wants(t, 303, "/thanks")
	if got := h.stored(); len(got) != 1 || got[0].Mode != "shared_device" {
		t.Errorf("stored %+v, want one response of a shared device", got)
	}
}

// TestBodyLimits sends over a connection: a body is refused before it is kept.
func TestBodyLimits(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = h.server.Serve(listener) }() // ends with the listener
	t.Cleanup(func() { _ = listener.Close() })
	tests := []struct {
		path, accept string
		size, status int
		words        string
	}{
		{"/s/" + h.link.Token + "/submit", "", 3 << 20, 413, "<h1 class=\"big\">"},
		{"/s/" + h.link.Token + "/submit", "application/json", 3 << 20, 413, "more than can be sent at once"},
		{"/sign-in", "", 3 << 20, 413, "more than can be sent at once"},
		{"/questionnaires/import", "", 3 << 20, 413, "more than can be sent at once"},
		{"/questionnaires/views/draft/languages/sheets", "", 3 << 20, 413, "more than can be sent at once"},
		{"/api/v1/programmes", "", 3 << 20, 401, "api_token.missing"},
		{"/api/v1/programmes", "", 13 << 20, 413, "page.too_large"},
	}
	for _, tt := range tests {
		status, body := postBytes(t.Context(), t, "http://"+listener.Addr().String()+tt.path, tt.accept, tt.size)
		if status != tt.status || !strings.Contains(body, tt.words) {
			t.Errorf("%d bytes to %s: status %d, want %d with %q:\n%.600s", tt.size, tt.path, status, tt.status, tt.words, body)
		}
	}
}

func postBytes(ctx context.Context, t *testing.T, address, accept string, size int) (int, string) {
	t.Helper()
	body := append([]byte("liked="), bytes.Repeat([]byte("a"), size)...)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", accept)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(got)
}

func TestAddressesAreCaseSensitive(t *testing.T) {
	t.Parallel()
	h := newHall(t, "twenty_three")
	for _, path := range []string{"/API/v1/programmes", "/Api/v1/programmes", "/Sign-In", "/S/" + h.link.Token} {
		got := h.phone().send("GET", path, nil).wants(t, 404)
		if kind := got.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s answers with %s, want a page", path, kind)
		}
	}
	h.phone().send("GET", "/api/v1/programmes", nil).wants(t, 401)
}
