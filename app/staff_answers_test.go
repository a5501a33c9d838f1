package app_test

import (
	"fmt"
	"net/url"
	"strings"
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
	d.open(at).wants(t, 200, "Likely a good quote", "May tell who somebody is", "gave no consent", "Unread", "0 of 3").
		has(t, `<mark data-with="[name]">Mrs Marlow</mark>`, "My teacher [name] helped me most of all.</textarea>")

	d.sends(at, about("response01", "approve", 0, url.Values{"text": {""}})).wants(t, 422, "Write the words of the quote")
	d.sends(at, about("response01", "approve", 0, url.Values{"text": {"The breathing helped the whole class."}})).wants(t, 422, "Keep to the words of the answer")
	d.sends(at, about("response01", "approve", 0, url.Values{"text": {"The breathing helped."}, "attribution": {"|Head teacher"}})).wants(t, 422, "too few people share this one")
	d.sends(at, about("response01", "approve", 0, url.Values{"text": {"The breathing helped."}, "tone": {"wild"}})).wants(t, 422, "Choose how the answer sounds")
	d.sends(at, about("response01", "approve", 0, url.Values{"text": {"The breathing helped."}, "tone": {"positive"}})).wants(t, 303, "#answer-response01-why")
	d.open(at+"?show=approved").wants(t, 200, "Approved as a quote, the answer as written held back", "The breathing helped me a lot", "The breathing helped.", "100% positive").has(t, `value="positive" selected`)
	d.open(at+"?show=unread").wants(t, 200, "Mrs Marlow").lacks(t, "breathing")

	d.sends(at, about("response03", "approve", 0, url.Values{"text": {"I would rather not"}})).wants(t, 422, "gave no consent")
	d.sends(at, about("response02", "hold", 0, nil)).wants(t, 303)
	d.sends(at, about("response02", "clear", 0, nil)).wants(t, 422, "Someone else decided about this answer")
	d.sends(at, about("response02", "clear", 1, nil)).wants(t, 303)
	d.sends(at, about("response02", "refuse", 2, url.Values{"cleared": {"yes"}})).wants(t, 303)
	d.sends(at, about("response02", "nothing", 3, nil)).wants(t, 422, "Choose what to do")
	d.sends(at, about("response99", "clear", 0, nil)).wants(t, 404)
	d.open(h.programmePath()).wants(t, 200, "1 unread, 1 approved as quotes")
}

// TestConcernsAreLookedAtFirst: what may be a disclosure is first, and nothing else
// can be decided about it before somebody wrote down what was.
func TestConcernsAreLookedAtFirst(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me a lot in the end.")
	h.answers("response02", "2", "1", "yes", "He hit me again and I want to die.")
	d := h.ownersDesk()
	at := h.strandPath() + "/answers"
	first := d.open(at).wants(t, 200, "1 may be a disclosure", "Marked for").body
	if strings.Index(first, "He hit me") > strings.Index(first, "The breathing") {
		t.Error("what may be a disclosure is not first")
	}
	d.sends(at, about("response02", "clear", 0, nil)).wants(t, 422, "Look at the concern first")
	d.sends(at, about("response02", "approve", 0, url.Values{"text": {"He hit me again"}})).wants(t, 422, "Look at the concern first")
	d.sends(at, url.Values{"do": {"clear_page"}, "read": {"response02/why@0", "response01/why@0"}}).wants(t, 303, "cleared=1")
	d.sends(at, about("response02", "looked", 0, nil)).wants(t, 422, "Write down what was decided")
	d.sends(at, about("response02", "looked", 0, url.Values{"note": {"Told <b>the lead</b>."}})).wants(t, 303)
	d.open(at+"?show=concern").wants(t, 200, "Looked at as a concern", "Told <b>the lead</b>.").lacks(t, "The breathing")
	d.sends(at, about("response02", "clear", 1, nil)).wants(t, 303)
	d.sends(at, about("response01", "raise", 1, nil)).wants(t, 303)
	d.open(at).wants(t, 200, "1 may be a disclosure")
	d.sends(at, about("response01", "clear", 2, nil)).wants(t, 422, "Look at the concern first")
	d.open(h.programmePath()+"/audit").wants(t, 200, "concern: looked at").lacks(t, "the lead")
}

// TestQuoteWithoutScript makes the quote again of the answer and what is ticked.
func TestQuoteWithoutScript(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response02", "2", "1", "yes", "My teacher Mrs Marlow helped me on 12 March 2026 most of all.")
	d := h.ownersDesk()
	at := h.strandPath() + "/answers"
	d.sends(at, about("response02", "rebuild", 0, url.Values{"replace": {"1"}})).
		wants(t, 200).has(t, "My teacher Mrs Marlow helped me on [date] most of all.</textarea>")
	d.sends(at, about("response02", "approve", 0, url.Values{"text": {"My teacher [name] helped me … most of all."}})).wants(t, 303)
	d.open(at).wants(t, 200, "became [name]", "became …")
}

// TestAnswersShowNoMarkup: what is typed stays text, also where it is marked.
func TestAnswersShowNoMarkup(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", `Thanks to Mrs <script>alert(1)</script> Marlow & "Jo" he hit me <img src=x onerror=alert(1)>`)
	d := h.ownersDesk()
	d.open(h.strandPath()+"/answers").wants(t, 200).hasNot(t, "<script>alert", "<img src=x")
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
	for i := range 25 {
		h.answers(fmt.Sprintf("response%02d", i), "2", "1", "yes", "It helped.")
	}
	d := h.ownersDesk()
	at := h.strandPath() + "/answers?show=unread"
	d.open(at).wants(t, 200, "1–10 of 25", "clear the 10 unread answers").has(t, "page=2&amp;show=unread")
	d.open(at+"&page=3").wants(t, 200, "21–25 of 25")
	d.open(at+"&page=99").wants(t, 200, "21–25 of 25")
	d.open(at+"&wave=pre").wants(t, 200)
}

// TestQuotesOfAProgramme: an approved quote with its themes, where it was used, and
// how it goes again.
func TestQuotesOfAProgramme(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me a lot in the end.")
	d := h.ownersDesk()
	at, quotes := h.strandPath()+"/answers", h.programmePath()+"/quotes"
	d.sends(quotes+"/themes", url.Values{"name": {"Calmer <i>now</i>"}}).wants(t, 303)
	d.sends(quotes+"/themes", url.Values{"name": {"calmer <I>NOW</I>"}}).wants(t, 422, "there is a theme called")
	theme := between(d.open(quotes+"/themes").wants(t, 200, "Calmer <i>now</i>", "0 of 0 answers").body, `name="theme" value="`, `"`, 1)
	d.sends(at, about("response01", "approve", 0, url.Values{"text": {"The breathing helped me"}, "themes": {theme}, "tone": {"mixed"}})).wants(t, 303)
	d.open(quotes).wants(t, 200, "The breathing helped me", "Calmer <i>now</i> 1", "mixed").hasNot(t, "<i>now</i>")
	d.open(quotes+"?tone=negative").wants(t, 200).lacks(t, "The breathing")
	use := url.Values{"strand": {"pupils"}, "quote": {"response01/why"}, "where": {"Report, p. 3"}, "on": {"2026-05-01"}, "do": {"used"}}
	d.sends(quotes, url.Values{"strand": {"pupils"}, "quote": {"response01/why"}, "where": {""}, "on": {"soon"}}).wants(t, 422, "Write where the quote was used")
	d.sends(quotes, use).wants(t, 303)
	d.open(quotes).wants(t, 200, "Used in Report, p. 3, 2026-05-01")
	d.sends(quotes+"/themes", url.Values{"theme": {theme}, "do": {"rename"}, "name": {"Calm"}}).wants(t, 303)
	d.sends(quotes+"/themes", url.Values{"theme": {theme}, "do": {"merge"}, "into": {theme}}).wants(t, 422, "another theme")
	d.sends(quotes+"/themes", url.Values{"theme": {theme}, "do": {"retire"}}).wants(t, 303)
	d.open(quotes+"/themes").wants(t, 200, "Calm", "retired", "1 of 1 answers")

	d.sends(quotes, url.Values{"take": {"back"}, "receipt": {"AAAAAAAAA"}}).wants(t, 422)
	d.sends(at, about("response01", "refuse", 1, nil)).wants(t, 303)
	d.open(quotes).wants(t, 200, "Taken back since", "Report, p. 3").lacks(t, "The breathing")
}

// TestChildrenNeedMoreThanTheirOwnConsent: the school or the parents agree for a cohort.
func TestChildrenNeedMoreThanTheirOwnConsent(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me a lot in the end.")
	d := h.ownersDesk()
	at := h.strandPath() + "/answers"
	approve := about("response01", "approve", 0, url.Values{"text": {"The breathing helped me"}})
	d.open(h.programmePath()+"/cohorts").wants(t, 200, "no children answer")
	d.sends(h.strandPath()+"/children", url.Values{"children": {"yes"}}).wants(t, 303)
	d.open(at).wants(t, 200, "For children the school or the parents have to agree too")
	d.sends(at, approve).wants(t, 422, "who agreed to quotes for these children")
	cohort := h.programmePath() + "/cohorts/" + string(h.link.Cohort)
	d.sends(cohort+"/agreement", url.Values{"agreed_by": {"The head"}}).wants(t, 422, "both who agreed")
	d.sends(cohort+"/agreement", url.Values{"agreed_by": {"The head"}, "agreed_on": {"2026-03-01"}}).wants(t, 303)
	d.sends(at, approve).wants(t, 303)
	d.open(h.programmePath()+"/quotes").wants(t, 200, "The breathing helped me")
	d.sends(cohort+"/agreement", url.Values{}).wants(t, 303)
	d.open(h.programmePath()+"/quotes").wants(t, 200, "0 approved").lacks(t, "The breathing helped me")
}
