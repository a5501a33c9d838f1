package outcomes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// said lists the paragraphs of a summary, each behind its id.
func said(r *outcomes.Report) []string {
	var all []string
	for _, p := range outcomes.Summary(r, outcomes.SummaryWords{Language: "en", Zone: time.UTC}) {
		all = append(all, p.ID+": "+p.Text)
	}
	return all
}

const caveatPaired = "limits:caveat: These are the answers of the same people before and after, without a comparison group: time passing, answering the same questions twice, wishing to please and who stayed to the end can all be part of a change."

func TestSummary(t *testing.T) {
	t.Parallel()
	skills := definition([]questionnaire.Item{
		{ID: "skills", Kind: questionnaire.KindThenNow, Label: words("I can"), Choices: scored(1, 5), Rows: rows("plan", "listen")},
	}, nil, measureOf("plan", "plan", "score", ""), measureOf("listen", "listen", "score", ""))
	trainees := newDataset(t, surveys.DesignThenNow, skills)
	trainees.data.Strand.People = "trainee teachers"
	trainees.send("r1", post, 1, "", "plan_then=1 plan_now=4")
	trainees.send("r2", post, 1, "", "plan_then=3 plan_now=3")

	views := definition([]questionnaire.Item{rating("t", 1, 5, "useful"), yesNo("again")}, nil,
		top(measureOf("useful", "useful", "score", "")), correct(measureOf("again", "again", "binary", "")))
	teachers := newDataset(t, surveys.DesignRating, views)
	teachers.data.Strand.People = "council staff"
	teachers.send("r1", post, 1, "", "useful=5 again=1")

	apart := newDataset(t, surveys.DesignUnlinked, definition([]questionnaire.Item{rating("t", 1, 5, "useful"), yesNo("again")}, nil,
		measureOf("useful", "useful", "score", ""), correct(measureOf("again", "again", "binary", ""))))
	apart.send("r1", pre, 1, "", "useful=2 again=0")
	apart.send("r2", pre, 1, "", "useful=3 again=0")
	apart.send("r3", post, 2, "", "useful=5 again=1")

	nobody := newDataset(t, surveys.DesignPrePost, definition([]questionnaire.Item{rating("t", 1, 5, "useful")}, nil, measureOf("useful", "useful", "score", "")))

	for _, test := range []struct {
		name    string
		data    *builder
		options outcomes.Options
		want    []string
	}{
		{"pre_post", pairsOfThree(t), outcomes.Options{}, []string{
			"lead: Of 4 participants who answered before, 3 answered both times (75%). 2 of 3 participants (67%) reported a better score for “confidence”.",
			"who:when: Answers were given from 1 March 2024 to 30 March 2024.",
			"who:pairs: Answers before and after were paired by codes, without names: 2 by the same code and 1 by codes that differ a little. 1 participant answered after only.",
			"change:confidence: confidence: 2 of 3 participants (67%) reported a higher score after than before, 1 (33%) a lower one and none the same. The mean was 2.00 before and 3.33 after on a scale of 1 to 5: a rise of 1.33 (95% confidence interval −4.92 to 7.58), which may be chance.",
			"change:events: events: 2 of 3 participants (67%) answered “1” after, 1 (33%) before: 33 percentage points more (95% confidence interval −32 to 72), which may be chance.",
			"change:stress: stress (lower is better): 1 of 3 participants (33%) reported a lower score after than before, 1 (33%) a higher one and 1 (33%) the same. The mean was 8.00 before and 7.00 after on a scale of 0 to 10: a fall of 1.00 (95% confidence interval −7.57 to 5.57), which may be chance.",
			caveatPaired,
			"limits:few: Only 3 participants answered both times: each person is 33% of them, so small differences mean little.",
			"limits:dropout: 1 of the 4 participants who answered before did not answer after, or cannot be paired with their answers; nothing here says how they changed.",
			"limits:confidence: confidence: 33% were at the worst possible value before: they could only stay or improve. With only those whose codes are equal the change is 1.50 (n = 2), with all pairs 1.33 (n = 3).",
			"limits:events: events: With only those whose codes are equal the change is 50.00 (n = 2), with all pairs 33.33 (n = 3).",
			"limits:stress: stress: With only those whose codes are equal the change is −1.50 (n = 2), with all pairs −1.00 (n = 3).",
			"method: The same people answered the same questions before and after, and each was compared with themselves. Percentages are of the people who answered the question both times; missing answers are left out, not counted as no.",
		}},
		{"few_are_hidden", pairsOfThree(t), outcomes.Options{Profile: surveys.ProfileInternal}, []string{
			"change:confidence: confidence: not shown, because so few people are behind it that it could show what one of them answered.",
		}},
		{"then_now", trainees, outcomes.Options{}, []string{
			"lead: 2 trainee teachers answered. 1 of 2 trainee teachers (50%) rated themselves better now than then for “I can: plan”.",
			"change:plan: I can: plan, rated afterwards from memory: 1 of 2 trainee teachers (50%) gave a higher score for now than for then, none a lower one and 1 (50%) the same. The mean was 2.00 then and 3.50 now on a scale of 1 to 5: a rise of 1.50.",
			"change:listen: I can: listen: no figure, because nobody answered this both times.",
		}},
		{"one", teachers, outcomes.Options{}, []string{
			"lead: 1 member of council staff answered. “t: useful”: the only member of council staff with an answer gave 4 or 5.",
		}},
		{"unlinked", apart, outcomes.Options{}, []string{
			"lead: Participants answered: 2 before and 1 after; nobody can link the two.",
			"change:useful: t: useful: the mean of 2 participants who answered before was 2.50, that of 1 participant who answered after 5.00 on a scale of 1 to 5.",
			"change:again: again: of those who answered after, the only participant with an answer answered correctly, of those who answered before none of 2 participants: 100 percentage points more.",
		}},
		{"nobody", nobody, outcomes.Options{}, []string{
			"lead: Nobody has answered yet.",
			"change:useful: t: useful: no figure, because nobody answered this both times.",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := said(test.data.report(test.options))
			if test.name == "pre_post" {
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("summary (-want +got):\n%s", diff)
				}
				return
			}
			for _, want := range test.want {
				if !strings.Contains(strings.Join(got, "\n"), want) {
					t.Errorf("the summary does not say\n%s\nbut\n%s", want, strings.Join(got, "\n"))
				}
			}
		})
	}
}

// TestSummaryClaimsNothing: no sentence says that the programme made it so, holds
// what no reader understands, or a figure that the report hides.
func TestSummaryClaimsNothing(t *testing.T) {
	t.Parallel()
	for _, profile := range []surveys.Profile{surveys.ProfileRows, surveys.ProfileInternal, surveys.ProfilePublished} {
		r := pairsOfThree(t).report(outcomes.Options{Profile: profile})
		for _, text := range said(r) {
			for _, word := range []string{"caused", "causes", "because of the", "led to", "impact", "effect of", "NaN", "Inf", "%!", "  ", "–"} {
				if strings.Contains(text, word) {
					t.Errorf("%q contains %q", text, word)
				}
			}
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%q is no sentence", text)
			}
		}
	}
}

func TestNotIn(t *testing.T) {
	t.Parallel()
	r := pairsOfThree(t).report(outcomes.Options{Profile: surveys.ProfileRows})
	for text, want := range map[string]string{
		"Of 4 participants 3 answered twice.": "[]",
		"66.7% or 66.67% or 67% got better":   "[]",
		"62% and 1,234 and 62 again":          "[62% 1,234 62]",
		"a fall of −1.0, or 3.333":            "[3.333]",
		"4% of 4":                             "[4%]",
		"75% paired, 33.3% got worse":         "[]",
		"no numbers":                          "[]",
		"1007 and 3.30":                       "[1007]",
	} {
		strange, err := outcomes.NotIn(r, text)
		if err != nil || fmt.Sprint(strange) != want {
			t.Errorf("NotIn(%q) = %v (%v), want %s", text, strange, err, want)
		}
	}
	for _, p := range outcomes.Summary(r, outcomes.SummaryWords{Language: "en", Zone: time.UTC}) {
		if strange, err := outcomes.NotIn(r, p.Text, p.Text); err != nil || len(strange) > 0 {
			t.Errorf("NotIn of a proposed sentence = %v (%v)", strange, err)
		}
	}
}
