package library_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys/library"
	"soundings/surveys/questionnaire"
)

// TestEveryEntry inserts each scale that may be used and publishes it.
func TestEveryEntry(t *testing.T) {
	t.Parallel()
	for _, e := range library.All() {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			if e.Owner == "" || e.Cite == "" || e.Terms == "" {
				t.Errorf("%s lacks an owner, a citation or terms", e.ID)
			}
			if shipped := e.Wording == library.WordsShipped; shipped != (len(e.Statements) > 0) || shipped && (e.Source == nil || e.Source.Address == "" || e.Source.Date == "" || e.Source.Notice == "") {
				t.Errorf("%s: shipped words need a source with address, date and notice, and only they", e.ID)
			}
			if e.Wording == library.WordsNone {
				d := empty()
				wantProblem(t, e.Insert(&d, "main", wording(e)), "", "cannot be used here")
				return
			}
			in := instrumentWith(t, e.ID)
			for i := range in.Version().Definition.Measures {
				if m := &in.Version().Definition.Measures[i]; m.Direction == "" && e.ID != "scwbs" {
					t.Errorf("measure %s has no direction", m.ID)
				}
			}
		})
	}
}

func TestInsert_Refused(t *testing.T) {
	t.Parallel()
	phq9, _ := library.Find("phq9")
	swemwbs, _ := library.Find("swemwbs")
	for _, tc := range []struct {
		name        string
		entry       library.Entry
		part        questionnaire.ItemID
		change      func(*library.Wording)
		field, says string
	}{
		{"no_such_part", phq9, "elsewhere", func(*library.Wording) {}, "", "Choose a part"},
		{"no_stem", phq9, "main", func(w *library.Wording) { w.Stem = "  " }, "stem", "above the statements"},
		{"a_line_is_missing", phq9, "main", func(w *library.Wording) { w.Statements = w.Statements[1:] }, "statements", "Paste 9 statements, one a line: there are 8"},
		{"blank_lines_do_not_count", phq9, "main", func(w *library.Wording) { w.Statements[3] = " \t" }, "statements", "there are 8"},
		{"too_many_answers", phq9, "main", func(w *library.Wording) { w.Answers = append(w.Answers, "Always") }, "answers", "counts 0 to the one that counts 3"},
		{"no_licence", swemwbs, "main", func(w *library.Wording) { w.Licence = "" }, "licence", "number, the holder and the date"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, w := empty(), wording(tc.entry)
			tc.change(&w)
			wantProblem(t, tc.entry.Insert(&d, tc.part, w), tc.field, tc.says)
			if diff := cmp.Diff(empty(), d); diff != "" {
				t.Errorf("the definition was changed:\n%s", diff)
			}
		})
	}
}

func TestInsert_Twice(t *testing.T) {
	t.Parallel()
	gad7, _ := library.Find("gad7")
	d := empty()
	if err := gad7.Insert(&d, "main", wording(gad7)); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, gad7.Insert(&d, "main", wording(gad7)), "", "already")
}

// TestInsert_MarkedLines takes the reversal from the lines where the printed order differs.
func TestInsert_MarkedLines(t *testing.T) {
	t.Parallel()
	rosenberg, _ := library.Find("rosenberg")
	d, w := empty(), wording(rosenberg)
	w.Statements[2] = "(R) I feel something else"
	if err := rosenberg.Insert(&d, "main", w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]questionnaire.ItemID{"rosenberg_3"}, d.Scales[0].Reverse); diff != "" {
		t.Errorf("Reverse (-want +got):\n%s", diff)
	}
	if got := d.Parts[0].Items[0].Rows[2].Label["en"]; got != "I feel something else" {
		t.Errorf("label = %q, want it without its mark", got)
	}
}

func wantProblem(t *testing.T, err error, field, says string) {
	t.Helper()
	var problem *library.Problem
	if !errors.As(err, &problem) || problem.Field != field || !strings.Contains(problem.Cause, says) {
		t.Errorf("problem = %+v, want field %q that says %q", err, field, says)
	}
}
