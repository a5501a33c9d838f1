package surveys_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// begin starts a response at the first wave.
func (w *world) begin(tb testing.TB) surveys.ResponseID {
	tb.Helper()
	r, err := w.Start(tb.Context(), w.token(), "en", surveys.ModePhone, nil)
	must(tb, err)
	return r.ID
}

func TestPageByPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	for part := range 3 {
		w.clock.pass(time.Minute)
		r, err := w.SavePart(t.Context(), w.token(), id, part, form(questionnaire.Raw{"changed": {"not asked"}}))
		must(t, err)
		if r.Page != part+1 || r.Status != surveys.StatusInProgress || !r.Coded {
			t.Errorf("after part %d: %+v, want page %d, in progress, coded", part, r, part+1)
		}
	}
	if n := len(w.sent(t)); n != 0 {
		t.Fatalf("%d responses before Finish, want none", n)
	}
	finished, err := w.Finish(t.Context(), w.token(), id)
	must(t, err)
	whole, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: "response_one", Raw: form(nil)})
	must(t, err)
	if diff := cmp.Diff(whole.Answers, finished.Answers); diff != "" {
		t.Errorf("page by page differs from the whole form (-whole +pages):\n%s", diff)
	}
	if !finished.Started.Equal(origin) || !finished.Submitted.Equal(origin.Add(3*time.Minute)) {
		t.Errorf("from %v to %v, want three minutes from %v", finished.Started, finished.Submitted, origin)
	}
	for i, l := range w.linkages(t) {
		if diff := cmp.Diff(w.linkages(t)[0].Elements, l.Elements); diff != "" {
			t.Errorf("linkage %d differs (-first +other):\n%s", i, diff)
		}
	}
}

// TestKeepPart leaves pages unfinished: what can be taken is kept, also where a
// needed answer is blank, and of half a code nothing is.
func TestKeepPart(t *testing.T) {
	t.Parallel()
	w := pathWorld(t)
	id := w.begin(t)
	keep := func(part int, raw questionnaire.Raw, wantErrs string, wantPage int, want words) {
		t.Helper()
		errs, err := w.KeepPart(t.Context(), w.token(), id, part, raw)
		must(t, err)
		_, r, err := w.InProgress(t.Context(), w.token(), id)
		must(t, err)
		got := held(r.Answers)
		maps.DeleteFunc(got, func(id questionnaire.ItemID, _ string) bool {
			return id == "began" || id == "sent_at" || id == "written_on" || id == "days"
		})
		if diff := cmp.Diff(want, got); diff != "" || errs.Error() != wantErrs || r.Page != wantPage || r.Coded || len(w.linkages(t)) > 0 {
			t.Errorf("part %d: errors %q, page %d, coded %t; answers (-want +got)\n%s", part, errs.Error(), r.Page, r.Coded, diff)
		}
	}
	code := questionnaire.Raw{"coded": {"yes"}, "own_code__mother": {"-"}, "own_code__day": {"7"}, "own_code__month": {"5"}, "own_code__siblings": {"1"}}
	keep(0, code, `item "own_code__mother": answer.code_complete; item "glad": answer.choose_one`, 0, words{"coded": "yes"})
	keep(0, questionnaire.Raw{"coded": {"no"}, "glad": {"no"}}, "", 1, words{"coded": "no", "glad": "no"})
	keep(1, questionnaire.Raw{"left": {"3"}}, `item "why": answer.said`, 1, words{"coded": "no", "glad": "no", "left": "3"})
	_, err := w.KeepPart(t.Context(), w.token(), id, 9, nil)
	wantError(t, "no such part", err, surveys.KindNotFound, "part.not_found")
}

func TestFinishTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	_, err := w.SavePart(t.Context(), w.token(), id, 1, form(nil))
	must(t, err)
	first, errs := together(10, func(int) (surveys.Response, error) { return w.Finish(t.Context(), w.token(), id) })
	for i := range errs {
		must(t, errs[i])
		if diff := cmp.Diff(first[0], first[i]); diff != "" {
			t.Errorf("finishing at once differs (-one +other):\n%s", diff)
		}
	}
	w.clock.pass(time.Hour)
	_, err = w.SetLinkOpen(w.ctx, w.programme.ID, w.links[questionnaire.WavePre].ID, false)
	must(t, err)
	later, err := w.Finish(t.Context(), w.token(), id)
	must(t, err)
	if diff := cmp.Diff(first[0], later); diff != "" {
		t.Errorf("finishing again after the link closed differs (-first +again):\n%s", diff)
	}
}

func TestFinishNeedsWhatIsRequired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	_, err := w.SavePart(t.Context(), w.token(), id, 2, form(nil))
	must(t, err)
	_, err = w.Finish(t.Context(), w.token(), id)
	wantError(t, "Finish", err, surveys.KindInvalid, "answers.check")
	var e *surveys.Error
	if errors.As(err, &e); len(e.Fields) != 1 || e.Fields[0].Control != "stress" {
		t.Errorf("fields = %v, want stress alone", e.Fields)
	}
	if n := len(w.sent(t)); n != 0 {
		t.Errorf("%d responses, want none", n)
	}
}

func TestSavePartRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	for _, part := range []int{-1, 3, 1 << 40} {
		_, err := w.SavePart(t.Context(), w.token(), id, part, form(nil))
		wantError(t, "no such part", err, surveys.KindNotFound, "part.not_found")
	}
	_, err := w.SavePart(t.Context(), w.token(), id, 1, form(questionnaire.Raw{"sleep": {"25"}}))
	wantError(t, "out of range", err, surveys.KindInvalid, "answers.check")
	_, err = w.SavePart(t.Context(), w.links[questionnaire.WavePost].Token, id, 1, form(nil))
	wantError(t, "another link", err, surveys.KindNotFound, "response.not_found")
	_, err = w.SavePart(t.Context(), w.token(), "unknown_response", 1, form(nil))
	wantError(t, "unknown", err, surveys.KindNotFound, "")
	_, r, err := w.InProgress(t.Context(), w.token(), id)
	must(t, err)
	if len(r.Answers) != 0 || r.Page != 0 || r.Revision != 1 {
		t.Errorf("after refusals: %+v, want it untouched", r)
	}
}

func TestSavePartAfterSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	_, err := w.SavePart(t.Context(), w.token(), id, 1, form(nil))
	must(t, err)
	sent, err := w.Finish(t.Context(), w.token(), id)
	must(t, err)
	_, err = w.SavePart(t.Context(), w.token(), id, 1, form(questionnaire.Raw{"stress": {"0"}}))
	wantError(t, "SavePart", err, surveys.KindConflict, "response.sent_already")
	_, err = w.SetLanguage(t.Context(), w.token(), id, "ar")
	wantError(t, "SetLanguage", err, surveys.KindConflict, "response.sent_already")
	if diff := cmp.Diff([]surveys.Response{sent}, w.sent(t)); diff != "" {
		t.Errorf("what was sent changed (-sent +now):\n%s", diff)
	}
}

// TestTwoTabs saves the same part and different ones at once: no tab is turned
// away, and no part is lost.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	_, errs := together(9, func(i int) (surveys.Response, error) {
		return w.SavePart(t.Context(), w.token(), id, i%3, form(nil))
	})
	for _, err := range errs {
		must(t, err)
	}
	_, r, err := w.InProgress(t.Context(), w.token(), id)
	must(t, err)
	if len(r.Answers) != 7 || r.Page != 3 || !r.Coded {
		t.Errorf("after nine saves at once: %+v, want all three parts", r)
	}
}

func TestPartsAreChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	save := func(part int, other questionnaire.Raw) surveys.Response {
		t.Helper()
		r, err := w.SavePart(t.Context(), w.token(), id, part, form(other))
		must(t, err)
		return r
	}
	blank := questionnaire.Raw{"own_code__mother": nil, "own_code__day": nil, "own_code__month": nil, "own_code__siblings": nil}
	save(0, nil)
	code := w.linkages(t)
	if save(0, blank); !cmp.Equal(code, w.linkages(t)) {
		t.Error("leaving the code blank the second time changed it, want it kept")
	}
	if save(0, questionnaire.Raw{"own_code__day": {"18"}}); cmp.Equal(code, w.linkages(t)) {
		t.Error("another code the second time was not kept")
	}
	save(1, nil)
	r := save(1, questionnaire.Raw{"stress": {"2"}, "sleep": nil})
	if *r.Answers["stress"].Number != 2 || r.Answers["sleep"].Missing != questionnaire.NotReached || r.Page != 2 {
		t.Errorf("after changing: %+v, want stress 2 and no sleep", r)
	}
	if r = save(0, nil); r.Page != 2 || *r.Answers["stress"].Number != 2 {
		t.Errorf("going back: %+v, want page 2 and the answers kept", r)
	}
}

func TestSetLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	for _, tt := range []struct{ language, want string }{{"ar", "ar"}, {"xx", "en"}, {"ar", "ar"}} {
		r, err := w.SetLanguage(t.Context(), w.token(), id, tt.language)
		must(t, err)
		if r.Language != tt.want {
			t.Errorf("SetLanguage(%q) = %q, want %q", tt.language, r.Language, tt.want)
		}
	}
}

// TestInProgressKeepsItsVersion goes on after a new version was published.
func TestInProgressKeepsItsVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	def := definition(t)
	def.Parts = def.Parts[1:]
	_, err := w.Publish(w.ctx, "views", def)
	must(t, err)
	w.clock.pass(4 * time.Second)
	inv, r, err := w.InProgress(t.Context(), w.token(), id)
	must(t, err)
	if r.Version != 1 || inv.Instrument.Version().Number != 1 {
		t.Errorf("version %d shown as %d, want 1 and 1", r.Version, inv.Instrument.Version().Number)
	}
	_, err = w.SavePart(t.Context(), w.token(), id, 1, form(nil))
	must(t, err)
	if r, err = w.Finish(t.Context(), w.token(), id); err != nil || r.Version != 1 {
		t.Errorf("Finish = version %d, %v, want 1", r.Version, err)
	}
}

// TestSubmitOverInProgress sends the whole form for a response that was begun
// page by page.
func TestSubmitOverInProgress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.begin(t)
	_, err := w.SavePart(t.Context(), w.token(), id, 0, form(nil))
	must(t, err)
	w.clock.pass(time.Minute)
	blank := questionnaire.Raw{"own_code__mother": nil, "own_code__day": nil, "own_code__month": nil, "own_code__siblings": nil}
	r, err := w.Submit(t.Context(), w.token(), surveys.Submission{ID: id, Raw: form(blank)})
	must(t, err)
	if r.ID != id || !r.Coded || !r.Started.Equal(origin) || w.given(t, id) != 4 {
		t.Errorf("Submit = %+v, want the response that was begun, with its code", r)
	}
}
