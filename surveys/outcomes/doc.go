// Package outcomes turns paired answers into outcomes: what respondents said
// before, what the same respondents said afterwards, and how sure one may be
// that the difference is more than chance.
//
// Everything in the statistics half of the package is a pure function of
// values: numbers in, one nested struct of figures out. Nothing here reads a
// store, a clock or a setting.
//
// # Shapes
//
//   - Number is one answer or score, or its absence. Absence is never 0.
//   - Observation is the pre and the post Number of one respondent.
//   - Params are fixed before the data arrive: direction, range, top box,
//     smallest change that counts.
//   - Estimate is a figure, or the Reason why it is not estimable. It is never
//     NaN, infinite or minus zero, and "not estimable" is never 0.
//   - Interval holds two Estimates: the limits of a 95 % confidence interval.
//   - Paired, Binary, Unpaired, Groups, Reliability, Reliable and NetPromoter
//     are the results. They marshal to JSON with snake_case names, numbers in
//     full float64 precision and {"not_estimable": reason} in place of a figure.
//
// # Conventions
//
// Differences are post minus pre and keep that sign; Params.LowerIsBetter only
// decides what is called improved. Differences and scale scores are rounded to
// 10 decimals before signs, zeros and ranks are taken, so that 1.1-(-0.2) and
// 0.1-(-1.2) tie. Means, SDs and tests of change come from the matched
// respondents only; figures over everyone who answered are named "all".
// Tests, intervals and effect sizes need 3 pairs, an SD needs 2. Percentages
// run from 0 to 100, differences of percentages are in percentage points.
// A p-value is two-sided and above 0: one too small for a float64 is given as
// the smallest positive float64.
//
// # Example
//
//	result := outcomes.ComparePaired([]outcomes.Observation{
//		{Pre: outcomes.Num(2), Post: outcomes.Num(4)},
//		{Pre: outcomes.Num(3), Post: outcomes.Num(4)},
//		{Pre: outcomes.Num(1), Post: outcomes.Num(4)},
//		{Pre: outcomes.Num(5)}, // answered at pre only
//	}, outcomes.Params{})
//
//	result.NMatched    // 3 of 4
//	result.Diff.Mean   // 2
//	result.T.P         // 0.0742
//	result.Change      // 3 improved, 0 same, 0 worse
package outcomes
