package outcomes

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Reliability is the internal consistency of a scale.
type Reliability struct {
	NComplete int        `json:"n_complete"` // respondents who answered every item
	K         int        `json:"k"`          // items
	Alpha     Estimate   `json:"alpha"`      // Cronbach's, at most 1; below 0 a reversal was forgotten
	CI        Interval   `json:"ci"`
	ItemRestR []Estimate `json:"item_rest_r"`      // by item: with the sum of the others, -1 to 1
	IfDropped []Estimate `json:"alpha_if_dropped"` // by item: alpha of the others
}

// Alpha returns the reliability of a scale of k items from the keyed answers
// (see ScaleSpec.Keyed) of its respondents, one row each. Rows with a missing
// item are left out. It needs 3 complete rows, 2 items (NotApplicable) and a sum
// that varies (ZeroVariance); alpha without an item needs 3 items.
//
// alpha = k/(k-1) (1 - sum of the item variances/variance of the sum); limits
// 1-(1-alpha) F with n-1 and (n-1)(k-1) degrees of freedom.
//
// Sources: Cronbach (1951), Psychometrika 16:297; Feldt (1965), same 30:357.
func Alpha(rows [][]Number, k int) Reliability {
	return alphaOf(complete(rows, k))
}

// alphaOf is Alpha of the n complete rows, one column an item.
func alphaOf(items [][]float64, n int) Reliability {
	k := len(items)
	r := Reliability{NComplete: n, K: k, ItemRestR: make([]Estimate, k), IfDropped: make([]Estimate, k)}
	variances := make([]float64, k)
	for i, item := range items {
		if n >= leastForSD {
			variances[i] = variance(item)
		}
	}
	r.Alpha = alpha(totals(items, n), variances)
	r.CI = feldt(r.Alpha, n, k)
	for i := range items {
		rest := totals(without(items, i), n)
		r.IfDropped[i] = alpha(rest, without(variances, i))
		r.ItemRestR[i] = NotEstimable(NotApplicable)
		if k > 1 {
			r.ItemRestR[i] = correlation(items[i], rest, NoAnswers)
		}
	}
	return r
}

// complete returns the n rows that have all k answers, turned into one column
// per item.
func complete(rows [][]Number, k int) (items [][]float64, n int) {
	items = make([][]float64, k)
	for _, row := range rows {
		if !full(row, k) {
			continue
		}
		n++
		for i, a := range row {
			items[i] = append(items[i], a.V)
		}
	}
	return items, n
}

// full reports whether row has k answers, none missing.
func full(row []Number, k int) bool {
	for _, a := range row {
		if !a.OK {
			return false
		}
	}
	return len(row) == k
}

// without returns items without the one at index drop.
func without[T any](items []T, drop int) []T {
	rest := make([]T, 0, len(items))
	rest = append(rest, items[:drop]...)
	return append(rest, items[drop+1:]...)
}

// totals returns the sum of the items for each of n respondents, rounded so that
// equal sums are equal.
func totals(items [][]float64, n int) []float64 {
	sums := make([]float64, n)
	for _, item := range items {
		for i, v := range item {
			sums[i] += v
		}
	}
	for i := range sums {
		sums[i] = round10(sums[i])
	}
	return sums
}

// alpha returns Cronbach's alpha from each respondent's sum of the items and the
// variance of each item.
func alpha(sums, variances []float64) Estimate {
	k := float64(len(variances))
	if k < 2 {
		return NotEstimable(NotApplicable)
	}
	if reason := tooFewFor(len(sums), NoAnswers); reason != "" {
		return NotEstimable(reason)
	}
	whole, parts := variance(sums), 0.0
	if whole == 0 {
		return NotEstimable(ZeroVariance)
	}
	for _, v := range variances {
		parts += v
	}
	return Est(k / (k - 1) * (1 - parts/whole))
}

// feldt returns the limits of alpha from n respondents and k items.
func feldt(alpha Estimate, n, k int) Interval {
	if !alpha.OK() {
		return noInterval(alpha.Reason())
	}
	df1, df2 := float64(n-1), float64(n-1)*float64(k-1)
	limit := func(p float64) float64 { return 1 - (1-alpha.value)*quantileF(p, df1, df2) }
	return interval(limit(1-oneSide), limit(oneSide))
}

// quantileF returns the p-quantile (0 to 1) of the F distribution, solved from
// the incomplete beta function: gonum's inverse loses digits.
func quantileF(p, df1, df2 float64) float64 {
	x := root(0, 1, func(x float64) float64 {
		return mathext.RegIncBeta(df1/2, df2/2, math.Min(1, math.Max(0, x))) - p
	})
	return df2 * x / (df1 * (1 - x))
}
