package outcomes_test

import (
	"fmt"
	"testing"

	"soundings/surveys"
	"soundings/surveys/outcomes"
	"soundings/surveys/questionnaire"
)

// apart is two groups that nobody can link, of whom so many say yes.
func apart(t testing.TB, def questionnaire.Definition, before, yesBefore, after, yesAfter int) *builder {
	b := newDataset(t, surveys.DesignUnlinked, def)
	send := func(wave questionnaire.Wave, name string, n, yes int) {
		for i := range n {
			said := 0
			if i < yes {
				said = 1
			}
			b.send(fmt.Sprintf("%s%d", name, i), wave, 1+i%28, "", fmt.Sprintf("events=%d stress=%d", said, i%7))
		}
	}
	send(pre, "p", before, yesBefore)
	send(post, "q", after, yesAfter)
	return b
}

// TestUnlinkedShares: 56 of 70 against 48 of 80.
//
// Source: Newcombe (1998), Statistics in Medicine 17:873, table II, method 10.
func TestUnlinkedShares(t *testing.T) {
	t.Parallel()
	share := measure(t, apart(t, course(), 80, 48, 70, 56).report(outcomes.Options{}), "events").Unlinked.Share
	if share.NPre != 80 || share.NPost != 70 || share.YesPre != 48 || share.YesPost != 56 {
		t.Errorf("counts = %+v", share)
	}
	for name, pair := range map[string][2]float64{"low": {figure(t, share.DiffCI.Low), 5.24}, "high": {figure(t, share.DiffCI.High), 33.39}} {
		if off := pair[0] - pair[1]; off > 0.005 || off < -0.005 {
			t.Errorf("%s limit = %.4f, want %.2f", name, pair[0], pair[1])
		}
	}
}

func figure(t *testing.T, e outcomes.Estimate) float64 {
	t.Helper()
	v, ok := e.Float()
	if !ok {
		t.Fatalf("there is no number: %v", e)
	}
	return v
}

// TestUnlinkedPublished: each group keeps its own number of people, to the nearest 5.
func TestUnlinkedPublished(t *testing.T) {
	t.Parallel()
	r := apart(t, course(), 81, 48, 68, 56).report(published)
	for _, id := range []questionnaire.ItemID{"stress", "events"} {
		if u := measure(t, r, id).Unlinked; u == nil || u.NPre != 80 || u.NPost != 70 {
			t.Errorf("%s = %+v, want 80 before and 70 after", id, u)
		}
	}
}

// TestUnlinkedOfFew: two groups are compared only if both are of enough people.
func TestUnlinkedOfFew(t *testing.T) {
	t.Parallel()
	for _, n := range [][2]int{{4, 40}, {40, 4}} {
		m := measure(t, apart(t, course(), n[0], 2, n[1], 2).report(outcomes.Options{Profile: surveys.ProfileInternal}), "stress")
		if m.Withheld != outcomes.Suppressed || m.Unlinked != nil {
			t.Errorf("%d before and %d after: %+v, want it withheld", n[0], n[1], m.Unlinked)
		}
	}
}

// TestUnlinkedLead: what was chosen for linked answers has its counterpart for two
// groups.
func TestUnlinkedLead(t *testing.T) {
	t.Parallel()
	def := course()
	def.Measures[2].Test, def.Measures[2].Effect = questionnaire.TestT, questionnaire.EffectRankBiserial
	m := measure(t, apart(t, def, 20, 10, 20, 15).report(outcomes.Options{}), "stress")
	if lead := m.Lead; lead.Test.Name != questionnaire.TestWelch || lead.Test.P != m.Unlinked.Welch.P ||
		lead.Effect.Name != questionnaire.EffectSuperiority || lead.Effect.Value != m.Unlinked.MannWhitney.ProbSuperiority {
		t.Errorf("lead = %+v, want Welch and the probability of superiority", lead)
	}
}
