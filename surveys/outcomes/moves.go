package outcomes

import (
	"cmp"
	"math"
	"slices"
)

// Move says how many of the matched changed by so much: from Low to High in the
// measure's unit, both included; 0 to 0 did not change at all.
//
// It is what a picture of individual changes is made of. Where a profile hides
// something, few people never stand apart on their own: a bin of fewer than its
// smallest group is put together with the next one towards no change, and the last
// one on a side holds everybody who moved that way, whose number is known from
// Change. So a point in the picture tells of nobody more than the number of those
// who improved, stayed and got worse. For publication there are none.
type Move struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"`
}

// mostMoves is about how many bins there are on each side of no change.
const mostMoves = 5

// moves puts the changes of the matched into bins from the lowest to the highest,
// with those between that are empty; nil if nobody is matched.
func moves(observations []Observation) []Move {
	changes := differences(observations)
	if len(changes) == 0 {
		return nil
	}
	width, step := binWidth(changes)
	count := map[int]int{}
	low, high := 0, 0
	for _, d := range changes {
		bin := int(math.Ceil(round10(math.Abs(d) / width)))
		if d < 0 {
			bin = -bin
		}
		count[bin]++
		low, high = min(low, bin), max(high, bin)
	}
	bins := make([]Move, 0, high-low+1)
	for bin := low; bin <= high; bin++ {
		bins = append(bins, binOf(bin, width, step, count[bin]))
	}
	return bins
}

// binWidth is how wide the bins of changes are, and by how much one begins beyond
// the end of the one before it: 1 where all changes are whole numbers, else as good
// as nothing.
func binWidth(changes []float64) (width, step float64) {
	furthest, step := 0.0, 1.0
	for _, d := range changes {
		furthest = max(furthest, math.Abs(d))
		if d != math.Trunc(d) {
			step = 0
		}
	}
	return max(step, niceStep(furthest/mostMoves)), step
}

// binOf is the bin so many widths from no change.
func binOf(bin int, width, step float64, n int) Move {
	side := float64(cmp.Compare(bin, 0))
	near, far := round10((float64(bin)-side)*width+side*step), round10(float64(bin)*width)
	return Move{Low: min(near, far), High: max(near, far), N: n}
}

// niceStep is the smallest of 0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10 … that is at
// least v.
func niceStep(v float64) float64 {
	for power := 0.1; ; power *= 10 {
		for _, step := range []float64{1, 2, 2.5, 5} {
			if step = round10(step * power); step >= v-1e-9 {
				return step
			}
		}
	}
}

// mergeMoves puts bins of fewer than smallest together with the next towards no
// change; see Move.
func mergeMoves(bins []Move, smallest int) []Move {
	still := slices.IndexFunc(bins, func(m Move) bool { return m.Low == 0 && m.High == 0 })
	if still < 0 {
		return bins
	}
	worse := slices.Clone(bins[:still])
	slices.Reverse(worse)
	merged := mergeSide(worse, smallest)
	slices.Reverse(merged)
	merged = append(merged, bins[still])
	return append(merged, mergeSide(bins[still+1:], smallest)...)
}

// mergeSide merges the bins of one side, which begin beside no change.
func mergeSide(bins []Move, smallest int) []Move {
	var out []Move
	for _, b := range slices.Backward(bins) { // from the far end
		if last := len(out) - 1; last >= 0 && out[last].N > 0 && out[last].N < smallest {
			out[last] = Move{Low: min(out[last].Low, b.Low), High: max(out[last].High, b.High), N: out[last].N + b.N}
			continue
		}
		out = append(out, b)
	}
	// What is left beside no change may be too few: it goes outwards.
	for len(out) > 1 && out[len(out)-1].N > 0 && out[len(out)-1].N < smallest {
		b, a := out[len(out)-1], &out[len(out)-2]
		*a = Move{Low: min(a.Low, b.Low), High: max(a.High, b.High), N: a.N + b.N}
		out = out[:len(out)-1]
	}
	slices.Reverse(out)
	return out
}
