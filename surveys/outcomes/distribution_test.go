package outcomes_test

import (
	"fmt"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// TestBuildDistribution_Kinds: a scale has a bar for each point, worded or in
// digits, whoever chose it, and pictures one for each choice.
func TestBuildDistribution_Kinds(t *testing.T) {
	t.Parallel()
	low, high, step := 0.0, 1.5, 0.5
	scale := questionnaire.Item{
		ID: "far", Kind: questionnaire.KindScale, Label: words("How far?"), Min: &low, Max: &high, Step: &step, Choices: []questionnaire.Choice{
			{Code: "1", Label: words("Half way")}, {Code: "dk", Label: words("Don't know"), Meaning: questionnaire.MeaningDontKnow},
		},
	}
	pictures := questionnaire.Item{ID: "pet", Kind: questionnaire.KindPictures, Label: words("Which?"), Choices: scored(0, 1)}
	for i := range pictures.Choices {
		pictures.Choices[i].Picture = strings.Repeat("a", 64)
	}
	b := newDataset(t, surveys.DesignRating, definition([]questionnaire.Item{scale, pictures}, nil,
		measureOf("far", "far", "score", "higher"), measureOf("pet", "pet", "score", "higher")))
	b.send("r1", questionnaire.WavePost, 1, "", "far=1 pet=1")
	b.send("r2", questionnaire.WavePost, 1, "", "far=1.5 pet=1")
	b.send("r3", questionnaire.WavePost, 1, "", "far=1.5")
	b.send("r4", questionnaire.WavePost, 1, "", "far=declined")
	r := b.report(outcomes.Options{})
	for id, want := range map[questionnaire.ItemID]string{
		"far": "3 of 0 (0): 0, 0.5 (0.5): 0, 1 (Half way): 1, 1.5 (1.5): 2", "pet": "2 of c0 (0): 0, c1 (1): 2",
	} {
		m := measure(t, r, id)
		var bars []string
		for _, bar := range m.Distributions[0].Choices {
			bars = append(bars, fmt.Sprintf("%s (%s): %d", bar.Code, bar.Label["en"], bar.N))
		}
		if got := fmt.Sprintf("%d of %s", m.Distributions[0].N, strings.Join(bars, ", ")); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
		if m.Min == nil || *m.Min != 0 || m.Max == nil {
			t.Errorf("%s: possible scores from %v to %v, want both ends", id, m.Min, m.Max)
		}
	}
}
