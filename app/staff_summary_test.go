package app_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
)

// summaryForm is the form of the summary with one paragraph in other words.
func summaryForm(revision int, lead string, more url.Values) url.Values {
	form := url.Values{"profile": {"internal"}, "revision": {fmt.Sprint(revision)}, "text:lead": {lead}, "was:lead": {"what was proposed"}}
	for name, values := range more {
		form[name] = values
	}
	return form
}

func TestSummaryPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me a lot in the end.")
	d := h.ownersDesk()
	at := h.strandPath() + "/summary"
	d.open(at).wants(t, 200, "For use within the council", "always on the page", "Figures of fewer than").lacks(t, "Saved.", "Take the proposed sentence")

	d.sends(at, summaryForm(0, "In our words: 7777 pupils.", nil)).wants(t, 303, "profile=internal&saved=1")
	d.open(at+"?saved=1").wants(t, 200, "Saved.", "In our words: 7777 pupils.", "The figures have moved since", "Then it stood for", "Changed by", "Not among the figures that may be shown here: 7777")
	d.open(at+"?profile=published").wants(t, 200, "rounded").lacks(t, "In our words")

	print := d.open(at + "/print")
	print.wants(t, 200, "In our words: 7777 pupils.", "What to bear in mind")
	if policy := print.header.Get("Content-Security-Policy"); !strings.Contains(policy, "style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy of the page to print = %s", policy)
	}

	d.sends(at, summaryForm(0, "Somebody else's words.", nil)).wants(t, 422, "Somebody else has saved this summary", "Somebody else's words.")
	d.sends(at, summaryForm(1, strings.Repeat("a", 2001), nil)).wants(t, 422, strings.Repeat("a", 2001))
	d.sends(at, summaryForm(1, "Again.", url.Values{"reset": {"lead"}})).wants(t, 303)
	d.open(at).lacks(t, "In our words", "Again.")
}

func TestSummaryQuotesAreChosen(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	words := "The breathing helped."
	for i := range 12 {
		h.answers(fmt.Sprintf("response%02d", i), "2", "1", "yes", "The breathing helped me a lot in the end.")
	}
	d.sends(h.strandPath()+"/answers", about("response01", "approve", 0, url.Values{"text": {words}, "attribution": {"Pupil"}})).wants(t, 303)
	at := h.strandPath() + "/summary"
	d.open(at).wants(t, 200, words).has(t, "checked")
	d.sends(at, summaryForm(0, "what was proposed", nil)).wants(t, 303)
	d.open(at).wants(t, 200, words).lacks(t, "checked")
	d.open(at+"/print").lacks(t, words)
	d.sends(at, summaryForm(1, "what was proposed", url.Values{"quote": {surveys.SummaryQuote(words)}})).wants(t, 303)
	d.open(at+"/print").wants(t, 200, words)
}

func TestSummaryIsDownloaded(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me a lot in the end.")
	d := h.ownersDesk()
	for _, form := range []url.Values{
		{"profile": {"internal"}, "format": {"summary.docx"}}, {"profile": {"internal"}, "format": {"summary.html"}}, {"profile": {"published"}, "format": {"summary.docx"}},
	} {
		d.sends(h.strandPath()+"/summary/file", form).wants(t, 303, "/exports/", "/file")
	}
	d.open(h.programmePath()+"/audit").wants(t, 200, "summary.docx")
}
