package app_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
)

func shownRevision(body string) string {
	return regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(body)[1]
}

func TestPublicStatements(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	p := h.phone()
	landing := p.get("?lang=en").wants(t, 200, "Accessibility", "Privacy")
	for _, path := range []string{"/accessibility?lang=en", "/privacy?lang=en", "/accessibility?lang=ar", "/privacy?lang=ar"} {
		if !strings.Contains(path, "ar") {
			landing.has(t, `href="/s/`+h.link.Token+path+`"`)
		}
		_, lang, _ := strings.Cut(path, "?")
		checkHTML(t, p.get(path).wants(t, 200).has(t, `href="/s/`+h.link.Token+"?"+lang+`">`))
	}
	p.get("/privacy").wants(t, 200, "The team that gave you the link is responsible", "has not confirmed this page", "not set yet when it is destroyed", "kept only scrambled", "ico.org.uk")
	p.get("/accessibility").wants(t, 200, "level AA", "What does not work well yet", "every day")
	g := h.phone().send("GET", "/accessibility?lang=bn", nil).wants(t, 200)
	checkHTML(t, g)
	if !strings.Contains(g.body, `lang="bn"`) {
		t.Error("the statement of pages without a programme is not in the reader's language")
	}
}

func TestStatementsFollowTheProgrammeUntilSomebodyWrites(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	d, at := h.colleague("head", surveys.RoleAdministrator), h.programmePath()+"/statements"
	page := d.open(at).wants(t, 200, "Not published yet")
	checkHTML(t, page)
	d.sends(at, url.Values{"revision": {"0"}, "basis": {"nothing such"}}).wants(t, 422)
	d.sends(at, url.Values{"revision": {"0"}, "controller": {"Hillside Council"}, "contact": {"data@hillside.example"}, "basis": {"public_task"}}).wants(t, 303)
	d.sends(at, url.Values{"revision": {"0"}, "controller": {"Another"}}).wants(t, 422, "somebody else has saved")
	h.phone().get("/privacy").wants(t, 200, "Hillside Council is responsible", "data@hillside.example", "task for the public")

	page = d.open(at+"/privacy").wants(t, 200, "Paragraph 1")
	checkHTML(t, page)
	was := regexp.MustCompile(`name="was:readers" value="([^"]*)"`).FindStringSubmatch(page.body)[1]
	form := url.Values{"revision": {shownRevision(page.body)}, "text:readers": {"Two people read them. <b>No more.</b>"}, "was:readers": {was}, "do": {"publish"}}
	d.sends(at+"/privacy", form).wants(t, 303)
	h.pass(5 * time.Second)
	h.phone().get("/privacy").wants(t, 200, "Two people read them. <b>No more.</b>", "Confirmed by the team on").lacks(t, "<b>No more.</b>", "has not confirmed")
	h.phone().get("/privacy?lang=ar").wants(t, 200).has(t, `lang="en" dir="ltr">Two people`)
	d.open(at).wants(t, 200, "1 in your own words", "number 1").lacks(t, "read otherwise now")

	// What was published stays; the team is told that it would read otherwise.
	help := helped()
	h.sets(help)
	current := d.open(at).wants(t, 200)
	current.lacks(t, "read otherwise now")
	d.sends(at, url.Values{"revision": {shownRevision(current.body)}, "controller": {"Valley Council"}, "contact": {"data@valley.example"}}).wants(t, 303)
	d.open(at).wants(t, 200, "it would read otherwise now")
	h.phone().get("/privacy").wants(t, 200, "Hillside Council")
	d.open(at+"/privacy").wants(t, 200, "It would read otherwise now", "Take the proposed paragraph instead")
}

func TestAssessmentAsAFile(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	d, at := h.colleague("head", surveys.RoleAdministrator), h.programmePath()+"/statements/assessment"
	page := d.open(at).wants(t, 200, "1. The need for an assessment", "7. Sign-off and outcomes", "Likelihood: possible")
	checkHTML(t, page)
	form := url.Values{"revision": {shownRevision(page.body)}, "text:sign": {"Approved by Ada & Co <i>today</i>"}, "was:sign": {"something else"}}
	d.sends(at, form).wants(t, 303)
	d.open(at).wants(t, 200, "What the programme does has changed since this was written")
	checkHTML(t, d.open(at+"/print").wants(t, 200, "Approved by Ada & Co"))
	file := d.open(at+"/file").wants(t, 200)
	z, err := zip.NewReader(bytes.NewReader([]byte(file.body)), int64(len(file.body)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Approved by Ada &amp; Co &lt;i&gt;today&lt;/i&gt;", "5. Risk: somebody is recognised", "6. Measures against it"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the file has no %q", want)
		}
	}
	h.phone().get("/assessment").wants(t, 404)
	d.open(h.programmePath()+"/statements/none").wants(t, 404)
}

// TestStatementsNameTheDays: once a programme has a clock, the privacy notice and the
// assessment say on which day what is destroyed.
func TestStatementsNameTheDays(t *testing.T) {
	t.Parallel()
	h := newHall(t, "everything")
	spans := map[surveys.RetentionStep]surveys.Span{}
	for i, step := range surveys.RetentionSteps() {
		spans[step] = surveys.Span{N: i + 1, Unit: surveys.SpanMonths}
	}
	ask := surveys.RetentionAsk{Start: "2026-06-15", Spans: spans, Quotes: surveys.QuotesInFiles, Confirm: true}
	if _, err := h.service.SetRetention(h.owner, h.link.Programme, ask); err != nil {
		t.Fatal(err)
	}
	h.pass(5 * time.Second) // what was read of the programme is believed for as long
	days := []string{"15 July 2026", "15 August 2026", "15 September 2026", "15 October 2026"}
	h.phone().get("/privacy?lang=en").wants(t, 200, days...).lacks(t, "not set yet when")
	d := h.colleague("head", surveys.RoleAdministrator)
	d.open(h.programmePath()+"/statements/assessment").wants(t, 200, days...).lacks(t, "has not been set")
}
