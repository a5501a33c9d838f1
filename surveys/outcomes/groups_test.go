package outcomes_test

import (
	"testing"

	"pgregory.net/rapid"

	"soundings/surveys/outcomes"
)

// TestHolm compares with p.adjust(p, "holm") of R 4.2.2.
func TestHolm(t *testing.T) {
	t.Parallel()
	none := outcomes.NotEstimable(outcomes.FewerThanThree)
	got := outcomes.Holm([]outcomes.Estimate{outcomes.Est(.01), outcomes.Est(.04), outcomes.Est(.03), none, outcomes.Est(.5)})
	for i, want := range []string{"0.04", "0.09", "0.09", "not estimable: group_not_tested", "0.5"} {
		if rounded(got[i]) != want {
			t.Errorf("adjusted[%d] = %v, want %s", i, got[i], want)
		}
	}
	if got := outcomes.Holm(nil); len(got) != 0 {
		t.Errorf("Holm(nil) = %v, want none", got)
	}
}

// Adjusted p-values are no smaller than the raw ones, at most 1 and in the same
// order; those not estimable change nothing.
func TestHolm_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Float64Range(1e-300, 1), 0, 12).Draw(t, "p")
		ps := []outcomes.Estimate{outcomes.NotEstimable(outcomes.NoPairs)}
		for _, p := range raw {
			ps = append(ps, outcomes.Est(p))
		}
		adjusted, alone := outcomes.Holm(ps), outcomes.Holm(ps[1:])
		for i := range raw {
			a, _ := adjusted[i+1].Float()
			if a < raw[i] || a > 1 || !adjusted[i+1].Equal(alone[i]) {
				t.Errorf("p = %v became %v", raw[i], adjusted[i+1])
			}
			for j := range raw {
				if b, _ := adjusted[j+1].Float(); raw[i] < raw[j] && a > b {
					t.Errorf("p = %v became %v, but %v became %v", raw[i], a, raw[j], b)
				}
			}
		}
	})
}

// Small groups, groups without change and respondents of no group.
func TestCompareGroups_edges(t *testing.T) {
	t.Parallel()
	var observations []outcomes.GroupObservation
	add := func(group string, values ...[2]float64) {
		for _, o := range pairs(values...) {
			observations = append(observations, outcomes.GroupObservation{Group: group, Observation: o})
		}
	}
	add("North", [2]float64{1, 2}, [2]float64{2, 5}, [2]float64{2, 4}, [2]float64{3, 4})
	add("East", [2]float64{1, 2})
	add("South", [2]float64{1, 1}, [2]float64{2, 2}, [2]float64{4, 4})
	add("", [2]float64{1, 3})
	observations = append(observations, outcomes.GroupObservation{Group: "West", Observation: outcomes.Observation{Pre: outcomes.Num(1)}})

	r := outcomes.CompareGroups(observations, outcomes.Params{})
	if r.NGroups != 4 || r.NTested != 2 || r.All.NMatched != 9 {
		t.Errorf("%d groups, %d tested, %d matched in all, want 4, 2, 9", r.NGroups, r.NTested, r.All.NMatched)
	}
	for i, want := range []struct {
		name   string
		tested bool
	}{{"East", false}, {"North", true}, {"South", false}, {"West", false}} {
		g := r.Groups[i]
		if g.Name != want.name || g.HolmT.OK() != want.tested || g.HolmWilcoxon.OK() != want.tested {
			t.Errorf("group %d is %s with Holm p %v and %v, want %s, tested %v", i, g.Name, g.HolmT, g.HolmWilcoxon, want.name, want.tested)
		}
		if !want.tested && g.HolmT.Reason() != outcomes.GroupNotTested {
			t.Errorf("Holm p of %s = %v, want group_not_tested", g.Name, g.HolmT)
		}
	}
	if north := r.Groups[1]; !north.HolmT.Equal(north.Paired.T.P) {
		t.Errorf("alone in its family, p = %v became %v", north.Paired.T.P, north.HolmT)
	}
}

func TestICC_edges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		groups [][]float64
		want   string
	}{
		{"no groups", nil, "not estimable: not_applicable"},
		{"one group", [][]float64{{1, 2, 3}}, "not estimable: not_applicable"},
		{"groups of one", [][]float64{{1}, {2}}, "not estimable: not_applicable"},
		{"all equal", [][]float64{{1, 1}, {1, 1}}, "not estimable: zero_variance"},
		{"all between", [][]float64{{1, 1}, {2, 2}}, "1"},
		{"all within", [][]float64{{1, 2}, {1, 2}}, "-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := rounded(outcomes.ICC(tt.groups)); got != tt.want {
				t.Errorf("ICC(%v) = %s, want %s", tt.groups, got, tt.want)
			}
		})
	}
}
