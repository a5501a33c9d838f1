package app_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"soundings/surveys/questionnaire"
)

// pageBudget is what a respondent's first visit may weigh, in bytes: the whole
// form of 23 questions with its style and script, compressed, in one request.
const pageBudget = 8 << 10

func TestPageWeight(t *testing.T) {
	t.Parallel()
	h := newHall(t, "twenty_three")
	p := h.phone()
	p.header.Set("Accept-Encoding", "gzip, deflate, br")
	for _, lang := range []string{"en", "ar"} {
		g := p.get("?lang=" + lang)
		if g.status != 200 || g.header.Get("Content-Encoding") != "br" {
			t.Fatalf("status %d, encoding %q; want 200, br", g.status, g.header.Get("Content-Encoding"))
		}
		if len(g.body) > pageBudget {
			t.Errorf("the page in %s weighs %d bytes, want at most %d", lang, len(g.body), pageBudget)
		}
		t.Logf("%s: %d bytes", lang, len(g.body))
	}
}

// logicBudget is what a form with every sort of logic may weigh: the evaluator and
// what walks the trees come on top of the plain page, in the same request.
const logicBudget = 16 << 10

func TestPageWeightWithLogic(t *testing.T) {
	t.Parallel()
	p := newHall(t, "logic").phone()
	p.header.Set("Accept-Encoding", "br")
	g := p.get("").wants(t, 200)
	if len(g.body) > logicBudget {
		t.Errorf("the page weighs %d bytes, want at most %d", len(g.body), logicBudget)
	}
	t.Logf("%d bytes", len(g.body))
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	h := newHall(t, "twenty_three")
	plain := h.phone().get("")
	tests := []struct{ accept, want string }{
		{"br", "br"}, {"gzip, deflate, br;q=0.9", "br"}, {"gzip", "gzip"}, {"identity", ""}, {"", ""}, {"zstd", ""}, {"br;q=0, gzip;q=0", ""},
	}
	for _, tt := range tests {
		t.Run(tt.accept, func(t *testing.T) {
			p := h.phone()
			p.header.Set("Accept-Encoding", tt.accept)
			g := p.get("")
			if got := g.header.Get("Content-Encoding"); got != tt.want {
				t.Fatalf("Accept-Encoding %q gave %q, want %q", tt.accept, got, tt.want)
			}
			if unpack(t, g) != plain.body {
				t.Error("the unpacked page differs from the plain one")
			}
			if !strings.Contains(g.header.Get("Vary"), "Accept-Encoding") {
				t.Error("the answer does not vary by encoding")
			}
		})
	}
}

func unpack(t *testing.T, g page) string {
	t.Helper()
	var r io.Reader = strings.NewReader(g.body)
	switch g.header.Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		var err error
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLandingIsForEveryone: thirty children behind one cache must not share an id.
func TestLandingIsForEveryone(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	one, two := h.phone().get(""), h.phone().get("")
	if one.body != two.body {
		t.Error("two visitors get different documents")
	}
	if len(one.header["Set-Cookie"]) > 0 {
		t.Error("the landing sets a cookie")
	}
	p := h.phone()
	p.header.Set("If-None-Match", one.header.Get("Etag"))
	if g := p.get(""); g.status != 304 || g.body != "" {
		t.Errorf("a refresh = %d with %d bytes, want 304 with none", g.status, len(g.body))
	}
	if one.header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("Cache-Control = %q", one.header.Get("Cache-Control"))
	}
	p.begin()
	if got := p.get("/part/1").header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a person's page has Cache-Control %q, want no-store", got)
	}
}

func TestLandingFollowsItsVersion(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.get("").wants(t, 200, "All kinds of question")
	p.begin()
	definition, err := questionnaire.ParseDefinition(readTestdata(t, "everything"))
	if err != nil {
		t.Fatal(err)
	}
	definition.Title = questionnaire.Text{"en": "A new title", "ar": "عنوان جديد"}
	h.publish(definition)
	h.pass(time.Minute)
	h.phone().get("").wants(t, 200, "A new title")
	p.get("/part/1").wants(t, 200, "All kinds of question") // who began goes on with the wording begun with
}

// TestPolicyAllowsWhatIsInside checks each inline style and script against the
// Content-Security-Policy that came with it.
func TestPolicyAllowsWhatIsInside(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	g := h.phone().get("")
	policy := g.header.Get("Content-Security-Policy")
	inside := regexp.MustCompile(`(?s)<(style|script)>(.*?)</(?:style|script)>`).FindAllStringSubmatch(g.body, -1)
	if len(inside) != 8 {
		t.Fatalf("%d inline pieces, want a style, those of the code, short answers, words beside a choice, the ladder and the faces, and two scripts", len(inside))
	}
	for _, piece := range inside {
		sum := sha256.Sum256([]byte(piece[2]))
		if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(policy, hash) {
			t.Errorf("the policy does not allow the %s", piece[1])
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy = %s", policy)
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	p.begin()
	c := p.cookies["soundings_response"]
	if c == nil || !c.HttpOnly || c.SameSite != 2 || c.Path != "/s/"+h.link.Token {
		t.Errorf("cookie = %+v, want HttpOnly, SameSite=Lax, for the link's pages only", c)
	}
	if !c.Expires.IsZero() || c.MaxAge != 0 {
		t.Errorf("cookie lasts until %v, want until the browser is closed", c.Expires)
	}
	p.post("/again", url.Values{}).wants(t, 303)
	if p.cookies["soundings_response"] != nil {
		t.Error("the next person finds the cookie of the one before")
	}
}
