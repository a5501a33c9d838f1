package surveys

import (
	"slices"
	"time"
)

// RetentionStep is one of the steps in which what a programme holds is destroyed.
type RetentionStep string

// The steps, in their order, and the one that is only done when somebody asks.
const (
	StepLinkages  RetentionStep = "linkages"  // pairing keys and linkages: nobody can tell any more which answers are of one person
	StepContacts  RetentionStep = "contacts"  // addresses, and requests to be contacted
	StepTexts     RetentionStep = "texts"     // what people wrote in their own words, and what was made of it
	StepAnswers   RetentionStep = "answers"   // every response; the figures that were frozen before stay
	StepProgramme RetentionStep = "programme" // all that is left; only if asked for
)

// RetentionSteps lists those that a clock does, in their order.
func RetentionSteps() []RetentionStep {
	return []RetentionStep{StepLinkages, StepContacts, StepTexts, StepAnswers}
}

// upTo lists the steps up to and with step.
func (step RetentionStep) upTo() []RetentionStep {
	all := append(RetentionSteps(), StepProgramme)
	return all[:slices.Index(all, step)+1]
}

// SpanUnit is what a span counts.
type SpanUnit string

// The units of a span.
const (
	SpanDays   SpanUnit = "days"
	SpanMonths SpanUnit = "months"
)

// Span is a length of time in days or months of the calendar.
type Span struct {
	N    int      `json:"n" validate:"min=0,max=3650"`
	Unit SpanUnit `json:"unit" validate:"oneof=days months"`
}

// after is the day that lies n days or months after day. A month after 31 January is
// the last of February.
func (s Span) after(day time.Time) time.Time {
	if s.Unit != SpanMonths {
		return day.AddDate(0, 0, s.N)
	}
	first := time.Date(day.Year(), day.Month()+time.Month(s.N), 1, 0, 0, 0, 0, day.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}

// QuotesKept is what becomes of approved quotes when the open answers go.
type QuotesKept string

// The things that can become of quotes.
const (
	QuotesInFiles   QuotesKept = "files" // they stay in the files that are frozen, and nowhere else
	QuotesDestroyed QuotesKept = "none"  // the frozen files have none
)

// Retention is how long a programme keeps what it holds. Its zero value: no clock
// was set, and everything is kept until somebody sets one.
type Retention struct {
	Set    bool                        `json:"set,omitempty"`
	Start  string                      `json:"start,omitempty" validate:"omitempty,datetime=2006-01-02"` // day from which spans count; "": the day after the funded period
	Spans  map[RetentionStep]Span      `json:"spans,omitempty" validate:"dive"`
	Quotes QuotesKept                  `json:"quotes,omitempty" validate:"omitempty,oneof=files none"`
	Hold   *RetentionHold              `json:"hold,omitempty"`
	Closed time.Time                   `json:"closed,omitzero"` // since when no answer is taken: the first step began
	Done   map[RetentionStep]time.Time `json:"done,omitempty"`
}

// RetentionHold keeps everything longer than the clock says.
type RetentionHold struct {
	Reason string    `json:"reason" validate:"required,max=500,line"`
	By     AccountID `json:"by"`
	Name   string    `json:"name"` // of By
	Since  time.Time `json:"since"`
	Until  string    `json:"until" validate:"required,datetime=2006-01-02"` // the last day of the hold
}

// DefaultRetention is what is proposed: keys as soon as late answers are settled,
// addresses with them, words when the final report is out, answers after two years.
func DefaultRetention() Retention {
	return Retention{Quotes: QuotesInFiles, Spans: map[RetentionStep]Span{
		StepLinkages: {3, SpanMonths}, StepContacts: {3, SpanMonths}, StepTexts: {12, SpanMonths}, StepAnswers: {24, SpanMonths},
	}}
}

// RetentionStart is the beginning of the day from which the spans count, in the
// programme's zone. false: it has no last day, and none was set by hand.
func (p *Programme) RetentionStart() (time.Time, bool) {
	if day, ok := p.dayStart(p.Retention.Start); ok {
		return day, true
	}
	last, ok := p.dayStart(p.To)
	return last.AddDate(0, 0, 1), ok
}

// dayStart is the beginning of a day in the programme's zone.
func (p *Programme) dayStart(day string) (time.Time, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, p.Location())
	return t, err == nil
}

// RetentionDate is the beginning of the day on which a step is due. false: no clock
// runs. A hold does not change it: see RetentionHeld.
func (p *Programme) RetentionDate(step RetentionStep) (time.Time, bool) {
	start, ok := p.RetentionStart()
	span, planned := p.Retention.Spans[step]
	if !ok || !planned || !p.Retention.Set {
		return time.Time{}, false
	}
	return span.after(start), true
}

// RetentionHeld says until when nothing is destroyed. false: nothing is held at now.
func (p *Programme) RetentionHeld(now time.Time) (time.Time, bool) {
	if p.Retention.Hold == nil {
		return time.Time{}, false
	}
	last, ok := p.dayStart(p.Retention.Hold.Until)
	ends := last.AddDate(0, 0, 1)
	return ends, ok && now.Before(ends)
}

// RetentionDone reports whether a step is over, and since when.
func (p *Programme) RetentionDone(step RetentionStep) (time.Time, bool) {
	at, ok := p.Retention.Done[step]
	return at, ok
}

// RetentionNext is the first step that is not done. false: all are.
func (p *Programme) RetentionNext() (RetentionStep, bool) {
	for _, step := range RetentionSteps() {
		if _, done := p.Retention.Done[step]; !done {
			return step, true
		}
	}
	return "", false
}

// KeysExpire is when the keys of a programme are to be destroyed, for copies of them
// outside the store. false: no clock was set.
func KeysExpire(p Programme) (time.Time, bool) {
	at, ok := p.RetentionDate(StepLinkages)
	if ends, held := p.RetentionHeld(at); ok && held {
		return ends, true
	}
	return at, ok
}

// dates are those of all steps as text, for comparing and for the trail.
func (p *Programme) retentionDates() map[RetentionStep]string {
	dates := map[RetentionStep]string{}
	for _, step := range RetentionSteps() {
		if at, ok := p.RetentionDate(step); ok {
			dates[step] = at.Format(time.DateOnly)
		}
	}
	return dates
}

// keysUntil is KeysExpire for copies of keys outside the store; zero: no clock was set.
func (p Programme) keysUntil() time.Time {
	at, _ := KeysExpire(p)
	return at
}
