package app_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"soundings/surveys"
)

// revisionIn is the revision that the forms of a response's page carry.
var revisionIn = regexp.MustCompile(`name="revision" value="(\d+)"`)

// corrects sends one form of a response's page as it stands now.
func (d *desk) corrects(at, does string, form url.Values) page {
	d.h.tb.Helper()
	found := revisionIn.FindStringSubmatch(d.open(at).body)
	if found == nil {
		d.h.tb.Fatalf("%s has no form", at)
	}
	form.Set("revision", found[1])
	return d.sends(at+"?do="+does, form)
}

func TestResponsesListed(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me.")
	h.answers("response02", "2", "1", "yes", "It was loud.")
	d := h.ownersDesk()
	at := h.strandPath() + "/responses"
	d.open(at).wants(t, 200, "2 responses, newest first", surveys.ReceiptOf("response01"), "Counts").lacks(t, "breathing", "loud")
	d.open(at+"?receipt="+"response02").wants(t, 200, "1 response, newest first", surveys.ReceiptOf("response02"))
	const drawn surveys.ResponseID = "0123456789abcdef0123456789abcdef"
	h.answers(string(drawn), "2", "1", "yes", "It was calm.")
	d.open(at+"?receipt="+drawn.Reference()).wants(t, 200, "1 response, newest first", surveys.ReceiptOf(drawn))
	d.open(at+"?status=excluded").wants(t, 200, "There is none.", "Show all")
	d.open(at+"/response01").wants(t, 200, "The breathing helped me.", "Move it", "Leave it out")
	d.open(at+"/response77").wants(t, 404)
}

func TestResponseCorrected(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "1", "yes", "The breathing helped me.")
	d := h.ownersDesk()
	at := h.strandPath() + "/responses/response01"
	d.open(at+"?item=why").wants(t, 200, "Correct an answer", "The breathing helped me.")
	d.corrects(at, "correct&item=why", url.Values{"why": {"The breathing helped."}}).wants(t, 422, "Say why, in at most 500 characters").has(t, ">The breathing helped.</textarea>")
	d.corrects(at, "correct&item=why", url.Values{"why": {"The breathing helped."}, "reason": {"a name was in it"}}).wants(t, 303)
	d.open(at).wants(t, 200, "corrected an answer", "a name was in it", "“The breathing helped me.” → “The breathing helped.”", "Take it back")
	d.corrects(at, "undo&number=1", url.Values{"reason": {"it was none"}}).wants(t, 303)
	d.open(at).wants(t, 200, "took a change back (number 1)", "it was none")
	d.corrects(at, "leave-out", url.Values{"how": {"exclude"}, "reason": {"a colleague tried it"}}).wants(t, 303)
	d.open(h.strandPath()+"/responses").wants(t, 200, "1 response: left out by a person who said why", "Left out")
	d.open(at).has(t, `<h2 id="leave">Delete it</h2>`)
	d.corrects(at, "nothing", url.Values{"reason": {"x"}}).wants(t, 422)
	d.sends(at+"?do=move", url.Values{"revision": {"1"}, "cohort": {"x"}, "reason": {"y"}}).wants(t, 422, "somebody has changed it")
}

func TestWithdrawPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	const id = "0123456789abcdef0123456789abcdef"
	h.answers(id, "2", "1", "yes", "The breathing helped me.")
	p := h.phone()
	receipt := surveys.ReceiptOf(id)
	p.get("").has(t, `href="/withdraw?lang=en"`)
	p.send("GET", "/withdraw", nil).wants(t, 200, "Take your answers back")
	ask := func(form url.Values) page {
		return p.send("POST", "/withdraw", strings.NewReader(form.Encode()))
	}
	ask(url.Values{"receipt": {"222-222-222"}}).wants(t, 404, "We find no answers under this receipt").has(t, `value="222-222-222"`)
	ask(url.Values{"receipt": {strings.ToLower(receipt)}}).wants(t, 200, "You have sent answers", "Take my answers back").lacks(t, "breathing")
	ask(url.Values{"receipt": {receipt}, "do": {"unquote"}}).wants(t, 200, "None of your words will be quoted").lacks(t, "breathing")
	h.ownersDesk().open(h.strandPath()+"/answers").wants(t, 200, "gave no consent")
	ask(url.Values{"receipt": {receipt}, "do": {"withdraw"}}).wants(t, 200, "Your answers are taken back")
	ask(url.Values{"receipt": {receipt}}).wants(t, 200, "Your answers are taken back")
	p.send("GET", "/withdraw/234?lang=fr", nil).wants(t, 404).has(t, `<html lang="fr"`) // its reader is a respondent, whatever goes wrong
	d := h.ownersDesk()
	d.open(h.strandPath()+"/responses").wants(t, 200, "1 response: withdrawn", "Withdrawn")
	d.open(h.strandPath()+"/responses/"+id).wants(t, 200, "Its answers are gone").lacks(t, "breathing", "Move it")
}

func TestCopyPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	at := h.programmePath() + "/copy"
	key := regexp.MustCompile(`name="key" value="(\w+)"`).FindStringSubmatch(d.open(at).body)
	form := url.Values{"key": {key[1]}, "name": {""}}
	d.sends(at, form).wants(t, 422, "Enter the name")
	form.Set("name", "The year after")
	form["with"] = []string{"cohorts", "links"}
	to := d.sends(at, form)
	to.wants(t, 303)
	d.sends(at, form).wants(t, 303)
	d.open("/programmes").wants(t, 200, "The year after")
	if n := strings.Count(d.open("/programmes").body, "The year after"); n != 1 {
		t.Errorf("the copy is listed %d times, want once", n)
	}
}
