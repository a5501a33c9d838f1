package surveys

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// noticeStage is how far people were told of a concern that nobody has read.
type noticeStage int

const (
	stageNew       noticeStage = iota // nobody was
	stageTold                         // lead and deputy were
	stageReminded                     // once more, after a working day
	stageEscalated                    // and the administrators, after another
)

const (
	noticesEvery = time.Minute
	noticePause  = time.Hour // between two letters of one sort about one programme
)

// noticesSent is when lead and deputy of a programme were written to last, by stage.
type noticesSent struct {
	Last     map[noticeStage]time.Time `json:"last"`
	Letters  int                       `json:"letters"` // numbers them: a letter is sent once
	Revision int64                     `json:"-"`
}

func (n *noticesSent) setRevision(r int64) { n.Revision = r }

// letterWords are the words of a notice: what there is to do, never what was said.
type letterWords struct{ subject, body string }

var (
	newLetter = letterWords{"Something waits for the safeguarding lead",
		"In the programme “%s” something waits for the safeguarding lead and the deputy to be read.\n\nThis letter does not say what it is. Please sign in and look."}
	reminderLetter = letterWords{"Still unread: something waits for the safeguarding lead",
		"In the programme “%s” something waits for the safeguarding lead and the deputy, and nobody has read it for a working day.\n\nThis letter does not say what it is. Please sign in and look."}
	escalationLetter = letterWords{"Nobody has read what waits for the safeguarding lead",
		"In the programme “%s” something waits for the safeguarding lead and the deputy, and nobody has read it for two working days.\n\nPlease make sure that the lead or the deputy looks, or appoint somebody else."}
	handedLetter = letterWords{"Something was handed to you",
		"In the programme “%s” a safeguarding matter was handed to you.\n\nThis letter does not say what it is. Please sign in and look."}
)

// concernAlert is a letter about a programme's concerns to one account.
func concernAlert(p Programme, to AccountID, about string, words letterWords) Alert {
	return Alert{
		ID: "concern/" + string(p.ID) + "/" + string(to) + "/" + about, To: to, Programme: p.ID,
		Subject: p.Name + ": " + words.subject, Body: fmt.Sprintf(words.body, p.Name), Path: "/programmes/" + string(p.ID) + "/concerns",
	}
}

// SendNotices tells lead and deputy that concerns wait which nobody has read: soon
// after they came, in one letter an hour at most; again when a working day has passed;
// after another the deputy and the programme's administrators too.
func (s *Service) SendNotices(ctx context.Context) error {
	programmes, err := s.cared(ctx)
	if err != nil || len(programmes) == 0 {
		return err
	}
	for _, p := range programmes {
		if p.Safeguarding.NoLetters {
			continue
		}
		if mine, err := s.hold(ctx, "notices"); !mine || err != nil {
			return err
		}
		if err := s.noticesOf(ctx, p); err != nil {
			return fmt.Errorf("notices of programme %s: %w", p.ID, err)
		}
	}
	return nil
}

func (s *Service) noticesOf(ctx context.Context, p Programme) error {
	all, err := s.concernsOf(ctx, p, openConcerns)
	if err != nil {
		return err
	}
	due := map[noticeStage][]Concern{}
	for _, c := range all {
		if stage, is := c.due(p, s.now()); is {
			due[stage] = append(due[stage], c)
		}
	}
	for _, stage := range []noticeStage{stageEscalated, stageReminded, stageTold} {
		if len(due[stage]) > 0 {
			if err := s.notice(ctx, p, stage, due[stage]); err != nil {
				return err
			}
		}
	}
	return nil
}

// due is the stage that c has reached and nobody was told of.
func (c Concern) due(p Programme, now time.Time) (noticeStage, bool) {
	if !c.Unread() {
		return 0, false
	}
	reached := stageTold
	for stage, days := range map[noticeStage]int{stageReminded: 1, stageEscalated: 2} {
		if stage > reached && !now.Before(p.Safeguarding.AfterWorkingDays(c.Found, p.Location(), days)) {
			reached = stage
		}
	}
	return reached, reached > c.Stage
}

// notice writes one letter about some concerns to everybody whom it is for, unless one
// of this sort went within the hour: then they wait for the next.
func (s *Service) notice(ctx context.Context, p Programme, stage noticeStage, about []Concern) error {
	sent, err := readRecord[noticesSent](ctx, s.store, recordNotified, string(p.ID))
	if err != nil && kindOfNil(err) != KindNotFound {
		return err
	}
	if s.now().Sub(sent.Last[stage]) < noticePause {
		return nil
	}
	to, words, err := s.readersOf(ctx, p, stage)
	if err != nil {
		return err
	}
	for _, id := range to { // the number is the same until it is written down that they went
		if err := s.alert(ctx, concernAlert(p, id, strconv.Itoa(sent.Letters+1), words)); err != nil {
			return err
		}
	}
	last := map[noticeStage]time.Time{stage: s.moment()}
	for other, at := range sent.Last {
		if other != stage {
			last[other] = at
		}
	}
	if _, err := s.put(ctx, recordNotified, string(p.ID), string(p.ID), "", sent.Revision, noticesSent{Last: last, Letters: sent.Letters + 1}); err != nil {
		return orNil(err, KindConflict) // another instance wrote the same letter
	}
	for _, c := range about {
		_, err := s.changeConcern(ctx, c.ID, func(c *Concern) error { c.Stage = max(c.Stage, stage); return nil })
		if err != nil && kindOfNil(err) != KindNotFound {
			return err
		}
	}
	return s.Audit(WithAccount(ctx, Account{}), p.ID, "concern.notice_sent", fmt.Sprint(len(about)))
}

// readersOf are those whom a notice is for.
func (s *Service) readersOf(ctx context.Context, p Programme, stage noticeStage) ([]AccountID, letterWords, error) {
	to := p.Safeguarding.people()
	switch stage {
	case stageTold:
		return to, newLetter, nil
	case stageReminded:
		return to, reminderLetter, nil
	}
	accounts, err := listRecords[Account](ctx, s.store, recordAccount, "")
	for _, a := range accounts {
		if a.administers(p.ID) && !slices.Contains(to, a.ID) {
			to = append(to, a.ID)
		}
	}
	return to, escalationLetter, err
}
