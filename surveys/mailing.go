package surveys

import (
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// MailingID names a mailing.
type MailingID string

// Step is one of the letters of a mailing.
type Step string

const (
	StepInvitation   Step = "invitation"
	StepReminder     Step = "reminder"
	StepLastReminder Step = "last_reminder"
)

// Steps lists them in their order.
func Steps() []Step { return []Step{StepInvitation, StepReminder, StepLastReminder} }

// MailingState is where a mailing stands.
type MailingState string

const (
	MailingPlanned MailingState = "planned" // nothing is sent before it is started
	MailingRunning MailingState = "running"
	MailingStopped MailingState = "stopped" // by a person, who can start it again
	MailingEnded   MailingState = "ended"   // its addresses are destroyed; Totals say what there was
)

// Mailing writes to the contacts of one strand about one wave: an invitation, and
// reminders to those who have not answered. There is one for each strand and wave.
type Mailing struct {
	ID        MailingID             `json:"id"`
	Programme ProgrammeID           `json:"programme"`
	Strand    StrandID              `json:"strand" validate:"required"`
	Wave      questionnaire.Wave    `json:"wave" validate:"oneof=pre post follow_up"`
	Texts     map[string]LetterText `json:"texts,omitempty"` // by language; what is blank is the product's own
	At        map[Step]time.Time    `json:"at"`              // when each letter is due; absent: it is not sent
	State     MailingState          `json:"state"`
	Totals    map[Step]int          `json:"totals,omitempty"` // letters delivered, once ended
	Revision  int64                 `json:"revision"`
}

func (m *Mailing) setRevision(n int64) { m.Revision = n }

// LetterText is what the author of a mailing wrote in one language. {{link}},
// {{programme}} and {{closes}} stand for what they say.
type LetterText struct {
	Subject         string `json:"subject,omitempty" validate:"max=200,line"`
	Invitation      string `json:"invitation,omitempty" validate:"max=5000,lines"`
	ReminderSubject string `json:"reminder_subject,omitempty" validate:"max=200,line"`
	Reminder        string `json:"reminder,omitempty" validate:"max=5000,lines"`
}

// Of returns subject and body of a step; "" for the product's own words.
func (t LetterText) Of(step Step) (subject, body string) {
	if step == StepInvitation {
		return t.Subject, t.Invitation
	}
	return t.ReminderSubject, t.Reminder
}

func (t *LetterText) tidy() { tidy(&t.Subject, &t.Invitation, &t.ReminderSubject, &t.Reminder) }

// The places in a letter that are filled in.
const (
	PlaceLink      = "{{link}}"
	PlaceProgramme = "{{programme}}"
	PlaceCloses    = "{{closes}}"
)

// strayPlace is the first {{…}} in text that stands for nothing, or "".
func strayPlace(text string) string {
	text = strings.NewReplacer(PlaceLink, "", PlaceProgramme, "", PlaceCloses, "").Replace(text)
	_, rest, open := strings.Cut(text, "{{")
	inner, _, closed := strings.Cut(rest, "}}")
	switch {
	case open && closed:
		return "{{" + inner + "}}"
	case open:
		return "{{"
	}
	return ""
}

// due is the last step of m whose time has come, and that time.
func (m Mailing) due(now time.Time) (step Step, at time.Time, ok bool) {
	for _, s := range Steps() {
		if t, planned := m.At[s]; planned && !now.Before(t) {
			step, at, ok = s, t, true
		}
	}
	return step, at, ok
}

// LetterState is what became of one letter.
type LetterState string

const (
	LetterClaimed   LetterState = "claimed"   // being sent; for longer than claimLife: uncertain
	LetterDelivered LetterState = "delivered" // the mail server took it
	LetterRefused   LetterState = "refused"   // by the mail server, or by a report that came later
	LetterDeferred  LetterState = "deferred"  // to be tried again at Next
	LetterFailed    LetterState = "failed"    // tried as often as it may be, or not taken as it is
	LetterUncertain LetterState = "uncertain" // the program or the connection ended just then; nobody knows
)

// LetterRecord is one letter of a mailing to one contact. Writing it for the first
// time is the claim: the one instance that can insert it sends the letter.
type LetterRecord struct {
	Mailing  MailingID   `json:"mailing"`
	Contact  ContactID   `json:"contact"`
	Step     Step        `json:"step"`
	Tag      string      `json:"tag"` // names the letter in addresses and in what comes back
	State    LetterState `json:"state"`
	At       time.Time   `json:"at"` // of the claim, then of the last change
	First    time.Time   `json:"first"`
	Tries    int         `json:"tries"`
	Next     time.Time   `json:"next,omitzero"`
	Code     string      `json:"code,omitempty"` // the mail server's, "550 5.1.1"
	Revision int64       `json:"revision"`
}

func (l *LetterRecord) setRevision(n int64) { l.Revision = n }

// claimLife is after how long a claim without an end tells that the program ended
// in the middle.
const claimLife = 15 * time.Minute

// pauses are how long a letter waits that the server did not take for now. After
// the last it is given up; the whole is some three days, as RFC 5321 advises four
// to five.
var pauses = []time.Duration{15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 36 * time.Hour}

// Shown is the state of l at now.
func (l LetterRecord) Shown(now time.Time) LetterState {
	if l.State == LetterClaimed && now.Sub(l.At) > claimLife {
		return LetterUncertain
	}
	return l.State
}

// Reached reports whether l is, or may be, with its reader.
func (l LetterRecord) Reached() bool {
	return l.State == LetterDelivered || l.State == LetterClaimed || l.State == LetterUncertain
}

func letterID(m MailingID, c ContactID, step Step) string {
	return string(m) + "/" + string(c) + "/" + string(step)
}
