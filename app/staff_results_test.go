package app_test

import (
	"context"
	"iter"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// gated is a store whose responses come when the gate is opened.
type gated struct {
	surveys.Store
	gate    chan struct{}
	read    *atomic.Int32 // how often all responses were asked for
	careful bool          // false: it panics
}

func (g gated) Responses(ctx context.Context, p surveys.ProgrammeID, s surveys.StrandID) iter.Seq2[surveys.Response, error] {
	return func(yield func(surveys.Response, error) bool) {
		g.read.Add(1)
		if !g.careful {
			var none []int
			_ = none[len(none)]
		}
		select {
		case <-g.gate:
		case <-ctx.Done():
			yield(surveys.Response{}, ctx.Err())
			return
		}
		for r, err := range g.Store.Responses(ctx, p, s) {
			if !yield(r, err) {
				return
			}
		}
	}
}

// slowHall is a classroom with two answers whose responses wait at a gate.
func slowHall(t *testing.T, careful bool) (*hall, gated) {
	t.Helper()
	definition, err := questionnaire.ParseDefinition([]byte(opinions))
	if err != nil {
		t.Fatal(err)
	}
	store := gated{storetest.SQLite(t), make(chan struct{}), &atomic.Int32{}, careful}
	h := hallIn(t, store, func(*hall) questionnaire.Definition { return definition }, app.Config{})
	h.answers("pre_one_000", "1", "1", "no", "")
	h.answers("pre_two_000", "2", "2", "no", "")
	h.server.SetReportPatience(time.Millisecond)
	return h, store
}

// TestResultsDoNotWait asks for results that take long: the page answers at once and
// asks again, the dashboard answers without them, and they are worked out once.
func TestResultsDoNotWait(t *testing.T) {
	t.Parallel()
	h, store := slowHall(t, true)
	d := h.ownersDesk()
	for range 2 {
		d.open(h.strandPath()).wants(t, http.StatusAccepted, "Working it out").has(t, `<meta http-equiv="refresh" content="2">`)
	}
	d.open(h.programmePath()).wants(t, http.StatusOK, "being counted")
	d.open(h.programmePath()+"/results").wants(t, http.StatusOK, "Working it out")
	close(store.gate)
	h.server.SetReportPatience(time.Minute)
	d.open(h.strandPath()).wants(t, http.StatusOK, "Mood").lacks(t, `http-equiv="refresh"`)
	if n := store.read.Load(); n != 1 {
		t.Errorf("the responses were read %d times, want once", n)
	}
}

// TestResultsShowTheOldWhileTheNewAreMade adds an answer and asks again: what was
// there is shown, and says so.
func TestResultsShowTheOldWhileTheNewAreMade(t *testing.T) {
	t.Parallel()
	h, store := slowHall(t, true)
	d := h.ownersDesk()
	h.server.SetReportPatience(time.Minute)
	go func() { store.gate <- struct{}{} }() // lets one build pass
	d.open(h.strandPath()).wants(t, http.StatusOK, "Mood")
	h.answers("pre_three_0", "3", "1", "no", "")
	h.server.SetReportPatience(time.Millisecond)
	d.open(h.strandPath()).wants(t, http.StatusOK, "Mood", "Newer answers are being worked in").has(t, `<meta http-equiv="refresh" content="2">`)
}

// TestResultsSurviveAPanic breaks the reading of responses: the page is an error page,
// and the next request is answered.
func TestResultsSurviveAPanic(t *testing.T) {
	t.Parallel()
	h, _ := slowHall(t, false)
	h.server.SetReportPatience(time.Minute)
	d := h.ownersDesk()
	d.open(h.strandPath()).wants(t, http.StatusInternalServerError)
	d.open("/programmes").wants(t, http.StatusOK)
}

// TestShutdownEndsResults ends the server while results are made, for which nobody
// opens the gate.
func TestShutdownEndsResults(t *testing.T) {
	t.Parallel()
	h, _ := slowHall(t, true)
	h.ownersDesk().open(h.strandPath()).wants(t, http.StatusAccepted)
	if err := h.server.Shutdown(); err != nil {
		t.Fatal(err)
	}
}

// TestResultsFilter narrows results in the address of the page and of the API.
func TestResultsFilter(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.server.SetReportPatience(time.Minute)
	h.answers("pre_one_000", "1", "1", "no", "")
	d := h.ownersDesk()
	cohort := "?cohort=" + string(h.link.Cohort)
	d.open(h.strandPath()+cohort+"&from=2024-01-01&to=2024-03-31&profile=published").
		wants(t, http.StatusOK, "Only: ", "January to March 2024", "as published").
		has(t, `<a href="`+h.strandPath()+cohort+`&amp;profile=published">January to March 2024`, `<input type="hidden" name="cohort" value="`+string(h.link.Cohort)+`">`)
	d.open(h.strandPath()+"?language=en&language=&area=").wants(t, http.StatusOK, "Only: English")
	for query, want := range map[string]string{
		"?cohort=none": "none", "?from=yesterday": "2026-01-31", "?from=2024-02-01&to=2024-01-01": "last day", "?answer.nothing=1": "nothing", "?profile=maybe": "",
	} {
		d.open(h.strandPath()+query).wants(t, http.StatusUnprocessableEntity, want)
	}
}
