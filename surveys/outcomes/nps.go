package outcomes

import "math"

// npsPrintedFrom is the number of answers from which a net promoter score may be
// printed: below it one answer moves the score by more than 10 points.
const npsPrintedFrom = 10

// NetPromoter summarises answers from 0 to 10 to "would you recommend".
type NetPromoter struct {
	N             int      `json:"n"`            // answers
	PromotersN    int      `json:"promoters_n"`  // 9 and above
	PassivesN     int      `json:"passives_n"`   // 7 to 8
	DetractorsN   int      `json:"detractors_n"` // 6 and below
	PromotersPct  Estimate `json:"promoters_pct"`
	PassivesPct   Estimate `json:"passives_pct"`
	DetractorsPct Estimate `json:"detractors_pct"`
	Score         Estimate `json:"score"`  // promoters - detractors, percentage points, -100 to 100
	SE            Estimate `json:"se"`     // of Score, points
	CI            Interval `json:"ci"`     // Score -+ 1.96 SE, cut at -100 and 100
	Mean          Estimate `json:"mean"`   // of the answers; so are the next two
	SD            Estimate `json:"sd"`     //
	Median        Estimate `json:"median"` //
}

// NPS returns the net promoter score of the answers, computed from 1 answer on;
// ask Printed for the score to show. With all answers in one class the standard
// error is 0 and the interval a point.
//
// SE = 100 sqrt((p + q - (p-q)^2)/n), p promoters and q detractors as shares:
// the variance of a difference of two multinomial shares.
func NPS(answers []float64) NetPromoter {
	s := Describe(answers)
	r := NetPromoter{N: s.N, Mean: s.Mean, SD: s.SD, Median: s.Median}
	for _, v := range answers {
		switch {
		case v >= 9:
			r.PromotersN++
		case v >= 7 && v <= 8:
			r.PassivesN++
		case v <= 6:
			r.DetractorsN++
		}
	}
	r.PromotersPct = percent(r.PromotersN, r.N, NoAnswers)
	r.PassivesPct = percent(r.PassivesN, r.N, NoAnswers)
	r.DetractorsPct = percent(r.DetractorsN, r.N, NoAnswers)
	r.Score = percent(r.PromotersN-r.DetractorsN, r.N, NoAnswers)
	r.SE, r.CI = npsError(r)
	return r
}

// npsError returns the standard error and the interval of r.Score.
func npsError(r NetPromoter) (Estimate, Interval) {
	if r.N == 0 {
		return NotEstimable(NoAnswers), noInterval(NoAnswers)
	}
	n := float64(r.N)
	p, q := float64(r.PromotersN)/n, float64(r.DetractorsN)/n
	se := 100 * math.Sqrt(max(0, p+q-(p-q)*(p-q))/n)
	half := normalLimit * se
	return Est(se), interval(max(-100, r.Score.value-half), min(100, r.Score.value+half))
}

// Printed returns the score to show: Score from 10 answers on, below it not
// estimable, TooFew.
func (r NetPromoter) Printed() Estimate {
	if r.N < npsPrintedFrom {
		return NotEstimable(TooFew)
	}
	return r.Score
}
