package app_test

import (
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// TestResultsFollow: a pair, and the figures that show it, follow what is corrected,
// left out, taken back and undone, on a page that keeps its report between.
func TestResultsFollow(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	link, err := h.service.CreateLink(h.owner, surveys.Link{Programme: h.link.Programme, Strand: "pupils", Cohort: h.link.Cohort, Wave: questionnaire.WavePost})
	if err != nil {
		t.Fatal(err)
	}
	var sent []surveys.Response
	for _, token := range []string{h.link.Token, link.Token} {
		id, err := surveys.NewID(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		raw := questionnaire.Raw{}
		for name, values := range whole() {
			raw[name] = values
		}
		r, err := h.service.Submit(t.Context(), token, surveys.Submission{ID: surveys.ResponseID(id), Raw: raw})
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, r)
	}
	d, post := h.ownersDesk(), sent[1]
	desk, at := h.strandPath()+"/pairing", h.strandPath()+"/responses/"+string(post.ID)
	matched := func(when string, pairs string) {
		t.Helper()
		if text := d.open(desk).text(t); !strings.Contains(text, "Matched pairs"+pairs) {
			t.Errorf("%s: the desk does not say %s matched", when, pairs)
		}
	}
	matched("as sent", "1")
	d.corrects(at, "move", url.Values{"cohort": {string(post.Cohort)}, "wave": {"pre"}, "reason": {"wrong wave"}}).wants(t, 303)
	matched("moved to the other wave", "0")
	d.corrects(at, "undo&number=1", url.Values{"reason": {"it was right"}}).wants(t, 303)
	matched("moved back", "1")
	d.corrects(at, "leave-out", url.Values{"how": {"exclude"}, "reason": {"tried by a colleague"}}).wants(t, 303)
	matched("left out", "0")
	d.corrects(at, "undo&number=3", url.Values{"reason": {"it was not"}}).wants(t, 303)
	matched("taken in again", "1")
	form := url.Values{"receipt": {surveys.ReceiptOf(post.ID)}, "do": {"withdraw"}}
	h.phone().send("POST", "/withdraw", strings.NewReader(form.Encode())).wants(t, 200, "taken back")
	matched("withdrawn", "0")
	d.open(h.strandPath()).wants(t, 200, "1 response: withdrawn by those who gave them")
}
