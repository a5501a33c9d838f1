package surveys

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Alert is a letter to a member of staff: that there is something to do in the
// product, never what. Letters pass through servers of others.
type Alert struct {
	ID        string      // what it is about; an alert with the same id is kept once
	To        AccountID   // whose address is looked up when the letter goes
	Email     string      // instead of To, of somebody who has no account yet
	Subject   string      // one line
	Body      string      // plain text; its link is added behind it
	Path      string      // the page to go to, "/programmes/…": the address of ours is put before it; "": none
	Programme ProgrammeID // "": it is about the whole product
	Created   time.Time   // set when it is kept
}

// alertRecord is an alert and what became of it. Its words are gone once it is
// done: they may hold a one-time link.
type alertRecord struct {
	Alert
	Tag      string    `json:"tag"` // the letter's: sent again, it is known as the same letter
	Done     alertEnd  `json:"done,omitempty"`
	Tries    int       `json:"tries,omitempty"`
	Next     time.Time `json:"next,omitzero"` // before that nobody sends it: it is being sent, or rests
	Code     string    `json:"code,omitempty"`
	Unwanted bool      `json:"unwanted,omitempty"` // no server takes letters for the address: it is shown only
	Revision int64     `json:"-"`
}

func (a *alertRecord) setRevision(n int64) { a.Revision = n }

// alertEnd is how an alert was done with.
type alertEnd string

const (
	alertWaits alertEnd = ""
	alertSent  alertEnd = "sent" // a mail server took it
	alertSeen  alertEnd = "seen" // its reader said so in the product
	alertVain  alertEnd = "vain" // its reader has no account any more
)

// The scopes of alerts: those that wait are few, and found by their scope.
const (
	alertsWaiting = "waiting"
	alertsDone    = "done"
)

// How long an alert is kept: one that is done for as long as somebody may ask for the
// same again, one that waits until nobody can still want it.
const (
	alertDoneLife  = 90 * 24 * time.Hour
	alertWaitsLife = 365 * 24 * time.Hour
)

// alertsEvery is how often is looked for alerts to send.
const alertsEvery = 30 * time.Second

// alertClaim is how long an alert is left to who began to send it. One that was cut
// off in the middle is sent again then: twice is better than never, and the tag tells
// its reader's mail that it is the same.
const alertClaim = 5 * time.Minute

// alertPauses are how long an alert rests that the server did not take; after the last
// it is tried at that rhythm until it is taken or seen.
var alertPauses = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour}

// alert keeps an alert, which is sent as soon as there is a mail server that takes it
// and shown to its reader until then. The same id again changes nothing.
func (s *Service) alert(ctx context.Context, a Alert) error {
	if a.ID == "" || (a.To == "") == (a.Email == "") || !plain(a.Subject, "") {
		return fmt.Errorf("an alert without an id, with no reader or two, or a subject of several lines")
	}
	tag, err := drawSigns(s.random, tagLength)
	if err != nil {
		return err
	}
	a.Created = s.moment()
	err = s.putAlert(ctx, alertRecord{Alert: a, Tag: tag})
	if kindOfNil(err) == KindConflict {
		return nil
	}
	return err
}

// putAlert stores r where its state belongs; its time is when it is forgotten.
func (s *Service) putAlert(ctx context.Context, r alertRecord) error {
	scope, forgotten := alertsWaiting, r.Created.Add(alertWaitsLife)
	if r.Done != alertWaits {
		scope, forgotten = alertsDone, s.moment().Add(alertDoneLife)
		r.Email, r.Subject, r.Body, r.Path = "", "", "", ""
	}
	record, err := encode(recordAlert, r.ID, scope, "", forgotten, r.Revision, r)
	if err != nil {
		return err
	}
	if _, err := s.store.PutRecord(ctx, record); err != nil {
		return fmt.Errorf("keeping an alert: %w", err)
	}
	return nil
}

// Alerts lists what the account that acts was to be written and was not, oldest
// first: there is no mail server, or it has not taken the letter so far.
func (s *Service) Alerts(ctx context.Context) ([]Alert, error) {
	account, ok := AccountFrom(ctx)
	if !ok {
		return nil, &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	all, err := listRecords[alertRecord](ctx, s.store, recordAlert, alertsWaiting)
	if err != nil {
		return nil, err
	}
	var mine []Alert
	for _, r := range all {
		if r.To == account.ID {
			mine = append(mine, r.Alert)
		}
	}
	slices.SortStableFunc(mine, func(a, b Alert) int { return a.Created.Compare(b.Created) })
	return mine, nil
}

// SeenAlert says that the account that acts has seen an alert: it is shown and sent no
// more. KindNotFound for another's.
func (s *Service) SeenAlert(ctx context.Context, id string) error {
	account, ok := AccountFrom(ctx)
	if !ok {
		return &Error{Kind: KindUnauthenticated, Key: "account.sign_in"}
	}
	return s.endAlert(ctx, id, func(r *alertRecord) error {
		if r.To != account.ID {
			return notFound("page.not_found")
		}
		r.Done = alertSeen
		return nil
	})
}

// endAlert changes an alert that waits, and leaves one that is done as it is.
func (s *Service) endAlert(ctx context.Context, id string, edit func(*alertRecord) error) error {
	for range tries {
		r, err := readRecord[alertRecord](ctx, s.store, recordAlert, id)
		if err != nil {
			return orNotFound(err, "page.not_found")
		}
		before := r.Done
		if err := edit(&r); err != nil {
			return err
		}
		if before != alertWaits {
			return nil
		}
		if err := s.putAlert(ctx, r); kindOfNil(err) != KindConflict {
			return err
		}
	}
	return &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// forgetOldAlerts removes alerts that nobody needs any more.
func (s *Service) forgetOldAlerts(ctx context.Context) error {
	_, err := s.store.DeleteRecordsBefore(ctx, recordAlert, s.moment())
	return err
}
