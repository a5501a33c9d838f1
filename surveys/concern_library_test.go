package surveys_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/library"
	"soundings/surveys/questionnaire"
	"soundings/surveys/storetest"
)

// TestLibraryFlagIsAConcern takes the PHQ-9 out of the library, with statements of our
// own: its ninth, endorsed at all, is in the lead's queue before any word of anybody,
// and in no row of people, without a rule that somebody had to write. It can be
// switched off.
func TestLibraryFlagIsAConcern(t *testing.T) {
	t.Parallel()
	r := newCaredRoom(t, storetest.SQLite(t))
	link := r.asks(t, "mood", mood(t))
	for id, ninth := range map[surveys.ResponseID]string{"response_never": "0", "response_some": "1", "response_daily": "3", "response_blank": ""} {
		raw := questionnaire.Raw{"why": {"It was nice."}}
		for n := range 8 {
			raw[fmt.Sprintf("phq9_%d", n+1)] = []string{"3"} // all else as bad as can be, which is no concern of this kind
		}
		if ninth != "" {
			raw["phq9_9"] = []string{ninth}
		}
		must(t, second(r.Submit(t.Context(), link.Token, surveys.Submission{ID: id, Raw: raw})))
	}
	must(t, second(r.Submit(t.Context(), link.Token, surveys.Submission{ID: "response_words", Raw: questionnaire.Raw{"why": {disclosure}}})))
	r.marks(t)
	all := r.queue(t)
	if got := variables(all); got != "phq9_9 phq9_9 why" || !all[0].Choice || !all[1].Choice {
		t.Fatalf("queue %s, want both who endorsed the ninth, first, and the words", got)
	}
	if said := all[0].Rule["en"]; !strings.Contains(said, "better off dead") {
		t.Errorf("the lead is told %q, want the library's own label", said)
	}
	wantChoicesKept(t, r, 2)
	must(t, second(r.SaveLookout(r.lead, surveys.Lookout{Programme: r.programme.ID, Off: []questionnaire.ItemID{"phq9_9"}})))
	r.marks(t)
	if got := variables(r.queue(t)); got != "why" {
		t.Errorf("queue %s with the flag off, want the words only", got)
	}
	wantChoicesKept(t, r, 0)
}

// mood asks the nine statements and one open question.
func mood(tb testing.TB) questionnaire.Definition {
	tb.Helper()
	d := questionnaire.Definition{Title: questionnaire.Text{"en": "Mood"}, Languages: []string{"en"}, Parts: []questionnaire.Part{{ID: "main", Items: []questionnaire.Item{
		{ID: "why", Kind: questionnaire.KindLongText, Label: questionnaire.Text{"en": "Why?"}},
	}}}}
	phq9, _ := library.Find("phq9")
	words := library.Wording{Language: "en", Stem: "How often lately?", Answers: []string{"Never", "Some days", "Most days", "Daily"}}
	for n := range phq9.Items {
		words.Statements = append(words.Statements, fmt.Sprintf("Statement %d", n+1))
	}
	must(tb, phq9.Insert(&d, "main", words))
	return d
}

// wantChoicesKept checks of how many people the ninth answer is left out of rows.
func wantChoicesKept(tb testing.TB, r *caredRoom, want int) {
	tb.Helper()
	data, err := r.Dataset(r.ctx, r.programme.ID, "pupils")
	must(tb, err)
	n := 0
	for _, one := range r.sent(tb) {
		if slices.Contains(data.WithheldChoices(&one), "phq9_9") {
			n++
		}
	}
	if n != want {
		tb.Errorf("rows leave out %d ninth answers, want %d", n, want)
	}
}
