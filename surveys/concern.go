package surveys

import (
	"context"
	"fmt"
	"slices"
	"time"

	"soundings/surveys/concerns"
	"soundings/surveys/questionnaire"
)

// ConcernState is what a lead or a deputy decided about a concern.
type ConcernState string

const (
	ConcernOpen     ConcernState = "open"     // nothing yet, or nothing final
	ConcernKept     ConcernState = "kept"     // dealt with; the answer stays with lead and deputy
	ConcernReleased ConcernState = "released" // dealt with; evaluators may read the answer and use it
)

// Concern is one answer that may be a disclosure, with what was done about it. It
// holds where words were found, never the words: those stay in the response.
type Concern struct {
	ID        string               `json:"id"`
	Programme ProgrammeID          `json:"programme"`
	Strand    StrandID             `json:"strand"`
	Response  ResponseID           `json:"response"`
	Variable  questionnaire.ItemID `json:"variable"`
	Cohort    CohortID             `json:"cohort"`
	Wave      questionnaire.Wave   `json:"wave"`
	Submitted time.Time            `json:"submitted"`
	Label     questionnaire.Text   `json:"label,omitempty"` // the question
	Signs     []concerns.Sign      `json:"signs,omitempty"`
	Rule      questionnaire.Text   `json:"rule,omitempty"` // of a choice: why it was marked
	Choice    bool                 `json:"choice,omitempty"`
	Aside     bool                 `json:"aside,omitempty"` // typed for an item that left the path
	Raised    bool                 `json:"raised,omitempty"`
	Urgency   int                  `json:"urgency"`
	Watch     int                  `json:"watch"`         // the version that marked it last
	Found     time.Time            `json:"found"`         // when it came into the queue, or came back
	Read      time.Time            `json:"read,omitzero"` // when lead or deputy saw it first since
	ReadBy    AccountID            `json:"read_by,omitempty"`
	With      AccountID            `json:"with,omitempty"` // whom it was handed to; "": the lead
	State     ConcernState         `json:"state"`
	Steps     []ConcernStep        `json:"steps,omitempty"` // what was done, oldest first
	Stage     noticeStage          `json:"stage,omitempty"`
	Revision  int64                `json:"-"`
}

func (c *Concern) setRevision(n int64) { c.Revision = n }

// Unread reports whether neither lead nor deputy has seen it.
func (c Concern) Unread() bool { return c.Read.IsZero() }

// ConcernStep is one thing that was done about a concern, by whom and when.
type ConcernStep struct {
	At   time.Time    `json:"at"`
	By   AccountID    `json:"by,omitempty"`
	Name string       `json:"name,omitempty"` // of the account, as it was then
	Kind StepKind     `json:"kind"`
	On   string       `json:"on,omitempty"`   // the day on which it was done: "2026-03-02"
	Note string       `json:"note,omitempty"` // free text; in no trail and no letter
	Then ConcernState `json:"then"`           // how it stood afterwards
}

// StepKind is what kind of thing was done.
type StepKind string

const (
	StepReferred  StepKind = "referred"   // to children's social care, police, a doctor
	StepTalked    StepKind = "talked"     // to the person, or to who knows them
	StepPassed    StepKind = "passed"     // to somebody else: the school's own lead
	StepNoConcern StepKind = "no_concern" // looked at, and there is none
	StepOther     StepKind = "other"

	StepReopened StepKind = "reopened"
	StepHanded   StepKind = "handed" // to the deputy, or back
	StepRaised   StepKind = "raised" // by a reader
	StepAgain    StepKind = "again"  // the answer was changed and was marked anew
)

// StepKinds lists what a lead can choose from.
func StepKinds() []StepKind {
	return []StepKind{StepReferred, StepTalked, StepPassed, StepNoConcern, StepOther}
}

// concernID is the one concern that there is about an answer.
func concernID(response ResponseID, variable questionnaire.ItemID) string {
	return idOf("concern", string(response), string(variable))
}

// The scopes of concerns: the open ones are few, and are found by their scope.
func openConcerns(p ProgrammeID, s StrandID) string   { return strandScope(p, s) + "/open" }
func closedConcerns(p ProgrammeID, s StrandID) string { return strandScope(p, s) + "/closed" }

// putConcern stores c where its state belongs.
func (s *Service) putConcern(ctx context.Context, c Concern) error {
	scope := openConcerns(c.Programme, c.Strand)
	if c.State != ConcernOpen {
		scope = closedConcerns(c.Programme, c.Strand)
	}
	r, err := encode(recordConcern, c.ID, scope, "", c.Submitted, c.Revision, c)
	if err != nil {
		return err
	}
	if _, err := s.store.PutRecord(ctx, r); err != nil {
		return fmt.Errorf("keeping a concern: %w", err)
	}
	return nil
}

// changeConcern replaces a concern by what edit makes of it, which is asked again if
// another write came between. KindNotFound.
func (s *Service) changeConcern(ctx context.Context, id string, edit func(*Concern) error) (Concern, error) {
	for range tries {
		c, err := readRecord[Concern](ctx, s.store, recordConcern, id)
		if err != nil {
			return c, orNotFound(err, "concern.unknown")
		}
		if err := edit(&c); err != nil {
			return c, err
		}
		err = s.putConcern(ctx, c)
		if err == nil {
			c.Revision++
		}
		if kindOfNil(err) != KindConflict {
			return c, err
		}
	}
	return Concern{}, &Error{Kind: KindConflict, Key: "record.changed_meanwhile"}
}

// keepConcern brings what was marked of r into the queue, and reports whether it was
// not there before. What was dealt with comes back only if something else is marked
// now than then: the answer was changed.
func (s *Service) keepConcern(ctx context.Context, r Response, m mark, number int) (isNew bool, err error) {
	c := Concern{
		ID: concernID(r.ID, m.variable), Programme: r.Programme, Strand: r.Strand, Response: r.ID, Variable: m.variable,
		Submitted: r.Submitted, Found: s.moment(), State: ConcernOpen,
	}
	c.take(r, m, number)
	there, err := readRecord[Concern](ctx, s.store, recordConcern, c.ID)
	if err == nil && there.Watch == number && there.same(m) && there.Cohort == r.Cohort && there.Wave == r.Wave {
		return false, nil
	}
	if err != nil && kindOfNil(err) != KindNotFound {
		return false, err
	}
	if err == nil && there.State == ConcernReleased && there.same(m) {
		return false, s.markAgain(ctx, r, m, number)
	}
	err = s.shuttingOut(ctx, c, func() error {
		err := s.putConcern(ctx, c)
		if isNew = err == nil; kindOfNil(err) == KindConflict {
			return s.markAgain(ctx, r, m, number)
		}
		return err
	})
	return isNew, err
}

// markAgain marks a concern that is there.
func (s *Service) markAgain(ctx context.Context, r Response, m mark, number int) error {
	_, err := s.changeConcern(ctx, concernID(r.ID, m.variable), func(c *Concern) error {
		if c.State != ConcernOpen && !c.same(m) {
			c.comesBack(s.moment(), ConcernStep{Kind: StepAgain})
		}
		c.take(r, m, number)
		return nil
	})
	return err
}

// comesBack puts c into the queue again, as unread.
func (c *Concern) comesBack(now time.Time, step ConcernStep) {
	c.State, c.Found, c.Read, c.ReadBy, c.Stage = ConcernOpen, now, time.Time{}, "", stageNew
	step.At, step.Then = now, ConcernOpen
	c.Steps = append(c.Steps, step)
}

// take notes what was marked, and where r belongs now.
func (c *Concern) take(r Response, m mark, number int) {
	c.Cohort, c.Wave, c.Label, c.Signs, c.Rule, c.Choice = r.Cohort, r.Wave, m.label, m.signs, m.rule, m.rule != nil
	c.Aside, c.Urgency, c.Watch = m.aside, m.urgency(), number
}

// same reports whether m marks what was marked before.
func (c *Concern) same(m mark) bool {
	return c.Choice == (m.rule != nil) && slices.Equal(c.Signs, m.signs) && c.Aside == m.aside
}

// shuttingOut does what shuts an answer out. If files may hold it, since it was cleared
// or quoted or stands in rows as a choice does, they are marked before and after: nobody
// gets one of them even if the rest breaks off.
func (s *Service) shuttingOut(ctx context.Context, c Concern, do func() error) error {
	shown := c.Choice
	if !shown {
		reading, err := readRecord[Reading](ctx, s.store, recordReading, readingID(c.Response, c.Variable))
		if err != nil && kindOfNil(err) != KindNotFound {
			return err
		}
		shown = reading.Cleared || reading.Status == QuoteApproved
	}
	if !shown {
		return do()
	}
	if err := s.takenBack(ctx, c.Programme, c.Strand); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if err := s.forgetFrozenQuotes(ctx, c.Programme, c.Strand, c.Response); err != nil {
		return err
	}
	return s.spoilExports(ctx, c.Programme, c.Strand)
}

// concernsFound finds the concerns of a programme, for its retention.
func concernsFound(ctx context.Context, s *Service, p *Programme) (all []found, err error) {
	for _, strand := range p.Strands {
		for _, scope := range []string{openConcerns(p.ID, strand.ID), closedConcerns(p.ID, strand.ID)} {
			more, err := s.inScope(ctx, recordConcern, scope, strand.ID)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	return all, nil
}

// forgetConcernsOf removes what there is about the answers of one response.
func (s *Service) forgetConcernsOf(ctx context.Context, r Response) error {
	in, err := s.Instrument(ctx, r.Questionnaire, r.Version)
	if err != nil {
		return err
	}
	for i := range in.Variables() {
		if err := s.store.DeleteRecord(ctx, recordConcern, concernID(r.ID, in.Variables()[i].ID)); err != nil {
			return fmt.Errorf("removing a concern: %w", err)
		}
	}
	return s.store.DeleteRecord(ctx, recordToRead, string(r.ID))
}
