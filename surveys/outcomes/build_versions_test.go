package outcomes_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// TestBuildVersions: the first version lacks item d, the second has it.
func TestBuildVersions(t *testing.T) {
	t.Parallel()
	old := course()
	old.Parts[0].Items[0].Rows = rows("a", "b", "c", "e")
	old.Scales[0].Items, old.Scales[0].MinAnswered = ids("a b c e"), 3
	b := newDataset(t, surveys.DesignPrePost, old, course())
	b.send("p1", pre, 1, "ABCD", "a=2 b=2 c=2 e=4 stress=5")
	b.send("q1", post, 2, "ABCD", "a=4 b=4 c=4 d=4 e=2 stress=5", version(2))
	r := b.report(outcomes.Options{})
	if diff := cmp.Diff([]int{1, 2}, r.Versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	confidence := measure(t, r, "confidence").Paired
	want(t, "mean before", confidence.Pre.Mean, 2)
	want(t, "mean after", confidence.Post.Mean, 4)
	for _, d := range measure(t, r, "confidence").Distributions {
		if wanted := map[bool]int{true: 0, false: 1}[d.Variable == "d"]; d.N != wanted {
			t.Errorf("distribution of %s at %s has n %d, want %d", d.Variable, d.When, d.N, wanted)
		}
	}
	b.held.responses[0].Version = 7
	if _, err := outcomes.Build(t.Context(), b.dataset(), outcomes.Options{}); err == nil {
		t.Error("Build of an unknown version: no error")
	}
}

// TestBuildVariants: people of two phases answered variants, at the same number of
// version, that share a scale and an item; each measures something of its own.
func TestBuildVariants(t *testing.T) {
	t.Parallel()
	small := definition(
		[]questionnaire.Item{rating("r", 1, 5, "a", "b", "c", "d"), eleven("stress"), eleven("play")}, nil, measureOf("play", "play", "score", "higher"))
	b := newDataset(t, surveys.DesignPrePost, course())
	variant := b.variant("Early years", "small", small)
	b.send("p1", pre, 1, "ABCD", "a=2 b=2 c=2 d=2 e=4 stress=6 events=0")
	b.send("q1", post, 2, "ABCD", "a=4 b=4 c=4 d=4 e=2 stress=4 events=1")
	sendSmall := func(id string, wave questionnaire.Wave, day int, a, stress, play string) {
		answers := questionnaire.Answers{}
		for name, value := range map[questionnaire.ItemID]string{"a": a, "b": a, "c": a, "d": a, "stress": stress, "play": play} {
			v, _ := variant.Variable(name)
			answers[v.ID] = answer(v, value)
		}
		b.send(id, wave, day, "EFGH", "", func(r *surveys.Response) { r.Questionnaire, r.Answers = "small", answers })
	}
	sendSmall("p2", pre, 1, "3", "8", "1")
	sendSmall("q2", post, 2, "5", "2", "5")
	r := b.report(outcomes.Options{})
	if diff := cmp.Diff([]string{"q 1", "small 1"}, r.Variants); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1}, r.Versions); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		measure questionnaire.ItemID
		n       int
		change  float64
	}{{"stress", 2, -4}, {"confidence", 2, 2}, {"play", 1, 4}} {
		paired := measure(t, r, tt.measure).Paired
		if paired.NMatched != tt.n {
			t.Errorf("%s: %d pairs, want %d", tt.measure, paired.NMatched, tt.n)
		}
		want(t, string(tt.measure), paired.Diff.Mean, tt.change)
	}
	if binary := measure(t, r, "events").Binary; binary.NMatched != 1 {
		t.Errorf("events: %d pairs, want the one that was asked", binary.NMatched)
	}
	b.held.responses[3].Questionnaire = "other"
	if _, err := outcomes.Build(t.Context(), b.dataset(), outcomes.Options{}); err == nil {
		t.Error("Build of an unknown questionnaire: no error")
	}
}
