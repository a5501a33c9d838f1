package app_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// finding is what a page loses points for.
type finding struct {
	cost int
	what string
}

// policyFindings are what is wrong with a content security policy. Criteria of the
// Mozilla Observatory: no unsafe-inline or unsafe-eval, no scheme or wildcard as a
// source of scripts, default-src 'none', and base, forms and frames restricted.
func policyFindings(policy string) (all []finding) {
	directives := map[string]string{}
	for directive := range strings.SplitSeq(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		directives[name] = value
	}
	if policy == "" {
		return []finding{{25, "no Content-Security-Policy"}}
	}
	if strings.Contains(policy, "unsafe-") {
		all = append(all, finding{20, "the policy allows something unsafe"})
	}
	if directives["default-src"] != "'none'" {
		all = append(all, finding{10, "default-src is not 'none'"})
	}
	for _, name := range []string{"script-src", "style-src", "object-src", "frame-src", "connect-src", "worker-src"} {
		for source := range strings.FieldsSeq(directives[name]) {
			if source != "'self'" && source != "'none'" && !strings.HasPrefix(source, "'sha256-") {
				all = append(all, finding{20, name + " allows " + source})
			}
		}
	}
	for name, want := range map[string]string{"base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'"} {
		if directives[name] != want && directives[name] != "'none'" && (name != "frame-ancestors" || directives[name] != "'self'") {
			all = append(all, finding{10, name + " is " + directives[name]})
		}
	}
	return all
}

// headerFindings are what is missing of the other headers.
func headerFindings(h http.Header) (all []finding) {
	for name, want := range map[string][]string{
		"X-Content-Type-Options":       {"nosniff"},
		"X-Frame-Options":              {"DENY", "SAMEORIGIN"},
		"Referrer-Policy":              {"no-referrer", "same-origin"}, // the latter where a form needs an origin
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
	} {
		kept := false
		for _, value := range want {
			kept = kept || h.Get(name) == value
		}
		if !kept {
			all = append(all, finding{10, name + " is " + strconv.Quote(h.Get(name))})
		}
	}
	for _, sense := range []string{"camera=()", "microphone=()", "geolocation=()"} {
		if !strings.Contains(h.Get("Permissions-Policy"), sense) {
			all = append(all, finding{5, "Permissions-Policy has no " + sense})
		}
	}
	for _, telling := range []string{"Server", "X-Powered-By"} {
		if h.Get(telling) != "" {
			all = append(all, finding{5, telling + " tells what runs here"})
		}
	}
	if h.Get("Access-Control-Allow-Origin") != "" {
		all = append(all, finding{50, "others may read it"})
	}
	return all
}

// transportFindings are what is missing for a product that is reached by HTTPS.
func transportFindings(h http.Header) (all []finding) {
	age, _, _ := strings.Cut(strings.TrimPrefix(h.Get("Strict-Transport-Security"), "max-age="), ";")
	if seconds, err := strconv.Atoi(age); err != nil || seconds < 31536000 {
		all = append(all, finding{20, "Strict-Transport-Security is " + strconv.Quote(h.Get("Strict-Transport-Security"))})
	}
	for _, line := range h["Set-Cookie"] {
		for _, flag := range []string{"HttpOnly", "secure", "SameSite="} {
			if !strings.Contains(strings.ToLower(line), strings.ToLower(flag)) {
				all = append(all, finding{40, "a cookie is not " + flag})
			}
		}
		if name, _, _ := strings.Cut(line, "="); !strings.HasPrefix(name, "__Host-") && !strings.HasPrefix(name, "__Secure-") {
			all = append(all, finding{5, "the cookie " + name + " has no prefix that binds it"})
		}
	}
	return all
}

// keepFindings: what is kept by a browser or a proxy must be the same for everybody.
func keepFindings(route string, h http.Header) []finding {
	kept := h.Get("Cache-Control")
	public := strings.HasPrefix(route, "/static/") || route == "/sw.js" || strings.HasPrefix(route, "/room/worker.js")
	landing := strings.HasPrefix(route, "/s/") && strings.Count(route, "/") == 2 && kept == "private, no-cache" // the empty form, to be opened without network
	if kept == "no-store" || public || landing || strings.HasPrefix(kept, "private") && strings.Contains(route, "/media/") {
		return nil
	}
	return []finding{{20, "Cache-Control is " + strconv.Quote(kept)}}
}

// gradeOf is 100 without what is wrong; 100 is the best grade (A+), nothing less passes.
func gradeOf(address string, g page) (points int, why string) {
	points = 100
	all := headerFindings(g.header)
	if policy := g.header.Get("Content-Security-Policy"); policy == "" || !strings.HasPrefix(g.header.Get("Content-Type"), "text/javascript") {
		all = append(all, policyFindings(policy)...) // a script obeys the policy of its page; a worker has one of its own
	}
	all = append(all, transportFindings(g.header)...)
	all = append(all, keepFindings(address, g.header)...)
	for _, one := range all {
		points -= one.cost
		why += fmt.Sprintf("; −%d %s", one.cost, one.what)
	}
	return points, strings.TrimPrefix(why, "; ")
}

func checkGrade(t *testing.T, address string, g page) {
	t.Helper()
	if points, why := gradeOf(address, g); points < 100 {
		t.Errorf("%s (%d) has %d points of 100: %s", address, g.status, points, why)
	}
}

// TestGrade: the grade falls when something is missing.
func TestGrade(t *testing.T) {
	t.Parallel()
	good := func() http.Header {
		return http.Header{
			"Content-Security-Policy": {"default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"}, "X-Content-Type-Options": {"nosniff"},
			"X-Frame-Options": {"DENY"}, "Referrer-Policy": {"no-referrer"}, "Cross-Origin-Opener-Policy": {"same-origin"}, "Cross-Origin-Resource-Policy": {"same-origin"},
			"Permissions-Policy": {"camera=(), microphone=(), geolocation=()"}, "Strict-Transport-Security": {"max-age=31536000"}, "Cache-Control": {"no-store"},
			"Set-Cookie": {"__Host-a=b; path=/; HttpOnly; secure; SameSite=Lax"},
		}
	}
	if points, why := gradeOf("/", page{header: good()}); points != 100 {
		t.Errorf("the good one has %d: %s", points, why)
	}
	for name, bad := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self' https:", "X-Content-Type-Options": "", "X-Frame-Options": "ALLOW", "Referrer-Policy": "",
		"Cross-Origin-Opener-Policy": "", "Permissions-Policy": "", "Strict-Transport-Security": "max-age=1", "Cache-Control": "public", "Set-Cookie": "a=b", "Server": "x",
		"Access-Control-Allow-Origin": "*",
	} {
		h := good()
		h.Set(name, bad)
		if points, _ := gradeOf("/", page{header: h}); points == 100 {
			t.Errorf("%s: %q still has 100", name, bad)
		}
	}
}
