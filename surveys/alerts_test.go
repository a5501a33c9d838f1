package surveys_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

// colleague adds an account with roles in the world's programme.
func (w *world) colleague(tb testing.TB, email string, roles ...surveys.Role) surveys.Account {
	tb.Helper()
	_, err := w.CreateAccount(surveys.WithAccount(tb.Context(), w.account), surveys.Account{Name: strings.Split(email, "@")[0], Email: email}, password)
	must(tb, err)
	if len(roles) > 0 {
		must(tb, w.Grant(w.ctx, email, w.programme.ID, roles))
	}
	a, _ := surveys.AccountFrom(w.as(tb, email))
	return a
}

func alertTo(a surveys.Account, id string) surveys.Alert {
	return surveys.Alert{ID: id, To: a.ID, Subject: "Calm schools: something waits for you", Body: "Something waits in Soundings.\n\nPlease look.", Path: "/programmes/1/concerns"}
}

// TestAlerts sends what can be sent, once, and tries what cannot again.
func TestAlerts(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		r := newPostRoom(t, store)
		for _, email := range []string{"lead@school.example", "busy@school.example", "gone@school.example"} {
			a := r.colleague(t, email)
			must(t, surveys.KeepAlert(r.Service, t.Context(), alertTo(a, "about "+email)))
			must(t, surveys.KeepAlert(r.Service, t.Context(), alertTo(a, "about "+email))) // the same once more
		}
		must(t, surveys.KeepAlert(r.Service, t.Context(), surveys.Alert{ID: "invited", Email: "new@school.example", Subject: "You are invited", Body: "Welcome."}))
		must(t, surveys.KeepAlert(r.Service, t.Context(), surveys.Alert{ID: "nobody", To: "no such account", Subject: "For nobody"}))
		for range 3 {
			r.clock.pass(time.Minute)
			must(t, second(r.SendAlerts(t.Context())))
		}
		if got, want := fmt.Sprint(r.server.To()), "map[lead@school.example:1 new@school.example:1]"; got != want {
			t.Fatalf("letters %s, want %s", got, want)
		}
		letter := r.server.Letters()[0]
		if !strings.Contains(letter.Body, "https://feedback.example/programmes/1/concerns") || letter.Message.Header.Get("Subject") != "Calm schools: something waits for you" {
			t.Errorf("letter %+v", letter)
		}
		r.server.Recover()
		r.clock.pass(time.Hour)
		must(t, second(r.SendAlerts(t.Context())))
		if r.server.To()["busy@school.example"] != 1 {
			t.Errorf("letters %v, want the deferred one too", r.server.To())
		}
		wantAlerts(t, r.Service, r.as(t, "lead@school.example"), 0)
		wantAlerts(t, r.Service, r.as(t, "gone@school.example"), 1) // nobody takes letters for it: shown
		must(t, surveys.KeepAlert(r.Service, t.Context(), alertTo(r.account, "about lead@school.example")))
		wantAlerts(t, r.Service, r.ctx, 0) // done is done: the same id is no new alert
		r.clock.pass(400 * 24 * time.Hour)
		must(t, surveys.ForgetOld(r.Service, t.Context()))
		if n, err := r.store.CountRecords(t.Context(), "alert", "*", time.Time{}); n != 0 || err != nil {
			t.Errorf("%d alerts after a year and more, %v", n, err)
		}
	})
}

func wantAlerts(tb testing.TB, s *surveys.Service, ctx context.Context, want int) {
	tb.Helper()
	all, err := s.Alerts(ctx)
	must(tb, err)
	if len(all) != want {
		tb.Errorf("%d alerts shown, want %d", len(all), want)
	}
}

// TestAlertsWithoutMail shows them to their reader until they are seen.
func TestAlertsWithoutMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lead := surveys.WithAccount(t.Context(), w.colleague(t, "lead@school.example"))
	a, _ := surveys.AccountFrom(lead)
	for i := range 3 {
		must(t, surveys.KeepAlert(w.Service, t.Context(), alertTo(a, fmt.Sprint("about ", i))))
	}
	must(t, second(w.SendAlerts(t.Context())))
	wantAlerts(t, w.Service, lead, 3)
	wantAlerts(t, w.Service, w.ctx, 0)
	wantError(t, "another's", w.SeenAlert(w.ctx, "about 1"), surveys.KindNotFound, "")
	must(t, w.SeenAlert(lead, "about 1"))
	must(t, w.SeenAlert(lead, "about 1"))
	wantAlerts(t, w.Service, lead, 2)
	raw, err := w.store.Record(t.Context(), "alert", "about 1")
	must(t, err)
	if strings.Contains(string(raw.Body), "Please look") {
		t.Error("the words of an alert that is done are kept")
	}
	wantError(t, "signed out", second(w.Alerts(t.Context())), surveys.KindUnauthenticated, "")
}

// TestAlertsOnce: the instance that sends is killed just after a mail server took a
// letter; two go on at once, one in another minute, so that the lease keeps neither
// out. Everybody is written once; who was being written then, twice, with one tag.
func TestAlertsOnce(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, store surveys.Store) {
		r := newPostRoom(t, store)
		for i := range 60 {
			must(t, surveys.KeepAlert(r.Service, t.Context(), surveys.Alert{ID: fmt.Sprint(i), Email: fmt.Sprintf("person%02d@school.example", i), Subject: "Something waits"}))
		}
		r.clock.pass(time.Minute)
		killed := r.on(&endingStore{Store: r.store, kind: "alert", left: 2*20 - 1})
		if n, err := killed.SendAlerts(t.Context()); err == nil || len(r.server.Letters()) != 20 {
			t.Fatalf("%d sent, %d taken, error %v, want the end after 20", n, len(r.server.Letters()), err)
		}
		r.clock.pass(2 * time.Minute)
		ahead := surveys.NewService(r.store, func() time.Time { return r.clock.Now().Add(time.Minute) }, rand.Reader).WithMail(surveys.Mail{Post: r.post})
		both := []*surveys.Service{r.on(r.store), ahead}
		sent, errs := together(2, func(i int) (int, error) { return both[i].SendAlerts(t.Context()) })
		for _, err := range errs {
			must(t, err)
		}
		if sent[0]+sent[1] != 40 {
			t.Errorf("%v sent by the two that went on, want 40", sent)
		}
		r.clock.pass(10 * time.Minute)
		if n, err := r.SendAlerts(t.Context()); n != 1 || err != nil {
			t.Errorf("%d sent again, %v; want the one that was cut off", n, err)
		}
		tags, twice := map[string]bool{}, 0
		for _, letter := range r.server.Letters() {
			if tags[letter.From] {
				twice++
			}
			tags[letter.From] = true
		}
		if len(tags) != 60 || twice != 1 {
			t.Errorf("%d letters of which %d came twice, want 60 and 1", len(tags), twice)
		}
	})
}
