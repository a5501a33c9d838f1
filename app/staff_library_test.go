package app_test

import (
	"net/url"
	"strings"
	"testing"

	"soundings/surveys/questionnaire"
)

// librarian is an owner's desk with a draft to put scales into.
func librarian(t *testing.T) (*hall, *desk) {
	t.Helper()
	h := classroom(t)
	if _, err := h.service.CreateDraft(h.owner, "parents", questionnaire.Definition{Title: questionnaire.Text{"en": "Parents"}, Languages: []string{"en"}}); err != nil {
		t.Fatal(err)
	}
	return h, h.ownersDesk()
}

func (h *hall) draftOf(t *testing.T, id questionnaire.ID) questionnaire.Definition {
	t.Helper()
	d, err := h.service.Draft(h.owner, id)
	if err != nil {
		t.Fatal(err)
	}
	return d.Definition
}

func TestLibrary(t *testing.T) {
	t.Parallel()
	_, d := librarian(t)
	d.open("/library").wants(t, 200, "WHO-5 Well-Being Index", "Words included", "Paste its words; needs a licence", "Cannot be used here")
	d.open("/library?draft=parents").wants(t, 200).has(t, `href="/library/phq9?draft=parents"`)
	d.open("/library/sdq").wants(t, 200, "Hyperactivity", "Reversed: 21, 25", "The sum of emotional, conduct, hyperactivity, peer", "Your licence")
	d.open("/library/outcomes_star").wants(t, 200, "it cannot be used here").lacks(t, "Put it into the draft")
	d.open("/library/nothing").wants(t, 404)
}

func TestLibrary_NoDraft(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	h.ownersDesk().open("/library/who5").wants(t, 200, "There is no draft to put it into")
}

func TestInsertScale_WordsIncluded(t *testing.T) {
	t.Parallel()
	h, d := librarian(t)
	sent := d.sends("/library/ons4", url.Values{"draft": {"parents"}})
	sent.wants(t, 303)
	if to := sent.header.Get("Location"); to != "/questionnaires/parents/draft" {
		t.Errorf("leads to %q", to)
	}
	draft := h.draftOf(t, "parents")
	if len(draft.Parts) != 1 || len(draft.Parts[0].Items) != 5 || len(draft.Measures) != 4 {
		t.Fatalf("the draft has %d parts and %d measures: %+v", len(draft.Parts), len(draft.Measures), draft.Parts)
	}
	if err := draft.Check(); err != nil {
		t.Errorf("the draft cannot be published: %v", err)
	}
}

func TestInsertScale_Pasted(t *testing.T) {
	t.Parallel()
	h, d := librarian(t)
	form := url.Values{
		"draft": {"parents"}, "stem": {"How often lately?"}, "licence": {"No. 1, the council, 2026-01-02"},
		"statements": {strings.Repeat("A statement\r\n", 7)}, "answers": {"None\nRarely\nSome\nOften\nAll"},
	}
	d.sends("/library/swemwbs", form).wants(t, 303)
	scale := h.draftOf(t, "parents").Scales[0]
	if scale.ID != "swemwbs_metric" || len(scale.Table) != 29 || scale.Licence != "No. 1, the council, 2026-01-02" {
		t.Errorf("scale = %+v", scale)
	}
}

// TestInsertScale_Refused gives back what was pasted, and leaves the draft alone.
func TestInsertScale_Refused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, scale string
		form        url.Values
		says        string
	}{
		{"a_line_is_missing", "gad7", url.Values{"draft": {"parents"}, "stem": {"Lately?"}, "statements": {"Only one"}, "answers": {"a\nb\nc\nd"}}, "Paste 7 statements, one a line: there are 1"},
		{"no_licence", "wemwbs", url.Values{"draft": {"parents"}, "stem": {"Only one"}, "statements": {strings.Repeat("x\n", 14)}, "answers": {"1\n2\n3\n4\n5"}}, "Give the number, the holder and the date of your licence"},
		{"no_such_draft", "gad7", url.Values{"draft": {"another"}, "stem": {"Only one"}}, "Choose a draft from the list"},
		{"not_to_be_used", "outcomes_star", url.Values{"draft": {"parents"}, "stem": {"Only one"}}, "it cannot be used here"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h, d := librarian(t)
			got := d.sends("/library/"+tc.scale, tc.form)
			got.wants(t, 422, tc.says)
			if tc.scale != "outcomes_star" {
				got.wants(t, 422, "Only one")
			}
			if draft := h.draftOf(t, "parents"); len(draft.Parts) != 0 {
				t.Errorf("the draft was changed: %+v", draft)
			}
		})
	}
}

func TestInsertScale_Twice(t *testing.T) {
	t.Parallel()
	h, d := librarian(t)
	d.sends("/library/ons4", url.Values{"draft": {"parents"}}).wants(t, 303)
	d.sends("/library/ons4", url.Values{"draft": {"parents"}}).wants(t, 422, "has Personal well-being (ONS4) already")
	if n := len(h.draftOf(t, "parents").Parts); n != 1 {
		t.Errorf("the draft has %d parts, want 1", n)
	}
}
