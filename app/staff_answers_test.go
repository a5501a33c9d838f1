package app_test

import (
	"fmt"
	"net/url"
	"testing"
)

// about is the form that decides about one answer.
func about(response, do string, revision int, more url.Values) url.Values {
	form := url.Values{"response": {response}, "variable": {"why"}, "revision": {fmt.Sprint(revision)}, "do": {do}}
	for name, values := range more {
		form[name] = values
	}
	return form
}

func TestDecideAboutAnswers(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me a lot in the end.")
	h.answers("response02", "2", "1", "yes", "My teacher Mrs Marlow helped me most of all.")
	h.answers("response03", "2", "1", "no", "I would rather not have come at all.")
	d := h.ownersDesk()
	at := h.strandPath() + "/answers"
	d.open(at).wants(t, 200, "Likely a good quote", "May name someone", "gave no consent", "Unread")

	d.sends(at, about("response01", "approve", 0, url.Values{"text": {""}})).wants(t, 422, "Write the words of the quote")
	d.sends(at, about("response01", "approve", 0, url.Values{"text": {"The breathing helped."}, "attribution": {"Pupil, Year 5"}})).wants(t, 303, "#answer-response01-why")
	d.open(at+"?show=approved").wants(t, 200, "Approved as a quote, the answer as written held back", "The breathing helped me a lot", "The breathing helped.").has(t, `value="Pupil, Year 5"`)
	d.open(at+"?show=unread").wants(t, 200, "Mrs Marlow").lacks(t, "breathing")

	d.sends(at, about("response03", "approve", 0, url.Values{"text": {"No."}})).wants(t, 422, "gave no consent")
	d.sends(at, about("response02", "hold", 0, nil)).wants(t, 303)
	d.sends(at, about("response02", "clear", 0, nil)).wants(t, 422, "Someone else decided about this answer")
	d.sends(at, about("response02", "clear", 1, nil)).wants(t, 303)
	d.sends(at, about("response02", "refuse", 2, url.Values{"cleared": {"yes"}})).wants(t, 303)
	d.sends(at, about("response02", "nothing", 3, nil)).wants(t, 422, "Choose what to do")
	d.sends(at, about("response99", "clear", 0, nil)).wants(t, 404)
	d.open(h.programmePath()).wants(t, 200, "1 unread, 1 approved as quotes")
}

// TestDecideByScript asks for the one answer instead of the page.
func TestDecideByScript(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me a lot in the end.")
	d := h.ownersDesk()
	d.header.Set("Soundings-Fragment", "1")
	at := h.strandPath() + "/answers"
	d.sends(at, about("response01", "clear", 0, nil)).wants(t, 200, "Cleared for workbooks").lacks(t, "<html", "<main")
	d.sends(at, about("response01", "hold", 0, nil)).wants(t, 409, "Someone else decided").lacks(t, "<html")
}

func TestAnswersInPages(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	for i := range 60 {
		h.answers(fmt.Sprintf("response%02d", i), "2", "1", "yes", "It helped.")
	}
	d := h.ownersDesk()
	at := h.strandPath() + "/answers?show=unread"
	d.open(at).wants(t, 200, "1–25 of 60").has(t, "page=2&amp;show=unread")
	d.open(at+"&page=3").wants(t, 200, "51–60 of 60")
	d.open(at+"&page=99").wants(t, 200, "51–60 of 60")
}
