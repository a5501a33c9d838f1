package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"soundings/surveys/questionnaire"
)

// ApproachID names an approach; it is in no response.
type ApproachID string

// Approach is that somebody asked to be contacted. What they wrote lies sealed, apart
// from every answer. Nothing here leads to a response: not an id, not a time but the
// hour.
type Approach struct {
	ID        ApproachID  `json:"id"`
	Programme ProgrammeID `json:"programme"`
	Strand    StrandID    `json:"strand"`
	Cohort    CohortID    `json:"cohort"`   // whose link they came by, so that somebody there can act
	Language  string      `json:"language"` // BCP 47, of the page
	Hour      time.Time   `json:"hour"`     // in which it was sent
	Sealed    []byte      `json:"sealed"`   // ApproachWords, under the address key
	Told      bool        `json:"told,omitempty"`
	Reminded  bool        `json:"reminded,omitempty"`
	Opened    time.Time   `json:"opened,omitzero"`   // when it was first read
	Closed    time.Time   `json:"closed,omitzero"`   // when it was said to be done
	By        AccountID   `json:"by,omitempty"`      // who said so
	Outcome   []byte      `json:"outcome,omitempty"` // what was done, sealed likewise
	Revision  int64       `json:"-"`
}

func (a *Approach) setRevision(n int64) { a.Revision = n }

// ApproachWords are what somebody wrote who asked to be contacted.
type ApproachWords struct {
	Name  string `json:"name,omitempty" validate:"max=120,line"`    // what to call them
	Reach string `json:"reach" validate:"max=300,lines"`            // how to reach them
	When  string `json:"when,omitempty" validate:"max=200,line"`    // a good time
	Words string `json:"words,omitempty" validate:"max=2000,lines"` // whatever else they want to say
}

// approachesPerNetwork is how many one network may send in the window: a class that
// all asks, three times over.
const approachesPerNetwork = 90

// TakesApproaches reports whether respondents of p may ask to be contacted: the team
// offers it, somebody is there to read it, and what they write can be sealed.
func (s *Service) TakesApproaches(p Programme) bool {
	return p.Safeguarding.Help.Contact && p.Safeguarding.Lead != "" && s.KeepsAddresses()
}

// DrawForm draws what a form is told apart by.
func (s *Service) DrawForm() (string, error) { return s.newID() }

// Approach keeps that somebody who came by the link with this token asks to be
// contacted. form is what the page's form was drawn with: the same words of the same
// form are kept once, however often they are sent. KindNotFound: the programme takes
// none. KindInvalid: see its Fields, "name", "reach", "when", "words". KindThrottled
// by network, see NetworkMark. Whoever asks needs no account, and a link that is
// closed still serves.
func (s *Service) Approach(ctx context.Context, token, network, form, lang string, words ApproachWords) error {
	inv, err := s.Invitation(ctx, token)
	if err != nil {
		return err
	}
	if inv.Test || !s.TakesApproaches(inv.Programme) {
		return notFound("respond.contact_not_offered")
	}
	if err := checkApproach(&words); err != nil {
		return err
	}
	if _, err := s.throttle(ctx, "approach from "+network, approachesPerNetwork); err != nil {
		return err
	}
	if err := s.requireAddressKey(ctx); err != nil {
		return err
	}
	a := Approach{
		Programme: inv.Programme.ID, Strand: inv.Strand.ID, Cohort: inv.Cohort.ID, Language: lang, Hour: s.moment().Truncate(time.Hour),
		ID: ApproachID(keyedHash(s.mail.Key.part("approach"), string(inv.Link.ID), form, words.Name, words.Reach, words.When, words.Words)),
	}
	if a.Sealed, err = s.sealApproach(string(a.ID), words); err != nil {
		return err
	}
	if err = s.putApproach(ctx, a); kindOfNil(err) == KindConflict {
		return nil // it is there
	}
	return err
}

func checkApproach(words *ApproachWords) error {
	tidy(&words.Name, &words.Reach, &words.When, &words.Words)
	wrong, err := broken(*words)
	if err != nil {
		return err
	}
	for i := range wrong {
		wrong[i].Key, wrong[i].Args = "respond.contact_shorter", nil
	}
	if words.Reach == "" {
		wrong = append(wrong, questionnaire.FieldError{Control: "reach", Key: "respond.contact_reach_missing"})
	}
	return refuseFields(wrong)
}

// putApproach stores a at its hour: the time of a record is in no backup finer than
// what it says.
func (s *Service) putApproach(ctx context.Context, a Approach) error {
	r, err := encode(recordApproach, string(a.ID), string(a.Programme), "", a.Hour, a.Revision, a)
	if err != nil {
		return err
	}
	if _, err := s.store.PutRecord(ctx, r); err != nil {
		return fmt.Errorf("keeping an approach: %w", err)
	}
	return nil
}

func (s *Service) sealApproach(owner string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding an approach: %w", err)
	}
	return s.mail.Key.seal(s.random, "approach "+owner, text)
}

// openApproach reads into v what is sealed of one.
func (s *Service) openApproach(owner string, sealed []byte, v any) error {
	if err := s.mayKeepAddresses(); err != nil {
		return err
	}
	text, err := s.mail.Key.open("approach "+owner, sealed)
	if err != nil {
		return &Error{Kind: KindInternal, Key: "mail.another_key", Err: fmt.Errorf("approach: %w", err)}
	}
	return json.Unmarshal(text, v)
}

// ProgrammeOfConcerns returns a programme to who may read its concerns, who may not
// see the rest of it.
func (s *Service) ProgrammeOfConcerns(ctx context.Context, id ProgrammeID) (Programme, error) {
	if _, err := require(ctx, id, MayReadConcerns); err != nil {
		return Programme{}, err
	}
	return readRecord[Programme](ctx, s.store, recordProgramme, string(id))
}

// ApproachLine is one approach as the list shows it: nothing that was written.
type ApproachLine struct {
	ID             ApproachID
	Strand, Cohort string // their names
	Language       string
	Hour           time.Time
	Opened, Closed time.Time
}

// Approaches lists those of a programme, those that wait first, each by its hour. It
// is for the safeguarding lead and the deputy.
func (s *Service) Approaches(ctx context.Context, programme ProgrammeID) ([]ApproachLine, error) {
	p, err := s.ProgrammeOfConcerns(ctx, programme)
	if err != nil {
		return nil, err
	}
	all, err := listRecords[Approach](ctx, s.store, recordApproach, string(programme))
	if err != nil {
		return nil, err
	}
	lines := make([]ApproachLine, len(all))
	for i, a := range all {
		if lines[i], err = s.approachLine(ctx, p, a); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(lines, func(a, b ApproachLine) int { return boolOrder(!a.Closed.IsZero(), !b.Closed.IsZero()) })
	return lines, nil
}

func (s *Service) approachLine(ctx context.Context, p Programme, a Approach) (ApproachLine, error) {
	line := ApproachLine{ID: a.ID, Language: a.Language, Hour: a.Hour, Opened: a.Opened, Closed: a.Closed}
	if strand, ok := p.Strand(a.Strand); ok {
		line.Strand = strand.Title
	}
	c, err := readRecord[Cohort](ctx, s.store, recordCohort, string(a.Cohort))
	if kindOfNil(err) == KindNotFound {
		return line, nil
	}
	line.Cohort = c.Name
	if err == nil && c.Institution != "" {
		var i Institution
		if i, err = readRecord[Institution](ctx, s.store, recordInstitution, string(c.Institution)); err == nil && i.Name != c.Name {
			line.Cohort = i.Name + " · " + c.Name
		}
		if kindOfNil(err) == KindNotFound {
			err = nil
		}
	}
	return line, err
}

// OpenedApproach is one approach with what was written.
type OpenedApproach struct {
	ApproachLine
	ApproachWords
	Outcome string // what was done; "" while nothing was
}

// OpenApproach returns what somebody wrote who asked to be contacted. Each look is in
// the trail, without a word of it. KindNotFound for another programme's.
func (s *Service) OpenApproach(ctx context.Context, programme ProgrammeID, id ApproachID) (OpenedApproach, error) {
	p, err := s.ProgrammeOfConcerns(ctx, programme)
	if err != nil {
		return OpenedApproach{}, err
	}
	if _, err := s.approach(ctx, programme, id); err != nil {
		return OpenedApproach{}, err
	}
	if err := s.Audit(ctx, programme, "approach.read", trailOf(id)); err != nil {
		return OpenedApproach{}, err
	}
	a, err := change(ctx, s, recordApproach, string(id), func(a *Approach) error {
		if a.Opened.IsZero() {
			a.Opened = s.moment()
		}
		return nil
	})
	if err != nil {
		return OpenedApproach{}, orNotFound(err, "approach.not_found")
	}
	return s.opened(ctx, p, a)
}

// trailOf names an approach in a trail.
func trailOf(id ApproachID) string { return string(id[:min(8, len(id))]) }

func (s *Service) opened(ctx context.Context, p Programme, a Approach) (OpenedApproach, error) {
	line, err := s.approachLine(ctx, p, a)
	if err != nil {
		return OpenedApproach{}, err
	}
	one := OpenedApproach{ApproachLine: line}
	if err := s.openApproach(string(a.ID), a.Sealed, &one.ApproachWords); err != nil {
		return one, err
	}
	if len(a.Outcome) > 0 {
		err = s.openApproach(string(a.ID)+" outcome", a.Outcome, &one.Outcome)
	}
	return one, err
}

func (s *Service) approach(ctx context.Context, programme ProgrammeID, id ApproachID) (Approach, error) {
	a, err := readRecord[Approach](ctx, s.store, recordApproach, string(id))
	if err == nil && a.Programme != programme {
		return Approach{}, notFound("approach.not_found")
	}
	return a, orNotFound(err, "approach.not_found")
}

// CloseApproach says what was done for somebody who asked to be contacted. It is
// destroyed ApproachKept after that.
func (s *Service) CloseApproach(ctx context.Context, programme ProgrammeID, id ApproachID, outcome string) error {
	account, err := require(ctx, programme, MayReadConcerns)
	if err != nil {
		return err
	}
	if _, err := s.approach(ctx, programme, id); err != nil {
		return err
	}
	tidy(&outcome)
	if outcome == "" || len([]rune(outcome)) > 2000 || !plain(outcome, "\t\r\n") {
		return invalid("outcome", "approach.outcome")
	}
	sealed, err := s.sealApproach(string(id)+" outcome", outcome)
	if err != nil {
		return err
	}
	_, err = change(ctx, s, recordApproach, string(id), func(a *Approach) error {
		a.Outcome, a.By = sealed, account.ID
		if a.Closed.IsZero() {
			a.Closed = s.moment()
		}
		return nil
	})
	if err != nil {
		return orNotFound(err, "approach.not_found")
	}
	return s.Audit(ctx, programme, "approach.done", trailOf(id))
}
