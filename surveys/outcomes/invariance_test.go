package outcomes_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys/outcomes"
)

// near reports whether two figures are the same but for rounding, or both missing for
// the same reason.
func near(a, b outcomes.Estimate) bool {
	x, ok := a.Float()
	y, also := b.Float()
	return ok == also && a.Reason() == b.Reason() && math.Abs(x-y) <= 1e-7*max(1, math.Abs(x), math.Abs(y))
}

func times(e outcomes.Estimate, k float64) outcomes.Estimate {
	if v, ok := e.Float(); ok {
		return outcomes.Est(v * k)
	}
	return e
}

// TestPropertyUnit: another zero and another unit move means and intervals with them
// and leave tests, effects and shares as they are, of linked people and others.
func TestPropertyUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOfN(rapid.IntRange(1, 7), 0, 24)
		pre, post := points.Draw(t, "pre"), points.Draw(t, "post")
		zero, unit := float64(rapid.IntRange(-9, 9).Draw(t, "zero")), []float64{1, 2, 0.5, 1.0 / 3, 10, 0.1}[rapid.IntRange(0, 5).Draw(t, "unit")]
		change := func(list []int) (as, other []float64) {
			for _, v := range list {
				as, other = append(as, float64(v)), append(other, zero+unit*float64(v))
			}
			return as, other
		}
		before, beforeToo := change(pre)
		after, afterToo := change(post)
		a, b := outcomes.CompareUnpaired(before, after), outcomes.CompareUnpaired(beforeToo, afterToo)
		wantSame(t, "unlinked", map[string][2]outcomes.Estimate{
			"diff": {times(a.Welch.Diff, unit), b.Welch.Diff}, "low": {times(a.Welch.CI.Low, unit), b.Welch.CI.Low}, "high": {times(a.Welch.CI.High, unit), b.Welch.CI.High},
			"p": {a.Welch.P, b.Welch.P}, "rank p": {a.MannWhitney.P, b.MannWhitney.P}, "g": {a.Effect.GS, b.Effect.GS}, "g low": {a.Effect.GSCI.Low, b.Effect.GSCI.Low},
		})
		var one, two []outcomes.Observation
		for i := range min(len(pre), len(post)) {
			one = append(one, outcomes.Observation{Pre: outcomes.Num(before[i]), Post: outcomes.Num(after[i])})
			two = append(two, outcomes.Observation{Pre: outcomes.Num(beforeToo[i]), Post: outcomes.Num(afterToo[i])})
		}
		x, y := outcomes.ComparePaired(one, outcomes.Params{}), outcomes.ComparePaired(two, outcomes.Params{})
		wantSame(t, "linked", map[string][2]outcomes.Estimate{
			"diff": {times(x.Diff.Mean, unit), y.Diff.Mean}, "low": {times(x.Diff.CI.Low, unit), y.Diff.CI.Low}, "p": {x.T.P, y.T.P}, "rank p": {x.Wilcoxon.P, y.Wilcoxon.P},
			"sign p": {x.Sign.P, y.Sign.P}, "g": {x.Effect.GAv, y.Effect.GAv}, "improved": {x.Change.ImprovedPct, y.Change.ImprovedPct}, "same": {x.Change.SamePct, y.Change.SamePct},
		})
	})
}

func wantSame(t *rapid.T, what string, figures map[string][2]outcomes.Estimate) {
	t.Helper()
	for name, pair := range figures {
		if !near(pair[0], pair[1]) {
			t.Errorf("%s: %s = %v, in another unit %v", what, name, pair[0], pair[1])
		}
	}
}
