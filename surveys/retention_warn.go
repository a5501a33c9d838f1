package surveys

import (
	"context"
	"fmt"
	"time"
)

// RetentionWarnings are how many days before a step administrators are warned of it.
func RetentionWarnings() []int { return []int{30, 7, 1} }

// RetentionWarning is that a step is near.
type RetentionWarning struct {
	Step RetentionStep
	At   time.Time // when it is due
	Days int       // which of RetentionWarnings it is
}

// RetentionWarning is the warning that holds at now, of the next step of p. false: none
// is near, or everything is held for longer.
func (p *Programme) RetentionWarning(now time.Time) (RetentionWarning, bool) {
	step, more := p.RetentionNext()
	at, ok := p.RetentionDate(step)
	if ends, held := p.RetentionHeld(now); held && ends.After(at) {
		at = ends
	}
	if !more || !ok || !now.Before(at) {
		return RetentionWarning{}, false
	}
	warned := RetentionWarning{Step: step, At: at}
	for _, days := range RetentionWarnings() {
		if !now.Before(at.AddDate(0, 0, -days)) {
			warned.Days = days
		}
	}
	return warned, warned.Days > 0
}

// warnRetention writes to a programme's administrators what is near, once for each
// number of days. The letter says that something is to be looked at, and where.
func (s *Service) warnRetention(ctx context.Context, p Programme) error {
	warning, near := p.RetentionWarning(s.moment())
	if !near {
		return nil
	}
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	if err != nil {
		return err
	}
	day := warning.At.In(p.Location()).Format(time.DateOnly)
	for _, a := range accounts {
		if !a.administers(p.ID) {
			continue
		}
		err := s.alert(ctx, Alert{
			ID: fmt.Sprintf("retention/%s/%s/%s/%d/%s", p.ID, warning.Step, day, warning.Days, a.ID),
			To: a.ID, Programme: p.ID, Path: "/programmes/" + string(p.ID) + "/retention",
			Subject: p.Name + ": a retention date is near",
			Body:    "On " + day + " something that a programme holds will be destroyed, as its retention says. Please look whether that is right: it can be put off until then, and not brought back after.",
		})
		if err != nil {
			return err
		}
	}
	return nil
}
