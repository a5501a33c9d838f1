package app_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
)

// TestRetentionPages sets the clock, holds it, looks at what would go, lets it run out,
// and finds the results as they were, with a certificate.
func TestRetentionPages(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	for i := range 8 {
		h.answers(fmt.Sprintf("kept_response_%02d", i), "3", "2", "yes", "Quiet mornings <b>now</b>")
	}
	d, path := h.ownersDesk(), h.programmePath()+"/retention"
	d.open(path).wants(t, 200, "No clock runs", "Linkage keys and codes")
	clock := url.Values{"start": {"2020-01-01"}, "linkages": {"1"}, "linkages.unit": {"months"}, "contacts": {"1"}, "contacts.unit": {"months"},
		"texts": {"2"}, "texts.unit": {"months"}, "answers": {"3"}, "answers.unit": {"months"}, "quotes": {"files"}}
	refused := d.sends(path, clock)
	refused.wants(t, 422, "Confirm it")
	if !strings.Contains(refused.body, `value="2020-01-01"`) {
		t.Error("a refused form has lost what was typed")
	}
	clock.Set("answers", "many")
	d.sends(path, clock).wants(t, 422, "whole number")
	clock.Set("answers", "3")
	d.sends(path+"/hold", url.Values{"reason": {"a complaint"}, "until": {"2001-01-01"}}).wants(t, 422, "Give a day from today on")
	d.open(path+"/dry-run/answers").wants(t, 200, "Would be destroyed", "Responses")
	d.open(path+"/dry-run/nothing").wants(t, 404)
	before := d.open(h.strandPath())
	before.wants(t, 200)
	clock.Set("confirm", "yes")
	d.sends(path, clock).wants(t, 303)
	d.sends(path+"/hold", url.Values{"reason": {"a complaint <i>"}, "until": {h.now().AddDate(0, 1, 0).Format(time.DateOnly)}}).wants(t, 303)
	d.open(path).wants(t, 200, "a complaint <i>", "End the hold")
	d.sends(path+"/hold/end", nil).wants(t, 303)
	service := h.service.WithFiles(app.Files())
	for i := range 12 {
		if err := service.At(h.now().Add(time.Duration(i) * 3 * time.Minute)).Retain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	d.open(path).wants(t, 200, "destroyed on", "summary.docx", "Certificate")
	d.open(path+"/certificates/answers").wants(t, 200, "as it was written", "Responses", "Nothing of what went was found")
	d.open(path+"/certificates/answers?as=json").wants(t, 200, `"sha256"`)
	d.open("/certificates").wants(t, 200, "Answers")
	after := d.open(h.strandPath())
	after.wants(t, 200, "These figures are as of")
	if got, want := tilesIn(after.body), tilesIn(before.body); got != want || got == "" {
		t.Errorf("the results show %q, want what they showed before: %q", got, want)
	}
	d.open(h.programmePath()+"/results").wants(t, 200, "As of")
	d.open(h.programmePath()+"/reach").wants(t, 200)
	d.open(path+"/frozen/pupils/internal/report.json").wants(t, 200, `"report"`)
	d.open(path+"/frozen/pupils/internal/none").wants(t, 404)
	d.sends(path+"/delete", url.Values{"name": {"another"}, "why": {"over"}}).wants(t, 422, "exactly as it stands")
}

// tilesIn are the figures in large type.
func tilesIn(body string) string {
	_, rest, _ := strings.Cut(body, `<div class="tiles">`)
	tiles, _, _ := strings.Cut(rest, "\n")
	return tiles
}

// TestRequestsAboutData shows what is held on one, erases it, and hands all over.
func TestRequestsAboutData(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	id := surveys.ResponseID("0123456789abcdef0123456789abcdef")
	h.answers(string(id), "3", "2", "yes", "Quiet mornings <b>now</b>")
	d, path := h.ownersDesk(), h.programmePath()+"/data"
	d.open(path).wants(t, 200, "What is held on one person")
	one := url.Values{"receipt": {surveys.ReceiptOf(id)}, "why": {""}}
	d.sends(path+"/one", one).wants(t, 422, "Say why")
	one.Set("why", "asked by letter")
	d.sends(path+"/one", one).wants(t, 200, "Quiet mornings <b>now</b>")
	one.Set("do", "json")
	d.sends(path+"/one", one).wants(t, 200, `"receipt"`)
	d.sends(path+"/one", url.Values{"receipt": {"ZZZ-ZZZ-ZZZ"}, "why": {"asked"}}).wants(t, 422)
	d.sends(path+"/erase", one).wants(t, 422, "Tick that it is meant")
	one.Set("sure", "yes")
	d.sends(path+"/erase", one).wants(t, 303)
	one.Del("do")
	if body := d.sends(path+"/one", one).body; strings.Contains(body, "Quiet mornings") {
		t.Error("what was erased is shown")
	}
	d.sends(path+"/holdings", url.Values{"why": {""}}).wants(t, 422, "Say why")
	d.sends(path+"/holdings", url.Values{"why": {"handed over"}}).wants(t, 303)
	d.open(h.programmePath()+"/exports").wants(t, 200, "All that is held on the programme")
}
