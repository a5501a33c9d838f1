package surveys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"strings"
	"time"
)

// SendAlerts sends the alerts that are due, and returns how many a mail server took.
// Every instance calls it; one holds the lease. An alert is claimed before it is sent:
// should two send at once, one of them gets it.
func (s *Service) SendAlerts(ctx context.Context) (int, error) {
	if s.mail.Post == nil {
		return 0, nil
	}
	due, err := s.dueAlerts(ctx)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	if mine, err := s.hold(ctx, "alerts"); !mine || err != nil {
		return 0, err
	}
	round, err := s.mail.Post.Open(ctx)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errNoServer, err)
	}
	defer func() { _ = round.Close() }() // what was taken is taken, whatever it says to our goodbye
	return s.sendAlerts(ctx, round, due)
}

// dueAlerts are those that wait and may be sent now.
func (s *Service) dueAlerts(ctx context.Context) ([]alertRecord, error) {
	all, err := listRecords[alertRecord](ctx, s.store, recordAlert, alertsWaiting)
	due := all[:0]
	for _, r := range all {
		if !r.Unwanted && !s.now().Before(r.Next) {
			due = append(due, r)
		}
	}
	return due, err
}

func (s *Service) sendAlerts(ctx context.Context, round Round, due []alertRecord) (int, error) {
	sent, held := 0, s.moment().Truncate(leaseSlot)
	var failed error
	for _, r := range due {
		if slot := s.moment().Truncate(leaseSlot); !slot.Equal(held) {
			mine, err := s.hold(ctx, "alerts")
			if !mine || err != nil {
				return sent, errors.Join(failed, err)
			}
			held = slot
		}
		outcome, err := s.sendAlert(ctx, round, r)
		failed = errors.Join(failed, err)
		if outcome == Delivered {
			sent++
		}
		if outcome == Lost || outcome == Unknown || ctx.Err() != nil {
			break // the next look connects anew
		}
	}
	return sent, failed
}

// sendAlert claims one alert, sends it and writes down what became of it. "": it was
// another's to send, or nobody's any more.
func (s *Service) sendAlert(ctx context.Context, round Round, r alertRecord) (Outcome, error) {
	to, name, err := s.readerOf(ctx, r.Alert)
	if err != nil {
		return "", err
	}
	if to == "" {
		return "", s.endAlert(ctx, r.ID, func(r *alertRecord) error { r.Done = alertVain; return nil })
	}
	r.Next, r.Tries = s.moment().Add(alertClaim), r.Tries+1
	if err := s.putAlert(ctx, r); err != nil {
		if kind := kindOfNil(err); kind == KindConflict || kind == KindNotFound {
			return "", nil
		}
		return "", err
	}
	delivery := round.Deliver(ctx, s.letterOf(r, to, name))
	// What became of it must be written down even if the program is told to end now.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err = s.endAlert(ctx, r.ID, func(r *alertRecord) error { r.settle(delivery, s.moment()); return nil })
	if kindOfNil(err) == KindNotFound { // forgotten meanwhile
		err = nil
	}
	return delivery.Outcome, err
}

// readerOf is the address of an alert's reader, "" if there is nobody any more.
func (s *Service) readerOf(ctx context.Context, a Alert) (address, name string, err error) {
	if a.Email != "" {
		return a.Email, "", nil
	}
	account, err := readRecord[Account](ctx, s.store, recordAccount, string(a.To))
	if kindOfNil(err) == KindNotFound {
		return "", "", nil
	}
	return account.Email, account.Name, err
}

// settle writes down what a mail server said of an alert.
func (r *alertRecord) settle(d Delivery, now time.Time) {
	r.Code = d.Code
	switch d.Outcome {
	case Delivered:
		r.Done = alertSent
	case Refused:
		r.Unwanted = true
	case Lost: // the server's trouble, not this letter's: it does not count as a try
		r.Tries--
		r.Next = now.Add(alertsEvery)
	default: // Deferred, Rejected, and Unknown: better twice than never
		r.Next = now.Add(alertPauses[min(max(r.Tries, 1), len(alertPauses))-1])
	}
}

// letterOf puts an alert into a letter.
func (s *Service) letterOf(r alertRecord, to, name string) Letter {
	paragraphs := strings.Split(strings.ReplaceAll(strings.TrimSpace(r.Body), "\r\n", "\n"), "\n\n")
	link := ""
	if r.Path != "" && s.mail.Base != "" {
		link = s.mail.Base + r.Path
	}
	text, page := "", ""
	for _, p := range paragraphs {
		text += p + "\n\n"
		page += "<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>\n"
	}
	if link != "" {
		text += link + "\n\n"
		page += fmt.Sprintf("<p><a href=\"%[1]s\">%[1]s</a></p>\n", html.EscapeString(link))
	}
	return Letter{
		To: to, Name: name, Tag: r.Tag, Written: r.Created, Language: "en", Subject: cmp.Or(r.Subject, "Something waits for you"),
		Text: strings.TrimSuffix(text, "\n"), HTML: "<!DOCTYPE html>\n<html lang=\"en\"><body>\n" + page + "</body></html>\n",
	}
}

// SendsAlerts reports whether there is a mail server that takes them.
func (s *Service) SendsAlerts() bool { return s.mail.Post != nil }
