package surveys

import (
	"context"
	"time"

	"soundings/surveys/questionnaire"
)

// StepCount is what became of the letters of one step.
type StepCount struct {
	Step        Step
	First, Last time.Time // of what was done about them; zero: nothing yet
	States      map[LetterState]int
}

// MailingLog says of each step of a mailing what became of its letters, and when.
func (s *Service) MailingLog(ctx context.Context, m Mailing) ([]StepCount, error) {
	if _, err := require(ctx, m.Programme, MayRunLinks); err != nil {
		return nil, err
	}
	letters, err := listRecords[LetterRecord](ctx, s.store, recordLetter, string(m.ID))
	if err != nil {
		return nil, err
	}
	var log []StepCount
	for _, step := range Steps() {
		if _, planned := m.At[step]; !planned {
			continue
		}
		row := StepCount{Step: step, States: map[LetterState]int{}}
		for _, l := range letters {
			if l.Step != step {
				continue
			}
			row.States[l.Shown(s.now())]++
			if row.First.IsZero() || l.First.Before(row.First) {
				row.First = l.First
			}
			if l.At.After(row.Last) {
				row.Last = l.At
			}
		}
		log = append(log, row)
	}
	return log, nil
}

// MailingCount is how far a mailing is with one cohort.
type MailingCount struct {
	Cohort                                            CohortID
	Contacts, Invited, Answered, Reminded             int
	Unsubscribed, Bounced, Waiting, Uncertain, Failed int
	Open                                              bool // the cohort has a link that takes answers
}

// MailingCounts counts a mailing by cohort, in the order in which cohorts come up
// among its contacts. A contact who answered counts as answered whatever else holds.
func (s *Service) MailingCounts(ctx context.Context, m Mailing) ([]MailingCount, error) {
	if _, err := require(ctx, m.Programme, MayRunLinks); err != nil {
		return nil, err
	}
	contacts, err := listRecords[Contact](ctx, s.store, recordContact, string(m.Programme))
	if err != nil {
		return nil, err
	}
	letters, err := listRecords[LetterRecord](ctx, s.store, recordLetter, string(m.ID))
	if err != nil {
		return nil, err
	}
	links, err := s.mailingLinks(ctx, m)
	if err != nil {
		return nil, err
	}
	byContact := map[ContactID][]LetterRecord{}
	for _, l := range letters {
		byContact[l.Contact] = append(byContact[l.Contact], l)
	}
	var rows []MailingCount
	at := map[CohortID]int{}
	for _, c := range contacts {
		if c.Strand != m.Strand {
			continue
		}
		i, there := at[c.Cohort]
		if !there {
			i = len(rows)
			link, made := links[c.Cohort]
			rows, at[c.Cohort] = append(rows, MailingCount{Cohort: c.Cohort, Open: made && link.State(s.now()) == "open"}), i
		}
		rows[i].add(c, byContact[c.ID], m.Wave, s.now())
	}
	return rows, nil
}

func (n *MailingCount) add(c Contact, letters []LetterRecord, wave questionnaire.Wave, now time.Time) {
	count := func(counter *int, holds bool) {
		if holds {
			*counter++
		}
	}
	var invited, reminded, waiting, uncertain, failed bool
	for _, l := range letters {
		state := l.Shown(now)
		invited = invited || l.Step == StepInvitation && l.Reached()
		reminded = reminded || l.Step != StepInvitation && l.Reached()
		waiting = waiting || state == LetterDeferred
		uncertain = uncertain || state == LetterUncertain
		failed = failed || state == LetterFailed
	}
	n.Contacts++
	count(&n.Invited, invited)
	count(&n.Reminded, reminded)
	count(&n.Answered, c.Answered(wave))
	count(&n.Unsubscribed, c.Stopped)
	count(&n.Bounced, c.Bounced != "")
	count(&n.Waiting, waiting)
	count(&n.Uncertain, uncertain)
	count(&n.Failed, failed)
}
