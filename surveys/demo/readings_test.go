package demo_test

import (
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
)

func TestQuotesTellNobody(t *testing.T) {
	l := demonstration(t)
	unsafe, _ := identifying(t)
	held := heldBack(t)
	for name := range strandOf {
		quotes := slices.DeleteFunc(openAnswersIn(t, l, name), func(a surveys.OpenAnswer) bool { return a.Reading.Status != surveys.QuoteApproved })
		if len(quotes) < 10 || len(quotes) > 25 {
			t.Errorf("%s: %d quotes, want 10 to 25", name, len(quotes))
		}
		for _, q := range quotes {
			if s, ok := containsAny(q.Reading.Text, unsafe); ok {
				t.Errorf("the quote of %s holds %q", q.Response, s)
			}
			if held[string(q.Response)] {
				t.Errorf("%s is quoted but is for the safeguarding lead to see, or looks like it", q.Response)
			}
			if q.Reading.Attribution == "" {
				t.Errorf("the quote of %s has no attribution", q.Response)
			}
		}
	}
}

func TestQuotesAreOfThoseWhoConsented(t *testing.T) {
	l := demonstration(t)
	for name := range strandOf {
		redacted := 0
		for _, a := range openAnswersIn(t, l, name) {
			if a.Reading.Status != surveys.QuoteApproved {
				continue
			}
			if !a.Consented {
				t.Errorf("%s did not consent and is quoted", a.Response)
			}
			if strings.Contains(a.Reading.Text, "[") {
				redacted++
			} else if a.Reading.Text != a.Text {
				t.Errorf("the quote of %s is not what was written and has no [brackets]", a.Response)
			}
		}
		t.Logf("%s: %d redacted quotes", name, redacted)
	}
}

// What needs a person's eyes waits for them, and so does something in each strand.
func TestWhatNeedsCareIsUnread(t *testing.T) {
	l := demonstration(t)
	unsafe, _ := identifying(t)
	held := heldBack(t)
	for name := range strandOf {
		unread, cleared := 0, 0
		for _, a := range openAnswersIn(t, l, name) {
			_, tells := containsAny(a.Text, unsafe)
			if (held[string(a.Response)] || tells) && a.Reading.Cleared {
				t.Errorf("%s is cleared", a.Response)
			}
			if a.Reading.Cleared {
				cleared++
			} else {
				unread++
			}
		}
		if unread < 3 || cleared < unread {
			t.Errorf("%s: %d unread and %d cleared", name, unread, cleared)
		}
		t.Logf("%s: %d unread, %d cleared", name, unread, cleared)
	}
}

func openAnswersIn(t *testing.T, l *loaded, name string) []surveys.OpenAnswer {
	t.Helper()
	open, err := l.service.OpenAnswers(l.ctx, l.strands[name], strandOf[name])
	if err != nil {
		t.Fatal(err)
	}
	return open
}
