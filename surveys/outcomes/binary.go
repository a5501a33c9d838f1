package outcomes

import (
	"math"
	"slices"
)

// normalLimit is the 0.975 quantile of the standard normal distribution.
const normalLimit = 1.959963984540054

// Table crosses a yes or no of the matched respondents at pre with theirs at
// post.
type Table struct {
	N11      int      `json:"n11"`      // yes at both
	N10      int      `json:"n10"`      // yes at pre only
	N01      int      `json:"n01"`      // yes at post only
	N00      int      `json:"n00"`      // yes at neither
	PrePct   Estimate `json:"pre_pct"`  // yes at pre, 0 to 100
	PostPct  Estimate `json:"post_pct"` // yes at post, 0 to 100
	PreCI    Interval `json:"pre_pct_ci"`
	PostCI   Interval `json:"post_pct_ci"`
	DiffPP   Estimate `json:"diff_pp"`   // post - pre, percentage points, -100 to 100
	DiffCI   Interval `json:"ci"`        // of DiffPP
	McNemarP Estimate `json:"mcnemar_p"` // exact, two-sided; 1 if nobody moved
}

// Binary compares a yes-or-no answer of the same people at two waves.
type Binary struct {
	Counts
	AllPrePct  Estimate `json:"all_pre_pct"`  // yes among everyone at pre, 0 to 100
	AllPostPct Estimate `json:"all_post_pct"` // yes among everyone at post, 0 to 100
	Table
}

// ComparePairedBinary compares yes at pre with yes at post, where yes is any of
// the values in yes (1 for an answer stored as 0 or 1). Intervals and test need
// 3 pairs.
func ComparePairedBinary(observations []Observation, yes []float64) Binary {
	w := split(observations)
	return Binary{
		Counts:     w.counts(),
		AllPrePct:  percent(countIn(w.allPre, yes), len(w.allPre), NoAnswers),
		AllPostPct: percent(countIn(w.allPost, yes), len(w.allPost), NoAnswers),
		Table:      cross(w, yes),
	}
}

// topBox crosses the answers in the top box, nil if there is no top box.
func topBox(w waves, top []float64) *Table {
	if len(top) == 0 {
		return nil
	}
	t := cross(w, top)
	return &t
}

// countIn returns how many of values are in set.
func countIn(values, set []float64) int {
	n := 0
	for _, v := range values {
		if slices.Contains(set, v) {
			n++
		}
	}
	return n
}

// cross returns the table of the matched, yes being the values in yes.
func cross(w waves, yes []float64) Table {
	var t Table
	for i := range w.pre {
		pre, post := slices.Contains(yes, w.pre[i]), slices.Contains(yes, w.post[i])
		switch {
		case pre && post:
			t.N11++
		case pre:
			t.N10++
		case post:
			t.N01++
		default:
			t.N00++
		}
	}
	n := len(w.pre)
	t.PrePct = percent(t.N11+t.N10, n, NoPairs)
	t.PostPct = percent(t.N11+t.N01, n, NoPairs)
	t.PreCI = wilson(t.N11+t.N10, n, NoPairs)
	t.PostCI = wilson(t.N11+t.N01, n, NoPairs)
	t.DiffPP = percent(t.N01-t.N10, n, NoPairs)
	t.DiffCI, t.McNemarP = newcombe(t), coinP(t.N01, t.N10)
	if reason := tooFewFor(n, NoPairs); reason != "" {
		t.DiffCI, t.McNemarP = noInterval(reason), NotEstimable(reason)
	}
	return t
}

// wilson returns the interval of the percentage 100*x/n, 0 to 100. It needs
// n >= 3.
//
// Source: Wilson (1927), J Am Stat Assoc 22:209, without continuity correction.
func wilson(x, n int, empty Reason) Interval {
	if reason := tooFewFor(n, empty); reason != "" {
		return noInterval(reason)
	}
	low, high := wilsonLimits(x, n)
	return interval(100*low, 100*high)
}

// wilsonLimits returns the limits of x/n, 0 to 1, for n > 0. They are exactly 0
// and 1 where rounding would leave a trace of 1e-17.
func wilsonLimits(x, n int) (low, high float64) {
	const z2 = normalLimit * normalLimit
	size := float64(n)
	p := float64(x) / size
	centre := p + z2/(2*size)
	half := normalLimit * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	low, high = (centre-half)/(1+z2/size), (centre+half)/(1+z2/size)
	if x == 0 {
		low = 0
	}
	if x == n {
		high = 1
	}
	return low, high
}

// newcombe returns the interval of the difference post - pre of two paired
// percentages, in percentage points, for a table of one or more pairs.
//
// With l, u the distances to the Wilson limits of post (1) and pre (2) and D the
// difference: D - sqrt(l1^2 - 2 phi l1 u2 + u2^2), D + sqrt(u1^2 - 2 phi u1 l2 + l2^2).
//
// Source: method 10 of Newcombe (1998), Statistics in Medicine 17:2635.
func newcombe(t Table) Interval {
	n := t.N11 + t.N10 + t.N01 + t.N00
	if n == 0 {
		return noInterval(NoPairs)
	}
	size := float64(n)
	post, pre := float64(t.N11+t.N01)/size, float64(t.N11+t.N10)/size
	lowPost, highPost := wilsonLimits(t.N11+t.N01, n)
	lowPre, highPre := wilsonLimits(t.N11+t.N10, n)
	phi, diff := pairedPhi(t), float64(t.N01-t.N10)/size
	below := combine(post-lowPost, highPre-pre, phi)
	above := combine(highPost-post, pre-lowPre, phi)
	return interval(100*max(-1, diff-below), 100*min(1, diff+above))
}

// combine returns the length of the difference of two distances at correlation
// phi; rounding must not push the square below 0.
func combine(a, b, phi float64) float64 {
	return math.Sqrt(max(0, a*a-2*phi*a*b+b*b))
}

// pairedPhi returns the correlation in t, -1 to 1, with the continuity
// correction n/2 of Newcombe's method 10; 0 if a margin is empty. The margins
// are multiplied as floats: as integers they overflow from about 1,500 pairs.
func pairedPhi(t Table) float64 {
	a, b, c, d := float64(t.N11), float64(t.N10), float64(t.N01), float64(t.N00)
	margins := (a + b) * (c + d) * (a + c) * (b + d)
	if margins == 0 {
		return 0
	}
	product, cut := a*d-b*c, (a+b+c+d)/2
	if product > 0 {
		product = max(0, product-cut)
	}
	return product / math.Sqrt(margins)
}
