package outcomes_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

func texts(r *outcomes.Report) []string {
	var all []string
	for _, h := range outcomes.Headlines(r, "en") {
		all = append(all, h.Text)
	}
	return all
}

func TestHeadlines(t *testing.T) {
	t.Parallel()
	skills := definition([]questionnaire.Item{
		{ID: "skills", Kind: questionnaire.KindThenNow, Label: words("I can"), Choices: scored(1, 5), Rows: rows("plan", "listen")},
		eleven("recommend"),
	}, nil, measureOf("plan", "plan", "score", ""), measureOf("listen", "listen", "score", ""), measureOf("recommend", "recommend", "nps", ""))
	trainees := newDataset(t, surveys.DesignThenNow, skills)
	trainees.data.Strand.Audience = surveys.AudienceTrainee
	trainees.send("r1", post, 1, "", "plan_then=1 plan_now=4 recommend=10")
	trainees.send("r2", post, 1, "", "plan_then=3 plan_now=3 recommend=3")
	trainees.send("r3", post, 1, "", "plan_then=2 recommend=9")

	views := definition([]questionnaire.Item{rating("t", 1, 5, "useful"), yesNo("again")}, nil,
		top(measureOf("useful", "useful", "score", "")), correct(measureOf("again", "again", "binary", "")), measureOf("plain", "useful", "score", ""))
	teachers := newDataset(t, surveys.DesignRating, views)
	teachers.data.Strand.Audience = surveys.AudienceTeacher
	teachers.data.Strand.People = "head teachers"
	teachers.send("r1", post, 1, "", "useful=5 again=1")
	teachers.send("r2", post, 1, "", "useful=2 again=1")
	teachers.send("r3", post, 1, "", "useful=4 again=declined")

	for _, test := range []struct {
		name string
		data *builder
		want []string
	}{
		{"pre_post", pairsOfThree(t), []string{
			"confidence: 67% of 3 participants with both questionnaires reported a higher score (2 of 3), 33% a lower one (1 of 3); mean 2.00 before, 3.33 after on a 1–5 scale; matched n = 3 of 4 before (4 after).",
			"events: 67% of 3 participants with both questionnaires answered “1” after (2 of 3), 33% before (1 of 3); matched n = 3 of 4 before (4 after).",
			"stress: 33% of 3 participants with both questionnaires reported a lower (better) score (1 of 3), 33% a higher one (1 of 3); mean 8.00 before, 7.00 after on a 0–10 scale; matched n = 3 of 4 before (4 after).",
		}},
		{"then_now", trainees, []string{
			"I can: plan, rated afterwards from memory: 50% of 2 trainees who rated both then and now rated it higher now than then (1 of 2), 0% lower (0 of 2); mean 2.00 then, 3.50 now on a 1–5 scale; n = 2 of 3 who answered.",
			"I can: listen: no figure, because nobody answered this both times.",
			"recommend: no figure, because fewer than 10 people answered.",
		}},
		{"rating", teachers, []string{
			"t: useful: 67% of 3 head teachers who answered gave 4 or 5 (2 of 3); mean 3.67 on a 1–5 scale.",
			"again: 100% of 2 head teachers who answered answered correctly (2 of 2).",
			"t: useful: mean 3.67 on a 1–5 scale among 3 head teachers who answered.",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, texts(test.data.report(outcomes.Options{}))); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}

func correct(m questionnaire.Measure) questionnaire.Measure {
	m.TopText = words("answered correctly")
	return m
}

// TestTopWords: what is counted is said as it was answered.
func TestTopWords(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]outcomes.MeasureResult{
		"said yes":             {TopLabels: []questionnaire.Text{{"en": "Yes", "ar": "نعم"}}},
		"answered “No” or “B”": {TopLabels: []questionnaire.Text{words("No"), words("B")}},
		"answered correctly":   {TopLabels: []questionnaire.Text{words("Yes")}, TopText: words("answered correctly")},
	} {
		if got := m.TopWords("ar"); got != want {
			t.Errorf("TopWords() = %q, want %q", got, want)
		}
	}
}

// TestHeadlineParts: figure and base stand by themselves too.
func TestHeadlineParts(t *testing.T) {
	t.Parallel()
	h := outcomes.Headlines(pairsOfThree(t).report(outcomes.Options{}), "en")[0]
	h.Text = ""
	want := outcomes.Headline{
		Measure: "confidence", Label: "confidence", Figure: h.Figure, Unit: "%", Part: 2, Base: 3,
		BaseText: "participants with both questionnaires",
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Errorf("headline (-want +got):\n%s", diff)
	}
}

// TestHeadlineWords: no sentence claims that the programme made it so, and every
// reason has words.
func TestHeadlineWords(t *testing.T) {
	t.Parallel()
	var all []string
	for _, design := range []surveys.Design{surveys.DesignPrePost, surveys.DesignPrePostFollowUp, surveys.DesignThenNow, surveys.DesignRating} {
		if outcomes.Caveat(design) == "" {
			t.Errorf("no caveat for %s", design)
		}
		all = append(all, outcomes.Caveat(design))
	}
	for _, reason := range []outcomes.Reason{
		outcomes.NoAnswers, outcomes.NoPairs, outcomes.FewerThanTwo, outcomes.FewerThanThree, outcomes.ZeroVarianceOfDifferences,
		outcomes.AllDifferencesZero, outcomes.ZeroVariance, outcomes.ZeroVarianceInAGroup, outcomes.GroupNotTested, outcomes.TooFew,
		outcomes.NotApplicable, outcomes.OutOfRange, outcomes.Suppressed,
	} {
		if words := outcomes.ReasonWords(reason); words == string(reason) {
			t.Errorf("no words for reason %q", reason)
		}
	}
	all = append(all, texts(pairsOfThree(t).report(outcomes.Options{}))...)
	for _, text := range all {
		for _, word := range []string{"caus", "because of the", "led to", "impact", "effect of", "NaN", "Inf"} {
			if strings.Contains(text, word) {
				t.Errorf("%q contains %q", text, word)
			}
		}
	}
}
