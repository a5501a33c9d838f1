package outcomes

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMoves(t *testing.T) {
	t.Parallel()
	pairs := func(changes ...float64) []Observation {
		var all []Observation
		for _, d := range changes {
			all = append(all, Observation{Pre: Num(3), Post: Num(3 + d)})
		}
		return append(all, Observation{Pre: Num(1)})
	}
	for name, test := range map[string]struct {
		changes []float64
		want    []Move
	}{
		"nobody":  {nil, nil},
		"whole":   {[]float64{-1, 0, 1, 1, 3}, []Move{{-1, -1, 1}, {0, 0, 1}, {1, 1, 2}, {2, 2, 0}, {3, 3, 1}}},
		"halves":  {[]float64{0, 0.5, 1.5, 2}, []Move{{0, 0, 1}, {0, 0.5, 1}, {0.5, 1, 0}, {1, 1.5, 1}, {1.5, 2, 1}}},
		"nowhere": {[]float64{0, 0}, []Move{{0, 0, 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, moves(pairs(test.changes...))[:len(test.want)]); diff != "" {
				t.Errorf("moves (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMergeMovesKeepsFewTogether checks that no bin shows fewer than the smallest
// group but all who moved to one side, or did not move, and that nobody is lost.
func TestMergeMovesKeepsFewTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		smallest := rapid.IntRange(1, 12).Draw(t, "smallest")
		steps := rapid.SliceOfN(rapid.IntRange(-20, 20), 1, 60).Draw(t, "changes")
		var all []Observation
		var worse, same, better int
		for _, step := range steps {
			all = append(all, Observation{Pre: Num(0), Post: Num(float64(step) / 4)})
			switch {
			case step < 0:
				worse++
			case step == 0:
				same++
			default:
				better++
			}
		}
		bins := mergeMoves(moves(all), smallest)
		var sides [3]int
		for i, b := range bins {
			side := 1
			if b.High > 0 {
				side = 2
			} else if b.Low < 0 {
				side = 0
			}
			sides[side] += b.N
			if whole := [3]int{worse, same, better}[side]; b.N > 0 && b.N < smallest && b.N != whole {
				t.Fatalf("a bin of %d of %d stands alone, smallest %d: %v", b.N, whole, smallest, bins)
			}
			if i > 0 && b.Low < bins[i-1].High {
				t.Fatalf("bins overlap: %v", bins)
			}
		}
		if want := [3]int{worse, same, better}; sides != want {
			t.Fatalf("worse, same, better = %v, want %v", sides, want)
		}
	})
}
