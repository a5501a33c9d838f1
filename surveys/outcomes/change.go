package outcomes

import "math"

// reliableAt is how many standard errors of a difference a reliable change
// exceeds: the rounded normal quantile that Jacobson & Truax use.
const reliableAt = 1.96

// Change counts the matched respondents who improved, stayed or got worse.
type Change struct {
	ImprovedN   int      `json:"improved_n"`
	SameN       int      `json:"same_n"`
	WorseN      int      `json:"worse_n"`
	ImprovedPct Estimate `json:"improved_pct"` // of the matched, 0 to 100
	SamePct     Estimate `json:"same_pct"`
	WorsePct    Estimate `json:"worse_pct"`
	ImprovedCI  Interval `json:"improved_pct_ci"` // Wilson; needs 3 pairs
}

// change counts gains of more than 0 and at least least, in the measure's unit.
func change(d []float64, p Params, least float64) Change {
	var c Change
	for _, v := range d {
		switch gain := p.sign() * v; {
		case gain > 0 && gain >= least:
			c.ImprovedN++
		case gain < 0 && -gain >= least:
			c.WorseN++
		default:
			c.SameN++
		}
	}
	n := len(d)
	c.ImprovedPct = percent(c.ImprovedN, n, NoPairs)
	c.SamePct = percent(c.SameN, n, NoPairs)
	c.WorsePct = percent(c.WorseN, n, NoPairs)
	c.ImprovedCI = wilson(c.ImprovedN, n, NoPairs)
	return c
}

// changeMid counts changes of at least p.MinChange, nil if there is none.
func changeMid(d []float64, p Params) *Change {
	if p.MinChange == nil {
		return nil
	}
	c := change(d, p, *p.MinChange)
	return &c
}

// Extreme says how many of the matched sit at one end of the scale: those at the
// best value at pre have no room to improve.
type Extreme struct {
	PrePct  Estimate `json:"pre_pct"`  // of the matched, 0 to 100
	PostPct Estimate `json:"post_pct"` // of the matched, 0 to 100
}

// extreme returns the shares at the value end, nil if the scale has no such end.
func extreme(w waves, end *float64) *Extreme {
	if end == nil {
		return nil
	}
	at := []float64{*end}
	return &Extreme{
		PrePct:  percent(countIn(w.pre, at), len(w.pre), NoPairs),
		PostPct: percent(countIn(w.post, at), len(w.post), NoPairs),
	}
}

// Reliable counts the changes too large to be measurement error.
type Reliable struct {
	Reliability Estimate `json:"reliability"` // of the scale, at most 1
	SDPre       Estimate `json:"sd_pre"`      // of everyone at pre
	SDiff       Estimate `json:"sdiff"`       // standard error of a difference, sqrt(2) SDPre sqrt(1-reliability)
	Threshold   Estimate `json:"threshold"`   // 1.96 SDiff: a larger change is reliable
	ImprovedN   Estimate `json:"improved_n"`  // matched respondents; so are the next two
	SameN       Estimate `json:"no_reliable_change_n"`
	WorseN      Estimate `json:"worse_n"`
}

// ReliableChange applies the reliable change index to the scale scores of
// observations. The reliability comes from a norm study, else it is alpha at
// pre. It is only for scales of several items.
//
// Without spread at pre, or with a reliability of 1, no change can be told from
// error and the counts are not estimable, ZeroVariance; a reliability above 1
// is NotApplicable.
//
// Source: Jacobson & Truax (1991), J Consult Clin Psychol 59:12.
func ReliableChange(observations []Observation, p Params, reliability Estimate) Reliable {
	w := split(observations)
	r := Reliable{Reliability: reliability, SDPre: standardDeviation(w.allPre, NoAnswers)}
	r.SDiff = errorOfDifference(r.SDPre, reliability)
	r.Threshold = r.SDiff.times(reliableAt)
	if reason := noReliableChange(r.SDiff, len(w.diff)); reason != "" {
		r.ImprovedN, r.SameN, r.WorseN = NotEstimable(reason), NotEstimable(reason), NotEstimable(reason)
		return r
	}
	improved, worse := 0, 0
	for _, d := range w.diff {
		index := p.sign() * d / r.SDiff.value
		if index > reliableAt {
			improved++
		}
		if index < -reliableAt {
			worse++
		}
	}
	r.ImprovedN, r.WorseN = Est(float64(improved)), Est(float64(worse))
	r.SameN = Est(float64(len(w.diff) - improved - worse))
	return r
}

// errorOfDifference returns sqrt(2) sd sqrt(1-reliability), in the unit of sd.
func errorOfDifference(sd, reliability Estimate) Estimate {
	if !reliability.OK() {
		return NotEstimable(reliability.Reason())
	}
	if reliability.value > 1 {
		return NotEstimable(NotApplicable)
	}
	return sd.times(math.Sqrt2 * math.Sqrt(1-reliability.value))
}

// noReliableChange returns why n changes cannot be set against the error sdiff,
// "" if they can.
func noReliableChange(sdiff Estimate, n int) Reason {
	if !sdiff.OK() {
		return sdiff.Reason()
	}
	if n == 0 {
		return NoPairs
	}
	if sdiff.value == 0 {
		return ZeroVariance
	}
	return ""
}
