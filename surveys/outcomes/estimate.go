package outcomes

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Reason says why a figure is not estimable. The texts are stable: they appear
// in the HTTP API and as translation keys.
type Reason string

// The reasons a figure can be withheld for.
const (
	NoAnswers                 Reason = "no_answers"                   // nobody answered at this wave
	NoPairs                   Reason = "no_pairs"                     // nobody answered at both waves
	FewerThanTwo              Reason = "n_lt_2"                       // an SD needs 2 values
	FewerThanThree            Reason = "n_lt_3"                       // inference needs 3 values
	ZeroVarianceOfDifferences Reason = "zero_variance_of_differences" // everyone changed by the same amount, not 0
	AllDifferencesZero        Reason = "all_differences_zero"         // nobody changed
	ZeroVariance              Reason = "zero_variance"                // all values are the same
	ZeroVarianceInAGroup      Reason = "zero_variance_in_a_group"     // one group has no spread
	GroupNotTested            Reason = "group_not_tested"             // left out of Holm's family
	TooFew                    Reason = "too_few"                      // computed, but not to be printed
	NotApplicable             Reason = "not_applicable"               // the figure has no meaning here
	OutOfRange                Reason = "out_of_range"                 // too large for a float64
)

// Estimate is one figure, or the reason why there is none. The zero Estimate is
// not estimable, NotApplicable: a figure nobody computed is never read as 0.
type Estimate struct {
	value  float64
	ok     bool
	reason Reason
}

// Est returns the figure v. A NaN or infinite v, which only values near the end
// of the float64 range can cause, is not estimable, OutOfRange; -0 becomes 0.
func Est(v float64) Estimate {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return NotEstimable(OutOfRange)
	}
	if v == 0 {
		v = 0 // drops the sign of -0, which would be printed
	}
	return Estimate{value: v, ok: true}
}

// NotEstimable returns a figure that is withheld for reason.
func NotEstimable(reason Reason) Estimate {
	return Estimate{reason: reason}
}

// OK reports whether there is a figure.
func (e Estimate) OK() bool {
	return e.ok
}

// Float returns the figure and true, or 0 and false if it is not estimable.
func (e Estimate) Float() (float64, bool) {
	return e.value, e.ok
}

// Reason returns why the figure is not estimable, "" if it is.
func (e Estimate) Reason() Reason {
	if e.ok {
		return ""
	}
	if e.reason == "" {
		return NotApplicable
	}
	return e.reason
}

// Equal reports whether e and other hold the same figure or the same reason.
func (e Estimate) Equal(other Estimate) bool {
	return e.ok == other.ok && e.value == other.value && e.Reason() == other.Reason()
}

// String returns the figure in the shortest form that reads back unchanged, or
// "not estimable: reason". It is for logs and tests, not for pages.
func (e Estimate) String() string {
	if !e.ok {
		return "not estimable: " + string(e.Reason())
	}
	return strconv.FormatFloat(e.value, 'g', -1, 64)
}

// withheld is the JSON form of a figure that is not estimable.
type withheld struct {
	Reason Reason `json:"not_estimable"`
}

// MarshalJSON returns a JSON number in full precision, or
// {"not_estimable":"reason"}.
func (e Estimate) MarshalJSON() ([]byte, error) {
	if !e.ok {
		return json.Marshal(withheld{e.Reason()})
	}
	return json.Marshal(e.value)
}

// UnmarshalJSON reads what MarshalJSON wrote. Anything else, null included, is
// an error, so that a lost figure cannot turn into 0.
func (e *Estimate) UnmarshalJSON(data []byte) error {
	var v *float64
	if err := json.Unmarshal(data, &v); err == nil && v != nil {
		*e = Est(*v)
		return nil
	}
	var w withheld
	if err := json.Unmarshal(data, &w); err != nil || w.Reason == "" {
		return fmt.Errorf("read estimate from %q: want a number or {\"not_estimable\":reason}", data)
	}
	*e = NotEstimable(w.Reason)
	return nil
}

// then returns f of the figure, or e itself if it is not estimable.
func (e Estimate) then(f func(float64) float64) Estimate {
	if !e.ok {
		return e
	}
	return Est(f(e.value))
}

// times returns the figure multiplied by k.
func (e Estimate) times(k float64) Estimate {
	return e.then(func(v float64) float64 { return k * v })
}

// Interval is a 95 % confidence interval, in the unit of its figure. Either
// both limits are estimable or neither is.
type Interval struct {
	Low  Estimate `json:"low"`
	High Estimate `json:"high"`
}

// interval returns the interval from low to high, OutOfRange if either limit is.
func interval(low, high float64) Interval {
	i := Interval{Est(low), Est(high)}
	if !i.Low.OK() || !i.High.OK() {
		return noInterval(OutOfRange)
	}
	return i
}

// noInterval returns an interval withheld for reason.
func noInterval(reason Reason) Interval {
	return Interval{NotEstimable(reason), NotEstimable(reason)}
}

// times returns the interval with both limits multiplied by k > 0.
func (i Interval) times(k float64) Interval {
	if !i.Low.OK() {
		return i
	}
	return interval(k*i.Low.value, k*i.High.value)
}

// pValue returns the p-value p, cut at 1. It is never 0: a p too small for a
// float64 is given as the smallest positive one, because a printed 0 would claim
// certainty.
func pValue(p float64) Estimate {
	return Est(max(math.SmallestNonzeroFloat64, min(1, p)))
}
