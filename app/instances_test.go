package app_test

import (
	"crypto/rand"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// twoHalls are two instances of the product on one store: what is sent to one is
// asked of the other.
func twoHalls(t *testing.T, first, second surveys.Store) [2]*hall {
	t.Helper()
	definition := readDefinition(t, "everything")
	one := hallIn(t, first, func(*hall) questionnaire.Definition { return definition }, app.Config{})
	other := &hall{tb: t, store: second, clock: one.clock, link: one.link, owner: one.owner}
	other.service = surveys.NewService(second, other.now, rand.Reader)
	var err error
	if other.server, err = app.New(other.service, app.Config{}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return [2]*hall{one, other}
}

// TestInstances: a respondent without JavaScript meets another instance at each
// request, a phone sends to both at once, a person takes the answers back at the one
// that did not take them: each is one response.
func TestInstances(t *testing.T) {
	for name, open := range map[string]func(*testing.T) (first, second surveys.Store){
		"sqlite": func(t *testing.T) (first, second surveys.Store) {
			path := filepath.Join(t.TempDir(), "soundings.db")
			return storetest.OpenSQLite(t, path), storetest.OpenSQLite(t, path)
		},
		"mongo": func(t *testing.T) (first, second surveys.Store) {
			uri := storetest.MongoURI(t)
			return storetest.OpenMongo(t, uri), storetest.OpenMongo(t, uri)
		},
	} {
		t.Run(name, func(t *testing.T) {
			first, second := open(t)
			both := twoHalls(t, first, second)
			answersAtTurns(t, both)
			sendsToBoth(t, both)
			takesBack(t, both)
		})
	}
}

// answersAtTurns fills the form page by page, each page at the other instance.
func answersAtTurns(t *testing.T, both [2]*hall) {
	t.Helper()
	p, turn := both[0].phone(), 0
	at := func() *phone {
		turn++
		p.h = both[turn%2]
		return p
	}
	at().get("").wants(t, 200, "Start")
	at().begin()
	for i, part := range everything {
		here := "/part/" + string(rune('1'+i))
		at().get(here).wants(t, 200)
		at() // the same instance twice would be no test: the page comes from one, its answers go to the other
		p.post(here, part).wants(t, 303)
		turn++
	}
	at().get("/check").wants(t, 200, "Send my answers", "Leeds")
	at().post("/send", nil).wants(t, 303, "/thanks")
	at().post("/send", nil).wants(t, 303, "/thanks")
	at().get("/thanks").wants(t, 200, "Thank you")
	stored := both[0].stored()
	if len(stored) != 1 {
		t.Fatalf("%d responses are stored, want 1", len(stored))
	}
	if diff := cmp.Diff(everythingMeant, stored[0].Answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// sendsToBoth sends one whole form to both instances, again and again.
func sendsToBoth(t *testing.T, both [2]*hall) {
	t.Helper()
	for i := range 6 {
		script(both[i%2].phone()).post("/submit", whole()).wants(t, 200, surveys.ReceiptOf(phoneID))
	}
	if n := len(both[1].stored()); n != 2 {
		t.Errorf("%d responses are stored, want 2", n)
	}
}

// takesBack withdraws at one instance; the other knows.
func takesBack(t *testing.T, both [2]*hall) {
	t.Helper()
	form := url.Values{"receipt": {surveys.ReceiptOf(phoneID)}, "do": {"withdraw"}}
	both[0].phone().send("POST", "/withdraw", strings.NewReader(form.Encode())).wants(t, 200, "taken back")
	both[1].phone().send("POST", "/withdraw", strings.NewReader(form.Encode())).wants(t, 200, "taken back")
	if n := len(both[1].stored()); n != 1 {
		t.Errorf("%d responses are stored after one was taken back, want 1", n)
	}
	script(both[1].phone()).post("/submit", whole()).wants(t, 200)
	if n := len(both[0].stored()); n != 1 {
		t.Errorf("sent again it came back: %d responses", n)
	}
}
