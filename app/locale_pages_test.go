package app_test

import (
	"net/url"
	"testing"

	"soundings/app"
	"soundings/surveys/questionnaire"
)

// TestDatesAndNumbersInWords answers a date and a number in French, and looks at
// where the date is piped into a later question and at the check page.
func TestDatesAndNumbersInWords(t *testing.T) {
	t.Parallel()
	both := func(words string) questionnaire.Text { return questionnaire.Text{"en": words, "fr": words + " (fr)"} }
	definition := questionnaire.Definition{
		Title: both("Days"), Languages: []string{"en", "fr"},
		Parts: []questionnaire.Part{
			{ID: "one", Items: []questionnaire.Item{
				{ID: "begun", Kind: questionnaire.KindDate, Label: both("When?")},
				{ID: "hours", Kind: questionnaire.KindNumber, Label: both("How many hours?")},
			}},
			{ID: "two", Items: []questionnaire.Item{{ID: "since", Kind: questionnaire.KindShortText, Label: both("What has changed since ${begun}?")}}},
		},
	}
	p := hallWith(t, definition, app.Config{}).phone()
	p.post("/start", url.Values{"_lang": {"fr"}}).wants(t, 303, "/part/1")
	p.post("/part/1", url.Values{"begun": {"2026-03-01"}, "hours": {"2.5"}}).wants(t, 303, "/part/2")
	p.get("/part/2").wants(t, 200, "What has changed since 1er mars 2026? (fr)")
	p.post("/part/2", url.Values{}).wants(t, 303, "/check")
	p.get("/check").wants(t, 200, "1er mars 2026", "2,5").lacks(t, "2026-03-01")
	p.post("/language", url.Values{"_lang": {"en"}}).wants(t, 303, "/check")
	p.get("/check").wants(t, 200, "1 March 2026", "2.5")
}
