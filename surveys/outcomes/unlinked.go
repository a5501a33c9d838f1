package outcomes

import "math"

// Unlinked compares two waves whose answers nobody can link: means by Welch's t
// test, ranks by Mann–Whitney's, the top box or the yes by the difference of two
// independent percentages. Who answered both times counts twice, as two people: the
// interval is wider than the truth.
type Unlinked struct {
	Unpaired
	Share *IndependentShare `json:"share,omitempty"` // of the top box, or of yes; nil without one
}

// IndependentShare compares two percentages of different people.
type IndependentShare struct {
	NPre    int      `json:"n_pre"`
	NPost   int      `json:"n_post"`
	YesPre  int      `json:"yes_pre"`  // of NPre
	YesPost int      `json:"yes_post"` // of NPost
	PrePct  Estimate `json:"pre_pct"`  // 0 to 100
	PostPct Estimate `json:"post_pct"`
	PreCI   Interval `json:"pre_pct_ci"` // Wilson
	PostCI  Interval `json:"post_pct_ci"`
	DiffPP  Estimate `json:"diff_pp"` // post - pre, percentage points
	DiffCI  Interval `json:"ci"`      // of DiffPP
}

// compareShares compares the share of values in yes at the two waves.
//
// Source of the interval: method 10 of Newcombe (1998), Statistics in Medicine
// 17:873, which is that for pairs with phi 0: D - sqrt(l1^2 + u2^2),
// D + sqrt(u1^2 + l2^2).
func compareShares(pre, post, yes []float64) *IndependentShare {
	s := &IndependentShare{NPre: len(pre), NPost: len(post), YesPre: countIn(pre, yes), YesPost: countIn(post, yes)}
	s.PrePct, s.PostPct = percent(s.YesPre, s.NPre, NoAnswers), percent(s.YesPost, s.NPost, NoAnswers)
	s.PreCI, s.PostCI = wilson(s.YesPre, s.NPre, NoAnswers), wilson(s.YesPost, s.NPost, NoAnswers)
	if min(s.NPre, s.NPost) == 0 {
		s.DiffPP, s.DiffCI = NotEstimable(NoAnswers), noInterval(NoAnswers)
		return s
	}
	p1, p2 := float64(s.YesPost)/float64(s.NPost), float64(s.YesPre)/float64(s.NPre)
	s.DiffPP = Est(100 * (p1 - p2))
	if reason := tooFewFor(min(s.NPre, s.NPost), NoAnswers); reason != "" {
		s.DiffCI = noInterval(reason)
		return s
	}
	l1, u1 := wilsonLimits(s.YesPost, s.NPost)
	l2, u2 := wilsonLimits(s.YesPre, s.NPre)
	below, above := math.Hypot(p1-l1, u2-p2), math.Hypot(u1-p1, p2-l2)
	s.DiffCI = interval(100*max(-1, p1-p2-below), 100*min(1, p1-p2+above))
	return s
}

// compareUnlinked compares everyone before with everyone after.
func compareUnlinked(observations []Observation, yes []float64) *Unlinked {
	w := split(observations)
	u := &Unlinked{Unpaired: CompareUnpaired(w.allPre, w.allPost)}
	if len(yes) > 0 {
		u.Share = compareShares(w.allPre, w.allPost, yes)
	}
	return u
}
