package surveys_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// trial starts a trial of the world's questionnaire.
func (w *world) trial(tb testing.TB, n int) surveys.Trial {
	tb.Helper()
	trial, err := w.StartTrial(w.ctx, "views", n, questionnaire.WavePre, w.programme.ID)
	must(tb, err)
	return trial
}

// TestTrialAnswersLikeALink: by one post and page by page, repeats included.
func TestTrialAnswersLikeALink(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	for n, name := range []string{"the draft", "version 1"} {
		trial := w.trial(t, n)
		inv, err := w.Invitation(t.Context(), trial.Token)
		must(t, err)
		if !inv.Test || inv.Programme.ID != "trial" || inv.Programme.Name != "Calm schools" || inv.Programme.Zone != "Europe/London" || inv.Link.State(w.clock.Now()) != "open" {
			t.Errorf("%s: Invitation = %+v", name, inv)
		}
		first, err := w.Submit(t.Context(), trial.Token, surveys.Submission{ID: "response_one", Language: "ar", Raw: form(nil)})
		must(t, err)
		again, err := w.Submit(t.Context(), trial.Token, surveys.Submission{ID: "response_one", Language: "ar", Raw: form(nil)})
		must(t, err)
		if again.ID != first.ID {
			t.Errorf("%s: a repeat was kept as %s beside %s", name, again.ID, first.ID)
		}
		_, err = w.Submit(t.Context(), trial.Token, surveys.Submission{ID: "response_two", Raw: questionnaire.Raw{}})
		wantError(t, name+": a form without a required answer", err, surveys.KindInvalid, "answers.check")

		started, err := w.Start(t.Context(), trial.Token, "en", surveys.ModePhone, nil)
		must(t, err)
		w.clock.pass(90 * time.Second)
		for part := range 3 {
			_, err = w.SavePart(t.Context(), trial.Token, started.ID, part, form(questionnaire.Raw{"why": {""}}))
			must(t, err)
		}
		_, err = w.Finish(t.Context(), trial.Token, started.ID)
		must(t, err)

		_, answers, err := w.TrialAnswers(w.ctx, trial.Token)
		must(t, err)
		if len(answers) != 2 || answers[0].Language != "ar" || answers[1].Seconds != 90 || !answers[0].Coded || !answers[1].Coded {
			t.Fatalf("%s: TrialAnswers = %+v", name, answers)
		}
		byID := map[questionnaire.ItemID]surveys.TrialAnswer{}
		for _, a := range answers[1].Answers {
			byID[a.Variable] = a
		}
		if a := byID["travel"]; a.Words != "By bus" || a.Code != "bus" || a.Label["en"] != "How do you come to school?" || a.Missing != "" {
			t.Errorf("%s: travel = %+v", name, a)
		}
		if a := byID["stress"]; a.Code != "7" {
			t.Errorf("%s: stress = %+v", name, a)
		}
		if a := byID["changed"]; a.Missing != questionnaire.NotAsked || a.Words != "" {
			t.Errorf("%s: changed = %+v, want not asked before", name, a)
		}
		if a := byID["why"]; a.Missing != questionnaire.NotReached {
			t.Errorf("%s: why = %+v, want not reached", name, a)
		}
		for l, err := range w.store.Linkages(t.Context(), "trial", surveys.StrandID(trial.ID)) {
			t.Errorf("%s: a linkage is kept: %v, %v", name, l.Response, err)
		}
	}
}

// TestTrialsReachNoResult: everything that counts, reports or lists a programme's
// answers is the same with a trial's answers as without.
func TestTrialsReachNoResult(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	_, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_real", Raw: form(nil)})
	must(t, err)
	trial := w.trial(t, 0)
	for _, id := range []surveys.ResponseID{"response_tried", "response_again"} {
		_, err = w.Submit(t.Context(), trial.Token, surveys.Submission{ID: id, Raw: form(nil)})
		must(t, err)
	}
	_, err = w.Start(t.Context(), trial.Token, "en", surveys.ModePhone, nil)
	must(t, err)

	if got := len(w.sent(t)); got != 1 {
		t.Errorf("the strand has %d responses, want 1", got)
	}
	rows, err := w.Progress(w.ctx, w.programme.ID)
	must(t, err)
	if len(rows) != 1 || rows[0].Submitted != 1 || rows[0].InProgress != 0 {
		t.Errorf("Progress = %+v, want one submitted", rows)
	}
	data, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	n := 0
	for r, err := range data.Responses(w.ctx) {
		must(t, err)
		if n++; r.ID != "response_real" {
			t.Errorf("the dataset has %s", r.ID)
		}
	}
	elements, err := data.Elements(w.ctx)
	must(t, err)
	if n != 1 || len(elements) != 1 || len(data.Instruments) != 1 {
		t.Errorf("the dataset has %d responses, %d linkages and %d forms, want 1 of each", n, len(elements), len(data.Instruments))
	}
	open, err := w.OpenAnswers(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	for _, a := range open {
		if a.Response != "response_real" {
			t.Errorf("OpenAnswers has %s", a.Response)
		}
	}
	links, err := w.Links(w.ctx, w.programme.ID)
	must(t, err)
	if len(links) != 2 {
		t.Errorf("%d links, want 2", len(links))
	}
	// Nobody has a role in the programme of trials, and nobody can get one.
	all := slices.Collect(maps.Keys(map[surveys.ProgrammeID]bool{"trial": true}))
	for name, err := range map[string]error{
		"Programme":   second(w.Programme(w.ctx, all[0])),
		"Progress":    second(w.Progress(w.ctx, all[0])),
		"Links":       second(w.Links(w.ctx, all[0])),
		"Dataset":     second(w.Dataset(w.ctx, all[0], surveys.StrandID(trial.ID))),
		"OpenAnswers": second(w.OpenAnswers(w.ctx, all[0], surveys.StrandID(trial.ID))),
		"Import":      second(w.Import(w.ctx, all[0], surveys.LinkID(trial.ID), []surveys.IncomingResponse{{ID: "response_import"}})),
		"Grant":       w.Grant(w.ctx, ownerEmail, all[0], surveys.Roles()),
		"Decide":      w.Decide(w.ctx, w.programme.ID, "pupils", surveys.Reading{Response: "response_tried", Variable: "why"}),
	} {
		wantError(t, name, err, surveys.KindNotFound, "")
	}
	programmes, err := w.Programmes(w.ctx)
	must(t, err)
	if len(programmes) != 1 {
		t.Errorf("%d programmes, want 1", len(programmes))
	}
}

// TestTrialIsFrozen: what is being tried stays as it was when the trial began.
func TestTrialIsFrozen(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	trial := w.trial(t, 0)
	w.edit(t, func(d *questionnaire.Definition) { item(t, d, "stress").Label["en"] = "Stress?" })
	must(t, w.DiscardDraft(w.ctx, "views"))
	w.clock.pass(time.Minute)
	inv, err := w.another().Invitation(t.Context(), trial.Token)
	must(t, err)
	stress, _ := inv.Instrument.Item("stress")
	if got := stress.Label["en"]; got != "How stressed are you?" {
		t.Errorf("the trial asks %q", got)
	}
	if trial.Draft != 1 || trial.Version != 0 {
		t.Errorf("the trial is of revision %d and version %d, want the draft's first", trial.Draft, trial.Version)
	}
}

func TestStartTrialRefuses(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	start := func(ctx context.Context, id questionnaire.ID, n int, wave questionnaire.Wave, p surveys.ProgrammeID) error {
		return second(w.StartTrial(ctx, id, n, wave, p))
	}
	wantError(t, "no draft", start(w.ctx, "nothing", 0, "pre", ""), surveys.KindNotFound, "draft.not_found")
	wantError(t, "no version", start(w.ctx, "views", 7, "pre", ""), surveys.KindNotFound, "questionnaire.not_found")
	wantError(t, "no programme", start(w.ctx, "views", 1, "pre", "unknown"), surveys.KindNotFound, "programme.not_found")
	wantField(t, "no wave", start(w.ctx, "views", 1, "later", ""), "wave")
	w.edit(t, func(d *questionnaire.Definition) { d.Parts = nil })
	wantError(t, "an unfinished draft", start(w.ctx, "views", 0, "pre", ""), surveys.KindInvalid, "questionnaire.invalid")
	must(t, start(w.ctx, "views", 1, "post", ""))
	_, _, err := w.TrialAnswers(w.ctx, w.token())
	wantError(t, "the answers of a real link", err, surveys.KindNotFound, "link.not_found")
	wantError(t, "ending a real link", w.EndTrial(w.ctx, w.token()), surveys.KindNotFound, "link.not_found")
}

// TestTrialsEnd: after 30 days, or when told to; then they go with their answers.
func TestTrialsEnd(t *testing.T) {
	t.Parallel()
	w, _ := editing(t)
	old, ended := w.trial(t, 0), w.trial(t, 0)
	for _, trial := range []surveys.Trial{old, ended} {
		_, err := w.Submit(t.Context(), trial.Token, surveys.Submission{ID: surveys.ResponseID("response_" + trial.Token), Raw: form(nil)})
		must(t, err)
	}
	must(t, w.EndTrial(w.ctx, ended.Token))
	_, err := w.Submit(t.Context(), ended.Token, surveys.Submission{ID: "response_late", Raw: form(nil)})
	wantError(t, "a post to a trial that ended", err, surveys.KindClosed, "link.closed")
	_, answers, err := w.TrialAnswers(w.ctx, ended.Token)
	must(t, err)
	if len(answers) != 1 {
		t.Errorf("%d answers of a trial that has just ended, want 1", len(answers))
	}
	clean := func(want int) {
		t.Helper()
		n, err := w.CleanTrials(t.Context())
		must(t, err)
		if n != want {
			t.Errorf("CleanTrials = %d, want %d", n, want)
		}
	}
	clean(0)
	w.clock.pass(2 * time.Hour)
	clean(1)
	w.clock.pass(30*24*time.Hour - 3*time.Hour)
	clean(0)
	w.clock.pass(time.Hour)
	_, err = w.another().Submit(t.Context(), old.Token, surveys.Submission{ID: "response_late", Raw: form(nil)})
	wantError(t, "a post after 30 days", err, surveys.KindClosed, "link.closed")
	w.clock.pass(time.Hour)
	fresh := w.trial(t, 0) // which cleans
	all, err := w.Trials(w.ctx, "views")
	must(t, err)
	if len(all) != 1 || all[0].ID != fresh.ID {
		t.Errorf("Trials = %+v, want the new one", all)
	}
	for _, trial := range []surveys.Trial{old, ended} {
		_, err := w.store.Response(t.Context(), surveys.ResponseID("response_"+trial.Token))
		wantError(t, "an answer of a trial that is gone", err, surveys.KindNotFound, "")
		_, err = w.another().Invitation(t.Context(), trial.Token)
		wantError(t, "the link of a trial that is gone", err, surveys.KindNotFound, "link.not_found")
	}
}
