package app_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soundings/app"
	"soundings/exports"
	"soundings/surveys"
)

// appoints makes a lead and a deputy, and returns their desks.
func (h *hall) appoints() (lead, deputy *desk) {
	h.tb.Helper()
	lead, deputy = h.colleague("lead"), h.colleague("deputy")
	h.ownersDesk().sends(h.programmePath()+"/safeguarding", url.Values{
		"lead": {"lead@example.org"}, "deputy": {"deputy@example.org"}, "letters": {"yes"}, "days": {"1", "2", "3", "4", "5"}, "holidays": {"2026-12-25"},
	}).wants(h.tb, 303, "/safeguarding")
	return lead, deputy
}

func (h *hall) marks() {
	h.tb.Helper()
	if _, err := h.service.MarkAnswers(h.tb.Context()); err != nil {
		h.tb.Fatal(err)
	}
}

// firstLink is the first address in body that begins with prefix.
func firstLink(tb testing.TB, body, prefix string) string {
	tb.Helper()
	_, after, ok := strings.Cut(body, `href="`+prefix)
	if !ok {
		tb.Fatalf("no address that begins with %s", prefix)
	}
	rest, _, _ := strings.Cut(after, `"`)
	return prefix + rest
}

const said = "My dad hits me with a zebrawood stick."

// TestConcernPages walks a lead through everything there is to do.
func TestConcernPages(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "2", "3", "yes", "The breathing helped.")
	h.answers("response02", "2", "1", "yes", said)
	owner := h.ownersDesk()
	checkHTML(t, owner.open(h.strandPath()+"/answers").wants(t, 200, "Nobody is appointed as safeguarding lead", "Appoint a lead and a deputy"))
	lead, deputy := h.appoints()
	h.marks()
	checkHTML(t, owner.open(h.strandPath()+"/answers").wants(t, 200, "1 is with the safeguarding lead", "waits with the safeguarding lead").lacks(t, "zebrawood", "Appoint a lead"))
	checkHTML(t, lead.open("/programmes").wants(t, 200, "Where you look after concerns", "1 concern is open, 1 unread").lacks(t, "to be contacted"))
	lead.open(h.programmePath()).wants(t, 403)
	at := h.programmePath() + "/concerns"
	checkHTML(t, lead.open(at).wants(t, 200, "Words about being hurt", "What helped?", "Class 5B", "1 is unread").lacks(t, "zebrawood"))
	one := firstLink(t, lead.open(at).body, at+"/"+"")
	for _, link := range strings.Split(lead.open(at).body, `href="`) {
		if address, _, _ := strings.Cut(link, `"`); strings.HasPrefix(address, at+"/") && !strings.HasSuffix(address, "/reading") {
			one = address
		}
	}
	checkHTML(t, lead.open(one).wants(t, 200, "Hand it to the deputy", "Nothing so far").has(t, "<mark>", "zebrawood"))
	checkHTML(t, lead.open(one+"/response").wants(t, 200, "The whole response", "I am calm").has(t, "zebrawood"))
	checkHTML(t, lead.send("GET", one, nil).wants(t, 200).has(t, `<option value="" selected>Choose …</option>`))
	checkHTML(t, lead.sends(one, url.Values{"revision": {"2"}, "kind": {""}, "note": {"Rang."}, "then": {"open"}}).wants(t, 422, "Choose what was done"))
	checkHTML(t, lead.sends(one, url.Values{"revision": {"2"}, "kind": {"talked"}, "note": {""}, "then": {"open"}}).wants(t, 422, "Write what was done"))
	lead.sends(one, url.Values{"do": {"hand"}}).wants(t, 303)
	checkHTML(t, deputy.open("/programmes").wants(t, 200, "Something was handed to you").lacks(t, "zebrawood"))
	revision := hidden(t, deputy.open(one).body, "revision")
	deputy.sends(one, url.Values{"do": {"send"}, "revision": {revision}, "kind": {"referred"}, "note": {"Rang the MASH."}, "then": {"released"}}).wants(t, 303)
	checkHTML(t, deputy.open(one).wants(t, 200, "Rang the MASH.", "Open it again", "Dealt with, released to evaluators"))
	checkHTML(t, lead.open(at+"?show=done").wants(t, 200, "Dealt with, released to evaluators"))
	checkHTML(t, owner.open(h.strandPath()+"/answers").wants(t, 200, "zebrawood", "Released by the safeguarding lead").lacks(t, "MASH"))
	lead.sends(one, url.Values{"do": {"reopen"}}).wants(t, 303)
	owner.open(h.strandPath()+"/answers").wants(t, 200).lacks(t, "zebrawood")

	reading := checkHTMLOf(t, lead.open(at+"/reading").wants(t, 200, "The breathing helped.", "I have read this answer").lacks(t, "zebrawood"))
	lead.sends(at+"/reading", url.Values{"raise": {"pupils:response01/why"}}).wants(t, 303)
	lead.sends(at+"/reading", url.Values{"up_to": {hidden(t, reading, "up_to")}}).wants(t, 303)
	lead.sends(at+"/reading", url.Values{"up_to": {"pupils@never"}}).wants(t, 422)
	checkHTML(t, owner.open(h.programmePath()+"/audit").wants(t, 200, "response viewed", "open answers: viewed").lacks(t, "zebrawood", "MASH"))
}

func checkHTMLOf(t *testing.T, g page) string { t.Helper(); checkHTML(t, g); return g.body }

// hidden is the value of a hidden control.
func hidden(tb testing.TB, body, name string) string {
	tb.Helper()
	_, after, ok := strings.Cut(body, `name="`+name+`" value="`)
	if !ok {
		tb.Fatalf("no control %s", name)
	}
	value, _, _ := strings.Cut(after, `"`)
	return value
}

// TestSafeguardingForm appoints, refuses, and shows what is wrong where it is.
func TestSafeguardingForm(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	at := h.programmePath() + "/safeguarding"
	checkHTML(t, d.open(at).wants(t, 200, "Nobody is told", "No mail server is set up"))
	for _, form := range []url.Values{
		{"lead": {"nobody@example.org"}}, {"lead": {"owner@example.org"}, "deputy": {"Owner@example.org"}}, {"holidays": {"Christmas"}},
	} {
		checkHTML(t, d.sends(at, form).wants(t, 422, "something to put right"))
	}
	h.appoints()
	checkHTML(t, d.open(at).wants(t, 200, "lead", "2026-12-25"))
	d.sends(at, url.Values{"lead": {"deputy@example.org"}}).wants(t, 303)
	h.signIn("lead@example.org", "lead has a long password").open(h.programmePath()+"/concerns").wants(t, 404)
}

// TestLookoutPage tries words, saves them, and makes and takes away a rule.
func TestLookoutPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.answers("response01", "3", "1", "yes", "We met at the old mill.")
	lead, _ := h.appoints()
	at := h.programmePath() + "/lookout"
	checkHTML(t, lead.open(at).wants(t, 200, "The list that comes with Soundings", "Phrases to add"))
	checkHTML(t, lead.open(at+"?lang=ar").wants(t, 200))
	words := url.Values{"what": {"words"}, "number": {"0"}, "add-en": {"old mill"}, "remove-en": {""}, "try": {"at the old mill"}, "do": {"try"}}
	checkHTML(t, lead.sends(at, words).wants(t, 200, "It would be marked", "words that your team added").has(t, "old mill</textarea>"))
	words.Set("try", "at home")
	checkHTML(t, lead.sends(at, words).wants(t, 200, "Nothing of it would be marked"))
	words.Set("do", "send")
	lead.sends(at, words).wants(t, 303)
	checkHTML(t, lead.sends(at, url.Values{"what": {"words"}, "number": {"1"}, "add-en": {"~ mill"}}).wants(t, 422, "Line 1: a phrase begins with a word that is needed"))
	lead.sends(at, url.Values{"what": {"rule"}, "number": {"1"}, "rules": {"calm_a"}, "codes": {"always"}, "label": {"Too calm"}}).wants(t, 303)
	checkHTML(t, lead.sends(at, url.Values{"what": {"rule"}, "number": {"2"}, "rules": {"calm_a"}, "codes": {"sideways"}}).wants(t, 422, "is no choice of"))
	checkHTML(t, lead.sends(at, url.Values{"what": {"rule"}, "number": {"2"}, "rules": {"calm_a"}, "at_least": {"many"}}).wants(t, 422, "Write a number"))
	h.marks()
	checkHTML(t, lead.open(at).wants(t, 200, "Version 2", "1 response was looked through", "2 concerns came into the queue", "I am calm: Always (Too calm)"))
	checkHTML(t, lead.open(h.programmePath()+"/concerns").wants(t, 200, "Too calm", "Words that your team added"))
	lead.sends(at, url.Values{"what": {"drop"}, "number": {"2"}, "rule": {"0"}}).wants(t, 303)
	lead.open(at).wants(t, 200, "Version 3").lacks(t, "Always (Too calm)")
}

// TestNothingLeavesBeforeItIsReleased clears and quotes a disclosure while nobody is
// appointed, and makes every file; once a lead has it, no page, no file made before or
// after and no answer of the API holds a word of it, for any other role.
func TestNothingLeavesBeforeItIsReleased(t *testing.T) {
	skipsRace(t)
	t.Parallel()
	h := classroom(t)
	for _, id := range []string{"response01", "response03", "response04", "response05", "response06", "response07"} {
		h.answers(id, "2", "1", "yes", "The breathing helped me a lot in the end.")
	}
	h.answers("response02", "2", "1", "yes", said)
	owner := h.ownersDesk()
	answers := h.strandPath() + "/answers"
	owner.sends(answers, about("response02", "looked", 0, url.Values{"note": {"Told the school."}})).wants(t, 303)
	owner.sends(answers, about("response02", "approve", 1, url.Values{"text": {said}, "cleared": {"yes"}})).wants(t, 303)
	before := h.files(t, owner)
	held := false
	for _, body := range before {
		held = held || strings.Contains(body, "zebrawood")
	}
	if !held {
		t.Fatal("no file holds the words before: a mistake in hiding them would not be seen")
	}
	h.appoints()
	h.marks()
	for path := range before {
		if g := owner.open(path); g.status == 200 && strings.Contains(unzipped(t, g.body), "zebrawood") {
			t.Errorf("%s, made before, can still be downloaded", path)
		}
	}
	for path, body := range h.files(t, owner) {
		if strings.Contains(body, "zebrawood") {
			t.Errorf("the file %s holds the words", path)
		}
	}
	h.wantNowhere(t)
}

// files asks for every file that there is, and returns what is in them by address.
func (h *hall) files(t *testing.T, d *desk) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, format := range exports.Formats() {
		for _, profile := range []surveys.Profile{"", surveys.ProfileInternal, surveys.ProfilePublished} {
			asked := d.sends(h.programmePath()+"/exports", exportAsks(format.ID, profile))
			if asked.status != 303 {
				continue
			}
			h.makes()
			page, _, _ := strings.Cut(asked.header.Get("Location"), "?")
			if file := d.open(page + "/file"); file.status == 200 {
				all[page+"/file"] = unzipped(t, file.body)
			}
		}
	}
	if len(all) < 5 {
		t.Fatalf("%d files were made", len(all))
	}
	return all
}

// unzipped is a file with what is packed in it.
func unzipped(t *testing.T, body string) string {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		return body
	}
	var all bytes.Buffer
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// wantNowhere opens every address that there is as every role but the lead's.
func (h *hall) wantNowhere(t *testing.T) {
	t.Helper()
	if err := h.server.Shutdown(); err != nil { // live pages end at once, requests are still answered
		t.Fatal(err)
	}
	for _, v := range visitors(h) {
		if len(v.roles) > 0 && v.roles[0] == surveys.RoleSafeguarding {
			continue
		}
		for _, r := range app.RouteTable() {
			if r.Method != http.MethodGet {
				continue
			}
			r.Path = strings.Replace(r.Path, ":response", "response02", 1)
			for _, query := range []string{"", "?show=all", "?item=why"} {
				asked := r
				asked.Path += query
				if g := v.request(h, asked); strings.Contains(unzipped(t, g.body), "zebrawood") {
					t.Errorf("%s: %s holds the words", v.name, asked.Path)
				}
			}
		}
	}
}
