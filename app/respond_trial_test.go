package app_test

import (
	"net/url"
	"testing"

	"soundings/surveys/questionnaire"
)

// TestTrialIsMarked answers a test link: each page says what it is, and nothing
// of it counts.
func TestTrialIsMarked(t *testing.T) {
	t.Parallel()
	const banner = "Test: answers are thrown away after 30 days and never counted."
	h := newHall(t, "everything")
	p := h.phone()
	for _, page := range []page{p.get(""), p.get("/thanks")} {
		page.lacks(t, banner)
	}
	trial, err := h.service.StartTrial(h.owner, "views", 1, questionnaire.WavePre, "")
	if err != nil {
		t.Fatal(err)
	}
	real := h.link
	h.link.Token = trial.Token
	landing := p.get("").wants(t, 200, banner, "All kinds of question")
	checkHTML(t, landing)
	p.begin()
	for n, part := range everything {
		rest := "/part/" + string(rune('1'+n))
		p.get(rest).wants(t, 200, banner)
		p.post(rest, part).wants(t, 303)
	}
	p.get("/check").wants(t, 200, banner, "Good")
	p.post("/send", nil).wants(t, 303, "/thanks")
	p.get("/thanks").wants(t, 200, banner)
	form := whole()
	script(h.phone()).post("/submit", form).wants(t, 200)
	h.link = real
	if n := len(h.stored()); n != 0 {
		t.Errorf("%d responses of the test count", n)
	}
	_, answers, err := h.service.TrialAnswers(h.owner, trial.Token)
	if err != nil || len(answers) != 2 {
		t.Errorf("the trial has %d responses (%v), want 2", len(answers), err)
	}
	if got := h.phone().post("/submit", url.Values(form)); got.status != 303 {
		t.Errorf("the real link answers %d to a form that the test link took, want 303", got.status)
	}
}
