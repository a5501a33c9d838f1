package outcomes_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"soundings/surveys/outcomes"
)

// Values that are counted give what values that are sorted do: with enough different
// ones in it a list is sorted, and of a short one the same figures can be worked out.
func TestDescribeLongLists(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		short := rapid.SliceOfN(rapid.IntRange(-60, 60), 4, 100).Draw(t, "short")
		times := 150/len(short) + 1
		var long []float64
		for range times {
			for _, v := range short {
				long = append(long, float64(v)/4)
			}
		}
		got := outcomes.Describe(long)
		slices.Sort(long)
		for name, pair := range map[string][2]outcomes.Estimate{
			"min": {got.Min, outcomes.Est(long[0])}, "max": {got.Max, outcomes.Est(long[len(long)-1])},
			"median": {got.Median, outcomes.Est((long[(len(long)-1)/2] + long[len(long)/2]) / 2)},
		} {
			if diff := cmp.Diff(pair[1], pair[0], cmp.AllowUnexported(outcomes.Estimate{})); diff != "" {
				t.Errorf("%s of %d values (-want +got):\n%s", name, len(long), diff)
			}
		}
	})
}

// The probability of superiority, from ranks, is that of all couples counted one by one.
func TestMannWhitneyLongLists(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{2, 20, 500}).Draw(t, "most") // few levels and too many
		draw := rapid.SliceOfN(rapid.IntRange(0, most), 100, 150)
		pre, post := floats(draw.Draw(t, "pre")), floats(draw.Draw(t, "post"))
		w := 0.0
		for _, a := range pre {
			for _, b := range post {
				switch {
				case b > a:
					w++
				case b == a:
					w += 0.5
				}
			}
		}
		if got := outcomes.CompareUnpaired(pre, post).MannWhitney.W; got != outcomes.Est(w) {
			t.Errorf("W = %v, want %v", got, w)
		}
	})
}

func floats(values []int) []float64 {
	all := make([]float64, len(values))
	for i, v := range values {
		all[i] = float64(v)
	}
	return all
}
