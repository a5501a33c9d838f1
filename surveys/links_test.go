package surveys_test

import (
	"regexp"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

func TestCreateLinkRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := plan()
	p.Strands[0].Questionnaire = "unpublished"
	unpublished, err := w.CreateProgramme(w.ctx, p)
	must(t, err)
	ctx := w.as(t, ownerEmail)
	elsewhere, err := w.CreateCohort(ctx, surveys.Cohort{Programme: unpublished.ID, Name: "Class 7"})
	must(t, err)
	for _, tt := range []struct {
		name   string
		change func(*surveys.Link)
		field  string
	}{
		{"a wave that the design has not", func(l *surveys.Link) { l.Wave = questionnaire.WaveFollowUp }, "wave"},
		{"no such wave", func(l *surveys.Link) { l.Wave = "during" }, "wave"},
		{"no strand", func(l *surveys.Link) { l.Strand = "" }, "strand"},
		{"unknown strand", func(l *surveys.Link) { l.Strand = "parents" }, "strand"},
		{"no cohort", func(l *surveys.Link) { l.Cohort = "" }, "cohort"},
		{"foreign cohort", func(l *surveys.Link) { l.Cohort = elsewhere.ID }, "cohort"},
		{"closes before it opens", func(l *surveys.Link) { l.Opens, l.Closes = origin, origin.Add(-1) }, "closes"},
		{"closes as it opens", func(l *surveys.Link) { l.Opens, l.Closes = origin, origin }, "closes"},
		{"nothing published", func(l *surveys.Link) { l.Programme, l.Cohort = unpublished.ID, elsewhere.ID }, "questionnaire"},
	} {
		l := surveys.Link{Programme: w.programme.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre}
		tt.change(&l)
		_, err := w.CreateLink(ctx, l)
		wantField(t, tt.name, err, tt.field)
	}
}

func TestLinkToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	form := regexp.MustCompile(`^[2-9a-hj-kmnp-z]{10}$`)
	for _, l := range w.links {
		if !form.MatchString(l.Token) {
			t.Errorf("token %q, want ten signs without 0 o 1 i l", l.Token)
		}
	}
}

func TestLinkState(t *testing.T) {
	t.Parallel()
	opens, closes := origin, origin.Add(time.Hour)
	for _, tt := range []struct {
		name string
		link surveys.Link
		now  time.Time
		want string
	}{
		{"always", surveys.Link{}, opens, "open"},
		{"before", surveys.Link{Opens: opens, Closes: closes}, opens.Add(-time.Millisecond), "not_yet"},
		{"first moment", surveys.Link{Opens: opens, Closes: closes}, opens, "open"},
		{"last moment", surveys.Link{Opens: opens, Closes: closes}, closes.Add(-time.Millisecond), "open"},
		{"end", surveys.Link{Opens: opens, Closes: closes}, closes, "closed"},
		{"withdrawn", surveys.Link{Withdrawn: true}, opens, "withdrawn"},
		{"closed before it opened", surveys.Link{Opens: closes, Closes: opens}, opens, "closed"},
	} {
		if got := tt.link.State(tt.now); got != tt.want {
			t.Errorf("State %s = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSetLinkOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.links[questionnaire.WavePre].ID
	closed, err := w.SetLinkOpen(w.ctx, w.programme.ID, id, false)
	must(t, err)
	if !closed.Closes.Equal(origin) || closed.State(w.Now()) != "closed" || closed.Revision != 2 {
		t.Errorf("closing = %+v, want closed at %v, revision 2", closed, origin)
	}
	w.clock.pass(time.Hour)
	again, err := w.SetLinkOpen(w.ctx, w.programme.ID, id, false)
	must(t, err)
	if !again.Closes.Equal(origin) {
		t.Errorf("closing again moved the end to %v, want %v", again.Closes, origin)
	}
	opened, err := w.SetLinkOpen(w.ctx, w.programme.ID, id, true)
	must(t, err)
	if !opened.Closes.IsZero() || opened.State(w.Now()) != "open" {
		t.Errorf("opening = %+v, want open without an end", opened)
	}
	links, err := w.Links(w.ctx, w.programme.ID)
	must(t, err)
	if len(links) != 2 || links[0].ID > links[1].ID {
		t.Errorf("Links = %+v, want both, made at one moment, by id", links)
	}
}

func TestLinksKeepTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.clock.pass(time.Minute)
	last := w.link(t, surveys.Link{Wave: questionnaire.WavePost})
	w.clock.pass(time.Minute)
	_, err := w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(t, err)
	links, err := w.Links(w.ctx, w.programme.ID)
	must(t, err)
	if links[len(links)-1].ID != last.ID {
		t.Error("closing a link moved it to the end of the list, want the order of creation")
	}
}

func TestSetLinkOpenAheadOfTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.link(t, surveys.Link{Wave: questionnaire.WavePre, Opens: origin.Add(time.Hour), Closes: origin.Add(2 * time.Hour)})
	closed, err := w.SetLinkOpen(w.ctx, w.programme.ID, l.ID, false)
	must(t, err)
	if closed.State(w.Now()) != "closed" {
		t.Errorf("a link closed before it opened is %q, want closed", closed.State(w.Now()))
	}
	l = w.link(t, surveys.Link{Wave: questionnaire.WavePre, Opens: origin.Add(time.Hour)})
	opened, err := w.SetLinkOpen(w.ctx, w.programme.ID, l.ID, true)
	must(t, err)
	if opened.State(w.Now()) != "open" {
		t.Errorf("a link opened ahead of time is %q, want open", opened.State(w.Now()))
	}
}

// TestClosingReachesOtherInstances closes a link through one service and asks
// another one on the same store, which has read it before.
func TestClosingReachesOtherInstances(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := surveys.NewService(w.store, w.clock.Now, nil)
	state := func() string {
		inv, err := other.Invitation(t.Context(), w.token())
		must(t, err)
		return inv.Link.State(w.clock.Now())
	}
	if got := state(); got != "open" {
		t.Fatalf("state = %q, want open", got)
	}
	_, err := w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(t, err)
	inv, err := w.Invitation(t.Context(), w.token())
	must(t, err)
	if inv.Link.State(w.Now()) != "closed" {
		t.Error("the instance that closed the link still finds it open")
	}
	w.clock.pass(3*time.Second + time.Millisecond)
	if got := state(); got != "closed" {
		t.Errorf("state after three seconds = %q, want closed", got)
	}
}

// TestInvitationIsCached counts the reads of a second look, also through a
// service whose clock is stopped, and under another spelling of the token.
func TestInvitationIsCached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	counting := storetest.Faulty(w.store, 0)
	service := surveys.NewService(counting, w.clock.Now, nil)
	_, err := service.Invitation(t.Context(), w.token())
	must(t, err)
	reads := counting.Calls()
	spelt := " " + w.token()[:5] + "-" + w.token()[5:]
	for _, s := range []*surveys.Service{service, service.At(w.clock.Now()), service.At(w.clock.Now().Add(time.Second))} {
		inv, err := s.Invitation(t.Context(), spelt)
		must(t, err)
		if inv.Link.Token != w.token() {
			t.Errorf("Invitation(%q) = %q, want %q", spelt, inv.Link.Token, w.token())
		}
	}
	if counting.Calls() != reads {
		t.Errorf("%d reads for what was read a moment ago, want none", counting.Calls()-reads)
	}
	_, err = service.Invitation(t.Context(), "nosuchlink")
	wantError(t, "unknown token", err, surveys.KindNotFound, "link.not_found")
}

func TestProgress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second, err := w.CreateCohort(w.ctx, surveys.Cohort{Programme: w.programme.ID, Name: "Class 7", Expected: map[surveys.StrandID]int{"pupils": 30}})
	must(t, err)
	_, err = w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(nil)})
	must(t, err)
	_, err = w.Start(t.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(t, err)
	rows, err := w.Progress(w.ctx, w.programme.ID)
	must(t, err)
	want := map[surveys.Progress]bool{
		{Cohort: w.cohort.ID, Strand: "pupils", Wave: questionnaire.WavePre, Submitted: 1, InProgress: 1}: true,
		{Cohort: second.ID, Strand: "pupils", Wave: questionnaire.WavePre, Expected: 30}:                  true,
		{Cohort: second.ID, Strand: "pupils", Wave: questionnaire.WavePost, Expected: 30}:                 true,
	}
	for _, row := range rows {
		if !want[row] {
			t.Errorf("Progress has %+v, want it not", row)
		}
	}
	if len(rows) != len(want) {
		t.Errorf("Progress has %d rows, want %d", len(rows), len(want))
	}
}
