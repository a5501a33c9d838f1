package outcomes

import "math"

// Number is one answer or score, or its absence (the zero Number). V must be
// finite.
type Number struct {
	V  float64 // in the unit of the item or scale; meaningless unless OK
	OK bool    // whether there is an answer
}

// Num returns the Number v.
func Num(v float64) Number {
	return Number{V: v, OK: true}
}

// Observation holds what one respondent answered before and after. Either may
// be absent.
type Observation struct {
	Pre, Post Number
}

// Params say how change in one outcome measure is read. They are fixed before
// the data arrive, never chosen after looking.
type Params struct {
	LowerIsBetter bool      // whether a lower value is an improvement
	Min, Max      *float64  // the ends of the scale, for floor and ceiling; nil = open
	Top           []float64 // the values that make up the top box; empty = none
	MinChange     *float64  // smallest change that counts, above 0, in the measure's unit; nil = none
}

// sign returns 1 if more is better, -1 if less is.
func (p Params) sign() float64 {
	if p.LowerIsBetter {
		return -1
	}
	return 1
}

// Counts say how many respondents answered at which wave.
type Counts struct {
	NPre      int `json:"n_pre"`       // answered at pre
	NPost     int `json:"n_post"`      // answered at post
	NMatched  int `json:"n_matched"`   // answered at both
	NPreOnly  int `json:"n_pre_only"`  // answered at pre, not at post
	NPostOnly int `json:"n_post_only"` // answered at post, not at pre
}

// Paired holds every figure of a comparison of two waves of the same people.
type Paired struct {
	Counts
	AllPre      Sample       `json:"all_pre"`     // everyone who answered at pre
	AllPost     Sample       `json:"all_post"`    // everyone who answered at post
	Pre         Sample       `json:"pre"`         // the matched at pre
	Post        Sample       `json:"post"`        // the matched at post
	Diff        Difference   `json:"diff"`        // the matched, post - pre
	Correlation Estimate     `json:"cor_pearson"` // of pre and post, -1 to 1
	T           TTest        `json:"t"`
	Wilcoxon    Wilcoxon     `json:"wilcoxon"`
	Sign        SignTest     `json:"sign"`
	Effect      PairedEffect `json:"effect"`
	Change      Change       `json:"change"`               // by any step
	ChangeMid   *Change      `json:"change_mid,omitempty"` // by Params.MinChange; nil without it
	Ceiling     *Extreme     `json:"ceiling,omitempty"`    // at Params.Max; nil without it
	Floor       *Extreme     `json:"floor,omitempty"`      // at Params.Min; nil without it
	Top         *Table       `json:"top,omitempty"`        // in Params.Top; nil without it
	Attrition   Attrition    `json:"attrition"`
	Unpaired    Unpaired     `json:"unpaired_all"` // all pre against all post as if unlinked
}

// Difference describes post - pre of the matched, in the measure's unit.
type Difference struct {
	Mean   Estimate `json:"mean"`
	SD     Estimate `json:"sd"`
	Median Estimate `json:"median"`
	SE     Estimate `json:"se"` // SD/sqrt(n)
	CI     Interval `json:"ci"` // mean -+ t(0.975, n-1) SE
}

// TTest is a t test of a mean difference against 0.
type TTest struct {
	Statistic Estimate `json:"statistic"` // mean/SE
	DF        Estimate `json:"df"`        // degrees of freedom, above 0
	P         Estimate `json:"p"`         // two-sided
}

// ComparePaired compares the two waves of observations. Respondents absent at
// both waves count nowhere; the order of observations has no influence beyond
// the last digits of a sum.
//
// Figures of change are over the n matched respondents. They are not estimable
// with NoPairs at n = 0, FewerThanThree at n < 3; AllDifferencesZero or
// ZeroVarianceOfDifferences where the spread of the differences is divided by.
func ComparePaired(observations []Observation, p Params) Paired {
	w := split(observations)
	pre, post := describe(w.pre, NoPairs), describe(w.post, NoPairs)
	t := pairedT(w.diff)
	allPre, allPost := Describe(w.allPre), Describe(w.allPost)
	return Paired{
		Counts:      w.counts(),
		AllPre:      allPre,
		AllPost:     allPost,
		Pre:         pre,
		Post:        post,
		Diff:        difference(w.diff),
		Correlation: correlation(w.pre, w.post, NoPairs),
		T:           t,
		Wilcoxon:    wilcoxon(w.diff),
		Sign:        signTest(w.diff),
		Effect:      pairedEffect(w, t),
		Change:      change(w.diff, p, 0),
		ChangeMid:   changeMid(w.diff, p),
		Ceiling:     extreme(w, p.Max),
		Floor:       extreme(w, p.Min),
		Top:         topBox(w, p.Top),
		Attrition:   attrition(w),
		Unpaired:    compareDescribed(w.allPre, w.allPost, allPre, allPost),
	}
}

// waves holds the answers of two waves, sorted by who gave them.
type waves struct {
	allPre, allPost []float64 // everyone
	pre, post, diff []float64 // the matched, in one order; diff rounded to 10 decimals
	preOnly         []float64 // the drop-outs
}

// split sorts observations into waves.
func split(observations []Observation) waves {
	w := room(observations)
	for _, o := range observations {
		if o.Pre.OK {
			w.allPre = append(w.allPre, o.Pre.V)
		}
		if o.Post.OK {
			w.allPost = append(w.allPost, o.Post.V)
		}
		switch {
		case o.Pre.OK && o.Post.OK:
			w.pre = append(w.pre, o.Pre.V)
			w.post = append(w.post, o.Post.V)
			w.diff = append(w.diff, round10(o.Post.V-o.Pre.V))
		case o.Pre.OK:
			w.preOnly = append(w.preOnly, o.Pre.V)
		}
	}
	return w
}

// room returns empty waves with room for what observations hold; nil where that is
// nothing.
func room(observations []Observation) waves {
	pre, post, both := 0, 0, 0
	for _, o := range observations {
		if o.Pre.OK {
			pre++
		}
		if o.Post.OK {
			post++
		}
		if o.Pre.OK && o.Post.OK {
			both++
		}
	}
	return waves{
		allPre: withRoom(pre), allPost: withRoom(post),
		pre: withRoom(both), post: withRoom(both), diff: withRoom(both), preOnly: withRoom(pre - both),
	}
}

func withRoom(n int) []float64 {
	if n == 0 {
		return nil
	}
	return make([]float64, 0, n)
}

// counts returns how many answered when.
func (w waves) counts() Counts {
	n := len(w.diff)
	return Counts{len(w.allPre), len(w.allPost), n, len(w.allPre) - n, len(w.allPost) - n}
}

// difference describes the differences and gives the t interval of their mean.
func difference(d []float64) Difference {
	s := describe(d, NoPairs)
	se := s.SD.times(1 / math.Sqrt(float64(len(d))))
	result := Difference{Mean: s.Mean, SD: s.SD, Median: s.Median, SE: se}
	if reason := noTest(d); reason != "" {
		result.CI = noInterval(reason)
		return result
	}
	half := studentLimit(float64(len(d)-1)) * se.value
	result.CI = interval(s.Mean.value-half, s.Mean.value+half)
	return result
}

// noTest returns why the differences allow no t test, "" if they do. Differences
// that are equal up to rounding count as equal, by the rule of R's t.test.
func noTest(d []float64) Reason {
	const epsilon = 2.220446049250313e-16 // R's .Machine$double.eps
	if reason := tooFewFor(len(d), NoPairs); reason != "" {
		return reason
	}
	if allZero(d) {
		return AllDifferencesZero
	}
	se := math.Sqrt(variance(d) / float64(len(d)))
	if se == 0 || se < 10*epsilon*math.Abs(mean(d)) {
		return ZeroVarianceOfDifferences
	}
	return ""
}

// allZero reports whether every value is 0.
func allZero(values []float64) bool {
	for _, v := range values {
		if v != 0 {
			return false
		}
	}
	return true
}

// pairedT tests the mean of the differences against 0.
//
// Source: Student (1908), Biometrika 6:1.
func pairedT(d []float64) TTest {
	if reason := noTest(d); reason != "" {
		none := NotEstimable(reason)
		return TTest{none, none, none}
	}
	df := float64(len(d) - 1)
	statistic := Est(mean(d) / math.Sqrt(variance(d)/float64(len(d))))
	if !statistic.OK() {
		return TTest{statistic, statistic, statistic}
	}
	return TTest{statistic, Est(df), studentP(statistic.value, df)}
}
