package app_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// safeLog keeps what several goroutines log.
type safeLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *safeLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// fillsRespondents opens what a link shows as somebody without JavaScript does, and
// types the secret into every field of every form, as phones and as staff who sign in.
func (e *estate) fillsRespondents(t *testing.T) []crawled {
	t.Helper()
	p := e.phone()
	p.begin()
	var all []crawled
	for _, address := range []string{p.at(""), p.at("/part/1"), p.at("/resume"), p.at("/thanks"), "/withdraw", "/sign-in", "/k/" + e.own.ids["/k/:token"], "/set-up/none"} {
		shown := p.send(http.MethodGet, address, nil)
		forms, _ := readPage(t, address, shown.body)
		for _, form := range forms {
			if form.method != http.MethodPost {
				continue
			}
			values := url.Values{}
			for name, held := range form.values {
				if values[name] = held; slices.Contains(form.typed, name) {
					values[name] = []string{hostileName + "typed"}
				}
			}
			all = append(all, crawled{page: p.send(http.MethodPost, form.action, formOf(values)), address: "POST " + form.action, route: routeOf(http.MethodPost, form.action)})
		}
	}
	return all
}

// wantNotLogged looks in a log that tells as much as it ever does for what was typed
// into fields, by whom and by which secret.
func (e *estate) wantNotLogged(t *testing.T, typed []crawled) {
	t.Helper()
	log := e.log.String()
	if len(typed) < 50 || strings.Count(log, "msg=request") < len(typed) {
		t.Fatalf("%d forms were filled and %d requests logged: the test shows nothing", len(typed), strings.Count(log, "msg=request"))
	}
	secrets := []string{"onerror=alert", "=1+1", e.own.link.Token, e.foreign.link.Token, "correct horse", "owner@example.org", "school.example"}
	for _, id := range []string{":response", ":contact"} {
		secrets = append(secrets, e.own.ids[id])
	}
	for line := range strings.Lines(log) {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(line, secret) {
				t.Errorf("the log holds %q: %.300s", secret, line)
			}
		}
	}
}
