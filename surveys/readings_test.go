package surveys_test

import (
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// answered submits a whole form at a wave and returns its id.
func (w *world) answered(tb testing.TB, wave questionnaire.Wave, id surveys.ResponseID, other questionnaire.Raw) surveys.ResponseID {
	tb.Helper()
	r, err := w.Submit(tb.Context(), w.links[wave].Token, surveys.Submission{ID: id, Raw: form(other)})
	must(tb, err)
	return r.ID
}

// reading is what is now decided about an answer.
func (w *world) reading(tb testing.TB, id surveys.ResponseID) surveys.Reading {
	tb.Helper()
	all, err := w.OpenAnswers(w.ctx, w.programme.ID, "pupils")
	must(tb, err)
	for _, a := range all {
		if a.Response == id {
			return a.Reading
		}
	}
	tb.Fatalf("no open answer of %s", id)
	return surveys.Reading{}
}

func TestOpenAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answered(t, questionnaire.WavePre, "response_yes", questionnaire.Raw{"travel": {"other"}, "travel__other": {"Boat"}})
	w.answered(t, questionnaire.WavePre, "response_none", questionnaire.Raw{"may_quote": nil, "why": {"Mine alone."}})
	all, err := w.OpenAnswers(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	got := map[surveys.ReadingKey]bool{}
	for _, a := range all {
		got[a.ReadingKey] = a.Consented
	}
	want := map[surveys.ReadingKey]bool{
		{Response: "response_yes", Variable: "travel"}: false,
		{Response: "response_yes", Variable: "why"}:    true,
		{Response: "response_none", Variable: "why"}:   false,
	}
	for key, consented := range want {
		if c, ok := got[key]; !ok || c != consented {
			t.Errorf("%v: there %v, consented %v, want consented %v", key, ok, c, consented)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d open answers, want %d", len(got), len(want))
	}
}

func TestDecideRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	yes := w.answered(t, questionnaire.WavePre, "response_yes", nil)
	no := w.answered(t, questionnaire.WavePre, "response_no", questionnaire.Raw{"may_quote": {"no"}})
	blank := w.answered(t, questionnaire.WavePre, "response_blank", questionnaire.Raw{"may_quote": nil})
	quote := func(change func(*surveys.Reading)) surveys.Reading {
		r := surveys.Reading{Response: yes, Variable: "why", Status: surveys.QuoteApproved, Text: "The garden."}
		change(&r)
		return r
	}
	for _, tt := range []struct {
		name    string
		reading surveys.Reading
		kind    surveys.Kind
		key     string
	}{
		{"consent refused", quote(func(r *surveys.Reading) { r.Response = no }), surveys.KindInvalid, "quote.no_consent"},
		{"no consent given", quote(func(r *surveys.Reading) { r.Response = blank }), surveys.KindInvalid, "quote.no_consent"},
		{"no words", quote(func(r *surveys.Reading) { r.Text = " \n" }), surveys.KindInvalid, "quote.needs_words"},
		{"too many words", quote(func(r *surveys.Reading) { r.Text = strings.Repeat("é", 1001) }), surveys.KindInvalid, "quote.too_long"},
		{"not UTF-8", quote(func(r *surveys.Reading) { r.Text = "caf\xe9" }), surveys.KindInvalid, "quote.unreadable"},
		{"long attribution", quote(func(r *surveys.Reading) { r.Attribution = strings.Repeat("a", 81) }), surveys.KindInvalid, "quote.attribution_too_long"},
		{"attribution of two lines", quote(func(r *surveys.Reading) { r.Attribution = "a\nb" }), surveys.KindInvalid, "quote.unreadable"},
		{"unknown status", quote(func(r *surveys.Reading) { r.Status = "perhaps" }), surveys.KindInvalid, "quote.choose"},
		{"unknown response", quote(func(r *surveys.Reading) { r.Response = "unknown" }), surveys.KindNotFound, "response.unknown"},
		{"no text there", quote(func(r *surveys.Reading) { r.Variable = "stress" }), surveys.KindNotFound, "response.unknown"},
		{"unknown variable", quote(func(r *surveys.Reading) { r.Variable = "what" }), surveys.KindNotFound, "response.unknown"},
		{"in progress", quote(func(r *surveys.Reading) { r.Response = w.begin(t) }), surveys.KindNotFound, "response.unknown"},
	} {
		wantError(t, tt.name, w.Decide(w.ctx, w.programme.ID, "pupils", tt.reading), tt.kind, tt.key)
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.answered(t, questionnaire.WavePre, "response_yes", nil)
	decide := func(r surveys.Reading) error {
		r.Response, r.Variable = id, "why"
		return w.Decide(w.ctx, w.programme.ID, "pupils", r)
	}
	must(t, decide(surveys.Reading{Cleared: true, Text: "left out"}))
	first := w.reading(t, id)
	if !first.Cleared || first.Status != surveys.QuoteNew || first.Text != "" || first.Revision != 1 || first.By != w.account.ID {
		t.Errorf("cleared = %+v, want cleared without a quote, by the owner", first)
	}
	wantError(t, "a first decision once more", decide(surveys.Reading{Cleared: true}), surveys.KindConflict, "reading.decided_meanwhile")
	must(t, decide(surveys.Reading{Revision: 1, Status: surveys.QuoteApproved, Text: " The [place]. ", Attribution: " Pupil "}))
	quoted := w.reading(t, id)
	if quoted.Cleared || quoted.Text != "The [place]." || quoted.Attribution != "Pupil" || quoted.Revision != 2 {
		t.Errorf("approved = %+v, want tidied, and the answer as it was written not cleared", quoted)
	}
	wantError(t, "a stale decision", decide(surveys.Reading{Revision: 1, Status: surveys.QuoteRefused}), surveys.KindConflict, "reading.decided_meanwhile")
	must(t, decide(surveys.Reading{Revision: 2, Cleared: true, Status: surveys.QuoteRefused, Text: "x"}))
	if r := w.reading(t, id); r.Status != surveys.QuoteRefused || r.Text != "" {
		t.Errorf("refused = %+v, want no quote", r)
	}
	written := w.openText(t, id)
	must(t, decide(surveys.Reading{Revision: 3, Status: surveys.QuoteApproved, Text: " " + written + "\r\n"}))
	if r := w.reading(t, id); !r.Cleared || r.Text != written {
		t.Errorf("approved as written = %+v, want cleared", r)
	}
}

// openText is an open answer as it was written.
func (w *world) openText(tb testing.TB, id surveys.ResponseID) string {
	tb.Helper()
	r, err := w.store.Response(tb.Context(), id)
	must(tb, err)
	return r.Answers["why"].Text
}

func TestDecidePair(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pre := string(w.answered(t, questionnaire.WavePre, "response_pre", nil))
	post := string(w.answered(t, questionnaire.WavePost, "response_post", nil))
	other := string(w.answered(t, questionnaire.WavePost, "response_other", nil))
	decide := func(d pairing.Decision) error {
		w.clock.pass(time.Second)
		return w.DecidePair(w.ctx, w.programme.ID, "pupils", d)
	}
	for name, d := range map[string]pairing.Decision{
		"unknown": {Pre: pre, Post: "unknown"}, "none": {}, "in progress": {Pre: string(w.begin(t)), Post: post},
	} {
		wantError(t, name, decide(d), surveys.KindNotFound, "response.unknown")
	}
	for name, d := range map[string]pairing.Decision{"the wrong way round": {Pre: post, Post: pre}, "one response": {Pre: pre, Post: pre}} {
		wantField(t, name, decide(d), "post")
	}
	must(t, decide(pairing.Decision{Pre: pre, Post: post, Accepted: true}))
	must(t, decide(pairing.Decision{Pre: pre, Post: other, Accepted: false}))
	must(t, decide(pairing.Decision{Pre: pre, Post: post, Accepted: false}))
	data, err := w.Dataset(w.ctx, w.programme.ID, "pupils")
	must(t, err)
	want := []pairing.Decision{{Pre: pre, Post: other}, {Pre: pre, Post: post}}
	if len(data.Decisions) != 2 || data.Decisions[0] != want[0] || data.Decisions[1] != want[1] {
		t.Errorf("decisions = %+v, want the last about each two, in the order they were taken: %+v", data.Decisions, want)
	}
}

func TestDecidePairAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := pairing.Decision{
		Pre:  string(w.answered(t, questionnaire.WavePre, "response_pre", nil)),
		Post: string(w.answered(t, questionnaire.WavePost, "response_post", nil)),
	}
	_, errs := together(5, func(i int) (int, error) { return i, w.DecidePair(w.ctx, w.programme.ID, "pupils", d) })
	for _, err := range errs {
		must(t, err)
	}
}
