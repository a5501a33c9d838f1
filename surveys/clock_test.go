package surveys_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// clockSteps are what an administrator, or a machine that has lost the time, does to the
// clock under the running program: back by an hour, forward by a day, and right again.
var clockSteps = []time.Duration{0, -time.Hour, 25 * time.Hour, -24 * time.Hour}

// TestClockSet goes through what depends on the time each time after the clock was set:
// everything that was possible is, nothing is kept twice, and nobody is shut out.
func TestClockSet(t *testing.T) {
	t.Parallel()
	p := newPrintShop(t, storetest.SQLite(t))
	step, err := p.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})
	must(t, err)
	sent := len(p.sent(t))
	again := surveys.Submission{ID: "the_same_form_again_and_again", Raw: form(nil)}
	for i, by := range clockSteps {
		p.clock.pass(by)
		name := fmt.Sprintf("step %d, by %v", i, by)
		_, err := p.Submit(t.Context(), p.token(), again)
		must(t, err)
		drawn, err := surveys.NewID(rand.Reader)
		must(t, err)
		id := surveys.ResponseID(drawn)
		r, err := p.Submit(t.Context(), p.token(), surveys.Submission{ID: id, Raw: form(nil)})
		must(t, err)
		p.pagesAt(t, name)
		if _, _, err := p.SignedIn(t.Context(), step.Secret); by <= 0 && i < 2 {
			must(t, err) // a day later it has ended, as it would have
		}
		if i == 0 { // a wrong password shuts nobody out, whatever the time was
			p.guess(t, t.Context(), ownerEmail, "network", surveys.KindUnauthenticated)
		}
		fresh, err := p.SignIn(t.Context(), ownerEmail, password, surveys.Visitor{Network: "network"})
		must(t, err)
		must(t, third(p.SignedIn(t.Context(), fresh.Secret)))
		mark, err := p.NetworkMark(t.Context(), "192.0.2.7")
		must(t, err)
		if same, err := p.NetworkMark(t.Context(), "192.0.2.7"); err != nil || same != mark {
			t.Errorf("%s: the mark of a network is not the same twice: %v", name, err)
		}
		if e := p.makes(t, p.rows()); e.State != surveys.ExportDone || len(p.file(t, e.ID)) == 0 {
			t.Errorf("%s: the export is %s (%s)", name, e.State, e.Key)
		}
		c := surveys.Correction{Programme: p.programme.ID, Strand: "pupils", Response: r.ID, Revision: r.Revision, Reason: "a test"}
		_, err = p.ExcludeResponse(p.ctx, c)
		must(t, err)
		c.Revision++
		r, err = p.UndoChange(p.ctx, c, 1)
		must(t, err)
		if r.Status != surveys.StatusSubmitted || len(r.History) != 2 {
			t.Errorf("%s: after a change and its undoing: %s, %d changes", name, r.Status, len(r.History))
		}
		_, err = p.Withdraw(t.Context(), "network", surveys.ReceiptOf(id))
		must(t, err)
		if j := p.imports(t, fmt.Sprintf("id,wave,stress\nclock%d,pre,4\n", i), surveys.PolicyAll); j.State != surveys.JobDone || j.New != 1 {
			t.Errorf("%s: the import is %s, %d new", name, j.State, j.New)
		}
	}
	// The form that was sent again once, and page by page and imported once a step.
	if got, want := len(p.sent(t)), sent+1+2*len(clockSteps); got != want {
		t.Errorf("%d responses, want %d", got, want)
	}
	storetest.WantSound(t, p.store, p.programme.ID, "pupils")
}

// third is the error of three.
func third[A, B any](_ A, _ B, err error) error { return err }

// pagesAt answers page by page.
func (p *printShop) pagesAt(t *testing.T, name string) {
	t.Helper()
	r, err := p.Start(t.Context(), p.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	for part := range 3 {
		_, err = p.SavePart(t.Context(), p.token(), r.ID, part, form(nil))
		must(t, err)
	}
	if r, err = p.Finish(t.Context(), p.token(), r.ID); err != nil || r.Submitted.Before(r.Started) {
		t.Errorf("%s: page by page: started %v, sent %v, %v", name, r.Started, r.Submitted, err)
	}
}

// TestClockSetBackIsNotBelievedForLong: what was read before the clock was set back is
// read again, or a link closed on another instance would stay open for an hour.
func TestClockSetBackIsNotBelievedForLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.links[questionnaire.WavePre]
	other := surveys.NewService(w.store, w.clock.Now, rand.Reader)
	_, err := other.Submit(t.Context(), link.Token, surveys.Submission{ID: "before_the_clock_was_set", Raw: form(nil)})
	must(t, err)
	w.clock.pass(-time.Hour)
	_, err = w.SetLinkOpen(w.ctx, w.programme.ID, link.ID, false)
	must(t, err)
	_, err = other.Submit(t.Context(), link.Token, surveys.Submission{ID: "after_the_clock_was_set", Raw: form(nil)})
	wantError(t, "through a link that was closed after the clock was set back", err, surveys.KindClosed, "")
}

// TestClockSetSendsNoLetterTwice: letters that went are not sent again whatever the clock
// says, and a lease goes on.
func TestClockSetSendsNoLetterTwice(t *testing.T) {
	t.Parallel()
	r := newPostRoom(t, storetest.SQLite(t))
	r.add(t, people(5)...)
	r.runs(t)
	total := 0
	for _, by := range clockSteps {
		r.clock.pass(by)
		total += r.send(t)
		total += r.send(t)
	}
	if total != 5 || len(r.server.Letters()) != 5 {
		t.Errorf("%d letters were sent and %d arrived, want 5: one each", total, len(r.server.Letters()))
	}
}

// TestClockSetBackShutsNobodyOut: who was told to wait while the clock was a day ahead
// need not wait for that day.
func TestClockSetBackShutsNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.pass(24 * time.Hour)
	var err error
	for range 121 {
		err = w.MissedLink(t.Context(), "network")
	}
	wantError(t, "after too many guesses", err, surveys.KindThrottled, "")
	w.clock.pass(-24 * time.Hour)
	must(t, w.MissedLink(t.Context(), "network"))
}
