package surveys

import (
	"context"
	"fmt"
	"time"
)

// ApproachKept is how long an approach stays after it was said to be done, so that
// somebody who asks what became of it finds an answer.
const ApproachKept = 30 * 24 * time.Hour

// approachLife is how long one stays that nobody says is done.
const approachLife = 365 * 24 * time.Hour

// approachesLookedAfter is how often is looked for new ones. Its readers are written to
// in its rhythm and not at the moment of sending, which would say which response came
// just before.
const approachesLookedAfter = 5 * time.Minute

// lookAfterApproaches tells the readers of approaches that there is one, once more if
// nobody has opened it after a working day of the programme, and destroys those whose time is over.
func (s *Service) lookAfterApproaches(ctx context.Context) error {
	all, err := listRecords[Approach](ctx, s.store, recordApproach, "*")
	if err != nil {
		return err
	}
	programmes := map[ProgrammeID]Programme{}
	for _, a := range all {
		p, ok := programmes[a.Programme]
		if !ok {
			if p, err = readRecord[Programme](ctx, s.store, recordProgramme, string(a.Programme)); err != nil && kindOfNil(err) != KindNotFound {
				return err
			}
			programmes[a.Programme] = p
		}
		if err := s.lookAfter(ctx, p, a); err != nil {
			return fmt.Errorf("looking after an approach: %w", err)
		}
	}
	return nil
}

func (s *Service) lookAfter(ctx context.Context, p Programme, a Approach) error {
	now := s.moment()
	switch {
	case p.ID == "", // its programme was deleted
		!a.Closed.IsZero() && !now.Before(a.Closed.Add(ApproachKept)), !now.Before(a.Hour.Add(approachLife)):
		return s.store.DeleteRecord(ctx, recordApproach, string(a.ID))
	case p.Safeguarding.Lead == "" && p.Safeguarding.Deputy == "":
		return nil // whoever is named next is told
	case !a.Told && a.Closed.IsZero(): // of one that is done already there is nothing to say
		return s.tellOfApproach(ctx, p, a, "", func(a *Approach) { a.Told = true })
	case !a.Reminded && a.Opened.IsZero() && a.Closed.IsZero() && !now.Before(p.Safeguarding.AfterWorkingDays(a.Hour, p.Location(), 1)):
		return s.tellOfApproach(ctx, p, a, "again", func(a *Approach) { a.Reminded = true })
	}
	return nil
}

// tellOfApproach writes to the lead and the deputy, and notes that it did: broken off
// between, it is done again, and an alert with the same id is sent once.
func (s *Service) tellOfApproach(ctx context.Context, p Programme, a Approach, which string, note func(*Approach)) error {
	for _, to := range []AccountID{p.Safeguarding.Lead, p.Safeguarding.Deputy} {
		if to == "" {
			continue
		}
		alert := Alert{
			ID: "approach/" + string(a.ID) + "/" + string(to) + "/" + which, To: to, Programme: p.ID, Path: "/programmes/" + string(p.ID) + "/approaches",
			Subject: p.Name + ": somebody asks to be contacted",
			Body:    "Somebody who was given a form of " + p.Name + " asks to be contacted. Please sign in and look.",
		}
		if which != "" {
			alert.Subject = p.Name + ": nobody has looked yet"
			alert.Body = "Somebody asked to be contacted a working day ago or longer, and nobody has opened it. Please sign in and look."
		}
		if err := s.alert(ctx, alert); err != nil {
			return err
		}
	}
	_, err := change(ctx, s, recordApproach, string(a.ID), func(a *Approach) error { note(a); return nil })
	if kindOfNil(err) == KindNotFound {
		return nil
	}
	return err
}
