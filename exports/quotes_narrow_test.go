package exports_test

import (
	"slices"
	"strings"
	"testing"

	"soundings/exports"
	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// TestQuotesOfSomePeople: a file of some people says of each quote in it that one of
// these wrote it, and two such files what their writer is besides. So no file that
// hides few people's figures has quotes of some people, however many they are.
func TestQuotesOfSomePeople(t *testing.T) {
	for name, test := range map[string]struct{ evenings, others int }{
		"few": {3, 25}, "enough": {15, 25},
	} {
		t.Run(name, func(t *testing.T) {
			w := quoted(t, test.evenings, 0, false)
			for i := range test.others {
				w.add("9"+strings.Repeat("0", 23)+string(rune('a'+i/10))+string(rune('0'+i%10)), 0, questionnaire.WavePost, 0, "", `{"phase":"class","quote_ok":"yes","why":"Dull"}`)
			}
			data := must(w.service.Dataset(w.ctx, w.programme.ID, strand))
			for _, profile := range surveys.Profiles() {
				for _, f := range []surveys.Filter{{}, {Cohorts: []surveys.CohortID{w.cohorts[2].ID}}} {
					report := must(outcomes.Build(w.ctx, data, outcomes.Options{Profile: profile, Filter: f, Made: origin}))
					sheet := must(exports.QuotesOf(w.ctx, exports.Material{Data: data, Report: report}))
					if got, want := len(sheet.Rows) > 0, f.Empty(); got != want {
						t.Errorf("%s, filter %v: quotes = %v, want %v", profile, f, sheet.Rows, want)
					}
					if !f.Empty() && !slices.ContainsFunc(sheet.Balance, func(s string) bool { return strings.Contains(s, "left out") }) {
						t.Errorf("%s: %q does not say that quotes are left out", profile, sheet.Balance)
					}
				}
			}
		})
	}
}

// TestBalanceOfAPublication: what stands beside published quotes holds no count of few,
// and no nought where there is a count.
func TestBalanceOfAPublication(t *testing.T) {
	w := quoted(t, 13, 10, false)
	for _, want := range []string{"about 25 open answers", "2 quotes"} {
		if page := string(w.made("summary.html", surveys.ProfilePublished)); !strings.Contains(page, want) || strings.Contains(page, "of 0 open answers") {
			_, after, _ := strings.Cut(page, "Balance")
			t.Errorf("no %q in %q", want, after)
		}
	}
}
