package surveys

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// longestHold is how far off a hold may end.
const longestHold = 5 // years

// RetentionAsk is what an administrator sets of a clock.
type RetentionAsk struct {
	Start   string
	Spans   map[RetentionStep]Span
	Quotes  QuotesKept
	Confirm bool   // it is meant, though something is destroyed sooner than it was to be
	Reason  string // why something is kept longer than it was to be
}

// SetRetention sets a programme's clock. What becomes due earlier than it was, or
// within a month of its being set for the first time, has to be confirmed; what becomes
// due later needs a reason, which stands in the trail. The steps that are done stay so.
// KindInvalid with Fields: what is wrong, beside its control ("start", "linkages" …,
// "confirm", "reason").
func (s *Service) SetRetention(ctx context.Context, id ProgrammeID, ask RetentionAsk) (Programme, error) {
	if _, err := require(ctx, id, MayManage); err != nil {
		return Programme{}, err
	}
	tidy(&ask.Start, &ask.Reason)
	what := ""
	p, err := change(ctx, s, recordProgramme, string(id), func(p *Programme) error {
		was := *p
		p.Retention.Set, p.Retention.Start, p.Retention.Quotes = true, ask.Start, ask.Quotes
		p.Retention.Spans = maps.Clone(ask.Spans)
		for step := range was.Retention.Done { // what is over cannot be put off
			p.Retention.Spans[step] = was.Retention.Spans[step]
		}
		if err := s.checkRetention(was, *p, ask); err != nil {
			return err
		}
		what = retentionWhat(was, *p, ask.Reason)
		return nil
	})
	if err != nil {
		return p, err
	}
	return p, s.Audit(ctx, id, "retention.set", what)
}

// checkRetention says all that is wrong with a clock that is to replace another.
func (s *Service) checkRetention(was, is Programme, ask RetentionAsk) error {
	var wrong questionnaire.FieldErrors
	refuse := func(control, key string, args ...any) {
		wrong = append(wrong, questionnaire.FieldError{Control: control, Key: key, Args: args})
	}
	if _, ok := is.dayStart(ask.Start); ask.Start != "" && !ok {
		refuse("start", "retention.start")
		return refuseFields(wrong)
	}
	if _, ok := is.RetentionStart(); !ok {
		refuse("start", "retention.needs_start")
		return refuseFields(wrong)
	}
	for _, step := range RetentionSteps() {
		if span, ok := is.Retention.Spans[step]; !ok || check(span) != nil {
			refuse(string(step), "retention.span")
		}
	}
	if len(wrong) > 0 {
		return refuseFields(wrong)
	}
	refuseOrder(is, refuse)
	s.refuseShift(was, is, ask, refuse)
	if len([]rune(ask.Reason)) > 500 || !plain(ask.Reason, "") {
		refuse("reason", "retention.reason")
	}
	if err := check(is.Retention); err != nil && len(wrong) == 0 {
		return err
	}
	return refuseFields(wrong)
}

// refuseOrder refuses a step that is due before the one that comes before it.
func refuseOrder(p Programme, refuse func(control, key string, args ...any)) {
	var last time.Time
	for _, step := range RetentionSteps() {
		at, _ := p.RetentionDate(step)
		if at.Before(last) {
			refuse(string(step), "retention.order")
		}
		last = at
	}
}

// retentionSoon is how near a step may be before its date has to be confirmed.
const retentionSoon = 31 * 24 * time.Hour

// refuseShift asks for what has to be said about dates that move.
func (s *Service) refuseShift(was, is Programme, ask RetentionAsk, refuse func(control, key string, args ...any)) {
	before, after := was.retentionDates(), is.retentionDates()
	sooner, later := false, false
	for _, step := range RetentionSteps() {
		if _, done := was.Retention.Done[step]; done {
			continue
		}
		at, _ := is.RetentionDate(step)
		moved := before[step] != after[step]
		sooner = sooner || moved && before[step] != "" && after[step] < before[step] || moved && at.Before(s.moment().Add(retentionSoon))
		later = later || before[step] != "" && after[step] > before[step]
	}
	if sooner && !ask.Confirm {
		refuse("confirm", "retention.confirm")
	}
	if later && ask.Reason == "" {
		refuse("reason", "retention.later_needs_reason")
	}
}

// retentionWhat says in the trail which day each step has, what it had, and why.
func retentionWhat(was, is Programme, reason string) string {
	before, after := was.retentionDates(), is.retentionDates()
	var lines []string
	for _, step := range RetentionSteps() {
		line := string(step) + " " + after[step]
		if before[step] != "" && before[step] != after[step] {
			line += " (was " + before[step] + ")"
		}
		lines = append(lines, line)
	}
	text := strings.Join(lines, ", ") + "; quotes " + string(is.Retention.Quotes)
	if reason != "" {
		text += "; because " + reason
	}
	return text
}

// HoldRetention keeps everything longer than the clock says, until the end of a day
// within the next five years. Another hold replaces the one there is.
func (s *Service) HoldRetention(ctx context.Context, id ProgrammeID, reason, until string) (Programme, error) {
	account, err := require(ctx, id, MayManage)
	if err != nil {
		return Programme{}, err
	}
	hold := RetentionHold{Reason: strings.TrimSpace(reason), By: account.ID, Name: account.Name, Since: s.moment(), Until: strings.TrimSpace(until)}
	p, err := change(ctx, s, recordProgramme, string(id), func(p *Programme) error {
		wrong, err := broken(hold)
		if err != nil {
			return err
		}
		if last, ok := p.dayStart(hold.Until); ok && (last.Before(s.moment()) || last.After(s.moment().AddDate(longestHold, 0, 0))) {
			wrong = append(wrong, questionnaire.FieldError{Control: "until", Key: "retention.hold_until", Args: []any{longestHold}})
		}
		p.Retention.Hold = &hold
		return refuseFields(wrong)
	})
	if err != nil {
		return p, err
	}
	return p, s.Audit(ctx, id, "retention.held", fmt.Sprintf("until %s, because %s", hold.Until, hold.Reason))
}

// EndRetentionHold lets the clock go on. What became due meanwhile is destroyed at the
// next round; without a hold nothing changes.
func (s *Service) EndRetentionHold(ctx context.Context, id ProgrammeID) error {
	if _, err := require(ctx, id, MayManage); err != nil {
		return err
	}
	none := errors.New("no hold")
	_, err := change(ctx, s, recordProgramme, string(id), func(p *Programme) error {
		if p.Retention.Hold == nil {
			return none
		}
		p.Retention.Hold = nil
		return nil
	})
	if errors.Is(err, none) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.Audit(ctx, id, "retention.hold_ended", "")
}

// refuseEnded fails with KindClosed once the retention of a programme has begun: what
// came in then could not be paired, and would be kept longer than was promised.
func refuseEnded(p Programme) error {
	if p.Retention.Closed.IsZero() {
		return nil
	}
	return &Error{Kind: KindClosed, Key: "link.closed"}
}

// refuseNew is refuseEnded for what staff add: links, cards, addresses, forms on paper.
func refuseNew(p Programme) error {
	if p.Retention.Closed.IsZero() {
		return nil
	}
	return invalid("", "retention.ended")
}

func (s *Service) refuseNewIn(ctx context.Context, id ProgrammeID) error {
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(id))
	if err != nil {
		return err
	}
	return refuseNew(p)
}
