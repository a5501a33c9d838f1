package app_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// wire is a connection to a real server, on which a test writes what no client would.
type wire struct {
	tb   testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func dial(tb testing.TB, address string) *wire {
	tb.Helper()
	conn, err := (&net.Dialer{}).DialContext(tb.Context(), "tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(8 * time.Second)); err != nil {
		tb.Fatal(err)
	}
	return &wire{tb, conn, bufio.NewReader(conn)}
}

// writes sends bytes; a server that has hung up is an answer too.
func (w *wire) writes(text string) *wire {
	_, _ = io.WriteString(w.conn, text)
	return w
}

// answer reads one answer: its status, 0 if the server hung up without one.
func (w *wire) answer() (status int, body string) {
	w.tb.Helper()
	answer, err := http.ReadResponse(w.in, nil)
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			w.tb.Error("the server neither answers nor hangs up")
		}
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	raw, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(raw)
}

// TestRawRequests sends requests that two servers could read in two ways, and such as
// are too much: each is refused or cut off, none is taken for two, and none ends the
// server.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	address := h.serve()
	t.Cleanup(func() { _ = h.server.Shutdown() })
	const post = "POST /withdraw HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	const smuggled = "GET /sign-in HTTP/1.1\r\nHost: a\r\n\r\n"
	long := strings.Repeat("a", 1<<20)
	for name, tt := range map[string]struct {
		sent string
		ends bool // nothing after it may be read as a request
	}{
		"both_lengths":          {post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, true},
		"both_the_other_way":    {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" + smuggled, true},
		"two_lengths":           {post + "Content-Length: 1\r\nContent-Length: 40\r\n\r\na" + smuggled, true},
		"a_list_of_lengths":     {post + "Content-Length: 1, 1\r\n\r\na" + smuggled, true},
		"a_negative_length":     {post + "Content-Length: -1\r\n\r\n" + smuggled, true},
		"a_signed_length":       {post + "Content-Length: +1\r\n\r\na" + smuggled, true},
		"a_huge_length":         {post + "Content-Length: 99999999999999999999\r\n\r\n" + smuggled, true},
		"another_encoding":      {post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled, true},
		"two_encodings":         {post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + smuggled, true},
		"a_broken_chunk":        {post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n" + smuggled, true},
		"a_huge_chunk":          {post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab\r\n" + smuggled, true},
		"a_space_before_colon":  {post + "Content-Length : 5\r\n\r\n" + smuggled, true},
		"a_folded_header":       {post + "X-A: b\r\n Content-Length: 5\r\n\r\n" + smuggled, false},
		"no_host":               {"GET /sign-in HTTP/1.1\r\n\r\n", false},
		"an_old_version":        {"GET /sign-in HTTP/0.9\r\n\r\n", false},
		"a_long_address":        {"GET /s/" + long + " HTTP/1.1\r\nHost: a\r\n\r\n", true},
		"a_long_header":         {"GET /sign-in HTTP/1.1\r\nHost: a\r\nX-A: " + long + "\r\n\r\n", true},
		"many_headers":          {"GET /sign-in HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X-A: b\r\n", 100_000) + "\r\n", true},
		"a_null_in_the_address": {"GET /sign-in\x00 HTTP/1.1\r\nHost: a\r\n\r\n", false},
		"no_http_at_all":        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 600) + "\r\n\r\n", true},
		"too_large_a_body":      {post + "Content-Length: 1073741824\r\n\r\n" + long, true},
		"expects_to_go_on":      {post + "Expect: 100-continue\r\nContent-Length: 1073741824\r\n\r\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := dial(t, address).writes(tt.sent)
			status, body := w.answer()
			if status >= 500 && status != 501 && status != 505 || status >= 200 && status < 300 && tt.ends && strings.Contains(body, "Sign in") {
				t.Errorf("%s: answered with %d %.100s", name, status, body)
			}
			if !tt.ends {
				return
			}
			for range 3 { // whatever follows on this connection
				status, body := w.answer()
				if strings.Contains(body, `action="/sign-in"`) {
					t.Fatalf("what stood in the body was taken for a request: %d", status)
				}
				if status == 0 {
					break
				}
			}
		})
	}
}

// TestSlowRequests: who sends a byte now and then holds a connection, not the server,
// and is cut off. The times are those of a server for tests, a twentieth of ours.
func TestSlowRequests(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	h := newHall(t, "everything")
	h.server.Fiber().Server().ReadTimeout = 300 * time.Millisecond
	address := h.serve()
	t.Cleanup(func() { _ = h.server.Shutdown() })
	for name, start := range map[string]string{
		"a_slow_header": "GET /sign-in HTTP/1.1\r\nHost: a\r\nX-A: ",
		"a_slow_body":   "POST /withdraw HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n",
		"a_slow_chunk":  "POST /withdraw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n",
		"nothing":       "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := dial(t, address).writes(start)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			go func() {
				for ctx.Err() == nil {
					if _, err := io.WriteString(w.conn, "a"); err != nil || start == "" {
						return
					}
					time.Sleep(50 * time.Millisecond)
				}
			}()
			if status, _ := w.answer(); status != 0 && status != 408 && status != 400 {
				t.Errorf("answered with %d", status)
			}
			if ctx.Err() != nil {
				t.Error("it was not cut off")
			}
			quick := dial(t, address).writes("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
			if status, _ := quick.answer(); status != 200 {
				t.Errorf("meanwhile others get %d", status)
			}
		})
	}
}

// TestTimesAreSet: the real server has them, and none is endless.
func TestTimesAreSet(t *testing.T) {
	t.Parallel()
	config := newHall(t, "everything").server.Fiber().Config()
	if config.ReadTimeout <= 0 || config.ReadTimeout > time.Minute || config.IdleTimeout <= 0 || config.IdleTimeout > 5*time.Minute || config.BodyLimit > 16<<20 || config.ReadBufferSize > 64<<10 {
		t.Errorf("read %v, idle %v, body %d, header %d", config.ReadTimeout, config.IdleTimeout, config.BodyLimit, config.ReadBufferSize)
	}
}

// TestTooMuchInOneRequest: many fields, many parts, deep JSON and what swells when it is
// unpacked cost little, and are refused or left.
func TestTooMuchInOneRequest(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	v := e.insiders()[1]
	var bomb bytes.Buffer
	pack := gzip.NewWriter(&bomb)
	for range 64 {
		_, _ = pack.Write(make([]byte, 1<<20))
	}
	_ = pack.Close()
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	nested := strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_000)
	many := strings.Repeat("a=b&", 200_000)
	var parts strings.Builder
	for i := range 900 {
		fmt.Fprintf(&parts, "--x\r\nContent-Disposition: form-data; name=\"f%d\"\r\n\r\nv\r\n", i)
	}
	parts.WriteString("--x--\r\n")
	api := "/api/v1" + e.programmePath() + "/cohorts"
	for name, tt := range map[string]struct {
		address, kind, encoding, body string
	}{
		"packed_form":        {"/withdraw", "application/x-www-form-urlencoded", "gzip", bomb.String()},
		"packed_json":        {api, "application/json", "gzip", bomb.String()},
		"packed_form_brotli": {"/withdraw", "application/x-www-form-urlencoded", "br", bomb.String()},
		"deep_json":          {api, "application/json", "", `{"name":` + deep + `}`},
		"nested_json":        {api, "application/json", "", nested},
		"deep_json_of_rooms": {"/room/" + e.own.room + "/sealed", "application/json", "", deep},
		"many_fields":        {"/s/" + e.link.Token + "/submit", "application/x-www-form-urlencoded", "", many},
		"many_parts":         {"/sign-in", "multipart/form-data; boundary=x", "", parts.String()},
		"a_wrong_boundary":   {"/sign-in", "multipart/form-data; boundary=y", "", parts.String()},
		"no_boundary":        {"/sign-in", "multipart/form-data", "", "--x--"},
		"a_long_number":      {api, "application/json", "", `{"name":"a","expected":{"pupils":1` + strings.Repeat("0", 400_000) + `}}`},
		"names_twice":        {api, "application/json", "", `{"name":"a","name":"b"}`},
	} {
		t.Run(name, func(t *testing.T) {
			p := e.phone()
			p.mayBeUnread = true
			p.header.Set("Content-Type", tt.kind)
			if tt.encoding != "" {
				p.header.Set("Content-Encoding", tt.encoding)
			}
			p.header.Set("Authorization", "Bearer "+v.token)
			if g := p.send("POST", tt.address, strings.NewReader(tt.body)); g.status < 400 || g.status >= 500 {
				if name != "names_twice" || g.status != 201 {
					t.Errorf("%d %.200s", g.status, g.body)
				}
			}
		})
	}
}
