package surveys_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// small is a programme with a few answers whose clock has run out.
func smallEnding(t *testing.T, n int) *ending {
	t.Helper()
	e := &ending{newWorld(t)}
	for i := range n {
		wave := []questionnaire.Wave{questionnaire.WavePre, questionnaire.WavePost}[i%2]
		_, err := e.Submit(t.Context(), e.links[wave].Token, surveys.Submission{ID: surveys.ResponseID(fmt.Sprintf("response_%02d", i)), Raw: form(questionnaire.Raw{"before": nil})})
		must(t, err)
	}
	must(t, e.SetRetentionStart(t, "2026-03-03"))
	return e
}

// TestRetentionGoesOn lets every store call of all four steps fail in turn, as if the
// program had been killed there, and goes on: what was counted is what went, and there
// is one certificate for each step.
func TestRetentionGoesOn(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 4)
	e.clock.pass(180 * 24 * time.Hour)
	for n := 1; ; n++ {
		faulty := storetest.Faulty(e.store, n) // of each attempt a later call fails
		err := surveys.NewService(faulty, e.clock.Now, rand.Reader).WithFiles(keeper{}).Retain(t.Context())
		if err != nil && !errors.Is(err, storetest.ErrFault) {
			t.Fatalf("with call %d failing: %v", n, err)
		}
		e.clock.pass(3 * time.Minute)
		p := e.now(t)
		if _, more := p.RetentionNext(); !more {
			break
		}
		if n > 2000 {
			t.Fatal("it does not come to an end")
		}
	}
	certificates, err := e.Certificates(e.ctx, e.programme.ID)
	must(t, err)
	var steps []surveys.RetentionStep
	for _, c := range certificates {
		steps = append(steps, c.Step)
	}
	if diff := cmp.Diff(surveys.RetentionSteps(), steps); diff != "" {
		t.Errorf("certificates (-want +got):\n%s", diff)
	}
	for _, count := range certificates[0].Gone {
		if count.Kind == "linkage" && count.N != 4 {
			t.Errorf("the certificate says that %d linkages went, want 4", count.N)
		}
	}
	left, err := e.RetentionDryRun(e.ctx, e.programme.ID, surveys.StepAnswers)
	must(t, err)
	if len(left.Goes) > 0 {
		t.Errorf("left: %+v", left.Goes)
	}
	part, err := e.FrozenFile(e.ctx, e.programme.ID, "pupils", surveys.ProfilePublished, surveys.FrozenReport)
	must(t, err)
	if string(part.Bytes) != `{"responses":4,"linked":4}` {
		t.Errorf("frozen: %s", part.Bytes)
	}
}

// TestRetentionTwoInstances: two that do it at once do it once.
func TestRetentionTwoInstances(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 6)
	e.clock.pass(180 * 24 * time.Hour)
	two := []*surveys.Service{surveys.NewService(e.store, e.clock.Now, rand.Reader).WithFiles(keeper{}), surveys.NewService(e.store, e.clock.Now, rand.Reader).WithFiles(keeper{})}
	for range 12 {
		done := make(chan error, 2)
		for _, s := range two {
			go func() { done <- s.Retain(t.Context()) }()
		}
		must(t, errors.Join(<-done, <-done))
		e.clock.pass(3 * time.Minute)
	}
	certificates, err := e.Certificates(e.ctx, e.programme.ID)
	must(t, err)
	if len(certificates) != 4 {
		t.Errorf("%d certificates, want one for each step", len(certificates))
	}
}

// slowKeeper freezes so slowly that it loses the step: others end it meanwhile.
type slowKeeper struct {
	keeper
	meanwhile func()
}

func (k slowKeeper) Freeze(ctx context.Context, m surveys.Making) ([]surveys.FrozenPart, *surveys.Release, error) {
	k.meanwhile()
	return k.keeper.Freeze(ctx, m) // of what is left
}

// TestRetentionFreezesTooLate: an instance that has lost the step while it worked the
// figures out does not touch those that another kept, though it works others out.
func TestRetentionFreezesTooLate(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 4)
	e.clock.pass(180 * 24 * time.Hour)
	fast := surveys.NewService(e.store, e.clock.Now, rand.Reader).WithFiles(keeper{})
	done := false
	slow := surveys.NewService(e.store, e.clock.Now, rand.Reader).WithFiles(slowKeeper{meanwhile: func() {
		if !done {
			done = true
			e.clock.pass(5 * time.Minute) // more than the lease lasts
			e.rounds(t, fast)
		}
	}})
	must(t, slow.Retain(t.Context()))
	e.clock.pass(3 * time.Minute)
	must(t, slow.Retain(t.Context()))
	if !done {
		t.Fatal("nothing was frozen")
	}
	part, err := e.FrozenFile(e.ctx, e.programme.ID, "pupils", surveys.ProfileInternal, surveys.FrozenReport)
	must(t, err)
	if string(part.Bytes) != `{"responses":4,"linked":4}` {
		t.Errorf("frozen: %s, want the figures from before the destruction", part.Bytes)
	}
	pieces := 0
	for _, err := range e.store.Records(t.Context(), "frozen_piece", "*") {
		must(t, err)
		pieces++
	}
	if pieces != 4 {
		t.Errorf("%d pieces are kept, want those of two profiles with two parts each", pieces)
	}
}

// TestRetentionHeldAndMoved: a hold stops everything, an earlier day needs to be
// confirmed, a later one a reason, and a day before the step above is refused.
func TestRetentionHeldAndMoved(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 0)
	ask := func(start string, spans map[surveys.RetentionStep]surveys.Span, confirm bool, reason string) error {
		return second(e.SetRetention(e.ctx, e.programme.ID, surveys.RetentionAsk{Start: start, Spans: spans, Quotes: surveys.QuotesInFiles, Confirm: confirm, Reason: reason}))
	}
	wantError(t, "sooner", ask("2026-02-01", spans(), false, ""), surveys.KindInvalid, "retention.confirm")
	wantError(t, "later", ask("2026-05-01", spans(), true, ""), surveys.KindInvalid, "retention.later_needs_reason")
	wantError(t, "no day", ask("soon", spans(), true, ""), surveys.KindInvalid, "retention.start")
	wantError(t, "no start", ask("", spans(), true, ""), surveys.KindInvalid, "retention.needs_start")
	order := spans()
	order[surveys.StepTexts] = surveys.Span{N: 1, Unit: surveys.SpanDays}
	wantError(t, "words before keys", ask("2026-03-03", order, true, "why"), surveys.KindInvalid, "retention.order")
	order[surveys.StepTexts] = surveys.Span{N: -1, Unit: surveys.SpanDays}
	wantError(t, "no span", ask("2026-03-03", order, true, "why"), surveys.KindInvalid, "retention.span")
	must(t, ask("2026-05-01", spans(), true, "the report is late"))
	e.clock.pass(time.Minute)
	must(t, ask("2026-03-03", spans(), true, "it is not"))
	trail, err := e.AuditTrail(e.ctx, e.programme.ID)
	must(t, err)
	if want := "linkages 2026-04-03 (was 2026-06-01), contacts 2026-05-03 (was 2026-07-01), texts 2026-06-03 (was 2026-08-01), answers 2026-07-03 (was 2026-09-01); quotes files; because it is not"; trail[0].What != want {
		t.Errorf("the trail says %q, want %q", trail[0].What, want)
	}
	wantError(t, "a hold without a reason", second(e.HoldRetention(e.ctx, e.programme.ID, "", "2026-12-31")), surveys.KindInvalid, "")
	wantError(t, "a hold that is over", second(e.HoldRetention(e.ctx, e.programme.ID, "why", "2026-01-01")), surveys.KindInvalid, "retention.hold_until")
	must(t, second(e.HoldRetention(e.ctx, e.programme.ID, "a complaint is open", "2026-12-31")))
	s := surveys.NewService(e.store, e.clock.Now, rand.Reader).WithFiles(keeper{})
	e.clock.pass(200 * 24 * time.Hour)
	must(t, s.Retain(t.Context()))
	if p := e.now(t); !p.Retention.Closed.IsZero() {
		t.Error("something began though it is held")
	}
	must(t, e.EndRetentionHold(e.ctx, e.programme.ID))
	must(t, s.Retain(t.Context()))
	if p := e.now(t); p.Retention.Closed.IsZero() {
		t.Error("nothing began though nothing is held")
	}
	_, err = e.Submit(t.Context(), e.token(), surveys.Submission{ID: "response_late", Raw: form(nil)})
	wantError(t, "an answer after the closing", err, surveys.KindClosed, "link.closed")
	_, err = e.HandIn(t.Context(), e.token(), surveys.Submission{ID: "response_late", Raw: form(nil)}, e.clock.Now())
	wantError(t, "a late answer after the closing", err, surveys.KindClosed, "link.closed")
	_, err = e.CreateLink(e.ctx, surveys.Link{Programme: e.programme.ID, Strand: "pupils", Cohort: e.cohort.ID, Wave: questionnaire.WavePre})
	wantError(t, "a link after the closing", err, surveys.KindInvalid, "retention.ended")
}

// TestRetentionWarns: administrators are written to 30, 7 and 1 days before, once each,
// and nobody else.
func TestRetentionWarns(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 0)
	at := time.Date(2026, 4, 3, 0, 0, 0, 0, time.FixedZone("", 3600))
	for _, tt := range []struct {
		before time.Duration
		want   int
	}{{30*24*time.Hour + time.Hour, 0}, {30*24*time.Hour - 2*time.Hour, 1}, {20 * 24 * time.Hour, 1}, {7*24*time.Hour - time.Hour, 2}, {time.Hour, 3}} {
		if d := at.Add(-tt.before).Sub(e.clock.Now()); d > 0 {
			e.clock.pass(d)
		} else {
			continue
		}
		for range 2 {
			must(t, e.Retain(t.Context()))
		}
		alerts, err := e.Alerts(e.ctx)
		must(t, err)
		if len(alerts) != tt.want {
			t.Errorf("%v before: %d letters, want %d", tt.before, len(alerts), tt.want)
		}
	}
}

// TestDeletionIsCalledOff: an answer that came after a programme without answers was to
// be deleted, and was thanked for, is not destroyed with it.
func TestDeletionIsCalledOff(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 0)
	id := e.programme.ID
	s := surveys.NewService(e.store, e.clock.Now, rand.Reader).WithFiles(keeper{})
	must(t, s.DeleteProgramme(e.ctx, id, e.programme.Name, "a mistake"))
	_, err := e.Submit(t.Context(), e.links[questionnaire.WavePre].Token, surveys.Submission{ID: "response_one", Raw: form(questionnaire.Raw{"before": nil})})
	must(t, err)
	for range 4 {
		must(t, s.Retain(t.Context()))
		e.clock.pass(3 * time.Minute)
	}
	if _, err := e.store.Response(t.Context(), "response_one"); err != nil {
		t.Errorf("the answer is gone: %v", err)
	}
	if p := e.now(t); !p.Retention.Closed.IsZero() {
		t.Errorf("the programme is closed since %v, want it open", p.Retention.Closed)
	}
	if _, err := s.DeletionAsked(e.ctx, id); surveys.KindOf(err) != surveys.KindNotFound {
		t.Errorf("the deletion goes on: %v", err)
	}
}

// TestDeleteProgramme: nothing of a programme is left but its certificates.
func TestDeleteProgramme(t *testing.T) {
	t.Parallel()
	e := smallEnding(t, 4)
	id := e.programme.ID
	wantError(t, "with answers", e.DeleteProgramme(e.ctx, id, e.programme.Name, "over"), surveys.KindInvalid, "retention.delete_first")
	s := surveys.NewService(e.store, e.clock.Now, rand.Reader).WithFiles(keeper{})
	e.clock.pass(180 * 24 * time.Hour)
	for range 10 {
		must(t, s.Retain(t.Context()))
		e.clock.pass(3 * time.Minute)
	}
	wantError(t, "another name", s.DeleteProgramme(e.ctx, id, "Another", "over"), surveys.KindInvalid, "retention.delete_name")
	must(t, s.DeleteProgramme(e.ctx, id, e.programme.Name, "it is over"))
	for range 4 {
		must(t, s.Retain(t.Context()))
		e.clock.pass(3 * time.Minute)
	}
	kept := map[surveys.RecordKind]bool{"certificate": true, "key_destroyed": true, "audit": true, "version": true, "account": true, "claim": true, "owners": true}
	for _, kind := range declaredKinds(t) {
		for r, err := range e.store.Records(t.Context(), kind, "*") {
			must(t, err)
			if !kept[kind] && (r.Scope == string(id) || r.ID == string(id) || len(r.Scope) > len(id) && r.Scope[:len(id)] == string(id)) {
				t.Errorf("%s %s is left", kind, r.ID)
			}
			if kind == "audit" && r.Scope == string(id) {
				t.Error("a line of its trail is left")
			}
		}
	}
	all, err := e.AllCertificates(e.ctx)
	must(t, err)
	if len(all) != 5 || all[4].Step != surveys.StepProgramme || all[4].Reason != "it is over" || !all[4].Sound() {
		t.Errorf("certificates: %+v", all)
	}
}
